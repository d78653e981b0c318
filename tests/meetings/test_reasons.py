"""The ten reasons, each at its limits, and the words printed beside the child."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from meetings_app.meetings.facts import (
    Adjustments,
    CarriedKind,
    CarriedOver,
    ChangeFacts,
    ChildFacts,
    ClosureProposal,
    HandAdded,
    OverdueAction,
    ReferralFacts,
    StrategyOutcome,
    TransitionStep,
)
from meetings_app.meetings.reasons import Occasion, reasons_for
from tests.meetings.facts import FOLLOWING, HELD_ON, IN_TIME, MEETING, PARTNERSHIP, TOO_LATE, listed, referred

OCCASION = Occasion(MEETING, FOLLOWING, PARTNERSHIP.ratings.ages)
AFTER_ANOTHER = Occasion(replace(MEETING, earlier="RMM-NE-2026-W47"), FOLLOWING, PARTNERSHIP.ratings.ages)


def texts(child: ChildFacts, occasion: Occasion = OCCASION) -> list[tuple[str, str]]:
    return [(reason.code.value, reason.text) for reason in reasons_for(child, occasion)]


def referral(**facts: object) -> ReferralFacts:
    return replace(
        ReferralFacts(datetime(2026, 11, 18, 23, 30, tzinfo=UTC), accepted=True),
        **facts,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("waiting", "text"),
    [
        (referral(), "New referral received 18 November 2026"),
        (referral(urgent=True), "New referral received 18 November 2026, urgent"),
        (referral(received_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC)), "New referral received 2 July 2026"),
        (
            referral(accepted=False, repeat=True),
            "New referral received 18 November 2026, repeat, triage still to be done",
        ),
        (
            referral(accepted=False, repeat=True, returned_on=date(2026, 11, 18), answer_due_on=date(2026, 11, 25)),
            "New referral received 18 November 2026, repeat, returned 18 November 2026 and not answered",
        ),
        (
            referral(accepted=False, returned_on=date(2026, 11, 17), answer_due_on=HELD_ON),
            "New referral received 18 November 2026, returned 17 November 2026 and not answered",
        ),
    ],
)
def test_a_referral_that_goes_on_the_agenda(waiting: ReferralFacts, text: str) -> None:
    assert texts(referred(referrals=(waiting,))) == [("new_referral", text)]


@pytest.mark.parametrize(
    "waiting",
    [
        referral(accepted=False),
        referral(accepted=False, returned_on=date(2026, 11, 18), answer_due_on=date(2026, 11, 25)),
    ],
)
def test_a_referral_that_still_waits(waiting: ReferralFacts) -> None:
    assert texts(referred(referrals=(waiting,))) == []


@pytest.mark.parametrize(
    ("review_on", "text"),
    [
        (date(2026, 11, 10), "Review overdue since 10 November 2026"),
        (date(2026, 11, 23), "Review overdue since 23 November 2026"),
        (date(2026, 11, 24), "Review due 24 November 2026"),
        (date(2026, 11, 30), "Review due 30 November 2026"),
        (None, "No date is set for the review"),
    ],
)
def test_a_review_before_the_following_meeting_is_due(review_on: date | None, text: str) -> None:
    assert texts(listed(next_review_on=review_on)) == [("review_due", text)]


def test_a_review_on_the_day_of_the_following_meeting_is_heard_there() -> None:
    assert texts(listed(next_review_on=FOLLOWING)) == []


def test_only_children_on_the_list_have_reviews() -> None:
    assert texts(listed(listed=False, next_review_on=date(2026, 11, 10))) == []


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        (
            listed(
                changes=(
                    ChangeFacts(date(2026, 11, 19), IN_TIME, "Placement move"),
                    ChangeFacts(date(2026, 11, 18), IN_TIME, "Missing episode"),
                )
            ),
            (
                "change_in_circumstances",
                "Change in circumstances: Missing episode, 18 November 2026; Placement move, 19 November 2026",
            ),
        ),
        (
            listed(carried_over=(CarriedOver("RMM-NE-2026-W47", CarriedKind.NOT_REACHED),)),
            ("carried_over", "Not reached at RMM-NE-2026-W47"),
        ),
        (
            listed(carried_over=(CarriedOver("RMM-NE-2026-W47", CarriedKind.DEFERRED, "No health report"),)),
            ("carried_over", "Deferred at RMM-NE-2026-W47: No health report"),
        ),
        (
            listed(
                carried_over=tuple(
                    CarriedOver(f"RMM-NE-2026-W4{week}", CarriedKind.DEFERRED, "No health report.") for week in (6, 7)
                )
            ),
            (
                "carried_over",
                "Deferred at RMM-NE-2026-W46: No health report; Deferred at RMM-NE-2026-W47: No health report.",
            ),
        ),
        (listed(provisional=True), ("provisional_rating", "Provisional rating to ratify")),
        (
            listed(closure=ClosureProposal("Children’s Services", IN_TIME)),
            ("closure_proposed", "Closure proposed by Children’s Services, 20 November 2026"),
        ),
        (
            listed(
                actions=(
                    OverdueAction("A-2", date(2026, 11, 21)),
                    OverdueAction("A-1", date(2026, 11, 10)),
                    OverdueAction("A-3", date(2026, 11, 22)),
                )
            ),
            (
                "overdue_action",
                "Overdue action: A-1 was due 10 November 2026; A-2 was due 21 November 2026",
            ),
        ),
        (
            listed(strategy=(StrategyOutcome(date(2026, 11, 19), IN_TIME),)),
            ("strategy_outcome", "Outcome of the strategy discussion held 19 November 2026"),
        ),
        (
            listed(adjustments=Adjustments(added=HandAdded("Asked for by the school", IN_TIME))),
            ("added_by_hand", "Added by hand: Asked for by the school"),
        ),
    ],
)
def test_the_other_reasons_and_their_words(child: ChildFacts, expected: tuple[str, str]) -> None:
    assert texts(child) == [expected]


@pytest.mark.parametrize(
    ("born", "text"),
    [
        (date(2009, 11, 17), None),
        (date(2009, 11, 18), "Transition: 17th birthday 18 November 2026"),
        (date(2009, 11, 24), "Transition: 17th birthday 24 November 2026"),
        (date(2009, 11, 25), None),
        (date(2009, 5, 22), None),
        (
            date(2009, 5, 21),
            "Transition: decision on a referral to adult services was due 21 November 2026",
        ),
    ],
)
def test_transition_begins_at_the_17th_birthday_since_the_last_meeting(born: date, text: str | None) -> None:
    assert texts(listed(born=born)) == ([] if text is None else [("transition", text)])


@pytest.mark.parametrize(
    ("born", "text"),
    [
        (date(2009, 2, 25), None),
        (date(2009, 2, 24), "Transition: 17¾ since 24 November 2026, support package not agreed"),
        (date(2008, 11, 25), "Transition: 17¾ since 25 August 2026, support package not agreed"),
        (date(2008, 11, 24), "Transition: 18 since 24 November 2026, support package not agreed"),
        (date(2006, 11, 24), "Transition: 18 since 24 November 2024, support package not agreed"),
    ],
)
def test_from_17_and_three_quarters_every_week_until_the_package_is_agreed(born: date, text: str | None) -> None:
    child = listed(born=born, adult_services_decided=True)

    assert texts(child) == ([] if text is None else [("transition", text)])
    assert texts(replace(child, support_package_agreed=True)) == []


@pytest.mark.parametrize(
    ("born", "text"),
    [
        (date(2009, 11, 25), None),
        (date(2008, 11, 25), "Transition: 17th birthday 25 November 2025"),
        (date(2008, 11, 24), None),
    ],
)
def test_the_first_meeting_of_an_area_takes_every_child_of_17(born: date, text: str | None) -> None:
    first = replace(OCCASION, meeting=replace(MEETING, previous_on=None))
    child = listed(born=born, support_package_agreed=True)

    assert texts(child, first) == ([] if text is None else [("transition", text)])


def test_an_overdue_transition_step_comes_back() -> None:
    step = TransitionStep("housing application", date(2026, 11, 21))

    assert texts(listed(transition_steps=(step,))) == [
        ("transition", "Transition: housing application was due 21 November 2026")
    ]
    assert texts(listed(transition_steps=(replace(step, due_on=date(2026, 11, 22)),))) == []


def test_all_reasons_stand_beside_the_child_in_a_fixed_order() -> None:
    child = listed(
        born=date(2009, 11, 20),
        next_review_on=date(2026, 11, 25),
        provisional=True,
        referrals=(referral(),),
        changes=(ChangeFacts(date(2026, 11, 18), IN_TIME, "Missing episode"),),
        carried_over=(CarriedOver("RMM-NE-2026-W47", CarriedKind.NOT_REACHED),),
        actions=(OverdueAction("A-1", date(2026, 11, 10)),),
        closure=ClosureProposal("Police", IN_TIME),
        strategy=(StrategyOutcome(date(2026, 11, 19), IN_TIME),),
        adjustments=Adjustments(added=HandAdded("Asked for by the school", IN_TIME)),
    )

    assert [code for code, _ in texts(child)] == [
        "new_referral",
        "review_due",
        "change_in_circumstances",
        "carried_over",
        "provisional_rating",
        "transition",
        "closure_proposed",
        "overdue_action",
        "strategy_outcome",
        "added_by_hand",
    ]
    assert [code for code, _ in texts(child, AFTER_ANOTHER)] == ["review_due", "transition", "added_by_hand"]


@pytest.mark.parametrize(
    ("review_on", "codes"),
    [(date(2026, 11, 23), []), (date(2026, 11, 24), ["review_due"]), (None, [])],
)
def test_a_review_that_an_earlier_meeting_hears_is_not_heard_twice(review_on: date | None, codes: list[str]) -> None:
    assert [code for code, _ in texts(listed(next_review_on=review_on), AFTER_ANOTHER)] == codes


@pytest.mark.parametrize(
    "child",
    [
        referred(referrals=(referral(received_at=TOO_LATE),)),
        listed(changes=(ChangeFacts(date(2026, 11, 18), TOO_LATE, "Missing episode"),)),
        listed(closure=ClosureProposal("Police", TOO_LATE)),
        listed(strategy=(StrategyOutcome(date(2026, 11, 19), TOO_LATE),)),
        listed(adjustments=Adjustments(added=HandAdded("Asked for by the school", TOO_LATE))),
    ],
)
def test_what_arrives_after_the_cut_off_is_late(child: ChildFacts) -> None:
    assert [reason.late for reason in reasons_for(child, OCCASION)] == [True]


def test_what_arrives_at_the_cut_off_is_in_time() -> None:
    child = referred(referrals=(referral(received_at=MEETING.cut_off),))

    assert [reason.late for reason in reasons_for(child, OCCASION)] == [False]
