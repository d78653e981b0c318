"""What waits for somebody after, or before, an assessment: each part is counted and read by the same conditions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.assessment_record.clock import decision_clock
from meetings_app.assessments.due import when_in_words
from meetings_app.assessments.models import Assessment, AssessmentDecision, AssessmentFlag, AssessmentState
from meetings_app.assessments.queries import kept_tools
from meetings_app.assessments.rules import flag_texts
from meetings_app.children.models import Child
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings.reassessments import Clocks, due_child, due_statement
from meetings_app.permissions import Actor
from meetings_app.text import capital_first
from meetings_app.web.filters import moment as moment_in_words

PAGE = 50
_LONGEST_NUMBER = 18
MOST_COUNTED = 1_000
"""Beyond this a page says “more than 1,000”, so that counting costs the same however many wait."""


class Show(StrEnum):
    """The parts of the page."""

    DRAFTS = "drafts"
    DECISIONS = "decisions"
    FLAGS = "flags"
    DUE = "due"


@dataclass(frozen=True)
class WorkView:
    """Which part is shown, and whether only what follows from the person's own assessments."""

    show: Show
    mine: bool = False

    @property
    def address(self) -> str:
        """The address of the page that shows exactly these rows."""
        return f"/assessments?show={self.show.value}{'&whose=mine' if self.mine else ''}"


@dataclass(frozen=True)
class Moment:
    """What the parts go by: the moment, the rule of what is due, and the hours in which it is decided."""

    now: datetime
    clocks: Clocks
    decision_hours: int


@dataclass(frozen=True)
class WorkRow:
    """One thing that waits. The child's reference is empty where the person may not see the record."""

    name: str
    child_reference: str
    child_id: int
    href: str
    title: str
    what: str
    when: str
    late: bool = False


@dataclass(frozen=True)
class WorkPage:
    """Up to 50 rows, and where the next page begins, if there is one."""

    rows: Sequence[WorkRow]
    after: str = ""


@dataclass(frozen=True)
class _Reading:
    """How a part is read: the statement, the two columns of its key, and how its rows are printed."""

    statement: Any
    at: Any
    id: Any
    printed: Callable[[Session, Sequence[Any]], list[WorkRow]]


def count_of(by: Actor, view: WorkView, moment: Moment) -> sa.ScalarSelect[int]:
    """Give the number of a part as a piece of a statement, so that a page asks for all its numbers at once."""
    reading = _READINGS[view.show](by, view, moment)
    narrow = reading.statement.with_only_columns(reading.id).limit(MOST_COUNTED + 1).subquery()
    return select(sa.func.count()).select_from(narrow).scalar_subquery()


def read(session: Session, by: Actor, view: WorkView, moment: Moment, after: str = "") -> WorkPage:
    """Give up to 50 rows of a part that come after the place `after`, what has waited longest first."""
    reading = _READINGS[view.show](by, view, moment)
    statement = reading.statement.add_columns(reading.at.label("key_at"), reading.id.label("key_id"))
    place = _place(after, reading.at)
    if place is not None:
        here = sa.tuple_(
            *(sa.literal(value, key.type) for value, key in zip(place, (reading.at, reading.id), strict=True))
        )
        statement = statement.where(sa.tuple_(reading.at, reading.id) > here)
    found: Sequence[Any] = session.execute(statement.order_by(reading.at, reading.id).limit(PAGE + 1)).all()
    rows = found[:PAGE]
    return WorkPage(reading.printed(session, rows), _mark(rows[-1]) if len(found) > PAGE else "")


def _mark(row: Any) -> str:
    at = row.key_at
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat() if isinstance(at, datetime) else at.isoformat()
    return f"{text}~{row.key_id}"


def _place(after: str, at: Any) -> tuple[Any, int] | None:
    """Read where the page goes on; what is no such place begins at the first row."""
    text, _, number = after.partition("~")
    if not (number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        return None
    try:
        if isinstance(at.type, sa.Date):
            return date.fromisoformat(text), int(number)
        return datetime.fromisoformat(text).replace(tzinfo=UTC), int(number)
    except ValueError:
        return None


def _assessments() -> Any:
    """Select what every row about an assessment shows; the child's reference is empty where the record is hidden."""
    return select(
        col(Assessment.reference), col(Assessment.child_id), col(Assessment.child_name), col(Assessment.tool_file),
        col(Assessment.tool_number), col(Assessment.state), col(Assessment.started_at),
        col(Assessment.concern_received_at), col(Child.reference).label("child_reference"), col(Child.name),
    ).outerjoin(Child, col(Child.id) == col(Assessment.child_id))  # fmt: skip


def _own(by: Actor) -> Any:
    return col(Assessment.started_by_id) == by.account_id


def _drafts(by: Actor, _view: WorkView, _moment: Moment) -> _Reading:
    """Drafts that the person started, the oldest first."""
    statement = _assessments().where(_own(by), col(Assessment.state) == sa.literal_column("'draft'"))

    def printed(session: Session, rows: Sequence[Any]) -> list[WorkRow]:
        tools = _tools(session, rows)
        return [_row(row, tools, "A draft to finish", moment_in_words(row.started_at)) for row in rows]

    return _Reading(statement, col(Assessment.started_at), col(Assessment.id), printed)


def _decisions(by: Actor, view: WorkView, moment: Moment) -> _Reading:
    """Assessments after which nothing is decided yet (SG, SUR), what waited longest first.

    Those on a concern whose 24 hours run or are over, drafts among them; and finished ones of a child whom no list
    holds. Where a listed child is assessed again the RMM hears of it anyway, and what was made before a stay on the
    list ended does not come back with its end.
    """
    decided = (
        select(sa.literal(1)).where(col(AssessmentDecision.assessment_id) == col(Assessment.id)).correlate(Assessment)
    )
    listed = (
        select(sa.literal(1))
        .where(
            col(ListEntry.child_id) == col(Assessment.child_id),
            sa.or_(is_live(), col(ListEntry.closed_on) > col(Assessment.assessed_on)),
        )
        .correlate(Assessment)
    )
    statement = _assessments().where(
        sa.or_(
            col(Assessment.concern_received_at).is_not(None) & (col(Assessment.state) != AssessmentState.DISCARDED),
            (col(Assessment.state) == AssessmentState.FINISHED) & ~listed.exists(),
        ),
        ~decided.exists(),
        *([_own(by)] if view.mine else []),
    )

    def printed(session: Session, rows: Sequence[Any]) -> list[WorkRow]:
        tools, shown = _tools(session, rows), []
        for row in rows:
            clock = decision_clock(row.concern_received_at, moment.now, moment.decision_hours)
            draft = row.state is AssessmentState.DRAFT
            what = "Finish the assessment and decide what follows" if draft else "Decide what follows"
            when = clock.text if clock else f"Started {moment_in_words(row.started_at)}"
            shown.append(_row(row, tools, what, when, late=bool(clock and clock.over)))
        return shown

    since = sa.func.coalesce(col(Assessment.concern_received_at), col(Assessment.started_at))
    return _Reading(statement, since, col(Assessment.id), printed)


def _flags(by: Actor, view: WorkView, _moment: Moment) -> _Reading:
    """Flags that nobody has answered."""
    statement = (
        _assessments()
        .add_columns(col(AssessmentFlag.code), col(AssessmentFlag.raised_at))
        .join(AssessmentFlag, col(AssessmentFlag.assessment_id) == col(Assessment.id))
        .where(col(AssessmentFlag.answered_at).is_(None), *([_own(by)] if view.mine else []))
    )

    def printed(session: Session, rows: Sequence[Any]) -> list[WorkRow]:
        tools, shown = _tools(session, rows), []
        for row in rows:
            what = flag_texts(tools[row.tool_file, row.tool_number]).get(row.code, row.code)
            shown.append(_row(row, tools, what, moment_in_words(row.raised_at), f"/flags/{row.code}"))
        return shown

    return _Reading(statement, col(AssessmentFlag.raised_at), col(AssessmentFlag.id), printed)


def _due(by: Actor, _view: WorkView, moment: Moment) -> _Reading:
    """Children on the list who are due to be assessed."""
    statement, due_on, entry_id = due_statement(by, moment.clocks)

    def printed(_session: Session, rows: Sequence[Any]) -> list[WorkRow]:
        return [_due_row(row, moment.clocks) for row in rows]

    return _Reading(statement, due_on, entry_id, printed)


def _due_row(row: Any, clocks: Clocks) -> WorkRow:
    child = due_child(row, clocks)
    when = when_in_words(child.reasons[0], clocks.today)
    return WorkRow(
        child.name, child.reference, child.child_id, f"/children/{child.reference}/assessments/new",
        f"Assess {child.reference}", ". ".join(reason.text for reason in child.reasons), capital_first(when),
        late=child.due_on < clocks.today,
    )  # fmt: skip


def _tools(session: Session, rows: Sequence[Any]) -> Any:
    return kept_tools(session, [(row.tool_file, row.tool_number) for row in rows])


def _row(row: Any, tools: Any, what: str, when: str, below: str = "", *, late: bool = False) -> WorkRow:
    tool = tools[row.tool_file, row.tool_number]
    return WorkRow(
        row.name or row.child_name, row.child_reference or "", row.child_id, f"/assessments/{row.reference}{below}",
        f"{tool.name}, {row.reference}", what, when, late=late,
    )  # fmt: skip


_READINGS: dict[Show, Callable[[Actor, WorkView, Moment], _Reading]] = {
    Show.DRAFTS: _drafts,
    Show.DECISIONS: _decisions,
    Show.FLAGS: _flags,
    Show.DUE: _due,
}
