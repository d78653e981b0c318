"""Changes in circumstances that came after a child had left the list: no agenda hears them, so a person decides.

What a child left behind went to the other authority with the child; what is reported later would come to nobody. It is
answered once: the child is referred again, the other authority is told, or a chair says why nothing follows.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.children.service import check_may
from meetings_app.cse_list.models import Departure, DepartureState, ListEntry
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.permissions import Actor, Permission
from meetings_app.referrals.models import ChangeAnswer, ChangeAnswerKind, ChangeInCircumstances, Referral, ReferralState
from meetings_app.referrals.rules import OPEN
from meetings_app.referrals.service import ReferralDetails, make_referral
from meetings_app.schedule.office import Office


def unanswered(*columns: Any) -> Select[Any]:
    """Ask for the changes reported since their child left by transfer or death, unheard and unanswered.

    One whose child waits through a referral is left out: the RMM that hears the referral hears the change as well.
    """
    return (
        select(*columns)
        .select_from(ChangeInCircumstances)
        .join(Child, col(Child.id) == col(ChangeInCircumstances.child_id))
        .join(Departure, col(Departure.child_id) == col(ChangeInCircumstances.child_id))
        .where(
            col(ChangeInCircumstances.heard_at_meeting_id).is_(None), has_left(),
            col(ChangeInCircumstances.reported_at) > col(Departure.agreed_at), ~_is_answered(), ~_waits(),
        )
    )  # fmt: skip


def has_left() -> ColumnElement[bool]:
    """Say that the departure of the statement is how its child left the list, and that no stay came after it."""
    later = sa.exists().where(
        col(ListEntry.child_id) == col(Departure.child_id), col(ListEntry.id) > col(Departure.entry_id)
    )
    return sa.and_(col(Departure.state) == DepartureState.LEFT, ~later)


def _is_answered() -> ColumnElement[bool]:
    return sa.exists().where(col(ChangeAnswer.change_id) == col(ChangeInCircumstances.id))


def _waits() -> ColumnElement[bool]:
    waiting = (*OPEN, ReferralState.ACCEPTED)
    return sa.exists().where(
        col(Referral.child_id) == col(ChangeInCircumstances.child_id), col(Referral.state).in_(waiting)
    )


def find_unanswered(session: Session, child_id: int, change_id: int) -> Any | None:
    """Give one such change of a child, with the way by which the child left, or None."""
    wanted = unanswered(
        col(ChangeInCircumstances.id), col(ChangeInCircumstances.kind), col(ChangeInCircumstances.happened_on),
        col(ChangeInCircumstances.reported_at), col(ChangeInCircumstances.text),
        col(Departure.kind).label("way"), col(Departure.authority), col(Departure.contact), col(Departure.left_on),
    )  # fmt: skip
    return session.execute(
        wanted.where(col(ChangeInCircumstances.child_id) == child_id, col(ChangeInCircumstances.id) == change_id)
    ).first()


def is_departed(session: Session, child_id: int) -> bool:
    """Say whether a child left by transfer, death or as a duplicate, and no stay came after it."""
    return (
        session.execute(select(col(Departure.id)).where(col(Departure.child_id) == child_id, has_left())).first()
        is not None
    )


def answer_change(
    session: Session, by: Actor, now: datetime, office: Office, child: Child, change_id: int, kind: ChangeAnswerKind,
    text: str,
) -> ChangeAnswer:  # fmt: skip
    """Decide what follows from a change about a child who has left: kept as it was said, and never changed.

    For coordinators and chairs of the child's area; only a chair decides that nothing follows, as of a referral (SUR).
    Raises `RuleBroken` for `text`, `DomainError` where it was answered, `NotFound` for whoever may not.
    """
    permission = Permission.REFUSE_REFERRAL if kind is ChangeAnswerKind.NO_FURTHER_ACTION else Permission.TRIAGE
    check_may(session, by, permission, child.key)
    change = session.get(ChangeInCircumstances, change_id, with_for_update=True, populate_existing=True)
    if change is None or change.child_id != child.key:
        raise NotFound
    if find_unanswered(session, child.key, change_id) is None:
        raise DomainError("Somebody has decided on this change already, or an RMM hears it.")
    if not text.strip():
        raise RuleBroken("text", _MISSING[kind])
    if kind is ChangeAnswerKind.REFERRED_AGAIN:
        said = ReferralDetails(by.agency_id or 0, by.name, f"{text.strip()}\n\n{change.text}")
        make_referral(session, by, now, office, child, said)
    answer = ChangeAnswer(change_id=change_id, kind=kind, text=text.strip(), at=now, by_id=by.account_id)
    session.add(answer)
    session.flush()
    record(session, by, now, EventKind.CHANGE_ANSWERED, child.key, answer=kind.value)
    return answer


_MISSING = {
    ChangeAnswerKind.REFERRED_AGAIN: "Enter why the child is referred again",
    ChangeAnswerKind.PASSED_ON: "Enter whom you told at the other authority, and when",
    ChangeAnswerKind.NO_FURTHER_ACTION: "Enter why nothing follows from it",
}
