"""Which actions of network meetings a page lists and a number counts, and which were missed and go higher up.

An action answers to no area: every network meeting that was held after its date counts. What was missed is worked out
when a page is read, by the rules of the actions of RMMs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.contacts import contacts_of
from meetings_app.accounts.queries import agencies
from meetings_app.actions.board import MOST, Escalated, EscalatedAction
from meetings_app.actions.escalating import last_network_meetings, steps_by, words_of
from meetings_app.actions.filters import When, Whose
from meetings_app.actions.models import ActionState
from meetings_app.actions.pages import MOST_COUNTED
from meetings_app.actions.rules import Escalation, days_overdue, missed_at
from meetings_app.meetings.network_models import NetworkAction
from meetings_app.partnership.definitions import ActionRules, Partnership
from meetings_app.permissions import Actor

ADDRESS = "/networks/actions"


@dataclass(frozen=True)
class NetworkActionView:
    """One view of the open actions of network meetings: of those the person may see, their own or all; or the overdue.

    Codes alone, for it stands in an address.
    """

    mine: bool = False
    overdue: bool = False

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "NetworkActionView":
        """Read the values of an address; what is not known is left out."""
        return cls(values.get("whose") == Whose.MINE.value, values.get("when") == When.OVERDUE.value)

    @property
    def address(self) -> str:
        """The address of exactly these."""
        asked = [*([f"whose={Whose.MINE.value}"] if self.mine else []), *(["when=overdue"] if self.overdue else [])]
        return ADDRESS + ("?" + "&".join(asked) if asked else "")


def is_open() -> ColumnElement[bool]:
    """Say that an action was given and has no answer yet."""
    return col(NetworkAction.state) == ActionState.OPEN


def rows_of(session: Session, by: Actor, view: NetworkActionView, today: date) -> Sequence[NetworkAction]:
    """Give the actions of a view that the person may see, the earliest date first: up to one more than `MOST`."""
    statement = select(NetworkAction).where(*_conditions(by, view, today))
    return session.scalars(statement.order_by(col(NetworkAction.due_on), col(NetworkAction.id)).limit(MOST + 1)).all()


def count_of(by: Actor, view: NetworkActionView, today: date) -> sa.ScalarSelect[int]:
    """Give the number of a view as part of a statement, so that a page asks for all its numbers at once."""
    narrow = select(sa.literal(1)).select_from(NetworkAction).where(*_conditions(by, view, today))
    return select(sa.func.count()).select_from(narrow.limit(MOST_COUNTED + 1).subquery()).scalar_subquery()


def _conditions(by: Actor, view: NetworkActionView, today: date) -> list[ColumnElement[bool]]:
    return [
        is_open(),
        *([col(NetworkAction.owner_id) == by.account_id] if view.mine else []),
        *([col(NetworkAction.due_on) < today] if view.overdue else []),
    ]


def steps_of(session: Session, rows: Collection[Any], rules: ActionRules) -> Mapping[int, tuple[Escalation, int]]:
    """Give for open actions, by id, to whom each goes and at how many meetings it was missed; the others have none."""
    held = last_network_meetings(session, rules.board_meetings) if rows else []
    return steps_by({row.id: missed_at(row.due_on, held) for row in rows}, rules)


def escalations(session: Session, rows: Collection[NetworkAction], rules: ActionRules) -> Mapping[int, str]:
    """Say for open actions, by id, where they are escalated to; an action that is not has no words."""
    steps = steps_of(session, rows, rules)
    names = {agency.id: agency.name for agency in agencies(session)} if steps else {}
    owned = {row.id: row.agency_id for row in rows}
    return {action: words_of(step, names[owned[action]], missed) for action, (step, missed) in steps.items()}


def escalated(session: Session, today: date, partnership: Partnership) -> Escalated:
    """Give what is escalated among the actions that the reader may see, the longest overdue first."""
    rules = partnership.ratings.actions
    rows = session.scalars(
        select(NetworkAction)
        .where(is_open(), col(NetworkAction.due_on) < today)
        .order_by(col(NetworkAction.due_on), col(NetworkAction.id))
    ).all()
    steps = steps_of(session, rows, rules)
    contacts, names = contacts_of(session, partnership.agencies), {each.id: each.name for each in agencies(session)}
    found = [
        EscalatedAction(
            row.reference, names[row.agency_id], contacts[row.agency_id].name if row.agency_id in contacts else "",
            "Whole county", row.due_on, row.first_due_on, days_overdue(row.due_on, today), steps[row.key][1],
            steps[row.key][0],
        )
        for row in rows
        if row.key in steps
    ]  # fmt: skip
    by_step = {step: [each for each in found[:MOST] if each.step is step] for step in Escalation}
    return Escalated(by_step[Escalation.BOARD], by_step[Escalation.CONTACT], more=len(found) > MOST)
