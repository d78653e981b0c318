"""Pages for what goes wrong: in plain words, without details; the log gets types and places, never texts."""

import logging
import traceback

from flask import Flask, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from meetings_app.errors import Conflict, DomainError, NotFound

log = logging.getLogger("meetings")
_WITH_PAGE = {400, 403, 404, 409, 413, 429, 500, 503}


def install(app: Flask) -> None:
    """Answer every error with a page of its own."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, lambda _error: _page(404))
    app.register_error_handler(Conflict, lambda error: (render_template("errors/409.html", conflict=error), 409))
    app.register_error_handler(StaleDataError, lambda _error: (render_template("errors/409.html", conflict=None), 409))
    app.register_error_handler(
        DomainError, lambda error: (render_template("errors/400.html", problem=error.message), 400)
    )
    app.register_error_handler(Exception, _unexpected)


def _page(code: int) -> ResponseReturnValue:
    g.setdefault("actor", None)
    return render_template(f"errors/{code if code in _WITH_PAGE else 400}.html", problem=None, conflict=None), code


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and 300 <= error.code < 400:
        return error.get_response()
    return _page(error.code or 500)


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Log where it happened but not what it said: a database error may quote a name."""
    where = " < ".join(
        f"{frame.name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(error.__traceback__)[-4:])
    )
    log.error("unexpected %s at %s", type(error).__name__, where)
    return _page(500)
