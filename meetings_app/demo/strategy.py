"""What comes of the strategy discussions that a meeting asked for: most are held, some a manager decides against."""

from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.clock import london_date
from meetings_app.demo import words
from meetings_app.demo.story import Story
from meetings_app.strategy.models import StrategyDiscussion
from meetings_app.strategy.queries import is_open
from meetings_app.strategy.service import Held, NotHeld, record_held, record_not_held

_WORKING_DAYS = (1, 1, 1, 2)
"""How long after the meeting it is recorded; the last of these is late."""


def plan_outcomes(session: Session, story: Story, meeting_id: int) -> None:
    """Let what came of each discussion that a meeting asked for be recorded in the days after it."""
    asked = session.scalars(
        select(StrategyDiscussion).where(col(StrategyDiscussion.asked_at_meeting_id) == meeting_id, is_open())
    )
    for discussion in asked:
        wait = _WORKING_DAYS[discussion.key % len(_WORKING_DAYS)]
        on = story.county.office.calendar.add_working_days(london_date(discussion.asked_at), wait)
        story.on(on, time(15, 10), Records(story, discussion.key))


class Records:
    """The coordinator records what came of a discussion."""

    def __init__(self, story: Story, discussion_id: int) -> None:
        self._county, self._discussion_id = story.county, discussion_id

    def __call__(self, session: Session, moment: datetime) -> None:
        """Record that it was held, every seventh time without health; every fifth time, why it is not held."""
        discussion = session.get_one(StrategyDiscussion, self._discussion_id)
        today, number = london_date(moment), self._discussion_id
        with self._county.acting(session, "coordinator") as coordinator:
            if number % 5 == 0:
                said = NotHeld(today, words.STRATEGY_MANAGER, words.STRATEGY_NOT_HELD)
                record_not_held(session, coordinator, moment, self._county.office, discussion, said)
                return
            took_part = dict(words.STRATEGY_TOOK_PART)
            if number % 7 == 0:
                del took_part["health"]
            held = Held(
                today, took_part, missing_reason=words.STRATEGY_WITHOUT_HEALTH if number % 7 == 0 else "",
                outcome=words.STRATEGY_OUTCOME, actions=words.STRATEGY_ACTIONS,
            )  # fmt: skip
            record_held(session, coordinator, moment, self._county.office, discussion, held)
