"""Which versions of the rules there are, who made each, and what was decided under one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, ImportedDefault
from meetings_app.cse_list.models import Closure, EntryState, ListEntry
from meetings_app.permissions import AREA_ROLES, Actor
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.rules_page.values import MODELS, RATINGS, Values, values_of


@dataclass(frozen=True)
class Version:
    """One version of a file of rules: who made it, when and why; `by` is None for the operator of the machine."""

    file: str
    number: int
    at: datetime
    by: str | None
    reason: str
    on_page: bool
    restores: int | None
    text: str

    @property
    def stem(self) -> str:
        """The name of its file, as it stands in an address."""
        return self.file.removesuffix(".toml")

    @property
    def values(self) -> Values:
        """Every figure of it, by key."""
        return values_of(self.file, self.text)


def versions_of(session: Session, file: str) -> Sequence[Version]:
    """Give every version of a file of rules, the newest first."""
    rows: Any = session.execute(
        select(
            col(ImportedDefault.file), col(ImportedDefault.number), col(ImportedDefault.read_at),
            col(Account.name), col(ImportedDefault.reason), col(ImportedDefault.on_page),
            col(ImportedDefault.restores), col(ImportedDefault.content),
        )
        .outerjoin(Account, col(Account.id) == col(ImportedDefault.read_by_id))
        .where(col(ImportedDefault.file) == file)
        .order_by(col(ImportedDefault.number).desc())
    )  # fmt: skip
    return [Version(*row) for row in rows]


def every_version(session: Session) -> dict[str, Sequence[Version]]:
    """Give the versions of every file whose rules the page shows, by file."""
    return {file: versions_of(session, file) for file in MODELS}


def decided_under(session: Session, actor: Actor, version: Version) -> str | None:
    """Count the decisions that name a version, in words; None for whoever sees no child, and where they name none."""
    if version.file != RATINGS or not reads_children(actor):
        return None
    counts = [
        session.scalars(select(sa.func.count()).select_from(model).where(col(model.rules_version) == version.number))
        for model in (Rating, Closure)
    ]
    ratings, closures = (count.one() for count in counts)
    where = "" if actor.areas(AREA_ROLES) is None else " in your areas"
    return f"{counted(ratings, 'rating')} and {counted(closures, 'closure')}{where}"


def counted(number: int, thing: str) -> str:
    """Write how many there are of something."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def listed_with(session: Session, actor: Actor, rating: str) -> int | None:
    """Count the children on the list with a rating whom the reader may see; None for whoever sees no child."""
    if not reads_children(actor):
        return None
    return session.scalars(
        select(sa.func.count())
        .select_from(ListEntry)
        .where(col(ListEntry.current_rating) == RiskRating(rating), col(ListEntry.state) != EntryState.CLOSED)
    ).one()


def reads_children(actor: Actor) -> bool:
    """Say whether the person sees the children of some area; others are told no number of them."""
    areas = actor.areas(AREA_ROLES)
    return areas is None or bool(areas)
