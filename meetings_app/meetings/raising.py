"""What a meeting does with what a rating asks for: it proposes it on the item, or sets it aside with the reason."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from meetings_app.actions.models import Action, RaisedSetAside
from meetings_app.actions.raised_queries import raised_of_children
from meetings_app.actions.recommended_queries import Fate, RecommendedAction
from meetings_app.actions.service import give
from meetings_app.actions.taking_up import Asked
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.meetings.deciding import add_action, open_for_recording
from meetings_app.meetings.history import went_missing, who_went_missing
from meetings_app.meetings.item_scope import beside_items
from meetings_app.meetings.models import AgendaItem, ItemDecision, Outcome
from meetings_app.meetings.queries import decision_of
from meetings_app.partnership.definitions import Partnership
from meetings_app.permissions import Actor
from meetings_app.ratings.levels import RiskRating
from meetings_app.ratings.queries import ratings_of, ratings_of_all
from meetings_app.ratings.raised import Raised, raised_since
from meetings_app.schedule.models import Meeting

ANSWERED = "This was answered already, or the rating asks for it no more."
ASKING = frozenset({RiskRating.HIGH.value, RiskRating.MEDIUM.value})


def raised_for_child(
    session: Session, child_id: int, rules: Partnership, today: date, raised: Raised | None
) -> list[RecommendedAction]:
    """Give what the child's rating asks for and is not taken up; `raised` is what `raised_now` gives."""
    if raised is None:
        return []
    missing = {child_id} if went_missing(session, child_id) else set[int]()
    rows = raised_of_children(session, {child_id: raised}, missing, rules.raised, today).get(child_id, [])
    return [row for row in rows if row.fate is not Fate.TAKEN_UP]


def raised_for_all(
    session: Session, rules: Partnership, today: date, ratings: Mapping[int, RiskRating | None]
) -> dict[int, list[RecommendedAction]]:
    """Give by child what each rating asks for, with what became of it; `ratings` are by child.

    `today` is the day on which they are decided, or the day of today for those decided before. What is read does not
    grow with the number of children.
    """
    asking = {child: rating for child, rating in ratings.items() if rating is not None and rating.value in ASKING}
    if not asking:
        return {}
    before = ratings_of_all(session, asking)
    raised = {
        child: raised_since(rating, [(row.rating, row.decided_on) for row in before.get(child, ())], today)
        for child, rating in asking.items()
    }
    return raised_of_children(session, raised, who_went_missing(session, asking), rules.raised, today)


def raised_at_meeting(
    session: Session, rules: Partnership, meeting: Meeting, items: Iterable[AgendaItem],
    decisions: Mapping[int, ItemDecision],
) -> dict[int, list[RecommendedAction]]:  # fmt: skip
    """Give by child what the ratings that a meeting decides ask for; the caller reads beside its items."""
    ratings = {
        item.child_id: decisions[item.key].rating for item in items if decisions[item.key].outcome is Outcome.RATED
    }
    return raised_for_all(session, rules, meeting.held_on, ratings)


def raised_on_item(
    session: Session, rules: Partnership, meeting: Meeting, item: AgendaItem, decision: ItemDecision
) -> list[RecommendedAction]:
    """Give what waits for an answer once the item is decided as a rating, or while the child keeps the present one."""
    with beside_items(session, meeting):
        raised = raised_now(session, item.child_id, meeting.held_on, _decided(decision))
        rows = raised_for_child(session, item.child_id, rules, meeting.held_on, raised)
    return [row for row in rows if row.fate is Fate.OFFERED]


def propose_raised(
    session: Session, by: Actor, now: datetime, rules: Partnership, meeting: Meeting, item: AgendaItem,
    row: RecommendedAction, asked: Asked,
) -> Action:  # fmt: skip
    """Propose on an item what the child's rating asks for; it is given when the meeting closes.

    Raises as `deciding.add_action` does, and `DomainError` where it is no longer offered.
    """
    _still_offered(session, by, rules, meeting, item, row)
    action = add_action(
        session, by, now, meeting, item, what=asked.what, agency_id=asked.agency_id, owner_id=asked.owner_id,
        due_on=asked.due_on,
    )  # fmt: skip
    action.asked_by_rating = row.text
    session.flush()
    return action


def take_up_raised(
    session: Session, by: Actor, now: datetime, rules: Partnership, child: Child, row: RecommendedAction, asked: Asked
) -> Action:
    """Give at once, outside a meeting, what a child's rating asks for; only a meeting sets it aside.

    Raises as `actions.service.give` does, and `DomainError` where it is no longer offered.
    """
    # Two people may have the same page open: the second waits here and reads what the first gave.
    session.refresh(child, with_for_update=True)
    today = london_date(now)
    rows = raised_for_child(session, child.key, rules, today, raised_now(session, child.key, today))
    if (row.assessment, row.text) not in {(each.assessment, each.text) for each in rows if each.fate is Fate.OFFERED}:
        raise DomainError(ANSWERED)
    action = give(session, by, now, child, asked.what, asked.agency_id, asked.owner_id, asked.due_on)
    action.asked_by_rating = row.text
    session.flush()
    return action


def set_aside_raised(
    session: Session, by: Actor, now: datetime, rules: Partnership, meeting: Meeting, item: AgendaItem,
    row: RecommendedAction, reason: str,
) -> RaisedSetAside:  # fmt: skip
    """Say why the meeting does not take up what the rating asks for. Raises as `propose_raised`; `reason`."""
    _still_offered(session, by, rules, meeting, item, row)
    if not reason.strip():
        raise RuleBroken("reason", "Enter why it is not taken up")
    with beside_items(session, meeting):
        raised = raised_now(session, item.child_id, meeting.held_on, RiskRating(row.assessment))
    aside = RaisedSetAside(
        child_id=item.child_id, meeting_id=meeting.key, since=raised.since if raised else meeting.held_on,
        text=row.text, reason=reason.strip(), at=now, by_id=by.account_id,
    )  # fmt: skip
    session.add(aside)
    session.flush()
    record(
        session, by, now, EventKind.RAISED_SET_ASIDE, item.child_id,
        rating=row.assessment, number=row.number, meeting=meeting.reference,
    )  # fmt: skip
    return aside


def _still_offered(
    session: Session, by: Actor, rules: Partnership, meeting: Meeting, item: AgendaItem, row: RecommendedAction
) -> None:
    """Ask again once nobody else records: two people may have the same page open."""
    open_for_recording(session, by, meeting)
    decision = decision_of(session, item.key)
    offered = {(each.assessment, each.text) for each in raised_on_item(session, rules, meeting, item, decision)}
    if (row.assessment, row.text) not in offered:
        raise DomainError(ANSWERED)


def _decided(decision: ItemDecision) -> RiskRating | None:
    if decision.outcome is Outcome.CLOSED:
        return RiskRating.NONE
    return decision.rating if decision.outcome is Outcome.RATED else None


def raised_now(session: Session, child_id: int, decided_on: date, rating: RiskRating | None = None) -> Raised | None:
    """Give the rating that asks: the one decided now, or the present one of a child on the list."""
    if rating is None:
        entry = live_entry(session, child_id)
        rating = entry.current_rating if entry is not None else None
    if rating is None or rating.value not in ASKING:
        return None
    before = ratings_of(session, child_id)
    return raised_since(rating, [(row.rating, row.decided_on) for row in before], decided_on)
