"""Numbers in addresses."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""The largest key that a row can have on PostgreSQL."""


class RowNumber(IntegerConverter):
    """The number of a row: an address with a larger one is no address, on either database."""

    def __init__(self, map: Map) -> None:  # noqa: A002 # Werkzeug's name.
        super().__init__(map, max=LARGEST)


def install(app: Flask) -> None:
    """Read every number in an address so. Called before the addresses are registered."""
    app.url_map.converters["int"] = RowNumber
