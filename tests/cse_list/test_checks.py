"""`meetings check` names every broken promise, and nothing else."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from meetings_app.accounts.models import AccountState, ImportedDefault
from meetings_app.actions.models import Action, ActionState
from meetings_app.cse_list.checks import Breach, breaches
from meetings_app.cse_list.models import ListEntry
from meetings_app.meetings.checks import undone_decisions
from meetings_app.meetings.models import AgendaItem, ItemDecision, Outcome
from meetings_app.ratings.models import RiskRating
from meetings_app.resources import folder
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.children import add_child, add_meeting, agency_id, child_of, put_on_list
from tests.support.world import NOW, tiny_world

TODAY = date(2026, 11, 23)
AGENDAS = folder("agendas")


def found(session: Session) -> list[Breach]:
    session.flush()
    session.expire_all()
    return [*breaches(session, TODAY, AGENDAS), *undone_decisions(session)]


def test_a_sound_county_has_no_breach(session: Session) -> None:
    add_meeting(session, date(2026, 11, 26))
    put_on_list(session)
    assert found(session) == []


def cancelled(session: Session, _entry: ListEntry, meeting: Meeting) -> None:
    meeting.state = MeetingState.CANCELLED


def past(session: Session, _entry: ListEntry, meeting: Meeting) -> None:
    meeting.held_on = TODAY - timedelta(days=1)


def none_at_all(session: Session, entry: ListEntry, _meeting: Meeting) -> None:
    entry.next_meeting_id = None


def a_better_one(session: Session, entry: ListEntry, _meeting: Meeting) -> None:
    add_meeting(session, entry.next_review_on)


def no_agency(session: Session, entry: ListEntry, _meeting: Meeting) -> None:
    entry.lead_agency_id = None


def another_name(session: Session, entry: ListEntry, _meeting: Meeting) -> None:
    child_of(session, entry).name_key = "somebody else"


def another_rating(session: Session, entry: ListEntry, _meeting: Meeting) -> None:
    entry.rating_rank = 3


def provisional(session: Session, entry: ListEntry, _meeting: Meeting) -> None:
    entry.provisional = True


def points_elsewhere(session: Session, entry: ListEntry, _meeting: Meeting) -> None:
    child_of(session, entry).merged_into_id = put_on_list(session).child_id


@pytest.mark.parametrize(
    ("harm", "code", "words"),
    [
        (cancelled, "next_meeting", "which is cancelled"),
        (past, "next_meeting", "which is past"),
        (none_at_all, "next_meeting", "has no next meeting"),
        (a_better_one, "next_meeting", "it belongs to"),
        (no_agency, "no_lead_agency", "without a lead agency"),
        (another_name, "kept_facts", "name"),
        (another_rating, "kept_facts", "order of rating"),
        (provisional, "kept_facts", "provisional"),
        (points_elsewhere, "merged_listed", "points to another"),
    ],
)
def test_each_breach_is_named_with_the_child(
    session: Session, harm: Callable[[Session, ListEntry, Meeting], None], code: str, words: str
) -> None:
    meeting = add_meeting(session, date(2026, 11, 26))
    entry = put_on_list(session)
    reference = child_of(session, entry).reference
    harm(session, entry, meeting)
    (breach,) = found(session)
    assert (breach.code, breach.reference) == (code, reference)
    assert words in breach.problem


def test_an_entry_without_any_rating_is_named(session: Session) -> None:
    meeting, child = add_meeting(session, date(2026, 11, 26)), add_child(session)
    session.add(
        ListEntry(
            child_id=child.key, area_id=child.area_id, listed_on=TODAY, sort_name=child.name_key, born=child.born,
            current_rating=RiskRating.LOW, rating_rank=3, rated_on=TODAY, next_review_on=date(2026, 12, 1),
            next_meeting_id=meeting.key,
        )
    )  # fmt: skip
    (breach,) = found(session)
    assert (breach.code, breach.reference) == ("no_rating", child.reference)


def test_an_action_of_somebody_who_cannot_sign_in_is_named(session: Session) -> None:
    world = tiny_world(session)
    add_meeting(session, date(2026, 11, 26))
    entry = put_on_list(session)
    for number, state in enumerate([ActionState.OPEN, ActionState.DONE]):
        session.add(
            Action(
                reference=f"A-TEST{number}", child_id=entry.child_id, area_id=entry.area_id, what="Invented.",
                state=state, agency_id=agency_id(session, "police"), owner_id=world.police.key, due_on=TODAY,
                first_due_on=TODAY, created_at=NOW,
            )
        )  # fmt: skip
    assert found(session) == []
    world.police.state = AccountState.DISABLED
    (breach,) = found(session)
    assert (breach.code, breach.reference) == ("action_without_owner", "A-TEST0")


@pytest.mark.parametrize("took_effect", [True, False])
def test_a_closed_meeting_whose_decision_took_no_effect_is_named(session: Session, took_effect: bool) -> None:
    add_meeting(session, date(2026, 11, 26))
    closed = add_meeting(session, date(2026, 11, 19), state=MeetingState.CLOSED)
    entry = put_on_list(session)
    item = AgendaItem(
        meeting_id=closed.key, child_id=entry.child_id, area_id=entry.area_id, section="reviews", number="5.1", place=1,
        minutes=10, reasons=[],
    )  # fmt: skip
    session.add(item)
    session.flush()
    session.add(
        ItemDecision(
            item_id=item.key, outcome=Outcome.NOTED, changed_at=NOW, took_effect_at=NOW if took_effect else None
        )
    )
    named = [breach.reference for breach in found(session)]
    assert named == ([] if took_effect else [closed.reference])


def test_a_file_of_defaults_that_changed_is_named_and_not_applied(session: Session) -> None:
    session.add(ImportedDefault(file="rmm.toml", number=2, content="other", read_at=NOW, reason="Invented."))
    session.flush()
    assert [(breach.code, breach.reference) for breach in found(session)] == [("changed_default", "rmm.toml")]
