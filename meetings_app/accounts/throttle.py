"""How often somebody may guess: counted in the database before the guess is looked at.

A guess counts for its address, for the account, and for both together. A browser in which the account's owner has
signed in before has a bucket of its own, so that a stranger who uses up the account's guesses does not lock out
the owner. What is stored are keyed digests, never an address. The limits are our default.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import SignInThrottle

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_AND_ADDRESS = 5
PER_ACCOUNT = 10
PER_ADDRESS = 60
PER_KNOWN_BROWSER = 10
_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Guess:
    """One guess: what for (`password` or `code`), which account it names, from where, and the browser if known."""

    purpose: str
    account: str
    address: str
    known_browser: str | None = None

    def buckets(self, key: str) -> dict[str, int]:
        """Give the buckets this guess counts in, each with its limit; names are digests made with `key`."""
        own = self.own_buckets(key)
        return own if self.known_browser is not None else {**own, self.address_bucket(key): PER_ADDRESS}

    def own_buckets(self, key: str) -> dict[str, int]:
        """Give the buckets that belong to the account alone."""
        if self.known_browser is not None:
            named = {f"browser|{self.account}|{self.known_browser}": PER_KNOWN_BROWSER}
        else:
            named = {
                f"both|{self.account}|{self.address}": PER_ACCOUNT_AND_ADDRESS,
                f"account|{self.account}": PER_ACCOUNT,
            }
        return {_digest(key, f"{self.purpose}|{name}"): limit for name, limit in named.items()}

    def address_bucket(self, key: str) -> str:
        """Give the bucket of the address, which a whole office may share."""
        return _digest(key, f"{self.purpose}|address|{self.address}")


def count(session: Session, guess: Guess, key: str, now: datetime) -> bool:
    """Count a guess; say whether it may be tried. Commit before it is tried, so that it counts whatever happens."""
    allowed = True
    for bucket, limit in sorted(guess.buckets(key).items()):
        allowed = _count_in(session, bucket, now) <= limit and allowed
    return allowed


def forget(session: Session, guess: Guess, key: str) -> None:
    """Start the account's buckets again after a right guess, and take that guess back from its address.

    The address keeps its wrong guesses, so that an account of one's own does not buy more of them.
    """
    bucket = col(SignInThrottle.bucket)
    _run(session, sa.delete(SignInThrottle).where(bucket.in_(sorted(guess.own_buckets(key)))))
    if guess.known_browser is None:
        fewer = sa.update(SignInThrottle).values(guesses=col(SignInThrottle.guesses) - 1)
        _run(session, fewer.where(bucket == guess.address_bucket(key)))


def prune(session: Session, now: datetime) -> None:
    """Drop the buckets that nobody has used for a day."""
    _run(session, sa.delete(SignInThrottle).where(col(SignInThrottle.window_started_at) < now - _KEPT))


def _run(session: Session, statement: sa.Update | sa.Delete) -> None:
    session.execute(statement.execution_options(synchronize_session=False))


def _count_in(session: Session, bucket: str, now: datetime) -> int:
    """Add one to a bucket in one statement, beginning again where its window is over; give the new count."""
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    over = col(SignInThrottle.window_started_at) <= now - WINDOW
    statement = insert(SignInThrottle).values(bucket=bucket, window_started_at=now, guesses=1)
    statement = statement.on_conflict_do_update(
        index_elements=["bucket"],
        set_={
            "guesses": sa.case((over, 1), else_=col(SignInThrottle.guesses) + 1),
            "window_started_at": sa.case((over, now), else_=col(SignInThrottle.window_started_at)),
        },
    ).returning(col(SignInThrottle.guesses))
    return int(session.scalars(statement).one())


def _digest(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
