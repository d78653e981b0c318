"""Changes to actions: proposed in a meeting or given outside one, answered by the agency that owns each."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionEvent, ActionEventKind, ActionState, RecommendationTakenUp
from meetings_app.actions.owners import give_to
from meetings_app.actions.queries import new_dates_of, possible_owners
from meetings_app.actions.rules import (
    ActionAnswer,
    AnswerKind,
    check_action,
    check_answer,
    check_new_date,
    may_answer,
)  # fmt: skip
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.children.service import check_may
from meetings_app.clock import london_date
from meetings_app.db.references import unused_reference
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.partnership.definitions import ActionRules
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.checks import lock
from meetings_app.schedule.models import Meeting, MeetingState


def propose(
    session: Session,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    child: Child,
    what: str,
    agency_id: int,
    owner_id: int,
    due_on: date,
) -> Action:
    """Write down an action while the meeting still records; it is given when the meeting closes.

    Raises `RuleBroken` for `what`, `owner` or `due_on`, `NotFound` for whoever may not record the meeting.
    """
    _may_record(by, meeting.area_id)
    check_action(what, due_on, meeting.held_on)
    check_owner(session, child.key, agency_id, owner_id)
    return _new_action(
        session, now, child, what, agency_id, owner_id, due_on, ActionState.PROPOSED, meeting_id=meeting.key
    )


def give(
    session: Session,
    by: Actor,
    now: datetime,
    child: Child,
    what: str,
    agency_id: int,
    owner_id: int,
    due_on: date,
    **facts: str,
) -> Action:
    """Give an action outside a meeting: it is open at once. `facts` say in the trail where it comes from.

    For coordinators, chairs and the child's lead professional. Raises `RuleBroken` for `what`, `owner` or `due_on`,
    `NotFound` for whoever may not.
    """
    check_may(session, by, Permission.GIVE_ACTION, child.key)
    return give_as_decided(session, by, now, child, what, agency_id, owner_id, due_on, **facts)


def give_as_decided(
    session: Session,
    by: Actor,
    now: datetime,
    child: Child,
    what: str,
    agency_id: int,
    owner_id: int,
    due_on: date,
    **facts: str,
) -> Action:
    """Give an action that follows from a decision; whether `by` might take that decision was asked there.

    Raises `RuleBroken` for `what`, `owner` or `due_on`.
    """
    check_action(what, due_on, london_date(now), "The date must be today or later")
    check_owner(session, child.key, agency_id, owner_id)
    action = _new_action(session, now, child, what, agency_id, owner_id, due_on, ActionState.OPEN)
    happened(session, by, now, action, ActionEventKind.GIVEN, action.what, due_on)
    record(session, by, now, EventKind.ACTION_GIVEN, child.key, action=action.reference, **facts)
    session.flush()
    return action


def change_proposed(
    session: Session,
    by: Actor,
    action: Action,
    version: int,
    *,
    what: str,
    agency_id: int,
    owner_id: int,
    due_on: date,
    meeting: Meeting,
) -> Action:
    """Change an action that a meeting still proposes. Raises as `propose` does, and `Conflict` on an old version."""
    _may_record(by, meeting.area_id)
    _still_proposed(action)
    _same_version(action, version, field="what", theirs=action.what, ours=what)
    check_action(what, due_on, meeting.held_on)
    check_owner(session, action.child_id or 0, agency_id, owner_id)
    action.what, action.agency_id, action.owner_id = what.strip(), agency_id, owner_id
    action.due_on = action.first_due_on = due_on
    session.flush()
    return action


def remove_proposed(session: Session, by: Actor, meeting: Meeting, action: Action) -> None:
    """Take back an action that the meeting has not given yet. Raises `DomainError` once it is given.

    Where an assessment recommended it, it is offered again.
    """
    _may_record(by, meeting.area_id)
    _still_proposed(action)
    taken_up = select(RecommendationTakenUp).where(col(RecommendationTakenUp.action_id) == action.key)
    for link in session.scalars(taken_up):
        session.delete(link)
    session.flush()
    session.delete(action)
    session.flush()


def confirm_proposed(session: Session, by: Actor, now: datetime, meeting_id: int) -> None:
    """Give every action that the meeting proposed about a child: called when the meeting closes."""
    proposed = session.scalars(
        select(Action)
        .where(
            col(Action.meeting_id) == meeting_id,
            col(Action.child_id).is_not(None),
            col(Action.state) == ActionState.PROPOSED,
        )
        .order_by(col(Action.id))
    ).all()
    for action in proposed:
        action.state = ActionState.OPEN
        happened(session, by, now, action, ActionEventKind.GIVEN, action.what, action.due_on)
        record(session, by, now, EventKind.ACTION_GIVEN, action.child_id, action=action.reference)
    session.flush()


def answer(
    session: Session, by: Actor, now: datetime, action: Action, version: int, said: ActionAnswer, rules: ActionRules
) -> Action:
    """Record what the agency says of its action: done, not done, could not be done, or a new date.

    For people of the owning agency who see the action, and for whoever records meetings in its area; they alone move a
    date that was moved often. Raises `RuleBroken` for `kind`, `text` or `due_on`, `Conflict` on an old version,
    `DomainError` for an action that is not open.
    """
    _may_answer(by, action)
    _same_version(action, version, field="text", theirs=action.outcome, ours=said.text)
    if action.state is not ActionState.OPEN:
        raise DomainError("This action has been answered already.")
    today = london_date(now)
    check_answer(said, action.due_on, today, rules)
    may_agree = by.may(Permission.RECORD_MEETING, action.area_id)
    check_new_date(said, new_dates_of(session, action.key), rules, may_agree=may_agree)
    text = said.text.strip()
    if said.kind is AnswerKind.NEW_DATE and said.due_on is not None:
        action.due_on, action.outcome = said.due_on, text
    else:
        action.state, action.outcome, action.answered_on = ActionState(said.kind.value), text, today
    happened(session, by, now, action, ActionEventKind(said.kind.value), text, said.due_on)
    record(
        session, by, now, EventKind.ACTION_ANSWERED, action.child_id,
        action=action.reference, answer=said.kind.value,
    )  # fmt: skip
    session.flush()
    return action


def withdraw(
    session: Session, by: Actor, now: datetime, meeting: Meeting, action: Action, version: int, reason: str
) -> Action:
    """Withdraw an open action: only a meeting of its area may, while it is held, and it says why.

    Raises `RuleBroken` for `reason`, `DomainError` outside a meeting, `Conflict` on an old version.
    """
    _may_record(by, action.area_id)
    # Whoever closes the meeting at this moment goes first, or waits: no withdrawal stands beside a closed record.
    lock(session, meeting)
    session.refresh(action)
    if meeting.state is not MeetingState.IN_PROGRESS or meeting.area_id != action.area_id:
        raise DomainError("Only a meeting of the area can withdraw an action, while it is held.")
    _same_version(action, version, field="reason", theirs=action.outcome, ours=reason)
    if action.state is not ActionState.OPEN:
        raise DomainError("This action has been answered already.")
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the meeting withdraws the action")
    action.state, action.outcome, action.answered_on = ActionState.WITHDRAWN, reason.strip(), london_date(now)
    happened(session, by, now, action, ActionEventKind.WITHDRAWN, reason.strip(), None)
    record(
        session, by, now, EventKind.ACTION_ANSWERED, action.child_id,
        action=action.reference, answer="withdrawn",
    )  # fmt: skip
    session.flush()
    return action


def reassign(
    session: Session, by: Actor, now: datetime, action: Action, version: int, owner_id: int, reason: str = ""
) -> Action:
    """Give an open action to another person of the same agency who may see the child.

    Raises `RuleBroken` for `owner`, `Conflict` on an old version, `DomainError` for an action that is not open.
    """
    _may_answer(by, action)
    _same_version(action, version, field="owner", theirs="", ours="")
    if action.state is not ActionState.OPEN:
        raise DomainError("This action has been answered already.")
    if action.child_id is not None:
        check_owner(session, action.child_id, action.agency_id, owner_id)
    give_to(session, by, now, action, owner_id, reason)
    return action


def check_owner(session: Session, child_id: int, agency_id: int, owner_id: int) -> None:
    """Refuse an owner who is not of the agency or may not see the child. Raises `RuleBroken` for `owner`."""
    if owner_id not in {row.id for row in possible_owners(session, child_id, agency_id)}:
        raise RuleBroken("owner", "Choose a person of this agency who may see the child’s record")


def _new_action(
    session: Session,
    now: datetime,
    child: Child,
    what: str,
    agency_id: int,
    owner_id: int,
    due_on: date,
    state: ActionState,
    *,
    meeting_id: int | None = None,
) -> Action:
    action = Action(
        reference=unused_reference(session, col(Action.reference), "A"),
        child_id=child.key, child_reference=child.reference, area_id=child.area_id, meeting_id=meeting_id,
        what=what.strip(), agency_id=agency_id, owner_id=owner_id, due_on=due_on, first_due_on=due_on,
        state=state, created_at=now,
    )  # fmt: skip
    session.add(action)
    session.flush()
    return action


def happened(
    session: Session, by: Actor, now: datetime, action: Action, kind: ActionEventKind, text: str, due_on: date | None
) -> None:
    """Append what happened to an action to its history."""
    session.add(ActionEvent(action_id=action.key, at=now, by_id=by.account_id, kind=kind, text=text, due_on=due_on))


def _still_proposed(action: Action) -> None:
    if action.state is not ActionState.PROPOSED:
        raise DomainError("This action has been given and can no longer be changed.")


def _same_version(action: Action, version: int, *, field: str, theirs: str, ours: str) -> None:
    if action.version != version:
        raise Conflict("Somebody else changed this action first.", field=field, theirs=theirs, ours=ours)


def _may_record(by: Actor, area_id: int | None) -> None:
    if area_id is None or not by.may(Permission.RECORD_MEETING, area_id):
        raise NotFound


def _may_answer(by: Actor, action: Action) -> None:
    if not may_answer(by, action.agency_id, action.owner_id, action.area_id):
        raise NotFound
