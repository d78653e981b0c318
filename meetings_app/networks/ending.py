"""Closing a record on its own page, outside a meeting.

A network is closed by the network meeting alone, with a quorum, which says of each thing still open what becomes of it.
Any other record belongs to a network, or to none, and is closed by whoever works on it once nothing waits for it.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.errors import DomainError, RuleBroken
from meetings_app.networks.checks import check_may_change, check_version
from meetings_app.networks.models import Subject
from meetings_app.networks.states import SubjectKind
from meetings_app.networks.still_open import what_keeps_open
from meetings_app.networks.subjects import close_subject
from meetings_app.permissions import Actor


def may_close(subject: Subject) -> bool:
    """Say whether a record of this kind is closed on its own page (our default)."""
    return subject.kind is not SubjectKind.NETWORK


def close_alone(session: Session, by: Actor, now: datetime, subject: Subject, version: int, why: str) -> None:
    """Close a record of which nothing waits: no order or tactic, no action, no CHaRMM (our default).

    Raises `RuleBroken` for `why`, `DomainError` for a network, `Conflict` since `version`, `NotFound`.
    """
    check_may_change(session, by, subject)
    if not may_close(subject):
        raise DomainError("A network is closed at a network meeting, which says what becomes of all that is open.")
    check_version(subject, version)
    busy = what_keeps_open(session, [subject.key]).get(subject.key, "")
    if busy:
        raise RuleBroken("why", f"It cannot be closed while {busy} is open: record first what became of it")
    close_subject(session, by, now, subject, version, why)
