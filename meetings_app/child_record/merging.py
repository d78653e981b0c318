"""Two records that are one child: one points to the other, both are kept, and undoing removes the pointer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.following import follow_area
from meetings_app.actions.models import Action, ActionState
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child, PossibleDuplicate, Resolution
from meetings_app.children.service import check_may
from meetings_app.clock import london_date
from meetings_app.cse_list import service as cse_list
from meetings_app.cse_list.homing import lock_homes
from meetings_app.cse_list.models import Departure, DepartureKind, DepartureState
from meetings_app.db.session import unscoped
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.permissions import Actor, Permission
from meetings_app.referrals.identity import refuse_while_on_an_agenda
from meetings_app.referrals.moving import bring_along, bring_back, close_move, moved_rows, write_down
from meetings_app.schedule.office import Office
from meetings_app.text import day_in_words

_ACTIONS = "action"


def say_same_or_different(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    pair: PossibleDuplicate,
    resolution: Resolution,
    reason: str,
) -> Child | None:
    """Record a person's word on two records that look alike; gives the record that now points to the other.

    "Same" makes the record that is not on the list point to the one that is, or else the newer to the older. Both are
    kept, and what was written on either stays readable; waiting referrals go with the child.

    Raises `RuleBroken` for `reason`, `DomainError` where both are on the list, where either is on a published agenda
    whose meeting is not closed, or where somebody has spoken already, `NotFound` for whoever may not.
    """
    try:
        check_may(session, by, Permission.CHANGE_CHILD, pair.child_id)
    except NotFound:
        check_may(session, by, Permission.CHANGE_CHILD, pair.other_id)
    if pair.resolution is not None:
        raise DomainError("Somebody has said already whether these are the same child.")
    if not reason.strip():
        raise RuleBroken("reason", "Enter how you know")
    pointing = _point(session, by, now, office, pair) if resolution is Resolution.SAME else None
    pair.resolution, pair.resolution_reason = resolution, reason.strip()
    pair.resolved_at, pair.resolved_by_id = now, by.account_id
    session.flush()
    for child_id in (pair.child_id, pair.other_id):
        record(session, by, now, EventKind.CHILDREN_COMPARED, child_id, resolution=resolution.value)
    return pointing


def _point(session: Session, by: Actor, now: datetime, office: Office, pair: PossibleDuplicate) -> Child:
    """Let one record point to the other. Reads past the scope: the other child may live in another area."""
    newer, older = max(pair.child_id, pair.other_id), min(pair.child_id, pair.other_id)
    areas = select(col(Child.area_id)).where(col(Child.id).in_((newer, older))).execution_options(**unscoped())
    # A meeting that closes at this moment may list either of them.
    lock_homes(session, session.scalars(areas).all())
    newer_listed = cse_list.is_listed(session, newer)
    older_listed = cse_list.is_listed(session, older)
    if newer_listed and older_listed:
        raise DomainError("Both records are on the list. The chairs must first take one off, as a duplicate.")
    kept, pointing_id = (newer, older) if newer_listed else (older, newer)
    pointing = session.get(Child, pointing_id, execution_options=unscoped())
    target = session.get(Child, kept, execution_options=unscoped())
    if pointing is None or target is None or target.merged_into_id is not None or pointing.merged_into_id is not None:
        raise DomainError("One of these records points to a third one already.")
    refuse_while_on_an_agenda(session, (pointing_id, kept))
    point(session, by, now, office, pointing, target)
    return pointing


def point(session: Session, by: Actor, now: datetime, office: Office, pointing: Child, target: Child) -> None:
    """Let one record point to the other. What waits for an RMM, and the open actions, go along with the child."""
    pointing.merged_into_id = target.key
    bring_along(session, now, office, pointing, target)
    still_open = select(Action).where(
        col(Action.child_id) == pointing.key, col(Action.state).in_([ActionState.OPEN, ActionState.PROPOSED])
    )
    for action in session.scalars(still_open.execution_options(**unscoped())).all():
        action.child_id = target.key
        write_down(session, now, pointing.key, target.key, _ACTIONS, action.key)
    session.flush()
    follow_area(session, by, now, target)


def undo_merge(session: Session, by: Actor, now: datetime, child: Child, version: int, reason: str) -> Child:
    """Remove the pointer of a record that was merged into another, and bring back what had moved; gives the other one.

    For coordinators and chairs of either record's area. Raises `RuleBroken` for `reason`, `Conflict` where the record
    changed since `version`, `DomainError` where it points nowhere, where it left the list as a duplicate (the chairs
    undo that), or where either stands on a published agenda.
    """
    session.refresh(child, with_for_update=True)
    if child.version != version:
        raise Conflict("Somebody else changed this record after you opened the page. Look at it again.")
    if child.merged_into_id is None:
        raise DomainError("This record does not point to another.")
    if _left_as_duplicate(session, child.key):
        raise DomainError("This record left the list as a duplicate. A chair undoes that.")
    target = session.get_one(Child, child.merged_into_id, execution_options=unscoped())
    try:
        check_may(session, by, Permission.CHANGE_CHILD, child.key)
    except NotFound:
        check_may(session, by, Permission.CHANGE_CHILD, target.key)
    if not reason.strip():
        raise RuleBroken("reason", "Enter how you know that these are two children")
    refuse_while_on_an_agenda(session, (child.key, target.key))
    unpoint(session, by, now, child, target, reason)
    return target


def _left_as_duplicate(session: Session, child_id: int) -> bool:
    left = select(col(Departure.id)).where(
        col(Departure.child_id) == child_id, col(Departure.kind) == DepartureKind.DUPLICATE,
        col(Departure.state) == DepartureState.LEFT,
    )  # fmt: skip
    return session.execute(left.limit(1).execution_options(**unscoped())).first() is not None


def unpoint(session: Session, by: Actor, now: datetime, child: Child, target: Child, reason: str) -> None:
    """Remove the pointer. The caller has asked whether the person may, and has the reason."""
    child.merged_into_id = None
    for moved in moved_rows(session, child.key):
        if moved.table_name == _ACTIONS:
            action = session.get_one(Action, moved.row_id, execution_options=unscoped())
            action.child_id = child.key
            close_move(session, now, moved)
    bring_back(session, now, child)
    follow_area(session, by, now, child)
    ids = (child.key, target.key)
    pairs = select(PossibleDuplicate).where(
        col(PossibleDuplicate.child_id).in_(ids), col(PossibleDuplicate.other_id).in_(ids)
    )
    for pair in session.scalars(pairs.execution_options(**unscoped())):
        before = f"{day_in_words(london_date(pair.resolved_at))}: {pair.resolution_reason}" if pair.resolved_at else ""
        pair.resolution = Resolution.DIFFERENT
        pair.resolution_reason = f"{reason.strip()}\n\nSaid to be one child on {before}" if before else reason.strip()
        pair.resolved_at, pair.resolved_by_id = now, by.account_id
    session.flush()
    for child_id in ids:
        record(session, by, now, EventKind.MERGE_UNDONE, child_id)
