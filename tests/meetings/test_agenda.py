"""The agenda drafts itself: nobody due is missing, a child stands there once, and published numbers never shift."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from meetings_app.meetings.agenda import draft, number_items
from meetings_app.meetings.facts import (
    Adjustments,
    CarriedKind,
    CarriedOver,
    ChangeFacts,
    ChildFacts,
    ClosureProposal,
    HandAdded,
    HandDeferred,
    MeetingFacts,
    OverdueAction,
    ReferralFacts,
    StrategyOutcome,
)
from meetings_app.meetings.reasons import ReasonCode
from meetings_app.ratings.levels import RiskRating
from tests.meetings.facts import (
    HELD_ON,
    IN_TIME,
    MEETING,
    PARTNERSHIP,
    TOO_LATE,
    drafted,
    listed,
    places,
    referred,
)

DUE = date(2026, 11, 25)
ACTION = (OverdueAction("A-1", date(2026, 11, 10)),)
LATE_CHANGE = (ChangeFacts(date(2026, 11, 21), TOO_LATE, "Missing episode"),)
AWAY = HandDeferred("The social worker is away", IN_TIME)


@pytest.mark.parametrize(
    ("child", "section", "minutes"),
    [
        (referred(), "new_referrals", 15),
        (referred(carried_over=(CarriedOver("RMM-NE-2026-W47", CarriedKind.DEFERRED),)), "new_referrals", 15),
        (listed(next_review_on=DUE), "reviews", 10),
        (listed(provisional=True), "reviews", 10),
        (listed(actions=ACTION), "overdue_actions", 5),
        (listed(actions=ACTION, next_review_on=DUE), "reviews", 10),
        (listed(strategy=(StrategyOutcome(date(2026, 11, 19), IN_TIME),)), "reviews", 5),
        (listed(born=date(2009, 11, 20)), "transitions", 5),
        (listed(born=date(2009, 11, 20), next_review_on=DUE), "reviews", 10),
        (listed(born=date(2009, 11, 20), actions=ACTION), "reviews", 10),
        (listed(closure=ClosureProposal("Police", IN_TIME), next_review_on=DUE), "closures", 15),
        (listed(changes=LATE_CHANGE), "late_items", 10),
        (listed(changes=LATE_CHANGE, next_review_on=DUE), "reviews", 10),
        (referred(referrals=(ReferralFacts(TOO_LATE, accepted=True),)), "late_items", 15),
        (
            listed(adjustments=Adjustments(added=HandAdded("Asked for by the school", IN_TIME))),
            "reviews",
            10,
        ),
    ],
)
def test_a_child_stands_in_the_first_section_that_applies(child: ChildFacts, section: str, minutes: int) -> None:
    (item,) = drafted(child).items

    assert (item.section, item.minutes, item.late) == (section, minutes, section == "late_items")


def test_the_numbers_follow_the_places_of_the_sections() -> None:
    agenda = drafted(listed(1, actions=ACTION), referred(2), referred(3), listed(4, changes=LATE_CHANGE))

    assert places(agenda) == [
        ("4.1", "C-00002"),
        ("4.2", "C-00003"),
        ("5.1", "C-00001"),
        ("13.1", "C-00004"),
    ]
    assert [section.title for section in agenda.sections][:4] == [
        "Opening, statement and apologies",
        "Conflicts of interest",
        "Minutes and matters arising",
        "New referrals",
    ]


def test_urgent_referrals_come_first_then_those_that_waited_longest() -> None:
    def at(day: int, *, urgent: bool = False) -> tuple[ReferralFacts, ...]:
        return (ReferralFacts(datetime(2026, 11, day, 9, tzinfo=UTC), accepted=True, urgent=urgent),)

    agenda = drafted(
        referred(1, referrals=at(18)),
        referred(2, referrals=at(17)),
        referred(3, referrals=at(19, urgent=True)),
        referred(4, referrals=at(17)),
    )

    assert [item.child for item in agenda.items] == ["C-00003", "C-00002", "C-00004", "C-00001"]


def test_reviews_run_from_high_to_low_and_the_longest_overdue_first() -> None:
    agenda = drafted(
        listed(1, rating=RiskRating.LOW, next_review_on=date(2026, 10, 1)),
        listed(2, rating=RiskRating.HIGH, next_review_on=date(2026, 11, 24)),
        listed(3, rating=RiskRating.MEDIUM, next_review_on=date(2026, 11, 24)),
        listed(4, rating=RiskRating.HIGH, next_review_on=date(2026, 11, 3)),
    )

    assert [item.child for item in agenda.items] == ["C-00004", "C-00002", "C-00003", "C-00001"]


def test_a_child_is_moved_within_the_section_and_the_others_keep_their_order() -> None:
    first, second, third = (listed(number, next_review_on=DUE) for number in (1, 2, 3))
    moved = replace(third, adjustments=Adjustments(place=1))
    beyond = replace(first, adjustments=Adjustments(place=9))

    assert [item.child for item in drafted(first, second, moved).items] == ["C-00003", "C-00001", "C-00002"]
    assert [item.child for item in drafted(beyond, second, third).items] == ["C-00002", "C-00003", "C-00001"]


@pytest.mark.parametrize(
    ("child", "meeting", "why"),
    [
        (listed(), MEETING, "review due 12 January 2027, at RMM-NE-2027-W02"),
        (listed(home_meeting=None), MEETING, "review due 12 January 2027, no meeting stands for it"),
        (
            listed(adjustments=Adjustments(deferred=AWAY)),
            MEETING,
            "deferred from this agenda: The social worker is away",
        ),
        (
            listed(
                next_review_on=DUE,
                referrals=(ReferralFacts(TOO_LATE, accepted=False),),
                adjustments=Adjustments(deferred=AWAY),
            ),
            MEETING,
            "deferred from this agenda: The social worker is away; waiting: Review due 25 November 2026; "
            "referral received 20 November 2026, waits for triage",
        ),
        (
            listed(changes=LATE_CHANGE, adjustments=Adjustments(deferred=AWAY)),
            replace(MEETING, earlier="RMM-NE-2026-W47"),
            "deferred from this agenda: The social worker is away; waiting: Change in circumstances: Missing episode, "
            "21 November 2026",
        ),
        (
            referred(referrals=(ReferralFacts(IN_TIME, accepted=False),)),
            MEETING,
            "referral received 20 November 2026, waits for triage",
        ),
        (
            referred(
                referrals=(
                    ReferralFacts(
                        IN_TIME, accepted=False, returned_on=date(2026, 11, 20), answer_due_on=date(2026, 11, 27)
                    ),
                )
            ),
            MEETING,
            "referral received 20 November 2026, returned for more information 20 November 2026, "
            "answer due 27 November 2026",
        ),
        (referred(referrals=()), MEETING, "not on the list, and no referral waits"),
        (
            referred(),
            replace(MEETING, earlier="RMM-NE-2026-W47"),
            "to be heard first at RMM-NE-2026-W47",
        ),
        (
            listed(actions=ACTION),
            replace(MEETING, earlier="RMM-NE-2026-W47"),
            "to be heard first at RMM-NE-2026-W47",
        ),
        (
            listed(next_review_on=None),
            replace(MEETING, earlier="RMM-NE-2026-W47"),
            "no date is set for the review, to be heard first at RMM-NE-2026-W47",
        ),
    ],
)
def test_whoever_is_not_on_the_agenda_is_named_with_why(child: ChildFacts, meeting: MeetingFacts, why: str) -> None:
    agenda = drafted(child, meeting=meeting)

    assert agenda.items == ()
    assert [(entry.child, entry.why) for entry in agenda.not_on_agenda] == [("C-00001", why)]


def test_what_does_not_fit_is_shown_and_never_dropped() -> None:
    agenda = drafted(*(listed(number, next_review_on=DUE) for number in range(1, 15)))

    assert (agenda.minutes_needed, agenda.minutes_available) == (140, 120)
    assert [item.fits for item in agenda.items] == [True] * 12 + [False] * 2


def test_without_a_following_meeting_the_usual_interval_decides() -> None:
    last_day = listed(1, next_review_on=HELD_ON + timedelta(days=6))
    a_week_later = listed(2, next_review_on=HELD_ON + timedelta(days=7))
    agenda = draft([last_day, a_week_later], MEETING, None, PARTNERSHIP)

    assert [item.child for item in agenda.items] == ["C-00001"]


def test_after_publication_late_arrivals_follow_and_the_rest_stays_as_printed() -> None:
    overdue, review, late = listed(1, actions=ACTION), listed(2, next_review_on=DUE), listed(3, changes=LATE_CHANGE)
    published = drafted(overdue, review, late).items
    done = replace(overdue, actions=())
    urgent = referred(4, referrals=(ReferralFacts(TOO_LATE, accepted=True, urgent=True),))
    handed = listed(5, next_review_on=date(2026, 11, 3))

    agenda = number_items(drafted(done, review, late, urgent, handed), published)

    assert places(agenda) == [
        ("5.1", "C-00001"),
        ("6.1", "C-00002"),
        ("13.1", "C-00003"),
        ("13.2", "C-00005"),
        ("13.3", "C-00004"),
    ]
    assert [item.late for item in agenda.items] == [False, False, True, True, True]
    assert agenda.items[0].reasons[0].code is ReasonCode.OVERDUE_ACTION
    assert agenda.minutes_needed == 5 + 10 + 10 + 10 + 15
    assert agenda.not_on_agenda == ()


def test_the_first_late_item_after_publication_has_the_first_number() -> None:
    review, late = listed(1, next_review_on=DUE), listed(2, changes=LATE_CHANGE)

    agenda = number_items(drafted(review, late), drafted(review).items)

    assert places(agenda) == [("6.1", "C-00001"), ("13.1", "C-00002")]
