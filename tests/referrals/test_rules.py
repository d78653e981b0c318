"""What triage may decide, who may, and what counts as a repeat, late or unanswered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.clock import london_date
from meetings_app.errors import RuleBroken
from meetings_app.permissions import Actor, Grant, Role
from meetings_app.referrals import rules
from meetings_app.referrals.states import ReferralState
from meetings_app.schedule.working_days import WorkingCalendar

NE, NW = 1, 2
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
A = ReferralState


def person(role: Role, area_id: int | None = NE) -> Actor:
    """Give an invented person with one role."""
    return Actor(account_id=7, name="Testy McExample", grants=(Grant(role, area_id),))


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.COORDINATOR, {A.ACCEPTED, A.RETURNED, A.ALREADY_KNOWN, A.TRANSFERRED}),
        (Role.CHAIR, {A.ACCEPTED, A.RETURNED, A.ALREADY_KNOWN, A.TRANSFERRED, A.NO_FURTHER_ACTION}),
        (Role.DEPUTY_CHAIR, {A.ACCEPTED, A.RETURNED, A.ALREADY_KNOWN, A.TRANSFERRED, A.NO_FURTHER_ACTION}),
        (Role.REPRESENTATIVE, set()),
        (Role.NETWORK_CHAIR, set()),
        (Role.SPECIALIST, set()),
        (Role.SCHOOL, set()),
        (Role.LEAD_PROFESSIONAL, set()),
        (Role.LIST_HOLDER, set()),
        (Role.ANALYST, set()),
        (Role.ADMINISTRATOR, set()),
        (Role.AUDITOR, set()),
    ],
)
def test_who_may_decide_what(role: Role, expected: set[ReferralState]) -> None:
    assert set(rules.outcomes_for(person(role), NE, A.RECEIVED, repeat=False)) == expected
    assert rules.outcomes_for(person(role), NW, A.RECEIVED, repeat=False) == ()


@given(st.sampled_from(Role), st.sampled_from(ReferralState), st.booleans())
def test_a_repeat_never_ends_with_no_further_action(role: Role, state: ReferralState, known: bool) -> None:
    assert A.NO_FURTHER_ACTION not in rules.outcomes_for(person(role), NE, state, repeat=True)
    with pytest.raises(RuleBroken):
        rules.check_decision(person(role), NE, state, A.NO_FURTHER_ACTION, repeat=True, known=known)


@given(st.sampled_from(Role), st.booleans(), st.sampled_from(ReferralState))
def test_what_is_decided_cannot_be_decided_again(role: Role, repeat: bool, outcome: ReferralState) -> None:
    for state in set(ReferralState) - {A.RECEIVED, A.RETURNED}:
        assert rules.outcomes_for(person(role), NE, state, repeat=repeat) == ()
        with pytest.raises(RuleBroken):
            rules.check_decision(person(role), NE, state, outcome, repeat=repeat, known=True)


@given(st.sampled_from(Role), st.sampled_from(ReferralState), st.booleans(), st.sampled_from(ReferralState))
def test_what_is_offered_is_what_is_allowed(
    role: Role, state: ReferralState, repeat: bool, outcome: ReferralState
) -> None:
    offered = rules.outcomes_for(person(role), NE, state, repeat=repeat)
    try:
        rules.check_decision(person(role), NE, state, outcome, repeat=repeat, known=True)
    except RuleBroken:
        assert outcome not in offered
    else:
        assert outcome in offered


@pytest.mark.parametrize("outcome", [A.RETURNED, A.ALREADY_KNOWN, A.TRANSFERRED, A.NO_FURTHER_ACTION])
def test_any_way_out_but_acceptance_carries_its_reason(outcome: ReferralState) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_reason(outcome, "  ", "Another Authority", "Somebody Invented")
    assert refused.value.field == "reason"


def test_acceptance_needs_no_reason() -> None:
    rules.check_reason(A.ACCEPTED, "")


@pytest.mark.parametrize(
    ("to", "contact", "field"),
    [("", "Somebody Invented", "transferred_to"), ("Another Authority", " ", "transferred_contact")],
)
def test_a_transfer_names_the_authority_and_the_person(to: str, contact: str, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_reason(A.TRANSFERRED, "Moved there", to, contact)
    assert refused.value.field == field


def test_a_child_whom_no_meeting_hears_is_not_called_known() -> None:
    with pytest.raises(RuleBroken, match="Accept the referral"):
        rules.check_decision(person(Role.CHAIR), NE, A.RECEIVED, A.ALREADY_KNOWN, repeat=False, known=False)


@pytest.mark.parametrize(
    ("closed", "received", "repeat"),
    [
        (date(2025, 11, 23), date(2026, 11, 23), True),
        (date(2025, 11, 22), date(2026, 11, 23), False),
        (date(2026, 11, 23), date(2026, 11, 23), True),
        (date(2024, 2, 29), date(2025, 3, 1), True),
        (date(2024, 2, 29), date(2025, 3, 2), False),
    ],
)
def test_a_repeat_comes_within_twelve_months_of_the_closure(closed: date, received: date, repeat: bool) -> None:
    assert rules.is_repeat(received, [date(2001, 1, 1), closed], 12) is repeat
    assert rules.is_repeat(received, [], 12) is False


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (NOW, "less than an hour"),
        (NOW + timedelta(minutes=1), "less than an hour"),
        (NOW - timedelta(minutes=59), "less than an hour"),
        (NOW - timedelta(hours=1), "1 hour"),
        (NOW - timedelta(hours=9), "9 hours"),
        (NOW - timedelta(hours=10), "1 day"),
        (NOW - timedelta(days=2), "2 days"),
        (NOW - timedelta(days=400), "400 days"),
    ],
)
def test_the_age_of_a_referral_is_said_in_words(since: datetime, said: str) -> None:
    assert rules.age_in_words(since, NOW) == said


@given(st.integers(-400, 20_000).map(lambda minutes: NOW - timedelta(minutes=minutes)))
def test_unanswered_means_that_the_last_day_for_the_answer_is_past(returned: datetime) -> None:
    calendar = WorkingCalendar()
    moments = rules.moments_of(NOW, calendar, 24, 5)
    last_day = rules.answer_due_on(london_date(returned), calendar, 5)
    assert (returned < moments.returned_before) == (last_day < london_date(NOW))


def test_the_answer_has_five_working_days_over_christmas() -> None:
    assert rules.answer_due_on(date(2026, 12, 23), WorkingCalendar(), 5) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("hours", "state", "late"), [(24, A.RECEIVED, False), (25, A.RECEIVED, True), (25, A.RETURNED, False)]
)
def test_a_first_decision_is_late_after_a_day(hours: int, state: ReferralState, late: bool) -> None:
    assert rules.decision_is_late(NOW - timedelta(hours=hours), state, NOW, 24) is late
