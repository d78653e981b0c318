"""The agenda as people read it: each item as far as the reader may see it, and for chairs what to bear in mind."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.ages import age_notes, age_on
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.meetings import queries
from meetings_app.meetings.agenda import Draft
from meetings_app.meetings.models import Outcome
from meetings_app.meetings.publishing import BEFORE_PUBLISHING, agenda_of
from meetings_app.meetings.sections import DraftItem
from meetings_app.meetings.standing import clocks_at, lines_of, standing_of
from meetings_app.partnership.definitions import Partnership
from meetings_app.ratings.levels import rule_of
from meetings_app.ratings.models import Rating
from meetings_app.schedule.models import Meeting
from meetings_app.text import day_in_words

_HISTORY = 3
_AT_ONCE = 500
_IDS: Any = bindparam("ids", expanding=True)
# Built once each: building a statement costs several times what sending it does, and every agenda sends these.
_RATINGS = (
    select(col(Rating.child_id), col(Rating.rating), col(Rating.decided_on), col(Rating.provisional))
    .where(col(Rating.child_id).in_(_IDS))
    .order_by(col(Rating.child_id), col(Rating.id).desc())
)
_CHILDREN: Any = select(
    col(Child.id), col(Child.reference), col(Child.name), col(Child.born), col(Child.looked_after),
    col(Child.learning_disability),
).where(col(Child.id).in_(_IDS))  # fmt: skip


class AgendaRow(NamedTuple):
    """One item as a page or a document shows it; a stub has its number and nothing else."""

    number: str
    stub: bool = False
    child: str = ""
    name: str = ""
    age: int | None = None
    rating: str | None = None
    provisional: bool = False
    urgent: bool = False
    late: bool = False
    fits: bool = True
    minutes: int = 0
    reasons: tuple[str, ...] = ()
    outcome: Outcome | None = None
    history: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True)
class AgendaPart:
    """One heading of the agenda with its rows."""

    number: int
    key: str
    title: str
    rows: tuple[AgendaRow, ...]


@dataclass(frozen=True)
class AgendaView:
    """A whole agenda for one reader."""

    parts: tuple[AgendaPart, ...]
    agenda: Draft
    child_ids: tuple[int, ...]

    @property
    def items(self) -> int:
        """How many items there are, hidden ones included."""
        return sum(len(part.rows) for part in self.parts)


def agenda_view(
    session: Session, meeting: Meeting, configuration: Partnership, now: datetime, *, for_chair: bool
) -> AgendaView:
    """Give the agenda as it stands, narrowed to the session's reader; a chair also gets history and prompts."""
    agenda = agenda_of(session, meeting, configuration, now)
    children = _children(session, [item.child_id for item in agenda.items])
    history = _for_chair(session, meeting, children, configuration) if for_chair else {}
    states = {} if meeting.state in BEFORE_PUBLISHING else _states(session, meeting)
    seen = {item.number for item in agenda.items}
    parts = []
    for section in agenda.sections:
        rows = []
        for item in section.items:
            child = children.get(item.child_id)
            rows.append(
                AgendaRow(item.number, stub=True)
                if child is None
                else _row(item, child, meeting, configuration, states, history if for_chair else None)
            )
        rows += [
            AgendaRow(number, stub=True)
            for number, state in states.items()
            if state.stub and number not in seen and number.partition(".")[0] == str(section.number)
        ]
        ordered = sorted(rows, key=lambda row: tuple(int(part) for part in row.number.split(".")))
        parts.append(AgendaPart(section.number, section.key, section.title, tuple(ordered)))
    return AgendaView(tuple(parts), agenda, tuple(children))


def _for_chair(
    session: Session, meeting: Meeting, child_ids: Collection[int], configuration: Partnership
) -> dict[int, list[str]]:
    """Give the last ratings of each child, then where the child stands with the assessment tools, as sentences."""
    history = history_of(session, child_ids, configuration)
    standing = standing_of(session, child_ids, clocks_at(meeting, configuration))
    for child_id, where in standing.items():
        history[child_id] = [*history.get(child_id, ()), *lines_of(where, meeting.held_on)]
    return history


def history_of(session: Session, child_ids: Collection[int], configuration: Partnership) -> dict[int, list[str]]:
    """Give the last ratings of each child as sentences, newest first."""
    lines: defaultdict[int, list[str]] = defaultdict(list)
    ids = sorted(child_ids)
    for start in range(0, len(ids), _AT_ONCE):
        rows = session.execute(_RATINGS, {"ids": ids[start : start + _AT_ONCE]})
        for row in rows:
            if len(lines[row.child_id]) < _HISTORY:
                label = rule_of(row.rating, configuration.ratings.ratings).label
                mark = ", provisional" if row.provisional else ""
                lines[row.child_id].append(f"{label}{mark}, decided {day_in_words(row.decided_on)}")
    return lines


def prompts_for(child: Any, meeting: Meeting, configuration: Partnership) -> tuple[str, ...]:
    """Give what the meeting must bear in mind because of the child's age or a learning disability."""
    notes = age_notes(
        child.born, max(meeting.held_on, child.born), configuration.ratings,
        looked_after=child.looked_after is YesNoUnknown.YES,
        learning_disability=child.learning_disability is YesNoUnknown.YES,
    )  # fmt: skip
    return tuple(note.text for note in notes)


def _row(
    item: DraftItem, child: Any, meeting: Meeting, configuration: Partnership, states: dict[str, Any], history: Any
) -> AgendaRow:
    state = states.get(item.number)
    return AgendaRow(
        number=item.number, child=child.reference, name=child.name,
        age=age_on(child.born, max(meeting.held_on, child.born)),
        rating=item.rating.value if item.rating else None, provisional=item.provisional, urgent=item.urgent,
        late=item.late, fits=item.fits, minutes=item.minutes, reasons=tuple(reason.text for reason in item.reasons),
        outcome=state.outcome if state else None,
        history=tuple(history[child.id]) if history is not None else (),
        prompts=prompts_for(child, meeting, configuration) if history is not None else (),
    )  # fmt: skip


def _states(session: Session, meeting: Meeting) -> dict[str, queries.ItemState]:
    return {state.number: state for state in queries.item_states(session, meeting.key)}


def _children(session: Session, child_ids: list[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    ids = sorted(child_ids)
    for start in range(0, len(ids), _AT_ONCE):
        rows: Any = session.execute(_CHILDREN, {"ids": ids[start : start + _AT_ONCE]})
        found.update({row.id: row for row in rows})
    return found
