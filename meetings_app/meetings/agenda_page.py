"""The agenda as people read it: each item as far as the reader may see it, and for chairs what to bear in mind."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.ages import TransitionStep, after_months, age_notes, age_on
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.children.transition import recorded_kinds
from meetings_app.meetings import queries
from meetings_app.meetings.agenda import Draft
from meetings_app.meetings.minutes_earlier import EarlierMinutes, earlier_minutes
from meetings_app.meetings.models import Outcome
from meetings_app.meetings.publishing import BEFORE_PUBLISHING, agenda_of
from meetings_app.meetings.sections import DraftItem
from meetings_app.meetings.standing import clocks_at, lines_of, standing_of
from meetings_app.partnership.definitions import Partnership
from meetings_app.ratings.levels import rule_of
from meetings_app.ratings.models import Rating, RiskRating
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
# In the order of the fields of `_Child`.
_CHILDREN: Any = select(
    col(Child.id), col(Child.reference), col(Child.name), col(Child.born), col(Child.looked_after),
    col(Child.learning_disability),
).where(col(Child.id).in_(_IDS))  # fmt: skip


class _Child(NamedTuple):
    """A child as far as an agenda tells of it."""

    id: int
    reference: str
    name: str
    born: date
    looked_after: YesNoUnknown
    learning_disability: YesNoUnknown


class _ForChair(NamedTuple):
    """What a chair is told of one child besides."""

    history: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()


_NOTHING_MORE = _ForChair()


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
    earlier: tuple[EarlierMinutes, ...] = ()

    @property
    def items(self) -> int:
        """How many items there are, hidden ones included."""
        return sum(len(part.rows) for part in self.parts)

    @property
    def whole(self) -> bool:
        """Whether the reader may see every item."""
        return not any(row.stub for part in self.parts for row in part.rows)


def agenda_view(
    session: Session, meeting: Meeting, configuration: Partnership, now: datetime, *, for_chair: bool
) -> AgendaView:
    """Give the agenda as it stands, narrowed to the session's reader; a chair also gets history and prompts."""
    agenda = agenda_of(session, meeting, configuration, now)
    children = _children(session, [item.child_id for item in agenda.items])
    for_chairs = _for_chair(session, meeting, children, configuration) if for_chair else {}
    outcomes = {} if meeting.state in BEFORE_PUBLISHING else queries.outcomes_of(session, meeting.key)
    hidden = outcomes.keys() - {item.number for item in agenda.items}
    held_on, parts = meeting.held_on, []
    for section in agenda.sections:
        rows = [
            _row(item, child, held_on, outcomes.get(item.number), for_chairs.get(child.id, _NOTHING_MORE))
            if (child := children.get(item.child_id))
            else AgendaRow(item.number, stub=True)
            for item in section.items
        ]
        stubs = [number for number in hidden if number.partition(".")[0] == str(section.number)]
        if stubs:
            rows += [AgendaRow(number, stub=True) for number in stubs]
            rows.sort(key=lambda row: tuple(int(part) for part in row.number.split(".")))
        parts.append(AgendaPart(section.number, section.key, section.title, tuple(rows)))
    return AgendaView(tuple(parts), agenda, tuple(children), earlier_minutes(session, meeting))


def _for_chair(
    session: Session, meeting: Meeting, children: Mapping[int, _Child], configuration: Partnership
) -> dict[int, _ForChair]:
    """Give for each child the last ratings, then where the child stands with the assessment tools, and the prompts."""
    history = history_of(session, children, configuration)
    standing = standing_of(session, children, clocks_at(meeting, configuration))
    held_on = meeting.held_on
    for child_id, where in standing.items():
        history[child_id] = [*history.get(child_id, ()), *lines_of(where, held_on)]
    # Nobody younger is asked about steps towards adult services.
    grown = after_months(held_on, -12 * configuration.ratings.ages.transition_planning)
    steps = recorded_kinds(session, [child.id for child in children.values() if child.born <= grown])
    return {
        key: _ForChair(tuple(history.get(key, ())), prompts_for(child, meeting, configuration, steps.get(key, ())))
        for key, child in children.items()
    }


def history_of(session: Session, child_ids: Collection[int], configuration: Partnership) -> dict[int, list[str]]:
    """Give the last ratings of each child as sentences, newest first."""
    lines: defaultdict[int, list[str]] = defaultdict(list)
    labels = {rating: rule_of(rating, configuration.ratings.ratings).label for rating in RiskRating}
    ids = sorted(child_ids)
    for start in range(0, len(ids), _AT_ONCE):
        rows = session.execute(_RATINGS, {"ids": ids[start : start + _AT_ONCE]})
        for child_id, rating, decided_on, provisional in rows:
            if len(lines[child_id]) < _HISTORY:
                mark = ", provisional" if provisional else ""
                lines[child_id].append(f"{labels[rating]}{mark}, decided {day_in_words(decided_on)}")
    return lines


def prompts_for(
    child: Child | _Child, meeting: Meeting, configuration: Partnership, steps: Collection[TransitionStep] = ()
) -> tuple[str, ...]:
    """Give what the meeting must bear in mind because of the child's age or a learning disability.

    `steps` are those towards adult services that are recorded.
    """
    notes = age_notes(
        child.born, max(meeting.held_on, child.born), configuration.ratings,
        looked_after=child.looked_after is YesNoUnknown.YES,
        learning_disability=child.learning_disability is YesNoUnknown.YES, steps=steps,
    )  # fmt: skip
    return tuple(note.text for note in notes)


def _row(item: DraftItem, child: _Child, held_on: date, outcome: Outcome | None, told: _ForChair) -> AgendaRow:
    return AgendaRow(
        number=item.number, child=child.reference, name=child.name,
        age=age_on(child.born, max(held_on, child.born)),
        rating=item.rating.value if item.rating else None, provisional=item.provisional, urgent=item.urgent,
        late=item.late, fits=item.fits, minutes=item.minutes, reasons=tuple([reason.text for reason in item.reasons]),
        outcome=outcome, history=told.history, prompts=told.prompts,
    )  # fmt: skip


def _children(session: Session, child_ids: list[int]) -> dict[int, _Child]:
    found: dict[int, _Child] = {}
    ids = sorted(child_ids)
    for start in range(0, len(ids), _AT_ONCE):
        rows = map(_Child._make, session.execute(_CHILDREN, {"ids": ids[start : start + _AT_ONCE]}))
        found.update({child.id: child for child in rows})
    return found
