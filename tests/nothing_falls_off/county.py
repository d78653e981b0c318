"""A small county in which anything may happen in any order, through the services, with a model of who is listed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.children.models import Child
from meetings_app.clock import at_london, london_date
from meetings_app.cse_list.checks import Breach
from meetings_app.cse_list.homing import rehome_all
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.db.session import act_for
from meetings_app.errors import DomainError
from meetings_app.meetings import arranging
from meetings_app.meetings.checks import every_breach
from meetings_app.permissions import OPERATOR, Actor, Role
from meetings_app.ratings.models import RiskRating
from meetings_app.resources import folder
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from tests.support.children import area_id, put_on_list
from tests.support.meetings import office
from tests.support.world import NOW, actor_for, add_account

OFFICE = office()
AREAS = ("NE", "NW")
AHEAD = (MeetingState.PLANNED, MeetingState.ANNOUNCED, MeetingState.PUBLISHED, MeetingState.IN_PROGRESS)
_PEOPLE = {
    "coordinator": (Role.COORDINATOR, "childrens-services"), "chair_cs": (Role.CHAIR, "childrens-services"),
    "chair_fs": (Role.CHAIR, "family-services"), "police": (Role.REPRESENTATIVE, "police"),
    "health": (Role.REPRESENTATIVE, "health"),
}  # fmt: skip


@dataclass
class County:
    """Two areas with their meetings, the people of both, the time of day, and the model: who is on the list."""

    session: Session
    now: datetime = NOW
    people: dict[str, Account] = field(default_factory=dict)
    listed: set[int] = field(default_factory=set)
    ways_off: dict[int, list[str]] = field(default_factory=dict)
    born_corrected: set[str] = field(default_factory=set)
    refused: int = 0
    done: int = 0

    def prepare(self) -> None:
        """Add the people and the first meetings."""
        act_for(self.session, OPERATOR)
        for who, (role, agency) in _PEOPLE.items():
            self.people[who] = add_account(self.session, who.replace("_", "-"), role, agency)
        for code in AREAS:
            self.add_meetings(code)
            for rating in (RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW):
                self.on(put_on_list(self.session, None, rating, area=code, before_service=True).child_id)
        self.session.commit()

    @property
    def today(self) -> date:
        """The day in London."""
        return london_date(self.now)

    def act(self, who: str) -> Actor:
        """Let one of the people act."""
        actor = actor_for(self.session, self.people[who])
        act_for(self.session, actor)
        return actor

    @contextmanager
    def step(self) -> Iterator[None]:
        """One thing that somebody tries; what the rules refuse changes nothing, as in a request."""
        self.now += timedelta(minutes=1)
        try:
            yield
            self.session.commit()
            self.done += 1
        except DomainError:
            self.session.rollback()
            self.refused += 1
        finally:
            act_for(self.session, OPERATOR)
            self.session.expire_all()

    def add_meetings(self, code: str) -> None:
        """Make a weekly series of ten meetings that begins after the last one."""
        last = max((meeting.held_on for meeting in self.meetings(code)), default=self.today)
        start = max(last, self.today) + timedelta(days=7 if last > self.today else 1 + AREAS.index(code))
        arranging.create_series(
            self.session, OPERATOR, self.now, OFFICE, kind=MeetingType.RMM, area_id=area_id(self.session, code),
            start=start, count=10,
        )  # fmt: skip

    def meetings(self, code: str | None = None) -> list[Meeting]:
        """Give the RMMs still to be held to their end, by day; of one area or of both."""
        found = select(Meeting).where(col(Meeting.state).in_(AHEAD)).order_by(col(Meeting.held_on), col(Meeting.id))
        if code is not None:
            found = found.where(col(Meeting.area_id) == area_id(self.session, code))
        return list(self.session.scalars(found))

    @property
    def is_meeting(self) -> bool:
        """Say whether a meeting has been opened and not closed."""
        return any(meeting.state is MeetingState.IN_PROGRESS for meeting in self.meetings())

    def children(self) -> list[Child]:
        """Give every record of a child, oldest first."""
        return list(self.session.scalars(select(Child).order_by(col(Child.id))))

    def entries(self) -> list[ListEntry]:
        """Give the stays on the list that have not ended."""
        return list(self.session.scalars(select(ListEntry).where(is_live()).order_by(col(ListEntry.id))))

    def go_to(self, day: date) -> None:
        """Let the days pass, but none on which a meeting is still to be held; each begins as the timetable has it."""
        first = self.meetings()
        day = min([day, *(meeting.held_on for meeting in first[:1])])
        if day > self.today:
            self.now = at_london(day, time(0, 10))
            rehome_all(self.session, OPERATOR, self.now)
            self.now = at_london(day, time(9))
        for code in AREAS:
            if len(self.meetings(code)) < 4:
                self.add_meetings(code)
        self.session.commit()

    def on(self, child_id: int) -> None:
        """Note in the model that a child came on the list."""
        self.listed.add(child_id)

    def off(self, child_id: int, way: str) -> None:
        """Note in the model the way by which a child left it."""
        self.listed.discard(child_id)
        self.ways_off.setdefault(child_id, []).append(way)

    def check(self) -> None:
        """Every promise holds, and the list is what the model says. A signature that is late is no child lost."""
        breaches = every_breach(self.session, self.today, folder("agendas"), OFFICE.partnership)
        lost = [breach for breach in breaches if breach.code != "unsigned_closure" and not self._was_younger(breach)]
        assert not lost, lost
        assert {entry.child_id for entry in self.entries()} == self.listed

    def _was_younger(self, breach: Breach) -> bool:
        """A child who was known as younger on leaving, and is found to have been an adult: named, not lost."""
        return breach.code == "adult_without_package" and breach.reference in self.born_corrected


def pick(rows: Any, which: int) -> Any:
    """Give one of some rows by a drawn number, or None where there is none."""
    return rows[which % len(rows)] if rows else None
