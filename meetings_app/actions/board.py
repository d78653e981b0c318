"""Actions that were missed at meetings: those on the strategic board's list, and those of a single point of contact.

Worked out when the page is read, by the rule that the other pages ask. No child stands there: the board oversees the
partnership, and asks an agency about an action by its reference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.contacts import contacts_of
from meetings_app.accounts.models import Agency, Area
from meetings_app.accounts.queries import areas_of
from meetings_app.actions.escalating import last_meetings
from meetings_app.actions.models import Action
from meetings_app.actions.queries import is_open
from meetings_app.actions.rules import Escalation, days_overdue, escalation_of, missed_at
from meetings_app.partnership.definitions import ActionRules, Partnership
from meetings_app.permissions import AREA_ROLES, Actor

MOST = 200
"""How many are listed, the longest overdue first; the page says so where there are more."""


@dataclass(frozen=True)
class EscalatedAction:
    """One action that goes higher up: whose it is, since when it is due, and how often it was missed and moved."""

    reference: str
    agency: str
    contact: str
    area: str
    due_on: date
    first_due_on: date
    overdue_days: int
    missed: int
    step: Escalation


@dataclass(frozen=True)
class Escalated:
    """What is escalated in some areas; `more` says that not all of it is listed."""

    board: Sequence[EscalatedAction]
    contact: Sequence[EscalatedAction]
    more: bool = False


def escalated(session: Session, by: Actor, today: date, partnership: Partnership) -> Escalated:
    """Give what is escalated in the areas whose staff the person is, the longest overdue first."""
    rules = partnership.ratings.actions
    areas = [area.id for area in areas_of(session, by, AREA_ROLES)]
    held = last_meetings(session, areas, rules.board_meetings)
    # An action is missed so often where it was due before the meeting that lies so many back.
    missed = [
        sa.and_(
            col(Action.area_id) == area, col(Action.due_on) < sorted(days, reverse=True)[rules.contact_meetings - 1]
        )
        for area, days in held.items()
        if len(days) >= rules.contact_meetings
    ]
    statement: Any = (
        select(
            col(Action.reference), col(Action.agency_id), col(Action.area_id), col(Action.due_on),
            col(Action.first_due_on), col(Agency.name).label("agency"), col(Area.name).label("area"),
        )
        .join(Agency, col(Agency.id) == col(Action.agency_id))
        .join(Area, col(Area.id) == col(Action.area_id))
        .where(is_open(), sa.or_(sa.false(), *missed))
        .order_by(col(Action.due_on), col(Action.id))
        .limit(MOST + 1)
    )  # fmt: skip
    rows = session.execute(statement).all()
    contacts = contacts_of(session, partnership.agencies) if rows else {}
    names = {agency_id: contact.name for agency_id, contact in contacts.items()}
    found = [_escalated(row, names.get(row.agency_id, ""), held[row.area_id], today, rules) for row in rows[:MOST]]
    by_step = {step: [each for each in found if each.step is step] for step in Escalation}
    return Escalated(by_step[Escalation.BOARD], by_step[Escalation.CONTACT], more=len(rows) > MOST)


def _escalated(row: Any, contact: str, held: Sequence[date], today: date, rules: ActionRules) -> EscalatedAction:
    missed = missed_at(row.due_on, held)
    return EscalatedAction(
        row.reference, row.agency, contact, row.area, row.due_on, row.first_due_on, days_overdue(row.due_on, today),
        missed, escalation_of(missed, rules) or Escalation.CONTACT,
    )  # fmt: skip
