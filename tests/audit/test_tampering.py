"""Whoever goes round the triggers and changes the trail is found out; without that nobody can change it at all."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.audit.trail import record, use_key, verify
from meetings_app.permissions import OPERATOR

KEY = "a" * 40


@pytest.fixture
def last(session: Session, now: datetime) -> int:
    """The id of the last of twelve entries more."""
    for number in range(12):
        record(session, OPERATOR, now + timedelta(seconds=number), EventKind.CHILD_VIEWED, number % 3 + 1)
    session.commit()
    return int(session.execute(sa.text("SELECT max(id) FROM audit_event")).scalar_one())


@pytest.fixture
def unguarded(session: Session, last: int) -> Session:
    """The same database with its triggers taken away, as somebody with the database's password could."""
    for table, trigger in _triggers(session):
        drop = f"DROP TRIGGER {trigger}" if _sqlite(session) else f"DROP TRIGGER {trigger} ON {table}"
        session.execute(sa.text(drop))
    return session


def _sqlite(session: Session) -> bool:
    return bool(session.get_bind().dialect.name == "sqlite")


def _triggers(session: Session) -> list[tuple[str, str]]:
    if _sqlite(session):
        found = session.execute(
            sa.text("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'")
        )
    else:
        found = session.execute(
            sa.text(
                "SELECT 'audit_event', tgname FROM pg_trigger "
                "WHERE tgrelid = 'audit_event'::regclass AND NOT tgisinternal"
            )
        )
    return [(table, name) for table, name in found]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET child_id = 2 WHERE id = :id",
        "DELETE FROM audit_event WHERE id = :id",
        "INSERT INTO audit_event SELECT id + 2, at, actor_id, actor_kind, kind, child_id, facts, digest, digest "
        "FROM audit_event WHERE id = :id",
        "INSERT INTO audit_event SELECT id + 1, at, actor_id, actor_kind, kind, child_id, facts, "
        "previous_digest, digest FROM audit_event WHERE id = :id",
    ],
    ids=["change", "delete", "leave a gap", "wrong link"],
)
def test_the_database_itself_refuses(session: Session, last: int, statement: str) -> None:
    with pytest.raises(DBAPIError):
        session.execute(sa.text(statement), {"id": last})


def test_replacing_an_entry_is_refused_too(session: Session, last: int) -> None:
    replace, conflict = (
        ("OR REPLACE ", "") if _sqlite(session) else ("", " ON CONFLICT (id) DO UPDATE SET child_id = 2")
    )
    statement = f"INSERT {replace}INTO audit_event SELECT * FROM audit_event WHERE id = :id{conflict}"
    with pytest.raises(DBAPIError):
        session.execute(sa.text(statement), {"id": last})


def _run(session: Session, statement: str, **values: object) -> None:
    session.execute(sa.text(statement), values)


def change(session: Session, middle: int) -> None:
    _run(session, "UPDATE audit_event SET child_id = 9 WHERE id = :id", id=middle)


def change_the_facts(session: Session, middle: int) -> None:
    _run(session, """UPDATE audit_event SET facts = '{"what": "nothing"}' WHERE id = :id""", id=middle)


def delete(session: Session, middle: int) -> None:
    _run(session, "DELETE FROM audit_event WHERE id = :id", id=middle)


def delete_and_close_the_gap(session: Session, middle: int) -> None:
    last = session.execute(sa.text("SELECT max(id) FROM audit_event")).scalar_one()
    _run(session, "DELETE FROM audit_event WHERE id = :id", id=middle)
    for number in range(middle + 1, last + 1):
        _run(session, "UPDATE audit_event SET id = :new WHERE id = :id", new=number - 1, id=number)
    _run(session, "UPDATE audit_head SET last_id = last_id - 1")


def insert(session: Session, middle: int) -> None:
    last = session.execute(sa.text("SELECT max(id) FROM audit_event")).scalar_one()
    for number in range(last, middle - 1, -1):
        _run(session, "UPDATE audit_event SET id = :new WHERE id = :id", new=number + 1, id=number)
    columns = "at, actor_id, actor_kind, kind, child_id, facts, previous_digest, digest"
    _run(
        session, f"INSERT INTO audit_event (id, {columns}) SELECT :new, {columns} FROM audit_event WHERE id = :id",
        new=middle, id=middle + 1,
    )  # fmt: skip
    _run(session, "UPDATE audit_head SET last_id = last_id + 1")


def reorder(session: Session, middle: int) -> None:
    for old, new in ((middle, -1), (middle + 1, middle), (-1, middle + 1)):
        _run(session, "UPDATE audit_event SET id = :new WHERE id = :id", new=new, id=old)


def rewrite_with_another_key(session: Session, middle: int) -> None:
    """Change an entry and chain everything after it anew, as one could who does not have the key."""
    from meetings_app.audit.trail import digest_of

    use_key("b" * 40)
    entries = list(session.scalars(sa.select(AuditEvent).where(AuditEvent.id >= middle).order_by(AuditEvent.id)))  # type: ignore[arg-type]
    previous = entries[0].previous_digest
    entries[0].child_id = 9
    for entry in entries:
        entry.previous_digest = previous
        previous = entry.digest = digest_of(entry)
    session.flush()
    _run(session, "UPDATE audit_head SET last_digest = :digest", digest=previous)
    use_key(KEY)


@pytest.mark.parametrize(
    "tamper",
    [change, change_the_facts, delete, delete_and_close_the_gap, insert, reorder, rewrite_with_another_key],
)
def test_every_kind_of_tampering_is_found_where_it_begins(
    unguarded: Session, last: int, tamper: Callable[[Session, int], None]
) -> None:
    assert verify(unguarded) == (last, None)
    middle = last - 6
    tamper(unguarded, middle)
    unguarded.expire_all()
    _count, broken = verify(unguarded)
    assert broken is not None
    assert middle <= broken <= middle + 1


def test_a_trail_cut_at_its_end_is_found_by_its_head(unguarded: Session, last: int) -> None:
    _run(unguarded, "DELETE FROM audit_event WHERE id > :id", id=last - 3)
    assert verify(unguarded) == (last - 3, last - 2)


def test_a_whole_trail_verifies_and_counts_every_entry(session: Session, last: int) -> None:
    assert verify(session) == (last, None)
