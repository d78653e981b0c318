"""Preparing the agenda of a network meeting: changed by hand with a reason, then published; its numbers freeze."""

from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.meetings.models import AdjustmentKind
from meetings_app.meetings.network_models import NetworkAdjustment, NetworkDecision, NetworkItem
from meetings_app.meetings.publishing import BEFORE_PUBLISHING, lock
from meetings_app.network_meetings.agenda import LATE, Draft, DraftItem, arrived_since, late_number
from meetings_app.network_meetings.deferrals import deferred_in_a_row
from meetings_app.network_meetings.drafting import draft_of
from meetings_app.network_meetings.facts import Code, Reason
from meetings_app.network_meetings.items import kept_reason, stored_items
from meetings_app.networks.models import NetworkReferral, Subject
from meetings_app.networks.states import SubjectState
from meetings_app.notices.service import queue
from meetings_app.notices.templates import NoticeKind
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.invites import values_of
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import invited_who_may
from meetings_app.schedule.rules import check_move

TAKES_LATE = (MeetingState.PUBLISHED, MeetingState.IN_PROGRESS)


def check_may_hold(by: Actor, meeting: Meeting) -> None:
    """Raise `NotFound` unless this is a network meeting and the person is its chair (police; SG)."""
    if meeting.type is not MeetingType.NETWORK or not by.may(Permission.DECIDE_NETWORKS):
        raise NotFound


def add_by_hand(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, subject: Subject, reason: str
) -> None:
    """Put a subject on the agenda with a reason: on the draft, or once it is published as a late item.

    For the network chair. Raises `RuleBroken` for `reason` or `subject`, `DomainError` once the meeting is closed.
    """
    check_may_hold(by, meeting)
    lock(session, meeting)
    _check_reason(reason, "Enter why it is added to the agenda")
    if subject.state is not SubjectState.OPEN or subject.merged_into_id is not None:
        raise RuleBroken("subject", "This record is closed, or points to another one. Open it again first")
    if meeting.state in BEFORE_PUBLISHING:
        _adjust(session, by, now, meeting, AdjustmentKind.ADDED, reason, subject_id=subject.key)
        return
    if meeting.state not in TAKES_LATE:
        raise DomainError("Nothing can be added to the agenda of a meeting that is over.")
    present = stored_items(session, meeting)
    if any(item.subject_id == subject.key for item in present):
        raise RuleBroken("subject", "This is on the agenda already")
    due = arrived_since(draft_of(session, office, meeting, now), present)
    found = next((item for item in due if item.subject_id == subject.key), None)
    reasons = (*(found.reasons if found else ()), Reason(Code.ADDED_BY_HAND, reason.strip(), True, (subject.key,)))
    minutes = office.partnership.network.item_minutes.review
    item = DraftItem(
        subject.reference, LATE, minutes, reasons, subject.key, parts=found.parts if found else (), late=True,
        number=late_number(office.partnership.network.sections, present),
    )  # fmt: skip
    _store(session, now, meeting, item, len(present) + 1)
    record(session, by, now, EventKind.LATE_ITEM_ADDED, meeting=meeting.reference, number=item.number)


def add_referral_late(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, referral: NetworkReferral
) -> None:
    """Put a referral that came after publishing on the agenda as a late item. Raises `DomainError`, `NotFound`."""
    check_may_hold(by, meeting)
    lock(session, meeting)
    present = stored_items(session, meeting)
    due = arrived_since(draft_of(session, office, meeting, now), present)
    found = next((item for item in due if item.referral_id == referral.key), None)
    if meeting.state not in TAKES_LATE or found is None:
        raise DomainError("This referral is on the agenda already, or waits for no decision.")
    number = late_number(office.partnership.network.sections, present)
    late = DraftItem(
        referral.reference, LATE, found.minutes, found.reasons, referral_id=referral.key, late=True, number=number
    )
    _store(session, now, meeting, late, len(present) + 1)
    record(session, by, now, EventKind.LATE_ITEM_ADDED, meeting=meeting.reference, number=number)


def defer_by_hand(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, subject_id: int | None,
    referral_id: int | None, reason: str,
) -> None:  # fmt: skip
    """Take something off the draft; the next network meeting hears of it.

    Not more often than an RMM may defer a child, by hand and in the room together (our default). Raises `RuleBroken`
    for `reason`.
    """
    check_may_hold(by, meeting)
    lock(session, meeting)
    _check_reason(reason, "Enter why it is deferred")
    times = deferred_in_a_row(session, meeting, subject_id, referral_id)
    if times >= office.partnership.ratings.deferral.maximum:
        raise RuleBroken("reason", f"This was deferred from {times} meetings in a row. This meeting hears it now")
    if meeting.state not in BEFORE_PUBLISHING:
        raise DomainError("The agenda is published. Say at the item that it is deferred, or not reached.")
    _adjust(session, by, now, meeting, AdjustmentKind.DEFERRED, reason, subject_id=subject_id, referral_id=referral_id)


def move(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, item: DraftItem, place: int,
    reason: str,
) -> None:  # fmt: skip
    """Give an item of the draft another place in its section, counted from 1; those it passes give way.

    For the network chair, who prepares the agenda (SG). Raises `RuleBroken` for `place` or `reason`, `DomainError`
    once the agenda is published, `NotFound`.
    """
    check_may_hold(by, meeting)
    lock(session, meeting)
    _check_reason(reason, "Enter why it is moved")
    if meeting.state not in BEFORE_PUBLISHING:
        raise DomainError("The agenda is published: its items and their numbers no longer change.")
    order = list(items_beside(draft_of(session, office, meeting, now), item))
    here = next((number for number, each in enumerate(order) if each.key == item.key), None)
    if here is None:
        raise DomainError("This is on the agenda no longer. Look at it again.")
    if not 1 <= place <= len(order) or place == here + 1:
        raise RuleBroken("place", "Choose another place in its section")
    order.insert(place - 1, order.pop(here))
    for number, each in enumerate(order, 1):
        why = reason.strip() if each.key == item.key else each.moved.reason if each.moved else ""
        _move(session, by, now, meeting, each, number, why)
    session.flush()
    record(session, by, now, EventKind.AGENDA_ADJUSTED, meeting=meeting.reference, adjustment="moved")


def items_beside(draft: Draft, item: DraftItem) -> tuple[DraftItem, ...]:
    """Give the items of the section in which an item stands, in their order."""
    return next((each.items for each in draft.sections if each.key == item.section), ())


def _move(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: DraftItem, place: int, reason: str
) -> None:
    session.add(
        NetworkAdjustment(
            meeting_id=meeting.key, subject_id=item.subject_id, referral_id=item.referral_id,
            kind=AdjustmentKind.MOVED, reason=reason, place=place, made_at=now, made_by_id=by.account_id,
        )
    )  # fmt: skip


def publish(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, version: int) -> int:
    """Publish the agenda as it is drafted now, whole; gives the number of items. Whoever may read it gets a notice.

    For the network chair. Raises `Conflict` where the meeting changed since `version`, `DomainError` for a meeting
    that is not announced.
    """
    check_may_hold(by, meeting)
    lock(session, meeting)
    if meeting.version != version:
        raise Conflict("Somebody else changed this meeting while your page was open. Look at it again.")
    check_move(meeting.state, MeetingState.PUBLISHED)
    items = draft_of(session, office, meeting, now).items
    for place, item in enumerate(items, 1):
        _store(session, now, meeting, item, place)
    meeting.state, meeting.published_at = MeetingState.PUBLISHED, now
    session.flush()
    for person in invited_who_may(session, meeting, Permission.SEE_NETWORKS):
        queue(
            session, now, kind=NoticeKind.AGENDA_PUBLISHED, recipient=person,
            dedupe_key=f"agenda:{meeting.calendar_uid}:{person.key}",
            order_key=f"agenda:{meeting.calendar_uid}:{person.key}",
            values={**values_of(meeting, office), "link": office.network_link(meeting.reference)},
            meeting_reference=meeting.reference,
        )  # fmt: skip
    record(session, by, now, EventKind.AGENDA_PUBLISHED, meeting=meeting.reference, items=len(items))
    return len(items)


def _adjust(
    session: Session, by: Actor, now: datetime, meeting: Meeting, kind: AdjustmentKind, reason: str, *,
    subject_id: int | None = None, referral_id: int | None = None,
) -> None:  # fmt: skip
    session.add(
        NetworkAdjustment(
            meeting_id=meeting.key, subject_id=subject_id, referral_id=referral_id, kind=kind, reason=reason.strip(),
            made_at=now, made_by_id=by.account_id,
        )
    )  # fmt: skip
    session.flush()
    record(session, by, now, EventKind.AGENDA_ADJUSTED, meeting=meeting.reference, adjustment=kind.value)


def _store(session: Session, now: datetime, meeting: Meeting, item: DraftItem, place: int) -> NetworkItem:
    stored = NetworkItem(
        meeting_id=meeting.key, subject_id=item.subject_id, referral_id=item.referral_id, section=item.section,
        number=item.number, place=place, minutes=item.minutes, late=item.late, parts=list(item.parts),
        reasons=[kept_reason(reason) for reason in item.reasons],
    )  # fmt: skip
    session.add(stored)
    session.flush()
    session.add(NetworkDecision(item_id=stored.key, changed_at=now))
    session.flush()
    return stored


def _check_reason(reason: str, missing: str) -> None:
    if not reason.strip():
        raise RuleBroken("reason", missing)
