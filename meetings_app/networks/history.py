"""What a record of networks said before somebody changed it: each state is kept whole, and nothing said is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.networks.areas import own_areas
from meetings_app.networks.models import Subject, SubjectVersion, SuspectRecord
from meetings_app.networks.states import SubjectState
from meetings_app.permissions import Actor
from meetings_app.text import day_in_words

Said = Mapping[str, Any]
"""All that a record says of itself, by the columns of `SubjectVersion`."""


@dataclass(frozen=True)
class Earlier:
    """What a record said until `until`, as far as it differs from what came after: the words by what they are about."""

    until: datetime
    by: str
    differs: Sequence[tuple[str, str]]


def said_now(session: Session, subject: Subject) -> Said:
    """Give all that the record says of itself now."""
    own = session.scalars(select(SuspectRecord).where(col(SuspectRecord.subject_id) == subject.key)).first()
    return {
        "name": subject.name, "about": subject.about, "state": subject.state,
        "closed_because": subject.closed_because, "review_on": subject.review_on,
        "area_ids": own_areas(session, subject.key), "born": own.born if own else None,
        "details": own.details if own else "", "child_id": own.child_id if own else None,
    }  # fmt: skip


def keep(session: Session, by: Actor, now: datetime, subject: Subject, before: Said) -> None:
    """Keep what the record said before a change, unless it says the same still. In the change's own transaction."""
    session.flush()
    if said_now(session, subject) == before:
        return
    session.add(SubjectVersion(subject_id=subject.key, replaced_at=now, replaced_by_id=by.account_id, **before))
    session.flush()


def earlier(session: Session, subject: Subject, areas: Mapping[int, str]) -> Sequence[Earlier]:
    """Give what the record said before each change, the latest first; `areas` are the names of areas by id."""
    rows: Any = session.execute(
        select(SubjectVersion, col(Account.name))
        .outerjoin(Account, col(Account.id) == col(SubjectVersion.replaced_by_id))
        .where(col(SubjectVersion.subject_id) == subject.key)
        .order_by(col(SubjectVersion.id).desc())
    ).all()
    after = said_now(session, subject) if rows else {}
    found = []
    for row, name in rows:
        before = {column: getattr(row, column) for column in after}
        found.append(Earlier(row.replaced_at, name or "", differences(before, after, areas)))
        after = before
    return found


def differences(before: Said, after: Said, areas: Mapping[int, str]) -> list[tuple[str, str]]:
    """Give the words that stood before and were changed, with what each is about. Pure."""
    words = {
        "name": ("Name", before["name"]), "about": ("What is known", before["about"] or "Nothing"),
        "details": ("Details", before["details"] or "None"),
        "born": ("Date of birth", _day(before["born"], "Not known")),
        "review_on": ("Next review", _day(before["review_on"], "None")),
        "area_ids": ("Areas", ", ".join(areas.get(each, "") for each in before["area_ids"]) or "None"),
        "state": ("State", _state(before)),
        "child_id": ("A record of their own", "Another one" if before["child_id"] else "None"),
    }  # fmt: skip
    return [words[name] for name in words if before[name] != after[name]]


def _day(day: date | None, otherwise: str) -> str:
    return day_in_words(day) if day else otherwise


def _state(said: Said) -> str:
    return f"Closed: {said['closed_because']}" if said["state"] is SubjectState.CLOSED else "Open"
