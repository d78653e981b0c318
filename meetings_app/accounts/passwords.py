"""Passwords: how they are kept, checked and chosen. Each check costs the same, whether or not there is an account.

Hashing takes a fifth of a second on purpose, so it is always called outside a transaction.
"""

import re
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from meetings_app.errors import RuleBroken

SHORTEST = 12
LONGEST = 256
_GUESSABLE_BELOW = 3
_JUDGED = 72
"""How many characters are judged; the judge takes long over more, and what is strong so far stays so."""
_CONTEXT = (
    "meeting",
    "meetings",
    "safeguarding",
    "children",
    "referral",
    "council",
    "police",
    "password",
    "rmm",
    "cse",
)
_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """Give the argon2id hash of a password."""
    return _HASHER.hash(password)


@cache
def hash_of_nobody() -> str:
    """Give a hash that no password matches, checked in place of a missing account's so that both take as long."""
    return _HASHER.hash("nobody has this password")


def matches(password_hash: str | None, password: str) -> bool:
    """Say whether the password is the one that was hashed; without a hash, after the same work, it is not."""
    try:
        right = _HASHER.verify(password_hash or hash_of_nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def check_choice(password: str, about: Iterable[str]) -> None:
    """Raise `RuleBroken` for a password that is too short, too long or easily guessed.

    `about` are words that belong to the person (name, address, partnership); they make a password easier to guess.
    """
    if len(password) < SHORTEST:
        raise RuleBroken("password", f"Your password must be at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise RuleBroken("password", f"Your password must be {LONGEST} characters or fewer")
    words = [word for text in about for word in re.split(r"\W+", text.lower()) if len(word) > 2]
    if zxcvbn(password[:_JUDGED], user_inputs=[*words, *_CONTEXT])["score"] < _GUESSABLE_BELOW:
        raise RuleBroken("password", "Choose a password that is harder to guess: three random words work well")
