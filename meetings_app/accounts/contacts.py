"""The single point of contact of each agency that has named one: who answers for its actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, Agency
from meetings_app.partnership.definitions import AgencyDefinition


@dataclass(frozen=True)
class Contact:
    """Who is told for an agency of actions that were missed at meetings."""

    account_id: int
    name: str


def contacts_of(session: Session, agencies: Sequence[AgencyDefinition]) -> Mapping[int, Contact]:
    """Give the contact of each agency that names one in `partnership.toml`, by the agency's id.

    A name that is no account in use of that very agency counts for nothing: its representatives stand in (own).
    """
    named = {each.contact.lower(): each.code for each in agencies if each.contact}
    if not named:
        return {}
    rows: Any = session.execute(
        select(
            col(Account.id), col(Account.name), col(Account.email), col(Agency.id).label("agency_id"), col(Agency.code)
        )
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .where(col(Account.email).in_(list(named)), col(Account.state) == AccountState.ACTIVE)
    )
    return {row.agency_id: Contact(row.id, row.name) for row in rows if named[row.email] == row.code}
