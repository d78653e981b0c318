"""What an agenda is drafted from, fetched for a whole area at once: a fixed number of statements.

Each statement asks an index for what is due, so the cost follows that and not the length of the list; each brings
the child and the present stay on the list along, so that no child is asked for by itself.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, select
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


def entries_with_review(session: Session, area_id: int, from_day: date | None, before: date) -> Sequence[Any]:
    """Give the live entries whose review date is before `before` and, where it is named, not before `from_day`."""
    wanted = [col(ListEntry.next_review_on) < before]
    if from_day is not None:
        wanted.append(col(ListEntry.next_review_on) >= from_day)
    return _entries(session, area_id, *wanted)


def provisional_entries(session: Session, area_id: int) -> Sequence[Any]:
    """Give the live entries whose rating a meeting without quorum decided."""
    return _entries(session, area_id, col(ListEntry.provisional) == sa.true())


def entries_born(session: Session, area_id: int, after: date | None, until: date) -> Sequence[Any]:
    """Give the live entries of children born on or before `until` and, where it is named, later than `after`."""
    wanted = [col(ListEntry.born) <= until]
    if after is not None:
        wanted.append(col(ListEntry.born) > after)
    return _entries(session, area_id, *wanted)


def waiting_referrals(session: Session, area_id: int) -> Sequence[Any]:
    """Give the referrals of the area that no meeting has heard and triage has not ended."""
    return _of_area(
        session,
        _beside(
            Referral, area_id, col(Referral.received_at), col(Referral.state), col(Referral.urgent),
            col(Referral.repeat),
            col(Referral.decided_at), col(Referral.answered_at),
        ).where(col(Referral.area_id) == area_id, _WAITING),
    )  # fmt: skip


def unheard_changes(session: Session, area_id: int) -> Sequence[Any]:
    """Give the changes in circumstances of the area's children that no meeting has heard."""
    return _of_area(
        session,
        _beside(
            ChangeInCircumstances, area_id, col(ChangeInCircumstances.happened_on),
            col(ChangeInCircumstances.reported_at),
            col(ChangeInCircumstances.kind),
        ).where(col(ChangeInCircumstances.heard_at_meeting_id).is_(None)),
    )  # fmt: skip


def overdue_actions(session: Session, area_id: int, today: date) -> Sequence[Any]:
    """Give the open actions of the area that were due before `today`."""
    return _of_area(
        session,
        _beside(Action, area_id, col(Action.reference), col(Action.due_on)).where(
            col(Action.area_id) == area_id, is_open(), col(Action.due_on) < today
        ),
    )


def open_proposals(session: Session, area_id: int) -> Sequence[Any]:
    """Give the closures that lead agencies proposed and no meeting has heard."""
    statement = _beside(ClosureProposal, area_id, col(Agency.name).label("agency"), col(ClosureProposal.proposed_on))
    statement = statement.join(Agency, col(Agency.id) == col(ClosureProposal.agency_id))
    return _of_area(session, statement.where(col(ClosureProposal.heard_at_meeting_id).is_(None)))


def deferred_items(session: Session, area_id: int, before: date) -> Sequence[Any]:
    """Give the items that meetings before `before` deferred and no later meeting has heard."""
    statement = (
        _beside(
            AgendaItem, area_id, col(Meeting.reference).label("meeting"),
            col(ItemDecision.deferred_reason).label("reason"),
        )
        .join(ItemDecision, col(ItemDecision.item_id) == col(AgendaItem.id))
        .join(Meeting, col(Meeting.id) == col(AgendaItem.meeting_id))
        .where(
            _DEFERRED, col(ItemDecision.took_effect_at).is_not(None),
            col(AgendaItem.area_id) == area_id, col(Meeting.held_on) < before, ~_heard_since(),
        )
        .order_by(col(Meeting.held_on), col(AgendaItem.id))
    )  # fmt: skip
    return _of_area(session, statement)


def unreached_items(session: Session, area_id: int) -> Sequence[Any]:
    """Give the items of published agendas whose meeting was then cancelled, where no later meeting has heard them."""
    statement = (
        _beside(AgendaItem, area_id, col(Meeting.reference).label("meeting"), sa.literal("").label("reason"))
        .join(Meeting, col(Meeting.id) == col(AgendaItem.meeting_id))
        .where(col(Meeting.state) == MeetingState.CANCELLED, col(Meeting.area_id) == area_id, ~_heard_since())
        .order_by(col(Meeting.held_on), col(AgendaItem.id))
    )
    return _of_area(session, statement)


def deferred_by_hand(session: Session, area_id: int, before: date) -> Sequence[Any]:
    """Give the children whom a person deferred from an earlier agenda, and no later meeting has heard."""
    later = aliased(AgendaAdjustment)
    overruled = sa.exists().where(
        col(later.meeting_id) == col(AgendaAdjustment.meeting_id),
        col(later.child_id) == col(AgendaAdjustment.child_id),
        col(later.id) > col(AgendaAdjustment.id), col(later.kind) == "added",
    )  # fmt: skip
    statement = (
        _beside(AgendaAdjustment, area_id, col(Meeting.reference).label("meeting"), col(AgendaAdjustment.reason))
        .join(Meeting, col(Meeting.id) == col(AgendaAdjustment.meeting_id))
        .where(
            col(AgendaAdjustment.kind) == "deferred", col(Meeting.area_id) == area_id,
            col(Meeting.state).in_(_WITH_AGENDA), col(Meeting.held_on) < before, ~overruled,
            ~_heard_since(AgendaAdjustment),
        )
        .order_by(col(Meeting.held_on), col(AgendaAdjustment.id))
    )  # fmt: skip
    return _of_area(session, statement)


def adjustments_of(session: Session, meeting_id: int) -> Sequence[Any]:
    """Give what people changed on this agenda, in the order in which they did."""
    return _of_area(
        session,
        _beside(
            AgendaAdjustment, None, col(AgendaAdjustment.kind), col(AgendaAdjustment.reason),
            col(AgendaAdjustment.place), col(AgendaAdjustment.made_at),
        )
        .where(col(AgendaAdjustment.meeting_id) == meeting_id)
        .order_by(col(AgendaAdjustment.id)),
    )  # fmt: skip


def neighbours_of(session: Session, meeting: Meeting) -> Sequence[Any]:
    """Give the meetings of the area around this one that are not cancelled: date, id, reference and state.

    At most one after it, and before it those that are still to be held with the last one held.
    """
    around = select(col(Meeting.held_on), col(Meeting.id), col(Meeting.reference), col(Meeting.state)).where(
        col(Meeting.area_id) == meeting.area_id, col(Meeting.type) == MeetingType.RMM,
        col(Meeting.state) != MeetingState.CANCELLED, col(Meeting.id) != meeting.key,
    )  # fmt: skip
    after = around.where(_order() > _order_of(meeting)).order_by(col(Meeting.held_on), col(Meeting.id)).limit(1)
    before = around.where(_order() < _order_of(meeting)).order_by(
        col(Meeting.held_on).desc(), col(Meeting.id).desc()
    ).limit(60)  # fmt: skip
    parts = [sa.select(part.subquery()) for part in (before, after)]
    return sorted(session.execute(sa.union_all(*parts)).all())


def _order() -> Any:
    return sa.tuple_(col(Meeting.held_on), col(Meeting.id))


def _order_of(meeting: Meeting) -> Any:
    return sa.tuple_(sa.literal(meeting.held_on), sa.literal(meeting.key))


def _entries(session: Session, area_id: int, *wanted: ColumnElement[bool]) -> Sequence[Any]:
    return session.execute(
        select(*_BASE)
        .select_from(ListEntry)
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .where(col(ListEntry.area_id) == area_id, is_live(), *wanted)
    ).all()


def _beside(model: Any, area_id: int | None, *columns: Any) -> Select[Any]:
    """Ask for rows of `model`, each with its child and the child's present stay on the list, if there is one.

    The children are joined from outside, so that the database begins with the few rows that wait and never with all
    the children of the area; `_of_area` then leaves out the rows of other areas.
    """
    own = col(Child.id) == col(model.child_id)
    statement: Select[Any] = (
        select(*_BASE, *columns)
        .select_from(model)
        .outerjoin(Child, own if area_id is None else own & (col(Child.area_id) == area_id))
        .outerjoin(ListEntry, (col(ListEntry.child_id) == col(Child.id)) & is_live())
    )
    return statement


def _of_area(session: Session, statement: Select[Any]) -> list[Any]:
    return [row for row in session.execute(statement) if row.child_id is not None]


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
