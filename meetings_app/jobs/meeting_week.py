"""What the clock does around each meeting: asks agencies, says that the agenda is drafted or waits, sends lists.

Each looks at a stretch of days and not at one, so that a scheduler that was down makes up what it missed; and each is
written once for a meeting and a person, whatever runs it again (`domain.md`, "RMM: one week").
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionState
from meetings_app.before_meeting.replies import replies_of
from meetings_app.clock import london_date
from meetings_app.errors import DomainError
from meetings_app.jobs.people import everybody, prepares, tell_of_meeting
from meetings_app.meetings.drafting import cut_off_moment, draft_of
from meetings_app.network_meetings import drafting
from meetings_app.notices.templates import NoticeKind
from meetings_app.permissions import SCHEDULER, Role
from meetings_app.preparing.chasing import chase
from meetings_app.preparing.models import Chase
from meetings_app.preparing.rules import BEFORE
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.schedule.rules import agenda_issue_date

_LOOKED_AHEAD, _LOOKED_BACK = timedelta(days=21), timedelta(days=60)


def ask_agencies(session: Session, now: datetime, office: Office) -> str:
    """Ask each agency that has not answered, once, some working days before the meeting (own: two; `clock.toml`)."""
    mails, today, days = 0, london_date(now), office.partnership.clock.updates_asked_working_days
    for meeting in _ahead(session, now, BEFORE, (MeetingType.RMM,)):
        due = today >= office.calendar.add_working_days(meeting.held_on, -days)
        if due and not _asked_by_the_clock(session, meeting.key):
            missing = [reply.agency_id for reply in replies_of(session, office, meeting, now).missing]
            mails += _chased(session, now, office, meeting, missing)
    return f"people asked: {mails}"


def _asked_by_the_clock(session: Session, meeting_id: int) -> bool:
    asked = select(col(Chase.id)).where(col(Chase.meeting_id) == meeting_id, col(Chase.chased_by_id).is_(None))
    return session.execute(asked.limit(1)).first() is not None


def _chased(session: Session, now: datetime, office: Office, meeting: Meeting, asked: Sequence[int]) -> int:
    if not asked:
        return 0
    try:
        return chase(session, SCHEDULER, now, office, meeting, asked)
    except DomainError:
        # Nobody is left to be asked today: a person asked them, or none of them is invited.
        return 0


def say_agendas_are_drafted(session: Session, now: datetime, office: Office) -> str:
    """Tell whoever prepares a meeting after the cut-off that the agenda has drafted itself, and of how many items."""
    mails, people = 0, everybody(session)
    for meeting in _ahead(session, now, (MeetingState.ANNOUNCED,)):
        items = _drafted(session, now, office, meeting)
        if items is None:
            continue
        for person in people:
            if prepares(person, meeting):
                mails += tell_of_meeting(
                    session, now, office, NoticeKind.AGENDA_DRAFTED, meeting, person.account, "/agenda",
                    item_count=items,
                )  # fmt: skip
    return f"people told: {mails}"


def _drafted(session: Session, now: datetime, office: Office, meeting: Meeting) -> int | None:
    """Give how many items the draft of a meeting has, or None before its cut-off."""
    if meeting.type is MeetingType.NETWORK:
        if now < drafting.cut_off_moment(office, meeting):
            return None
        return len(drafting.draft_of(session, office, meeting, now).items)
    if now < cut_off_moment(meeting, office.partnership, office.calendar):
        return None
    return len(draft_of(session, meeting, office.partnership, now).items)


def remind_of_agendas(session: Session, now: datetime, office: Office) -> str:
    """Remind whoever prepares a meeting of an agenda that is to be issued and is not published."""
    mails, people, today = 0, everybody(session), london_date(now)
    for meeting in _ahead(session, now, (MeetingState.ANNOUNCED,)):
        days = office.definition(meeting.type).agenda_issued_working_days
        if today < agenda_issue_date(meeting.held_on, office.calendar, days):
            continue
        for person in people:
            if prepares(person, meeting):
                mails += tell_of_meeting(
                    session, now, office, NoticeKind.AGENDA_TO_ISSUE, meeting, person.account, "/agenda"
                )
    return f"people reminded: {mails}"


def send_action_lists(session: Session, now: datetime, office: Office) -> str:
    """Tell each agency's representatives, one working day after an RMM closed, of their agency's actions alone.

    Of those of a network meeting each owner was told when it closed, for the others of an agency may not read them.
    """
    mails, people, today = 0, everybody(session), london_date(now)
    days = office.partnership.rmm.action_list_working_days
    for meeting in _closed(session, now):
        closed_on = london_date(meeting.closed_at) if meeting.closed_at else meeting.held_on
        if today < office.calendar.add_working_days(closed_on, days):
            continue
        given = _given_at(session, meeting.key)
        for person in people:
            actions = given[person.account.agency_id]
            if actions and person.holds({Role.REPRESENTATIVE}, meeting.area_id):
                mails += tell_of_meeting(
                    session,
                    now,
                    office,
                    NoticeKind.ACTION_LIST,
                    meeting,
                    person.account,
                    "/actions",
                    action_count=actions,
                )
    return f"people told: {mails}"


def _given_at(session: Session, meeting_id: int) -> Counter[int]:
    """Count the open actions that a meeting gave, by agency."""
    agencies = session.scalars(
        select(col(Action.agency_id)).where(col(Action.meeting_id) == meeting_id, col(Action.state) == ActionState.OPEN)
    )
    return Counter(agencies)


def _ahead(
    session: Session, now: datetime, states: Sequence[MeetingState] | frozenset[MeetingState],
    kinds: Sequence[MeetingType] = tuple(MeetingType),
) -> list[Meeting]:  # fmt: skip
    """Give the meetings of the next weeks in one of the states, by date; one that is past needs nobody's answer."""
    today: date = london_date(now)
    wanted = select(Meeting).where(
        col(Meeting.type).in_(kinds), col(Meeting.state).in_(list(states)),
        col(Meeting.held_on).between(today, today + _LOOKED_AHEAD),
    )  # fmt: skip
    return list(session.scalars(wanted.order_by(col(Meeting.held_on), col(Meeting.id))))


def _closed(session: Session, now: datetime) -> list[Meeting]:
    wanted = select(Meeting).where(
        col(Meeting.type) == MeetingType.RMM, col(Meeting.state).in_([MeetingState.CLOSED, MeetingState.SIGNED]),
        col(Meeting.closed_at) >= now - _LOOKED_BACK,
    )  # fmt: skip
    return list(session.scalars(wanted.order_by(col(Meeting.held_on), col(Meeting.id))))
