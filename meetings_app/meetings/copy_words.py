"""What every text of one copy of the minutes goes through: no copy names a child whose item it does not show."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import School
from meetings_app.children.models import Child, ChildBefore, ChildFact
from meetings_app.db.session import unscoped
from meetings_app.meetings.aliases import aliases_ever, stands_for
from meetings_app.meetings.kept_apart import names_ever, records_by_child
from meetings_app.meetings.minutes_audience import Audience
from meetings_app.meetings.minutes_information import POLICE
from meetings_app.meetings.suspects_named import suspects_named
from meetings_app.meetings.without_names import A_CHILD, ANOTHER_CHILD, Named, Text, without_names, without_others
from meetings_app.spreadsheets.cells import CellProblem, parse_date

_SHORTEST_SCHOOL = 4
"""Letters from which a part of what was said of a school is taken for its name (our default)."""


def words_of_copy(
    session: Session, shown: Sequence[Mapping[str, Any]], hidden: Sequence[Mapping[str, Any]],
    kept_from: Collection[int], audience: Audience,
) -> Text:  # fmt: skip
    """Give what takes out of texts the children of `hidden` items and of whom a reader is `kept_from`.

    So it takes the suspects whom the networks link with a child of an item, but for those whom the reader may see. As
    of a network meeting, a child’s file names none, whoever makes it, and the copy of an agency only the police’s.

    Where the copy is without names, those of the items that are `shown` are called by the reference of their item,
    whatever they are or were called, in every record of theirs; their schools and dates of birth go, those of before
    too.
    """
    named = audience.kind != "anonymised"
    for_whom = audience.kind in ("full", "chair") or audience == Audience("agency", POLICE)
    bearing = [(item["name"], item["child"]) for item in shown]
    apart = {*(item["child_id"] for item in hidden), *kept_from}
    others = [(item["name"], item["child"]) for item in hidden] + names_ever(session, apart)
    aliases = stands_for(aliases_ever(session, apart), ANOTHER_CHILD)
    suspects = suspects_named(session, [item["child_id"] for item in (*shown, *hidden)], shows_seen=for_whom)
    if named:
        return without_others(others, bearing, _first(aliases, suspects))
    records = records_by_child(session, [item["child_id"] for item in shown])
    every = {record for own in records.values() for record in own}
    called, references = _called(session, every)
    for item in shown:
        own = records[item["child_id"]]
        bearing += [(name, item["child"]) for record in own for name in called.get(record, ())]
        # Another record of the same child would read like another child.
        aliases += [(references[record], item["child"]) for record in own if references[record] != item["child"]]
    aliases += stands_for(aliases_ever(session, [item["child_id"] for item in shown]), A_CHILD)
    return without_names(
        bearing, _schools(session, every), _born(session, every), others, _first(aliases, suspects)
    )  # fmt: skip


def _first(aliases: list[Named], suspects: Collection[Named]) -> list[Named]:
    """Give the names of suspects after those that are known for a child’s."""
    known = {name.casefold() for name, _instead in aliases}
    return [*aliases, *(one for one in suspects if one[0].casefold() not in known)]


def _called(session: Session, records: Collection[int]) -> tuple[dict[int, list[str]], dict[int, str]]:
    """Give by record what the child is and was called, and its reference."""
    # A name can only be taken out of a text by who knows it; none is shown.
    rows = session.execute(
        select(col(Child.id), col(Child.name), col(Child.reference))
        .where(col(Child.id).in_(sorted(records)))
        .execution_options(**unscoped())
    ).all()
    called = {row.id or 0: [row.name] for row in rows}
    for record, name in _before(session, records, ChildFact.NAME):
        called.setdefault(record, []).append(name)
    return called, {row.id or 0: row.reference for row in rows}


def _before(session: Session, records: Collection[int], fact: ChildFact) -> Iterator[tuple[int, str]]:
    """Give what a fact of records said before, by record."""
    said: Any = session.execute(
        select(col(ChildBefore.child_id), col(ChildBefore.value))
        .where(col(ChildBefore.child_id).in_(sorted(records)), col(ChildBefore.fact) == fact)
        .order_by(col(ChildBefore.id))
        .execution_options(**unscoped())
    )
    yield from said


def _schools(session: Session, records: Collection[int]) -> set[str]:
    """Give every school that was ever recorded: what was said of one before may be two names, with a comma."""
    rows = session.execute(
        select(col(School.name), col(Child.school_name))
        .select_from(Child)
        .outerjoin(School, col(School.id) == col(Child.school_id))
        .where(col(Child.id).in_(sorted(records)))
        .execution_options(**unscoped())
    )
    before = {value for _record, value in _before(session, records, ChildFact.SCHOOL)}
    parts = {part.strip() for value in before for part in value.split(",")}
    return {name for row in rows for name in row if name} | before | {x for x in parts if len(x) >= _SHORTEST_SCHOOL}


def _born(session: Session, records: Collection[int]) -> set[date]:
    """Give every date of birth that was ever recorded; before, it was kept in words."""
    now = session.scalars(
        select(col(Child.born)).where(col(Child.id).in_(sorted(records))).execution_options(**unscoped())
    )
    before = {_day_in(value) for _record, value in _before(session, records, ChildFact.BORN)}
    return {*now, *(day for day in before if day is not None)}


def _day_in(said: str) -> date | None:
    """Give the day that was said in words; None for what is none, of which nothing can be taken out."""
    try:
        return parse_date(said)
    except CellProblem:
        return None
