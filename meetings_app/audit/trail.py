"""The chained trail: `record` in a transaction, written as its last step; `verify` reads the whole chain."""

import hmac
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent, AuditHead
from meetings_app.db.sending import sending, write
from meetings_app.permissions import OPERATOR, SCHEDULER, Actor

GENESIS = "0" * 64
_PENDING = "audit_pending"
_key: list[bytes] = []
_json = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode


class Pending(NamedTuple):
    """What is to be recorded when the transaction commits; it has no place in the chain yet. `facts` are JSON."""

    at: datetime
    actor_id: int | None
    actor_kind: str
    kind: str
    child_id: int | None
    facts: str


def use_key(key: str) -> None:
    """Say with which key (`MEETINGS_AUDIT_KEY`) the chain is made and verified in this process."""
    _key[:] = [key.encode()]


def record(
    session: Session, by: Actor, now: datetime, kind: EventKind, child_id: int | None = None, **facts: Any
) -> None:
    """Add an entry to the trail, in the same transaction as the change it records.

    `facts` hold ids, codes, references and dates only, never a name or free text. The entry is written
    just before the commit, so that the chain is locked for the shortest time and always last.
    """
    entry = Pending(now, by.account_id, _actor_kind(by), kind.value, child_id, _json(_plain_facts(facts)))
    _pending(session).append(entry)


def record_read(session: Session, by: Actor, now: datetime, document: str, child_ids: Iterable[int]) -> None:
    """Record that a page or document showed several children, once in the trail of each; `document` names none."""
    who, actor_kind, kind = by.account_id, _actor_kind(by), EventKind.CHILD_READ_VIEWED.value
    facts = _json({"document": document})
    _pending(session).extend(Pending(now, who, actor_kind, kind, child_id, facts) for child_id in child_ids)


def _pending(session: Session) -> list[Pending]:
    """Give what the session records with its next commit."""
    entries: list[Pending] = session.info.setdefault(_PENDING, [])
    return entries


def _plain_facts(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


def _actor_kind(by: Actor) -> str:
    if by is SCHEDULER:
        return "scheduler"
    return "operator" if by is OPERATOR else "person"


class _Encoded(sa.types.UserDefinedType[str]):
    """Facts on their way to their column as the JSON that they are: not encoded once more for each child."""

    cache_ok = True


# Built once, because every page that is recorded sends them.
_ROWS, _HEAD = AuditEvent.__table__, AuditHead.__table__  # type: ignore[attr-defined]
_READ_HEAD = sa.select(_HEAD.c.last_id, _HEAD.c.last_digest).where(_HEAD.c.id == 1).with_for_update()
_ADD_ENTRIES = sa.insert(_ROWS).values(facts=sa.bindparam("said", type_=_Encoded()))
_MOVE_HEAD = (
    sa.update(_HEAD).where(_HEAD.c.id == 1).values(last_id=sa.bindparam("to_id"), last_digest=sa.bindparam("to_digest"))
)


@event.listens_for(Session, "before_commit")
def _write_pending(session: Session) -> None:
    """Link the transaction's entries to the chain; the head is locked until the commit."""
    pending: list[Pending] = session.info.pop(_PENDING, [])
    if not pending:
        return
    session.flush()
    connection = session.connection()
    head: Any = sending(_READ_HEAD, connection.dialect).send(connection, {}).one()
    last_id, last_digest = head
    values = []
    for entry in pending:
        last_id += 1
        digest = _digest(last_id, entry, last_digest)
        values.append(
            {
                "id": last_id, "at": entry.at, "actor_id": entry.actor_id, "actor_kind": entry.actor_kind,
                "kind": entry.kind, "child_id": entry.child_id, "said": entry.facts,
                "previous_digest": last_digest, "digest": digest,
            }
        )  # fmt: skip
        last_digest = digest
    write(connection, _ADD_ENTRIES, values)
    write(connection, _MOVE_HEAD, [{"to_id": last_id, "to_digest": last_digest}])


@event.listens_for(Session, "after_soft_rollback")
def _forget_pending(session: Session, transaction: SessionTransaction) -> None:
    """Forget what a rolled back transaction meant to record; a savepoint inside it forgets nothing."""
    if transaction.parent is None:
        session.info.pop(_PENDING, None)


def take_pending(session: Session) -> list[Pending]:
    """Take what was recorded but not yet written, so that a page may write it after its read ended."""
    pending: list[Pending] = session.info.pop(_PENDING, [])
    return pending


def put_pending(session: Session, entries: list[Pending]) -> None:
    """Put entries taken by `take_pending` back, to be written with the next commit."""
    session.info[_PENDING] = entries


def digest_of(entry: AuditEvent) -> str:
    """Give the keyed digest of an entry and its link to the one before."""
    recorded = Pending(
        entry.at, entry.actor_id, entry.actor_kind, entry.kind, entry.child_id, _json(entry.facts)
    )  # fmt: skip
    return _digest(entry.id, recorded, entry.previous_digest)


def _digest(id_: int, entry: Pending, previous_digest: str) -> str:
    """Give the digest of one JSON list of all that an entry says, put together from parts that many entries share."""
    who = _who(entry.at, entry.actor_id, entry.actor_kind, entry.kind)
    child = "null" if entry.child_id is None else repr(entry.child_id)
    said = f"[{id_},{who},{child},{entry.facts},{_json(previous_digest)}]"
    return hmac.digest(_key[0], said.encode(), "sha256").hex()


# A page that shows forty children says the same of each.
@lru_cache(maxsize=64)
def _who(at: datetime, actor_id: int | None, actor_kind: str, kind: str) -> str:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return _json((moment, actor_id, actor_kind, kind))[1:-1]


def verify(session: Session) -> tuple[int, int | None]:
    """Read the whole chain. Gives the number of entries and the id of the first broken one, or None.

    A cut at the end shows against the head; only an anchor kept elsewhere shows a chain rewritten with the key.
    """
    expected_id, previous = 0, GENESIS
    statement = sa.select(AuditEvent).order_by(col(AuditEvent.id)).execution_options(yield_per=2000)
    with session.scalars(statement) as entries:
        for entry in entries:
            expected_id += 1
            if not _follows(entry, expected_id, previous):
                return expected_id, expected_id
            previous = entry.digest
    head = session.scalars(sa.select(AuditHead)).one()
    if (head.last_id, head.last_digest) != (expected_id, previous):
        return expected_id, expected_id + 1
    return expected_id, None


def _follows(entry: AuditEvent, expected_id: int, previous: str) -> bool:
    linked = entry.id == expected_id and entry.previous_digest == previous
    return linked and hmac.compare_digest(entry.digest, digest_of(entry))
