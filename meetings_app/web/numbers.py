"""Numbers of rows, in addresses and in what a form or a link sends."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""The largest key that a row can have on PostgreSQL."""


class RowNumber(IntegerConverter):
    """The number of a row: an address with a larger one is no address, on either database."""

    def __init__(self, map: Map) -> None:  # noqa: A002 # Werkzeug's name.
        super().__init__(map, max=LARGEST)


def row_number(sent: object) -> int | None:
    """Give the number of a row that a form or a link sent, None for what no row can have: words, or too large a one."""
    text = str(sent or "")
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST))):
        return None
    number = int(text)
    return number if number <= LARGEST else None


def install(app: Flask) -> None:
    """Read every number in an address so. Called before the addresses are registered."""
    app.url_map.converters["int"] = RowNumber
