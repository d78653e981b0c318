"""What is pointed out of items, by one set of rules before a meeting closes and before its minutes are issued."""

from dataclasses import replace

import pytest

from meetings_app.meetings.doubts import Checked, doubts_about
from meetings_app.meetings.models import Outcome
from meetings_app.ratings.models import RiskRating
from tests.support.rmm import OFFICE

HIGH, MEDIUM, LOW, NONE = RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW, RiskRating.NONE
RULES = OFFICE.partnership.ratings.ratings
FINE = Checked(
    number="5.1", outcome=Outcome.RATED, before=MEDIUM, after=MEDIUM, led=True, homed=True, police=False,
    said=("police", "health"), over=False, to_leave=False,
    police_words=False,
)  # fmt: skip


def codes(*items: Checked) -> list[str]:
    return [doubt.code for doubt in doubts_about(items, RULES, {"police": "Police"})]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"after": HIGH}, "no_police"),
        ({"before": HIGH}, "no_police"),
        ({"before": HIGH, "outcome": Outcome.DEFERRED}, "no_police"),
        ({"before": HIGH, "outcome": Outcome.CLOSED, "after": None}, "no_police"),
        # Nobody discussed a child who was not reached, or has not been reached yet.
        ({"before": HIGH, "outcome": Outcome.NOT_REACHED}, None),
        ({"before": HIGH, "outcome": None}, None),
        ({"before": HIGH, "police": True}, None),
        ({"led": False}, "no_lead_agency"),
        ({"led": False, "outcome": Outcome.NOT_REACHED}, "no_lead_agency"),
        ({"led": False, "after": LOW}, None),
        ({"homed": False}, "no_next_review"),
        ({"homed": False, "after": NONE}, None),
        ({"homed": False, "after": None}, None),
        ({"over": True}, "over_time"),
        ({"to_leave": True}, "not_left"),
        ({"to_leave": True, "outcome": Outcome.NOT_REACHED}, None),
        ({"police_words": True}, "police_words"),
        # What was typed goes into the file whatever became of the item.
        ({"police_words": True, "outcome": None}, "police_words"),
        ({"said": ("health",)}, "no_information"),
        ({"said": (), "outcome": Outcome.DEFERRED}, None),
    ],
)
def test_each_doubt_is_about_what_the_meeting_did(changes: dict[str, object], code: str | None) -> None:
    assert codes(replace(FINE, **changes)) == ([code] if code else [])  # type: ignore[arg-type]


def test_only_what_is_serious_takes_a_reason() -> None:
    bad = replace(FINE, before=HIGH, led=False, homed=False, over=True, to_leave=True, said=())
    found = {doubt.code: doubt.needs_reason for doubt in doubts_about([bad], RULES, {"police": "Police"})}
    assert found == {
        "no_police": True, "no_lead_agency": True, "no_next_review": True, "over_time": False, "not_left": False,
        "no_information": False,
    }  # fmt: skip


def test_an_agency_that_told_nothing_is_one_line_and_without_numbers_where_it_told_nothing_of_anybody() -> None:
    items = [replace(FINE, number="5.1"), replace(FINE, number="5.2", said=("police",))]
    found = doubts_about(items, RULES, {"police": "Police", "health": "Health", "education": "Education"})
    assert [(doubt.why, doubt.numbers) for doubt in found] == [
        ("Health told nothing", ("5.2",)),
        ("Education told nothing about any child heard", ()),
    ]
