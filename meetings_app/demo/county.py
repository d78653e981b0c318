"""Exampleshire before its first meeting: people, schools and the series of meetings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.accounts import service as accounts
from meetings_app.accounts.models import Account, Agency, Area, School
from meetings_app.accounts.queries import actor_of
from meetings_app.clock import at_london, london_date
from meetings_app.db.session import act_for, writing
from meetings_app.demo import names
from meetings_app.meetings import arranging
from meetings_app.permissions import OPERATOR, Actor
from meetings_app.schedule.models import MeetingType
from meetings_app.schedule.office import Office
from meetings_app.schedule.rules import planned_date
from meetings_app.schedule.service import Arrangement

PAST_WEEKS = 6
"""How many weekly meetings of each area are in the past."""

_DAYS_AHEAD = range(3, 7)
_SATURDAY = 5
_START_TIMES = (time(10), time(13, 30), time(9, 30), time(14))


@dataclass
class County:
    """What the story is told with. `now` is the moment of the demonstration, `begins` the start of its history."""

    sessions: sessionmaker[Session]
    office: Office
    now: datetime
    chance: Random = field(default_factory=lambda: Random(20140))  # noqa: S311 # The same county each time, no secret.
    areas: dict[str, int] = field(default_factory=dict)
    agencies: dict[str, int] = field(default_factory=dict)
    schools: dict[str, int] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Give today's date in London."""
        return london_date(self.now)

    def first_meetings(self) -> list[tuple[str, date, time]]:
        """Give area, date and time of each area's first meeting, so that the next is a few days ahead today."""
        days = [self.today + timedelta(days=number) for number in _DAYS_AHEAD]
        ahead = [day for day in days if day.weekday() < _SATURDAY]
        codes = sorted(self.areas)
        return [
            (area, ahead[place * len(ahead) // len(codes)] - timedelta(weeks=PAST_WEEKS), _START_TIMES[place % 4])
            for place, area in enumerate(codes)
        ]

    @property
    def begins(self) -> datetime:
        """Give the morning on which the service was set up: ten days before its first meeting."""
        return at_london(self.today - timedelta(days=7) - timedelta(weeks=PAST_WEEKS), time(8))

    @property
    def first_network_meeting(self) -> date:
        """Give the day of the first network meeting: a Wednesday, eight weeks before the next one."""
        ahead = self.today + timedelta(days=14 + (2 - self.today.weekday()) % 7)
        return ahead - timedelta(days=self.office.partnership.network.interval_days)

    def held_on(self, planned: date) -> date:
        """Give the day on which a meeting planned for a day is held: the next working day, where it is none."""
        return planned_date(planned, self.office.calendar).date

    @contextmanager
    def acting(self, session: Session, who: str) -> Iterator[Actor]:
        """Let one of the county's people act, as far as that person sees, inside a session of the operator."""
        person = self.people[who]
        act_for(session, person)
        try:
            yield person
        finally:
            act_for(session, OPERATOR)


def set_up(county: County, password_hash: str) -> None:
    """Make the accounts, the schools and a year's series of every meeting."""
    now = county.begins
    with writing(county.sessions, OPERATOR) as session:
        county.areas = {row.code: row.id for row in session.execute(select(col(Area.code), col(Area.id)))}
        county.agencies = {row.code: row.id for row in session.execute(select(col(Agency.code), col(Agency.id)))}
        for code, name in names.SCHOOLS:
            school = School(code=code, name=name)
            session.add(school)
            session.flush()
            county.schools[code] = school.key
        for local_part, name, role, agency in names.PEOPLE:
            account = _account(session, now, local_part, name, role, agency)
            accounts.accept_invitation(session, now, account, password_hash)
            person = actor_of(session, account.key)
            assert person is not None
            county.people[local_part] = person
    with writing(county.sessions, OPERATOR) as session:
        _arrange_meetings(county, session, now)


def _account(session: Session, now: datetime, local_part: str, name: str, role: str, agency: str) -> Account:
    account, _token = accounts.invite(
        session, OPERATOR, now, email=f"{local_part}@{names.COUNTY}", name=name, role=role, agency_code=agency,
        school_code=names.SCHOOLS[0][0] if role == "school" else None,
    )  # fmt: skip
    return account


def _arrange_meetings(county: County, session: Session, now: datetime) -> None:
    """Make the series of the four areas and of the network meeting, as the coordinator does on their page."""
    coordinator = county.people["coordinator"]
    rmm, network = county.office.partnership.rmm, county.office.partnership.network
    for area, first, start_time in county.first_meetings():
        arranging.create_series(
            session, coordinator, now, county.office, kind=MeetingType.RMM, area_id=county.areas[area], start=first,
            count=PAST_WEEKS + rmm.stand_weeks,
            arrangement=Arrangement(start_time, rmm.minutes, place=f"Exampleshire House, room {area}"),
        )  # fmt: skip
    arranging.create_series(
        session, coordinator, now, county.office, kind=MeetingType.NETWORK, area_id=None,
        start=county.first_network_meeting, count=network.stand_weeks * 7 // network.interval_days + 1,
        arrangement=Arrangement(network.time, network.minutes, place="Exampleshire police headquarters"),
    )  # fmt: skip
