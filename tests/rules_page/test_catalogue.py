"""The page names every figure that a partnership may change, with the words and the source of `docs/rules.md`."""

from datetime import time

import pytest

from meetings_app.errors import ConfigurationError
from meetings_app.resources import folder
from meetings_app.rules_page.catalogue import SECTIONS, rule_of, section_of, unsaid
from meetings_app.rules_page.editing import changed
from meetings_app.rules_page.values import RATINGS, RMM, differences, since, values_of
from meetings_app.rules_page.words import in_words, shape_of
from tests.whole.test_rules_document import DEFAULT, ROWS

SHIPPED = {file: (folder("agendas") / file).read_text("utf-8") for file in (RATINGS, RMM)}
VALUES = {file: values_of(file, text) for file, text in SHIPPED.items()}
RULES = [(section.file, rule) for section in SECTIONS for rule in section.rules]
NO_FIGURE = (".label", ".listed", "none.held_by", "high.held_by", "medium.held_by")


def documented(file: str, wanted: str) -> list[set[str]]:
    """The sources of each row of `docs/rules.md` that names a figure."""
    mark = "" if file == RATINGS else "rmm: "
    return [
        set(row[2].split(", "))
        for row in ROWS
        if (mark, wanted) in {(found, key) for found, key, _default in DEFAULT.findall(row[1])}
    ]


def test_every_rule_of_the_page_stands_in_the_file_once() -> None:
    keys = [(file, rule.key) for file, rule in RULES]
    assert len(keys) == len(set(keys)) > 60
    assert [key for file, key in keys if key not in VALUES[file]] == []


def test_every_figure_of_the_ratings_file_is_on_the_page() -> None:
    left = [key for key in unsaid(RATINGS, VALUES[RATINGS]) if VALUES[RATINGS][key] is not None]
    assert [key for key in left if not key.endswith(NO_FIGURE) and not key.startswith("strategy.")] == []


def test_the_page_and_the_document_give_each_rule_the_same_source() -> None:
    for file, rule in RULES:
        if VALUES[file][rule.key] is not None:
            assert set(rule.source.split(", ")) in documented(file, rule.key), rule.key


@pytest.mark.parametrize(("file", "rule"), RULES, ids=[rule.key for _file, rule in RULES])
def test_what_may_stand_there_is_taken_from_what_checks_the_file(file: str, rule: object) -> None:
    key = rule.key  # type: ignore[attr-defined]
    shape = shape_of(file, key)
    assert shape.kind in {"number", "yes_no", "one_of", "several", "time"}
    if shape.kind == "number":
        assert shape.lowest < shape.highest


def test_figures_are_written_as_people_say_them() -> None:
    assert in_words(1, "working days") == "1 working day"
    assert in_words(28, "days") == "28 days"
    assert in_words(210, "months") == "210 months (17½ years)"
    assert in_words(12, "months") == "12 months"
    assert in_words(None, "working days") == "No time is set"
    assert in_words(time(12), "") == "12pm"
    assert in_words(("views", "school")) == (
        "The child’s and the parents’ or carers’ views, or why not sought; Whether the school gets its copy"
    )
    assert in_words((), "") == "None"


def test_a_figure_is_changed_in_place_and_every_explanation_stays() -> None:
    made = changed(RATINGS, SHIPPED[RATINGS], {"ratings.high.review_days": 21, "closure.flag_agencies": ("police",)})
    before, after = SHIPPED[RATINGS].splitlines(), made.splitlines()
    assert len(before) == len(after)
    assert [line for line in after if line not in before] == [
        "review_days = 21                    # The review is due this many days after the decision.",
        'flag_agencies = ["police"]  # Each removes its flags once both chairs have signed.',
    ]
    found = differences(values_of(RATINGS, SHIPPED[RATINGS]), values_of(RATINGS, made))
    assert [(each.key, each.before, each.after) for each in found] == [
        ("ratings.high.review_days", 28, 21),
        ("closure.flag_agencies", ("police", "health", "childrens-services"), ("police",)),
    ]


def test_a_figure_that_the_file_leaves_out_is_put_in_and_one_that_is_emptied_is_taken_out() -> None:
    text = SHIPPED[RATINGS].replace("missing_days = 90                   # The child went missing in this time.\n", "")
    assert text != SHIPPED[RATINGS]
    made = changed(RATINGS, text, {"plans.missing_days": 60, "ratings.medium.lead_professional_working_days": 3})
    assert values_of(RATINGS, made)["plans.missing_days"] == 60
    assert values_of(RATINGS, made)["ratings.medium.lead_professional_working_days"] == 3
    emptied = changed(RATINGS, made, {"ratings.medium.lead_professional_working_days": None})
    assert values_of(RATINGS, emptied)["ratings.medium.lead_professional_working_days"] is None


def test_a_time_of_day_and_a_trigger_are_changed_like_any_figure() -> None:
    made = changed(RMM, SHIPPED[RMM], {"cut_off.time": time(16, 30)})
    assert values_of(RMM, made)["cut_off.time"] == time(16, 30)
    made = changed(RATINGS, SHIPPED[RATINGS], {"strategy.triggers.missing_three_times.within_days": 60})
    assert values_of(RATINGS, made)["strategy.triggers.missing_three_times.within_days"] == 60


def test_a_figure_that_does_not_come_out_as_wanted_is_refused() -> None:
    # The default comes back where a figure that must be there is taken out.
    with pytest.raises(ConfigurationError, match="Change it in the folder"):
        changed(RATINGS, SHIPPED[RATINGS], {"actions.new_date_days": None})


def test_since_when_a_figure_is_so_is_found_through_the_versions() -> None:
    first, second, third = {"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 1}
    versions = [(3, third), (2, second), (1, first)]
    assert since("a", versions) == 3
    assert since("b", versions) == 1


def test_a_section_and_a_rule_are_found_by_their_names() -> None:
    assert section_of("reviews", VALUES[RATINGS]) is SECTIONS[0]
    assert section_of("nothing", VALUES[RATINGS]) is None
    assert section_of("reason-nothing", VALUES[RATINGS]) is None
    assert rule_of(RMM, "ratings.high.review_days") is None
