"""A strategy discussion comes back to the RMM until its outcome is recorded, and an open one keeps a child listed."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.clock import london_date
from meetings_app.cse_list.models import Closure
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.meetings.closing import StillOpen, close_meeting
from meetings_app.meetings.closures import sign
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.drafting import draft_of
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.meetings.minutes_word import Audience, facts_for
from meetings_app.meetings.models import Outcome
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from meetings_app.strategy.models import DiscussionState, StrategyDiscussion
from meetings_app.strategy.queries import discussions_of, records_of
from meetings_app.strategy.rules import About
from meetings_app.strategy.service import Asked, Held, NotHeld, record_held, record_not_held, request
from tests.support.children import add_child, put_on_list
from tests.support.rmm import ANSWERS, OFFICE, Rmm, child_of, closed, deferred, due, rated, referred, rmm
from tests.support.world import NOW

HIGH, MEDIUM = RiskRating.HIGH, RiskRating.MEDIUM
TODAY = london_date(NOW)
MINIMUM: Mapping[str, str] = {"social_work": "A. Worker", "police": "A. Sergeant", "health": "A. Nurse"}
HELD = Held(TODAY, MINIMUM, outcome="An invented outcome.", actions="An invented action.")
NOTED = Decided(outcome=Outcome.NOTED, discussion="An invented discussion.")
NOT_HELD = NotHeld(TODAY, "Testy McManager", "An invented reason.")


def close(day: Rmm) -> None:
    close_meeting(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()


def ask(session: Session, child: Child, *triggers: str, meeting_id: int | None = None) -> StrategyDiscussion:
    asked = Asked(triggers or ("trafficking",), "Invented.")
    return request(session, OPERATOR, NOW, OFFICE, child, asked, meeting_id=meeting_id)


def quiet_child(session: Session) -> Child:
    """Add a listed child whom no other reason brings to the next meetings."""
    return child_of(session, put_on_list(session, rating=MEDIUM, review_on=date(2027, 2, 1)))


def why(day: Rmm, child: Child, meeting: object = None) -> list[str]:
    agenda = draft_of(day.session, meeting or day.meeting, OFFICE.partnership, NOW)  # type: ignore[arg-type]
    return [reason.text for item in agenda.items if item.child == child.reference for reason in item.reasons]


def test_after_a_rating_of_high_a_discussion_is_asked_for_and_after_medium_a_consideration(session: Session) -> None:
    day = rmm(session)
    raised, medium = due(session), due(session)
    day.open()
    day.decide(raised, rated(session, HIGH))
    day.decide(medium, rated(session, MEDIUM))
    close(day)
    [made] = discussions_of(session, raised.key)
    assert (made.state, made.triggers) == (DiscussionState.REQUESTED, ["rating_high"])
    assert made.due_on == OFFICE.calendar.add_working_days(day.meeting.held_on, 1)
    [considered] = discussions_of(session, medium.key)
    assert (considered.state, considered.triggers) == (DiscussionState.REQUESTED, ["rating_medium"])


def test_under_13_a_record_is_compulsory_whatever_the_rating_and_comes_back_until_it_is_made(session: Session) -> None:
    day = rmm(session)
    low, older, none = due(session, born=date(2015, 1, 5)), due(session), referred(session, born=date(2015, 1, 5))
    answered = {"behaviours_indicate": YesNoUnknown.NO, "behaviours_reason": "Invented.", "lead_agency_id": None}
    day.open()
    day.decide(low, rated(session, RiskRating.LOW, **answered))
    day.decide(older, rated(session, RiskRating.LOW, lead_agency_id=None))
    day.decide(none, rated(session, RiskRating.NONE, exploitation_status=None, **answered))
    close(day)
    assert [each.triggers for each in discussions_of(session, low.key)] == [["under_13"]]
    assert [*discussions_of(session, older.key), *discussions_of(session, none.key)] == []
    assert "Strategy discussion due 24 November 2026, no outcome recorded" in why(day, low, day.later[0])


@pytest.mark.parametrize("recorded", [False, True])
def test_a_child_who_stays_medium_is_asked_for_again_only_while_nothing_is_recorded(
    session: Session, recorded: bool
) -> None:
    day = rmm(session)
    child = due(session, MEDIUM)
    if recorded:
        known = ask(session, child, "rating_medium")
        record_not_held(session, OPERATOR, NOW, OFFICE, known, NOT_HELD)
        known.heard_at_meeting_id = day.later[2].key  # As if an earlier meeting had heard it.
        session.flush()
    day.open()
    day.decide(child, rated(session, MEDIUM))
    close(day)
    open_ones = [each for each in discussions_of(session, child.key) if each.state is DiscussionState.REQUESTED]
    assert len(open_ones) == (0 if recorded else 1)


@pytest.mark.parametrize(
    ("triggers", "held", "asked_again"),
    [(("incident",), True, False), (("rating_high",), False, False), (("incident",), False, True)],
    ids=["held", "a reason for the rating", "a reason for something else"],
)
def test_what_the_meeting_heard_answers_the_rating_it_decides(
    session: Session, triggers: tuple[str, ...], held: bool, asked_again: bool
) -> None:
    day = rmm(session)
    child = due(session)
    known = ask(session, child, *triggers)
    if held:
        record_held(session, OPERATOR, NOW, OFFICE, known, HELD)
    else:
        record_not_held(session, OPERATOR, NOW, OFFICE, known, NOT_HELD)
    day.open()
    day.decide(child, rated(session, HIGH))
    close(day)
    assert len(discussions_of(session, child.key)) == 1 + asked_again


def test_a_child_who_stays_high_is_not_asked_for_again_once_one_was_held(session: Session) -> None:
    day = rmm(session)
    child = due(session, HIGH)
    known = ask(session, child, "rating_high")
    record_held(session, OPERATOR, NOW, OFFICE, known, HELD)
    known.heard_at_meeting_id = day.later[2].key  # As if an earlier meeting had heard it.
    session.flush()
    day.open()
    day.decide(child, rated(session, HIGH))
    close(day)
    assert [each.id for each in discussions_of(session, child.key)] == [known.key]


def test_it_comes_back_until_its_outcome_is_recorded_and_heard(session: Session) -> None:
    day = rmm(session)
    child = quiet_child(session)
    assert why(day, child) == []
    known = ask(session, child)
    assert why(day, child) == ["Strategy discussion due 24 November 2026, no outcome recorded"]
    day.open()
    day.decide(child, NOTED)
    close(day)
    following = day.later[0]
    assert why(day, child, following) == ["Strategy discussion due 24 November 2026, no outcome recorded"]
    record_held(session, OPERATOR, NOW, OFFICE, known, HELD)
    assert why(day, child, following) == ["Outcome of the strategy discussion held 23 November 2026"]
    day.meeting, *day.later = day.later
    day.open()
    day.decide(child, NOTED)
    close(day)
    assert known.heard_at_meeting_id == following.key
    assert why(day, child, day.later[0]) == []


def test_why_it_is_not_held_is_heard_too(session: Session) -> None:
    day = rmm(session)
    child = quiet_child(session)
    record_not_held(session, OPERATOR, NOW, OFFICE, ask(session, child), NOT_HELD)
    assert why(day, child) == ["Why no strategy discussion is held, decided 23 November 2026"]


def test_a_child_who_is_not_listed_comes_back_too(session: Session) -> None:
    day = rmm(session)
    child = add_child(session)
    ask(session, child)
    assert why(day, child) == ["Strategy discussion due 24 November 2026, no outcome recorded"]


def test_a_deferred_item_has_not_heard_the_outcome(session: Session) -> None:
    day = rmm(session)
    child = quiet_child(session)
    known = ask(session, child)
    record_held(session, OPERATOR, NOW, OFFICE, known, HELD)
    day.open()
    day.decide(child, deferred(session))
    close(day)
    assert known.heard_at_meeting_id is None


def test_an_open_discussion_blocks_closing_until_its_outcome_is_recorded(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    day.open()
    day.decide(child, closed(), ANSWERS)
    known = ask(session, child)
    with pytest.raises(StillOpen) as told:
        close(day)
    assert "a strategy discussion is open" in told.value.obstacles[0].why
    with pytest.raises(RuleBroken, match="A strategy discussion is open"):
        day.decide(child, closed(), ANSWERS)
    record_not_held(session, OPERATOR, NOW, OFFICE, known, NOT_HELD)
    day.decide(child, closed(), ANSWERS)
    close(day)


def test_a_discussion_asked_for_before_the_second_signature_keeps_the_child_on_the_list(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    day.open()
    day.decide(child, closed(), ANSWERS)
    close(day)
    closure = session.scalars(sa.select(Closure)).one()
    sign(session, day.act("chair_cs"), NOW, OFFICE, closure)
    day.operator()
    known = ask(session, child)
    with pytest.raises(DomainError, match="strategy discussion about the child is open"):
        sign(session, day.act("chair_fs"), NOW, OFFICE, closure)
    day.operator()
    assert live_entry(session, child.key) is not None
    record_not_held(session, OPERATOR, NOW, OFFICE, known, NOT_HELD)
    assert sign(session, day.act("chair_fs"), NOW, OFFICE, closure)


def test_the_minutes_say_what_the_meeting_recorded_and_nothing_else(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    before = ask(session, child)
    day.open()
    day.decide(child, rated(session, MEDIUM))
    without_health = {"social_work": "A. Worker", "police": "A. Sergeant"}
    held = Held(
        TODAY, without_health, "A. Teacher", "No nurse was free.", "An invented outcome.", "An invented action."
    )
    record_held(session, OPERATOR, NOW, OFFICE, before, held, meeting_id=day.meeting.key)
    close(day)
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    facts = facts_for(session, OPERATOR, NOW, OFFICE, day.meeting, minutes, Audience(), marking="OFFICIAL-SENSITIVE")
    [said] = ["\n".join(item.beside) for item in facts.children if item.child == child.reference]
    assert said.endswith(
        f"Strategy discussion {before.reference} was held on 23 November 2026.\n"
        "Took part: Social work: A. Worker; Police: A. Sergeant; Others: A. Teacher.\n"
        "Without Health. Why: No nurse was free.\nOutcome: An invented outcome.\nActions: An invented action."
    )
    assert "is asked for" not in said


def test_what_was_recorded_is_never_changed_and_a_later_record_stands_beside_it(session: Session) -> None:
    child = add_child(session)
    known = ask(session, child)
    record_not_held(session, OPERATOR, NOW, OFFICE, known, NOT_HELD)
    record_held(session, OPERATOR, NOW + timedelta(minutes=1), OFFICE, known, HELD)
    assert [each.kind.value for each in records_of(session, known.key)] == ["requested", "not_held", "held"]
    assert known.state is DiscussionState.HELD


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE strategy_record SET why = 'x'", "DELETE FROM strategy_record", "DELETE FROM strategy_discussion",
        "UPDATE strategy_discussion SET due_on = '2030-01-01'",
    ],
)  # fmt: skip
def test_the_database_refuses_to_change_what_was_recorded(session: Session, statement: str) -> None:
    ask(session, add_child(session))
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sa.text(statement))


@pytest.mark.parametrize(
    ("held", "field"),
    [
        (Held(TODAY + timedelta(days=1), MINIMUM, outcome="Invented."), "happened_on"),
        (Held(TODAY - timedelta(days=29), MINIMUM, outcome="Invented."), "happened_on"),
        (Held(TODAY, {"police": "A. Sergeant"}, outcome="Invented."), "missing_reason"),
        (Held(TODAY, MINIMUM, outcome=" "), "outcome"),
    ],
)
def test_what_is_recorded_must_be_whole(session: Session, held: Held, field: str) -> None:
    known = ask(session, add_child(session))
    with pytest.raises(RuleBroken) as told:
        record_held(session, OPERATOR, NOW, OFFICE, known, held)
    assert told.value.field == field
    assert known.state is DiscussionState.REQUESTED


@pytest.mark.parametrize(
    ("not_held", "field"),
    [
        (NotHeld(TODAY + timedelta(days=1), "Testy McManager", "Invented."), "happened_on"),
        (NotHeld(date(2001, 1, 1), "Testy McManager", "Invented."), "happened_on"),
        (NotHeld(TODAY, " ", "Invented."), "manager"),
        (NotHeld(TODAY, "Testy McManager", " "), "reason"),
    ],
)
def test_only_a_named_manager_with_a_reason_does_without_one(session: Session, not_held: NotHeld, field: str) -> None:
    known = ask(session, add_child(session))
    with pytest.raises(RuleBroken) as told:
        record_not_held(session, OPERATOR, NOW, OFFICE, known, not_held)
    assert told.value.field == field


def test_an_alleged_perpetrators_discussion_answers_nothing_about_the_child(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    asked = Asked(["alleged_perpetrator"], about=About.ALLEGED_PERPETRATOR)
    request(session, OPERATOR, NOW, OFFICE, child, asked)
    day.open()
    day.decide(child, rated(session, HIGH))
    close(day)
    assert [each.about for each in discussions_of(session, child.key)] == [About.CHILD, About.ALLEGED_PERPETRATOR]


@pytest.mark.parametrize("triggers", [(), ("invented",)])
def test_it_is_asked_for_with_a_reason_that_the_partnership_knows(session: Session, triggers: tuple[str, ...]) -> None:
    with pytest.raises(RuleBroken, match="Choose why"):
        request(session, OPERATOR, NOW, OFFICE, add_child(session), Asked(triggers))
