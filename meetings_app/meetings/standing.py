"""Where children stand with the assessment tools: the last results, when each is due, and what is still to be answered.

Read for all the children of a page at once. The results stand beside the rating and never set it (SG).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.assessments.due import Due, when_in_words
from meetings_app.assessments.models import Assessment, AssessmentFlag
from meetings_app.assessments.queries import is_finished, kept_tools
from meetings_app.assessments.recommended_queries import last_of_each_tool
from meetings_app.assessments.rules import flag_texts
from meetings_app.assessments.words import LEVELS, result_in_words
from meetings_app.db.asked_once import asked_once
from meetings_app.meetings.reassessments import Clocks, due_of_children
from meetings_app.partnership import Partnership
from meetings_app.ratings.levels import RiskRating
from meetings_app.schedule.models import Meeting
from meetings_app.text import day_in_words

_AT_ONCE = 500
_OF_CHILDREN = col(Assessment.child_id).in_(bindparam("children", expanding=True))


def _last_results() -> Any:
    """Select the last finished assessment of each child with each tool, the newest first."""
    order = sa.func.row_number().over(
        partition_by=(col(Assessment.child_id), col(Assessment.tool_code)),
        order_by=(col(Assessment.assessed_on).desc(), col(Assessment.id).desc()),
    )
    rows: Any = (
        select(
            col(Assessment.id), col(Assessment.child_id), col(Assessment.reference), col(Assessment.tool_file),
            col(Assessment.tool_number), col(Assessment.category), col(Assessment.score), col(Assessment.level),
            col(Assessment.assessed_on), col(Assessment.reassess_by), order.label("place"),
        )
        .where(_OF_CHILDREN, is_finished())
        .subquery("results")
    )  # fmt: skip
    return select(*rows.c).where(rows.c.place == 1).order_by(rows.c.assessed_on.desc(), rows.c.id.desc())


# Built once each, for every page beside a child sends them.
_RESULTS = _last_results()
_OPEN_FLAGS: Any = (
    select(
        col(Assessment.child_id), col(Assessment.reference), col(Assessment.tool_file), col(Assessment.tool_number),
        col(AssessmentFlag.code),
    )
    .join(AssessmentFlag, col(AssessmentFlag.assessment_id) == col(Assessment.id))
    .where(_OF_CHILDREN, is_finished(), col(AssessmentFlag.answered_at).is_(None))
    .order_by(col(AssessmentFlag.id))
)  # fmt: skip

_OF_CHILD = col(Assessment.child_id) == bindparam("child")
_LAST_ASSESSED: Any = select(
    select(sa.func.max(col(Assessment.assessed_on))).where(_OF_CHILD, is_finished()).scalar_subquery().label("on"),
    select(col(Assessment.level))
    .where(_OF_CHILD, is_finished(), col(Assessment.level).is_not(None))
    .order_by(col(Assessment.assessed_on).desc(), col(Assessment.id).desc())
    .limit(1)
    .scalar_subquery()
    .label("level"),
)


@dataclass(frozen=True)
class LastResult:
    """The last finished assessment with one tool."""

    reference: str
    tool: str
    words: str
    level: str | None
    assessed_on: date
    reassess_by: date | None

    @property
    def sentence(self) -> str:
        """The result with its tool and date, on one line."""
        return f"{self.tool}, {day_in_words(self.assessed_on)}: {self.words}"


@dataclass(frozen=True)
class OpenFlag:
    """Something that an assessment asks for and nobody has answered."""

    reference: str
    code: str
    text: str


class Standing(NamedTuple):
    """Where one child stands; `results` holds the last of each tool, the newest first."""

    results: tuple[LastResult, ...] = ()
    due: tuple[Due, ...] = ()
    flags: tuple[OpenFlag, ...] = ()

    def due_lines(self, today: date) -> list[str]:
        """Say why the child is due and by when, one line a reason."""
        return [f"Assessment {when_in_words(due, today)}: {due.text}" for due in self.due]

    def differs(self, rating: str | None) -> str:
        """Say which last results read as another level than the rating; nothing where they agree (SG)."""
        others = [each for each in self.results if each.level is not None and each.level != rating]
        if rating is None or not others:
            return ""
        said = "; ".join(f"{each.tool} reads as {LEVELS[each.level or '']}" for each in others)
        return f"The tool’s level differs from the rating: {said}"


def clocks_at(meeting: Meeting, partnership: Partnership) -> Clocks:
    """Give what the rule of due assessments goes by on the day of a meeting, which would hear the closure itself."""
    days = {meeting.area_id: meeting.held_on} if meeting.area_id is not None else {}
    return Clocks(meeting.held_on, partnership.ratings.closure.reassessed_within_days, lambda: days)


def standing_of(session: Session, child_ids: Collection[int], clocks: Clocks) -> Mapping[int, Standing]:
    """Give where each of some children stands, in the actor's scope; in a fixed number of statements a page."""
    ids = sorted(child_ids)
    # What is asked about one child goes by these rows in other parts of the page too.
    results = last_of_each_tool(session, ids[0]) if len(ids) == 1 else _each_part(session, _RESULTS, ids)
    # Only what was finished has flags, so whoever has no result has none either.
    flags = _each_part(session, _OPEN_FLAGS, sorted({row.child_id for row in results}))
    kept = [(row.tool_file, row.tool_number) for row in (*results, *flags)]
    tools = kept_tools(session, kept)
    due = due_of_children(session, ids, clocks)
    last: defaultdict[int, list[LastResult]] = defaultdict(list)
    asked: defaultdict[int, list[OpenFlag]] = defaultdict(list)
    for row in results:
        tool = tools[row.tool_file, row.tool_number]
        said = result_in_words(tool, row.category, row.score)
        last[row.child_id].append(
            LastResult(row.reference, tool.name, said, row.level, row.assessed_on, row.reassess_by)
        )
    for row in flags:
        text = flag_texts(tools[row.tool_file, row.tool_number]).get(row.code, row.code)
        asked[row.child_id].append(OpenFlag(row.reference, row.code, text))
    return {
        child: Standing(tuple(last.get(child, ())), due.get(child, ()), tuple(asked.get(child, ())))
        for child in ids
        if child in last or child in due
    }


@dataclass(frozen=True)
class LastAssessed:
    """The day of a child's newest finished assessment, and the level of the newest that reads as one."""

    on: date | None
    level: RiskRating | None


@asked_once
def last_assessed(session: Session, child_id: int) -> LastAssessed:
    """Give when a child was last assessed, and the level that stands since; None where there is none."""
    row: Any = session.execute(_LAST_ASSESSED, {"child": child_id}).one()
    return LastAssessed(row.on, RiskRating(row.level) if row.level else None)


def last_level(session: Session, child_id: int) -> RiskRating | None:
    """Give the level of the child's newest finished assessment that reads as one; None where there is none."""
    return last_assessed(session, child_id).level


def lines_of(standing: Standing, today: date) -> list[str]:
    """Say on few lines where a child stands, for whoever prepares the meeting."""
    results = [result.sentence for result in standing.results]
    # Two assessments may ask for the same thing, which is to be done once.
    asked = dict.fromkeys(f"To answer: {flag.text}" for flag in standing.flags)
    return [*results, *standing.due_lines(today), *asked]


def _each_part(session: Session, statement: Any, ids: Sequence[int]) -> list[Any]:
    """Send a statement about `children` for so many of them at once as a database takes."""
    found: list[Any] = []
    for start in range(0, len(ids), _AT_ONCE):
        found += session.execute(statement, {"children": ids[start : start + _AT_ONCE]}).all()
    return found
