"""Text files as councils' systems and Excel write them: comma, semicolon or tab; UTF-8, UTF-16 or Windows."""

import codecs
import csv
import io
from collections.abc import Iterator

from meetings_app.spreadsheets.tables import UnreadableSpreadsheet

_NOT_TEXT = "The file is not a spreadsheet. Save it as .xlsx or .csv and upload it again"
_QUOTE = "A quotation mark is opened and never closed. Save the file again as .csv or .xlsx and upload it again"
_SEPARATORS = (",", ";", "\t")


def text_rows(content: bytes) -> Iterator[list[str]]:
    """Give the rows of a text file, blank ones too. Raises `UnreadableSpreadsheet` for what is no text."""
    text = _decoded(content)
    separator = _separator(text)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=_is_strict(text, separator))
    except csv.Error as broken:
        raise UnreadableSpreadsheet(_QUOTE) from broken


def _is_strict(text: str, separator: str) -> bool:
    """Say whether quotation marks are used by the rules; a stray one is read as it stands."""
    try:
        for _row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            pass
    except csv.Error as broken:
        return "unexpected end" in str(broken) or "field larger" in str(broken)
    return True


def _decoded(content: bytes) -> str:
    encodings = ["utf-8-sig", "cp1252"]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in content[:200]:
        encodings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text or text.lstrip()[:5].lower() in ("%pdf-", "<html", "<!doc", "<?xml", "{\\rtf"):
            break
        return text
    raise UnreadableSpreadsheet(_NOT_TEXT)


def _separator(text: str) -> str:
    """Give the separator that the fullest of the first lines uses most."""
    lines = text[:20_000].splitlines()[:10]
    return max(_SEPARATORS, key=lambda separator: max((line.count(separator) for line in lines), default=0))
