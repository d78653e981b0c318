"""What a person entered in a form whose answer is an error page: it stands there with its labels, to be copied.

Pages are never stored and forms never filled in by a browser, so going back shows an empty form.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import current_app, g, has_request_context
from sqlalchemy.exc import SQLAlchemyError

from meetings_app.db.session import writing
from meetings_app.web import unsent
from meetings_app.web.context import now
from meetings_app.web.read_now import read_on_error

_FORMS = "forms_of_this_request"
_ONCE_ONLY = frozenset({"code"})
"""A code of the second step is worth as little as a password to whoever copies it."""
_BUTTONS = frozenset({"add", "go", "how", "instead", "members", "more", "remove", "search", "step"})


class Entered(NamedTuple):
    """What was entered in one field; without a label where nobody can say what the field is called."""

    label: str
    text: str


def remember(form: Any) -> None:
    """Remember a form that the request made, for its labels."""
    if has_request_context():
        g.setdefault(_FORMS, []).append(form)


def entered() -> list[Entered]:
    """Give what was entered in the form that was sent, where whoever sent it had its page open; else nothing.

    A password, a code, a file and what a form has of itself are never among it, nor what names somebody from whom a
    conflict of interest keeps the person by now.
    """
    if not _had_its_page_open():
        return []
    read = read_on_error(unsent.page_of_form())
    return [] if read is None else [Entered(one.label, read(one.text)) for one in labelled(unsent.sent_words())]


def kept_for_later() -> str:
    """Keep the form that was sent and ended in an error, for its writer to read; gives its reference, or "".

    It is not shown on the page that says so: what went wrong may be anything, and such a page holds nothing of anybody.
    What a script sends every few seconds it keeps itself; kept here, it would take the place of forms that people sent.
    """
    if not _had_its_page_open() or unsent.is_sent_by_script():
        return ""
    try:
        with writing(current_app.extensions["meetings"].sessions, g.actor) as session:
            kept = unsent.keep(session, g.actor.account_id, now())
    except SQLAlchemyError:
        # What went wrong was the database itself.
        return ""
    return kept.reference if kept is not None else ""


def _had_its_page_open() -> bool:
    """Whether the token was taken that says that the page with the form was made for this very sign-in."""
    return g.get("actor") is not None and g.get("csrf_valid", False)


def labelled(fields: list[tuple[str, str]]) -> list[Entered]:
    """Give fields as people read them: by their labels where a form of this request has them, else by their names."""
    known = {field.name: field for form in g.get(_FORMS, ()) for field in _fields(form)}
    said: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for name, text in fields:
        if unsent.is_ours(name) or name in _ONCE_ONLY or not any(letter.isalnum() for letter in text):
            continue
        field = known.get(name)
        if name not in _BUTTONS if field is None else _is_entered(field):
            labels[name] = str(field.label.text) if field is not None else _of_name(name)
            said.setdefault(name, []).append(text if field is None else _as_read(field, text))
    return [Entered(labels[name], ", ".join(texts)) for name, texts in said.items()]


def _fields(form: Any) -> Iterator[Any]:
    """Give every field of a form that holds one value, also those of the fields that it is made of."""
    for field in form:
        parts = getattr(field, "entries", None) or getattr(field, "form", None)
        if parts is None:
            yield field
        else:
            yield from _fields(parts)


def _kind(field: Any) -> str:
    return str(getattr(field.widget, "input_type", ""))


def _is_entered(field: Any) -> bool:
    return _kind(field) not in ("hidden", "password", "submit")


def _as_read(field: Any, text: str) -> str:
    """Give what was chosen in the words of the choice; what was typed stays as it is."""
    if hasattr(field, "iter_choices"):
        return next((str(label) for value, label, *_more in field.iter_choices() if str(value) == text), text)
    return "Yes" if _kind(field) == "checkbox" else text


def _of_name(name: str) -> str:
    return " ".join(part for part in re.split(r"[-_]", name) if part.isalpha()).capitalize()
