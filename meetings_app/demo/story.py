"""What happened in Exampleshire, told day by day: each thing at its moment, through the services that the pages use."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.clock import at_london, london_date
from meetings_app.db.session import reading, writing
from meetings_app.demo.county import County
from meetings_app.meetings import arranging
from meetings_app.permissions import OPERATOR, SCHEDULER
from meetings_app.schedule.models import Meeting, MeetingType

Event = Callable[[Session, datetime], None]


@dataclass(frozen=True)
class HeldMeeting:
    """One RMM of the past: begin and end in UTC, the day in London."""

    id: int
    area: str
    day: date
    begins: datetime
    ends: datetime


class Story:
    """A calendar of what will happen; an event may put further ones on it. Nothing happens after the present."""

    def __init__(self, county: County) -> None:
        self.county = county
        self._numbers = count()
        self._ahead: list[tuple[datetime, int, Event]] = []

    def at(self, moment: datetime, event: Event) -> None:
        """Let something happen at a moment (UTC). What lies after the present of the demonstration never does."""
        if moment < self.county.now:
            heapq.heappush(self._ahead, (moment, next(self._numbers), event))

    def on(self, day: date, wall_clock: time, event: Event) -> None:
        """Let something happen on a day at a London wall-clock time."""
        self.at(at_london(day, wall_clock), event)

    def tell(self) -> None:
        """Let everything happen in order, one transaction a day."""
        while self._ahead:
            today = london_date(self._ahead[0][0])
            with writing(self.county.sessions, OPERATOR) as session:
                while self._ahead and london_date(self._ahead[0][0]) == today:
                    moment, _, event = heapq.heappop(self._ahead)
                    event(session, moment)
                    session.flush()


def past_meetings(county: County) -> list[HeldMeeting]:
    """Give every RMM that must have been held by now, in order."""
    codes = {area_id: code for code, area_id in county.areas.items()}
    with reading(county.sessions, OPERATOR) as session:
        rows = session.execute(
            select(
                col(Meeting.id), col(Meeting.area_id), col(Meeting.held_on), col(Meeting.start_time),
                col(Meeting.minutes),
            )
            .where(col(Meeting.type) == MeetingType.RMM, col(Meeting.held_on) <= county.today)
            .order_by(col(Meeting.held_on), col(Meeting.id))
        ).all()  # fmt: skip
    held = []
    for row in rows:
        begins = at_london(row.held_on, row.start_time)
        ends = begins + timedelta(minutes=row.minutes)
        if ends < county.now:
            held.append(HeldMeeting(row.id or 0, codes[row.area_id or 0], row.held_on, begins, ends))
    return held


def announce_week_by_week(story: Story) -> None:
    """Let the nightly job announce the meetings that come within the horizon."""

    def announce(session: Session, moment: datetime) -> None:
        arranging.announce_due(session, SCHEDULER, moment, story.county.office)

    day = london_date(story.county.begins)
    while day <= story.county.today:
        story.on(day, time(5), announce)
        day += timedelta(days=7)
