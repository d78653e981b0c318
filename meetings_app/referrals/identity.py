"""Whom a referral is about: a new record where the referrer sees none, and the coordinator's word on who is the same.

A referrer must not learn that a record exists which they may not see. So a referral always succeeds; what looks
like a hidden record is kept as a possible duplicate, for the coordinator.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, column, select, table
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child, PossibleDuplicate, Resolution
from meetings_app.children.service import ChildDetails, create_child, store_possible_duplicate
from meetings_app.cse_list.homing import lock_homes
from meetings_app.cse_list.service import is_listed
from meetings_app.db.session import unscoped
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.permissions import Actor
from meetings_app.referrals import rules
from meetings_app.referrals.models import Referral
from meetings_app.referrals.moving import bring_along
from meetings_app.referrals.service import ReferralDetails, make_referral
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.office import Office

# The agenda is decided on above this layer, so its table is named here and its model not imported.
_ITEMS = table("agenda_item", column("meeting_id", Integer), column("child_id", Integer))

SAME_REFERENCE = "the same reference in the other system"


def refer_new_child(
    session: Session, by: Actor, now: datetime, office: Office, child: ChildDetails, details: ReferralDetails
) -> Referral:
    """Create a child's record and refer the child. The caller has searched and shown what `by` may see.

    Raises `RuleBroken` for a field of either; for `external_reference` only where `by` sees who has it.
    """
    holder = _hidden_holder(session, child)
    created = create_child(session, by, now, replace(child, external_reference=None) if holder else child)
    if holder is not None and holder not in _paired(session, created.key):
        store_possible_duplicate(session, now, created.key, holder, SAME_REFERENCE)
    return make_referral(session, by, now, office, created, details)


def say_same_child(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    referral: Referral,
    version: int,
    other: str,
    reason: str,
) -> Child:
    """Say that the referral is about the child `other` (a reference): it moves to that record, with all beside it.

    Both records are kept; the one made for the referral points to the other. Gives the record that counts now, which
    may lie in another area. Raises `NotFound`, `Conflict`, `RuleBroken` for `reason`, `DomainError` for a child on
    the list, whom only an RMM takes off, and for one on a published agenda whose meeting is not closed.
    """
    pair, merged, kept = _compared(session, by, referral, version, other, reason)
    while kept.merged_into_id is not None:
        kept = _child(session, kept.merged_into_id)
    # A meeting that closes at this moment may list either of them.
    lock_homes(session, (merged.area_id, kept.area_id))
    rules.check_may_be_merged(listed=is_listed(session, merged.key), into_itself=kept.key == merged.key)
    refuse_while_on_an_agenda(session, (merged.key, kept.key))
    _resolve(pair, by, now, Resolution.SAME, reason)
    merged.merged_into_id = kept.key
    bring_along(session, now, office, merged, kept)
    session.flush()
    for child in (merged, kept):
        record(session, by, now, EventKind.CHILDREN_COMPARED, child.key, resolution=Resolution.SAME.value)
    return kept


def say_different_child(
    session: Session, by: Actor, now: datetime, referral: Referral, version: int, other: str, reason: str
) -> None:
    """Say that the referral is not about the child `other` (a reference). Raises as `say_same_child` does."""
    pair, one, another = _compared(session, by, referral, version, other, reason)
    _resolve(pair, by, now, Resolution.DIFFERENT, reason)
    session.flush()
    for child in (one, another):
        record(session, by, now, EventKind.CHILDREN_COMPARED, child.key, resolution=Resolution.DIFFERENT.value)


def _hidden_holder(session: Session, child: ChildDetails) -> int | None:
    """Give the id of a child whom the person may not see and who has this reference already, or None."""
    if not child.external_reference:
        return None
    statement = select(col(Child.id)).where(col(Child.external_reference) == child.external_reference)
    if session.execute(statement).first() is not None:
        return None
    return session.execute(statement.execution_options(**unscoped())).scalar()


def _paired(session: Session, child_id: int) -> set[int]:
    statement = select(col(PossibleDuplicate.other_id)).where(col(PossibleDuplicate.child_id) == child_id)
    return set(session.scalars(statement.execution_options(**unscoped())))


def _compared(
    session: Session, by: Actor, referral: Referral, version: int, other: str, reason: str
) -> tuple[PossibleDuplicate, Child, Child]:
    """Give the open pair, the record of the referral and the other one, for whoever triages the area."""
    if not rules.may_decide(by, referral.area_id):
        raise NotFound
    session.refresh(referral, with_for_update=True)
    if referral.version != version:
        raise Conflict(
            "Somebody else changed this referral after you opened it. Your answer was not saved.",
            field="reason", theirs=referral.decision_reason, ours=reason,
        )  # fmt: skip
    if referral.state not in rules.OPEN:
        raise DomainError("This referral is decided. Say at the next RMM that the two are one child.")
    if not reason.strip():
        raise RuleBroken("reason", "Enter how you know")
    own = _child(session, referral.child_id)
    # The other record may lie in another area: a child is once in the county.
    another = session.scalars(
        select(Child).where(col(Child.reference) == other).execution_options(**unscoped())
    ).one_or_none()
    pair = _pair(session, own.key, another.key) if another is not None else None
    if another is None or pair is None:
        raise NotFound
    return pair, own, another


def _child(session: Session, child_id: int) -> Child:
    return session.scalars(select(Child).where(col(Child.id) == child_id).execution_options(**unscoped())).one()


def _pair(session: Session, one: int, another: int) -> PossibleDuplicate | None:
    wanted = {one, another}
    statement = select(PossibleDuplicate).where(
        col(PossibleDuplicate.child_id).in_(wanted),
        col(PossibleDuplicate.other_id).in_(wanted),
        col(PossibleDuplicate.resolution).is_(None),
    )
    return session.scalars(statement.execution_options(**unscoped())).one_or_none()


def _resolve(pair: PossibleDuplicate, by: Actor, now: datetime, resolution: Resolution, reason: str) -> None:
    pair.resolution, pair.resolution_reason = resolution, reason.strip()
    pair.resolved_at, pair.resolved_by_id = now, by.account_id


def refuse_while_on_an_agenda(session: Session, child_ids: Collection[int]) -> None:
    """Raise `DomainError` while one of these records stands on a published agenda whose meeting is not closed.

    What that meeting decides takes effect on the record it was published with. Looked up past the actor's scope.
    """
    found: Any = session.execute(
        select(col(Child.reference), col(Meeting.reference).label("meeting"))
        .join(_ITEMS, _ITEMS.c.child_id == col(Child.id))
        .join(Meeting, col(Meeting.id) == _ITEMS.c.meeting_id)
        .where(
            col(Child.id).in_(child_ids),
            col(Meeting.state).in_((MeetingState.PUBLISHED, MeetingState.IN_PROGRESS)),
        )
        .order_by(col(Meeting.held_on), col(Meeting.id))
        .execution_options(**unscoped())
    ).first()
    if found is not None:
        raise DomainError(
            f"{found.reference} is on the agenda of {found.meeting}, which is not closed yet. "
            "Say that the two are one child after that meeting."
        )
