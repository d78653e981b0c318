"""What a rating asks for: a strategy discussion that is held, or a named manager's reason why not (`domain.md`)."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.children.ages import age_on
from meetings_app.children.models import Child
from meetings_app.permissions import Actor
from meetings_app.ratings.levels import rule_of
from meetings_app.ratings.models import Rating
from meetings_app.ratings.queries import ratings_of
from meetings_app.ratings.rules import due_dates
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.strategy.models import DiscussionState, StrategyDiscussion
from meetings_app.strategy.queries import discussions_of, run_began_at
from meetings_app.strategy.rules import About, compulsory
from meetings_app.strategy.service import Asked, request

ASKED_BY_RATING = ("held_or_reason", "considered")


def request_after_rating(
    session: Session, by: Actor, now: datetime, office: Office, child: Child, decided: Rating, meeting: Meeting
) -> StrategyDiscussion | None:
    """Ask for what a rating, or a child's age, makes compulsory, unless one on record answers it; gives what it made.

    The meeting has heard what it knew before. What answers is one still to be held, one whose outcome this meeting
    heard, or one recorded since the child has had this rating; a manager's reason only where it names the rating.
    """
    rules = office.partnership.ratings
    age = age_on(child.born, max(meeting.held_on, child.born))
    asks = rule_of(decided.rating, rules.ratings).strategy_discussion in ASKED_BY_RATING
    began = run_began_at(ratings_of(session, child.key)) or decided.recorded_at
    known = discussions_of(session, child.key)
    named = [
        code for code in compulsory(decided.rating, age, rules.strategy, by_rating=asks)
        if not any(_answers(each, {code}, began, meeting.key) for each in known)
    ]  # fmt: skip
    if not named:
        return None
    asked = Asked(named, f"Decided at {meeting.reference}")
    due_on = due_dates(decided.rating, meeting.held_on, rules.ratings, office.calendar).strategy_discussion
    return request(session, by, now, office, child, asked, meeting_id=meeting.key, due_on=due_on)


def _answers(discussion: Any, named: set[str], began: datetime, meeting_id: int) -> bool:
    if discussion.about is not About.CHILD:
        return False
    if discussion.state is DiscussionState.REQUESTED:
        return True
    heard_now = discussion.heard_at_meeting_id in (None, meeting_id)
    recorded_since = discussion.recorded_at is not None and discussion.recorded_at >= began
    counts = discussion.state is DiscussionState.HELD or bool(named & set(discussion.triggers))
    return counts and (heard_now or recorded_since)
