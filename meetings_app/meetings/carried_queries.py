"""What earlier meetings passed on, fetched for a whole area at once: deferred, not reached, or changed by hand.

It follows the child: what counts is the area in which the child lives now, not that of the meeting that passed it on.
"""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.db.session import unscoped
from meetings_app.meetings.fact_queries import AREA, HELD, MEETING, TODAY, beside, of_area
from meetings_app.meetings.models import PASSED_ON, AdjustmentKind, AgendaAdjustment, AgendaItem, ItemDecision, Outcome
from meetings_app.preparing.models import InformationSent
from meetings_app.preparing.rules import Answer
from meetings_app.ratings.models import InformationOwed, Rating
from meetings_app.ratings.queries import still_owed
from meetings_app.schedule.models import UPCOMING, Meeting, MeetingState


def _written_out(*values: str) -> list[Any]:
    """Give constants as they stand in the SQL: a bound list is spelled out anew each time, longer than sending it."""
    return [sa.literal_column(f"'{value}'") for value in values]


_WITH_AGENDA = (MeetingState.PUBLISHED, MeetingState.IN_PROGRESS, *HELD)
# Written into the SQL as it stands in the partial index, because a bound value would not match it.
_PASSED_ON = col(ItemDecision.outcome).in_(_written_out(*PASSED_ON))
# Leaves out the children of other areas before anything else is asked of them. As a plain condition it would let the
# database begin with all the children of the area.
_LIVES_THERE = sa.func.coalesce(col(Child.id), 0) > 0
_HELD_BEFORE = sa.bindparam("held_before", type_=sa.Date)
_PUT_THERE, _PUBLISHED = _written_out(AdjustmentKind.ADDED, AdjustmentKind.DEFERRED), _written_out(*_WITH_AGENDA)
_HELD, _UPCOMING = _written_out(*HELD), _written_out(*UPCOMING)
# A child brings along what another area's meeting passed on; the child itself stays narrowed to who may see it.
PAST_THE_AREA = unscoped("meeting", "agenda_item", "item_decision")


def items_passed_on(session: Session, area_id: int, before: date) -> Sequence[Any]:
    """Give the items that meetings before `before` deferred or did not reach, and no later meeting has heard."""
    return of_area(session, _items_passed_on(), area=area_id, held_before=before)


@cache
def _items_passed_on() -> Select[Any]:
    return (
        beside(
            AgendaItem,
            col(Meeting.reference).label("meeting"),
            col(ItemDecision.outcome),
            col(ItemDecision.deferred_reason),
            col(ItemDecision.not_reached_reason),
        )
        .join(ItemDecision, col(ItemDecision.item_id) == col(AgendaItem.id))
        .join(Meeting, col(Meeting.id) == col(AgendaItem.meeting_id))
        .where(
            _LIVES_THERE,
            _PASSED_ON,
            col(ItemDecision.took_effect_at).is_not(None),
            col(Meeting.held_on) < _HELD_BEFORE,
            ~_heard_since(),
        )
        .order_by(col(Meeting.held_on), col(AgendaItem.id))
        .execution_options(**PAST_THE_AREA)
    )


def deferred_items(session: Session, area_ids: Collection[int]) -> Sequence[Any]:
    """Give the items that meetings deferred and no later meeting has heard, of children who live in these areas now.

    The earliest meeting first, each with its day, the agency that was to supply what was missing, and what that was.
    """
    return session.execute(_deferred_items(), {"areas": sorted(area_ids)}).all()


@cache
def _deferred_items() -> Any:
    return (
        select(
            col(Child.id).label("child_id"), col(Child.reference).label("child"), col(Child.area_id),
            col(Meeting.reference).label("meeting"), col(Meeting.held_on),
            col(ItemDecision.information_agency_id).label("agency_id"), col(ItemDecision.deferred_reason).label("what"),
        )
        .select_from(ItemDecision)
        .join(AgendaItem, col(AgendaItem.id) == col(ItemDecision.item_id))
        .join(Meeting, col(Meeting.id) == col(AgendaItem.meeting_id))
        .join(Child, col(Child.id) == col(AgendaItem.child_id))
        .where(
            col(Child.area_id).in_(sa.bindparam("areas", expanding=True)), _PASSED_ON,
            col(ItemDecision.outcome) == Outcome.DEFERRED, col(ItemDecision.took_effect_at).is_not(None),
            ~_heard_since(),
        )
        .order_by(col(Meeting.held_on), col(AgendaItem.id))
        .execution_options(**PAST_THE_AREA)
    )  # fmt: skip


def owed_after_rating(session: Session, area_ids: Collection[int], agency_id: int) -> Sequence[Any]:
    """Give what an agency did not supply about children who live in these areas now, and are rated provisionally so.

    It is not owed any more once a meeting was held for which the agency sent what it knows of the child (our default).
    The earliest rating first, each with the meeting that rated, its day, and what the last deferral waited for.
    """
    return session.execute(_owed_after_rating(), {"areas": sorted(area_ids), "agency": agency_id}).all()


def _supplied_since() -> Any:
    """Ask whether the agency sent what it knows of the child for a meeting held after the one that rated without it."""
    heard_at = aliased(Meeting)
    return (
        select(col(InformationSent.id))
        .join(heard_at, col(heard_at.id) == col(InformationSent.meeting_id))
        .where(
            col(InformationSent.child_id) == col(InformationOwed.child_id),
            col(InformationSent.agency_id) == col(InformationOwed.agency_id),
            col(InformationSent.answer) != Answer.NOT_SHARED, col(heard_at.state).in_(_HELD),
            col(heard_at.held_on) > col(Meeting.held_on),
        )
        .correlate(InformationOwed, Meeting)
        .exists()
    )  # fmt: skip


@cache
def _owed_after_rating() -> Any:
    item, decision, deferred_at = aliased(AgendaItem), aliased(ItemDecision), aliased(Meeting)
    what = (
        select(col(decision.deferred_reason))
        .join(item, col(item.id) == col(decision.item_id))
        .join(deferred_at, col(deferred_at.id) == col(item.meeting_id))
        .where(
            col(item.child_id) == col(InformationOwed.child_id), col(decision.outcome) == Outcome.DEFERRED,
            col(decision.information_agency_id) == col(InformationOwed.agency_id),
            col(decision.took_effect_at).is_not(None), col(deferred_at.held_on) < col(Meeting.held_on),
        )
        .order_by(col(deferred_at.held_on).desc(), col(item.id).desc())
        .limit(1)
        .scalar_subquery()
    )  # fmt: skip
    return (
        select(
            col(Child.id).label("child_id"), col(Child.reference).label("child"), col(Child.area_id),
            col(Meeting.reference).label("meeting"), col(Meeting.held_on), sa.func.coalesce(what, "").label("what"),
        )
        .select_from(InformationOwed)
        .join(Rating, col(Rating.id) == col(InformationOwed.rating_id))
        .join(Meeting, col(Meeting.id) == col(Rating.meeting_id))
        .join(Child, col(Child.id) == col(InformationOwed.child_id))
        .where(
            col(Child.area_id).in_(sa.bindparam("areas", expanding=True)),
            col(InformationOwed.agency_id) == sa.bindparam("agency"), still_owed(), ~_supplied_since(),
        )
        .order_by(col(Rating.id))
        .execution_options(**PAST_THE_AREA)
    )  # fmt: skip


def unreached_items(session: Session, area_id: int, meeting_id: int, today: date) -> Sequence[Any]:
    """Give the items of published agendas whose meeting was not held, where no later meeting has heard them.

    It was cancelled, or its day is before `today` and nobody opened it. One that was opened holds its items until it
    is closed. Of the meeting `meeting_id` itself nothing is given.
    """
    return of_area(session, _unreached_items(), area=area_id, meeting=meeting_id, today=today)


@cache
def _unreached_items() -> Select[Any]:
    return (
        beside(AgendaItem, col(Meeting.reference).label("meeting"), col(AgendaItem.reasons))
        .join(Meeting, col(Meeting.id) == col(AgendaItem.meeting_id))
        .where(_not_held(), col(Meeting.id) != MEETING, ~_heard_since())
        .order_by(col(Meeting.held_on), col(AgendaItem.id))
        .execution_options(**PAST_THE_AREA)
    )


def passed_on_by_hand(session: Session, area_id: int, meeting_id: int, before: date, today: date) -> Sequence[Any]:
    """Give the children whom a person added to, or deferred from, an agenda that did not hear them.

    Deferred from a meeting before `before`; added to one that was not held, or to another area's before the child
    moved. The last word on each agenda counts, and a child with an item there goes by the item. Not given are those
    whom a later meeting has heard.
    """
    return of_area(
        session, _passed_on_by_hand(), area=area_id, meeting=meeting_id, held_before=before, today=today
    )  # fmt: skip


@cache
def _passed_on_by_hand() -> Select[Any]:
    later, item = aliased(AgendaAdjustment), aliased(AgendaItem)
    overruled = sa.exists().where(
        col(later.meeting_id) == col(AgendaAdjustment.meeting_id),
        col(later.child_id) == col(AgendaAdjustment.child_id),
        col(later.id) > col(AgendaAdjustment.id), col(later.kind).in_(_PUT_THERE),
    )  # fmt: skip
    has_item = sa.exists().where(
        col(item.meeting_id) == col(AgendaAdjustment.meeting_id), col(item.child_id) == col(AgendaAdjustment.child_id)
    )
    deferred = and_(
        col(AgendaAdjustment.kind) == AdjustmentKind.DEFERRED,
        col(Meeting.state).in_(_PUBLISHED), col(Meeting.held_on) < _HELD_BEFORE,
    )  # fmt: skip
    return (
        beside(
            AgendaAdjustment, col(AgendaAdjustment.kind), col(AgendaAdjustment.reason),
            col(Meeting.reference).label("meeting"),
        )
        .join(Meeting, col(Meeting.id) == col(AgendaAdjustment.meeting_id))
        .where(
            _LIVES_THERE, col(AgendaAdjustment.kind).in_(_PUT_THERE), col(Meeting.id) != MEETING, ~overruled, ~has_item,
            or_(deferred, _not_held(), col(Meeting.area_id) != AREA), ~_heard_since(AgendaAdjustment),
        )
        .order_by(col(Meeting.held_on), col(AgendaAdjustment.id))
        .execution_options(**PAST_THE_AREA)
    )  # fmt: skip


def _not_held() -> ColumnElement[bool]:
    """Ask whether the meeting was cancelled, or its day passed without anybody opening it."""
    passed = and_(col(Meeting.state).in_(_UPCOMING), col(Meeting.held_on) < TODAY)
    return or_(col(Meeting.state) == MeetingState.CANCELLED, passed)


def _heard_since(passed_on: Any = AgendaItem) -> ColumnElement[bool]:
    """Ask whether a meeting held after the one in the statement, or drafted after it was cancelled, heard the child."""
    item, decision, held = aliased(AgendaItem), aliased(ItemDecision), aliased(Meeting)
    after_cancelling = and_(
        col(Meeting.state) == MeetingState.CANCELLED, col(held.published_at) > col(Meeting.calendar_changed_at)
    )
    return sa.exists(
        select(sa.literal(1))
        .select_from(item)
        .join(decision, col(decision.item_id) == col(item.id))
        .join(held, col(held.id) == col(item.meeting_id))
        .where(
            col(item.child_id) == col(passed_on.child_id), col(held.state).in_(_HELD),
            or_(col(held.held_on) >= col(Meeting.held_on), after_cancelling), col(held.id) != col(Meeting.id),
            col(decision.outcome).not_in(_written_out(*PASSED_ON)),
        )
        .correlate(passed_on, Meeting)
    )  # fmt: skip


STATEMENTS = (_items_passed_on, _unreached_items, _passed_on_by_hand)
"""Every statement of this module, for `due_queries`."""
