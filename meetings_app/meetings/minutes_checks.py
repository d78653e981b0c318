"""Signed minutes are as they were signed: their digest fits what they hold, and what the trail says was signed."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.cse_list.checks import Breach
from meetings_app.meetings.minutes_facts import digest_of
from meetings_app.meetings.models import Minutes
from meetings_app.schedule.models import Meeting, MeetingState

_AT_ONCE = 50


def altered_minutes(session: Session) -> Iterator[Breach]:
    """Every version that both chairs signed still has the digest it was signed with, and every signed meeting has one.

    Whoever can write to the database could change the facts and the digest together; the trail is keyed, so the digest
    that each signature recorded there is asked as well. `session` acts for the operator, who sees everything.
    """
    signed_with = _digests_of_trail(session)
    locked = set()
    rows: Any = session.execute(
        select(col(Meeting.reference), col(Minutes.number), col(Minutes.facts), col(Minutes.sha256))
        .join(Minutes, col(Minutes.meeting_id) == col(Meeting.id))
        .where(col(Minutes.second_signed_at).is_not(None))
        .order_by(col(Minutes.id))
        .execution_options(yield_per=_AT_ONCE)
    )
    for reference, number, facts, sha256 in rows:
        locked.add(reference)
        if digest_of(facts) != sha256 or signed_with.get((reference, number), sha256) != sha256:
            yield Breach("minutes_altered", reference, f"version {number} of its minutes is not as it was signed.")
    signed = session.scalars(
        select(col(Meeting.reference)).where(col(Meeting.state) == MeetingState.SIGNED).order_by(col(Meeting.id))
    )
    for reference in signed.all():
        if reference not in locked:
            yield Breach("minutes_altered", reference, "its minutes are signed, and no version has both signatures.")


def _digests_of_trail(session: Session) -> dict[tuple[str, int], str]:
    """Give the digest that the last signature of each version recorded; older entries recorded none."""
    facts = session.scalars(
        select(col(AuditEvent.facts))
        .where(col(AuditEvent.kind) == EventKind.MINUTES_SIGNED)
        .order_by(col(AuditEvent.id))
    )
    return {(each["meeting"], each["version"]): each["sha256"] for each in facts if "sha256" in each}
