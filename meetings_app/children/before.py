"""What was recorded of a child before it was changed: kept in words, so that no word of the record is lost.

It stands beside the child and is seen by who sees the whole record. The audit trail tells the names of the facts alone,
for it holds no personal data.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency, Area, School
from meetings_app.children.models import Child, ChildBefore, ChildFact, YesNoUnknown
from meetings_app.permissions import Actor
from meetings_app.text import day_in_words

COLUMNS: Mapping[str, ChildFact] = {
    "name": ChildFact.NAME,
    "born": ChildFact.BORN,
    "area_id": ChildFact.AREA,
    "external_reference": ChildFact.EXTERNAL_REFERENCE,
    "gender": ChildFact.GENDER,
    "ethnicity": ChildFact.ETHNICITY,
    "school_id": ChildFact.SCHOOL,
    "school_name": ChildFact.SCHOOL,
    "learning_disability": ChildFact.LEARNING_DISABILITY,
    "looked_after": ChildFact.LOOKED_AFTER,
    "legal_status": ChildFact.LEGAL_STATUS,
    "lead_professional_id": ChildFact.LEAD_PROFESSIONAL,
    "lead_professional_name": ChildFact.LEAD_PROFESSIONAL,
}
LABELS: Mapping[ChildFact, str] = {
    ChildFact.NAME: "Name",
    ChildFact.BORN: "Date of birth",
    ChildFact.AREA: "Area",
    ChildFact.EXTERNAL_REFERENCE: "Reference in the other system",
    ChildFact.GENDER: "Gender",
    ChildFact.ETHNICITY: "Ethnicity",
    ChildFact.SCHOOL: "School",
    ChildFact.LEARNING_DISABILITY: "Learning disability",
    ChildFact.LOOKED_AFTER: "Looked after",
    ChildFact.LEGAL_STATUS: "Legal status",
    ChildFact.LEAD_PROFESSIONAL: "Lead professional",
    ChildFact.LEAD_AGENCY: "Lead agency",
}
_ANSWERS = {YesNoUnknown.YES: "Yes", YesNoUnknown.NO: "No", YesNoUnknown.UNKNOWN: "Not known"}


def keep_before(session: Session, by: Actor, now: datetime, child: Child, changing: Collection[str]) -> None:
    """Keep what the columns `changing` of a child say now, in words; the caller changes them afterwards.

    What was not given leaves nothing to keep. The caller has asked whether `by` may change the child.
    """
    for fact in sorted({COLUMNS[column] for column in changing}):
        _keep(session, by, now, child.key, fact, _value(session, child, fact))


def keep_lead_agency(session: Session, by: Actor, now: datetime, child_id: int, agency_id: int | None) -> None:
    """Keep which agency was the lead agency until now; none leaves nothing to keep."""
    _keep(session, by, now, child_id, ChildFact.LEAD_AGENCY, _name(session, Agency, agency_id))


def _keep(session: Session, by: Actor, now: datetime, child_id: int, fact: ChildFact, value: str) -> None:
    if value:
        session.add(
            ChildBefore(child_id=child_id, fact=fact, value=value, changed_at=now, changed_by_id=by.account_id)
        )  # fmt: skip


def _value(session: Session, child: Child, fact: ChildFact) -> str:
    if fact is ChildFact.SCHOOL:
        return ", ".join(filter(None, (_name(session, School, child.school_id), child.school_name)))
    if fact is ChildFact.LEAD_PROFESSIONAL:
        return _name(session, Account, child.lead_professional_id) or child.lead_professional_name
    if fact is ChildFact.AREA:
        return _name(session, Area, child.area_id)
    if fact is ChildFact.BORN:
        return day_in_words(child.born)
    value = getattr(child, fact.value)
    return _ANSWERS[value] if isinstance(value, YesNoUnknown) else value or ""


def _name(session: Session, model: type[Any], key: int | None) -> str:
    found = session.get(model, key) if key is not None else None
    return str(found.name) if found is not None else ""


# Built once, for every child’s page sends it.
_BEFORE: Any = (
    select(
        col(ChildBefore.fact), col(ChildBefore.value), col(ChildBefore.changed_at),
        col(Account.name).label("changed_by"),
    )
    .outerjoin(Account, col(Account.id) == col(ChildBefore.changed_by_id))
    .where(col(ChildBefore.child_id) == bindparam("child"))
    .order_by(col(ChildBefore.id).desc())
)  # fmt: skip


def recorded_before(session: Session, child_id: int) -> Sequence[Any]:
    """Give what was recorded of a child before each change, newest first: fact, value, until when, changed by whom."""
    return session.execute(_BEFORE, {"child": child_id}).all()
