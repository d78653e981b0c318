"""Recording what the RMM decides on an item: kept and changed freely until the meeting closes and it takes effect."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col

from meetings_app.actions import service as actions
from meetings_app.actions.models import Action
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.meetings import queries
from meetings_app.meetings.cases import case_of
from meetings_app.meetings.closures import answered_of, answers_of, closure_of, closures_answered, keep_closure
from meetings_app.meetings.decisions import ClosureAnswers, Decided, check_decision, counted, fields_of_the_form
from meetings_app.meetings.deferrals import deferrals_of_all
from meetings_app.meetings.gate import warnings_of
from meetings_app.meetings.item_scope import beside_items, child_of
from meetings_app.meetings.live_rows import settle_outside
from meetings_app.meetings.lowered import without_idle_agreement
from meetings_app.meetings.models import AgendaItem, ItemDecision, Outcome
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.rest_read import check_listed
from meetings_app.meetings.running import check_in_progress, check_may_record
from meetings_app.permissions import Actor, Permission
from meetings_app.ratings.rules import check_deferral
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office

_CHAIRS_DECIDE = (
    "outcome", "rating", "exploitation_status", "next_review_on", "behaviours_indicate", "lead_agency_id",
    "information_supplied", "both_chairs_agree", "social_worker",
)  # fmt: skip
_SIGNED_WITH_A_CLOSURE = ("step_down_reason", "both_chairs_agree", "tool_difference_reason")
_EVENTS: dict[Outcome | None, EventKind] = {
    Outcome.DEFERRED: EventKind.ITEM_DEFERRED, Outcome.NOT_REACHED: EventKind.ITEM_NOT_REACHED,
}  # fmt: skip


def record_decision(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    meeting: Meeting,
    item: AgendaItem,
    version: int,
    decided: Decided,
    closure: ClosureAnswers | None = None,
) -> ItemDecision:
    """Keep what was decided on an item of a meeting that is being held. It takes effect when the meeting closes.

    Without an outcome the item stays undecided and only the text is kept. Ratings and closures need a chair. Raises
    `Conflict` with both texts where somebody saved since `version`, `RuleBroken` for a field, `NotFound`.
    """
    open_for_recording(session, by, meeting)
    decision = queries.decision_of(session, item.key)
    session.refresh(decision)
    if decision.version != version:
        texts = {"theirs": decision.discussion, "ours": decided.discussion}
        raise Conflict("Somebody else saved this item first.", field="discussion", **texts)
    case = case_of(session, office, meeting, item)
    rules = office.partnership.ratings
    answers = closure or stored_answers(session, meeting, item)
    answers = counted(answers, case, rules) if decided.outcome is Outcome.CLOSED else answers.as_typed()
    _check_chair(by, meeting, decision, decided)
    check_decision(decided, answers, case, rules)
    decided = without_idle_agreement(decided, answers, case, rules)
    with beside_items(session, meeting):
        _check_signed(session, by, meeting, item, decided, answers)
    restated = any(getattr(decision, name) != getattr(decided, name) for name in _SIGNED_WITH_A_CLOSURE)
    _keep(decision, by, now, decided)
    with beside_items(session, meeting):
        holding = warnings_of(answers, case.gate, case.held_on, rules)
        keep_closure(session, by, now, meeting, item, decided, answers, holding, restated=restated)
    session.flush()
    kind = _EVENTS.get(decided.outcome, EventKind.DECISION_RECORDED)
    record(session, by, now, kind, item.child_id, number=item.number, meeting=meeting.reference)
    return decision


def _keep(decision: ItemDecision, by: Actor, now: datetime, decided: Decided) -> None:
    for name, value in vars(decided).items():
        setattr(decision, name, value.strip() if isinstance(value, str) and not hasattr(value, "value") else value)
    decision.changed_at, decision.changed_by_id = now, by.account_id
    flag_modified(decision, "changed_at")


def defer_the_rest(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, agency_id: int | None, reason: str,
    listed: str | None = None,
) -> int:  # fmt: skip
    """Defer every undecided item because one agency owes information, or none; gives how many.

    Raises as `record_decision` and `check_listed` do; `RuleBroken` without agency or reason, and with the numbers of
    the items that were deferred too often.
    """
    open_for_recording(session, by, meeting)
    items = _check_defer_the_rest(session, office, meeting, agency_id, reason)
    check_listed(listed, [item.number for item in items])
    return _pass_on(
        session, by, now, office, meeting, items,
        outcome=Outcome.DEFERRED, deferred_reason=reason, information_agency_id=agency_id,
    )  # fmt: skip


def _check_defer_the_rest(
    session: Session, office: Office, meeting: Meeting, agency_id: int | None, reason: str
) -> Sequence[AgendaItem]:
    """Give the undecided items where they can all be deferred."""
    items, rules = undecided_items(session, meeting.key), office.partnership.ratings
    with fields_of_the_form():
        check_deferral(0, str(agency_id or ""), reason, rules)
    limit = rules.deferral.maximum
    with beside_items(session, meeting):
        before = deferrals_of_all(session, [item.child_id for item in items], meeting.key)
    too_often = [item.number for item in items if item.child_id in before and before[item.child_id].count >= limit]
    if too_often:
        numbers = ", ".join(too_often)
        raise RuleBroken(
            "outcome", f"Rate these children first, provisionally, for each was deferred {limit} times: item {numbers}"
        )
    return items


def leave_the_rest(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, reason: str = "",
    listed: str | None = None,
) -> int:  # fmt: skip
    """Say of every undecided item that it was not reached; gives how many.

    Raises as `record_decision` and `check_listed` do.
    """
    open_for_recording(session, by, meeting)
    items = undecided_items(session, meeting.key)
    check_listed(listed, [item.number for item in items])
    return _pass_on(session, by, now, office, meeting, items, outcome=Outcome.NOT_REACHED, not_reached_reason=reason)


def _pass_on(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, items: Sequence[AgendaItem],
    **changes: Any,
) -> int:  # fmt: skip
    """Pass on items that are undecided; the caller has asked whether they can be. What is read grows with none of them.

    One on which something of a closure was answered goes the long way, which sets the answers aside. Pages of the items
    that are open elsewhere take what is recorded here.
    """
    decisions, kind = queries.decisions_of(session, meeting.key), _EVENTS[changes["outcome"]]
    before = {item.key: stored_decision(decisions[item.key]) for item in items}
    with beside_items(session, meeting):
        answered = closures_answered(session, meeting.key)
    for item in items:
        decision, decided = decisions[item.key], replace(before[item.key], **changes)
        if item.child_id in answered:
            record_decision(session, by, now, office, meeting, item, decision.version, decided)
            continue
        _keep(decision, by, now, replace(decided, both_chairs_agree=False, step_down_reason=""))
        record(session, by, now, kind, item.child_id, number=item.number, meeting=meeting.reference)
    session.flush()
    after = {item.key: stored_decision(decisions[item.key]) for item in items}
    settle_outside(session, by, now, [(item, _changed(before[item.key], after[item.key])) for item in items])
    return len(items)


def _changed(before: Decided, after: Decided) -> dict[str, str]:
    """Give what passing on changed, by the name of the field and as the form of the item holds it."""
    changed = {name: value for name, value in vars(after).items() if value != getattr(before, name)}
    # All that it changes are outcome, agency, texts, and an agreement that is taken away.
    return {name.removesuffix("_id"): str(getattr(value, "value", value) or "") for name, value in changed.items()}


def undecided_items(session: Session, meeting_id: int) -> Sequence[AgendaItem]:
    """Give the items on which nothing is decided, in the order of the agenda."""
    return session.scalars(
        select(AgendaItem)
        .join(ItemDecision, col(ItemDecision.item_id) == col(AgendaItem.id))
        .where(col(AgendaItem.meeting_id) == meeting_id, col(ItemDecision.outcome).is_(None))
        .order_by(col(AgendaItem.place))
    ).all()


def add_action(
    session: Session,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    item: AgendaItem,
    *,
    what: str,
    agency_id: int,
    owner_id: int,
    due_on: date,
) -> Action:
    """Write down an action on an item; it is given when the meeting closes. Raises as `actions.propose` does."""
    open_for_recording(session, by, meeting)
    child = child_of(session, item)
    with beside_items(session, meeting):
        action = actions.propose(session, by, now, meeting, child, what, agency_id, owner_id, due_on)
    record(session, by, now, EventKind.DECISION_RECORDED, child.key, number=item.number, meeting=meeting.reference)
    return action


def change_action(
    session: Session,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    item: AgendaItem,
    action: Action,
    version: int,
    *,
    what: str,
    agency_id: int,
    owner_id: int,
    due_on: date,
) -> None:
    """Change an action that the meeting still proposes. Raises as `actions.change_proposed` does."""
    open_for_recording(session, by, meeting)
    with beside_items(session, meeting):
        actions.change_proposed(
            session, by, action, version, what=what, agency_id=agency_id, owner_id=owner_id, due_on=due_on,
            meeting=meeting,
        )  # fmt: skip
    record(session, by, now, EventKind.DECISION_RECORDED, item.child_id, number=item.number, meeting=meeting.reference)


def remove_action(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem, action: Action
) -> None:
    """Take back an action that the meeting still proposes; what an assessment recommended is offered again."""
    open_for_recording(session, by, meeting)
    reference = action.reference
    with beside_items(session, meeting):
        actions.remove_proposed(session, by, meeting, action)
    record(
        session, by, now, EventKind.ACTION_TAKEN_BACK, item.child_id,
        action=reference, number=item.number, meeting=meeting.reference,
    )  # fmt: skip


def open_for_recording(session: Session, by: Actor, meeting: Meeting) -> None:
    """Wait for whoever closes the meeting at this moment, so that nothing is written beside a closed record.

    Raises `NotFound` for whoever may not record it, `DomainError` for a meeting that is not being held.
    """
    check_may_record(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)


def _check_chair(by: Actor, meeting: Meeting, before: ItemDecision, decided: Decided) -> None:
    """Ratings and closures are the chairs'; whoever else records keeps the text and leaves these as they are."""
    if not {decided.outcome, before.outcome} & {Outcome.RATED, Outcome.CLOSED}:
        return
    permission = Permission.CLOSE_ENTRY if decided.outcome is Outcome.CLOSED else Permission.DECIDE
    if by.may(permission, meeting.area_id):
        return
    if any(getattr(before, name) != getattr(decided, name) for name in _CHAIRS_DECIDE):
        raise NotFound


def _check_signed(
    session: Session, by: Actor, meeting: Meeting, item: AgendaItem, decided: Decided, answers: ClosureAnswers
) -> None:
    """What a chair has signed only a chair changes, and then it is signed again."""
    closure = closure_of(session, meeting.key, item.child_id)
    if closure is None or closure.first_signed_at is None or by.may(Permission.CLOSE_ENTRY, meeting.area_id):
        return
    if decided.rationale.strip() != closure.rationale or answers != answers_of(session, closure):
        raise RuleBroken("rationale", "A chair has signed this closure. Only a chair can change it")


def stored_decision(decision: ItemDecision) -> Decided:
    """Give what is recorded as the rules take it."""
    return Decided(**{name: getattr(decision, name) for name in Decided.__dataclass_fields__})


def stored_answers(session: Session, meeting: Meeting, item: AgendaItem) -> ClosureAnswers:
    """Give what is recorded of a closure, set aside or not, or empty answers."""
    with beside_items(session, meeting):
        closure = answered_of(session, meeting.key, item.child_id)
        return answers_of(session, closure) if closure is not None else ClosureAnswers()
