"""What a person reads now of words that they typed before: less, where a conflict of interest has come between."""

from collections.abc import Callable

from flask import current_app, g
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

READ_BY = "what a person reads of what they typed themselves"
"""How the application gives it, from a session, the person and the address of the page on which they typed it."""


def read_of_page(session: Session, page: str) -> Callable[[str], str]:
    """Give what the actor reads now of what they typed themselves on a page, by its address."""
    read: Callable[[str], str] = current_app.extensions[READ_BY](session, g.actor, page)
    return read


def read_on_error(page: str) -> Callable[[str], str] | None:
    """Give the same for a page that says what went wrong; None where that cannot be asked any more.

    Nobody is kept from anybody on most of them, and then nothing is asked.
    """
    if not g.actor.kept_from:
        return str
    try:
        return read_of_page(g.session, page)
    except SQLAlchemyError:
        # What went wrong was the database: nothing is shown that it could have had to hide.
        return None
