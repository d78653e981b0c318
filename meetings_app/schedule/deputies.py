"""Who may stand in for an agency at the meetings of an area: named by the coordinator, sent by a member."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, Agency, Area
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import NotFound, RuleBroken
from meetings_app.permissions import Actor
from meetings_app.schedule.checks import may_arrange
from meetings_app.schedule.models import AgencyDeputy


@dataclass(frozen=True)
class Deputy:
    """One deputy; without an area for the meetings of the whole county."""

    id: int
    account_id: int
    name: str
    agency: str
    area_id: int | None
    area: str


def deputies(session: Session) -> list[Deputy]:
    """Give the deputies there are now, by area, agency and name."""
    statement: Any = (
        select(
            col(AgencyDeputy.id), col(AgencyDeputy.account_id), col(AgencyDeputy.area_id), col(Account.name),
            col(Agency.name).label("agency"), col(Area.name).label("area"),
        )
        .join(Account, col(Account.id) == col(AgencyDeputy.account_id))
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .outerjoin(Area, col(Area.id) == col(AgencyDeputy.area_id))
        .where(col(AgencyDeputy.ended_at).is_(None), col(Account.state) != AccountState.DISABLED)
        .order_by(col(AgencyDeputy.area_id), col(Agency.id), col(Account.name), col(Account.id))
    )  # fmt: skip
    return [
        Deputy(row.id, row.account_id, row.name, row.agency, row.area_id, row.area or "")
        for row in session.execute(statement)
    ]


def deputies_for(session: Session, agency_id: int | None, area_id: int | None) -> list[Account]:
    """Give whom a member of an agency may send to a meeting of an area, by name."""
    area = col(AgencyDeputy.area_id).is_(None)
    statement = (
        select(Account)
        .join(AgencyDeputy, col(AgencyDeputy.account_id) == col(Account.id))
        .where(
            col(AgencyDeputy.ended_at).is_(None),
            area if area_id is None else or_(area, col(AgencyDeputy.area_id) == area_id),
            col(Account.agency_id) == agency_id,
            col(Account.state) != AccountState.DISABLED,
        )
        .order_by(col(Account.name), col(Account.id))
    )
    # Somebody may be named for this area and for every area.
    return list({account.key: account for account in session.scalars(statement)}.values())


def name_deputy(session: Session, by: Actor, now: datetime, account: Account, area_id: int | None) -> None:
    """Name somebody as a deputy of their agency. Raises `NotFound` for another's area, `RuleBroken` for one named."""
    if not may_arrange(by, area_id):
        raise NotFound
    if any(one.account_id == account.key and one.area_id == area_id for one in deputies(session)):
        raise RuleBroken("account", "This person is a deputy here already")
    session.add(AgencyDeputy(area_id=area_id, account_id=account.key, added_at=now))
    record(session, by, now, EventKind.DEPUTIES_CHANGED, account=account.key, change="named")


def end_deputy(session: Session, by: Actor, now: datetime, deputy_id: int) -> None:
    """Let somebody be a deputy no longer. Raises `NotFound` where the person does not arrange that area."""
    deputy = session.get(AgencyDeputy, deputy_id)
    if deputy is None or deputy.ended_at is not None or not may_arrange(by, deputy.area_id):
        raise NotFound
    deputy.ended_at = now
    record(session, by, now, EventKind.DEPUTIES_CHANGED, account=deputy.account_id, change="ended")
