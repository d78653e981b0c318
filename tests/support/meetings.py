"""Builders of meetings for tests, through the same functions that pages and commands call."""

from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Area
from meetings_app.meetings import arranging
from meetings_app.partnership import load
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder
from meetings_app.schedule.models import Meeting, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.schedule.service import Arrangement
from tests.support.world import NOW

TUESDAY = date(2026, 11, 24)
"""The day after `NOW`: the first meeting of a test's series."""


def office() -> Office:
    """Give the shipped rules at an invented address."""
    return Office(load(folder("agendas")), "https://meetings.example.org", "rmm@exampleshire.example")


def area_id(session: Session, code: str = "NE") -> int:
    """Give the id of an area."""
    found = session.scalars(select(col(Area.id)).where(col(Area.code) == code)).one()
    assert found is not None
    return found


def series(session: Session, area: str = "NE", start: date = TUESDAY, count: int = 4) -> list[Meeting]:
    """Make and announce a weekly series of an area's RMM."""
    return arranging.create_series(
        session, OPERATOR, NOW, office(), kind=MeetingType.RMM, area_id=area_id(session, area), start=start,
        count=count, arrangement=Arrangement(time(10), 120, place="Room 1, Exampleshire House"),
    )  # fmt: skip
