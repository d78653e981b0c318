"""What a rating asks for: a strategy discussion that is held, or a named manager's reason why not (`domain.md`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.children.ages import age_on
from meetings_app.children.models import Child
from meetings_app.permissions import Actor
from meetings_app.ratings.levels import rule_of
from meetings_app.ratings.models import Rating
from meetings_app.ratings.rules import due_dates
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.strategy.models import DiscussionState
from meetings_app.strategy.queries import discussions_of_all, run_began_at
from meetings_app.strategy.rules import About, compulsory
from meetings_app.strategy.service import Asked, references, request

ASKED_BY_RATING = ("held_or_reason", "considered")


def request_after_ratings(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting,
    rated: Sequence[tuple[Child, Rating]], so_far: Mapping[int, Sequence[Any]],
) -> None:  # fmt: skip
    """Ask for what each rating, or the child's age, makes compulsory, unless one on record answers it.

    The meeting has heard what it knew before; `so_far` are the ratings that a child had before, the newest first. What
    answers is one still to be held, one whose outcome this meeting heard, or one recorded since the child has had this
    rating; a manager's reason only where it names the rating. In a fixed number of reads.
    """
    known = discussions_of_all(session, [child.key for child, _ in rated])
    asked = [
        (child, decided, named)
        for child, decided in rated
        if (named := _compulsory(office, meeting, child, decided, so_far.get(child.key, ()), known.get(child.key, ())))
    ]
    unused, rules = references(session, len(asked)), office.partnership.ratings
    for (child, decided, named), reference in zip(asked, unused, strict=True):
        due_on = due_dates(decided.rating, meeting.held_on, rules.ratings, office.calendar).strategy_discussion
        request(
            session, by, now, office, child, Asked(named, f"Decided at {meeting.reference}"), meeting_id=meeting.key,
            due_on=due_on, reference=reference,
        )  # fmt: skip


def _compulsory(
    office: Office, meeting: Meeting, child: Child, decided: Rating, so_far: Sequence[Any], known: Sequence[Any]
) -> list[str]:
    """Give the codes of what is compulsory and that nothing `known` answers."""
    rules, age = office.partnership.ratings, age_on(child.born, max(meeting.held_on, child.born))
    asks = rule_of(decided.rating, rules.ratings).strategy_discussion in ASKED_BY_RATING
    began = run_began_at([decided, *so_far]) or decided.recorded_at
    return [
        code for code in compulsory(decided.rating, age, rules.strategy, by_rating=asks)
        if not any(_answers(each, {code}, began, meeting.key) for each in known)
    ]  # fmt: skip


def _answers(discussion: Any, named: set[str], began: datetime, meeting_id: int) -> bool:
    if discussion.about is not About.CHILD:
        return False
    if discussion.state is DiscussionState.REQUESTED:
        return True
    heard_now = discussion.heard_at_meeting_id in (None, meeting_id)
    recorded_since = discussion.recorded_at is not None and discussion.recorded_at >= began
    counts = discussion.state is DiscussionState.HELD or bool(named & set(discussion.triggers))
    return counts and (heard_now or recorded_since)
