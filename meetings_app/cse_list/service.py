"""Changes to stays on the CSE list: on by a decision, off by the closure gate, and never in any other way."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.before import keep_lead_agency
from meetings_app.children.models import Child
from meetings_app.children.service import in_words
from meetings_app.clock import london_date
from meetings_app.cse_list.homing import NO_MEETING, homes_of_area, lock_homes
from meetings_app.cse_list.models import (
    Closure,
    ClosureProposal,
    ClosureState,
    Departure,
    DepartureState,
    EntryState,
    ListEntry,
)
from meetings_app.cse_list.queries import is_live
from meetings_app.db.asked_once import asked_once
from meetings_app.db.session import unscoped
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.permissions import Actor
from meetings_app.ratings.models import RANK, Rating, RiskRating
from meetings_app.ratings.service import meeting_reference


@dataclass(frozen=True)
class Unchanged:
    """Says that a fact of the entry stays as it is, where None would empty it."""


UNCHANGED: Final = Unchanged()


@asked_once
def live_entry(session: Session, child_id: int) -> ListEntry | None:
    """Give the child's present stay on the list, to change it, or None."""
    return session.scalars(select(ListEntry).where(col(ListEntry.child_id) == child_id, is_live())).first()


def open_entry(
    session: Session, by: Actor, now: datetime, child: Child, rating: Rating, next_review_on: date,
    lead_agency_id: int | None, *, listed_on: date, before_service: bool = False, plan_due_on: date | None = None,
    home: bool = True,
) -> ListEntry:  # fmt: skip
    """Put a child on the list by a rating of high, medium or low, and tie the review to a meeting.

    With `home=False` the caller holds the locks, found no stay on the list, and runs `rehome_area` once. Raises
    `RuleBroken` for `rating` where no risk was identified, `DomainError` where the child is on the list already.
    """
    if rating.rating is RiskRating.NONE:
        raise RuleBroken("rating", "A child without an identified risk is not put on the list")
    if home:
        lock_homes(session, [child.area_id])
        if is_listed(session, child.key):
            raise DomainError("This child is on the list already.")
    entry = ListEntry(
        child_id=child.key, area_id=child.area_id, listed_on=listed_on, before_service=before_service,
        sort_name=child.name_key, born=child.born, current_rating=rating.rating, rating_rank=RANK[rating.rating],
        provisional=rating.provisional, rated_on=rating.decided_on, exploitation_status=rating.exploitation_status,
        lead_agency_id=lead_agency_id, next_review_on=next_review_on, plan_due_on=plan_due_on,
    )  # fmt: skip
    if home:
        _tie(session, entry, now)
    session.add(entry)
    session.flush()
    kind = EventKind.ENTRY_IMPORTED if before_service else EventKind.ENTRY_OPENED
    heard_at = meeting_reference(session, rating.meeting_id)
    record(session, by, now, kind, child.key, meeting=heard_at, rating=rating.rating.value)
    return entry


def change_entry(
    session: Session, by: Actor, now: datetime, entry: ListEntry, rating: Rating | None = None,
    next_review_on: date | None = None, lead_agency_id: int | Unchanged | None = UNCHANGED, *,
    plan_due_on: date | Unchanged | None = UNCHANGED, home: bool = True,
) -> list[str]:  # fmt: skip
    """Change a live entry by a new rating, review date or lead agency; gives the names of the facts that changed.

    `rating=None` and `next_review_on=None` leave these as they are. A review that is re-dated is tied to its meeting
    at once; with `home=False` the caller holds the locks and runs `rehome_area`. Raises `DomainError` for a closed
    entry, and for a rating that would leave the list.
    """
    if entry.state is EntryState.CLOSED:
        raise DomainError("This stay on the list has ended.")
    wanted = _facts_of(rating) if rating is not None else {}
    if next_review_on is not None and next_review_on != entry.next_review_on:
        if home:
            lock_homes(session, [entry.area_id])
        wanted["next_review_on"] = next_review_on
    if not isinstance(lead_agency_id, Unchanged):
        wanted["lead_agency_id"] = lead_agency_id
    if not isinstance(plan_due_on, Unchanged):
        wanted["plan_due_on"] = plan_due_on
    changed = [name for name, value in wanted.items() if getattr(entry, name) != value]
    if "lead_agency_id" in changed:
        keep_lead_agency(session, by, now, entry.child_id, entry.lead_agency_id)
    for name in changed:
        setattr(entry, name, wanted[name])
    if home and "next_review_on" in changed:
        before, after = _tie(session, entry, now)
        if before != after:
            record(session, by, now, EventKind.REVIEW_REHOMED, entry.child_id, meeting=after, before=before)
    session.flush()
    if changed:
        record(session, by, now, EventKind.ENTRY_CHANGED, entry.child_id, fields=in_words(changed))
    return changed


def _facts_of(rating: Rating) -> dict[str, object]:
    """Give what a list entry says of its rating; one confirmed here is no longer “decided before this service”."""
    facts: dict[str, object] = {
        "current_rating": rating.rating,
        "rating_rank": RANK[rating.rating],
        "provisional": rating.provisional,
        "rated_on": rating.decided_on,
        "exploitation_status": rating.exploitation_status,
    }
    if not rating.before_service and not rating.provisional:
        facts["before_service"] = False
    return facts


def follow_child(session: Session, by: Actor, now: datetime, child: Child) -> None:
    """Bring the facts that the live entry keeps of its child (name, date of birth, area) into line with the child."""
    entry = live_entry(session, child.key)
    if entry is None:
        return
    moved = entry.area_id != child.area_id
    if moved:
        # Whoever takes away a meeting of the area that the child leaves ties the child to none there meanwhile.
        lock_homes(session, [entry.area_id, child.area_id])
    entry.sort_name, entry.born, entry.area_id = child.name_key, child.born, child.area_id
    if moved:
        before, after = _tie(session, entry, now)
        record(session, by, now, EventKind.REVIEW_REHOMED, child.key, meeting=after, before=before)
    session.flush()


def lock_stay(session: Session, entry_id: int) -> ListEntry:
    """Let one person at a time end a stay on the list, and read it as the one before left it.

    It is locked before the closure or the departure that ends it, whichever way it ends. Two stays are locked in the
    order of their ids.
    """
    entry = session.get_one(ListEntry, entry_id)
    session.refresh(entry, with_for_update=True)
    return entry


def wait_for_stay(session: Session, child_id: int) -> ListEntry | None:
    """Give the child’s present stay, once nobody is about to end it: for whatever has to be known before it ends.

    The area’s homes are locked first, as whoever closes a meeting locks them.
    """
    entry = live_entry(session, child_id)
    if entry is None:
        return None
    lock_homes(session, [entry.area_id])
    entry = lock_stay(session, entry.key)
    return None if entry.state is EntryState.CLOSED else entry


def close_entry(session: Session, by: Actor, now: datetime, entry: ListEntry, closure: Closure) -> ListEntry:
    """Take a child off the list by a closure that both chairs have signed.

    Raises `DomainError` until two different chairs have signed it. The day is the last signature's, in London.
    """
    if entry.state is EntryState.CLOSED:
        raise DomainError("This stay on the list has ended.")
    if closure.entry_id != entry.key:
        raise DomainError("This closure belongs to another stay on the list.")
    if (
        closure.first_signed_at is None
        or closure.second_signed_at is None
        or closure.first_chair_id == closure.second_chair_id
    ):
        raise DomainError("Two different chairs must sign the closure first.")
    entry.state, entry.closed_on = EntryState.CLOSED, london_date(now)
    entry.closed_because, entry.next_meeting_id, entry.leaving = closure.rationale, None, None
    closure.state = ClosureState.CLOSED
    waiting = waiting_departure(session, entry.key)
    if waiting is not None:
        waiting.state, waiting.ended_at, waiting.ended_by_id = DepartureState.WITHDRAWN, now, by.account_id
        waiting.ended_because = "The child left the list by the closure that both chairs signed."
    session.flush()
    meeting = meeting_reference(session, closure.meeting_id)
    record(session, by, now, EventKind.ENTRY_CLOSED, entry.child_id, meeting=meeting)
    return entry


def waiting_departure(session: Session, entry_id: int) -> Departure | None:
    """Give what is about to take the child off the list besides the closure gate, or None.

    Past the actor's scope: whoever signs a closure last may not see the area to which the child has moved.
    """
    statement = select(Departure).where(
        col(Departure.entry_id) == entry_id, col(Departure.state) == DepartureState.WAITING
    )
    return session.scalars(statement.execution_options(**unscoped())).first()


def leave(session: Session, by: Actor, now: datetime, entry: ListEntry, departure: Departure) -> None:
    """Take a child off the list by a departure that is complete. Raises `DomainError` for one that is not.

    A closure that waits for its signatures is over by it.
    """
    if entry.state is EntryState.CLOSED or departure.entry_id != entry.key or departure.agreed_at is None:
        raise DomainError("This stay on the list does not end by this.")
    waiting = select(Closure).where(col(Closure.entry_id) == entry.key, col(Closure.state) == ClosureState.CLOSING)
    for closure in session.scalars(waiting.execution_options(**unscoped())):
        closure.state = ClosureState.RETURNED
    entry.state, entry.closed_on = EntryState.CLOSED, departure.left_on
    entry.closed_because, entry.next_meeting_id, entry.leaving = departure.reason, None, None
    departure.state = DepartureState.LEFT
    session.flush()
    record(session, by, now, EventKind.ENTRY_LEFT, entry.child_id, way=departure.kind.value)


def restore(session: Session, by: Actor, now: datetime, entry: ListEntry) -> None:
    """Put a stay back on the list that ended as a duplicate which was none, with the review it had."""
    lock_homes(session, [entry.area_id])
    entry.state, entry.closed_on, entry.closed_because = EntryState.LISTED, None, ""
    _tie(session, entry, now)
    session.flush()
    record(session, by, now, EventKind.ENTRY_RESTORED, entry.child_id)


def propose_closure(session: Session, by: Actor, now: datetime, entry: ListEntry, reason: str) -> ClosureProposal:
    """Propose, for the lead agency, that the RMM considers closing; the RMM alone decides.

    Raises `RuleBroken` for `reason`, `DomainError` for somebody of another agency or a second open proposal.
    """
    if by.agency_id is None or by.agency_id != entry.lead_agency_id:
        raise DomainError("Only the lead agency can propose a closure.")
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the meeting should consider closing")
    if open_proposal(session, entry.key) is not None:
        raise DomainError("A closure is proposed already and waits for the meeting.")
    proposal = ClosureProposal(
        entry_id=entry.key, child_id=entry.child_id, agency_id=by.agency_id, proposed_by_id=by.account_id,
        proposed_on=london_date(now), proposed_at=now, reason=reason.strip(),
    )  # fmt: skip
    session.add(proposal)
    session.flush()
    record(session, by, now, EventKind.CLOSURE_PROPOSED, entry.child_id)
    return proposal


def open_proposal(session: Session, entry_id: int) -> ClosureProposal | None:
    """Give the proposal of closure that no RMM has heard yet, or None."""
    return session.scalars(
        select(ClosureProposal).where(
            col(ClosureProposal.entry_id) == entry_id, col(ClosureProposal.heard_at_meeting_id).is_(None)
        )
    ).first()


def _tie(session: Session, entry: ListEntry, now: datetime) -> tuple[str, str]:
    """Tie the entry to its right meeting; gives the references of the meeting before and after."""
    before = meeting_reference(session, entry.next_meeting_id)
    home = homes_of_area(session, entry.area_id, london_date(now)).of(entry.next_review_on)
    entry.next_meeting_id = home[0] if home else None
    return before, home[1] if home else NO_MEETING


def plan_written(session: Session, child_id: int) -> None:
    """Note that the safety plan which a rating asked for is written; the trail says so at the plan."""
    entry = live_entry(session, child_id)
    if entry is not None:
        entry.plan_due_on = None
        session.flush()


def needs_lead_agency(entry: ListEntry) -> bool:
    """Say whether the entry's rating asks for a lead agency: high and medium do."""
    return entry.current_rating in (RiskRating.HIGH, RiskRating.MEDIUM)


def is_listed(session: Session, child_id: int) -> bool:
    """Say whether the child is on the list. Looked up past the actor's scope, for the answer counts in the county."""
    statement = select(col(ListEntry.id)).where(col(ListEntry.child_id) == child_id, is_live())
    return session.execute(statement.execution_options(**unscoped())).first() is not None
