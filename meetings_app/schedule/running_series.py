"""The series that an area has already, said before one more is made beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Area
from meetings_app.schedule.models import UPCOMING, Meeting, MeetingSeries, MeetingType
from meetings_app.text import day_in_words

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class RunningSeries:
    """A series with meetings still to be held: the first of them, and how many there are."""

    area: str
    weekday: str
    first_on: date
    first: str
    meetings: int

    @property
    def words(self) -> str:
        """What is said before one more series is made; nothing of it changes."""
        stay = "its meeting stays" if self.meetings == 1 else f"its {self.meetings} meetings stay"
        return (
            f"{self.area} already has a series on {self.weekday}s, from {day_in_words(self.first_on)} "
            f"({self.first}); {stay}."
        )


def running_series(
    session: Session, kind: MeetingType, area_id: int | None, start: date, today: date
) -> list[RunningSeries]:
    """Give the series of an area (of the county where there is none) that would run beside one from `start` on.

    One that ends before `start`, or that has no meeting left, is none of them. In the order of their first meetings.
    """
    of_area = col(MeetingSeries.area_id).is_(None) if area_id is None else col(MeetingSeries.area_id) == area_id
    found: dict[int, list[tuple[date, str]]] = {}
    rows = session.execute(
        select(col(MeetingSeries.id), col(Meeting.held_on), col(Meeting.reference))
        .join(Meeting, col(Meeting.series_id) == col(MeetingSeries.id))
        .where(
            col(MeetingSeries.type) == kind, of_area,
            or_(col(MeetingSeries.ended_on).is_(None), col(MeetingSeries.ended_on) > start),
            col(Meeting.state).in_(UPCOMING), col(Meeting.held_on) >= today,
        )
        .order_by(col(Meeting.held_on), col(Meeting.id))
    )  # fmt: skip
    for row in rows:
        found.setdefault(row.id, []).append((row.held_on, row.reference))
    return [_running(session, key, meetings) for key, meetings in found.items()]


def _running(session: Session, key: int, meetings: Sequence[tuple[date, str]]) -> RunningSeries:
    series = session.get_one(MeetingSeries, key)
    area = session.get_one(Area, series.area_id).code if series.area_id is not None else "The network meeting"
    first_on, first = meetings[0]
    return RunningSeries(area, WEEKDAYS[series.anchor.weekday()], first_on, first, len(meetings))
