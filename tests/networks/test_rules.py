"""What a referral must say, what follows what on the register, and which links are suggested."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.errors import RuleBroken
from meetings_app.networks.picture import WIDTH, draw
from meetings_app.networks.rules import check_criteria, expires_soon, is_child, may_follow, suggested_links
from meetings_app.networks.states import Criterion, DisruptionState

TODAY = date(2026, 11, 23)
CONSIDERED, SOUGHT, GRANTED, REFUSED, ENDED = DisruptionState


@pytest.mark.parametrize("criterion", [each for each in Criterion if each is not Criterion.MANAGERS_AGREE])
def test_one_criterion_is_enough(criterion: Criterion) -> None:
    check_criteria({criterion}, "", "")


@pytest.mark.parametrize(
    ("criteria", "manager", "inspector", "field"),
    [
        (set(), "", "", "criteria"),
        ({Criterion.MANAGERS_AGREE}, "", "Testy McInspector", "manager"),
        ({Criterion.MANAGERS_AGREE}, "Testy McManager", " ", "inspector"),
        ({Criterion.MANAGERS_AGREE, Criterion.LOCATION}, "Testy McManager", "", "inspector"),
        ({Criterion.MANAGERS_AGREE}, "Testy McBoth", "  testy  mcboth ", "inspector"),
    ],
)
def test_a_referral_names_its_reason_and_both_who_agree(
    criteria: set[Criterion], manager: str, inspector: str, field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_criteria(criteria, manager, inspector)
    assert refused.value.field == field


def test_two_people_who_agree_are_enough() -> None:
    check_criteria({Criterion.MANAGERS_AGREE}, "Testy McManager", "Testy McInspector")


@pytest.mark.parametrize(
    ("born", "child"),
    [
        (date(2008, 11, 24), True), (date(2008, 11, 23), False), (date(2008, 2, 29), False), (None, False),
        (date(2009, 2, 28), True),
    ],
)  # fmt: skip
def test_a_suspect_is_a_child_until_the_day_they_turn_18(born: date | None, child: bool) -> None:
    assert is_child(born, TODAY) is child


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        (CONSIDERED, SOUGHT, True), (CONSIDERED, GRANTED, True), (CONSIDERED, CONSIDERED, False),
        (SOUGHT, GRANTED, True), (SOUGHT, REFUSED, True), (SOUGHT, CONSIDERED, False), (GRANTED, GRANTED, True),
        (GRANTED, ENDED, True), (GRANTED, REFUSED, False), (REFUSED, SOUGHT, True), (REFUSED, GRANTED, False),
        (ENDED, SOUGHT, True), (ENDED, GRANTED, False),
    ],
)  # fmt: skip
def test_an_order_goes_only_where_it_can(before: DisruptionState, after: DisruptionState, may: bool) -> None:
    assert may_follow(before, after) is may


@pytest.mark.parametrize(("days", "soon"), [(-1, True), (0, True), (28, True), (29, False)])
def test_an_order_is_brought_up_28_days_before_it_expires(days: int, soon: bool) -> None:
    assert expires_soon(GRANTED, TODAY + timedelta(days=days), TODAY) is soon
    assert not expires_soon(ENDED, TODAY + timedelta(days=days), TODAY)
    assert not expires_soon(GRANTED, None, TODAY)


LINKED = st.dictionaries(st.integers(1, 6), st.lists(st.integers(1, 8), max_size=6), max_size=5)
PAIRS = st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=8)


@given(LINKED, PAIRS)
def test_two_children_of_one_subject_are_suggested_unless_they_are_linked(
    children_of: dict[int, list[int]], known: list[tuple[int, int]]
) -> None:
    found = suggested_links(children_of, known)
    linked = {frozenset(pair) for pair in known}
    for first in range(1, 9):
        for second in range(first + 1, 9):
            shared = [key for key, children in sorted(children_of.items()) if {first, second} <= set(children)]
            expected = shared if frozenset((first, second)) not in linked else []
            assert found.get((first, second), []) == expected
    assert all(first < second for first, second in found)


@given(LINKED, PAIRS, st.integers(1, 6), st.integers(1, 8))
def test_another_link_takes_no_suggestion_away(
    children_of: dict[int, list[int]], known: list[tuple[int, int]], subject: int, child: int
) -> None:
    more = {**children_of, subject: [*children_of.get(subject, []), child]}
    assert suggested_links(children_of, known).keys() <= suggested_links(more, known).keys()


@given(st.integers(0, 120))
def test_every_part_of_a_picture_stands_in_it_and_on_no_other(parts: int) -> None:
    picture = draw(parts)
    assert len(picture.places) == parts
    assert all(0 <= place.x <= WIDTH and 0 <= place.y <= picture.height for place in picture.places)
    places = [(place.x, place.y) for place in picture.places]
    assert len(set(places)) == parts
    assert all(abs(place.x - WIDTH / 2) > 1 or place.y < picture.height / 2 for place in picture.places[1:])
