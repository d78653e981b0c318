"""What an account may be called, and what a person may choose as a password. Pure."""

import re

from meetings_app.errors import RuleBroken
from meetings_app.text import UnreadableText, clean_text

LONGEST_EMAIL = 254
LONGEST_NAME = 200
_EMAIL = re.compile(r"[^@\s<>(),;:\\\"\[\]]+@[^@\s<>(),;:\\\"\[\]]+\.[^@\s<>(),;:\\\"\[\].]+")


def clean_email(text: str) -> str:
    """Give an email address in the one form in which it is stored. Raises `RuleBroken` for anything else."""
    email = text.strip().lower()
    if len(email) > LONGEST_EMAIL or not email.isascii() or not _EMAIL.fullmatch(email):
        raise RuleBroken("email", "Enter an email address in the correct format, like name@example.org")
    return email


def clean_name(text: str) -> str:
    """Give a person's name on one line. Raises `RuleBroken` when there is none or it cannot be kept."""
    try:
        name = " ".join(clean_text(text).split())
    except UnreadableText as error:
        raise RuleBroken("name", str(error)) from None
    if not name:
        raise RuleBroken("name", "Enter the person’s full name")
    if len(name) > LONGEST_NAME:
        raise RuleBroken("name", f"The name must be {LONGEST_NAME} characters or fewer")
    return name
