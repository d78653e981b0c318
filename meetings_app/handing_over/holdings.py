"""What a person holds that others must take over, in numbers: whoever manages accounts sees no child."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, Agency, Area, RoleGrant
from meetings_app.accounts.queries import possible_lead_professionals
from meetings_app.actions.models import Action
from meetings_app.actions.owners import HELD
from meetings_app.children.models import Child, Involvement
from meetings_app.db.session import unscoped
from meetings_app.permissions import CHAIR_ROLES
from meetings_app.referrals.models import Referral, ReferralState
from meetings_app.schedule.models import Meeting, MeetingMember
from meetings_app.schedule.queries import AHEAD


@dataclass(frozen=True)
class Holding:
    """So many things of one kind in one area, and who may take them over: id, name and agency, by name."""

    area_id: int
    area: str
    number: int
    choices: Sequence[Any]
    others: Sequence[str] = ()


@dataclass(frozen=True)
class Holdings:
    """Everything a person holds. `others` of a chair names who chairs there for the same agency besides."""

    actions: list[Holding]
    children: list[Holding]
    chairs: list[Holding]
    meetings: int
    works_with: int
    referrals_to_answer: int

    @property
    def empty(self) -> bool:
        """Whether nothing has to go to somebody else."""
        lists = (self.actions, self.children, self.chairs)
        return not any(lists) and not (self.meetings or self.works_with or self.referrals_to_answer)


def holdings_of(session: Session, account_id: int, today: date, area_id: int | None = None) -> Holdings:
    """Give what a person holds, in one area where it is named. Counted past the reader's scope; no child is named."""
    people = successors(session, account_id)
    actions = _by_area(session, Action.area_id, col(Action.owner_id) == account_id, col(Action.state).in_(HELD))
    led = _by_area(session, Child.area_id, col(Child.lead_professional_id) == account_id)
    here = [row for row in actions if area_id in (None, row.area_id)]
    leading = [row for row in led if area_id in (None, row.area_id)]
    return Holdings(
        actions=[Holding(row.area_id, row.area, row.number, people) for row in here],
        children=[
            Holding(row.area_id, row.area, row.number, _leads(session, row.area_id, account_id)) for row in leading
        ],
        chairs=_chairs(session, account_id, people, area_id),
        meetings=_count(session, _invited(account_id, today)),
        works_with=_count(
            session,
            select(col(Involvement.id)).where(
                col(Involvement.account_id) == account_id, col(Involvement.ended_at).is_(None)
            ),
        ),
        referrals_to_answer=_count(
            session,
            select(col(Referral.id)).where(
                col(Referral.referrer_id) == account_id, col(Referral.state) == ReferralState.RETURNED
            ),
        ),
    )  # fmt: skip


def _invited(account_id: int, today: date) -> Any:
    return (
        select(col(MeetingMember.id))
        .join(Meeting, col(Meeting.id) == col(MeetingMember.meeting_id))
        .where(
            col(MeetingMember.account_id) == account_id, col(MeetingMember.removed_at).is_(None),
            col(Meeting.state).in_(AHEAD), col(Meeting.held_on) >= today,
        )
    )  # fmt: skip


def successors(session: Session, account_id: int) -> Sequence[Any]:
    """Give id and name of the people of the same agency who can sign in or are invited, without the person, by name."""
    person = aliased(Account)
    return session.execute(
        select(col(Account.id), col(Account.name), col(Agency.name).label("agency"))
        .join(person, col(person.agency_id) == col(Account.agency_id))
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .where(
            col(person.id) == account_id, col(Account.id) != account_id, col(Account.state) != AccountState.DISABLED
        )
        .order_by(col(Account.name), col(Account.id))
    ).all()  # fmt: skip


def _leads(session: Session, area_id: int, account_id: int) -> Sequence[Any]:
    return [row for row in possible_lead_professionals(session, area_id) if row.id != account_id]


def _by_area(session: Session, area: Any, *wanted: sa.ColumnElement[bool]) -> Sequence[Any]:
    return session.execute(
        select(area.label("area_id"), col(Area.name).label("area"), sa.func.count().label("number"))
        .join(Area, col(Area.id) == area)
        .where(*wanted)
        .group_by(area, col(Area.name))
        .order_by(col(Area.name))
        .execution_options(**unscoped())
    ).all()


def _chairs(session: Session, account_id: int, people: Sequence[Any], area_id: int | None) -> list[Holding]:
    """Give the areas in which the person is chair or deputy; a role in the whole county counts in each."""
    held = (
        select(col(Area.id), col(Area.name))
        .join(RoleGrant, (col(RoleGrant.area_id) == col(Area.id)) | col(RoleGrant.area_id).is_(None))
        .where(
            col(RoleGrant.account_id) == account_id, col(RoleGrant.role).in_(CHAIR_ROLES),
            col(RoleGrant.ended_at).is_(None), *([col(Area.id) == area_id] if area_id is not None else []),
        )
        .distinct()
        .order_by(col(Area.name))
    )  # fmt: skip
    chairing = session.execute(
        select(col(RoleGrant.account_id), col(RoleGrant.area_id)).where(
            col(RoleGrant.role).in_(CHAIR_ROLES), col(RoleGrant.ended_at).is_(None)
        )
    ).all()
    found = []
    for row in session.execute(held):
        there = {each.account_id for each in chairing if each.area_id in (None, row.id)}
        others = [person.name for person in people if person.id in there]
        choices = [person for person in people if person.id not in there]
        found.append(Holding(row.id or 0, row.name, 1, choices, others))
    return found


def _count(session: Session, statement: Any) -> int:
    counted = select(sa.func.count()).select_from(statement.subquery()).execution_options(**unscoped())
    return int(session.execute(counted).scalar_one())
