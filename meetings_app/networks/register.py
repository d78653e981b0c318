"""The register of disruption: searched and counted by the same conditions, within what the person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.networks.models import Disruption, Subject, SubjectLink
from meetings_app.networks.queries import MOST
from meetings_app.networks.rules import REMIND_BEFORE_EXPIRY
from meetings_app.networks.searching import found_by
from meetings_app.networks.states import DisruptionState


@dataclass(frozen=True)
class Asked:
    """What the register is narrowed by. `network` is the reference of a network; what is linked with it counts too.

    `soon`: what is granted and expires within 28 days, or has expired and nobody said so.
    """

    words: str = ""
    tactic: str = ""
    state: DisruptionState | None = None
    expires_by: date | None = None
    network: str = ""
    soon: bool = False


SOON = Asked(soon=True)


def register(session: Session, asked: Asked, today: date) -> Sequence[Any]:
    """Give the entries that the person may see, what expires first, first."""
    statement: Any = select(
        col(Disruption.reference), col(Disruption.tactic), col(Disruption.state), col(Disruption.expires_on),
        col(Disruption.conditions), col(Agency.name).label("agency"), col(Subject.reference).label("subject"),
        col(Subject.name), col(Subject.kind),
    )  # fmt: skip
    statement = _from(statement).join(Agency, col(Agency.id) == col(Disruption.agency_id))
    order = (col(Disruption.expires_on).is_(None), col(Disruption.expires_on), col(Disruption.id).desc())
    return session.execute(statement.where(*_conditions(asked, today)).order_by(*order).limit(MOST)).all()


def count_of(asked: Asked, today: date) -> sa.ScalarSelect[int]:
    """Give how many there are as a piece of a statement, so that a page asks for all its numbers at once."""
    statement: sa.Select[tuple[int]] = _from(select(sa.func.count(col(Disruption.id))).select_from(Disruption))
    return statement.where(*_conditions(asked, today)).scalar_subquery()


def _from(statement: Any) -> Any:
    return statement.join(Subject, col(Subject.id) == col(Disruption.subject_id))


def _conditions(asked: Asked, today: date) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if asked.words.strip():
        typed = col(Disruption.reference) == asked.words.strip().upper()
        wanted.append(sa.or_(typed, found_by(asked.words)))
    if asked.tactic:
        wanted.append(col(Disruption.tactic) == asked.tactic)
    if asked.state is not None:
        wanted.append(col(Disruption.state) == asked.state)
    if asked.expires_by is not None:
        wanted.append(col(Disruption.expires_on) <= asked.expires_by)
    if asked.soon:
        wanted.append(col(Disruption.state) == DisruptionState.GRANTED)
        wanted.append(col(Disruption.expires_on) <= today + timedelta(days=REMIND_BEFORE_EXPIRY))
    if asked.network.strip():
        wanted.append(_of_network(asked.network.strip().upper()))
    return wanted


def _of_network(reference: str) -> sa.ColumnElement[bool]:
    """Ask for what is against the network itself, or against what a running link joins to it."""
    network = select(col(Subject.id)).where(col(Subject.reference) == reference).scalar_subquery()
    running = col(SubjectLink.ended_at).is_(None)
    ends = ((SubjectLink.first_id, SubjectLink.second_id), (SubjectLink.second_id, SubjectLink.first_id))
    linked = (select(col(one)).where(col(other) == network, running) for one, other in ends)
    return sa.or_(col(Disruption.subject_id) == network, *(col(Disruption.subject_id).in_(ids) for ids in linked))
