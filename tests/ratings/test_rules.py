"""What a meeting may decide about a rating, at its limits."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.errors import RuleBroken
from meetings_app.partnership import load
from meetings_app.ratings.levels import LEVELS, RiskRating
from meetings_app.ratings.rules import (
    DueDates,
    FloorAnswer,
    PresentRating,
    check_closure_after_high,
    check_deferral,
    check_floor,
    check_quorum,
    check_step_down,
    check_tool_difference,
    default_review_date,
    due_dates,
    floor_holds,
    is_quorate,
    latest_review_date,
    needs_lead_agency,
    review_date,
)
from meetings_app.resources import folder
from meetings_app.schedule.working_days import WorkingCalendar

PARTNERSHIP = load(folder("agendas"))
RULES = PARTNERSHIP.ratings
HIGH, MEDIUM, LOW, NONE = RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW, RiskRating.NONE
MEETING = date(2026, 11, 24)
FIRST = PresentRating()
RATINGS = st.sampled_from(list(RiskRating))


def in_days(days: int) -> date:
    return MEETING + timedelta(days=days)


@pytest.mark.parametrize(("rating", "days"), [(HIGH, 28), (MEDIUM, 56), (LOW, 84)])
def test_the_review_is_due_after_the_interval_of_the_rating(rating: RiskRating, days: int) -> None:
    assert review_date(rating, MEETING, RULES.ratings, FIRST) == in_days(days)


def test_no_risk_identified_has_no_review() -> None:
    assert review_date(NONE, MEETING, RULES.ratings, FIRST) is None
    with pytest.raises(RuleBroken) as refused:
        review_date(NONE, MEETING, RULES.ratings, FIRST, chosen=in_days(7))
    assert refused.value.field == "next_review_on"


@pytest.mark.parametrize(
    ("rating", "days", "reason", "field"),
    [
        (HIGH, 1, "", None),
        (HIGH, 0, "", "next_review_on"),
        (HIGH, -7, "", "next_review_on"),
        (HIGH, 28, "", None),
        (HIGH, 29, "", "review_reason"),
        (HIGH, 29, "   ", "review_reason"),
        (HIGH, 42, "School holidays", None),
        (HIGH, 43, "School holidays", "next_review_on"),
        (MEDIUM, 84, "School holidays", None),
        (MEDIUM, 85, "School holidays", "next_review_on"),
        (LOW, 84, "", None),
        (LOW, 85, "School holidays", "next_review_on"),
    ],
)
def test_earlier_is_free_later_needs_a_reason_and_the_maximum_is_hard(
    rating: RiskRating, days: int, reason: str, field: str | None
) -> None:
    chosen = in_days(days)
    if field is None:
        assert review_date(rating, MEETING, RULES.ratings, FIRST, chosen=chosen, reason=reason) == chosen
        return
    with pytest.raises(RuleBroken) as refused:
        review_date(rating, MEETING, RULES.ratings, FIRST, chosen=chosen, reason=reason)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("before", "due_in", "to", "expected"),
    [
        (LOW, 70, HIGH, 28),
        (MEDIUM, 10, HIGH, 10),
        (MEDIUM, 0, HIGH, 28),
        (MEDIUM, -5, HIGH, 28),
        (HIGH, 10, MEDIUM, 56),
        (MEDIUM, 10, MEDIUM, 56),
    ],
)
def test_raising_a_rating_never_puts_a_review_off(
    before: RiskRating, due_in: int, to: RiskRating, expected: int
) -> None:
    present = PresentRating(before, in_days(due_in))

    assert default_review_date(to, MEETING, RULES.ratings, present) == in_days(expected)


@given(rating=st.sampled_from([HIGH, MEDIUM, LOW]), days=st.integers(-30, 120), reason=st.sampled_from(["", "x"]))
def test_no_review_is_ever_set_beyond_the_hard_maximum(rating: RiskRating, days: int, reason: str) -> None:
    try:
        due = review_date(rating, MEETING, RULES.ratings, FIRST, chosen=in_days(days), reason=reason)
    except RuleBroken:
        return
    latest = latest_review_date(rating, MEETING, RULES.ratings)
    assert due is not None
    assert latest is not None
    assert MEETING < due <= latest


@pytest.mark.parametrize(
    ("before", "to", "both_chairs", "agreed", "reason", "field"),
    [
        (None, NONE, False, False, "", None),
        (HIGH, MEDIUM, False, False, "", None),
        (HIGH, LOW, False, True, "Perpetrator in custody", "rating"),
        (HIGH, LOW, True, False, "Perpetrator in custody", "both_chairs_agree"),
        (HIGH, LOW, True, True, " ", "step_down_reason"),
        (HIGH, LOW, True, True, "Perpetrator in custody", None),
        (HIGH, NONE, False, True, "Perpetrator in custody", "rating"),
        (HIGH, NONE, True, True, "Perpetrator in custody", None),
        (MEDIUM, NONE, False, False, "", "rating"),
        (MEDIUM, NONE, True, False, "Perpetrator in custody", "both_chairs_agree"),
        (LOW, NONE, False, False, "", None),
        (LOW, HIGH, False, False, "", None),
    ],
)
def test_a_rating_steps_down_one_level_a_meeting(
    before: RiskRating | None, to: RiskRating, both_chairs: bool, agreed: bool, reason: str, field: str | None
) -> None:
    if field is None:
        check_step_down(before, to, RULES, both_chairs=both_chairs, agreed=agreed, reason=reason)
        return
    with pytest.raises(RuleBroken) as refused:
        check_step_down(before, to, RULES, both_chairs=both_chairs, agreed=agreed, reason=reason)
    assert refused.value.field == field


def test_a_child_rated_high_has_a_further_review_before_closure() -> None:
    with pytest.raises(RuleBroken, match="further review"):
        check_closure_after_high(0, RULES)
    check_closure_after_high(1, RULES)
    check_closure_after_high(None, RULES)


YES, NO = FloorAnswer(True, "Seen with adults"), FloorAnswer(False, "Explained by the school")


@pytest.mark.parametrize(
    ("to", "age", "disability", "answer", "field"),
    [
        (LOW, 12, False, FloorAnswer(), "rating"),
        (LOW, 13, False, FloorAnswer(), None),
        (LOW, 13, True, FloorAnswer(), "rating"),
        (LOW, 17, True, YES, "rating"),
        (NONE, 12, False, YES, "rating"),
        (MEDIUM, 12, False, FloorAnswer(), None),
        (HIGH, 12, False, YES, None),
        (LOW, 12, False, NO, None),
        (NONE, 12, True, NO, None),
        (LOW, 12, False, FloorAnswer(False, " "), "floor_reasons"),
        (MEDIUM, 12, False, FloorAnswer(True, ""), "floor_reasons"),
    ],
)
def test_the_floor_holds_until_the_meeting_answers_no_with_reasons(
    to: RiskRating, age: int, disability: bool, answer: FloorAnswer, field: str | None
) -> None:
    if field is None:
        check_floor(to, age, disability, answer, RULES.floor)
        return
    with pytest.raises(RuleBroken) as refused:
        check_floor(to, age, disability, answer, RULES.floor)
    assert refused.value.field == field


def test_the_floor_forbids_leaving_the_list() -> None:
    with pytest.raises(RuleBroken, match=r"^The child stays on the list until the meeting answers"):
        check_floor(NONE, 12, False, FloorAnswer(), RULES.floor, leaving=True)
    check_floor(NONE, 12, False, NO, RULES.floor, leaving=True)


@given(age=st.integers(0, 25), disability=st.booleans(), to=RATINGS)
def test_an_unanswered_question_counts_as_yes(age: int, disability: bool, to: RiskRating) -> None:
    assert floor_holds(age, disability, FloorAnswer(), RULES.floor) is (floor_holds(age, disability, YES, RULES.floor))
    assert not floor_holds(age, disability, NO, RULES.floor)


@given(before=st.none() | RATINGS, to=RATINGS)
def test_without_quorum_a_rating_may_protect_and_nothing_else(before: RiskRating | None, to: RiskRating) -> None:
    protects = to is not NONE and (before is None or LEVELS[to] >= LEVELS[before])
    if protects:
        check_quorum(before, to, quorate=False)
    else:
        with pytest.raises(RuleBroken):
            check_quorum(before, to, quorate=False)
    check_quorum(before, to, quorate=True, leaving=True)
    with pytest.raises(RuleBroken):
        check_quorum(before, to, quorate=False, leaving=True)


def test_quorum_is_by_agency_not_by_head_count() -> None:
    quorum = PARTNERSHIP.rmm.quorum_agencies

    assert is_quorate(["childrens-services", "police", "health"], quorum)
    assert not is_quorate(["police", "police", "health", "education", "family-services"], quorum)


@pytest.mark.parametrize(
    ("so_far", "agency", "reason", "field"),
    [
        (0, "health", "School nurse’s report", None),
        (1, "health", "School nurse’s report", None),
        (2, "health", "School nurse’s report", "decision"),
        (0, "", "School nurse’s report", "agency"),
        (0, "health", " ", "reason"),
    ],
)
def test_two_deferrals_at_most_each_with_an_agency_that_supplies_what_is_missing(
    so_far: int, agency: str, reason: str, field: str | None
) -> None:
    if field is None:
        check_deferral(so_far, agency, reason, RULES)
        return
    with pytest.raises(RuleBroken) as refused:
        check_deferral(so_far, agency, reason, RULES)
    assert refused.value.field == field


def test_a_rating_that_differs_from_the_tool_needs_a_reason() -> None:
    check_tool_difference(HIGH, HIGH, "")
    check_tool_difference(HIGH, None, "")
    check_tool_difference(HIGH, LOW, "Disclosure to the school nurse")
    with pytest.raises(RuleBroken, match="differs from the assessment tool"):
        check_tool_difference(HIGH, LOW, "")


def test_high_and_medium_ask_for_a_lead_agency() -> None:
    assert [rating for rating in RiskRating if needs_lead_agency(rating, RULES.ratings)] == [HIGH, MEDIUM]


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        (HIGH, DueDates(date(2026, 12, 24), date(2027, 1, 4), date(2026, 12, 24))),
        (MEDIUM, DueDates(None, date(2027, 1, 11), None)),
        (LOW, DueDates(None, None, None)),
    ],
)
def test_what_a_rating_raises_is_due_in_working_days_round_christmas(rating: RiskRating, expected: DueDates) -> None:
    assert due_dates(rating, date(2026, 12, 23), RULES.ratings, WorkingCalendar()) == expected
