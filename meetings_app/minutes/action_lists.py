"""After a meeting each agency has the list of its own actions, and of nobody else’s."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency, Area
from meetings_app.accounts.queries import agencies
from meetings_app.actions.models import ActionState
from meetings_app.actions.queries import ActionRow, actions_of_meeting
from meetings_app.documents.action_facts import ActionListFacts
from meetings_app.documents.facts import ActionRow as WordRow
from meetings_app.errors import NotFound
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.minutes.editing import HAVE_MINUTES, found_minutes
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.invites import date_text, title_of
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.web.filters import moment


def agency_read(session: Session, by: Actor, meeting: Meeting, code: str) -> Agency:
    """Give the agency whose list is asked for; without a code the reader’s own.

    Whoever records meetings of the area reads every list, everybody else their own agency’s. Raises `NotFound`, also
    before the meeting is closed.
    """
    if meeting.state not in HAVE_MINUTES:
        raise NotFound
    wanted = col(Agency.code) == code if code else col(Agency.id) == by.agency_id
    agency = session.scalars(select(Agency).where(wanted)).first()
    if agency is None or not (agency.id == by.agency_id or by.may(Permission.RECORD_MEETING, meeting.area_id)):
        raise NotFound
    return agency


def actions_given(session: Session, meeting: Meeting, agency: Agency) -> list[ActionRow]:
    """Give the actions that the meeting gave to an agency, as they stand now, earliest date first."""
    rows = actions_of_meeting(session, meeting.key)
    own = [row for row in rows if row.agency_id == agency.id and row.state is not ActionState.PROPOSED]
    return sorted(own, key=lambda row: (row.due_on, row.id))


def agencies_given(session: Session, meeting: Meeting) -> list[tuple[str, str, int]]:
    """Give code, name and number of actions of each agency, for whoever may read every list."""
    rows = [row for row in actions_of_meeting(session, meeting.key) if row.state is not ActionState.PROPOSED]
    return [
        (agency.code, agency.name, sum(1 for row in rows if row.agency_id == agency.id)) for agency in agencies(session)
    ]


def list_facts(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, agency: Agency, *, marking: str
) -> ActionListFacts:
    """Give what the Word document says: references of children, and no name of any."""
    apart = apart_at(session, by, meeting)
    area = session.scalars(select(col(Area.name)).where(col(Area.id) == meeting.area_id)).one()
    return ActionListFacts(
        partnership=office.partnership.name, marking=marking, title=title_of(meeting, office), area=area,
        version=str(found_minutes(session, meeting).number), produced_at=now,
        reader=f"Copy for {agency.name}, for {by.name}, {moment(now)}",
        reference=meeting.reference, when=date_text(meeting), agency=agency.name,
        actions=tuple(
            WordRow(
                reference=row.reference, child=row.child_reference, action=apart.text(row.what), agency=row.agency,
                person=row.owner, due=row.due_on,
            )
            for row in actions_given(session, meeting, agency)
            if row.state is not ActionState.WITHDRAWN
        ),
    )  # fmt: skip
