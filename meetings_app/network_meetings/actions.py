"""Actions that a network meeting decides: proposed while it is held, given when it closes, answered by their owners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency
from meetings_app.accounts.queries import actor_of
from meetings_app.actions.models import ActionEventKind, ActionState
from meetings_app.actions.rules import ActionAnswer, AnswerKind, check_action, check_answer, check_new_date
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.db.references import unused_reference
from meetings_app.db.session import acting_for
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.meetings.network_models import NetworkAction, NetworkActionEvent, NetworkItem
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import check_in_progress
from meetings_app.network_meetings.items import group_of
from meetings_app.network_meetings.publishing import check_may_hold
from meetings_app.networks import following
from meetings_app.networks.models import Subject
from meetings_app.partnership.definitions import ActionRules
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.queries import invited


@dataclass(frozen=True)
class Proposal:
    """What an action says: `subject_id` is what it is about, None for the whole item of a referral."""

    what: str
    owner_id: int
    due_on: date
    subject_id: int | None = None


def possible_owners(session: Session, meeting: Meeting) -> list[tuple[int, str]]:
    """Give id and name, with agency, of those who can be given an action: whoever belongs to the meeting."""
    ids = [person.key for person in invited(session, meeting.key)]
    rows: Any = session.execute(
        select(col(Account.id), col(Account.name), col(Agency.name).label("agency"))
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .where(col(Account.id).in_(ids))
        .order_by(col(Agency.id), col(Account.name), col(Account.id))
    )
    return [(row.id, f"{row.name}, {row.agency}") for row in rows]


def propose(session: Session, by: Actor, now: datetime, meeting: Meeting, item: NetworkItem, said: Proposal) -> None:
    """Write an action down while the meeting is held; it is given when the meeting closes.

    Raises `RuleBroken` for `what`, `owner`, `about` or `due_on`: the owner belongs to the meeting and may see what the
    action is about. `NotFound` for whoever does not hold the meeting.
    """
    check_may_hold(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    check_action(said.what, said.due_on, meeting.held_on)
    if said.subject_id is not None and said.subject_id not in group_of(item):
        raise RuleBroken("about", "Choose what the action is about")
    if said.owner_id not in dict(possible_owners(session, meeting)):
        raise RuleBroken("owner", "Choose somebody who belongs to this meeting")
    if not _reads(session, said.owner_id, item, said.subject_id):
        raise RuleBroken("owner", "This person may not see the record the action is about. The police can name them")
    session.add(
        NetworkAction(
            reference=unused_reference(session, col(NetworkAction.reference), "NA"), item_id=item.key,
            subject_id=said.subject_id, what=said.what.strip(), agency_id=_agency_of(session, said.owner_id),
            owner_id=said.owner_id, due_on=said.due_on, first_due_on=said.due_on, state=ActionState.PROPOSED,
            created_at=now,
        )
    )  # fmt: skip
    session.flush()


def take_back(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: NetworkItem, action: NetworkAction
) -> None:
    """Take back an action that the meeting has not given yet. Raises `DomainError` once it is given."""
    check_may_hold(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    if action.state is not ActionState.PROPOSED:
        raise DomainError("This action has been given and can no longer be taken back.")
    reference = action.reference
    session.delete(action)
    session.flush()
    record(
        session, by, now, EventKind.ACTION_TAKEN_BACK,
        action=reference, number=item.number, meeting=meeting.reference,
    )  # fmt: skip


def confirm(session: Session, by: Actor, now: datetime, item: NetworkItem) -> None:
    """Give every action that the meeting proposed at an item: called when the meeting closes."""
    for action in of_item(session, item):
        if action.state is ActionState.PROPOSED:
            action.state = ActionState.OPEN
            happened(session, by, now, action, ActionEventKind.GIVEN, action.what, action.due_on)
            record(session, by, now, EventKind.ACTION_GIVEN, action=action.reference)
    session.flush()


def answer(
    session: Session, by: Actor, now: datetime, action: NetworkAction, version: int, said: ActionAnswer,
    rules: ActionRules,
) -> None:  # fmt: skip
    """Record what became of an action: by its owner, or by the network chair, who alone moves a date moved often.

    Raises `RuleBroken` for `kind`, `text` or `due_on`, `Conflict` with both texts, `DomainError` where it is not open.
    """
    if by.account_id != action.owner_id and not by.may(Permission.DECIDE_NETWORKS):
        raise NotFound
    if action.version != version:
        raise Conflict("Somebody else changed this action first.", field="text", theirs=action.outcome, ours=said.text)
    _check_open(action)
    today = london_date(now)
    check_answer(said, action.due_on, today, rules)
    may_agree = by.may(Permission.DECIDE_NETWORKS)
    check_new_date(said, _new_dates(session, action), rules, may_agree=may_agree, ask="the network chair")
    text = said.text.strip()
    if said.kind is AnswerKind.NEW_DATE and said.due_on is not None:
        action.due_on, action.outcome = said.due_on, text
    else:
        action.state, action.outcome, action.answered_on = ActionState(said.kind.value), text, today
    happened(session, by, now, action, ActionEventKind(said.kind.value), text, said.due_on)
    session.flush()
    record(session, by, now, EventKind.ACTION_ANSWERED, action=action.reference, answer=said.kind.value)


def _new_dates(session: Session, action: NetworkAction) -> int:
    moved = (col(NetworkActionEvent.action_id) == action.key, col(NetworkActionEvent.kind) == ActionEventKind.NEW_DATE)
    return session.scalar(select(func.count()).select_from(NetworkActionEvent).where(*moved)) or 0


def withdraw(
    session: Session, by: Actor, now: datetime, meeting: Meeting, action: NetworkAction, version: int, reason: str
) -> None:
    """Withdraw an open action: only a network meeting may, while it is held, and it says why.

    Raises `RuleBroken` for `reason`, `Conflict`, `DomainError`, `NotFound`.
    """
    check_may_hold(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    if action.version != version:
        raise Conflict("Somebody else changed this action first.", field="reason", theirs=action.outcome, ours=reason)
    _check_open(action)
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the meeting withdraws the action")
    action.state, action.outcome = ActionState.WITHDRAWN, reason.strip()
    action.answered_on = london_date(now)
    happened(session, by, now, action, ActionEventKind.WITHDRAWN, reason.strip(), None)
    session.flush()
    record(session, by, now, EventKind.ACTION_ANSWERED, action=action.reference, answer="withdrawn")


def happened(
    session: Session, by: Actor, now: datetime, action: NetworkAction, kind: ActionEventKind, text: str,
    due_on: date | None,
) -> None:  # fmt: skip
    """Append what happened to an action to its history."""
    session.add(
        NetworkActionEvent(action_id=action.key, at=now, by_id=by.account_id, kind=kind, text=text, due_on=due_on)
    )


def of_item(session: Session, item: NetworkItem) -> Sequence[NetworkAction]:
    """Give the actions of an item that the reader may see, in the order written."""
    statement = select(NetworkAction).where(col(NetworkAction.item_id) == item.key)
    return session.scalars(statement.order_by(col(NetworkAction.id))).all()


def open_about(session: Session, item: NetworkItem) -> Sequence[NetworkAction]:
    """Give the open actions of earlier meetings about the subjects of an item, and the records that point to them."""
    earlier = select(col(NetworkItem.id)).where(col(NetworkItem.subject_id) == item.subject_id)
    group = following.alike(session, group_of(item))
    about = col(NetworkAction.subject_id).in_(group) | col(NetworkAction.item_id).in_(earlier)
    statement = select(NetworkAction).where(about, col(NetworkAction.state) == ActionState.OPEN)
    return session.scalars(statement.order_by(col(NetworkAction.due_on), col(NetworkAction.id))).all()


def find(session: Session, reference: str) -> NetworkAction | None:
    """Give one action of a network meeting, or None where there is none or the reader may not see it."""
    wanted = select(NetworkAction).where(col(NetworkAction.reference) == reference.strip().upper())
    return session.scalars(wanted).first()


def _reads(session: Session, account_id: int, item: NetworkItem, subject_id: int | None) -> bool:
    actor = actor_of(session, account_id)
    if actor is None:
        return False
    wanted: Any = select(col(NetworkItem.id)).where(col(NetworkItem.id) == item.key)
    if subject_id is not None:
        wanted = select(col(Subject.id)).where(col(Subject.id) == subject_id)
    with acting_for(session, actor):
        return session.scalar(wanted) is not None


def _agency_of(session: Session, account_id: int) -> int:
    return session.scalars(select(col(Account.agency_id)).where(col(Account.id) == account_id)).one()


def _check_open(action: NetworkAction) -> None:
    if action.state is not ActionState.OPEN:
        raise DomainError("This action has been answered already.")
