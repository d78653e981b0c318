"""Word files opened again: every word that stands in them."""

import io

from docx import Document


def words_of(content: bytes) -> str:
    """Give every word of a Word file, headers and footers too, as python-docx reads it, with single spaces."""
    document = Document(io.BytesIO(content))
    parts = [document.element.body]
    for section in document.sections:
        parts += [section.header._element, section.footer._element]
    pieces = []
    for part in parts:
        for element in part.iter():
            kind = element.tag.rpartition("}")[2]
            pieces.append((element.text or "") if kind == "t" else {"br": " ", "tab": " ", "p": " "}.get(kind, ""))
    return " ".join("".join(pieces).split())
