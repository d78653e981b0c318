"""The key for what a person’s browser keeps of what is typed and not saved yet."""

import hashlib
import hmac

from flask import current_app

from meetings_app.web.context import actor


def typed_key() -> str:
    """Give the key with which the person's browser keeps what is not saved yet; another person gets another one."""
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, f"typed by {actor().account_id}".encode(), hashlib.sha256).hexdigest()


def typed_mark() -> str:
    """Give a mark of the person, by which a script sees whose it is, and that somebody else has signed in meanwhile."""
    return hashlib.sha256(typed_key().encode()).hexdigest()[:12]


def is_kept_apart() -> bool:
    """Say whether the person is kept from anybody: what their browser kept is then read by the service first."""
    return bool(actor().kept_from)
