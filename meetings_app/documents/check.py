"""Trying a partnership's own Word template out, before a meeting depends on it."""

from io import BytesIO
from pathlib import Path
from typing import Any

from meetings_app.documents.environment import WordEnvironment
from meetings_app.documents.render import WordTemplateError, fill_template
from meetings_app.documents.samples import sample_facts

KINDS = (
    "agenda", "minutes", "list", "assessment", "pack", "plan", "actions", "network-agenda", "network-minutes",
    "extract",
)  # fmt: skip


def check_template(template: Path, kind: str) -> None:
    """Fill the template for `kind` (one of `KINDS`) in with sample facts, and read the result back.

    Raises `WordTemplateError`, naming the file, for a field that does not exist, a tag that cannot be read,
    a text that was printed where Word does not show it, and a template that does not carry the marking.
    """
    for facts in sample_facts(kind):
        printed: list[str] = []
        document = fill_template(facts, template, "", WordEnvironment(printed))
        shown = everything_shown(document)
        for text in printed:
            if text.strip() and _words(text) not in shown:
                raise WordTemplateError(
                    f"{template}: a field is printed where Word does not show it (sample text: {text!r})"
                )
        if _words(facts.marking) not in shown:
            raise WordTemplateError(f"{template}: the field 'marking' is not printed; every document carries it")


def _words(text: str) -> str:
    return " ".join(text.split())


def everything_shown(document: bytes) -> str:
    """Give the text of the body, the headers and the footers, its white space evened out."""
    from docx import Document
    from docx.oxml.ns import qn

    opened = Document(BytesIO(document))
    roots: list[Any] = [opened.element.body]
    for section in opened.sections:
        roots += [part._element for part in (section.header, section.footer)]
        roots += [part._element for part in (section.first_page_header, section.first_page_footer)]
        roots += [part._element for part in (section.even_page_header, section.even_page_footer)]
    shown = {qn("w:t"): None, qn("w:br"): " ", qn("w:tab"): " ", qn("w:p"): " "}
    pieces = (
        (element.text or "") if shown[element.tag] is None else shown[element.tag]
        for root in roots
        for element in root.iter(*shown)
    )
    return _words("".join(piece or "" for piece in pieces))
