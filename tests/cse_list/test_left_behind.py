"""`meetings check` names what should have gone on and stands still, and nothing that is still in time."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.actions.models import Action, ActionState
from meetings_app.child_record.merging import say_same_or_different
from meetings_app.child_record.service import edit_details
from meetings_app.children.models import PossibleDuplicate, Resolution
from meetings_app.children.service import ChildDetails
from meetings_app.cse_list.models import Closure, ClosureState
from meetings_app.meetings.checks import left_behind
from meetings_app.meetings.models import AdjustmentKind, AgendaAdjustment, AgendaItem, ItemDecision, Outcome
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.models import ReferralState
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.children import add_child, add_meeting, agency_id, put_on_list
from tests.support.meetings import office
from tests.support.referrals import refer
from tests.support.rmm import due, rated, rmm
from tests.support.world import NOW, tiny_world

TODAY = date(2026, 11, 23)
YESTERDAY = TODAY - timedelta(days=1)
S = MeetingState


def found(session: Session, today: date = TODAY) -> list[tuple[str, str, str]]:
    session.flush()
    return [(breach.code, breach.reference, breach.problem) for breach in left_behind(session, today)]


@pytest.mark.parametrize(
    ("held_on", "state", "named"),
    [
        (YESTERDAY, S.PLANNED, True),
        (YESTERDAY, S.ANNOUNCED, True),
        (YESTERDAY, S.PUBLISHED, True),
        (YESTERDAY, S.IN_PROGRESS, True),
        (YESTERDAY, S.CLOSED, False),
        (YESTERDAY, S.SIGNED, False),
        (YESTERDAY, S.CANCELLED, False),
        (TODAY, S.PUBLISHED, False),
        (TODAY, S.IN_PROGRESS, False),
    ],
)
def test_a_meeting_is_named_once_its_day_has_passed_and_it_is_neither_closed_nor_cancelled(
    session: Session, held_on: date, state: MeetingState, named: bool
) -> None:
    meeting = add_meeting(session, held_on, state=state)
    problem = "its day has passed, and it is neither closed nor cancelled."
    assert found(session) == ([("left_open", meeting.reference, problem)] if named else [])


def test_the_decided_items_of_a_meeting_left_open_are_named_as_without_effect(session: Session) -> None:
    day = rmm(session)
    first, second = due(session), due(session)
    due(session)
    day.open()
    for child in (first, second):
        day.decide(child, rated(session, RiskRating.MEDIUM))
    day.operator()
    assert found(session, day.meeting.held_on) == []
    ((code, reference, problem),) = found(session, day.meeting.held_on + timedelta(days=1))
    assert (code, reference) == ("left_open", day.meeting.reference)
    assert problem.endswith("2 decided items are without effect.")


@pytest.mark.parametrize(
    ("state", "words"),
    [(S.CLOSED, "which is closed"), (S.CANCELLED, "which is cancelled"), (S.IN_PROGRESS, None)],
)
def test_an_action_only_proposed_at_a_meeting_that_is_over_is_named(
    session: Session, state: MeetingState, words: str | None
) -> None:
    world, meeting, child = tiny_world(session), add_meeting(session, TODAY, state=state), add_child(session)
    session.add(
        Action(
            reference="A-TEST", child_id=child.key, area_id=child.area_id, what="Invented.", meeting_id=meeting.key,
            state=ActionState.PROPOSED, agency_id=agency_id(session, "police"), owner_id=world.police.key,
            due_on=TODAY, first_due_on=TODAY, created_at=NOW,
        )
    )  # fmt: skip
    named = [(code, reference) for code, reference, _ in found(session)]
    assert named == ([("proposed_for_ever", "A-TEST")] if words else [])
    assert all((words or "") in problem for _, _, problem in found(session))


@pytest.mark.parametrize(
    ("due_on", "state", "named"),
    [
        (YESTERDAY, ClosureState.CLOSING, True),
        (TODAY, ClosureState.CLOSING, False),
        (YESTERDAY, ClosureState.CLOSED, False),
        (YESTERDAY, ClosureState.RETURNED, False),
    ],
)
def test_a_closure_whose_time_for_signing_is_over_is_named_with_its_child(
    session: Session, due_on: date, state: ClosureState, named: bool
) -> None:
    entry, meeting = put_on_list(session), add_meeting(session, date(2026, 11, 19), state=S.CLOSED)
    session.add(
        Closure(
            entry_id=entry.key, child_id=entry.child_id, meeting_id=meeting.key, state=state, second_due_on=due_on
        )
    )  # fmt: skip
    assert [code for code, _, _ in found(session)] == (["unsigned_closure"] if named else [])


@pytest.mark.parametrize(
    ("accepted", "beside", "named"),
    [
        (datetime.fromisoformat("2026-11-12T12:00+00:00"), "nothing", True),
        (datetime.fromisoformat("2026-11-13T12:00+00:00"), "nothing", False),
        (datetime.fromisoformat("2026-11-02T12:00+00:00"), "deferred in the meeting", False),
        (datetime.fromisoformat("2026-11-02T12:00+00:00"), "deferred from the agenda", False),
    ],
)
def test_a_referral_accepted_in_time_that_the_last_rmm_did_not_hear_is_named(
    session: Session, accepted: datetime, beside: str, named: bool
) -> None:
    referral = refer(session, add_child(session))
    referral.state, referral.decided_at = ReferralState.ACCEPTED, accepted
    meeting = add_meeting(session, date(2026, 11, 19), state=S.CLOSED)
    add_meeting(session, date(2026, 11, 19), area="NW", state=S.CLOSED)
    if beside == "deferred in the meeting":
        stand_on(session, meeting, referral.child_id)
    elif beside == "deferred from the agenda":
        session.add(
            AgendaAdjustment(
                meeting_id=meeting.key, child_id=referral.child_id, kind=AdjustmentKind.DEFERRED, reason="Invented.",
                made_at=NOW,
            )
        )  # fmt: skip
    references = [(code, reference) for code, reference, _ in found(session)]
    assert references == ([("unheard_referral", referral.reference)] if named else [])


def stand_on(session: Session, meeting: Meeting, child_id: int) -> None:
    """Put a child on a meeting that deferred the item."""
    item = AgendaItem(
        meeting_id=meeting.key, child_id=child_id, area_id=meeting.area_id or 0, section="new", number="4.1", place=1,
        minutes=15, reasons=[],
    )  # fmt: skip
    session.add(item)
    session.flush()
    session.add(ItemDecision(item_id=item.key, outcome=Outcome.DEFERRED, changed_at=NOW, took_effect_at=NOW))


@pytest.mark.parametrize("how", ["merged", "moved area"])
@pytest.mark.parametrize(("moved_at", "named"), [("2026-11-21T12:00+00:00", False), ("2026-11-12T12:00+00:00", True)])
def test_a_referral_that_came_to_a_child_or_an_area_after_its_last_rmm_waits_for_the_next_one(
    session: Session, how: str, moved_at: str, named: bool
) -> None:
    moment = datetime.fromisoformat(moved_at)
    kept, child = (add_child(session, "Testy Twin", area, born=date(2011, 1, 5)) for area in ("NE", "NW"))
    referral = refer(session, child)
    referral.state, referral.decided_at = ReferralState.ACCEPTED, datetime.fromisoformat("2026-11-02T12:00+00:00")
    last = add_meeting(session, date(2026, 11, 19), state=S.CLOSED)
    if how == "merged":
        pair = session.scalars(select(PossibleDuplicate)).one()
        say_same_or_different(session, OPERATOR, moment, office(), pair, Resolution.SAME, "The school says so.")
    else:
        details = ChildDetails(child.name, child.born, kept.area_id)
        edit_details(session, OPERATOR, moment, child, child.version, details)
    assert referral.area_id == kept.area_id
    problem = f"was accepted on 2 November 2026, and {last.reference} did not hear it."
    assert found(session) == ([("unheard_referral", referral.reference, problem)] if named else [])
