"""Reads of referrals: the pending queue, one referral, and what stands beside it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency, Area
from meetings_app.assessments.models import Assessment
from meetings_app.children.models import Child, PossibleDuplicate
from meetings_app.children.queries import records_of
from meetings_app.cse_list.models import Closure, ListEntry
from meetings_app.cse_list.service import is_listed
from meetings_app.db.session import unscoped
from meetings_app.permissions import AREA_ROLES, Actor
from meetings_app.referrals.models import Referral, ReferralAssessment, ReferralState
from meetings_app.referrals.rules import OPEN
from meetings_app.referrals.rules import Moments as Moments
from meetings_app.referrals.rules import moments_of as moments_of
from meetings_app.schedule.office import Office

PAGE = 50
MOST_COUNTED = 1_000
"""Beyond this a page says “more than 1,000”, so that counting costs the same however long the queue is."""


class View(StrEnum):
    """What a page of referrals shows; `mine` and `to_answer` are the person's own, the others those of their areas."""

    WAITING = "waiting"
    URGENT = "urgent"
    LATE = "late"
    RETURNED = "returned"
    UNANSWERED = "unanswered"
    ACCEPTED = "accepted"
    DECIDED = "decided"
    MINE = "mine"
    TO_ANSWER = "to_answer"


_ASSESSED = (
    select(sa.literal(1))
    .select_from(ReferralAssessment)
    .join(Assessment, col(Assessment.id) == col(ReferralAssessment.assessment_id))
    .where(col(ReferralAssessment.referral_id) == col(Referral.id), col(Assessment.finished_at).is_not(None))
    .correlate(Referral)
    .exists()
)
"""Whether an assessment that the referral carries is finished, whoever may read that assessment."""

_ENDED = tuple(state for state in ReferralState if state not in (*OPEN, ReferralState.ACCEPTED))
_STATES: dict[View, tuple[ReferralState, ...]] = {
    View.WAITING: OPEN,
    View.URGENT: OPEN,
    View.LATE: (ReferralState.RECEIVED,),
    View.RETURNED: (ReferralState.RETURNED,),
    View.UNANSWERED: (ReferralState.RETURNED,),
    View.ACCEPTED: (ReferralState.ACCEPTED,),
    View.DECIDED: _ENDED,
    View.MINE: tuple(ReferralState),
    View.TO_ANSWER: (ReferralState.RETURNED,),
}


@dataclass(frozen=True)
class QueueFilter:
    """Which referrals a page shows, and of which area (a code; empty for every one)."""

    show: View = View.WAITING
    area: str = ""

    @property
    def waits(self) -> bool:
        """Whether these wait, and so stand in the order of how pressing they are."""
        return self.show not in (View.DECIDED, View.MINE)


@dataclass(frozen=True)
class WaitingCounts:
    """How many referrals wait, by view; each is at most one more than `MOST_COUNTED`."""

    waiting: int
    urgent: int
    late: int
    returned: int
    unanswered: int
    to_answer: int


@dataclass(frozen=True)
class Page:
    """One page of rows, and whether there are others before and after it."""

    rows: Sequence[Any]
    earlier: bool
    later: bool


@dataclass(frozen=True)
class Pair:
    """A record that may be the same child, and why, in words that follow “They have …”."""

    id: int
    reference: str
    name: str
    born: date
    area_id: int
    area: str
    why: str


def find_referral(session: Session, reference: str) -> Referral | None:
    """Give the referral with this reference, or None where there is none or the person may not see it."""
    return session.scalars(select(Referral).where(col(Referral.reference) == reference.strip().upper())).first()


def closed_days(session: Session, child_id: int) -> Sequence[date]:
    """Give the days on which the child left the list, on this record or on one that was merged into it.

    Looked up past the actor's scope: whether a referral is a repeat does not depend on who makes it.
    """
    records = records_of([child_id])
    statement = (
        select(col(ListEntry.closed_on))
        .join(records, records.c.id == col(ListEntry.child_id))
        .where(col(ListEntry.closed_on).is_not(None))
    )
    rows = session.scalars(statement.execution_options(**unscoped()))
    return [closed_on for closed_on in rows if closed_on is not None]


def is_known(session: Session, referral: Referral) -> bool:
    """Say whether an RMM hears the child anyway: on the list, or through another accepted referral.

    Looked up past the actor's scope, for the answer counts in the county.
    """
    if is_listed(session, referral.child_id):
        return True
    statement = select(col(Referral.id)).where(
        col(Referral.child_id) == referral.child_id,
        col(Referral.id) != referral.key,
        col(Referral.state) == ReferralState.ACCEPTED,
    )
    return session.execute(statement.execution_options(**unscoped())).first() is not None


def unsettled(session: Session, child_ids: Collection[int]) -> Sequence[Referral]:
    """Give the referrals that a meeting heard beside a closure of one of these children which was not final then.

    Looked up past the actor's scope: whoever signs last may not see the area in which the child was referred.
    """
    statement = select(Referral).where(
        col(Referral.child_id).in_(child_ids), col(Referral.state) == ReferralState.HEARD,
        col(Referral.outcome).is_(None), col(Referral.handed_over).is_(False),
        sa.exists().where(col(Closure.meeting_id) == col(Referral.heard_at_meeting_id)),
    )  # fmt: skip
    return session.scalars(statement.order_by(col(Referral.id)).execution_options(**unscoped())).all()


def pairs_of(session: Session, child_id: int) -> list[Pair]:
    """Give the records of the whole county that may be the same child, for whoever triages the referral.

    Looked up past the actor's scope: a child is once in the county, whatever area the coordinator works in.
    """
    other = sa.case(
        (col(PossibleDuplicate.child_id) == child_id, col(PossibleDuplicate.other_id)),
        else_=col(PossibleDuplicate.child_id),
    )
    rows: Sequence[Any] = session.execute(
        select(
            col(Child.id), col(Child.reference), col(Child.name), col(Child.born), col(Child.area_id),
            col(Area.name).label("area"), col(PossibleDuplicate.why),
        )
        .join(Child, col(Child.id) == other)
        .join(Area, col(Area.id) == col(Child.area_id))
        .where(
            or_(col(PossibleDuplicate.child_id) == child_id, col(PossibleDuplicate.other_id) == child_id),
            col(PossibleDuplicate.resolution).is_(None),
        )
        .order_by(col(PossibleDuplicate.id))
        .execution_options(**unscoped())
    ).all()  # fmt: skip
    return [Pair(row.id or 0, row.reference, row.name, row.born, row.area_id, row.area, row.why) for row in rows]


def page_of(
    session: Session, by: Actor, view: QueueFilter, late: Moments, *, after: str = "", before: str = ""
) -> Page:
    """Give up to 50 referrals after (or before) the one with a reference, without counting through those skipped.

    What waits stands urgent first, then oldest first; anything else newest first.
    """
    keys = _keys(view)
    rises = view.waits != bool(before)
    statement = _rows().where(*_conditions(by, view, late))
    place = session.execute(select(*keys).where(col(Referral.reference) == (before or after))).first()
    if place is not None:
        here = sa.tuple_(*(sa.literal(value, key.type) for value, key in zip(place, keys, strict=True)))
        statement = statement.where(sa.tuple_(*keys) > here if rises else sa.tuple_(*keys) < here)
    order = keys if rises else [key.desc() for key in keys]
    # Past the scope of assessments alone: whether a referral still waits for one is said to whoever reads the referral.
    past = unscoped("assessment", "referral_assessment")
    found = list(session.execute(statement.order_by(*order).limit(PAGE + 1), execution_options=past))
    more, rows = len(found) > PAGE, found[:PAGE]
    if before:
        return Page(rows[::-1], earlier=more, later=place is not None)
    return Page(rows, earlier=place is not None, later=more)


def count(session: Session, by: Actor, view: QueueFilter, late: Moments) -> int:
    """Count the referrals of a view, up to one more than `MOST_COUNTED`."""
    some = select(col(Referral.id)).where(*_conditions(by, view, late)).limit(MOST_COUNTED + 1)
    return session.scalar(select(sa.func.count()).select_from(some.subquery())) or 0


def moments(office: Office, now: datetime) -> Moments:
    """Give since when a referral is late, by the partnership's settings."""
    limits = office.partnership.ratings.referrals
    return moments_of(now, office.calendar, limits.decision_hours, limits.answer_working_days)


def waiting_counts(session: Session, by: Actor, now: datetime, office: Office) -> WaitingCounts:
    """Count what waits in the areas that `by` triages, and what was returned to `by` for an answer.

    Each count has the name of the view that shows exactly these rows: `/referrals?show=…`.
    """
    late = moments(office, now)
    return WaitingCounts(
        **{
            view.value: count(session, by, QueueFilter(view), late)
            for view in (View.WAITING, View.URGENT, View.LATE, View.RETURNED, View.UNANSWERED, View.TO_ANSWER)
        }
    )


def _keys(view: QueueFilter) -> list[Any]:
    by_age = [col(Referral.received_at), col(Referral.id)]
    return [sa.case((col(Referral.urgent), 0), else_=1), *by_age] if view.waits else by_age


def _rows() -> Any:
    """Select what a line of the queue shows; the child's columns are empty where the child is hidden."""
    return (
        select(
            col(Referral.id), col(Referral.reference), col(Referral.state), col(Referral.outcome),
            col(Referral.handed_over),
            col(Referral.received_at), col(Referral.urgent), col(Referral.repeat),
            sa.and_(col(Referral.awaiting_assessment), ~_ASSESSED).label("awaiting_assessment"),
            col(Referral.decided_at), col(Referral.answered_at), col(Referral.child_id), col(Referral.child_name),
            col(Referral.referrer_name), col(Area.name).label("area"), col(Area.code).label("area_code"),
            col(Agency.name).label("agency"), col(Agency.code).label("agency_code"),
            col(Child.reference).label("child_reference"), col(Child.name).label("name_on_record"),
        )
        .join(Area, col(Area.id) == col(Referral.area_id))
        .join(Agency, col(Agency.id) == col(Referral.agency_id))
        .outerjoin(Child, col(Child.id) == col(Referral.child_id))
    )  # fmt: skip


def _conditions(by: Actor, view: QueueFilter, late: Moments) -> list[ColumnElement[bool]]:
    """Narrow to the view, and to the areas `by` triages or to what `by` referred; the session narrows besides."""
    if view.show in (View.MINE, View.TO_ANSWER):
        whose: ColumnElement[bool] = col(Referral.referrer_id) == by.account_id
    else:
        held = by.areas(AREA_ROLES)
        whose = sa.true() if held is None else col(Referral.area_id).in_(sorted(held))
    conditions = [whose, _in_states(_STATES[view.show])]
    if view.waits:
        # Said as the partial index of what waits says it: SQLite uses the index for nothing else.
        conditions.append(_in_states((*OPEN, ReferralState.ACCEPTED)))
    if view.show is View.URGENT:
        conditions.append(col(Referral.urgent).is_(True))
    if view.show is View.LATE:
        conditions.append(col(Referral.received_at) < late.decided_before)
    if view.show is View.UNANSWERED:
        conditions.append(col(Referral.decided_at) < late.returned_before)
    if view.area:
        area = select(col(Area.id)).where(col(Area.code) == view.area).scalar_subquery()
        conditions.append(col(Referral.area_id) == area)
    return conditions


def _in_states(states: Sequence[ReferralState]) -> ColumnElement[bool]:
    return col(Referral.state).in_([sa.literal_column(f"'{state.value}'") for state in states])
