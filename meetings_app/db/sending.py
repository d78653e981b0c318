"""Sends a statement as it was sent before: what SQLAlchemy works out at each sending is worked out once.

That is a SELECT of columns once it is sent again, and what every recorded page writes (`write`). Each costs a fifth of
what it costs otherwise. Whoever listens to the engine hears of each as ever, and what goes wrong is said as ever.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult, Dialect, IteratorResult, Result

_STREAMED = frozenset({"yield_per", "stream_results"})
"""Execution options of a statement whose rows are fetched bit by bit; SQLAlchemy sends those itself."""
_MOST_SHAPES = 16

Shape = tuple[tuple[str, int | None], ...]
"""The values that a statement is given, each with how many it is where it is several: the text depends on that."""


class Place(NamedTuple):
    """Where a value stands among those the driver is sent: which one, and what makes it the driver's own, if any."""

    place: int | str
    name: str
    number: int | None
    process: Any


class Prepared(NamedTuple):
    """What the driver was sent, with the places of the values that are given anew each time.

    It holds nothing that was read: the text, the values that are part of the statement, and how columns are read.
    """

    sql: str
    values: list[Any] | dict[str, Any]
    places: Sequence[Place]
    columns: Any

    def send(self, connection: sa.Connection, given: Mapping[str, Any]) -> Result[Any]:
        """Send the statement with these values and give its rows."""
        with cursor_of(connection, self.sql, given) as cursor:
            values = _heard(connection, cursor, self.sql, self._filled_in(given), many=False)
            cursor.execute(*values)
            rows = cursor.fetchall()
        return IteratorResult(self.columns, iter(rows))

    def write(self, connection: sa.Connection, given: Sequence[Mapping[str, Any]]) -> None:
        """Send a statement that gives no rows, once for each of these values."""
        with cursor_of(connection, self.sql, given) as cursor:
            values = _heard(connection, cursor, self.sql, [self._filled_in(each) for each in given], many=True)
            cursor.executemany(*values)

    def _filled_in(self, given: Mapping[str, Any]) -> Any:
        values: Any = self.values.copy()
        several: dict[str, Sequence[Any]] = {}
        for place, name, number, process in self.places:
            value = given[name]
            if number is not None:
                if name not in several:
                    several[name] = list(value)
                value = several[name][number]
            values[place] = process(value) if process else value
        return values if isinstance(values, dict) else tuple(values)


@contextmanager
def cursor_of(connection: sa.Connection, sql: str, given: Any = None) -> Iterator[Any]:
    """Open a cursor of the driver’s to send `sql`, with the values `given`.

    What goes wrong is said as SQLAlchemy says it, and a connection that is lost is noticed.
    """
    held, cursor = connection.connection, None
    try:
        cursor = held.cursor()
        yield cursor
    except Exception as problem:  # noqa: BLE001 # It is raised again, without the values.
        connection._handle_dbapi_exception(problem, sql, given, cursor, None)
    cursor.close()


def _heard(connection: sa.Connection, cursor: Any, sql: str, values: Any, *, many: bool) -> tuple[str, Any]:
    """Tell whoever listens to the engine what is about to be sent, and give what they leave of it."""
    for listener in connection.dispatch.before_cursor_execute:
        sql, values = listener(connection, cursor, sql, values, None, many)
    return sql, values


class Sending:
    """One statement of one person: sent by SQLAlchemy until it is sent again alike, and as prepared from then on."""

    def __init__(self, statement: sa.Select[Any]) -> None:
        self._statement = statement
        self._sent: dict[Shape, Prepared | None] = {}
        self._fits = not _STREAMED & statement.get_execution_options().keys()

    def send(self, connection: sa.Connection, given: Mapping[str, Any]) -> Result[Any]:
        """Send it with these values and give its rows."""
        shape = tuple(
            (name, len(value) if isinstance(value, Collection) and not isinstance(value, (str, bytes)) else None)
            for name, value in given.items()
        )
        prepared = self._sent.get(shape)
        if prepared is not None:
            return prepared.send(connection, given)
        result = connection.execute(self._statement, given)
        # What is built for one page is sent once, and preparing it would be for nothing.
        if shape in self._sent and self._fits:
            self._sent[shape] = _prepared(result, given)
        elif len(self._sent) < _MOST_SHAPES:
            self._sent[shape] = None
        return result


@lru_cache(maxsize=1024)
def sending(statement: sa.Select[Any], _dialect: Dialect) -> Sending:
    """Give the sending of a statement that is narrowed already; the same again for the same statement."""
    return Sending(statement)


def write(connection: sa.Connection, statement: sa.Insert | sa.Update, rows: Sequence[Mapping[str, Any]]) -> None:
    """Send an INSERT or UPDATE that was built once, for each of these rows; all give the same columns a value."""
    _writing(statement, tuple(rows[0]), connection.dialect).write(connection, rows)


@lru_cache(maxsize=64)
def _writing(statement: sa.Insert | sa.Update, names: Sequence[str], dialect: Dialect) -> Prepared:
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
    processes = compiled._bind_processors
    values: dict[int | str, Any] = {}
    places = []
    for place, name, _number in _places({}, compiled):
        bind, process = compiled.binds[name], processes.get(name)
        if bind.key in names:
            places.append(Place(place, bind.key, None, process))
        values[place] = process(bind.value) if process and bind.key not in names else bind.value
    sent: Any = list(values.values()) if compiled.positional else values
    return Prepared(compiled.string, sent, places, None)


def _prepared(result: CursorResult[Any], given: Mapping[str, Any]) -> Prepared | None:
    """Read from a sending what the next ones need; None where a value given each time is more than a value."""
    context: Any = result.context
    compiled = context.compiled
    binds = {name: bind for bind, name in compiled.bind_names.items() if bind.key in given or bind.callable}
    if any(bind.callable or bind.literal_execute or bind.type._is_tuple_type for bind in binds.values()):
        return None
    places = [
        Place(place, binds[name].key, number, compiled._bind_processors.get(name))
        for place, name, number in _places(context._expanded_parameters, compiled) if name in binds
    ]  # fmt: skip
    sent = context.parameters[0]
    return Prepared(context.statement, dict(sent) if isinstance(sent, dict) else list(sent), places, result._metadata)


def _places(several: Mapping[str, Sequence[str]], compiled: Any) -> list[tuple[int | str, str, int | None]]:
    """Give each place of the values sent, with the name of what stands there and which of several it is.

    `several` has the names that each value is sent by, where it is several.
    """
    names = compiled.positiontup if compiled.positional else compiled.bind_names.values()
    sent: list[tuple[str, str, int | None]] = []
    for name in names:
        if name in several:
            sent.extend((each, name, number) for number, each in enumerate(several[name]))
        elif compiled.binds[name] not in compiled.literal_execute_params:
            sent.append((compiled.escaped_bind_names.get(name, name), name, None))
    if not compiled.positional:
        return list(sent)
    return [(place, name, number) for place, (_, name, number) in enumerate(sent)]
