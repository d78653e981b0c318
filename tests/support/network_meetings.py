"""Builders of network meetings for tests: two of them eight weeks apart, the people, and a tangled network."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.children.models import Child
from meetings_app.db.session import act_for
from meetings_app.meetings import arranging
from meetings_app.meetings.models import Minutes, Presence
from meetings_app.meetings.network_models import NetworkAction, NetworkItem, NetworkOutcome
from meetings_app.meetings.running import AttendanceLine, set_attendance, start
from meetings_app.network_meetings import actions, closing, publishing, settling
from meetings_app.network_meetings.deciding import Decided, record_decision
from meetings_app.network_meetings.items import decision_of, find_item, items_of
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


CONTINUES = Decided(NetworkOutcome.CONTINUES, "Invented: discussed.", rationale="Invented: more is to be found out.")


def opened(day: NetworkDay, present: tuple[str, ...] = ("chair", "coordinator")) -> None:
    """Publish the agenda of the first meeting, open it and record who is there."""
    session, chair = day.session, day.chair()
    publishing.publish(session, chair, NOW, OFFICE, day.first, day.first.version)
    start(session, chair, DURING, day.first, day.first.version, "Testy McChair")
    people = {"chair": day.chair_account, "coordinator": day.people.coordinator, "police": day.people.police}
    set_attendance(session, chair, DURING, day.first, [line_of(people[who]) for who in present])


def line_of(account: Account) -> AttendanceLine:
    """Give somebody as present."""
    return AttendanceLine(account.agency_id, account.name, Presence.PRESENT, account.key)


def item_at(day: NetworkDay, number: str) -> NetworkItem:
    """Give an item of the first meeting by its number."""
    found = find_item(day.session, day.first, number)
    assert found is not None
    return found


def decide(day: NetworkDay, number: str, said: Decided = CONTINUES) -> None:
    """Record what the first meeting decides on an item."""
    row = item_at(day, number)
    version = decision_of(day.session, row).version
    record_decision(day.session, day.chair(), DURING, OFFICE, day.first, row, version, said)


def settle_all(
    day: NetworkDay, meeting: Meeting, at: datetime, item: NetworkItem, ends: frozenset[str] = frozenset()
) -> None:
    """Say of everything that is still open at an item that it goes on, but of what `ends` names by its words."""
    chair, things = day.chair(), settling.open_things(day.session, item)
    over = settling.Becomes(ends=True, why="Invented: over.")
    said = {each.key: over if each.words in ends else settling.Becomes(ends=False) for each in things}
    settling.settle(day.session, chair, at, meeting, item, decision_of(day.session, item).version, said)


def close(day: NetworkDay) -> Minutes:
    """Close the first meeting."""
    return closing.close_meeting(day.session, day.chair(), DURING, OFFICE, day.first, day.first.version)


def guarded_network_meetings(session: Session, owner: Account) -> dict[str, str]:
    """Close one network meeting, hold the next one of everything there is, with an action about a suspect; the third
    is a draft.
    """
    act_for(session, OPERATOR)
    held, first, third = arranging.create_series(
        session, OPERATOR, NOW, OFFICE, kind=MeetingType.NETWORK, area_id=None, start=WEDNESDAY, count=3
    )
    network, suspect = (
        session.scalars(select(Subject).where(col(Subject.name) == name)).one()
        for name in ("Canarynetwork", "Canarysuspect")
    )
    numbers = {}
    for meeting in (held, first):
        publishing.publish(session, OPERATOR, NOW, OFFICE, meeting, meeting.version)
        start(session, OPERATOR, NOW, meeting, meeting.version, "Testy McChair")
        item = next(each for each in items_of(session, meeting) if each.subject_id == network.key)
        said = Decided(NetworkOutcome.CONTINUES, "Canarytalk", "Canarysay", "Invented.")
        version = decision_of(session, item).version
        record_decision(session, OPERATOR, NOW, OFFICE, meeting, item, version, said)
        numbers[meeting.key] = item.number
        if meeting is held:
            actions.propose(
                session, OPERATOR, NOW, held, item,
                actions.Proposal("Canarydo: visit", owner.key, WEDNESDAY, suspect.key),
            )  # fmt: skip
            closing.leave_the_rest(session, OPERATOR, NOW, held, "Invented")
            closing.close_meeting(session, OPERATOR, NOW, OFFICE, held, held.version, "Invented.")
    action = session.scalars(select(NetworkAction)).one()
    return {
        "net-closed": held.reference, "net-closed-item": numbers[held.key], "net": first.reference,
        "net-item": numbers[first.key], "net-draft": third.reference, "net-action": action.reference,
    }  # fmt: skip
