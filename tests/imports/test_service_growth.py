"""The statements of an import follow the tables it writes, not the rows of the file."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from meetings_app.config import Settings
from meetings_app.imports.models import ImportKind
from meetings_app.imports.service import import_file
from meetings_app.permissions import OPERATOR
from tests.support.imports import list_row, office, the_list


def rows_of(first: int, count: int) -> bytes:
    """Give a list of children none of whom looks like another."""
    return the_list(
        *(
            list_row(f"Testy Number{n:05}", f"{n % 28 + 1:02}/{n // 28 % 12 + 1:02}/2011")
            for n in range(first, first + count)
        )
    )


def statements_of(session: Session, settings: Settings, now: datetime, content: bytes) -> int:
    """Import a file and count the statements it took, the trail's included."""
    counted: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            counted.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", count)
    import_file(session, OPERATOR, now, office(settings), content, ImportKind.LIST, dry_run=False)
    session.commit()
    event.remove(connection, "before_cursor_execute", count)
    return len(counted)


@pytest.mark.parametrize("second_time", [False, True], ids=["new", "here already"])
def test_ten_times_the_rows_take_no_more_statements(
    session: Session, settings: Settings, now: datetime, second_time: bool
) -> None:
    small, large = rows_of(0, 30), rows_of(1_000, 300)
    if second_time:
        for content in (small, large):
            statements_of(session, settings, now, content)
    few = statements_of(session, settings, now, small)
    assert few > 5
    assert statements_of(session, settings, now, large) <= few
