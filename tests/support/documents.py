"""Pages and Word files as they were answered: every word that stands in them."""

import io
import re
import zipfile

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


def every_word_of(content: bytes) -> str:
    """Give every word of a page or of a Word file, with those of a file’s headers, footers and properties."""
    if content[:2] != b"PK":
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        texts = [parts.read(name).decode("utf-8", "replace") for name in parts.namelist()]
    # Names and texts may be split over runs, so they are looked for with and without the marks between.
    return "\n".join([*texts, *(re.sub(r"<[^>]+>", "", text) for text in texts)])
