"""Reads of one child's page: a handful of set-based statements, however long the record is."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency, Area, ConflictOfInterest, School
from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.queries import is_ended, is_open
from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import is_draft
from meetings_app.children.models import (
    Child,
    ChildBefore,
    ChildLink,
    Involvement,
    PossibleDuplicate,
    TransitionRecord,
)
from meetings_app.cse_list.models import ClosureProposal, Departure, DepartureState, ListEntry
from meetings_app.db.session import unscoped
from meetings_app.networks.models import SubjectChild
from meetings_app.plans.models import SafetyPlan

MOST_OPEN_ACTIONS = 100
MOST_ANSWERED_ACTIONS = 20


# Built once each: building a statement costs several times what sending it does, and every child’s page sends these.
_IDENTITY: Any = (
    select(
        col(Child.id),
        col(Child.version),
        col(Child.reference),
        col(Child.name),
        col(Child.born),
        col(Child.area_id),
        col(Area.code).label("area_code"),
        col(Area.name).label("area_name"),
        col(Child.external_reference),
        col(Child.gender),
        col(Child.ethnicity),
        col(Child.school_id),
        sa.func.coalesce(col(School.name), col(Child.school_name)).label("school"),
        col(Child.learning_disability),
        col(Child.looked_after),
        col(Child.legal_status),
        col(Child.lead_professional_id),
        sa.func.coalesce(col(Account.name), col(Child.lead_professional_name)).label("lead_professional"),
        col(Child.merged_into_id),
    )
    .join(Area, col(Area.id) == col(Child.area_id))
    .outerjoin(School, col(School.id) == col(Child.school_id))
    .outerjoin(Account, col(Account.id) == col(Child.lead_professional_id))
    .where(col(Child.reference) == bindparam("reference"))
)


def identity(session: Session, reference: str) -> Any | None:
    """Give the child with a reference, with the names of area, school and lead professional, or None."""
    return session.execute(_IDENTITY, {"reference": reference}).first()


def _is_any(*which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(*which)


_ID: Any = bindparam("child")
_POINTED_TO = _is_any(col(Child.merged_into_id) == _ID)
_PARTS: Any = select(
    _POINTED_TO.label("pointing"),
    _is_any(col(ChildBefore.child_id) == _ID).label("before"),
    _is_any(col(TransitionRecord.child_id) == _ID).label("steps"),
    _is_any(col(Involvement.child_id) == _ID, col(Involvement.ended_at).is_(None)).label("specialists"),
    _is_any(
        sa.or_(col(PossibleDuplicate.child_id) == _ID, col(PossibleDuplicate.other_id) == _ID),
        col(PossibleDuplicate.resolution).is_(None),
    ).label("duplicates"),
    _is_any(col(SafetyPlan.child_id) == _ID).label("plans"),
    _is_any(col(Assessment.child_id) == _ID, is_draft()).label("drafts"),
    # What is linked with a record that points to the child's is linked with the child.
    sa.or_(
        _POINTED_TO, _is_any(col(ChildLink.child_id) == _ID), _is_any(col(ChildLink.other_id) == _ID)
    ).label("links"),
    sa.or_(
        _POINTED_TO, _is_any(col(SubjectChild.child_id) == _ID, col(SubjectChild.ended_at).is_(None))
    ).label("networks"),
).execution_options(**unscoped("child"))  # fmt: skip


def parts_of(session: Session, child_id: int) -> Any:
    """Say which parts of a record hold anything, so that the page asks for those alone: most hold nothing of most.

    A part that the actor sees nothing of may be among them: what it holds is narrowed when it is read.
    """
    return session.execute(_PARTS, {"child": child_id}).one()


_PROPOSED = (
    select(col(ClosureProposal.proposed_on))
    .where(col(ClosureProposal.entry_id) == col(ListEntry.id), col(ClosureProposal.heard_at_meeting_id).is_(None))
    .limit(1)
    .scalar_subquery()
)
_STAYS: Any = (
    select(
        col(ListEntry.id),
        col(ListEntry.version),
        col(ListEntry.state),
        col(ListEntry.listed_on),
        col(ListEntry.before_service),
        col(ListEntry.current_rating),
        col(ListEntry.provisional),
        col(ListEntry.lead_agency_id),
        col(Agency.name).label("lead_agency"),
        col(ListEntry.next_review_on),
        col(ListEntry.next_meeting_id),
        col(ListEntry.plan_due_on),
        col(ListEntry.closed_on),
        col(ListEntry.leaving),
        _PROPOSED.label("proposed_on"),
        col(Departure.kind).label("way"),
        col(Departure.authority),
        col(Departure.contact),
        col(Departure.reason),
        col(Departure.begun_at),
        col(Departure.acknowledged_by),
        col(Departure.acknowledged_on),
        col(Departure.left_on),
    )
    .outerjoin(Agency, col(Agency.id) == col(ListEntry.lead_agency_id))
    .outerjoin(
        Departure,
        sa.and_(
            col(Departure.entry_id) == col(ListEntry.id),
            col(Departure.state).in_([DepartureState.WAITING, DepartureState.LEFT]),
        ),
    )
    .where(col(ListEntry.child_id) == bindparam("child"))
    .order_by(col(ListEntry.id).desc())
    .limit(20)
)


def stays(session: Session, child_id: int) -> Sequence[Any]:
    """Give the child's stays on the list, newest first, with the lead agency's name.

    `proposed_on` is the day on which a closure was proposed that no RMM has heard yet, or None; `way` and what follows
    it are of the departure that waits, or by which the child left, besides the closure gate.
    """
    return session.execute(_STAYS, {"child": child_id}).all()


_OF_CHILD: Any = (
    select(
        col(Action.id),
        col(Action.area_id),
        col(Action.reference),
        col(Action.what),
        col(Action.due_on),
        col(Action.first_due_on),
        col(Action.state),
        col(Action.outcome),
        col(Action.answered_on),
        col(Agency.name).label("agency"),
        col(Account.name).label("owner"),
    )
    .join(Agency, col(Agency.id) == col(Action.agency_id))
    .join(Account, col(Account.id) == col(Action.owner_id))
    .where(col(Action.child_id) == bindparam("child"))
)
_OPEN_ACTIONS = _OF_CHILD.where(is_open()).order_by(col(Action.due_on), col(Action.id)).limit(MOST_OPEN_ACTIONS)
_ANSWERED_ACTIONS = _OF_CHILD.where(is_ended()).order_by(col(Action.id).desc()).limit(MOST_ANSWERED_ACTIONS)
_ACTIONS: Any = select(
    sa.union_all(*(select(part.subquery()) for part in (_OPEN_ACTIONS, _ANSWERED_ACTIONS))).subquery()
)


def actions(session: Session, child_id: int) -> tuple[Sequence[Any], Sequence[Any]]:
    """Give the open actions, the longest overdue first, and the last answered ones, newest first."""
    rows = session.execute(_ACTIONS, {"child": child_id}).all()
    still_open = [row for row in rows if row.state is ActionState.OPEN]
    answered = [row for row in rows if row.state is not ActionState.OPEN]
    return sorted(still_open, key=lambda row: (row.due_on, row.id)), sorted(answered, key=lambda row: -row.id)


_SPECIALISTS: Any = (
    select(col(Account.id), col(Account.name))
    .join(Involvement, col(Involvement.account_id) == col(Account.id))
    .where(col(Involvement.child_id) == bindparam("child"), col(Involvement.ended_at).is_(None))
    .distinct()
    .order_by(col(Account.name), col(Account.id))
)


def specialists_of(session: Session, child_id: int) -> Sequence[Any]:
    """Give id and name of the people of the specialist service who work with the child now, by name."""
    return session.execute(_SPECIALISTS, {"child": child_id}).all()


_POINTING: Any = (
    select(col(Child.reference)).where(col(Child.merged_into_id) == bindparam("child")).order_by(col(Child.reference))
)


def pointing_to(session: Session, child_id: int) -> Sequence[str]:
    """Give the references of the records that the actor sees and that were found to be of this child too."""
    return session.scalars(_POINTING, {"child": child_id}).all()


def is_kept_from(session: Session, account_id: int | None, child_id: int) -> bool:
    """Whether a conflict of interest keeps somebody from a child, of whatever area the child is."""
    kept = sa.exists().where(
        col(ConflictOfInterest.account_id) == account_id, col(ConflictOfInterest.child_id) == child_id,
        col(ConflictOfInterest.ended_at).is_(None),
    )  # fmt: skip
    return bool(session.scalar(select(kept).execution_options(**unscoped("conflict_of_interest"))))


def compared(session: Session, child_ids: Sequence[int]) -> dict[int, Any]:
    """Give the identity of records that may be one child, by id.

    Read past the actor's scope: the coordinator of one area is asked whether a child of another area is the same,
    and is shown what is needed to say so and no more.
    """
    rows: Any = session.execute(
        select(
            col(Child.id),
            col(Child.reference),
            col(Child.name),
            col(Child.born),
            col(Child.external_reference),
            col(Child.gender),
            sa.func.coalesce(col(School.name), col(Child.school_name)).label("school"),
            col(Area.name).label("area"),
            col(Child.created_at),
            col(Child.merged_into_id),
            sa.exists()
            .where(col(ListEntry.child_id) == col(Child.id), col(ListEntry.closed_on).is_(None))
            .label("listed"),
        )
        .join(Area, col(Area.id) == col(Child.area_id))
        .outerjoin(School, col(School.id) == col(Child.school_id))
        .where(col(Child.id).in_(child_ids))
        .execution_options(**unscoped())
    )
    return {row.id or 0: row for row in rows}
