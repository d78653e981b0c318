"""What the page of an item tells its script: where to save, and the key for what its browser keeps unsaved."""

import hashlib
import hmac
from typing import Any

from flask import current_app

from meetings_app.meetings.live_queries import LiveShown
from meetings_app.web.context import actor


def live_key() -> str:
    """Give the key with which the person's browser keeps what is not saved yet; another person gets another one."""
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, f"typed by {actor().account_id}".encode(), hashlib.sha256).hexdigest()


def account_mark() -> str:
    """Give a mark of the person, by which the script sees that somebody else has signed in meanwhile."""
    return hashlib.sha256(live_key().encode()).hexdigest()[:12]


def live_page(address: str, rows: list[LiveShown]) -> dict[str, Any]:
    """Give what the page of the item at `address` tells its script."""
    return {
        "address": f"{address}/live", "key": live_key(), "mark": account_mark(),
        "after": max((row.number for row in rows), default=0),
    }  # fmt: skip
