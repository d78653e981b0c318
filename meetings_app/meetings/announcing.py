"""What announcing sends, said before it is done: how many invites, and to how many people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from meetings_app.meetings.arranging import horizon_of
from meetings_app.schedule import queries
from meetings_app.schedule.models import Meeting, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.text import day_in_words


@dataclass(frozen=True)
class Invites:
    """How many meetings are announced at once and how many later, and how many people belong to them by their roles."""

    people: int
    meetings: int
    later: int
    until: date

    @property
    def words(self) -> str:
        """What is sent, in a sentence or two."""
        if not self.meetings:
            return f"No mail is sent now: meetings are announced once they are not after {day_in_words(self.until)}."
        if not self.people:
            return "No mail is sent: nobody has a role that belongs to these meetings."
        sent = self.people * self.meetings
        people = "1 person" if self.people == 1 else f"{self.people} people"
        if sent == 1:
            said = f"1 invite is sent to {people}."
        elif self.meetings == 1:
            said = f"{sent} invites are sent to {people}, one each."
        else:
            said = f"{sent} invites are sent to {people}, one each for {self.meetings} meetings."
        return said + (_later(self.later) if self.later else "")


def _later(count: int) -> str:
    which = "The other meeting is announced as it comes" if count == 1 else (
        f"The other {count} meetings are announced as they come"
    )  # fmt: skip
    return f" {which} near, and no mail is sent for {'it' if count == 1 else 'them'} now."


def invites_for(
    session: Session, office: Office, kind: MeetingType, area_id: int | None, dates: Sequence[date], today: date
) -> Invites:
    """Give what announcing sends for meetings on some dates, as far as they are within the horizon."""
    horizon = horizon_of(office, kind, today)
    near = sum(day <= horizon for day in dates)
    people = len(queries.entitled(session, office.definition(kind), area_id))
    return Invites(people, near, len(dates) - near, horizon)


def invites_of(session: Session, office: Office, meeting: Meeting) -> Invites:
    """Give what announcing one planned meeting sends now: to whom its roles name and to whom was invited by hand."""
    places = {member.account_id: member.removed_at for member in queries.members(session, meeting.key)}
    by_role = {person.key for person in queries.entitled(session, office.definition(meeting.type), meeting.area_id)}
    people = (by_role - set(places)) | {key for key, removed_at in places.items() if removed_at is None}
    return Invites(len(people), 1, 0, meeting.held_on)
