"""What follows a closure: the agencies remove their flags, and somebody looks back after its time.

Both are rows that stay until they are done, so what is due is asked of them whenever a page is read.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.actions.models import Action
from meetings_app.actions.queries import first_representative, possible_owners
from meetings_app.actions.service import give_as_decided
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.children.service import check_may
from meetings_app.clock import london_date
from meetings_app.cse_list.models import Closure, ClosureState, ClosureTask, LookBack
from meetings_app.db.session import unscoped, unscoped_while
from meetings_app.errors import Conflict, DomainError, RuleBroken
from meetings_app.permissions import Actor, Permission
from meetings_app.ratings.service import meeting_reference
from meetings_app.schedule.office import Office

REFER_ADULT = (
    "Make the adult safeguarding referral (Care Act, section 42) to {destination}, and say when it was received."
)
REMOVE_FLAGS = "Remove the flags that were set because the child was on the CSE list, and say when it was done."


def follow_closure(session: Session, by: Actor, now: datetime, office: Office, closure: Closure) -> None:
    """Ask each agency to remove its flags, and set the day for looking back: called when a child leaves the list.

    For an adult at risk the first of the chairing agencies is asked to make the referral too (SUR).
    An agency without a representative in the area who may own it has a task without owner, which the coordinator gives
    to somebody.
    """
    rules = office.partnership.ratings.closure
    today = london_date(now)
    due_on = office.calendar.add_working_days(today, rules.flag_working_days)
    session.add(
        LookBack(closure_id=closure.key, child_id=closure.child_id, due_on=today + timedelta(days=rules.look_back_days))
    )
    # Past the actor's scope: whoever closes the meeting may not see the area to which the child has moved.
    child = session.get_one(Child, closure.child_id, execution_options=unscoped())
    with unscoped_while(session):
        asked = asked_of(office, closure)
        for agency in _agencies(session, list(asked)):
            task = ClosureTask(
                closure_id=closure.key, child_id=child.key, agency_id=agency.id, what=asked[agency.code], due_on=due_on
            )
            session.add(task)
            owners = {row.id for row in possible_owners(session, child.key, agency.id)}
            owner_id = first_representative(session, child.area_id, agency.id, owners)
            if owner_id is not None:
                task.action_id = _give(session, by, now, child, task, owner_id, due_on).key
    session.flush()


def asked_of(office: Office, closure: Closure) -> dict[str, str]:
    """Give what each agency is asked to do after a closure, by its code (SUR: the adult safeguarding referral)."""
    partnership = office.partnership
    asked = dict.fromkeys(partnership.ratings.closure.flag_agencies, REMOVE_FLAGS)
    if closure.adult_at_risk is YesNoUnknown.YES:
        referral = REFER_ADULT.format(destination=partnership.closing.adult_safeguarding)
        first = partnership.rmm.chairing_agencies[0]
        asked[first] = f"{referral} {asked[first]}" if first in asked else referral
    return asked


def give_task(
    session: Session, by: Actor, now: datetime, task: ClosureTask, version: int, owner_id: int, due_on: date
) -> Action:
    """Give a task without owner to a person of its agency. For coordinators and chairs of the child's area.

    Raises `RuleBroken` for `owner` or `due_on`, `Conflict` on an old version, `DomainError` for one given already.
    """
    check_may(session, by, Permission.PREPARE_AGENDA, task.child_id)
    session.refresh(task, with_for_update=True)
    if task.action_id is not None:
        raise DomainError("Somebody has given this task already.")
    if task.version != version:
        raise Conflict("Somebody else changed this task first.")
    action = _give(session, by, now, session.get_one(Child, task.child_id), task, owner_id, due_on)
    task.action_id = action.key
    session.flush()
    return action


def record_look_back(session: Session, by: Actor, now: datetime, look_back: LookBack, version: int, found: str) -> None:
    """Record what was found on looking back. For coordinators and chairs of the child's area.

    Raises `RuleBroken` for `found`, `Conflict` with both texts where somebody recorded it first.
    """
    check_may(session, by, Permission.PREPARE_AGENDA, look_back.child_id)
    session.refresh(look_back, with_for_update=True)
    if look_back.found_at is not None or look_back.version != version:
        raise Conflict("Somebody else recorded this first.", field="found", theirs=look_back.found, ours=found)
    if not found.strip():
        raise RuleBroken("found", "Enter what was found")
    look_back.found, look_back.found_at, look_back.found_by_id = found.strip(), now, by.account_id
    session.flush()
    closure = session.get_one(Closure, look_back.closure_id)
    meeting = meeting_reference(session, closure.meeting_id)
    record(session, by, now, EventKind.LOOK_BACK_RECORDED, look_back.child_id, meeting=meeting)


def find_look_back(session: Session, child_reference: str) -> LookBack | None:
    """Give the look-back on a child's closure that is still to be made, or None."""
    return session.scalars(
        select(LookBack)
        .join(Child, col(Child.id) == col(LookBack.child_id))
        .where(col(Child.reference) == child_reference, col(LookBack.found_at).is_(None))
        .order_by(col(LookBack.id))
    ).first()


def find_task(session: Session, child_reference: str, agency: str) -> ClosureTask | None:
    """Give the task that an agency has after a child's closure and that nobody owns, or None."""
    return session.scalars(
        select(ClosureTask)
        .join(Child, col(Child.id) == col(ClosureTask.child_id))
        .join(Agency, col(Agency.id) == col(ClosureTask.agency_id))
        .where(
            col(Child.reference) == child_reference, col(Agency.code) == agency, col(ClosureTask.action_id).is_(None)
        )
        .order_by(col(ClosureTask.id))
    ).first()


def closed_child(session: Session, child_id: int) -> Closure | None:
    """Give the last closure by which a child left the list, or None."""
    done = (col(Closure.child_id) == child_id, col(Closure.state) == ClosureState.CLOSED)
    return session.scalars(select(Closure).where(*done).order_by(col(Closure.id).desc()).limit(1)).first()


def closure_facts(session: Session, closure_id: int) -> Any:
    """Give what a closure was decided with: its reason, where, and when the second chair signed."""
    closure = session.get_one(Closure, closure_id)
    return {
        "rationale": closure.rationale,
        "meeting": meeting_reference(session, closure.meeting_id),
        "signed_at": closure.second_signed_at,
    }


def _agencies(session: Session, codes: Sequence[str]) -> Sequence[Any]:
    return session.execute(
        select(col(Agency.id), col(Agency.code)).where(col(Agency.code).in_(codes)).order_by(col(Agency.id))
    ).all()


def _give(
    session: Session, by: Actor, now: datetime, child: Child, task: ClosureTask, owner_id: int, due_on: date
) -> Action:
    return give_as_decided(session, by, now, child, task.what, task.agency_id, owner_id, due_on)
