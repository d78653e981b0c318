"""What the page of an item tells its script: where to save, and the key for what its browser keeps unsaved."""

from typing import Any

from meetings_app.meetings.live_queries import LiveShown
from meetings_app.web.typed import typed_key, typed_mark


def live_page(address: str, rows: list[LiveShown]) -> dict[str, Any]:
    """Give what the page of the item at `address` tells its script."""
    return {
        "address": f"{address}/live", "key": typed_key(), "mark": typed_mark(),
        "after": max((row.number for row in rows), default=0),
    }  # fmt: skip
