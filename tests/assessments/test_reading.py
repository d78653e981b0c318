"""Answers that cannot be used are refused, and every problem is named at once; nothing personal is repeated."""

from typing import Any

import pytest

from meetings_app.assessments.answers import AnswersRefused
from meetings_app.assessments.reading import read_answers
from meetings_app.partnership import ToolDefinition
from tests.support.assessments import CSE1, KENT_MEDWAY, SERAF, document

DRUGS = {"code": "drugs", "when": ["current"], "evidence": "Found by a teacher."}


def problems(document: object, tool: ToolDefinition = SERAF) -> list[str]:
    with pytest.raises(AnswersRefused) as refused:
        read_answers(tool, document)
    assert refused.value.message.splitlines() == [str(problem) for problem in refused.value.problems]
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"born": "2012-02-30"}, "born: enter a date such as 2026-11-24"),
        ({"born": "20120501"}, "born: enter a date such as 2026-11-24"),
        ({"born": "2012-W18-2"}, "born: enter a date such as 2026-11-24"),
        ({"born": "1 May 2012"}, "born: enter a date such as 2026-11-24"),
        ({"born": 2012}, "born: enter a date such as 2026-11-24"),
        ({"born": None}, "born: enter a date such as 2026-11-24"),
        ({"born": "٢٠١٢-٠٥-٠١"}, "born: enter a date such as 2026-11-24"),
        ({"assessed_on": "2026-11-24T10:00:00"}, "assessed_on: enter a date such as 2026-11-24"),
        ({"assessed_on": "9999-12-31"}, "assessed_on: enter a date between 1900 and 2199"),
        ({"born": "0001-01-01"}, "born: enter a date between 1900 and 2199"),
        ({"assessed_on": "2011-04-30"}, "assessed_on: the assessment is before the birth"),
        ({"learning_disability": "no"}, "learning_disability: must be true or false"),
        ({"learning_disability": None}, "learning_disability: must be true or false"),
        ({"disability": 1}, "disability: must be true or false"),
        ({"indicators": None}, "indicators: must be a list, empty where nothing is ticked"),
        ({"indicators": {"drugs": True}}, "indicators: must be a list, empty where nothing is ticked"),
        ({"indicators": ["drugs"]}, "indicators.1: must be a JSON object"),
        ({"indicators": [DRUGS, DRUGS]}, "indicators.drugs: stands there twice"),
        ({"level": "high"}, "level: this tool finds the level itself; leave it out"),
        ({"other_factors": "Moved twice."}, "other_factors: must be a list of texts"),
        ({"other_factors": ["Moved twice.", ""]}, "other_factors.2: enter a text, or leave it out"),
        ({"headings": {"child_view": " "}}, "headings.child_view: enter a text, or leave it out"),
        ({"headings": {"mood": "Good."}}, "headings: “mood” is not a field of it"),
        ({"headings": ["child_view"]}, "headings: must be a JSON object"),
        ({"learning_disabilty": True}, "assessment: “learning_disabilty” is not a field of it"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(fields: dict[str, Any], problem: str) -> None:
    (only,) = problems(document(**fields))
    assert only.startswith(problem)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"code": "drugz"}, "1: “drugz” is not the code of an indicator of this tool"),
        ({"code": None}, "1: what stands there is not the code of an indicator of this tool"),
        ({"code": ["drugs"]}, "1: what stands there is not the code of an indicator of this tool"),
        ({"evidence": None}, "drugs.evidence: enter the reason for this indicator"),
        ({"evidence": " \n"}, "drugs.evidence: enter the reason for this indicator"),
        ({"evidence": 7}, "drugs.evidence: enter the reason for this indicator"),
        ({"evidence": "a\x07b"}, "drugs.evidence: Take out the character U+0007"),
        ({"evidence": "a\ud800"}, "drugs.evidence: Take out the character U+D800"),
        ({"when": None}, "drugs.when: must be a list of one or more of: current, recent"),
        ({"when": []}, "drugs.when: must be a list of one or more of: current, recent"),
        ({"when": "current"}, "drugs.when: must be a list of one or more of: current, recent"),
        ({"when": ["historic"]}, "drugs.when: “historic” is not one of: current, recent"),
        ({"when": [["current"]]}, "drugs.when: what stands there is not one of: current, recent"),
        ({"code": "isolated", "when": ["current", "recent"]}, "isolated.when: “recent” is not one of: current"),
        ({"colour": "red"}, "drugs: “colour” is not a field of it"),
        ({"by": "family"}, "drugs: “by” is not a field of it"),
        ({"code": "vehicles", "by": "me"}, "vehicles.by: must be one of: outside_family, family_facilitated, family"),
    ],
)
def test_what_is_wrong_with_an_indicator_is_named(changes: dict[str, Any], problem: str) -> None:
    (only,) = problems(document(indicators=[{**DRUGS, **changes}]))
    assert only.startswith(f"indicators.{problem}")


@pytest.mark.parametrize("nothing", [None, [], "seraf", 7, True])
def test_what_is_no_object_is_refused(nothing: object) -> None:
    assert problems(nothing) == ["assessment: must be a JSON object"]


def test_an_empty_document_lacks_what_every_assessment_has() -> None:
    assert [problem.partition(":")[0] for problem in problems({})] == ["born", "assessed_on", "indicators"]


def test_every_problem_is_named_at_once() -> None:
    ticks = [{"code": "nothing"}, {"code": "drugs", "when": ["never"]}, {**DRUGS, "code": "alcohol", "evidence": ""}]
    found = problems(document(born="never", assessed_on="soon", level="high", indicators=ticks))
    assert [problem.partition(":")[0] for problem in found] == [
        "born", "assessed_on", "indicators.1", "indicators.drugs.when", "indicators.drugs.evidence",
        "indicators.alcohol.evidence", "level",
    ]  # fmt: skip


def test_no_problem_repeats_what_might_be_about_a_person() -> None:
    found = problems(
        document(born="Born to Ada Lovelace", indicators=[{"code": "Ada\nLovelace", "Ada Lovelace": 1}], level="Ada L")
    )
    assert "Lovelace" not in "\n".join(found)


def test_a_level_a_tool_does_not_know_is_refused() -> None:
    assert problems(document(level="none"), CSE1) == ["level: must be one of: low, medium, high"]


def test_the_severity_of_a_high_indicator_is_one_of_three() -> None:
    tick = {"code": "high-trafficked", "when": ["third_party"], "evidence": "Told by the police.", "severity": "4"}
    assert problems(document(indicators=[tick]), KENT_MEDWAY) == [
        "indicators.high-trafficked.severity: must be one of: detrimental, multiple, urgent"
    ]


def test_text_is_cleaned_and_kept_word_for_word() -> None:
    words = "  Zoë said: “أنا بخير” 🙂\r\nand left.\t"
    answers = read_answers(
        SERAF,
        document(indicators=[{**DRUGS, "evidence": words}], headings={"child_view": words}, other_factors=[words]),
    )
    kept = "Zoë said: “أنا بخير” 🙂\nand left."
    assert (answers.ticks[0].evidence, answers.headings, answers.other_factors) == (kept, {"child_view": kept}, (kept,))


def test_a_child_is_assessed_on_the_day_of_birth_at_the_earliest() -> None:
    answers = read_answers(SERAF, document(assessed_on="2011-05-01"))
    assert answers.born == answers.assessed_on
