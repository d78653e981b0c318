"""Asking the agencies again that have not answered: one mail to each person of theirs who is invited, once a day."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.accounts.models import AccountState
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.errors import DomainError, NotFound
from meetings_app.notices.service import queue
from meetings_app.notices.templates import NoticeKind
from meetings_app.permissions import Actor, Permission
from meetings_app.preparing.models import Chase
from meetings_app.preparing.queries import chased_on
from meetings_app.preparing.rules import BEFORE
from meetings_app.schedule.checks import lock
from meetings_app.schedule.invites import values_of
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import invited_who_may


def chase(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, asked: Collection[int]) -> int:
    """Ask the agencies `asked` (ids) again; gives how many mails were written. A mail names the meeting and no child.

    For chairs and coordinators of the area. An agency that was asked today is left out. Raises `DomainError` where that
    leaves nobody, or the meeting has begun.
    """
    if meeting.area_id is None or not by.may(Permission.PREPARE_AGENDA, meeting.area_id):
        raise NotFound
    lock(session, meeting)
    if meeting.state not in BEFORE:
        raise DomainError("Agencies are asked again until the meeting begins.")
    today = london_date(now)
    already = chased_on(session, meeting.key)
    agencies = [agency for agency in sorted(asked) if already.get(agency) != today]
    able = invited_who_may(session, meeting, Permission.ANSWER_FOR_AGENCY)
    # Whoever has not set their account up yet has its invitation, and cannot be chased for more.
    answering = [each for each in able if each.agency_id in agencies and each.state is AccountState.ACTIVE]
    reached = {person.agency_id for person in answering}
    if not answering:
        raise DomainError("Nobody is left to be asked today: each agency was asked today, or has nobody invited.")
    for agency in (agency for agency in agencies if agency in reached):
        session.add(
            Chase(
                meeting_id=meeting.key, agency_id=agency, area_id=meeting.area_id, chased_on=today, chased_at=now,
                chased_by_id=by.account_id,
            )
        )  # fmt: skip
    for person in answering:
        queue(
            session, now, kind=NoticeKind.INFORMATION_ASKED, recipient=person,
            dedupe_key=f"asked:{meeting.calendar_uid}:{person.key}:{today.isoformat()}",
            order_key=f"asked:{meeting.calendar_uid}:{person.key}",
            values={**values_of(meeting, office), "link": f"{office.link(meeting.reference)}/before"},
            meeting_reference=meeting.reference,
        )  # fmt: skip
    session.flush()
    record(session, by, now, EventKind.AGENCIES_CHASED, meeting=meeting.reference, agencies=len(reached))
    return len(answering)
