"""The county’s list of each week: taken by the clock, and read by one of the two who hold it; the other is behind."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.demo.county import County
from meetings_app.demo.names import LIST_HOLDERS
from meetings_app.demo.story import Story
from meetings_app.partnership import WEEKDAYS
from meetings_app.permissions import SCHEDULER
from meetings_app.weekly_list.queries import changes_of, rows_of
from meetings_app.weekly_list.taking import take_list

_WEEK = timedelta(days=7)


def circulate_each_week(story: Story) -> None:
    """Let the list be taken on its day of each week, as the timetable does, and be opened in the two hours after.

    Whoever stands first among the list holders opens each one, the others each but the newest.
    """
    county, clock = story.county, story.county.office.partnership.clock
    first = london_date(county.begins)
    day = first + timedelta(days=(WEEKDAYS.index(clock.weekly_list_weekday) - first.weekday()) % 7)
    while day <= county.today:
        newest = day + _WEEK > county.today
        story.on(day, clock.weekly_list_time, _Week(story, LIST_HOLDERS[:1] if newest else LIST_HOLDERS))
        day += _WEEK


class _Week:
    """One week’s list and who opens it."""

    def __init__(self, story: Story, openers: tuple[str, ...]) -> None:
        self._story, self._openers = story, openers

    def __call__(self, session: Session, moment: datetime) -> None:
        """Take the list, and let it be opened later in the morning."""
        county: County = self._story.county
        taken = take_list(session, SCHEDULER, moment, county.office)
        if taken is None:
            return
        number, key = taken.number, taken.key

        def opened(later_session: Session, later: datetime) -> None:
            for who in self._openers:
                with county.acting(later_session, who) as by:
                    rows, said = rows_of(later_session, key), changes_of(later_session, key)
                    children = sorted({row.child_id for row in rows} | {change.child_id for change in said})
                    record(
                        later_session, by, later, EventKind.WEEKLY_LIST_VIEWED, number=number, shown=len(children),
                        children=children,
                    )  # fmt: skip

        self._story.at(moment + timedelta(hours=2), opened)
