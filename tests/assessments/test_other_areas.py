"""Another area's SERAF is made by editing the file, and the engine follows: no number of a tool is in the code."""

import pytest

from meetings_app.partnership import ToolDefinition
from tests.support.assessments import SERAF, assess, codes_of, edited, ticked

SIGNIFICANT = codes_of(SERAF, "significant")
VULNERABILITIES = codes_of(SERAF, "vulnerability")

# An area with windows of three months, a point for a disability, and five points for every child under 13.
THEIRS = edited(
    "seraf",
    ('label = "Now or in the last 6 months", to_months = 6', 'label = "Now or in the last 3 months", to_months = 3'),
    (
        'label = "6 to 12 months ago", from_months = 6, to_months = 12',
        'label = "3 to 12 months ago", from_months = 3, to_months = 12',
    ),
    ('tier = "significant"                # At least one', "# At least one"),
    (
        "[[bonuses]]\nkey = \"under_13\"",
        '[[bonuses]]\nkey = "disability"\nlabel = "Disability"\npoints = 1\nasks = "disability"\n\n'
        '[[bonuses]]\nkey = "under_13"',
    ),
)  # fmt: skip


def test_their_windows_are_three_months() -> None:
    assert [(window.from_months, window.to_months) for window in THEIRS.windows] == [(0, 3), (3, 12)]


@pytest.mark.parametrize(("disability", "points"), [(True, 1), (False, 0)])
def test_a_disability_scores_one(disability: bool, points: int) -> None:
    outcome = assess(THEIRS, ticked(VULNERABILITIES[:5]), disability=disability)
    assert outcome.score == 5 + points
    assert outcome.subtotals["disability"] == points
    assert outcome.level == ("low" if disability else "none")


def test_every_child_under_13_gets_five() -> None:
    assert assess(THEIRS, born="2016-01-01").subtotals == {
        "vulnerability": 0, "moderate": 0, "significant": 0, "disability": 0, "under_13": 5,
    }  # fmt: skip
    assert assess(SERAF, born="2016-01-01").score == 0


@pytest.mark.parametrize(
    ("tool", "ticks", "fields", "score", "number"),
    [
        (edited("seraf", ("points = { current = 5, recent = 1 }", "points = { current = 4, recent = 2 }")),
         ticked(SIGNIFICANT[:1], "current", "recent"), {}, 6, 2),
        (edited("seraf", ("points = { current = 1, recent = 0 }", "points = { current = 1, recent = 1 }")),
         {"drugs": ("current", "recent")}, {}, 2, 1),
        (edited("seraf", ("points = { current = 1 }", "points = { current = 2, recent = 1 }")),
         {"isolated": ("recent",)}, {}, 1, 1),
        (edited("seraf", ("from_score = 6", "from_score = 3")), ticked(VULNERABILITIES[:3]), {}, 3, 2),
        (edited("seraf", ("from_score = 16", "from_score = 20")), ticked(SIGNIFICANT[:3]), {}, 15, 3),
        (edited("seraf", ("points = 5\n", "points = 7\n")), ticked(SIGNIFICANT[:1]), {"born": "2016-01-01"}, 12, 3),
        (edited("seraf", ("under_age = 13 ", "under_age = 16 ")), ticked(SIGNIFICANT[:1]), {}, 10, 2),
    ],
)  # fmt: skip
def test_weights_windows_bands_and_ages_are_those_of_the_file(
    tool: ToolDefinition, ticks: dict[str, tuple[str, ...]], fields: dict[str, str], score: int, number: int
) -> None:
    outcome = assess(tool, ticks, **fields)
    assert outcome.score == score
    assert outcome.category is not None
    assert outcome.category.number == number


def test_a_bonus_may_ask_for_a_learning_disability() -> None:
    tool = edited("seraf", ('tier = "significant"                # At least one', 'asks = "learning_disability" # '))
    assert assess(tool, born="2016-01-01", learning_disability=True).score == 5
    assert assess(tool, born="2016-01-01", disability=True).score == 0


def test_a_floor_and_the_number_that_asks_for_care_are_those_of_the_file() -> None:
    low = codes_of(edited("kent-medway"), "low")
    careful = edited("kent-medway", ("at_least = 5", "at_least = 3"))
    assert "assess_carefully" in assess(careful, ticked(low[:3])).flags
    stricter = edited(
        "kent-medway", ("under_age = 13\nlearning_disability = true\ncategory = 2", "under_age = 16\ncategory = 3")
    )
    outcome = assess(stricter, ticked(low[:1]))
    assert (outcome.level, outcome.flags) == ("high", ("floor_applied",))


def test_what_an_unanswered_question_means_is_that_of_the_file() -> None:
    stricter = edited("seraf", ('default = "outside_family"', 'default = "family"'))
    assert assess(stricter, ticked(SIGNIFICANT[:1])).score == 0
    tick = {"code": SIGNIFICANT[0], "when": ["current"], "evidence": "Seen.", "by": "outside_family"}
    assert assess(stricter, indicators=[tick]).score == 5
