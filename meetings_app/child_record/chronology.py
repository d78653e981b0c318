"""What happened to a child, newest first: each kind read by itself, a page at a time, and merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.children.models import ChildNote
from meetings_app.cse_list.models import Closure
from meetings_app.meetings.models import AgendaItem, ItemDecision
from meetings_app.ratings.models import Rating
from meetings_app.referrals.models import ChangeInCircumstances, Referral
from meetings_app.text import day_in_words
from meetings_app.web.filters import words

PAGE = 25

_RATINGS = {"high": "high", "medium": "medium", "low": "low", "none": "no CSE risk identified"}


@dataclass(frozen=True)
class Happened:
    """One thing that happened, in words; the meeting and the person by id, for names are read once a page."""

    at: datetime
    title: str
    text: str = ""
    by_id: int | None = None
    meeting_id: int | None = None
    reference: str = ""


def chronology(session: Session, child_id: int, before: datetime | None = None) -> tuple[list[Happened], bool]:
    """Give up to 25 things that happened before a moment, newest first, and whether there are earlier ones.

    In the order of `domain.md`, what happened at one moment stands as: referrals, ratings, meetings, changes in
    circumstances, notes, closures; and is never cut in two by the end of a page.
    """
    kinds = (_referrals, _ratings, _meetings, _changes, _notes, _closures)
    found = [happened for kind in kinds for happened in kind(session, child_id, before)]
    found.sort(key=lambda happened: happened.at, reverse=True)
    shown = found[:PAGE]
    while len(shown) < len(found) and found[len(shown)].at == shown[-1].at:
        shown.append(found[len(shown)])
    return shown, len(found) > len(shown)


def _read(session: Session, statement: Any, at: Any, key: Any, before: datetime | None) -> Sequence[Any]:
    if before is not None:
        statement = statement.where(at < before)
    return session.execute(statement.order_by(at.desc(), key.desc()).limit(PAGE + 1)).all()


def _referrals(session: Session, child_id: int, before: datetime | None) -> list[Happened]:
    at = col(Referral.received_at)
    statement: Any = (
        select(
            at,
            col(Referral.reference),
            col(Referral.referrer_name),
            col(Agency.name).label("agency"),
            col(Referral.reason),
            col(Referral.state),
            col(Referral.repeat),
        )
        .join(Agency, col(Agency.id) == col(Referral.agency_id))
        .where(col(Referral.child_id) == child_id)
    )
    return [
        Happened(
            row.received_at,
            f"{'Repeat referral' if row.repeat else 'Referral'} by {row.agency}: {words(row.state).lower()}",
            row.reason,
            reference=row.reference,
        )
        for row in _read(session, statement, at, col(Referral.id), before)
    ]


def _ratings(session: Session, child_id: int, before: datetime | None) -> list[Happened]:
    at = col(Rating.recorded_at)
    statement = select(
        at,
        col(Rating.rating),
        col(Rating.provisional),
        col(Rating.before_service),
        col(Rating.decided_on),
        col(Rating.rationale),
        col(Rating.recorded_by_id),
        col(Rating.meeting_id),
    ).where(col(Rating.child_id) == child_id)
    return [
        Happened(row.recorded_at, _rating_title(row), row.rationale, row.recorded_by_id, row.meeting_id)
        for row in _read(session, statement, at, col(Rating.id), before)
    ]


def _rating_title(row: Any) -> str:
    rating = f"Rating: {_RATINGS[row.rating.value]}{' (provisional)' if row.provisional else ''}"
    if row.before_service:
        return f"{rating}, decided before this service on {day_in_words(row.decided_on)}"
    return f"{rating}, decided on {day_in_words(row.decided_on)}"


def _meetings(session: Session, child_id: int, before: datetime | None) -> list[Happened]:
    """Give what meetings recorded beside the rating; read by those who see the meeting's decisions."""
    at = col(ItemDecision.took_effect_at)
    statement: Any = (
        select(
            at.label("at"),
            col(ItemDecision.outcome),
            col(ItemDecision.discussion),
            col(ItemDecision.deferred_reason),
            col(ItemDecision.changed_by_id),
            col(AgendaItem.meeting_id),
        )
        .join(AgendaItem, col(AgendaItem.id) == col(ItemDecision.item_id))
        .where(col(AgendaItem.child_id) == child_id, at.is_not(None))
    )
    return [
        Happened(
            row.at,
            f"Heard at the RMM: {words(row.outcome).lower()}",
            row.deferred_reason or row.discussion,
            row.changed_by_id,
            row.meeting_id,
        )
        for row in _read(session, statement, at, col(ItemDecision.id), before)
    ]


def _changes(session: Session, child_id: int, before: datetime | None) -> list[Happened]:
    at = col(ChangeInCircumstances.reported_at)
    statement = select(
        at,
        col(ChangeInCircumstances.kind),
        col(ChangeInCircumstances.happened_on),
        col(ChangeInCircumstances.text),
        col(ChangeInCircumstances.reported_by_id),
    ).where(col(ChangeInCircumstances.child_id) == child_id)
    return [
        Happened(
            row.reported_at,
            f"Change in circumstances: {words(row.kind).lower()} on {day_in_words(row.happened_on)}",
            row.text,
            row.reported_by_id,
        )
        for row in _read(session, statement, at, col(ChangeInCircumstances.id), before)
    ]


def _notes(session: Session, child_id: int, before: datetime | None) -> list[Happened]:
    at = col(ChildNote.written_at)
    statement = select(at, col(ChildNote.text), col(ChildNote.author_id)).where(col(ChildNote.child_id) == child_id)
    return [
        Happened(row.written_at, "Note", row.text, row.author_id)
        for row in _read(session, statement, at, col(ChildNote.id), before)
    ]


def _closures(session: Session, child_id: int, before: datetime | None) -> list[Happened]:
    at = col(Closure.second_signed_at)
    statement: Any = select(
        at.label("at"),
        col(Closure.rationale),
        col(Closure.second_chair_id),
        col(Closure.meeting_id),
    ).where(col(Closure.child_id) == child_id, at.is_not(None))
    return [
        Happened(row.at, "Taken off the CSE list", row.rationale, row.second_chair_id, row.meeting_id)
        for row in _read(session, statement, at, col(Closure.id), before)
    ]
