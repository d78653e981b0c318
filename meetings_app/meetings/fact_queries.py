"""What an agenda is drafted from, fetched for a whole area at once: a fixed number of statements.

Each statement asks an index for what is due, so the cost follows that and not the length of the list; each brings
the child and the present stay on the list along, so that no child is asked for by itself.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, CompoundSelect, Select, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.actions.models import Action
from meetings_app.actions.queries import is_open
from meetings_app.children.models import Child
from meetings_app.cse_list.models import ClosureProposal, ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings.models import AgendaAdjustment, AgendaItem, ItemDecision, Outcome
from meetings_app.referrals.models import ChangeInCircumstances, Referral
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType

_HELD = (MeetingState.CLOSED, MeetingState.SIGNED)
_WITH_AGENDA = (MeetingState.PUBLISHED, MeetingState.IN_PROGRESS, *_HELD)
# Written into the SQL as it stands in the partial indexes, because a bound value would not match them.
_WAITING = col(Referral.state).in_([sa.literal_column(f"'{state}'") for state in ("received", "returned", "accepted")])
_DEFERRED = col(ItemDecision.outcome) == sa.literal_column("'deferred'")
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
_AREA, _MEETING = sa.bindparam("area", type_=sa.Integer), sa.bindparam("meeting", type_=sa.Integer)
_FROM, _BEFORE = sa.bindparam("from_day", type_=sa.Date), sa.bindparam("before", type_=sa.Date)


def entries_with_review(session: Session, area_id: int, from_day: date | None, before: date) -> Sequence[Any]:
    """Give the live entries whose review date is before `before` and, where it is named, not before `from_day`."""
    values = {"area": area_id, "before": before}
    if from_day is None:
        return session.execute(_with_review(), values).all()
    return session.execute(_with_review_from(), {**values, "from_day": from_day}).all()


@cache
def _with_review() -> Select[Any]:
    return _entries(col(ListEntry.next_review_on) < _BEFORE)


@cache
def _with_review_from() -> Select[Any]:
    return _entries(col(ListEntry.next_review_on) < _BEFORE, col(ListEntry.next_review_on) >= _FROM)


def provisional_entries(session: Session, area_id: int) -> Sequence[Any]:
    """Give the live entries whose rating a meeting without quorum decided."""
    return session.execute(_provisional(), {"area": area_id}).all()


@cache
def _provisional() -> Select[Any]:
    return _entries(col(ListEntry.provisional) == sa.true())


def entries_born(session: Session, area_id: int, after: date | None, until: date) -> Sequence[Any]:
    """Give the live entries of children born on or before `until` and, where it is named, later than `after`."""
    values = {"area": area_id, "before": until}
    if after is None:
        return session.execute(_born(), values).all()
    return session.execute(_born_after(), {**values, "from_day": after}).all()


@cache
def _born() -> Select[Any]:
    return _entries(col(ListEntry.born) <= _BEFORE)


@cache
def _born_after() -> Select[Any]:
    return _entries(col(ListEntry.born) <= _BEFORE, col(ListEntry.born) > _FROM)


def waiting_referrals(session: Session, area_id: int) -> Sequence[Any]:
    """Give the referrals of the area that no meeting has heard and triage has not ended."""
    return _of_area(session, _waiting_referrals(), area=area_id)


@cache
def _waiting_referrals() -> Select[Any]:
    return _beside(
        Referral, col(Referral.received_at), col(Referral.state), col(Referral.urgent), col(Referral.repeat),
        col(Referral.decided_at), col(Referral.answered_at),
    ).where(col(Referral.area_id) == _AREA, _WAITING)  # fmt: skip


def unheard_changes(session: Session, area_id: int) -> Sequence[Any]:
    """Give the changes in circumstances of the area's children that no meeting has heard."""
    return _of_area(session, _unheard_changes(), area=area_id)


@cache
def _unheard_changes() -> Select[Any]:
    return _beside(
        ChangeInCircumstances, col(ChangeInCircumstances.happened_on), col(ChangeInCircumstances.reported_at),
        col(ChangeInCircumstances.kind),
    ).where(col(ChangeInCircumstances.heard_at_meeting_id).is_(None))  # fmt: skip


def overdue_actions(session: Session, area_id: int, today: date) -> Sequence[Any]:
    """Give the open actions of the area that were due before `today`."""
    return _of_area(session, _overdue_actions(), area=area_id, before=today)


@cache
def _overdue_actions() -> Select[Any]:
    return _beside(Action, col(Action.reference), col(Action.due_on)).where(
        col(Action.area_id) == _AREA, is_open(), col(Action.due_on) < _BEFORE
    )


def open_proposals(session: Session, area_id: int) -> Sequence[Any]:
    """Give the closures that lead agencies proposed and no meeting has heard."""
    return _of_area(session, _open_proposals(), area=area_id)


@cache
def _open_proposals() -> Select[Any]:
    return (
        _beside(ClosureProposal, col(Agency.name).label("agency"), col(ClosureProposal.proposed_on))
        .join(Agency, col(Agency.id) == col(ClosureProposal.agency_id))
        .where(col(ClosureProposal.heard_at_meeting_id).is_(None))
    )


def deferred_items(session: Session, area_id: int, before: date) -> Sequence[Any]:
    """Give the items that meetings before `before` deferred and no later meeting has heard."""
    return _of_area(session, _deferred_items(), area=area_id, before=before)


@cache
def _deferred_items() -> Select[Any]:
    return (
        _beside(
            AgendaItem, col(Meeting.reference).label("meeting"), col(ItemDecision.deferred_reason).label("reason")
        )
        .join(ItemDecision, col(ItemDecision.item_id) == col(AgendaItem.id))
        .join(Meeting, col(Meeting.id) == col(AgendaItem.meeting_id))
        .where(
            _DEFERRED, col(ItemDecision.took_effect_at).is_not(None),
            col(AgendaItem.area_id) == _AREA, col(Meeting.held_on) < _BEFORE, ~_heard_since(),
        )
        .order_by(col(Meeting.held_on), col(AgendaItem.id))
    )  # fmt: skip


def unreached_items(session: Session, area_id: int) -> Sequence[Any]:
    """Give the items of published agendas whose meeting was then cancelled, where no later meeting has heard them."""
    return _of_area(session, _unreached_items(), area=area_id)


@cache
def _unreached_items() -> Select[Any]:
    return (
        _beside(AgendaItem, col(Meeting.reference).label("meeting"), sa.literal("").label("reason"))
        .join(Meeting, col(Meeting.id) == col(AgendaItem.meeting_id))
        .where(col(Meeting.state) == MeetingState.CANCELLED, col(Meeting.area_id) == _AREA, ~_heard_since())
        .order_by(col(Meeting.held_on), col(AgendaItem.id))
    )


def deferred_by_hand(session: Session, area_id: int, before: date) -> Sequence[Any]:
    """Give the children whom a person deferred from an earlier agenda, and no later meeting has heard."""
    return _of_area(session, _deferred_by_hand(), area=area_id, before=before)


@cache
def _deferred_by_hand() -> Select[Any]:
    later = aliased(AgendaAdjustment)
    overruled = sa.exists().where(
        col(later.meeting_id) == col(AgendaAdjustment.meeting_id),
        col(later.child_id) == col(AgendaAdjustment.child_id),
        col(later.id) > col(AgendaAdjustment.id), col(later.kind) == "added",
    )  # fmt: skip
    return (
        _beside(AgendaAdjustment, col(Meeting.reference).label("meeting"), col(AgendaAdjustment.reason))
        .join(Meeting, col(Meeting.id) == col(AgendaAdjustment.meeting_id))
        .where(
            col(AgendaAdjustment.kind) == "deferred", col(Meeting.area_id) == _AREA,
            col(Meeting.state).in_(_WITH_AGENDA), col(Meeting.held_on) < _BEFORE, ~overruled,
            ~_heard_since(AgendaAdjustment),
        )
        .order_by(col(Meeting.held_on), col(AgendaAdjustment.id))
    )  # fmt: skip


def adjustments_of(session: Session, meeting_id: int) -> Sequence[Any]:
    """Give what people changed on this agenda, in the order in which they did."""
    return _of_area(session, _adjustments(), meeting=meeting_id)


@cache
def _adjustments() -> Select[Any]:
    return (
        _beside(
            AgendaAdjustment, col(AgendaAdjustment.kind), col(AgendaAdjustment.reason), col(AgendaAdjustment.place),
            col(AgendaAdjustment.made_at), of_area=False,
        )
        .where(col(AgendaAdjustment.meeting_id) == _MEETING)
        .order_by(col(AgendaAdjustment.id))
    )  # fmt: skip


def neighbours_of(session: Session, meeting: Meeting) -> Sequence[Any]:
    """Give the meetings of the area around this one that are not cancelled: date, id, reference and state.

    At most one after it, and before it those that are still to be held with the last one held.
    """
    values = {"area": meeting.area_id, "meeting": meeting.key, "before": meeting.held_on}
    return sorted(session.execute(_neighbours(), values).all())


@cache
def _neighbours() -> CompoundSelect[Any]:
    here, order = sa.tuple_(_BEFORE, _MEETING), sa.tuple_(col(Meeting.held_on), col(Meeting.id))
    around = select(col(Meeting.held_on), col(Meeting.id), col(Meeting.reference), col(Meeting.state)).where(
        col(Meeting.area_id) == _AREA, col(Meeting.type) == MeetingType.RMM,
        col(Meeting.state) != MeetingState.CANCELLED, col(Meeting.id) != _MEETING,
    )  # fmt: skip
    after = around.where(order > here).order_by(col(Meeting.held_on), col(Meeting.id)).limit(1)
    before = around.where(order < here).order_by(col(Meeting.held_on).desc(), col(Meeting.id).desc()).limit(60)
    return sa.union_all(*(sa.select(part.subquery()) for part in (before, after)))


def _entries(*wanted: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*_BASE)
        .select_from(ListEntry)
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .where(col(ListEntry.area_id) == _AREA, is_live(), *wanted)
    )


def _beside(model: Any, *columns: Any, of_area: bool = True) -> Select[Any]:
    """Ask for rows of `model`, each with its child and the child's present stay on the list, if there is one.

    The children are joined from outside, so that the database begins with the few rows that wait and never with all
    the children of the area; `_of_area` then leaves out the rows of other areas.
    """
    own = col(Child.id) == col(model.child_id)
    statement: Select[Any] = (
        select(*_BASE, *columns)
        .select_from(model)
        .outerjoin(Child, own & (col(Child.area_id) == _AREA) if of_area else own)
        .outerjoin(ListEntry, (col(ListEntry.child_id) == col(Child.id)) & is_live())
    )
    return statement


def _of_area(session: Session, statement: Select[Any], **values: Any) -> list[Any]:
    return [row for row in session.execute(statement, values) if row.child_id is not None]


def _heard_since(passed_on: Any = AgendaItem) -> ColumnElement[bool]:
    """Ask whether a meeting held after the one in the statement has heard the child."""
    item, decision, held = aliased(AgendaItem), aliased(ItemDecision), aliased(Meeting)
    return sa.exists(
        select(sa.literal(1))
        .select_from(item)
        .join(decision, col(decision.item_id) == col(item.id))
        .join(held, col(held.id) == col(item.meeting_id))
        .where(
            col(item.child_id) == col(passed_on.child_id), col(held.state).in_(_HELD),
            col(held.held_on) >= col(Meeting.held_on), col(held.id) != col(Meeting.id),
            col(decision.outcome) != Outcome.DEFERRED,
        )
        .correlate(passed_on, Meeting)
    )  # fmt: skip
