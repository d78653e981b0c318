"""The agenda in Word: what its reader may see, word for word, and nothing else."""

from dataclasses import replace

import pytest

from meetings_app.documents.facts import AgendaFacts, AgendaItem, AgendaSection, Chair, NotOnAgenda
from meetings_app.documents.render import agenda_document
from tests.documents.reading import (
    AWKWARD_NAMES,
    HEADING,
    TEMPLATES,
    body_text,
    footer_text,
    header_text,
    headings,
    opened,
    rows,
    whole_package,
)

ITEM = AgendaItem(
    number="4.1",
    child="C-7Q4KD",
    name="Testy McExample",
    age=15,
    rating="High",
    reasons=("New referral received 18 November 2026.", "Added by hand: the school asked."),
    minutes=15,
    history=("Rated medium on 30 June 2026.",),
    prompts=("Is the missing-episodes plan in place?",),
)
STUB = AgendaItem(
    number="4.2",
    child="C-STUB1",
    name="Hidden Stubname",
    age=16,
    rating="Stubrating",
    reasons=("Stubreason",),
    minutes=777,
    stub=True,
    history=("Stubhistory",),
    prompts=("Stubprompt",),
)


def agenda(*items: AgendaItem, chairs_copy: bool = False) -> AgendaFacts:
    return AgendaFacts(
        **HEADING,
        reference="RMM-NE-2026-W48",
        when="Tuesday 24 November 2026, 10:00 to 12:00",
        place="Sample House",
        chairs=(Chair("Cara Example", "Children's Services"), Chair("Fay Example", "Family Services")),
        statement="What is said here is confidential.",
        conflicts="Say so before the item.",
        sections=(
            AgendaSection(number="1", title="Opening", lines=("The chairs read the statement.",)),
            AgendaSection(number="4", title="New referrals", items=items),
        ),
        minutes_needed=130,
        minutes_available=120,
        chairs_copy=chairs_copy,
        not_on_agenda=(NotOnAgenda("C-M2WPX", "Absent McExample", "Review due 12 January 2027."),),
    )


def written(facts: AgendaFacts) -> bytes:
    return agenda_document(facts, TEMPLATES / "agenda.docx")


def test_each_child_stands_in_the_table_with_every_reason() -> None:
    assert rows(written(agenda(ITEM)), "Children to consider") == [
        [
            "4.1",
            "Testy McExample\nC-7Q4KD",
            "15",
            "High",
            "New referral received 18 November 2026.\nAdded by hand: the school asked.",
            "15",
        ]
    ]


def test_a_restricted_item_is_its_number_and_nothing_of_the_child() -> None:
    for chairs_copy in (False, True):
        document = written(agenda(ITEM, STUB, chairs_copy=chairs_copy))
        assert ["4.2", "Restricted item", "", "", "", ""] in rows(document, "Children to consider")
        package = whole_package(document)
        for secret in ("C-STUB1", "Stubname", "Stubrating", "Stubreason", "777", "Stubhistory", "Stubprompt"):
            assert secret not in package


def test_history_prompts_and_who_is_absent_are_in_the_chairs_copy_alone() -> None:
    private = ("Rated medium on 30 June 2026.", "Is the missing-episodes plan in place?", "Absent McExample", "C-M2WPX")
    chairs = body_text(written(agenda(ITEM, chairs_copy=True)))
    members = whole_package(written(agenda(ITEM)))
    assert all(text in chairs for text in private)
    assert not any(text in members for text in private)


def test_a_child_without_history_gets_no_empty_notes_row() -> None:
    plain = replace(ITEM, history=(), prompts=())
    assert len(rows(written(agenda(plain, chairs_copy=True)), "Children to consider")) == 1


def test_time_that_does_not_fit_is_said() -> None:
    text = body_text(written(agenda(ITEM)))
    assert "130 minutes; the meeting has 120 minutes" in text
    assert "The agenda needs 10 minutes more than the meeting has." in text
    assert "more than the meeting has" not in body_text(written(replace(agenda(ITEM), minutes_available=130)))


def test_a_late_item_says_so() -> None:
    assert "C-7Q4KD, late item" in body_text(written(agenda(replace(ITEM, late=True))))
    assert "late item" not in body_text(written(agenda(ITEM)))


@pytest.mark.parametrize("name", AWKWARD_NAMES)
def test_a_name_is_written_as_it_is(name: str) -> None:
    assert rows(written(agenda(replace(ITEM, name=name))), "Children to consider")[0][1] == f"{name}\nC-7Q4KD"


def test_without_the_name_the_reference_stands_in_its_place() -> None:
    assert rows(written(agenda(replace(ITEM, name=None))), "Children to consider")[0][1] == "C-7Q4KD\n"


def test_opening_sections_are_headings_with_their_lines() -> None:
    document = written(agenda(ITEM))
    assert ("Heading 1", "1. Opening") in headings(document)
    assert ("Heading 1", "4. New referrals") in headings(document)
    for text in ("The chairs read the statement.", "What is said here is confidential.", "Say so before the item."):
        assert text in body_text(document)
    assert "Cara Example (Children's Services); Fay Example (Family Services)" in body_text(document)


def test_marking_reference_reader_version_and_pages_are_on_every_page() -> None:
    document = written(agenda(ITEM))
    assert "OFFICIAL-SENSITIVE" in header_text(document)
    assert "OFFICIAL-SENSITIVE" in footer_text(document)
    assert "RMM-NE-2026-W48" in header_text(document)
    assert "Members' copy · version 2" in footer_text(document)
    fields = opened(document).sections[0].footer._element.xpath(".//w:instrText")
    assert [field.text.strip() for field in fields] == ["PAGE", "NUMPAGES"]


def test_an_agenda_that_is_not_published_says_so_on_every_page() -> None:
    assert "DRAFT – not published" in header_text(written(replace(agenda(ITEM), version="draft")))
    assert "DRAFT" not in whole_package(written(agenda(ITEM)))


def test_properties_say_what_it_is_and_never_who_it_is_about() -> None:
    properties = opened(written(agenda(ITEM, chairs_copy=True))).core_properties
    assert properties.title == "Agenda RMM-NE-2026-W48"
    assert properties.author == properties.last_modified_by == "Exampleshire Partnership"
    assert properties.language == "en-GB"
    assert (properties.subject, properties.comments, properties.keywords) == ("", "", "")
    assert (properties.created.year, properties.created.month, properties.created.day) == (2026, 11, 23)
