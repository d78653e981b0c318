"""On the list by a decision, off it by the closure gate, and never in any other way."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.cse_list.models import Closure, ClosureState, EntryState, ListEntry
from meetings_app.cse_list.service import change_entry, close_entry, open_entry, propose_closure
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from tests.support.children import add_child, add_meeting, agency_id, child_of, put_on_list, rate
from tests.support.world import TinyWorld, actor_for, tiny_world

REVIEW = date(2026, 12, 21)


def kinds(session: Session, child_id: int) -> list[str]:
    session.commit()
    statement = select(col(AuditEvent.kind)).where(col(AuditEvent.child_id) == child_id).order_by(col(AuditEvent.id))
    return list(session.scalars(statement))


def test_a_rating_puts_a_child_on_the_list_with_what_every_list_needs(session: Session, now: datetime) -> None:
    meeting = add_meeting(session, date(2026, 12, 17))
    child = add_child(session, "Zoë O’Example", born=date(2012, 2, 29))
    rating = rate(session, child, RiskRating.MEDIUM, meeting=meeting, provisional=True)
    entry = open_entry(
        session, OPERATOR, now, child, rating, REVIEW, agency_id(session, "police"), listed_on=date(2026, 11, 23)
    )
    assert (entry.current_rating, entry.rating_rank, entry.provisional) == (RiskRating.MEDIUM, 2, True)
    assert (entry.sort_name, entry.born, entry.area_id) == ("zoe oexample", child.born, child.area_id)
    assert (entry.rated_on, entry.next_review_on, entry.next_meeting_id) == (rating.decided_on, REVIEW, meeting.id)
    assert kinds(session, child.key) == ["child_created", "rating_decided", "entry_opened"]


def test_no_identified_risk_puts_nobody_on_the_list(session: Session, now: datetime) -> None:
    child = add_child(session)
    with pytest.raises(RuleBroken, match="not put on the list"):
        open_entry(session, OPERATOR, now, child, rate(session, child, RiskRating.NONE), REVIEW, None, listed_on=REVIEW)


def test_a_child_is_on_the_list_once(session: Session) -> None:
    entry = put_on_list(session)
    with pytest.raises(DomainError, match="on the list already"):
        put_on_list(session, child_of(session, entry))


def test_an_import_is_marked_until_a_meeting_here_confirms_it(session: Session, now: datetime) -> None:
    entry = put_on_list(session, before_service=True, listed_on=date(2025, 3, 4))
    assert (entry.before_service, entry.listed_on) == (True, date(2025, 3, 4))
    assert kinds(session, entry.child_id) == ["child_created", "entry_imported"]
    change_entry(session, OPERATOR, now, entry, rate(session, child_of(session, entry), provisional=True))
    assert entry.before_service, "a provisional rating confirms nothing"
    change_entry(session, OPERATOR, now, entry, rate(session, child_of(session, entry)))
    assert not entry.before_service


def test_a_new_rating_and_review_change_the_entry_and_find_the_meeting(session: Session, now: datetime) -> None:
    add_meeting(session, date(2026, 11, 26))
    later = add_meeting(session, date(2026, 12, 17))
    entry = put_on_list(session, review_on=date(2026, 12, 1), rating=RiskRating.LOW)
    changed = change_entry(
        session, OPERATOR, now, entry, rate(session, child_of(session, entry), decided_on=date(2026, 11, 23)), REVIEW,
        agency_id(session, "health"),
    )  # fmt: skip
    assert sorted(changed) == ["current_rating", "lead_agency_id", "next_review_on", "rated_on", "rating_rank"]
    assert entry.next_meeting_id == later.id
    assert kinds(session, entry.child_id)[-2:] == ["review_rehomed", "entry_changed"]


def test_the_lead_agency_stays_unless_said_otherwise_and_can_be_taken_away(session: Session, now: datetime) -> None:
    entry = put_on_list(session, lead="police")
    change_entry(session, OPERATOR, now, entry, next_review_on=REVIEW)
    assert entry.lead_agency_id == agency_id(session, "police")
    change_entry(session, OPERATOR, now, entry, lead_agency_id=None)
    assert entry.lead_agency_id is None


def closure_of(session: Session, world: TinyWorld, entry: ListEntry, now: datetime) -> Closure:
    meeting = add_meeting(session, date(2026, 11, 23))
    closure = Closure(
        entry_id=entry.key, child_id=entry.child_id, meeting_id=meeting.key, rationale="An invented reason.",
        first_chair_id=world.chair_cs.key, first_signed_at=now, second_chair_id=world.chair_fs.key,
        second_signed_at=now,
    )  # fmt: skip
    session.add(closure)
    session.flush()
    return closure


def test_two_signed_chairs_take_a_child_off_and_the_stay_is_kept(session: Session, now: datetime) -> None:
    world = tiny_world(session)
    entry = put_on_list(session)
    closure = closure_of(session, world, entry, now)
    close_entry(session, OPERATOR, now, entry, closure)
    assert (entry.state, entry.closed_on, entry.next_meeting_id) == (EntryState.CLOSED, date(2026, 11, 23), None)
    assert closure.state is ClosureState.CLOSED
    assert kinds(session, entry.child_id)[-1] == "entry_closed"
    again = put_on_list(session, child_of(session, entry))
    assert again.id != entry.id, "a new referral may open another stay"


@pytest.mark.parametrize("missing", ["first_signed_at", "second_signed_at", "same chair"])
def test_one_chair_is_not_enough(session: Session, now: datetime, missing: str) -> None:
    world = tiny_world(session)
    entry = put_on_list(session)
    closure = closure_of(session, world, entry, now)
    if missing == "same chair":
        closure.second_chair_id = closure.first_chair_id
    else:
        setattr(closure, missing, None)
    with pytest.raises(DomainError, match="Two different chairs"):
        close_entry(session, OPERATOR, now, entry, closure)
    assert entry.state is EntryState.LISTED


def test_a_closure_of_another_stay_takes_nobody_off(session: Session, now: datetime) -> None:
    world = tiny_world(session)
    entry, other = put_on_list(session), put_on_list(session)
    with pytest.raises(DomainError, match="another stay"):
        close_entry(session, OPERATOR, now, other, closure_of(session, world, entry, now))


def test_a_closed_stay_is_never_changed(session: Session, now: datetime) -> None:
    world = tiny_world(session)
    entry = put_on_list(session)
    close_entry(session, OPERATOR, now, entry, closure_of(session, world, entry, now))
    with pytest.raises(DomainError, match="has ended"):
        change_entry(session, OPERATOR, now, entry, next_review_on=REVIEW)


def test_only_the_lead_agency_proposes_a_closure_and_once(session: Session, now: datetime) -> None:
    world = tiny_world(session)
    entry = put_on_list(session, lead="police")
    with pytest.raises(DomainError, match="Only the lead agency"):
        propose_closure(session, actor_for(session, world.health), now, entry, "An invented reason.")
    police = actor_for(session, world.police)
    with pytest.raises(RuleBroken, match="Enter why"):
        propose_closure(session, police, now, entry, "  ")
    proposal = propose_closure(session, police, now, entry, "An invented reason.")
    assert (proposal.agency_id, proposal.proposed_on) == (entry.lead_agency_id, date(2026, 11, 23))
    with pytest.raises(DomainError, match="proposed already"):
        propose_closure(session, police, now, entry, "Again.")
