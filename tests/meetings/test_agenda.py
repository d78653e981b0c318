"""The agenda drafts itself: nobody due is missing, a child stands there once, and published numbers never shift."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.meetings.agenda import Draft, draft, number_items
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
from meetings_app.meetings.reasons import Occasion, ReasonCode, reasons_for
from meetings_app.meetings.sections import SectionKey
from meetings_app.ratings.levels import LEVELS, RiskRating
from tests.meetings.facts import (
    CHILDREN,
    FOLLOWING,
    HELD_ON,
    IN_TIME,
    MEETING,
    MEETINGS,
    PARTNERSHIP,
    TOO_LATE,
    listed,
    referred,
)

DUE = date(2026, 11, 25)
ACTION = (OverdueAction("A-1", date(2026, 11, 10)),)
LATE_CHANGE = (ChangeFacts(date(2026, 11, 21), TOO_LATE, "Missing episode"),)
AWAY = HandDeferred("The social worker is away", IN_TIME)


def drafted(*children: ChildFacts, meeting: MeetingFacts = MEETING) -> Draft:
    return draft(children, meeting, FOLLOWING, PARTNERSHIP)


def places(agenda: Draft) -> list[tuple[str, str]]:
    return [(item.number, item.child) for item in agenda.items]


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


@given(children=CHILDREN, meeting=MEETINGS)
def test_every_child_is_on_the_agenda_once_or_named_with_why_not(
    children: list[ChildFacts], meeting: MeetingFacts
) -> None:
    agenda = drafted(*children, meeting=meeting)
    on = [item.child for item in agenda.items]
    absent = [entry.child for entry in agenda.not_on_agenda]

    assert sorted(on + absent) == sorted(child.reference for child in children)
    assert all(entry.why for entry in agenda.not_on_agenda)
    assert all(item.reasons for item in agenda.items)
    assert absent == sorted(absent)


@given(children=CHILDREN, meeting=MEETINGS)
def test_nobody_due_is_missing_and_every_reason_is_printed(children: list[ChildFacts], meeting: MeetingFacts) -> None:
    occasion = Occasion(meeting, FOLLOWING, PARTNERSHIP.ratings.ages)
    printed = {item.child_id: item.reasons for item in drafted(*children, meeting=meeting).items}

    for child in children:
        due = reasons_for(child, occasion)
        shown = printed.get(child.id, ())
        if not child.adjustments.deferred:
            assert shown == due
        elif shown:
            assert [reason.code for reason in shown] == [reason.code for reason in due]
            assert any("deferral from this agenda: The social worker is away" in reason.text for reason in shown)
        assert len({reason.code for reason in due}) == len(due)


_BEFORE_IT, _DEFERRED_AT = IN_TIME, IN_TIME + timedelta(minutes=10)
_AFTER_IT, _THAT_DAY = IN_TIME + timedelta(minutes=20), IN_TIME.date()
_NEXT_DAY = _THAT_DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "comes_back"),
    [
        ({}, False),
        ({"provisional": True, "next_review_on": None}, False),
        ({"referrals": (ReferralFacts(_BEFORE_IT, accepted=True, accepted_at=_BEFORE_IT),)}, False),
        ({"referrals": (ReferralFacts(_BEFORE_IT, accepted=True, accepted_at=_AFTER_IT),)}, True),
        ({"referrals": (ReferralFacts(_AFTER_IT, accepted=False, repeat=True),)}, True),
        ({"referrals": (ReferralFacts(_AFTER_IT, accepted=False),)}, False),
        ({"referrals": (ReferralFacts(_BEFORE_IT, accepted=False, answer_due_on=_NEXT_DAY),)}, True),
        ({"referrals": (ReferralFacts(_BEFORE_IT, accepted=False, answer_due_on=_THAT_DAY),)}, False),
        ({"changes": (ChangeFacts(_THAT_DAY, _BEFORE_IT, "Disclosure"),)}, False),
        ({"changes": (ChangeFacts(_THAT_DAY, _AFTER_IT, "Disclosure"),)}, True),
        ({"actions": (OverdueAction("A-1", _THAT_DAY - timedelta(days=1)),)}, False),
        ({"actions": (OverdueAction("A-1", _THAT_DAY),)}, True),
        ({"closure": ClosureProposal("Police", _BEFORE_IT)}, False),
        ({"closure": ClosureProposal("Police", _AFTER_IT + timedelta(days=1))}, True),
        ({"strategy": (StrategyOutcome(_THAT_DAY, _BEFORE_IT),)}, False),
        ({"strategy": (StrategyOutcome(_THAT_DAY, _AFTER_IT),)}, True),
    ],
)
def test_what_comes_after_a_deferral_by_hand_brings_the_child_back_and_says_the_deferral(
    facts: dict[str, object], *, comes_back: bool
) -> None:
    deferred = Adjustments(deferred=HandDeferred("The social worker is away", _DEFERRED_AT))
    child = replace(listed(next_review_on=DUE, adjustments=deferred), **facts)  # type: ignore[arg-type]

    agenda = drafted(child)

    if not comes_back:
        assert agenda.items == ()
        assert agenda.not_on_agenda[0].why.startswith("deferred from this agenda: The social worker is away; waiting: ")
        return
    said = "; came after the deferral from this agenda: The social worker is away"
    (item,) = agenda.items
    assert sum(reason.text.endswith(said) for reason in item.reasons) == 1
    assert "Review due 25 November 2026" in [reason.text for reason in item.reasons]


@given(children=CHILDREN)
def test_no_overdue_review_action_or_provisional_rating_is_ever_forgotten(children: list[ChildFacts]) -> None:
    on = {item.child_id for item in drafted(*children).items}

    for child in children:
        overdue_review = child.listed and (child.next_review_on is None or child.next_review_on < FOLLOWING)
        overdue_action = any(action.due_on < MEETING.today for action in child.actions)
        must_come = overdue_review or overdue_action or child.provisional or bool(child.carried_over)
        if must_come and not child.adjustments.deferred:
            assert child.id in on


@given(review_on=st.dates(date(2026, 11, 24), date(2027, 2, 15)))
def test_a_review_is_heard_at_one_meeting_of_the_series_and_in_time(review_on: date) -> None:
    dates = [HELD_ON + timedelta(weeks=week) for week in range(13)]
    heard = []
    for held_on, following in pairwise(dates):
        earlier = None if held_on == HELD_ON else MEETING.reference
        meeting = replace(MEETING, held_on=held_on, earlier=earlier)
        if draft([listed(next_review_on=review_on)], meeting, following, PARTNERSHIP).items:
            heard.append(held_on)

    assert heard == [max(day for day in dates[:-1] if day <= review_on)]


@given(children=CHILDREN, seed=st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_the_facts_arrive(children: list[ChildFacts], seed: Random) -> None:
    mixed = list(children)
    seed.shuffle(mixed)

    assert drafted(*mixed) == drafted(*children)


@given(children=CHILDREN)
def test_the_order_within_the_sections_where_nobody_moved_anything(children: list[ChildFacts]) -> None:
    by_rule = [replace(child, adjustments=Adjustments()) for child in children]
    facts = {child.id: child for child in by_rule}
    agenda = drafted(*by_rule)
    of = {section.key: [facts[item.child_id] for item in section.items] for section in agenda.sections}

    urgent = [any(referral.urgent for referral in child.referrals) for child in of[SectionKey.NEW_REFERRALS]]
    assert urgent == sorted(urgent, reverse=True)
    levels = [-1 if child.rating is None else LEVELS[child.rating] for child in of[SectionKey.REVIEWS]]
    assert levels == sorted(levels, reverse=True)
    for level in set(levels):
        dates = [
            child.next_review_on or date.min
            for child, own in zip(of[SectionKey.REVIEWS], levels, strict=True)
            if own == level
        ]
        assert dates == sorted(dates)


@given(before=CHILDREN, after=CHILDREN, later=CHILDREN)
def test_published_numbers_never_shift(
    before: list[ChildFacts], after: list[ChildFacts], later: list[ChildFacts]
) -> None:
    published = drafted(*before).items
    second = number_items(drafted(*after), published)
    third = number_items(drafted(*later), second.items)

    for earlier, now in ((published, second), (second.items, third)):
        numbers = {item.child_id: item.number for item in now.items}
        assert len(set(numbers.values())) == len(now.items)
        assert all(numbers[item.child_id] == item.number for item in earlier)
        arrived = [item for item in now.items if item.child_id not in {known.child_id for known in earlier}]
        assert all(item.late and item.section == SectionKey.LATE_ITEMS for item in arrived)
    due = {item.child_id for item in drafted(*later).items}
    assert due <= {item.child_id for item in third.items}


@given(children=CHILDREN)
def test_minutes_add_up_and_numbers_run_from_one_in_each_section(children: list[ChildFacts]) -> None:
    agenda = drafted(*children)

    assert agenda.minutes_needed == sum(item.minutes for item in agenda.items)
    for place, section in enumerate(agenda.sections, 1):
        assert [item.number for item in section.items] == [
            f"{place}.{item}" for item in range(1, len(section.items) + 1)
        ]
