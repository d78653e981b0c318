"""Children who may be the same are shown with the reason; two children are never taken for one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.children.matching import likeness, name_key, near_date, near_dates, sound_key

BORN = date(2011, 4, 5)
SAME_NAME = "the same name, and dates of birth"
NAMES = st.text(st.characters(codec="utf-8"), max_size=40)
DATES = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Testy O’Example", "testy o'example"),
        ("Testy OExample", "Testy O'Example"),
        ("Testy Sample-Invented", "Testy  Sample Invented "),
        ("Zoë Pretendová", "Zoe Pretendova"),
        ("Łucja Wymyślona", "Lucja Wymyslona"),
        ("McExample, Testy", "Testy McExample"),
        ("Zero\u200bWidth", "ZeroWidth"),
        ("Straße Muster", "STRASSE MUSTER"),
        ("مُحَمَّد", "محمد"),
    ],
)
def test_one_name_written_in_two_ways_is_the_same(name: str, other: str) -> None:
    assert name_key(name) == name_key(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Test Child 001", "Test Child 002"),
        ("Test Child 1", "Test Child 11"),
        ("测试 样本", "测试 样品"),
        ("مثال تجريبي", "نموذج وهمي"),
        ("🙂", "🙃"),
        ("कि", "का"),
        ("Testy McExample", "Quentin Storybook"),
    ],
)
def test_other_children_born_on_the_same_day_are_not_alike(name: str, other: str) -> None:
    assert name_key(name) != name_key(other)
    assert likeness(name, BORN, other, BORN) is None


@pytest.mark.parametrize(
    ("name", "born", "other", "other_born", "why"),
    [
        ("Caitlin McExample", BORN, "Katelyn MacExample", BORN, "the same date of birth and names that sound alike"),
        ("Testy McExample", BORN, "Tasty McExamplo", BORN, "the same date of birth and names that sound alike"),
        ("Testy Placeholder", BORN, "Testy Placeholdes", BORN, "the same date of birth and names spelled alike"),
        ("Testy Anne Fable", BORN, "Testy Fable", BORN, "the same date of birth and names spelled alike"),
        ("Testy Fable", BORN, "Fable Testy", BORN, "the same names in another order and the same date of birth"),
        (
            "Testy Fable",
            BORN,
            "Testy Fable",
            date(2011, 5, 4),
            "the same name, and dates of birth with day and month changed over",
        ),
        ("Testy Fable", BORN, "Testy Fable", date(2012, 4, 5), f"{SAME_NAME} one year apart"),
        (
            "Testy Fable",
            BORN,
            "Testy Fable",
            date(2011, 4, 15),
            f"{SAME_NAME} that differ in one digit",
        ),
    ],
)
def test_a_likeness_says_why(name: str, born: date, other: str, other_born: date, why: str) -> None:
    found = likeness(name, born, other, other_born)
    assert found is not None
    assert found.why == why


def test_namesakes_born_at_other_times_are_not_alike() -> None:
    assert likeness("Testy Fable", BORN, "Testy Fable", date(2014, 9, 21)) is None


@given(NAMES)
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=30))
def test_a_name_with_letters_never_loses_them_all(name: str) -> None:
    assert name_key(name).strip()
    assert sound_key(name).strip()


@given(NAMES, DATES, NAMES, DATES)
def test_likeness_does_not_depend_on_the_order(name: str, born: date, other: str, other_born: date) -> None:
    assert likeness(name, born, other, other_born) == likeness(other, other_born, name, born)


@given(NAMES, DATES)
def test_a_child_is_the_same_as_itself(name: str, born: date) -> None:
    found = likeness(name, born, name.upper().lower(), born)
    assert likeness(name, born, name, born) is not None
    assert found is None or found.strength <= 100


@given(DATES)
def test_near_dates_are_all_that_a_search_needs(born: date) -> None:
    near = near_dates(born)
    assert born not in near
    around = {born + timedelta(days=days) for days in range(-400, 401)}
    assert {day for day in around if near_date(born, day)} <= near
    assert all(near_date(other, born) for other in near)
