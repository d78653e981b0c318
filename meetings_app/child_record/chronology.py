"""What happened to a child, newest first: each kind read by itself, a page at a time, and merged."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
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
_NO_END = datetime(9999, 1, 1, tzinfo=UTC)

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
    values = {"child": child_id, "before": before or _NO_END}
    found = [happened for kind, statement in _KINDS for happened in map(kind, session.execute(statement, values))]
    found.sort(key=lambda happened: happened.at, reverse=True)
    shown = found[:PAGE]
    while len(shown) < len(found) and found[len(shown)].at == shown[-1].at:
        shown.append(found[len(shown)])
    return shown, len(found) > len(shown)


def _newest(statement: Any, child_id: Any, at: Any, key: Any) -> Select[Any]:
    """Ask for the newest rows of one kind before a moment; built once, for every child’s page sends it."""
    of_child = statement.where(child_id == bindparam("child"), at < bindparam("before"))
    ordered: Select[Any] = of_child.order_by(at.desc(), key.desc()).limit(PAGE + 1)
    return ordered


def _referral(row: Any) -> Happened:
    title = f"{'Repeat referral' if row.repeat else 'Referral'} by {row.agency}: {words(row.state).lower()}"
    return Happened(row.received_at, title, row.reason, reference=row.reference)


def _rating(row: Any) -> Happened:
    return Happened(row.recorded_at, _rating_title(row), row.rationale, row.recorded_by_id, row.meeting_id)


def _rating_title(row: Any) -> str:
    rating = f"Rating: {_RATINGS[row.rating.value]}{' (provisional)' if row.provisional else ''}"
    if row.before_service:
        return f"{rating}, decided before this service on {day_in_words(row.decided_on)}"
    return f"{rating}, decided on {day_in_words(row.decided_on)}"


def _meeting(row: Any) -> Happened:
    """Give what a meeting recorded beside the rating; read by those who see the meeting's decisions."""
    title = f"Heard at the RMM: {words(row.outcome).lower()}"
    return Happened(row.at, title, row.deferred_reason or row.discussion, row.changed_by_id, row.meeting_id)


def _change(row: Any) -> Happened:
    title = f"Change in circumstances: {words(row.kind).lower()} on {day_in_words(row.happened_on)}"
    return Happened(row.reported_at, title, row.text, row.reported_by_id)


def _note(row: Any) -> Happened:
    return Happened(row.written_at, "Note", row.text, row.author_id)


def _closure(row: Any) -> Happened:
    return Happened(row.at, "Taken off the CSE list", row.rationale, row.second_chair_id, row.meeting_id)


_KINDS: tuple[tuple[Callable[[Any], Happened], Select[Any]], ...] = (
    (
        _referral,
        _newest(
            select(
                col(Referral.received_at), col(Referral.reference), col(Agency.name).label("agency"),
                col(Referral.reason), col(Referral.state), col(Referral.repeat),
            ).join(Agency, col(Agency.id) == col(Referral.agency_id)),
            col(Referral.child_id), col(Referral.received_at), col(Referral.id),
        ),
    ),
    (
        _rating,
        _newest(
            select(
                col(Rating.recorded_at), col(Rating.rating), col(Rating.provisional), col(Rating.before_service),
                col(Rating.decided_on), col(Rating.rationale), col(Rating.recorded_by_id), col(Rating.meeting_id),
            ),
            col(Rating.child_id), col(Rating.recorded_at), col(Rating.id),
        ),
    ),
    (
        _meeting,
        _newest(
            select(
                col(ItemDecision.took_effect_at).label("at"), col(ItemDecision.outcome), col(ItemDecision.discussion),
                col(ItemDecision.deferred_reason), col(ItemDecision.changed_by_id), col(AgendaItem.meeting_id),
            ).join(AgendaItem, col(AgendaItem.id) == col(ItemDecision.item_id)),
            col(AgendaItem.child_id), col(ItemDecision.took_effect_at), col(ItemDecision.id),
        ),
    ),
    (
        _change,
        _newest(
            select(
                col(ChangeInCircumstances.reported_at), col(ChangeInCircumstances.kind),
                col(ChangeInCircumstances.happened_on), col(ChangeInCircumstances.text),
                col(ChangeInCircumstances.reported_by_id),
            ),
            col(ChangeInCircumstances.child_id), col(ChangeInCircumstances.reported_at), col(ChangeInCircumstances.id),
        ),
    ),
    (
        _note,
        _newest(
            select(col(ChildNote.written_at), col(ChildNote.text), col(ChildNote.author_id)),
            col(ChildNote.child_id), col(ChildNote.written_at), col(ChildNote.id),
        ),
    ),
    (
        _closure,
        _newest(
            select(
                col(Closure.second_signed_at).label("at"), col(Closure.rationale), col(Closure.second_chair_id),
                col(Closure.meeting_id),
            ),
            col(Closure.child_id), col(Closure.second_signed_at), col(Closure.id),
        ),
    ),
)  # fmt: skip
