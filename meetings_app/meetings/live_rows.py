"""The rows beneath an item that is being typed: letting a text stand, and setting another one aside."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings.live_models import LiveItem, tables_of
from meetings_app.meetings.live_queries import rows_of, rows_of_all
from meetings_app.meetings.two_texts import holds_whole
from meetings_app.permissions import Actor


def let_stand(
    session: Session, by: Actor, now: datetime, item: LiveItem, rows: dict[str, Any], name: str, value: str,
    save_id: str = "", *, recorded: bool = False,
) -> int:  # fmt: skip
    """Let a text stand, with the next number of the item."""
    number = max((row.number for row in rows.values()), default=0) + 1
    row = rows.get(name)
    if row is None:
        row = rows[name] = tables_of(item).field(
            item_id=item.key, name=name, value=value, number=number, changed_at=now
        )
        session.add(row)
    row.value, row.number, row.save_id, row.recorded = value, number, save_id, recorded
    row.changed_at, row.changed_by_id = now, by.account_id
    return number


def settle(
    session: Session, by: Actor, now: datetime, item: LiveItem, before: Mapping[str, str], after: Mapping[str, str],
    instead: Collection[str] = (),
) -> None:  # fmt: skip
    """Note what the decision now holds, so that every open page of the item sees it.

    `before` and `after` are the fields that were saved, as they were recorded and as they are. `instead` names those
    whose writer was shown another text first: that one is set aside.
    """
    rows = {row.name: row for row in rows_of(session, item)}
    for name, value in after.items():
        row = rows.get(name)
        if row is None and before.get(name, "") == value:
            continue
        if row is not None and row.value.strip() == value.strip():
            row.recorded = True
            continue
        if row is not None and name in instead:
            choose_own(session, now, item, row, by, name, value)
        let_stand(session, by, now, item, rows, name, value, recorded=True)
    session.flush()


def settle_outside(
    session: Session, by: Actor, now: datetime, recorded: Sequence[tuple[LiveItem, Mapping[str, str]]]
) -> None:
    """Note what was recorded on items of one meeting by another page than their own, so that their open pages take it.

    With each item the fields that were recorded and what they hold. What somebody had typed there and not saved is set
    aside: it was not before the person who recorded the other.
    """
    rows_by_item = rows_of_all(session, [item for item, _values in recorded])
    for item, values in recorded:
        rows = {row.name: row for row in rows_by_item.get(item.key, [])}
        for name, value in values.items():
            row = rows.get(name)
            if row is not None and row.value.strip() == value.strip():
                row.recorded = True
                continue
            if row is not None and row.value and not row.recorded:
                put_aside(session, now, item, name, row.value, row.changed_by_id)
            let_stand(session, by, now, item, rows, name, value, recorded=True)
    session.flush()


def choose_own(session: Session, now: datetime, item: LiveItem, row: Any, by: Actor, name: str, own: str) -> None:
    """The person's own text stands: what was set aside for them is gone, and the other one is set aside.

    It is not where it stands whole in the person's own: they have kept both.
    """
    for waiting in undecided_of(session, item, name, by.account_id):
        session.delete(waiting)
    if row is not None and row.value and not holds_whole(own, row.value):
        put_aside(session, now, item, name, row.value, row.changed_by_id)


def put_aside(
    session: Session, now: datetime, item: LiveItem, name: str, value: str, by_id: int | None, *,
    undecided: bool = False,
) -> None:  # fmt: skip
    """Set a text aside; what the same person goes on typing before choosing takes the place of what was there."""
    there = undecided_of(session, item, name, by_id) if undecided else []
    empty = tables_of(item).aside
    row = there[0] if there else empty(item_id=item.key, name=name, value="", set_aside_at=now, by_id=by_id)
    row.value, row.undecided, row.set_aside_at = value, undecided, now
    session.add(row)
    session.flush()


def undecided_of(session: Session, item: LiveItem, name: str, by_id: int | None) -> Sequence[Any]:
    """Give what is set aside for a person on a field about which they have not chosen yet."""
    aside = tables_of(item).aside
    return session.scalars(
        select(aside)
        .where(
            col(aside.item_id) == item.key, col(aside.name) == name, col(aside.by_id) == by_id, col(aside.undecided)
        )
        .order_by(col(aside.id))
    ).all()  # fmt: skip
