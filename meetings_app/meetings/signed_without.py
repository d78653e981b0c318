"""Which items a chair signed the minutes without: those from which a conflict of interest kept them at that moment.

A chair with a conflict is replaced for that item, and nobody vouches for words they were not shown. So minutes can be
signed by a chair who is kept from an item, and say that the signature does not hold for it (our default).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.access_clauses import one_child
from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.meetings.item_scope import whole_agenda
from meetings_app.meetings.models import AgendaItem, Minutes
from meetings_app.permissions import Actor


def signed_without(session: Session, by: Actor, minutes: Minutes, shown: Collection[str]) -> list[str]:
    """Give of each signature made so far, in order, the words that name the items it was made without, or "".

    Of items that the reader is not `shown`, only what the reader’s own signature was made without: that somebody has a
    conflict is told to whoever reads the item (our default, as for who was out of the room).
    """
    made = [
        (minutes.first_chair_id, minutes.first_signed_at), (minutes.second_chair_id, minutes.second_signed_at)
    ]  # fmt: skip
    rows = [
        row
        for row in _conflicts(session, minutes, [chair for chair, at in made if chair and at])
        if row.number in shown or row.account_id == by.account_id
    ]
    return [
        items_in_words([row.number for row in rows if _held(row, chair, at)], "without") for chair, at in made if at
    ]


def items_in_words(numbers: list[str], before: str) -> str:
    """Name items by their numbers after a word, or say nothing where there are none."""
    if not numbers:
        return ""
    *first, last = numbers
    return f"{before} items {', '.join(first)} and {last}" if first else f"{before} item {last}"


def _held(row: Any, chair: int | None, at: datetime) -> bool:
    """Whether a conflict is that of the chair, and held at the moment of the signature."""
    return bool(row.account_id == chair and row.declared_at <= at and (row.ended_at is None or row.ended_at > at))


def _conflicts(session: Session, minutes: Minutes, chairs: list[int]) -> list[Any]:
    if not chairs:
        return []
    # Past the reader's scope, for whoever has a conflict does not see the item; what the reader learns is narrowed.
    with whole_agenda(session):
        return list(
            session.execute(
                select(
                    col(AgendaItem.number), col(ConflictOfInterest.account_id), col(ConflictOfInterest.declared_at),
                    col(ConflictOfInterest.ended_at),
                )
                .join(ConflictOfInterest, one_child(col(ConflictOfInterest.child_id), col(AgendaItem.child_id)))
                .where(
                    col(AgendaItem.meeting_id) == minutes.meeting_id, col(ConflictOfInterest.account_id).in_(chairs)
                )
                .order_by(col(AgendaItem.place))
            )
        )  # fmt: skip
