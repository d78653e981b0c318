"""Who has answered before a meeting and who has not: each expected agency, each child, and the attendance."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from meetings_app.accounts.queries import agencies
from meetings_app.before_meeting.asked import AskedChild, asked_children
from meetings_app.clock import london_date
from meetings_app.meetings.agencies_silent import Silent, agencies_silent
from meetings_app.meetings.information_left import information_left
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.meetings.quorum_before import quorum_before
from meetings_app.meetings.reviews_heard import reviews_heard
from meetings_app.preparing import queries
from meetings_app.preparing.attendance_left import attendance_left
from meetings_app.preparing.queries import AttendanceShown, SentShown
from meetings_app.preparing.rules import BEFORE, holds
from meetings_app.preparing.who_comes import who_comes_to
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import invited


@dataclass(frozen=True)
class AgencyReply:
    """What one agency has answered so far, and what is missing."""

    agency_id: int
    code: str
    agency: str
    attendance: AttendanceShown | None
    """How it comes, by the later of its page and its answers to the invites."""
    on_page: AttendanceShown | None
    """What it said last on its page."""
    left: Sequence[AttendanceShown]
    """What it said for a meeting that was not held."""
    missing: tuple[AskedChild, ...]
    children: int
    chased_on: date | None
    invited: bool

    @property
    def is_whole(self) -> bool:
        """Whether the agency has said how it attends and answered about every child."""
        return self.attendance is not None and not self.missing

    @property
    def answered(self) -> int:
        """About how many children it has answered."""
        return self.children - len(self.missing)


@dataclass(frozen=True)
class Replies:
    """Everything agencies have sent for a meeting, as far as the reader may see it."""

    children: Sequence[AskedChild]
    agencies: Sequence[AgencyReply]
    information: dict[int, list[SentShown]]
    """By child: what was sent for a meeting that was not held, then of each agency what held when this one began, then
    what came late."""
    counted: Silent
    """Which agencies have not said what they were asked for, and how many, in the words of the home page."""
    quorum: str
    """Before the meeting: that an agency of the quorum does not come, and what that means; empty where none said so."""

    @property
    def missing(self) -> list[AgencyReply]:
        """The agencies that have not said everything."""
        return [reply for reply in self.agencies if not reply.is_whole]

    def silent_about(self, child_id: int) -> list[str]:
        """Give the names of the agencies that have not answered about a child."""
        return [reply.agency for reply in self.agencies if any(child.child_id == child_id for child in reply.missing)]


def replies_of(session: Session, office: Office, meeting: Meeting, now: datetime) -> Replies:
    """Give who has answered for a meeting, for chairs and coordinators of the area: the agencies expected at it.

    An agency that is not expected and sent something stands there too.
    """
    asked = [child for child in asked_children(session, meeting, office.partnership, now) if not child.stub]
    sent = queries.sent_for(session, meeting.key)
    answers, left = who_comes_to(session, meeting.key), attendance_left(session, meeting)
    attendance = answers.by_agency
    chased, expected = queries.chased_on(session, meeting.key), office.definition(meeting.type).expected_agencies
    reached = {person.agency_id for person in invited(session, meeting.key)}
    spoken = {agency_id for by_agency in sent.values() for agency_id in by_agency} | {*attendance, *left}
    found, every = [], agencies(session)
    for agency in every:
        if agency.code not in expected and agency.id not in spoken:
            continue
        missing = tuple(child for child in asked if agency.id not in sent.get(child.child_id, {}))
        found.append(
            AgencyReply(
                agency.id, agency.code, agency.name, attendance.get(agency.id), answers.said.get(agency.id),
                left.get(agency.id, ()), missing if agency.code in expected else (), len(asked),
                chased.get(agency.id), agency.id in reached,
            )
        )  # fmt: skip
    information, waiting = {}, information_left(session, meeting, [child.child_id for child in asked])
    for child in asked:
        shown: list[SentShown] = list(waiting.get(child.child_id, ()))
        for versions in sent.get(child.child_id, {}).values():
            in_time, late = holds(versions)
            shown += [*([in_time] if in_time else []), *late]
        information[child.child_id] = shown
    quorum = quorum_before(session, office, answers) if meeting.state in BEFORE else ""
    owing = {agency.id for agency in every if agency.code in expected}
    counted = _counted(session, meeting, now, asked, sent, attendance, owing)
    return Replies(asked, found, information, counted, quorum)


def _counted(
    session: Session, meeting: Meeting, now: datetime, asked: Sequence[AskedChild],
    sent: Mapping[int, Collection[int]], comes: Collection[int], expected: Collection[int],
) -> Silent:  # fmt: skip
    """Give which agencies owe an answer; before the agenda, about whom the meeting hears as things stand."""
    draft, about = meeting.state in BEFORE_PUBLISHING, {child.child_id for child in asked}
    if draft:
        about = reviews_heard(session, [meeting.key], london_date(now))[meeting.key]
    answered = {agency: {child for child, said in sent.items() if agency in said} for agency in expected}
    return agencies_silent(expected, comes, about, answered, published=not draft)
