"""What the clock says of minutes: drafts that are due and not issued, minutes whose time for corrections is over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.clock import london_date
from meetings_app.jobs.people import everybody, tell_of_meeting
from meetings_app.minutes.queries import last_issue
from meetings_app.minutes.rules import issue_due
from meetings_app.notices.templates import NoticeKind
from meetings_app.permissions import CHAIR_ROLES, Role
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.schedule.office import Office


def remind_to_issue(session: Session, now: datetime, office: Office) -> str:
    """Remind the coordinators of an area, once, of draft minutes that are due and not issued (own: 5 working days)."""
    mails, people, today = 0, everybody(session), london_date(now)
    days = office.partnership.rmm.draft_minutes_working_days
    for meeting in _unsigned(session):
        due = issue_due(meeting.held_on, days, office.calendar)
        if today < due or last_issue(session, meeting.key) is not None:
            continue
        for person in people:
            if person.holds({Role.COORDINATOR}, meeting.area_id):
                mails += tell_of_meeting(
                    session, now, office, NoticeKind.MINUTES_TO_ISSUE, meeting, person.account, "/minutes"
                )
    return f"people reminded: {mails}"


def remind_to_sign(session: Session, now: datetime, office: Office) -> str:
    """Remind the chairs of an area, once a version, that the time for corrections is over and the minutes unsigned."""
    mails, people, today = 0, everybody(session), london_date(now)
    for meeting in _unsigned(session):
        issued = last_issue(session, meeting.key)
        if issued is None or issued.until is None or today <= issued.until:
            continue
        for person in people:
            if person.holds(CHAIR_ROLES, meeting.area_id):
                mails += tell_of_meeting(
                    session, now, office, NoticeKind.MINUTES_TO_SIGN, meeting, person.account, "/minutes",
                    again=issued.number,
                )  # fmt: skip
    return f"people reminded: {mails}"


def _unsigned(session: Session) -> Sequence[Meeting]:
    """Give the RMMs that are closed and whose minutes are not signed, by date."""
    wanted = select(Meeting).where(col(Meeting.type) == MeetingType.RMM, col(Meeting.state) == MeetingState.CLOSED)
    return session.scalars(wanted.order_by(col(Meeting.held_on), col(Meeting.id))).all()
