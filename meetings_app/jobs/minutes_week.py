"""What the clock says of minutes: drafts that are due and not issued, minutes whose time for corrections is over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.clock import london_date
from meetings_app.jobs.people import everybody, prepares, signs, tell_of_meeting
from meetings_app.minutes.queries import last_issue
from meetings_app.minutes.rules import issue_due
from meetings_app.notices.templates import NoticeKind
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.office import Office


def remind_to_issue(session: Session, now: datetime, office: Office) -> str:
    """Remind whoever issues them, once, of draft minutes that are due and not issued (own: 5 working days)."""
    mails, people, today = 0, everybody(session), london_date(now)
    for meeting in _unsigned(session):
        days = office.definition(meeting.type).draft_minutes_working_days
        due = issue_due(meeting.held_on, days, office.calendar)
        if today < due or last_issue(session, meeting.key) is not None:
            continue
        for person in people:
            if prepares(person, meeting):
                mails += tell_of_meeting(
                    session, now, office, NoticeKind.MINUTES_TO_ISSUE, meeting, person.account, "/minutes"
                )
    return f"people reminded: {mails}"


def remind_to_sign(session: Session, now: datetime, office: Office) -> str:
    """Remind whoever signs, once a version, that the time for corrections is over and the minutes unsigned."""
    mails, people, today = 0, everybody(session), london_date(now)
    for meeting in _unsigned(session):
        issued = last_issue(session, meeting.key)
        if issued is None or issued.until is None or today <= issued.until:
            continue
        for person in people:
            if signs(person, meeting):
                mails += tell_of_meeting(
                    session, now, office, NoticeKind.MINUTES_TO_SIGN, meeting, person.account, "/minutes",
                    again=issued.number,
                )  # fmt: skip
    return f"people reminded: {mails}"


def _unsigned(session: Session) -> Sequence[Meeting]:
    """Give the meetings that are closed and whose minutes are not signed, by date."""
    wanted = select(Meeting).where(col(Meeting.state) == MeetingState.CLOSED)
    return session.scalars(wanted.order_by(col(Meeting.held_on), col(Meeting.id))).all()
