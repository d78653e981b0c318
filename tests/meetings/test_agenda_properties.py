"""Whatever the facts: nobody due is missing, a child stands there once, and published numbers never shift."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.meetings.agenda import draft, number_items
from meetings_app.meetings.facts import (
    Adjustments,
    ChangeFacts,
    ChildFacts,
    ClosureProposal,
    HandDeferred,
    MeetingFacts,
    OverdueAction,
    ReferralFacts,
    StrategyOutcome,
)
from meetings_app.meetings.reasons import Occasion, reasons_for
from meetings_app.meetings.sections import SectionKey
from meetings_app.ratings.levels import LEVELS
from tests.meetings.facts import (
    CHILDREN,
    FOLLOWING,
    HELD_ON,
    IN_TIME,
    MEETING,
    MEETINGS,
    PARTNERSHIP,
    TOO_LATE,
    drafted,
    listed,
)

DUE = date(2026, 11, 25)
ACTION = (OverdueAction("A-1", date(2026, 11, 10)),)
LATE_CHANGE = (ChangeFacts(date(2026, 11, 21), TOO_LATE, "Missing episode"),)
AWAY = HandDeferred("The social worker is away", IN_TIME)


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
