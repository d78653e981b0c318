"""What happened to a child, newest first: a page of each kind, all of them in one statement, and merged."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.assessments.models import Assessment
from meetings_app.assessments.results import titles_of
from meetings_app.children.ages import TransitionStep
from meetings_app.children.models import ChildNote, TransitionRecord
from meetings_app.cse_list.models import Closure, Departure, DepartureKind, DepartureState, LookBack
from meetings_app.meetings.agency_views import dissents_about
from meetings_app.meetings.models import AgendaItem, ItemDecision, Outcome
from meetings_app.plans.models import AimReview, PlanUpdate, SafetyPlan
from meetings_app.plans.rules import EFFECTS, Effect
from meetings_app.ratings.models import Rating
from meetings_app.referrals.models import ChangeAnswer, ChangeInCircumstances, Referral
from meetings_app.strategy.models import StrategyDiscussion, StrategyRecord
from meetings_app.text import day_in_words
from meetings_app.web.filters import words

PAGE = 25
_MEETING, _STRATEGY, _ASSESSMENT, _DEPARTURE, _PLAN, _REVIEW, _UPDATE, _ANSWERED = 2, 6, 7, 10, 11, 12, 13, 14

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
    assessment: str = ""


def chronology(session: Session, child_id: int, before: datetime | None = None) -> tuple[list[Happened], bool]:
    """Give up to 25 things that happened before a moment, newest first, and whether there are earlier ones.

    In the order of `domain.md`, what happened at one moment stands as: referrals, ratings, meetings, changes in
    circumstances, notes, closures, strategy discussions, assessments, look-backs, steps towards adult services, the
    other ways off the list, safety plans, what RMMs found about their aims, updates on them, what was decided on
    changes after leaving. It is never cut in two by the end of a page.
    """
    if before is None:
        rows = session.execute(_NEWEST, {"child": child_id}).all()
    else:
        rows = session.execute(_EARLIER, {"child": child_id, "before": before}).all()
    # The aims of one plan stand in the order in which the RMM went through them.
    rows = sorted(rows, key=lambda row: (row.kind, row.id if row.kind == _REVIEW else -row.id))
    rows = sorted(rows, key=lambda row: row.at, reverse=True)
    shown = rows[:PAGE]
    while len(shown) < len(rows) and rows[len(shown)].at == shown[-1].at:
        shown.append(rows[len(shown)])
    made = [row.id for row in shown if row.kind == _ASSESSMENT]
    # What a tool calls its categories stands in its file, so it is read beside the rows, and only where there are any.
    assessed = titles_of(session, made) if made else {}
    heard = {row.meeting_id for row in shown if row.kind == _MEETING}
    dissents = dissents_about(session, child_id, heard) if heard else {}
    return [_happened(row, assessed, dissents) for row in shown], len(rows) > len(shown)


def _happened(row: Any, assessed: Mapping[int, str], dissents: Mapping[int, str]) -> Happened:
    if row.kind == _ASSESSMENT:
        return Happened(row.at, assessed[row.id], by_id=row.by_id, assessment=row.reference)
    title, text = _TITLES[row.kind](row), row.text or ""
    if row.kind == _MEETING and row.meeting_id in dissents:
        text = f"{text}\n\n{dissents[row.meeting_id]}".strip()
    if row.kind == _UPDATE:
        text = "\n".join([text, *(f"Aim {one['aim']}: {one['text']}" for one in json.loads(row.more))])
    reference = "" if row.kind in {_STRATEGY, _PLAN, _REVIEW} else row.reference
    return Happened(row.at, title, text, row.by_id, row.meeting_id, reference)


def _referral_title(row: Any) -> str:
    return f"{'Repeat referral' if row.first_flag else 'Referral'} by {row.agency}: {words(row.code).lower()}"


def _rating_title(row: Any) -> str:
    rating = f"Rating: {_RATINGS[row.code]}{' (provisional)' if row.first_flag else ''}"
    if row.second_flag:
        return f"{rating}, decided before this service on {day_in_words(row.day)}"
    return f"{rating}, decided on {day_in_words(row.day)}"


def _meeting_title(row: Any) -> str:
    """Say what a meeting recorded beside the rating; read by those who see the meeting's decisions."""
    return "Not reached at the RMM" if row.code == "not_reached" else f"Heard at the RMM: {words(row.code).lower()}"


def _change_title(row: Any) -> str:
    return f"Change in circumstances: {words(row.code).lower()} on {day_in_words(row.day)}"


def _strategy_title(row: Any) -> str:
    done = {"requested": "asked for", "held": "held", "not_held": "not held, decided"}[row.code]
    return f"Strategy discussion {row.reference} {done} on {day_in_words(row.day)}"


def _step_title(row: Any) -> str:
    """Say the step; of the referral also whether it was made, which its other words leave open."""
    if row.code != TransitionStep.ADULT_SERVICES:
        return f"Towards adult services: {_STEPS[row.code]}"
    return f"Towards adult services: {'referred' if row.first_flag else 'no referral'}"


_STEPS = {TransitionStep.ADULT_CONTACT: "named contact", TransitionStep.PACKAGE: "support package"}
_WAYS = {
    DepartureKind.TRANSFER: "Transferred to another authority, and off the CSE list",
    DepartureKind.DEATH: "The child has died, and is off the CSE list",
    DepartureKind.DUPLICATE: "Listed twice: this record is off the CSE list and points to the other",
}
_TITLES: dict[int, Callable[[Any], str]] = {
    0: _referral_title,
    1: _rating_title,
    2: _meeting_title,
    3: _change_title,
    4: lambda _row: "Note",
    5: lambda _row: "Taken off the CSE list",
    _STRATEGY: _strategy_title,
    8: lambda _row: "Looked back on the closure",
    9: _step_title,
    _DEPARTURE: lambda row: _WAYS[row.code],
    _PLAN: lambda row: f"Safety plan: version {row.reference} written",
    _REVIEW: lambda row: f"Safety plan, aim {row.reference}: {EFFECTS[Effect(row.code)].lower()}",
    _UPDATE: lambda _row: "Update on the safety plan",
    _ANSWERED: lambda row: f"Change in circumstances after leaving the list: {words(row.code).lower()}",
}


def _newest(
    kind: int, model: Any, at: Any, text: Any, by_id: Any = None, *,
    of_child: Any = None, meeting_id: Any = None, reference: Any = None, agency: Any = None, code: Any = None,
    first_flag: Any = None, second_flag: Any = None, day: Any = None, more: Any = None,
) -> Select[Any]:  # fmt: skip
    """Ask for the newest rows of one kind that have taken effect, in the columns that all kinds share."""
    child_id = col(model.child_id) if of_child is None else of_child
    statement = select(
        sa.literal_column(str(kind), sa.Integer).label("kind"), col(model.id).label("id"), at.label("at"),
        text.label("text"), _or_nothing(by_id, sa.Integer()).label("by_id"),
        _or_nothing(meeting_id, sa.Integer()).label("meeting_id"),
        _or_empty(reference).label("reference"), _or_empty(agency).label("agency"),
        # As plain text: each kind has codes of its own.
        _or_empty(None if code is None else sa.type_coerce(code, sa.String())).label("code"),
        _or_nothing(first_flag, sa.Boolean()).label("first_flag"),
        _or_nothing(second_flag, sa.Boolean()).label("second_flag"), _or_nothing(day, sa.Date()).label("day"),
        _or_empty(more).label("more"),
    ).where(child_id == bindparam("child"), at.is_not(None))  # fmt: skip
    ordered: Select[Any] = statement.order_by(at.desc(), col(model.id).desc()).limit(PAGE + 1)
    return ordered


def _or_nothing(column: Any, kind: Any) -> Any:
    return sa.cast(sa.null(), kind) if column is None else column


def _or_empty(column: Any) -> Any:
    return sa.literal_column("''", sa.String()) if column is None else column


def _step_text() -> Any:
    """Say the words of a step in one text, each with what it is."""
    said: Any = sa.literal("")
    for column, label in (
        (TransitionRecord.service, ""), (TransitionRecord.contact, "Contact: "),
        (TransitionRecord.agreed_by, "Agreed by: "), (TransitionRecord.reason, ""),
    ):  # fmt: skip
        said = said + sa.case((col(column) != "", sa.literal(label) + col(column) + sa.literal("\n")), else_="")
    return said


def _departure_text() -> Any:
    """Say to whom a child was transferred, where that was the way, before the chairs' reason."""
    transferred = sa.literal("To: ") + col(Departure.authority) + sa.literal("\nContact: ") + col(Departure.contact)
    said = transferred + sa.literal("\n") + col(Departure.reason)
    return sa.case((col(Departure.authority) != "", said), else_=col(Departure.reason))


_KINDS: tuple[Select[Any], ...] = (
    _newest(
        0, Referral, col(Referral.received_at), col(Referral.reason), reference=col(Referral.reference),
        agency=col(Agency.name), code=col(Referral.state), first_flag=col(Referral.repeat),
    ).join(Agency, col(Agency.id) == col(Referral.agency_id)),
    _newest(
        1, Rating, col(Rating.recorded_at), col(Rating.rationale), col(Rating.recorded_by_id),
        meeting_id=col(Rating.meeting_id), code=col(Rating.rating), first_flag=col(Rating.provisional),
        second_flag=col(Rating.before_service), day=col(Rating.decided_on),
    ),
    _newest(
        _MEETING, ItemDecision, col(ItemDecision.took_effect_at),
        sa.case(
            (col(ItemDecision.outcome) == Outcome.DEFERRED, col(ItemDecision.deferred_reason)),
            (col(ItemDecision.outcome) == Outcome.NOT_REACHED, col(ItemDecision.not_reached_reason)),
            else_=col(ItemDecision.discussion),
        ),
        col(ItemDecision.changed_by_id), of_child=col(AgendaItem.child_id), meeting_id=col(AgendaItem.meeting_id),
        code=col(ItemDecision.outcome),
    ).join(AgendaItem, col(AgendaItem.id) == col(ItemDecision.item_id)),
    _newest(
        3, ChangeInCircumstances, col(ChangeInCircumstances.reported_at), col(ChangeInCircumstances.text),
        col(ChangeInCircumstances.reported_by_id), code=col(ChangeInCircumstances.kind),
        day=col(ChangeInCircumstances.happened_on),
    ),
    _newest(4, ChildNote, col(ChildNote.written_at), col(ChildNote.text), col(ChildNote.author_id)),
    _newest(
        5, Closure, col(Closure.second_signed_at), col(Closure.rationale), col(Closure.second_chair_id),
        meeting_id=col(Closure.meeting_id),
    ),
    _newest(
        _STRATEGY, StrategyRecord, col(StrategyRecord.at),
        sa.func.coalesce(sa.func.nullif(col(StrategyRecord.outcome), ""), col(StrategyRecord.why)),
        col(StrategyRecord.by_id), of_child=col(StrategyDiscussion.child_id), meeting_id=col(StrategyRecord.meeting_id),
        code=col(StrategyRecord.kind), day=col(StrategyRecord.happened_on), reference=col(StrategyDiscussion.reference),
    ).join(StrategyDiscussion, col(StrategyDiscussion.id) == col(StrategyRecord.discussion_id)),
    _newest(
        _ASSESSMENT, Assessment, col(Assessment.finished_at), sa.literal_column("''", sa.String()),
        col(Assessment.finished_by_id), reference=col(Assessment.reference),
    ),
    _newest(8, LookBack, col(LookBack.found_at), col(LookBack.found), col(LookBack.found_by_id)),
    _newest(
        9, TransitionRecord, col(TransitionRecord.recorded_at), _step_text(), col(TransitionRecord.recorded_by_id),
        code=col(TransitionRecord.kind), first_flag=col(TransitionRecord.referred),
    ),
    _newest(
        _DEPARTURE, Departure, col(Departure.agreed_at), _departure_text(), col(Departure.agreed_by_id),
        code=col(Departure.kind),
    ).where(col(Departure.state) == DepartureState.LEFT),
    _newest(
        _PLAN, SafetyPlan, col(SafetyPlan.written_at), sa.literal_column("''", sa.String()),
        col(SafetyPlan.written_by_id), reference=sa.cast(col(SafetyPlan.number), sa.String()),
    ),
    _newest(
        _REVIEW, AimReview, col(AimReview.took_effect_at), col(AimReview.seen), col(AimReview.recorded_by_id),
        meeting_id=col(AimReview.meeting_id), code=col(AimReview.effect),
        reference=sa.cast(col(AimReview.aim_number), sa.String()),
    ),
    _newest(
        _UPDATE, PlanUpdate, col(PlanUpdate.written_at), col(PlanUpdate.happened), col(PlanUpdate.written_by_id),
        more=sa.cast(col(PlanUpdate.progress), sa.String()),
    ),
    _newest(
        _ANSWERED, ChangeAnswer, col(ChangeAnswer.at), col(ChangeAnswer.text), col(ChangeAnswer.by_id),
        of_child=col(ChangeInCircumstances.child_id), code=col(ChangeAnswer.kind),
    ).join(ChangeInCircumstances, col(ChangeInCircumstances.id) == col(ChangeAnswer.change_id)),
)  # fmt: skip


def _all_of(kinds: Iterable[Select[Any]]) -> Any:
    return select(sa.union_all(*(select(kind.subquery()) for kind in kinds)).subquery())


# Built once each, for every child’s page sends one of them.
_NEWEST = _all_of(_KINDS)
_EARLIER = _all_of(kind.where(kind.selected_columns["at"] < bindparam("before")) for kind in _KINDS)
