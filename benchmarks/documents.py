"""Figure 6: the minutes as a Word document, against python-docx by hand and against bare docxtpl."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from functools import cache
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.shared import Cm
from docxtpl import DocxTemplate
from jinja2 import Environment

from benchmarks.harness import Result, compare, figure
from meetings_app.documents.environment import word_environment
from meetings_app.documents.facts import MinutesFacts
from meetings_app.documents.render import minutes_document
from meetings_app.documents.samples import sample_facts
from meetings_app.resources import folder

_TEMPLATE = folder("agendas") / "word" / "minutes.docx"


@figure(6)
def minutes() -> Iterator[Result]:
    """The same facts each time: 40 children with discussion, decision and two actions each."""
    ours = _ours(40)
    yield compare(
        "minutes of 40 children: python-docx with add_row / ours", _by_hand(40), ours, limit=5, at_least=True, rounds=5
    )
    yield compare("minutes of 40 children: ours / bare docxtpl", ours, _bare(40), limit=1.3, rounds=5)
    ten_times = [_ours(40)] * 10

    def ten_small() -> None:
        for small in ten_times:
            small()

    yield compare("minutes, per child: 400 children / 40", _ours(400), ten_small, limit=1.3, rounds=5)


@cache
def _facts(children: int) -> MinutesFacts:
    full = sample_facts("minutes")[0]
    assert isinstance(full, MinutesFacts)
    child = full.children[0]
    return replace(
        full,
        children=tuple(
            replace(child, number=f"4.{place}", child=f"C-{place}", actions=child.actions * 2, closure=None)
            for place in range(children)
        ),
        actions_by_agency=tuple(replace(one, actions=one.actions * 2 * children) for one in full.actions_by_agency),
    )


def _ours(children: int) -> Callable[[], object]:
    return lambda: minutes_document(_facts(children), _TEMPLATE)


def _bare(children: int) -> Callable[[], object]:
    """Fill the same template in with docxtpl alone: no checks, no properties, nothing held back."""
    facts = _facts(children)
    context = {field.name: getattr(facts, field.name) for field in fields(facts)}
    environment = Environment(autoescape=True)
    environment.filters.update(word_environment().filters)

    def fill() -> bytes:
        word = DocxTemplate(str(_TEMPLATE))
        word.render(context, environment, autoescape=True)
        written = BytesIO()
        word.save(written)
        return written.getvalue()

    return fill


def _by_hand(children: int) -> Callable[[], object]:
    """Write the same tables with python-docx as its manual shows: a row at a time, each cell with text and
    width, headings repeated and no row split over two pages, as ours."""
    facts = _facts(children)

    def write() -> bytes:
        document = Document()
        document.add_heading(facts.title, 1)
        _rows(document, [("Agency", "Name", "Attendance"), *((a.agency, a.name, a.how) for a in facts.attendance)])
        for child in facts.children:
            document.add_heading(f"{child.number} {child.name}", 2)
            for text in (*child.reasons, *child.attendance_notes, child.discussion or "", child.rationale or ""):
                document.add_paragraph(text)
            _rows(
                document,
                [
                    ("Agency", "Information", "View"),
                    *((i.agency, i.text, "disagrees" if i.dissents else "") for i in child.information),
                ],
            )
            decided = child.decision
            assert decided is not None
            _rows(
                document,
                [
                    (name, str(getattr(decided, name)))
                    for name in (
                        "rating", "was", "exploitation_status", "lead_agency", "lead_professional", "next_review",
                        "next_meeting",
                    )
                ]
                + [(line.label, line.text) for line in decided.further],
            )  # fmt: skip
            _rows(document, [_ACTION, *(_action(action) for action in child.actions)])
        for agency in facts.actions_by_agency:
            document.add_heading(agency.agency, 2)
            _rows(document, [_ACTION, *(_action(action) for action in agency.actions)])
        _rows(document, [("Child", "Change"), *((change.child, change.change) for change in facts.list_changes)])
        written = BytesIO()
        document.save(written)
        return written.getvalue()

    return write


_ACTION = ("Reference", "Child", "Action", "Agency", "Person", "Date")


def _action(action: Any) -> tuple[str, ...]:
    return (action.reference, action.child, action.action, action.agency, action.person, str(action.due))


def _rows(document: Any, rows: Sequence[tuple[str, ...]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]))
    for place, row in enumerate(rows):
        added = table.add_row()
        properties = added._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if place == 0:
            properties.append(OxmlElement("w:tblHeader"))
        cells = added.cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
            cell.width = Cm(16 / len(row))
