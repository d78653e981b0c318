"""The network meeting of six weeks ago: its agenda, the meeting as it was held, and its signed minutes.

Told through the services that the pages use. Everything in it is plainly invented.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.rules import ActionAnswer, AnswerKind
from meetings_app.demo.county import County
from meetings_app.demo.story import Story
from meetings_app.meetings.models import Presence
from meetings_app.meetings.network_models import MatterKind, NetworkAction, NetworkItem, NetworkOutcome
from meetings_app.meetings.running import AttendanceLine, set_attendance, start
from meetings_app.network_meetings import actions, closing, matters, minutes, publishing
from meetings_app.network_meetings.deciding import Decided, record_decision
from meetings_app.network_meetings.items import decision_of, items_of
from meetings_app.networks.models import Subject
from meetings_app.networks.states import SubjectKind
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting, MeetingType

_PRESENT = ("chair-police", "police", "coordinator", "specialist")
_SAID = "The three children were collected by the same car. The takeaway is where they were taken."
_RESTRICTED = "Invented: the older suspect drives the car; the younger is safeguarded on a record of their own."
_NOTHING_TO_CORRECT = "Everybody who attended said that nothing is to be corrected."
_WHY = "What was reported fits together, and the children are not safe from it yet."


def plan_network_meeting(story: Story, held_on: date) -> None:
    """Let the agenda be published the day before, the meeting be held, and its minutes be signed a week later."""
    told = _Held(story.county)
    story.on(held_on - timedelta(days=1), time(12), told.publish)
    story.on(held_on, time(15, 30), told.hold)
    story.on(held_on + timedelta(days=7), time(11), told.sign)
    story.on(held_on + timedelta(days=12), time(9), told.answer)


class _Held:
    def __init__(self, county: County) -> None:
        self._county = county

    def publish(self, session: Session, moment: datetime) -> None:
        """The network chair publishes the agenda."""
        meeting = self._meeting(session)
        with self._county.acting(session, "chair-police") as chair:
            publishing.publish(session, chair, moment, self._county.office, meeting, meeting.version)

    def hold(self, session: Session, moment: datetime) -> None:
        """The meeting is opened, decides each item, gives two actions, tells an RMM of a child, and is closed."""
        meeting, office = self._meeting(session), self._county.office
        with self._county.acting(session, "chair-police") as chair:
            start(session, chair, moment - timedelta(minutes=90), meeting, meeting.version, chair.name)
            set_attendance(session, chair, moment, meeting, [self._there(who) for who in _PRESENT])
            for item in items_of(session, meeting):
                said = Decided(NetworkOutcome.CONTINUES, _SAID, _RESTRICTED, _WHY)
                version = decision_of(session, item).version
                record_decision(session, chair, moment, office, meeting, item, version, said)
                self._give(session, chair, moment, meeting, item)
            closing.close_meeting(session, chair, moment, office, meeting, meeting.version)

    def _give(self, session: Session, chair: Actor, moment: datetime, meeting: Meeting, item: NetworkItem) -> None:
        found = {
            subject.kind: subject for subject in session.scalars(select(Subject).where(col(Subject.id).in_(item.parts)))
        }
        for what, owner, kind in (
            ("Look at what the cameras near the takeaway show", "police", SubjectKind.VEHICLE),
            ("Tell outreach at which times children are taken there", "coordinator", SubjectKind.PLACE),
        ):
            if kind in found:
                owner_id = self._county.people[owner].account_id or 0
                said = actions.Proposal(what, owner_id, meeting.held_on + timedelta(days=42), found[kind].key)
                actions.propose(session, chair, moment, meeting, item, said)
        passed = matters.MatterSaid(MatterKind.ITEM, "The car was seen near the school on two afternoons.")
        for reference in list(matters.children_at(session, item))[:1]:
            matters.pass_on(session, chair, moment, meeting, item, reference, passed)

    def sign(self, session: Session, moment: datetime) -> None:
        """The network chair issues the draft, and signs it once nobody has anything to correct."""
        meeting = self._meeting(session)
        with self._county.acting(session, "chair-police") as chair:
            minutes.issue(session, chair, moment - timedelta(days=3), self._county.office, meeting, 1)
            minutes.sign(session, chair, moment, self._county.office, meeting, 1, _NOTHING_TO_CORRECT)

    def answer(self, session: Session, moment: datetime) -> None:
        """The coordinator says what was done."""
        coordinator = self._county.people["coordinator"]
        rules = self._county.office.partnership.ratings.actions
        wanted = select(NetworkAction).where(col(NetworkAction.owner_id) == coordinator.account_id)
        with self._county.acting(session, "coordinator") as by:
            for action in session.scalars(wanted).all():
                done = ActionAnswer(AnswerKind.DONE, "Outreach was told, and goes there on those nights.")
                actions.answer(session, by, moment, action, action.version, done, rules)

    def _meeting(self, session: Session) -> Meeting:
        first = select(Meeting).where(col(Meeting.type) == MeetingType.NETWORK)
        return session.scalars(first.order_by(col(Meeting.held_on)).limit(1)).one()

    def _there(self, who: str) -> AttendanceLine:
        person = self._county.people[who]
        return AttendanceLine(person.agency_id or 0, person.name, Presence.PRESENT, person.account_id)
