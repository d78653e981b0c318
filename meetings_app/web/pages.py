"""Pages for what goes wrong: in plain words, without details; the log gets types and places, never texts.

What a person had typed stands on the page that refuses it, for that person alone, or is kept for them to read.
"""

import logging
import traceback
from http import HTTPStatus

from flask import Flask, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from meetings_app.errors import Conflict, DomainError, NotFound
from meetings_app.web.read_now import read_on_error
from meetings_app.web.unsent import page_above, page_of_form
from meetings_app.web.words_sent import entered, kept_for_later

log = logging.getLogger("meetings")
_WITH_PAGE = {400, 403, 404, 409, 413, 429, 500, 503}
_WITH_WORDS, _WITHOUT = {400, 409}, {403, 404, 500}
"""What refuses a form shows what was typed; what went wrong otherwise shows nothing of anybody, and it is kept.

A form that is too large cannot be read; one that was sent too often is one to sign in.
"""


def install(app: Flask) -> None:
    """Answer every error with a page of its own."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, lambda _error: _page(404))
    app.register_error_handler(Conflict, lambda error: _page(409, conflict=error))
    app.register_error_handler(StaleDataError, lambda _error: _page(409))
    app.register_error_handler(DomainError, lambda error: _page(400, problem=error.message))
    app.register_error_handler(Exception, _unexpected)


def _page(code: int, *, problem: str | None = None, conflict: Conflict | None = None) -> ResponseReturnValue:
    g.setdefault("actor", None)
    posted = request.method == "POST"
    typed = entered() if posted and code in _WITH_WORDS else []
    kept = kept_for_later() if posted and code in _WITHOUT else ""
    if conflict is not None:
        conflict = _as_read(conflict)
    # Two texts beside each other hold one of them already.
    shown = [one for one in typed if conflict is None or one.text.split() != conflict.ours.split()]
    page = render_template(
        f"errors/{code if code in _WITH_PAGE else 400}.html", problem=problem, conflict=conflict, typed=shown,
        kept=kept, form_page=page_of_form() if typed else "",
    )  # fmt: skip
    return page, code


def _as_read(conflict: Conflict) -> Conflict:
    """Give both texts of a conflict as the person reads them now."""
    read = read_on_error(page_of_form()) if g.actor is not None else None
    ours, theirs = (read(text) if read else "" for text in (conflict.ours, conflict.theirs))
    return Conflict(conflict.message, field=conflict.field, ours=ours, theirs=theirs)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and 300 <= error.code < 400:
        return error.get_response()
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
        # A refused form leaves its own address behind; whoever opens that anew wants the page of the form.
        return redirect(page_above())
    return _page(error.code or 500)


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Log where it happened but not what it said: a database error may quote a name."""
    where = " < ".join(
        f"{frame.name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(error.__traceback__)[-4:])
    )
    log.error("unexpected %s at %s", type(error).__name__, where)
    return _page(500)
