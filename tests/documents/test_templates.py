"""The shipped templates are accessible, and a partnership's own is tried out before a meeting depends on it."""

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn

from meetings_app.documents.check import KINDS, check_template
from meetings_app.documents.environment import word_environment
from meetings_app.documents.render import WordTemplateError, agenda_document, fill_template, minutes_document
from meetings_app.documents.samples import sample_facts
from tests.documents.reading import TEMPLATES, opened
from tests.documents.test_agenda import ITEM, agenda
from tests.documents.test_agenda import STUB as AGENDA_STUB
from tests.documents.test_minutes import CHILD, minutes_facts

ROOT = TEMPLATES.parents[1]


def filled(kind: str) -> Any:
    return opened(fill_template(sample_facts(kind)[0], TEMPLATES / f"{kind}.docx", "Sample", word_environment()))


def own_template(folder: Path, *paragraphs: str, header: str = "{{ marking }}") -> Path:
    """A template as a coordinator might make one in Word."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = header
    for text in paragraphs:
        document.add_paragraph(text)
    path = folder / "own.docx"
    document.save(str(path))
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_templates_pass_their_own_check(kind: str) -> None:
    check_template(TEMPLATES / f"{kind}.docx", kind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_templates_are_what_their_script_makes(kind: str, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "scripts.word_templates", str(tmp_path)], cwd=ROOT, check=True)
    with ZipFile(TEMPLATES / f"{kind}.docx") as shipped, ZipFile(tmp_path / f"{kind}.docx") as made:
        assert shipped.namelist() == made.namelist()
        for part in shipped.namelist():
            assert shipped.read(part) == made.read(part), part


@pytest.mark.parametrize("kind", KINDS)
def test_every_table_repeats_its_headings_keeps_rows_whole_and_has_a_title(kind: str) -> None:
    tables = filled(kind).tables
    assert tables
    for table in tables:
        first, *others = table._tbl.tr_lst
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert all(other.trPr.find(qn("w:tblHeader")) is None for other in others)
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in [first, *others])
        for name in ("w:tblCaption", "w:tblDescription"):
            assert table._tbl.tblPr.find(qn(name)).get(qn("w:val"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_ends_with_a_paragraph_or_word_calls_the_file_broken(kind: str) -> None:
    for cell in filled(kind).element.body.iter(qn("w:tc")):
        assert cell[-1].tag == qn("w:p")


@pytest.mark.parametrize("kind", KINDS)
def test_the_language_is_british_english_and_the_page_a4_in_arial(kind: str) -> None:
    document = filled(kind)
    language = document.styles.element.find(qn("w:docDefaults")).find(f".//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "en-GB"
    section = document.sections[0]
    assert sorted(round(side.cm, 1) for side in (section.page_width, section.page_height)) == [21.0, 29.7]
    assert document.styles["Normal"].font.name == "Arial"
    assert document.styles["Normal"].font.size.pt == 11


@pytest.mark.parametrize("kind", ["agenda", "minutes"])
def test_headings_never_skip_a_level(kind: str) -> None:
    levels = [
        int(paragraph.style.name[-1])
        for paragraph in filled(kind).paragraphs
        if paragraph.style.name.startswith("Heading")
    ]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{ titel }}", "unknown field 'titel'"),
        ("{% for section in sections %}{{ section.titel }}{% endfor %}", "unknown field 'titel'"),
        ("{% for section in sections %}{{ section.title }}", "a tag cannot be read"),
        ("{{ title|nosuchfilter }}", "a tag cannot be read"),
        ("{{ statement|safe }}", "a tag cannot be read"),
        ("{{ title.__class__.__mro__ }}", "a tag does what templates may not do"),
        ("{{ minutes_needed / 0 }}", "a tag cannot be worked out"),
        ("Title: {{r title }}", "printed where Word does not show it"),
        ("{{p statement }}", "printed where Word does not show it"),
    ],
)
def test_a_template_that_would_fail_or_lose_text_is_refused_by_name(text: str, problem: str, tmp_path: Path) -> None:
    path = own_template(tmp_path, text)
    with pytest.raises(WordTemplateError, match=problem) as refused:
        check_template(path, "agenda")
    assert str(path) in refused.value.message
    assert "\n" not in refused.value.message


def test_a_template_without_the_marking_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WordTemplateError, match="'marking' is not printed"):
        check_template(own_template(tmp_path, "{{ title }}", header="Our own header"), "agenda")


def test_a_partnerships_own_template_is_used(tmp_path: Path) -> None:
    path = own_template(tmp_path, "{{ title }} in {{ area }}", "{%p for section in sections %}", "{{ section.title }}")
    with pytest.raises(WordTemplateError):
        check_template(path, "agenda")
    path = own_template(tmp_path, "{{ title|upper }} in {{ area }}, {{ reference }}")
    check_template(path, "agenda")
    text = [paragraph.text for paragraph in opened(agenda_document(agenda(ITEM), path)).paragraphs]
    assert text == ["RISK MANAGEMENT MEETING in North East, RMM-NE-2026-W48"]


def test_a_template_saved_again_in_word_counts_for_the_next_document(tmp_path: Path) -> None:
    for words in ("Before", "After"):
        path = own_template(tmp_path, f"{words} {{{{ title }}}}", header=f"{words} {{{{ marking }}}}")
        document = opened(agenda_document(agenda(ITEM), path))
        assert document.paragraphs[0].text == f"{words} Risk Management Meeting"
        assert document.sections[0].header.paragraphs[0].text.startswith(words)


def test_a_template_cannot_reach_what_the_reader_may_not_see(tmp_path: Path) -> None:
    path = own_template(tmp_path, "{{ not_on_agenda }} {{ sections }}")
    text = opened(agenda_document(agenda(ITEM, AGENDA_STUB), path)).paragraphs[0].text
    assert "Testy McExample" in text
    assert not any(hidden in text for hidden in ("Absent McExample", "missing-episodes", "C-STUB1", "Stub"))
    path = own_template(tmp_path, "{{ children }}")
    facts = minutes_facts(CHILD, replace(CHILD, number="4.9", child="C-STUB1", stub=True))
    text = opened(minutes_document(facts, path)).paragraphs[0].text
    assert text.count("Testy O'McExample") == text.count("First line.") == 1
    assert "C-STUB1" not in text


def test_what_an_old_template_says_of_itself_does_not_travel(tmp_path: Path) -> None:
    path = own_template(tmp_path, "{{ title }}")
    template = Document(str(path))
    for name in ("title", "author", "subject", "comments", "keywords", "category", "last_modified_by", "identifier"):
        setattr(template.core_properties, name, "Leftover")
    template.save(str(path))
    properties = opened(agenda_document(agenda(ITEM), path)).core_properties
    assert "Leftover" not in {getattr(properties, name) for name in dir(properties) if not name.startswith("_")}


def test_a_tag_that_tears_a_table_apart_is_refused_rather_than_mended(tmp_path: Path) -> None:
    path = own_template(tmp_path)
    template = Document(str(path))
    template.add_table(rows=1, cols=1).cell(0, 0).text = "{% if conflicts %}{{ conflicts }}"
    template.add_paragraph("{% endif %}{{ title }}")
    template.save(str(path))
    with pytest.raises(WordTemplateError, match="a tag stands where Word cannot hold it"):
        check_template(path, "agenda")


def test_a_missing_template_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(WordTemplateError, match=r"gone\.docx is missing: put it back"):
        agenda_document(agenda(ITEM), tmp_path / "gone.docx")


@pytest.mark.parametrize("content", [b"", b"not a document", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_word_document_is_one_clear_line(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "own.docx"
    path.write_bytes(content)
    with pytest.raises(WordTemplateError, match="is not a Word document"):
        agenda_document(agenda(ITEM), path)


def test_a_broken_template_is_refused_without_a_word_of_what_it_was_filled_in_with(tmp_path: Path) -> None:
    path = own_template(tmp_path, "{% for section in sections %}{{ section.items[0].nickname }}{% endfor %}")
    with pytest.raises(WordTemplateError) as refused:
        agenda_document(agenda(ITEM), path)
    assert "McExample" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_documents_know_no_page_and_no_database_and_leave_word_until_it_is_needed() -> None:
    code = (
        "import sys, meetings_app.documents.render, meetings_app.documents.check;"
        "print([name for name in ('flask', 'sqlalchemy', 'sqlmodel', 'docx', 'docxtpl') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"
