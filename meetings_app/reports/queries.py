"""Counts for the board's totals. They are read past the reader's scope, for an analyst sees no child at all."""

from collections import Counter
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.cse_list.rules import latest_birth
from meetings_app.db.session import unscoped
from meetings_app.permissions import Actor, Role
from meetings_app.referrals.models import Referral

AGE_LIMITS = (13, 16, 18)
"""The ages at which a new band begins: under 13, 13 to 15, 16 and 17, 18 and over."""

_ANALYSTS = frozenset({Role.ANALYST})


def areas_of_totals(by: Actor) -> frozenset[int] | None:
    """Give the areas whose totals the person may see; None means the whole county."""
    return by.areas(_ANALYSTS)


def by_area_and_rating(session: Session, by: Actor) -> Counter[tuple[int, str]]:
    """Count the children on the list by area and rating."""
    rows = _counted(
        session, by, col(ListEntry.area_id), select(col(ListEntry.area_id), col(ListEntry.current_rating)), is_live()
    )
    return Counter({(row[0], row[1].value): row[2] for row in rows})


def by_age(session: Session, by: Actor, today: date) -> Counter[int]:
    """Count the children on the list by age band: the place of the band, youngest first."""
    born = col(ListEntry.born)
    bands = [(born > latest_birth(age, today), place) for place, age in enumerate(AGE_LIMITS)]
    band = sa.case(*bands, else_=len(AGE_LIMITS)).label("band")
    return Counter({row[0]: row[1] for row in _counted(session, by, col(ListEntry.area_id), select(band), is_live())})


def by_gender(session: Session, by: Actor) -> Counter[str]:
    """Count the children on the list by what is recorded as their gender, as it was typed."""
    statement = select(sa.func.lower(col(Child.gender)).label("gender")).join(
        ListEntry, col(ListEntry.child_id) == col(Child.id)
    )
    return Counter({row[0]: row[1] for row in _counted(session, by, col(ListEntry.area_id), statement, is_live())})


def referrals_by_agency(session: Session, by: Actor, since: datetime) -> Counter[tuple[int, str, str]]:
    """Count the referrals received since a moment by agency, state and, of those heard, the outcome."""
    statement = select(col(Referral.agency_id), col(Referral.state), col(Referral.outcome))
    rows = _counted(session, by, col(Referral.area_id), statement, col(Referral.received_at) >= since)
    return Counter({(row[0], row[1].value, row[2].value if row[2] else ""): row[3] for row in rows})


def _counted(session: Session, by: Actor, area: Any, statement: Any, *wanted: Any) -> Any:
    """Count rows by the columns of a statement. Only numbers leave here, and the page shows none under 5."""
    areas = areas_of_totals(by)
    if areas is not None:
        statement = statement.where(area.in_(sorted(areas)))
    columns = list(statement.selected_columns)
    counted = statement.add_columns(sa.func.count()).where(*wanted).group_by(*columns)
    return session.execute(counted.execution_options(**unscoped())).all()
