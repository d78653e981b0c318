"""An account ends or loses a role, and what its person holds goes to others in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts import service as accounts
from meetings_app.accounts.models import Account, Area, RoleGrant
from meetings_app.accounts.queries import possible_lead_professionals
from meetings_app.actions import owners
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.children.service import set_lead_professional
from meetings_app.db.session import unscoped_while
from meetings_app.errors import RuleBroken
from meetings_app.handing_over.holdings import successors
from meetings_app.permissions import CHAIR_ROLES, Actor, Role
from meetings_app.schedule.membership import withdraw_invitations
from meetings_app.schedule.office import Office

HAS_LEFT = "The account was disabled."
MOVED = "The person works for another agency now."
ROLE_ENDED = "The role that let the person see the child has ended."


@dataclass(frozen=True)
class Successors:
    """Who takes over in which area, by the id of the area; what is not named goes to the agency's representative."""

    actions: Mapping[int, int] = field(default_factory=dict)
    children: Mapping[int, int] = field(default_factory=dict)
    chairs: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Handed:
    """What came of it: actions and children given to others, those that wait for the coordinator, invites withdrawn."""

    actions: int
    actions_left: int
    children: int
    children_left: int
    invitations: int


def disable(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    account_id: int,
    version: int | None = None,
    to: Successors | None = None,
) -> Handed:
    """Stop a person from signing in, and hand over what they hold. Raises as `accounts.service.disable` does."""
    to = to or Successors()
    accounts.disable(session, by, now, account_id, version)
    _name_chairs(session, by, now, account_id, to)
    return _hand_over(session, by, now, office, account_id, to, HAS_LEFT)


def end_role(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    account_id: int,
    version: int,
    grant_id: int,
    to: Successors | None = None,
) -> Handed:
    """End a role, and hand over what the person may not hold without it. Raises as `accounts.service.end_role` does."""
    to = to or Successors()
    accounts.end_role(session, by, now, account_id, version, grant_id)
    _name_chairs(session, by, now, account_id, to)
    return _hand_over(session, by, now, office, account_id, to, ROLE_ENDED)


def change_agency(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    account_id: int,
    version: int,
    agency_code: str,
    to: Successors | None = None,
) -> Handed:
    """Let a person work for another agency, and hand over to the one of before. Raises as `accounts.service` does."""
    to = to or Successors()
    # Asked while the person is still of the agency that the next chair is of.
    _name_chairs(session, by, now, account_id, to)
    accounts.change_agency(session, by, now, account_id, version, agency_code)
    return _hand_over(session, by, now, office, account_id, to, MOVED)


def _name_chairs(session: Session, by: Actor, now: datetime, account_id: int, to: Successors) -> None:
    """Give the role of a chair to whom was chosen for an area, who must be of the same agency."""
    codes = {row.id: row.code for row in session.execute(select(col(Area.id), col(Area.code)))}
    for area_id, chosen_id in to.chairs.items():
        if chosen_id not in {row.id for row in successors(session, account_id)}:
            raise RuleBroken(f"chair_{area_id}", "Choose a person of the same agency")
        chosen = session.get_one(Account, chosen_id)
        role = _chair_role(session, account_id, area_id)
        accounts.add_role(session, by, now, chosen_id, chosen.version, role, [codes[area_id]])


def _chair_role(session: Session, account_id: int, area_id: int) -> str:
    held = session.scalars(
        select(col(RoleGrant.role))
        .where(
            col(RoleGrant.account_id) == account_id, col(RoleGrant.role).in_(CHAIR_ROLES),
            (col(RoleGrant.area_id) == area_id) | col(RoleGrant.area_id).is_(None),
        )
        .order_by(col(RoleGrant.id).desc())
    ).first()  # fmt: skip
    return (held or Role.CHAIR).value


def _hand_over(
    session: Session, by: Actor, now: datetime, office: Office, account_id: int, to: Successors, reason: str
) -> Handed:
    with unscoped_while(session):
        actions, actions_left = owners.hand_over(session, by, now, account_id, to.actions, reason)
        children, children_left = _hand_over_children(session, by, now, account_id, to.children)
        person = session.get_one(Account, account_id)
        invitations = withdraw_invitations(session, by, now, office, person)
        if actions or actions_left or children or children_left or invitations:
            record(
                session, by, now, EventKind.WORK_HANDED_OVER, account=account_id, actions=actions,
                children=children, left=actions_left + children_left, invitations=invitations,
            )  # fmt: skip
        session.flush()
    return Handed(actions, actions_left, children, children_left, invitations)


def _hand_over_children(
    session: Session, by: Actor, now: datetime, account_id: int, chosen: Mapping[int, int]
) -> tuple[int, int]:
    """Let another be lead professional where one was chosen; else the child waits on the coordinator's home page."""
    given = left = 0
    led = select(Child).where(col(Child.lead_professional_id) == account_id).order_by(col(Child.id))
    may: dict[int, set[int]] = {}
    for child in session.scalars(led).all():
        if child.area_id not in may:
            may[child.area_id] = {row.id for row in possible_lead_professionals(session, child.area_id)}
        if account_id in may[child.area_id]:
            continue
        successor = chosen.get(child.area_id)
        if successor is None or successor not in may[child.area_id]:
            left += 1
        else:
            set_lead_professional(session, by, now, child, successor)
            given += 1
    return given, left
