"""An assessment in Word: every word of it, and on every page what it is, how it is marked and who made the copy."""

from dataclasses import fields, replace

import pytest

from meetings_app.documents.assessment_facts import AssessmentFacts, AssessmentTier
from meetings_app.documents.render import assessment_document
from meetings_app.documents.sample_assessments import bare_assessment, sample_assessment
from tests.documents.reading import AWKWARD_NAMES, TEMPLATES, body_text, footer_text, header_text, opened, rows

FACTS = sample_assessment()


def written(facts: AssessmentFacts) -> bytes:
    return assessment_document(facts, TEMPLATES / "assessment.docx")


def test_what_it_is_stands_on_every_page() -> None:
    document = written(replace(FACTS, marking="OFFICIAL-SENSITIVE", reader="Copy made by Testy, 23 November 2026"))
    for part in (header_text(document), footer_text(document)):
        assert "OFFICIAL-SENSITIVE" in part
    assert "S-SAMP1 · Sample tool, version Sample version" in header_text(document)
    assert "Sample unofficial note." in header_text(document)
    assert "Copy made by Testy, 23 November 2026\tPage 1 of 1" in footer_text(document)
    instructions = [field.text for field in opened(document).sections[0].footer._element.iter() if "instr" in field.tag]
    assert [text.strip() for text in instructions] == ["PAGE", "NUMPAGES"]


def test_a_tool_of_the_owner_says_nothing_of_unofficial() -> None:
    assert "nofficial" not in header_text(written(replace(FACTS, unofficial="")))


def test_each_tick_stands_with_its_times_its_reason_and_its_points() -> None:
    whole, bare = rows(written(FACTS), "Ticked indicators")
    assert whole == [
        "Sample indicator", "Sample time one\nSample time two",
        "Sample evidence.\nSource: Sample source\nSample question? Sample choice", "6",
    ]  # fmt: skip
    assert bare[2:] == ["Why.\nSource: not given", ""]


def test_what_is_missing_is_said() -> None:
    text = body_text(written(replace(bare_assessment(), tiers=(AssessmentTier("Sample tier", ()),))))
    for said in ("Nothing is ticked here.", "None were written down.", "Nothing was decided when this copy was made."):
        assert said in text
    assert "Not answered when this copy was made." in body_text(written(FACTS))
    assert "C-SAMP1" not in text


@pytest.mark.parametrize("name", AWKWARD_NAMES)
def test_awkward_words_read_back_as_they_are(name: str) -> None:
    ticks = tuple(replace(tick, evidence=name, source=name) for tick in FACTS.tiers[0].ticks)
    texts = tuple(replace(line, text=name) for line in FACTS.texts)
    facts = replace(FACTS, name=name, tiers=(AssessmentTier("Tier", ticks),), texts=texts, other_factors=(name,))
    document = written(facts)
    assert body_text(document).split("\n").count(name) == 2 + 2 + 1
    assert f"{name} (C-SAMP1)" in body_text(document)


def test_every_field_is_filled_in_by_the_sample() -> None:
    assert all(getattr(FACTS, field.name) for field in fields(FACTS))
