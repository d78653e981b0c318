"""Reads of actions: one by reference, those of a child, of a meeting and of an agency, and who may own one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.access_clauses import one_child
from meetings_app.accounts.models import Account, AccountState, Agency, ConflictOfInterest, RoleGrant
from meetings_app.actions.models import Action, ActionEvent, ActionEventKind, ActionState
from meetings_app.children.models import Child, Involvement
from meetings_app.db.asked_once import asked_once
from meetings_app.db.session import unscoped
from meetings_app.permissions import AREA_ROLES, Role

_STAFF_ROLES = AREA_ROLES | {Role.REPRESENTATIVE}
PAGE = 50


@dataclass(frozen=True)
class ActionRow:
    """One action as lists and documents show it, with the names of its agency and its owner."""

    id: int
    reference: str
    child_id: int | None
    child_reference: str
    area_id: int
    what: str
    agency_id: int
    agency: str
    owner_id: int
    owner: str
    due_on: date
    state: ActionState
    outcome: str
    version: int


def is_open() -> ColumnElement[bool]:
    """Give the condition of the partial indexes. Written out, because a bound value would not match them.

    SQLite would also plan the statement anew whenever it is sent, to see whether this value matches them.
    """
    return col(Action.state) == sa.literal_column("'open'")


def is_ended() -> ColumnElement[bool]:
    """Give the condition of an action that was given and is open no more. Written out, as the other is."""
    return col(Action.state).not_in([sa.literal_column("'open'"), sa.literal_column("'proposed'")])


def find_action(session: Session, reference: str) -> Action | None:
    """Give the action with this reference, or None where there is none or the person may not see it."""
    return session.scalars(select(Action).where(col(Action.reference) == reference.strip().upper())).first()


def new_dates_of(session: Session, action_id: int) -> int:
    """Count how often an action got a new date."""
    moved = (col(ActionEvent.action_id) == action_id, col(ActionEvent.kind) == ActionEventKind.NEW_DATE)
    return session.scalar(select(func.count()).select_from(ActionEvent).where(*moved)) or 0


def events_of(session: Session, action_id: int) -> Sequence[Any]:
    """Give what happened to an action, oldest first: at, kind, text, due_on and the person's name."""
    return session.execute(
        select(
            col(ActionEvent.at), col(ActionEvent.kind), col(ActionEvent.text), col(ActionEvent.due_on),
            col(Account.name).label("by"),
        )
        .outerjoin(Account, col(Account.id) == col(ActionEvent.by_id))
        .where(col(ActionEvent.action_id) == action_id)
        .order_by(col(ActionEvent.id))
    ).all()  # fmt: skip


@asked_once
def open_actions_of(session: Session, child_id: int) -> Sequence[ActionRow]:
    """Give the open actions of a child, earliest date first."""
    return _rows(session, col(Action.child_id) == child_id, is_open())


def open_actions_of_all(session: Session, child_ids: Collection[int]) -> dict[int, list[ActionRow]]:
    """Give the same for several children, by child; only those of whom one is open."""
    found: dict[int, list[ActionRow]] = {}
    for row in _rows(session, col(Action.child_id).in_(child_ids), is_open()):
        found.setdefault(row.child_id or 0, []).append(row)
    return found


def actions_named(session: Session, child_id: int, references: Collection[str]) -> list[ActionRow]:
    """Give those of these actions that are about a child, whatever became of them."""
    if not references:
        return []
    return _rows(session, col(Action.child_id) == child_id, col(Action.reference).in_(references))


def not_done_of(session: Session, child_id: int, since: date | None, limit: int = 20) -> list[ActionRow]:
    """Give what was answered as not done, or as what could not be done, from a day on, in that order; None: ever."""
    refused = (ActionState.NOT_DONE, ActionState.COULD_NOT_BE_DONE)
    wanted = [col(Action.child_id) == child_id, col(Action.state).in_(refused)]
    if since is not None:
        wanted.append(col(Action.answered_on) >= since)
    return _rows(session, *wanted, order=(col(Action.answered_on), col(Action.id)), limit=limit)


def actions_of_meeting(session: Session, meeting_id: int, child_id: int | None = None) -> list[ActionRow]:
    """Give the actions that a meeting gave or proposes, for one child where one is named, in the order written."""
    wanted = [col(Action.meeting_id) == meeting_id]
    if child_id is not None:
        wanted.append(col(Action.child_id) == child_id)
    return _rows(session, *wanted, order=(col(Action.id),))


def open_of_agency(
    session: Session,
    agency_id: int,
    *,
    due_from: date | None = None,
    due_before: date | None = None,
    after: tuple[date, int] | None = None,
    limit: int = PAGE,
) -> list[ActionRow]:
    """Give an agency's open actions, earliest date first, a page at a time: `after` is due date and id of the last."""
    wanted: list[ColumnElement[bool]] = [col(Action.agency_id) == agency_id, is_open()]
    if due_from is not None:
        wanted.append(col(Action.due_on) >= due_from)
    if due_before is not None:
        wanted.append(col(Action.due_on) < due_before)
    if after is not None:
        wanted.append(sa.tuple_(col(Action.due_on), col(Action.id)) > after)
    return _rows(session, *wanted, limit=limit)


def possible_owners(session: Session, child_id: int, agency_id: int | None = None) -> Sequence[Any]:
    """Give id, name and agency of those who may own an action on this child, by name; of one agency where it is named.

    Only people of the owning agency, and only those who may see the child (`sees_child`) and have no conflict of
    interest about the child.
    """
    wanted = [col(Account.agency_id) == agency_id] if agency_id is not None else []
    owners: Sequence[Any] = session.execute(_OWNERS.where(*wanted), {"child": child_id}).all()
    return owners


def sees_child() -> ColumnElement[bool]:
    """Say, in SQL, that the role of a statement lets the account of it see the child of it: `RoleGrant`, `Account`,
    `Child`.

    By a role in the child's area or in the county, as the lead professional, as somebody who works with the child, or
    at the child's school.
    """
    works_with = sa.exists().where(
        col(Involvement.child_id) == col(Child.id), col(Involvement.account_id) == col(Account.id),
        col(Involvement.ended_at).is_(None),
    )  # fmt: skip
    role, in_area = col(RoleGrant.role), col(RoleGrant.area_id) == col(Child.area_id)
    return col(RoleGrant.ended_at).is_(None) & sa.or_(
        role.in_(_STAFF_ROLES) & (in_area | col(RoleGrant.area_id).is_(None)),
        (role == Role.SPECIALIST) & works_with,
        (role == Role.LEAD_PROFESSIONAL) & (col(Account.id) == col(Child.lead_professional_id)),
        (role == Role.SCHOOL) & (col(Account.school_id) == col(Child.school_id)),
    )


def _is_kept_from_child() -> ColumnElement[bool]:
    return sa.exists().where(
        col(ConflictOfInterest.account_id) == col(Account.id),
        one_child(col(ConflictOfInterest.child_id), col(Child.id)), col(ConflictOfInterest.ended_at).is_(None),
    )  # fmt: skip


_OWNERS: Any = (
    select(col(Account.id), col(Account.name), col(Account.agency_id), col(Agency.name).label("agency"))
    .select_from(Account)
    .join(Child, col(Child.id) == sa.bindparam("child"))
    .join(RoleGrant, col(RoleGrant.account_id) == col(Account.id))
    .join(Agency, col(Agency.id) == col(Account.agency_id))
    .where(col(Account.state) != AccountState.DISABLED, sees_child(), ~_is_kept_from_child())
    .distinct()
    .order_by(col(Account.name), col(Account.id))
    # Whoever names an owner need not see who has a conflict of interest; such a person is only left out.
    .execution_options(**unscoped("conflict_of_interest"))
)


def first_representative(session: Session, area_id: int, agency_id: int, owners: Collection[int]) -> int | None:
    """Give who represents an agency in an area, the first by name, or None where nobody does.

    Only one of the `owners`, who may own an action on the child: whoever has a conflict of interest gets none.
    """
    return session.scalars(
        select(col(Account.id))
        .join(RoleGrant, col(RoleGrant.account_id) == col(Account.id))
        .where(
            col(Account.agency_id) == agency_id, col(Account.state) != AccountState.DISABLED,
            col(RoleGrant.role) == Role.REPRESENTATIVE, col(RoleGrant.ended_at).is_(None),
            (col(RoleGrant.area_id) == area_id) | col(RoleGrant.area_id).is_(None), col(Account.id).in_(owners),
        )
        .order_by(col(Account.name), col(Account.id))
        .limit(1)
    ).first()  # fmt: skip


def has_open_actions(session: Session, child_ids: Collection[int]) -> set[int]:
    """Give which of the children have an action that is still open."""
    rows = session.execute(
        select(col(Action.child_id)).where(col(Action.child_id).in_(child_ids), is_open()).distinct()
    )
    return {row.child_id for row in rows if row.child_id is not None}


def _rows(
    session: Session, *wanted: ColumnElement[bool], limit: int | None = None, order: Sequence[Any] = ()
) -> list[ActionRow]:
    columns: list[Any] = [
        getattr(Action, name) for name in ActionRow.__annotations__ if name not in ("agency", "owner")
    ]
    statement = (
        select(*columns, col(Agency.name).label("agency"), col(Account.name).label("owner"))
        .join(Agency, col(Agency.id) == col(Action.agency_id))
        .join(Account, col(Account.id) == col(Action.owner_id))
        .where(*wanted)
        .order_by(*(order or (col(Action.due_on), col(Action.id))))
        .limit(limit)
    )
    return [ActionRow(**row._mapping) for row in session.execute(statement)]
