"""What waits for an RMM and is on no agenda that is still to come: asked of the agendas themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.clock import at_london, london_date
from meetings_app.cse_list.checks import Breach
from meetings_app.cse_list.models import Closure, ClosureState, Departure, DepartureState, ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings.drafting import draft_of, situation_of
from meetings_app.meetings.fact_queries import HELD
from meetings_app.meetings.models import PASSED_ON, AgendaItem, ItemDecision
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.meetings.queries import stored_items
from meetings_app.meetings.reasons import reasons_for
from meetings_app.partnership.definitions import Partnership
from meetings_app.referrals.models import Referral, ReferralState
from meetings_app.schedule.models import Meeting, MeetingType
from meetings_app.schedule.queries import AHEAD
from meetings_app.strategy.models import StrategyDiscussion
from meetings_app.strategy.queries import is_unheard
from meetings_app.text import day_in_words


@dataclass(frozen=True)
class _Waiting:
    """One thing that the next RMM of a child's area hears, and the breach where no RMM does."""

    child_id: int
    area_id: int
    breach: Breach


def on_no_agenda(session: Session, today: date, partnership: Partnership) -> Iterator[Breach]:
    """Give what should be heard and is on no coming agenda: referrals, what was passed on, discussions, closures.

    `session` acts for the operator, who sees everything. What waits is asked of the records, and who is heard of the
    agendas: the next one of the area, and the one after it for what came too late for that. The number of statements
    follows the areas and not the children.
    """
    heard: dict[int, set[int]] = {}
    for waiting in _everything_waiting(session, today):
        if waiting.area_id not in heard:
            heard[waiting.area_id] = _heard_in(session, waiting.area_id, today, partnership)
        if waiting.child_id not in heard[waiting.area_id]:
            yield waiting.breach


def _heard_in(session: Session, area_id: int, today: date, partnership: Partnership) -> set[int]:
    """Give the children on the next agenda of an area, and on the one after it as if that were the next."""
    now, heard = at_london(today, time(12)), set()
    for place, meeting in enumerate(_coming(session, area_id, today)):
        if meeting.state not in BEFORE_PUBLISHING:
            heard |= {item.child_id for item in stored_items(session, meeting.key)}
        elif place == 0:
            heard |= {item.child_id for item in draft_of(session, meeting, partnership, now).items}
        else:
            situation = situation_of(session, meeting, partnership, now, as_next=True)
            occasion = situation.occasion(partnership)
            heard |= {child.id for child in situation.children.values() if reasons_for(child, occasion)}
    return heard


def _coming(session: Session, area_id: int, today: date) -> Sequence[Meeting]:
    return session.scalars(
        select(Meeting)
        .where(
            col(Meeting.area_id) == area_id, col(Meeting.type) == MeetingType.RMM, col(Meeting.state).in_(AHEAD),
            col(Meeting.held_on) >= today,
        )
        .order_by(col(Meeting.held_on), col(Meeting.id))
        .limit(2)
    ).all()  # fmt: skip


def _everything_waiting(session: Session, today: date) -> Iterator[_Waiting]:
    yield from _accepted(session)
    yield from _passed_on(session)
    yield from _provisional(session)
    yield from _strategy(session)
    yield from _closing(session, today)


def _accepted(session: Session) -> Iterator[_Waiting]:
    for row in _beside(session, Referral, col(Referral.state) == ReferralState.ACCEPTED):
        when = f"on {day_in_words(london_date(row.decided_at))}" if row.decided_at else "for an RMM"
        problem = f"was accepted {when}, and no coming meeting will hear it."
        yield _waiting(row, "referral_without_meeting", row.reference, problem)


def _passed_on(session: Session) -> Iterator[_Waiting]:
    """The last thing a meeting that was held did with the child was to pass the child on."""
    place = sa.func.row_number().over(
        partition_by=col(AgendaItem.child_id), order_by=(col(Meeting.held_on).desc(), col(Meeting.id).desc())
    )
    last: Any = (
        select(
            col(AgendaItem.child_id), col(Meeting.reference).label("meeting"), col(ItemDecision.outcome),
            place.label("place"),
        )
        .join(ItemDecision, col(ItemDecision.item_id) == col(AgendaItem.id))
        .join(Meeting, col(Meeting.id) == col(AgendaItem.meeting_id))
        .where(col(Meeting.state).in_(HELD), col(ItemDecision.took_effect_at).is_not(None))
        .subquery()
    )  # fmt: skip
    rows: Any = session.execute(
        select(col(Child.id).label("child_id"), col(Child.area_id), col(Child.reference), last.c.meeting)
        .join(last, last.c.child_id == col(Child.id))
        .where(last.c.place == 1, last.c.outcome.in_(PASSED_ON), ~_left_for_good())
        .order_by(col(Child.id))
    )
    for row in rows:
        problem = f"was passed on by {row.meeting}, and is on no coming agenda."
        yield _waiting(row, "passed_on_to_nobody", row.reference, problem)


def _provisional(session: Session) -> Iterator[_Waiting]:
    rows: Any = session.execute(
        select(col(Child.id).label("child_id"), col(Child.area_id), col(Child.reference))
        .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
        .where(is_live(), col(ListEntry.provisional).is_(True))
        .order_by(col(ListEntry.id))
    )
    for row in rows:
        problem = "has a provisional rating, and no coming meeting will ratify it."
        yield _waiting(row, "provisional_unheard", row.reference, problem)


def _strategy(session: Session) -> Iterator[_Waiting]:
    for row in _beside(session, StrategyDiscussion, is_unheard()):
        problem = "is a strategy discussion of which no coming meeting will hear."
        yield _waiting(row, "strategy_unheard", row.reference, problem)


def _closing(session: Session, today: date) -> Iterator[_Waiting]:
    """A closure that was not signed in its time returns to the next RMM."""
    rows: Any = session.execute(
        select(
            col(Child.id).label("child_id"), col(Child.area_id), col(Child.reference), col(Closure.second_due_on)
        )
        .join(Closure, col(Closure.child_id) == col(Child.id))
        .where(col(Closure.state) == ClosureState.CLOSING, col(Closure.second_due_on) < today)
        .order_by(col(Closure.id))
    )  # fmt: skip
    for row in rows:
        problem = (
            f"has a closure that was to be signed by {day_in_words(row.second_due_on)}, and is on no coming agenda."
        )
        yield _waiting(row, "closing_unheard", row.reference, problem)


def _beside(session: Session, model: Any, *wanted: ColumnElement[bool]) -> Sequence[Any]:
    """Give rows of a model whose child has not left for good, with the area in which the child lives now."""
    found = [col(model.decided_at)] if model is Referral else []
    return session.execute(
        select(col(Child.id).label("child_id"), col(Child.area_id), col(model.reference), *found)
        .join(Child, col(Child.id) == col(model.child_id))
        .where(*wanted, *([] if model is Referral else [~_left_for_good()]))
        .order_by(col(model.id))
    ).all()


def _left_for_good() -> ColumnElement[bool]:
    """Say that the child left by transfer, death or as a duplicate: what was left behind brings nobody to an agenda."""
    # By the departure's child: a statement within a statement within this one would ask it of every child.
    later = sa.exists().where(
        col(ListEntry.child_id) == col(Departure.child_id), col(ListEntry.id) > col(Departure.entry_id)
    )
    return sa.exists().where(
        col(Departure.child_id) == col(Child.id), col(Departure.state) == DepartureState.LEFT, ~later
    )


def _waiting(row: Any, code: str, reference: str, problem: str) -> _Waiting:
    return _Waiting(row.child_id, row.area_id, Breach(code, reference, problem))
