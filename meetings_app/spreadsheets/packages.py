"""Excel workbooks are zip files of XML, opened with limits: a small file must not ask for all memory.

The reader of cells lays a sheet out whole, from A1 to its last cell, and copies a shared text for every
cell that shows it. So both are measured before it sees the file, and it sees a copy made of the parts that
were measured.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from xml.parsers import expat

from meetings_app.spreadsheets.tables import UnreadableSpreadsheet

UNPACKED_BYTES = 60 * 1024 * 1024
MEMBERS = 1_000
SHEETS = 50
ROWS = 50_000
COLUMNS = 100
SHARED_TEXT = 200_000_000

_BROKEN = "The file is damaged. Open it in Excel, save it again as .xlsx and upload it again"
_TOO_LARGE = "The file is too large. Take out sheets, pictures and rows that are not part of the list"
_TOO_MANY_CELLS = f"The sheet has more than {ROWS:,} rows or {COLUMNS} columns. Take out what is not part of the list"
_NOT_EXCEL = "The file is not an Excel workbook. Save it as .xlsx or .csv and upload it again"
_OUTSIDE = "The file refers to things outside itself. Save it again in Excel as .xlsx and upload it again"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_CELL = rb'(?:[A-Z]|[A-B][A-Z]|C[A-V])(?:[1-9][0-9]{0,3}|[1-4][0-9]{4}|50000)"'
_ROW = rb'(?:[1-9][0-9]{0,3}|[1-4][0-9]{4}|50000)"'
_UNUSUAL = re.compile(
    rb'<c(?=[\s/>])(?! r="' + _CELL + rb')|<row(?! r="' + _ROW + rb')|:c(?=[\s/>])|:row|<c r="[A-Z0-9]+"[^>]*\sr\s*='
)


def safe_copy(content: bytes) -> bytes:
    """Give a workbook with the XML parts of `content` alone, each within the limits of this module.

    Raises `UnreadableSpreadsheet` for what is no workbook, is damaged, is too large or declares entities.
    """
    parts = _parts(content)
    if "xl/workbook.xml" not in parts:
        raise UnreadableSpreadsheet(_NOT_EXCEL)
    for part in parts.values():
        if any(b"<!DOCTYPE" in text for text in (part[:4096], part[:8192].replace(b"\0", b""))):
            raise UnreadableSpreadsheet(_OUTSIDE)
    sheets = [name for name in parts if _SHEET.fullmatch(name)]
    if len(sheets) > SHEETS:
        raise UnreadableSpreadsheet(_TOO_LARGE)
    lengths = _shared_lengths(parts)
    for name in sheets:
        _check_sheet(parts[name], lengths)
    return _packed(parts)


def unpacked_size(content: bytes) -> int:
    """Give the bytes that the whole package says it unpacks to."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return sum(member.file_size for member in package.infolist())


def _parts(content: bytes) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            if len(members) > MEMBERS or sum(member.file_size for member in members) > UNPACKED_BYTES:
                raise UnreadableSpreadsheet(_TOO_LARGE)
            for member in members:
                unusual = member.flag_bits & 0x1 or member.compress_type not in (
                    zipfile.ZIP_STORED,
                    zipfile.ZIP_DEFLATED,
                )
                if unusual or member.filename in parts:
                    raise UnreadableSpreadsheet(_BROKEN)
                if member.filename.lower().endswith((".xml", ".rels")):
                    parts[member.filename] = package.read(member)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as broken:
        raise UnreadableSpreadsheet(_BROKEN) from broken
    return parts


def _packed(parts: Mapping[str, bytes]) -> bytes:
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part)
    return copy.getvalue()


def _check_sheet(part: bytes, lengths: list[int]) -> None:
    """Measure one sheet: by one search where it is written the usual way, else element by element."""
    declaration = part[:200].lower()
    usual = part.lstrip()[:1] == b"<" and (b"encoding" not in declaration or b"utf-8" in declaration)
    shared = max(lengths, default=0) * part.count(b"<c ")
    if not usual or shared > SHARED_TEXT or _UNUSUAL.search(part):
        _Measure(lengths).read(part)


def _shared_lengths(parts: Mapping[str, bytes]) -> list[int]:
    """Give the length of every shared text in characters, in its order."""
    lengths: list[int] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            lengths.append(0)

    def characters(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    for name, part in parts.items():
        if name.lower() == "xl/sharedstrings.xml":
            parser = expat.ParserCreate()
            parser.StartElementHandler = start
            parser.CharacterDataHandler = characters
            _parse(parser, part)
    return lengths


def _parse(parser: expat.XMLParserType, part: bytes) -> None:
    parser.buffer_text = True
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, LookupError, ValueError) as broken:
        raise UnreadableSpreadsheet(_BROKEN) from broken


class _Measure:
    """Counts rows, columns and the characters that shared texts would take, and refuses at the limit."""

    def __init__(self, lengths: list[int]) -> None:
        self._lengths = lengths
        self._row = 0
        self._column = 0
        self._shared = 0
        self._is_shared = False
        self._value: list[str] | None = None

    def read(self, part: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        _parse(parser, part)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(":")[2]
        if element == "row":
            given = attributes.get("r", "")
            self._row = int(given[:10]) if given.isdecimal() else self._row + 1
            self._column = 0
        elif element == "c":
            self._place(attributes.get("r", ""))
            self._is_shared = attributes.get("t") == "s"
        elif element == "v":
            self._value = []
        if self._row > ROWS or self._column > COLUMNS:
            raise UnreadableSpreadsheet(_TOO_MANY_CELLS)

    def _place(self, reference: str) -> None:
        letters = reference.rstrip("0123456789")
        if not letters:
            self._column += 1
            return
        if not re.fullmatch(r"[A-Za-z]{1,3}[0-9]{1,7}", reference):
            raise UnreadableSpreadsheet(_BROKEN)
        self._column = 0
        for letter in letters.upper():
            self._column = self._column * 26 + ord(letter) - 64
        self._row = int(reference[len(letters) :])

    def _characters(self, text: str) -> None:
        if self._value is not None and len(self._value) < 10:
            self._value.append(text)

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] != "v" or self._value is None:
            return
        index = "".join(self._value).strip()
        self._value = None
        if self._is_shared and index.isdecimal() and len(index) < 9 and int(index) < len(self._lengths):
            self._shared += self._lengths[int(index)]
            if self._shared > SHARED_TEXT:
                raise UnreadableSpreadsheet(_TOO_LARGE)
