"""Extracts for other authorities: proposed line by line, approved by the network chair, issued in numbered copies.

What is approved is the very words that were proposed; what is recorded afterwards is not in them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.db.references import unused_reference
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.networks.checks import check_may_change, check_stands
from meetings_app.networks.extract_lines import ExtractLine
from meetings_app.networks.models import Subject
from meetings_app.networks.record_models import Extract, ExtractChild, ExtractCopy
from meetings_app.networks.states import ExtractState
from meetings_app.permissions import Actor, Permission


def propose(
    session: Session, by: Actor, now: datetime, subject: Subject, authority: Any, lines: Sequence[ExtractLine],
    purpose: str,
) -> Extract:  # fmt: skip
    """Propose what another authority is told; `authority` is a row of `borders.authorities_of`, `lines` the words.

    For whoever works on the subject. Raises `RuleBroken` for `authority`, `purpose` or `lines`, `NotFound`.
    """
    check_may_change(session, by, subject)
    check_stands(subject)
    if not authority.contact:
        raise RuleBroken("authority", "Record first whom to reach at this authority")
    if not purpose.strip():
        raise RuleBroken("purpose", "Enter what the other authority needs it for")
    if not lines:
        raise RuleBroken("lines", "Choose at least one thing to share")
    extract = Extract(
        reference=unused_reference(session, col(Extract.reference), "NX"), subject_id=subject.key,
        authority_id=authority.id, authority=authority.authority, reader=authority.contact, purpose=purpose.strip(),
        contents=[{"label": line.label, "text": line.text} for line in lines], proposed_at=now,
        proposed_by_id=by.account_id,
    )  # fmt: skip
    session.add(extract)
    session.flush()
    named = sorted({line.child_id for line in lines if line.child_id is not None})
    session.add_all(ExtractChild(extract_id=extract.key, child_id=child) for child in named)
    session.flush()
    record(session, by, now, EventKind.EXTRACT_PROPOSED, extract=extract.reference, subject=subject.reference)
    return extract


def decide(
    session: Session, by: Actor, now: datetime, extract: Extract, version: int, state: ExtractState, reason: str
) -> None:
    """Approve the extract, or say why not. For the network chair, and never for whoever proposed it.

    Raises `RuleBroken` for `state` or `reason`, `Conflict` where it was decided meanwhile, `NotFound` for others.
    """
    if not by.may(Permission.DECIDE_NETWORKS):
        raise NotFound
    if extract.version != version or extract.state is not ExtractState.PROPOSED:
        raise Conflict("Somebody else has decided on this extract.", theirs=extract.decision_reason)
    if extract.proposed_by_id == by.account_id:
        raise RuleBroken("state", "Somebody else than who proposed it decides on an extract")
    if state is ExtractState.PROPOSED:
        raise RuleBroken("state", "Choose what happens to the extract")
    if state is ExtractState.REFUSED and not reason.strip():
        raise RuleBroken("reason", "Enter why it is not approved")
    extract.state, extract.decision_reason = state, reason.strip()
    extract.decided_at, extract.decided_by_id = now, by.account_id
    session.flush()
    record(session, by, now, EventKind.EXTRACT_DECIDED, extract=extract.reference, state=state.value)


def issue(
    session: Session, by: Actor, now: datetime, subject: Subject, extract: Extract, version: int, reader: str
) -> ExtractCopy:
    """Issue the next numbered copy of an approved extract to somebody at the other authority.

    For whoever works on the subject and sees the extract. Raises `RuleBroken` for `reader`, `Conflict` where it is
    not approved or somebody issued a copy since `version`, `NotFound` for whoever may not.
    """
    check_may_change(session, by, subject)
    if extract.state is not ExtractState.APPROVED:
        raise Conflict("This extract is not approved.")
    if extract.version != version:
        raise Conflict("Somebody else has issued a copy meanwhile. Look at the copies again.")
    if not reader.strip():
        raise RuleBroken("reader", "Enter who gets this copy")
    copies = select(sa.func.count(col(ExtractCopy.id))).where(col(ExtractCopy.extract_id) == extract.key)
    number = (session.scalar(copies) or 0) + 1
    copy = ExtractCopy(
        extract_id=extract.key, number=number, reader=reader.strip(), at=now, by_id=by.account_id
    )  # fmt: skip
    session.add(copy)
    flag_modified(extract, "state")
    session.flush()
    record(session, by, now, EventKind.EXTRACT_ISSUED, extract=extract.reference, number=number)
    return copy


def _to_approve(by: Actor) -> list[sa.ColumnElement[bool]]:
    others = col(Extract.proposed_by_id).is_distinct_from(by.account_id)
    return [col(Extract.state) == ExtractState.PROPOSED, others]


def waiting_for(by: Actor) -> sa.ScalarSelect[int]:
    """Give how many wait for the person's decision, as a piece of a statement."""
    return select(sa.func.count(col(Extract.id))).where(*_to_approve(by)).scalar_subquery()


def extracts(session: Session, by: Actor, *, to_approve: bool = False, subject_id: int | None = None) -> Sequence[Any]:
    """Give the extracts that the person may see, newest first; or those that wait for their decision, oldest first."""
    statement: Any = (
        select(
            col(Extract.reference), col(Extract.authority), col(Extract.state), col(Extract.proposed_at),
            col(Account.name).label("by"), col(Subject.reference).label("subject"), col(Subject.name),
        )
        .join(Subject, col(Subject.id) == col(Extract.subject_id))
        .outerjoin(Account, col(Account.id) == col(Extract.proposed_by_id))
    )  # fmt: skip
    if to_approve:
        statement = statement.where(*_to_approve(by))
    if subject_id is not None:
        statement = statement.where(col(Extract.subject_id) == subject_id)
    order = col(Extract.id) if to_approve else col(Extract.id).desc()
    return session.execute(statement.order_by(order).limit(200)).all()


def find_extract(session: Session, reference: str) -> Extract | None:
    """Give one extract, or None where there is none or the person may not see it."""
    return session.scalars(select(Extract).where(col(Extract.reference) == reference.strip().upper())).first()


def copies_of(session: Session, extract_id: int) -> Sequence[Any]:
    """Give the copies that were issued, by number, with who issued each."""
    statement: Any = (
        select(col(ExtractCopy.number), col(ExtractCopy.reader), col(ExtractCopy.at), col(Account.name).label("by"))
        .outerjoin(Account, col(Account.id) == col(ExtractCopy.by_id))
        .where(col(ExtractCopy.extract_id) == extract_id)
    )
    return session.execute(statement.order_by(col(ExtractCopy.number))).all()


def children_named(session: Session, extract_id: int) -> list[int]:
    """Give the ids of the children of the county whom an extract names, for the trail."""
    return sorted(session.scalars(select(col(ExtractChild.child_id)).where(col(ExtractChild.extract_id) == extract_id)))
