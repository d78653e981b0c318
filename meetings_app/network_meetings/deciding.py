"""Recording what the network meeting decides on an item: changed freely until the meeting closes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import Conflict
from meetings_app.meetings.live_models import NetworkLiveField
from meetings_app.meetings.network_models import NetworkDecision, NetworkItem, NetworkOutcome
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import check_in_progress
from meetings_app.network_meetings import actions
from meetings_app.network_meetings.deferrals import deferred_in_a_row
from meetings_app.network_meetings.items import decision_of
from meetings_app.network_meetings.presence import missing_of, room_of
from meetings_app.network_meetings.publishing import check_may_hold
from meetings_app.network_meetings.rules import Choice, Standing, check_outcome
from meetings_app.network_meetings.settling import unsettled
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office

TEXTS = ("discussion", "about_suspects", "rationale", "put_off_reason")


@dataclass(frozen=True)
class Decided:
    """What the meeting says and decides; `known_id` is the network a referral adds to."""

    outcome: NetworkOutcome | None = None
    discussion: str = ""
    about_suspects: str = ""
    rationale: str = ""
    network_name: str = ""
    known_id: int | None = None
    put_off_reason: str = ""


def record_decision(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, item: NetworkItem, version: int,
    said: Decided,
) -> None:  # fmt: skip
    """Record what is said and decided on an item; without an outcome the text alone is kept.

    For the network chair while the meeting is held. Raises `RuleBroken` beside a field, `Conflict` with both texts
    where somebody saved since `version`, `DomainError`, `NotFound`.
    """
    check_may_hold(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    row = decision_of(session, item)
    if row.version != version:
        theirs, ours = ("\n\n".join(getattr(each, name) for name in TEXTS) for each in (row, said))
        raise Conflict("Somebody else saved this item first.", theirs=theirs, ours=ours)
    check(session, office, meeting, item, said)
    for name in (*TEXTS, "network_name"):
        setattr(row, name, getattr(said, name).strip())
    row.outcome, row.known_id = said.outcome, said.known_id
    row.changed_at, row.changed_by_id = now, by.account_id
    session.flush()
    record(session, by, now, EventKind.DECISION_RECORDED, number=item.number, meeting=meeting.reference)


def check(session: Session, office: Office, meeting: Meeting, item: NetworkItem, said: Decided) -> None:
    """Raise `RuleBroken` where a decision breaks a rule with the room and the actions as they are now."""
    closes = said.outcome is NetworkOutcome.CLOSED
    deferring = said.outcome is NetworkOutcome.DEFERRED
    standing = Standing(
        item.referral_id is not None, missing_of(session, office, room_of(session, meeting, item)),
        tuple(action.reference for action in actions.open_about(session, item)) if item.subject_id else (),
        len(unsettled(session, item, decision_of(session, item))) if closes else 0,
        deferred_in_a_row(session, meeting, item.subject_id, item.referral_id) if deferring else 0,
        office.partnership.ratings.deferral.maximum,
    )  # fmt: skip
    check_outcome(
        Choice(said.outcome.value) if said.outcome else None, standing, rationale=said.rationale,
        name=said.network_name, known=said.known_id is not None, put_off_reason=said.put_off_reason,
    )  # fmt: skip


def stored(row: NetworkDecision) -> Decided:
    """Give what is kept of an item as it was said."""
    return Decided(
        row.outcome, row.discussion, row.about_suspects, row.rationale, row.network_name, row.known_id,
        row.put_off_reason,
    )  # fmt: skip


def unsaved(session: Session, meeting: Meeting) -> set[int]:
    """Give the ids of the items on which something is typed that no button has saved. To be called past the scope."""
    statement = (
        select(col(NetworkLiveField.item_id))
        .join(NetworkItem, col(NetworkItem.id) == col(NetworkLiveField.item_id))
        .where(col(NetworkItem.meeting_id) == meeting.key, col(NetworkLiveField.recorded).is_(False))
    )
    return set(session.scalars(statement))


def undecided(session: Session, meeting: Meeting) -> list[NetworkItem]:
    """Give the items on which nothing is decided. To be called past the actor’s scope."""
    statement = (
        select(NetworkItem)
        .join(NetworkDecision, col(NetworkDecision.item_id) == col(NetworkItem.id))
        .where(col(NetworkItem.meeting_id) == meeting.key, col(NetworkDecision.outcome).is_(None))
    )
    return list(session.scalars(statement.order_by(col(NetworkItem.place))))
