"""The assessments of the demonstration: what is ticked is drawn by lot, near the rating that the child has."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.cse_list.models import ListEntry
from meetings_app.db.session import reading
from meetings_app.demo import assessment_words as words
from meetings_app.demo.assessing import Assesses, Follows, RefersWithAssessment, StartsDraft
from meetings_app.demo.county import County
from meetings_app.demo.story import Story
from meetings_app.partnership import ToolDefinition
from meetings_app.partnership.values import RatingCode
from meetings_app.permissions import OPERATOR

TOOLS = ("seraf",) * 50 + ("kent-medway",) * 18 + ("cse1",) * 10 + ("surrey",) * 12
"""The tool of each child who has a finished assessment."""

_HISTORIES = 14
_LEVELS: tuple[RatingCode, ...] = ("none", "low", "medium", "high")
_ROUND = timedelta(days=84)
_NO_LEVEL = {"kent-medway", "cse1"}
# How many indicators of each tier, from the lowest tier on, make about this level.
_TICKS: dict[str, dict[RatingCode, tuple[int, ...]]] = {
    "seraf": {"none": (3, 1, 0), "low": (4, 3, 0), "medium": (4, 4, 1), "high": (4, 5, 2)},
    "kent-medway": {"low": (3, 0, 0), "medium": (3, 3, 0), "high": (2, 4, 2)},
    "cse1": {"low": (1, 0, 0), "medium": (1, 2, 0), "high": (1, 2, 2)},
    "surrey": {"none": (1, 1, 0, 0), "low": (2, 2, 0, 0), "medium": (2, 3, 2, 0), "high": (2, 3, 2, 2)},
}


@dataclass(frozen=True)
class _Listed:
    """A child on the list as the story begins, with the part before the @ of who assesses the child."""

    id: int
    level: RatingCode
    who: str


class Assessments:
    """Puts every assessment on the calendar of the story."""

    def __init__(self, story: Story) -> None:
        self._story, self._county = story, story.county
        # A lot of its own: what else happens in the county does not change by it.
        self._chance = Random(20143)  # noqa: S311 # The same assessments each time, no secret.

    def plan(self) -> None:
        """Let some 90 children be assessed, one draft be begun, one clock run, and one referral carry an assessment."""
        listed = _listed(self._county)
        self._chance.shuffle(listed)
        others = [child for child in listed if child.who == "lead"][:2]
        assessed = [child for child in listed if child not in others][: len(TOOLS)]
        for place, (tool, child) in enumerate(zip(TOOLS, assessed, strict=True)):
            for moment, assesses in self._of_child(place, tool, child):
                self._story.at(moment, assesses)
        now = self._county.now
        self._story.at(now - timedelta(hours=26), StartsDraft(self._story, others[0].id, others[0].who, "seraf"))
        clock = self._assesses(others[1], "seraf", "medium", london_date(now - timedelta(hours=2)), Follows())
        clock.concern_received_at = now - timedelta(hours=5)
        self._story.at(now - timedelta(hours=2), clock)
        answers = self._answers(self._tool("kent-medway"), "medium")
        self._story.at(now - timedelta(minutes=90), RefersWithAssessment(self._story, answers))

    def _of_child(self, place: int, tool: str, child: _Listed) -> Iterator[tuple[datetime, Assesses]]:
        """Give the assessments of one child: the earlier ones were on paper and are entered in the first week."""
        county, begins = self._county, self._county.begins
        day = county.office.calendar.add_working_days(county.today, -self._chance.randrange(1, 24))
        if place < _HISTORIES:
            rounds = 2 + place % 2 - 1
            for number in range(rounds, 0, -1):
                level = _near(self._chance, child.level)
                moment = begins + timedelta(days=1, hours=place % 8, minutes=10 * (3 - number))
                yield moment, self._assesses(child, tool, level, day - number * _ROUND, Follows(decides=True))
        elif place < _HISTORIES + 3:
            # Assessed long ago, and not again since: the next use of the tool is overdue.
            moment = begins + timedelta(days=2, hours=place % 8)
            yield moment, self._assesses(child, tool, child.level, county.today - timedelta(days=100), _ANSWERED)
            return
        self_made = _OPEN if place % 6 == 0 else _ANSWERED
        at = datetime.combine(day, time(9 + place % 7, 15), begins.tzinfo)
        yield at, self._assesses(child, tool, child.level, day, self_made)

    def _assesses(self, child: _Listed, tool: str, level: RatingCode, assessed_on: date, follows: Follows) -> Assesses:
        level = "low" if level == "none" and tool in _NO_LEVEL else level
        answers = self._answers(self._tool(tool), level)
        return Assesses(self._story, child.id, child.who, tool, assessed_on, answers, follows)

    def _tool(self, code: str) -> ToolDefinition:
        return next(tool for tool in self._county.office.partnership.tools if tool.code == code)

    def _answers(self, tool: ToolDefinition, level: RatingCode) -> dict[str, Any]:
        """Draw answers that come to about this level; a tool that is judged is told it."""
        ticks = [
            self._tick(tool, indicator.code)
            for tier, count in zip(tool.tiers, _TICKS[tool.code][level], strict=True)
            for indicator in self._chance.sample(tier.indicators, count)
        ]
        judged = {"level": level} if tool.method == "judged" else {}
        return {
            "learning_disability": False, "disability": False, "indicators": ticks,
            "other_factors": [self._chance.choice(words.OTHER_FACTORS)] if self._chance.random() < 0.3 else [],
            "headings": {heading.key: words.HEADINGS[heading.key] for heading in tool.headings}, **judged,
        }  # fmt: skip

    def _tick(self, tool: ToolDefinition, code: str) -> dict[str, Any]:
        asked = {question.key: question.choices[0].code for question in tool.tier_of[code].questions}
        return {"code": code, "when": ["current"], "evidence": self._chance.choice(words.EVIDENCE), **asked}


_ANSWERED = Follows(decides=True, answers_flags=True, takes_up=2, declines=1)
_OPEN = Follows(decides=True)


def _near(chance: Random, level: RatingCode) -> RatingCode:
    """Give the level or one beside it, as it was some months before."""
    place = _LEVELS.index(level) + chance.choice((-1, 0, 1))
    return _LEVELS[min(max(place, 0), len(_LEVELS) - 1)]


def _listed(county: County) -> list[_Listed]:
    """Give the children of the first list; their lead professional assesses them, or else the coordinator."""
    accounts = {person.account_id: who for who, person in county.people.items()}
    with reading(county.sessions, OPERATOR) as session:
        return [
            _Listed(row.id, row.current_rating.value, accounts.get(row.lead_professional_id, "coordinator"))
            for row in _rows(session)
        ]


def _rows(session: Session) -> Any:
    return session.execute(
        select(col(Child.id), col(Child.lead_professional_id), col(ListEntry.current_rating))
        .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
        .order_by(col(Child.id))
    )
