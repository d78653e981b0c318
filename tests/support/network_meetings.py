"""Builders of network meetings for tests: two of them eight weeks apart, the people, and a tangled network."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.actions.models import ActionState
from meetings_app.children.models import Child
from meetings_app.db.session import act_for
from meetings_app.meetings import arranging
from meetings_app.meetings.network_models import NetworkOutcome
from meetings_app.meetings.running import start
from meetings_app.network_meetings import actions, publishing
from meetings_app.network_meetings.deciding import Decided, record_decision
from meetings_app.network_meetings.items import decision_of, items_of
from meetings_app.networks import linking
from meetings_app.networks.models import Subject
from meetings_app.networks.states import ChildTie, SubjectKind, Tie
from meetings_app.permissions import OPERATOR, Actor, Role
from meetings_app.schedule.models import Meeting, MeetingType
from tests.support.networks import GROUNDS, listed, open_subject
from tests.support.rmm import OFFICE
from tests.support.world import NOW, TinyWorld, actor_for, add_account, tiny_world

WEDNESDAY = date(2026, 12, 2)
DURING = datetime(2026, 12, 2, 14, 30, tzinfo=NOW.tzinfo)
"""While the first of the two meetings is held."""


@dataclass
class NetworkDay:
    """Two network meetings eight weeks apart and the people of the North East, with the network chair."""

    session: Session
    people: TinyWorld
    chair_account: Account
    meetings: list[Meeting]

    @property
    def first(self) -> Meeting:
        """The meeting of 2 December 2026."""
        return self.meetings[0]

    @property
    def second(self) -> Meeting:
        """The meeting of 27 January 2027."""
        return self.meetings[1]

    def act(self, account: Account) -> Actor:
        """Let somebody act, and give them."""
        act_for(self.session, OPERATOR)
        actor = actor_for(self.session, account)
        act_for(self.session, actor)
        return actor

    def chair(self) -> Actor:
        """Let the network chair act."""
        return self.act(self.chair_account)

    def operator(self) -> None:
        """Read everything."""
        act_for(self.session, OPERATOR)


def network_day(session: Session, count: int = 3, now: datetime = NOW) -> NetworkDay:
    """Add the people and a series of network meetings; the first two are announced."""
    act_for(session, OPERATOR)
    people = tiny_world(session)
    chair = add_account(session, "chair-police", Role.NETWORK_CHAIR, "police")
    meetings = arranging.create_series(
        session, OPERATOR, now, OFFICE, kind=MeetingType.NETWORK, area_id=None, start=WEDNESDAY, count=count
    )
    return NetworkDay(session, people, chair, meetings)


@dataclass
class Tangled:
    """A network with a place, a car and a suspect, and two children of the North East."""

    network: Subject
    place: Subject
    car: Subject
    suspect: Subject
    children: list[Child]


def tangled(session: Session, now: datetime = NOW, **more: Any) -> Tangled:
    """Record a tangled network: two children are taken to one takeaway, where a suspect works who uses a car."""
    kinds = SubjectKind
    network = open_subject(session, kinds.NETWORK, "Canarynetwork", **more)
    place = open_subject(session, kinds.PLACE, "Pretend Palace takeaway")
    car = open_subject(session, kinds.VEHICLE, "Plate TE57 1NG")
    suspect = open_subject(session, kinds.SUSPECT, "Canarysuspect")
    for one, other, tie in ((place, network, Tie.PART_OF), (suspect, place, Tie.WORKS_AT), (suspect, car, Tie.USES)):
        linking.link_subjects(session, OPERATOR, now, one, other, tie, GROUNDS)
    children = [child_called(session, listed(session, name)) for name in ("Testy McFirst", "Testy McSecond")]
    for child in children:
        linking.link_child(session, OPERATOR, now, place, child, ChildTie.TAKEN_TO, GROUNDS)
    return Tangled(network, place, car, suspect, children)


def child_called(session: Session, reference: str) -> Child:
    """Give a child by reference."""
    return session.scalars(select(Child).where(col(Child.reference) == reference)).one()


def guarded_network_meetings(session: Session, owner: Account) -> dict[str, str]:
    """Hold one network meeting of everything there is, with an action about a suspect; the next one is a draft."""
    act_for(session, OPERATOR)
    first, second = arranging.create_series(
        session, OPERATOR, NOW, OFFICE, kind=MeetingType.NETWORK, area_id=None, start=WEDNESDAY, count=2
    )
    publishing.publish(session, OPERATOR, NOW, OFFICE, first, first.version)
    start(session, OPERATOR, NOW, first, first.version, "Testy McChair")
    network = session.scalars(select(Subject).where(col(Subject.name) == "Canarynetwork")).one()
    suspect = session.scalars(select(Subject).where(col(Subject.name) == "Canarysuspect")).one()
    item = next(each for each in items_of(session, first) if each.subject_id == network.key)
    said = actions.Proposal("Canarydo: visit", owner.key, WEDNESDAY, suspect.key)
    actions.propose(session, OPERATOR, NOW, first, item, said)
    action = actions.of_item(session, item)[0]
    action.state = ActionState.OPEN
    said_there = Decided(NetworkOutcome.CONTINUES, "Canarytalk", "Canarysay", "Invented.")
    version = decision_of(session, item).version
    record_decision(session, OPERATOR, NOW, OFFICE, first, item, version, said_there)
    session.flush()
    return {
        "net": first.reference, "net-draft": second.reference, "net-item": item.number, "net-action": action.reference
    }  # fmt: skip
