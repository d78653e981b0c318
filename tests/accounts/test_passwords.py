"""Passwords: what may be chosen, and how they are kept."""

import pytest

from meetings_app.accounts import passwords
from meetings_app.errors import RuleBroken

ABOUT = ["Testy McExample", "testy.mcexample@exampleshire.example", "Exampleshire Safeguarding Partnership"]
GOOD = "otter lamp violin harbour"


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 12 characters"),
        ("elevenchars", "at least 12 characters"),
        ("x" * 257, "256 characters or fewer"),
        ("password1234", "harder to guess"),
        ("aaaaaaaaaaaa", "harder to guess"),
        ("123456789012", "harder to guess"),
        ("qwertyuiop12", "harder to guess"),
        ("testymcexample", "harder to guess"),
        ("Exampleshire1", "harder to guess"),
        ("safeguarding1", "harder to guess"),
    ],
)
def test_a_weak_password_is_refused_in_plain_words(password: str, says: str) -> None:
    with pytest.raises(RuleBroken, match=says) as refused:
        passwords.check_choice(password, ABOUT)
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password", [GOOD, "T7#qLm2!vXz9", GOOD * 10, "отвёртка лампа скрипка", "🦦 lamp violin harbour"]
)
def test_a_strong_password_is_taken_whatever_it_is_made_of(password: str) -> None:
    passwords.check_choice(password, ABOUT)


def test_a_password_is_kept_as_an_argon2id_hash_that_only_it_matches() -> None:
    kept = passwords.hash_password(GOOD)
    assert kept.startswith("$argon2id$")
    assert GOOD not in kept
    assert passwords.matches(kept, GOOD)
    assert not passwords.matches(kept, GOOD + " ")
    assert not passwords.matches(kept, "")


def test_without_a_hash_no_password_matches() -> None:
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches("not a hash", GOOD)
