"""Publishing an agenda: its numbers freeze, its members are told, and whoever comes later follows as a late item."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.cse_list.homing import lock_homes
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.meetings.agenda import AgendaSection, Draft, draft
from meetings_app.meetings.drafting import draft_of, is_anybody_else_concerned, situation_of
from meetings_app.meetings.item_scope import whole_agenda
from meetings_app.meetings.models import AgendaItem, ItemDecision, Stage
from meetings_app.meetings.overriding import go_on_despite
from meetings_app.meetings.publishing_checks import checks_of
from meetings_app.meetings.queries import stored_items
from meetings_app.meetings.reasons import Reason, ReasonCode
from meetings_app.meetings.sections import DraftItem, SectionKey
from meetings_app.notices.service import queue
from meetings_app.notices.templates import NoticeKind
from meetings_app.partnership.definitions import MeetingDefinition, Partnership
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.checks import lock as lock
from meetings_app.schedule.invites import values_of
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import invited_who_may
from meetings_app.schedule.rules import check_move

BEFORE_PUBLISHING = (MeetingState.PLANNED, MeetingState.ANNOUNCED)


def agenda_of(session: Session, meeting: Meeting, configuration: Partnership, now: datetime) -> Draft:
    """Give the agenda as it stands: the draft until it is published, from then on what was published."""
    if meeting.state in BEFORE_PUBLISHING:
        return draft_of(session, meeting, configuration, now)
    return published_agenda(configuration.rmm, meeting, stored_items(session, meeting.key))


def published_agenda(definition: MeetingDefinition, meeting: Meeting, items: Sequence[DraftItem]) -> Draft:
    """Put what was published under the headings of the agenda; the numbers are those that were frozen."""
    needed, available, sections = 0, meeting.minutes, []
    of_section: defaultdict[str, list[DraftItem]] = defaultdict(list)
    for item in items:
        of_section[item.section].append(item)
    for number, section in enumerate(definition.sections, 1):
        shown = []
        for item in of_section[section.key]:
            needed += item.minutes
            shown.append(item if needed <= available else item._replace(fits=False))
        sections.append(AgendaSection(section.key, section.title, number, tuple(shown)))
    return Draft(tuple(sections), needed, available, ())


def publish(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, version: int, despite: str = ""
) -> int:
    """Publish the agenda as it is drafted now; gives the number of items. Whoever may read it gets a notice.

    For whoever prepares agendas of the area; `despite` is why, where `publishing_checks` points something out. Raises
    `Conflict` where the meeting changed since `version`, `DomainError` for a meeting that is not announced,
    `RuleBroken` for `despite`.
    """
    check_may_prepare(by, meeting)
    lock(session, meeting)
    if meeting.version != version:
        raise Conflict("Somebody else changed this meeting while your page was open. Look at it again.")
    check_move(meeting.state, MeetingState.PUBLISHED)
    lock_homes(session, [meeting.area_id] if meeting.area_id is not None else [])
    # Whoever publishes may be kept from a child by a conflict of interest; the child is heard all the same.
    with whole_agenda(session):
        items = draft_of(session, meeting, office.partnership, now).items
    go_on_despite(
        session, by, now, meeting, Stage.AGENDA, checks_of(session, office, meeting, items), despite
    )  # fmt: skip
    for place, item in enumerate(items, 1):
        _store(session, now, meeting, item, place)
    meeting.state, meeting.published_at = MeetingState.PUBLISHED, now
    session.flush()
    for person in invited_who_may(session, meeting, Permission.SEE_AGENDA):
        queue(
            session, now, kind=NoticeKind.AGENDA_PUBLISHED, recipient=person,
            dedupe_key=f"agenda:{meeting.calendar_uid}:{person.key}",
            order_key=f"agenda:{meeting.calendar_uid}:{person.key}",
            values={**values_of(meeting, office), "link": f"{office.link(meeting.reference)}/agenda"},
            meeting_reference=meeting.reference,
        )  # fmt: skip
    record(session, by, now, EventKind.AGENDA_PUBLISHED, meeting=meeting.reference, items=len(items))
    return len(items)


def arrived_since(
    session: Session, meeting: Meeting, there: Collection[int], configuration: Partnership, now: datetime
) -> list[DraftItem]:
    """Give whoever is due now but not `there`, among the children of the published agenda.

    The chair decides whether they become late items.
    """
    if meeting.state not in (MeetingState.PUBLISHED, MeetingState.IN_PROGRESS):
        return []
    # Most often nobody is, and that is one question instead of a dozen.
    if not is_anybody_else_concerned(session, meeting, there, configuration, now):
        return []
    situation = situation_of(session, meeting, configuration, now)
    others = [facts for child_id, facts in situation.children.items() if child_id not in there]
    return list(draft(others, situation.meeting, situation.following_on, configuration).items)


def add_late_item(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, child: Child, reason: str
) -> AgendaItem:
    """Put a child on a published agenda as a late item, with the next free number; no other number shifts.

    For chairs and coordinators of the area. Raises `RuleBroken` for `reason`, `DomainError` for a child who is on the
    agenda already or lives in another area.
    """
    check_may_prepare(by, meeting)
    lock(session, meeting)
    if meeting.state not in (MeetingState.PUBLISHED, MeetingState.IN_PROGRESS):
        raise DomainError("Late items can be added once the agenda is published and until the meeting is closed.")
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the child is added to the agenda")
    if child.area_id != meeting.area_id:
        raise RuleBroken("child", "This child belongs to another area’s meeting")
    lock_homes(session, [child.area_id])
    with whole_agenda(session):
        present = stored_items(session, meeting.key)
    if any(item.child_id == child.key for item in present):
        raise DomainError("This child is on the agenda already.")
    section = _late_section(office.partnership.rmm)
    place = sum(1 for item in present if item.section == section.key) + 1
    reasons = (*_reasons_now(session, meeting, office, now, child), Reason(ReasonCode.ADDED_BY_HAND, reason.strip()))
    entry = live_entry(session, child.key)
    minutes = office.partnership.rmm.item_minutes
    stored = _store(
        session, now, meeting,
        DraftItem(
            child_id=child.key, child=child.reference, section=section.key, late=True, reasons=reasons,
            minutes=minutes.review if entry else minutes.new_referral,
            rating=entry.current_rating if entry else None, number=f"{section.number}.{place}",
        ),
        len(present) + 1,
    )  # fmt: skip
    record(session, by, now, EventKind.LATE_ITEM_ADDED, child.key, meeting=meeting.reference, number=stored.number)
    return stored


def check_may_prepare(by: Actor, meeting: Meeting) -> None:
    """Raise `NotFound` for whoever does not prepare agendas of the meeting's area."""
    if meeting.area_id is None or not by.may(Permission.PREPARE_AGENDA, meeting.area_id):
        raise NotFound


def _reasons_now(session: Session, meeting: Meeting, office: Office, now: datetime, child: Child) -> tuple[Reason, ...]:
    situation = situation_of(session, meeting, office.partnership, now)
    facts = situation.children.get(child.key)
    if facts is None:
        return ()
    items = draft([facts], situation.meeting, situation.following_on, office.partnership).items
    return items[0].reasons if items else ()


def _store(session: Session, now: datetime, meeting: Meeting, item: DraftItem, place: int) -> AgendaItem:
    stored = AgendaItem(
        meeting_id=meeting.key, child_id=item.child_id, area_id=meeting.area_id or 0, section=item.section,
        number=item.number, place=place, minutes=item.minutes, late=item.late, rating_before=item.rating,
        reasons=[{"code": reason.code.value, "text": reason.text, "late": reason.late} for reason in item.reasons],
    )  # fmt: skip
    session.add(stored)
    session.flush()
    session.add(ItemDecision(item_id=stored.key, changed_at=now))
    return stored


def _late_section(definition: MeetingDefinition) -> AgendaSection:
    number, section = next(
        (number, section)
        for number, section in enumerate(definition.sections, 1)
        if section.key == SectionKey.LATE_ITEMS
    )
    return AgendaSection(section.key, section.title, number, ())
