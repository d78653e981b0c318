"""Word documents opened again the way a reader would: body, headers and footers as plain text."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

TEMPLATES = Path(__file__).resolve().parents[2] / "agendas" / "word"
HEADING: dict[str, Any] = {
    "partnership": "Exampleshire Partnership",
    "marking": "OFFICIAL-SENSITIVE",
    "title": "Risk Management Meeting",
    "area": "North East",
    "version": "2",
    "reader": "Members' copy",
    "produced_at": datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
}
AWKWARD_NAMES = (
    "Testy O'McExample",
    "Zoë D\u2019Exemple-Ångström",
    "ليلى المثال",
    "王小例",
    "Testy 👩\u200d👧 McExample",
    "Zero\u200bWidth Example",
    'Test & Example <Testy> "Quoted" ]]> &amp;',
    "{{ partnership }} {_{ x }_} {% raw %} {_% %_}",
    "Combining e\u0301xample",
)


def opened(document: bytes) -> Any:
    return Document(BytesIO(document))


def paragraphs(document: bytes) -> Iterator[Paragraph]:
    """Every paragraph of the body, those in tables too, in the order they are read."""
    body = opened(document).element.body
    return (Paragraph(element, body) for element in body.iter(qn("w:p")))


def body_text(document: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in paragraphs(document))


def header_text(document: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in opened(document).sections[0].header.paragraphs)


def footer_text(document: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in opened(document).sections[0].footer.paragraphs)


def headings(document: bytes) -> list[tuple[str, str]]:
    """(style, text) of every heading."""
    return [
        (style.name or "", paragraph.text)
        for paragraph in opened(document).paragraphs
        if (style := paragraph.style) is not None and (style.name or "").startswith("Heading")
    ]


def rows(document: bytes, caption: str) -> list[list[str]]:
    """The rows of the first table with this caption, its heading row left out."""
    for table in opened(document).tables:
        described = table._tbl.tblPr.find(qn("w:tblCaption"))
        if described is not None and described.get(qn("w:val")) == caption:
            return [[cell.text for cell in row.cells] for row in table.rows][1:]
    raise AssertionError(f"no table {caption!r}")


def whole_package(document: bytes) -> str:
    """Every part of the file as text, properties included: what a search through the file would find."""
    from zipfile import ZipFile

    with ZipFile(BytesIO(document)) as package:
        return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
