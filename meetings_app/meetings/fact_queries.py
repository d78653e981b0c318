"""What an agenda is drafted from, fetched for a whole area at once: a fixed number of statements.

Each statement asks an index for what is due, so the cost follows that and not the length of the list; each brings
the child and the present stay on the list along, so that no child is asked for by itself.
"""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, CompoundSelect, Select, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.actions.models import Action
from meetings_app.actions.queries import is_open
from meetings_app.children.models import Child
from meetings_app.cse_list.models import ClosureProposal, Departure, DepartureState, ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings.models import AgendaAdjustment
from meetings_app.referrals.models import ChangeInCircumstances, Referral
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.strategy.models import StrategyDiscussion
from meetings_app.strategy.queries import is_unheard

HELD = (MeetingState.CLOSED, MeetingState.SIGNED)
"""States of a meeting that was really held, to its end."""
# Written into the SQL as it stands in the partial indexes, because a bound value would not match them.
_WAITING = col(Referral.state).in_([sa.literal_column(f"'{state}'") for state in ("received", "returned", "accepted")])
_BASE: tuple[Any, ...] = (
    col(Child.id).label("child_id"),
    col(Child.reference).label("child"),
    col(Child.born),
    col(ListEntry.id).label("entry_id"),
    col(ListEntry.current_rating),
    col(ListEntry.next_review_on),
    col(ListEntry.provisional),
)


# Every statement is built once: building one costs several times what sending it does, and a page sends all of these.
AREA, MEETING = sa.bindparam("area", type_=sa.Integer), sa.bindparam("meeting", type_=sa.Integer)
BEFORE, TODAY = sa.bindparam("before", type_=sa.Date), sa.bindparam("today", type_=sa.Date)
_FROM = sa.bindparam("from_day", type_=sa.Date)
_BORN_AFTER, _BORN_UNTIL = sa.bindparam("born_after", type_=sa.Date), sa.bindparam("born_until", type_=sa.Date)
_OLD_BY = sa.bindparam("old_by", type_=sa.Date)


def entries_with_review(session: Session, area_id: int, from_day: date | None, before: date) -> Sequence[Any]:
    """Give the live entries whose review date is before `before` and, where it is named, not before `from_day`."""
    values = {"area": area_id, "before": before}
    if from_day is None:
        return session.execute(_with_review(), values).all()
    return session.execute(_with_review_from(), {**values, "from_day": from_day}).all()


@cache
def _with_review() -> Select[Any]:
    return _entries(col(ListEntry.next_review_on) < BEFORE)


@cache
def _with_review_from() -> Select[Any]:
    return _entries(col(ListEntry.next_review_on) < BEFORE, col(ListEntry.next_review_on) >= _FROM)


def provisional_entries(session: Session, area_id: int) -> Sequence[Any]:
    """Give the live entries whose rating a meeting without quorum decided."""
    return session.execute(_provisional(), {"area": area_id}).all()


@cache
def _provisional() -> Select[Any]:
    return _entries(col(ListEntry.provisional) == sa.true())


def entries_born(session: Session, area_id: int, after: date | None, until: date) -> Sequence[Any]:
    """Give the live entries of children born on or before `until` and, where it is named, later than `after`."""
    if after is None:
        return session.execute(_born(), {"area": area_id, "old_by": until}).all()
    return session.execute(_born_after(), {"area": area_id, "born_after": after, "born_until": until}).all()


@cache
def _born() -> Select[Any]:
    return _entries(col(ListEntry.born) <= _OLD_BY)


@cache
def _born_after() -> Select[Any]:
    return _entries(col(ListEntry.born) <= _BORN_UNTIL, col(ListEntry.born) > _BORN_AFTER)


def departed(session: Session, child_ids: Collection[int]) -> set[int]:
    """Give which children left the list by transfer, death or as a duplicate, and have nothing new waiting since.

    What they left behind brings them to no agenda; a new referral does, and so does what belongs to a later stay.
    """
    waits = sa.exists().where(col(Referral.child_id) == col(Departure.child_id), _WAITING)
    later = sa.exists().where(
        col(ListEntry.child_id) == col(Departure.child_id), col(ListEntry.id) > col(Departure.entry_id)
    )
    statement = select(col(Departure.child_id)).where(
        col(Departure.child_id).in_(child_ids), col(Departure.state) == DepartureState.LEFT, ~waits, ~later
    )
    return set(session.scalars(statement))


def waiting_referrals(session: Session, area_id: int) -> Sequence[Any]:
    """Give the referrals of the area that no meeting has heard and triage has not ended."""
    return of_area(session, _waiting_referrals(), area=area_id)


@cache
def _waiting_referrals() -> Select[Any]:
    return beside(
        Referral, col(Referral.received_at), col(Referral.state), col(Referral.urgent), col(Referral.repeat),
        col(Referral.decided_at), col(Referral.answered_at),
    ).where(col(Referral.area_id) == AREA, _WAITING)  # fmt: skip


def unheard_changes(session: Session, area_id: int) -> Sequence[Any]:
    """Give the changes in circumstances of the area's children that no meeting has heard."""
    return of_area(session, _unheard_changes(), area=area_id)


@cache
def _unheard_changes() -> Select[Any]:
    return beside(
        ChangeInCircumstances, col(ChangeInCircumstances.happened_on), col(ChangeInCircumstances.reported_at),
        col(ChangeInCircumstances.kind),
    ).where(col(ChangeInCircumstances.heard_at_meeting_id).is_(None))  # fmt: skip


def overdue_actions(session: Session, area_id: int, today: date) -> Sequence[Any]:
    """Give the open actions of the area that were due before `today`."""
    return of_area(session, _overdue_actions(), area=area_id, today=today)


@cache
def _overdue_actions() -> Select[Any]:
    return beside(Action, col(Action.reference), col(Action.due_on)).where(
        col(Action.area_id) == AREA, is_open(), col(Action.due_on) < TODAY
    )


def open_proposals(session: Session, area_id: int) -> Sequence[Any]:
    """Give the closures that lead agencies proposed and no meeting has heard."""
    return of_area(session, _open_proposals(), area=area_id)


@cache
def _open_proposals() -> Select[Any]:
    return (
        beside(ClosureProposal, col(Agency.name).label("agency"), col(ClosureProposal.proposed_on))
        .join(Agency, col(Agency.id) == col(ClosureProposal.agency_id))
        .where(col(ClosureProposal.heard_at_meeting_id).is_(None))
    )


def unheard_strategy(session: Session, area_id: int) -> Sequence[Any]:
    """Give the strategy discussions that are still to be recorded, or of which no meeting has heard the outcome."""
    return of_area(session, _unheard_strategy(), area=area_id)


@cache
def _unheard_strategy() -> Select[Any]:
    return beside(
        StrategyDiscussion, col(StrategyDiscussion.state), col(StrategyDiscussion.asked_at),
        col(StrategyDiscussion.due_on), col(StrategyDiscussion.recorded_at), col(StrategyDiscussion.happened_on),
    ).where(is_unheard())  # fmt: skip


def adjustments_of(session: Session, area_id: int, meeting_id: int) -> Sequence[Any]:
    """Give what people changed on this agenda for children who live in the area, in the order in which they did."""
    return of_area(session, _adjustments(), area=area_id, meeting=meeting_id)


@cache
def _adjustments() -> Select[Any]:
    return (
        beside(
            AgendaAdjustment, col(AgendaAdjustment.kind), col(AgendaAdjustment.reason), col(AgendaAdjustment.place),
            col(AgendaAdjustment.made_at),
        )
        .where(col(AgendaAdjustment.meeting_id) == MEETING)
        .order_by(col(AgendaAdjustment.id))
    )  # fmt: skip


def neighbours_of(session: Session, meeting: Meeting, today: date) -> Sequence[Any]:
    """Give the meetings of the area around this one that are not cancelled: date, id, reference and state.

    At most one after it, and before it those that are still to be held with the last one held. One whose day has
    passed, and that was not held to its end, is none of them: it has heard nobody.
    """
    values = {"area": meeting.area_id, "meeting": meeting.key, "before": meeting.held_on, "today": today}
    return sorted(session.execute(_neighbours(), values).all())


@cache
def _neighbours() -> CompoundSelect[Any]:
    here, order = sa.tuple_(BEFORE, MEETING), sa.tuple_(col(Meeting.held_on), col(Meeting.id))
    around = select(col(Meeting.held_on), col(Meeting.id), col(Meeting.reference), col(Meeting.state)).where(
        col(Meeting.area_id) == AREA, col(Meeting.type) == MeetingType.RMM,
        col(Meeting.state) != MeetingState.CANCELLED, col(Meeting.id) != MEETING,
    )  # fmt: skip
    after = around.where(order > here).order_by(col(Meeting.held_on), col(Meeting.id)).limit(1)
    counts = col(Meeting.state).in_(HELD) | (col(Meeting.held_on) >= TODAY)
    before = around.where(order < here, counts).order_by(col(Meeting.held_on).desc(), col(Meeting.id).desc()).limit(60)
    return sa.union_all(*(sa.select(part.subquery()) for part in (before, after)))


def _entries(*wanted: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*_BASE)
        .select_from(ListEntry)
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .where(col(ListEntry.area_id) == AREA, is_live(), *wanted)
    )


def beside(model: Any, *columns: Any) -> Select[Any]:
    """Ask for rows of `model`, each with its child and the child's present stay on the list, if there is one.

    The children are joined from outside, so that the database begins with the few rows that wait and never with all
    the children of the area; `of_area` then leaves out the children who live in other areas now.
    """
    statement: Select[Any] = (
        select(*_BASE, *columns)
        .select_from(model)
        .outerjoin(Child, (col(Child.id) == col(model.child_id)) & (col(Child.area_id) == AREA))
        .outerjoin(ListEntry, (col(ListEntry.child_id) == col(Child.id)) & is_live())
    )
    return statement


def of_area(session: Session, statement: Select[Any], **values: Any) -> list[Any]:
    """Give the rows of a statement made by `beside` whose child lives in the area."""
    return [row for row in session.execute(statement, values) if row.child_id is not None]


STATEMENTS = (
    _with_review_from, _provisional, _born_after, _born, _waiting_referrals, _unheard_changes, _overdue_actions,
    _open_proposals, _unheard_strategy, _adjustments,
)  # fmt: skip
"""Every statement of this module that brings children, for `due_queries`."""
