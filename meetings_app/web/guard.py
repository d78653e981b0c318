"""Deny by default: every view declares who may open it, and runs in one transaction, narrowed to the person.

A page that reads runs in a read-only transaction; what the trail must say of it is written afterwards, before
the page is sent, so that nothing is shown that was not recorded. A form runs in one writing transaction that is
committed only when the answer is not an error.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Protocol, TypeVar

from flask import Flask, abort, current_app, g, redirect, request
from flask import session as messages
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from meetings_app.audit.events import VIEWS
from meetings_app.audit.trail import put_pending, take_pending
from meetings_app.db.session import act_for, begin_reading
from meetings_app.errors import DomainError, MeetingsError
from meetings_app.permissions import Actor, Permission
from meetings_app.web import signed_out, submissions, unsent

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
NOBODY = Actor(account_id=None, name="")


@dataclass(frozen=True)
class Declared:
    """What a view declared: public, for anybody signed in, or for holders of one permission."""

    public: bool = False
    permission: Permission | None = None
    database: bool = True
    reads: bool = False
    wakes: bool = True


class Gate(Protocol):
    """How the guard learns who asks; `accounts` provides it."""

    def identify(self, session: Session) -> Actor | None:
        """Give the person behind the request, or None."""
        ...  # pragma: no cover

    def seen(self) -> Callable[[Session], None] | None:
        """Give what must be written to keep the person's session alive, or None when nothing is due."""
        ...  # pragma: no cover


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare that a view is for people who hold `permission` in at least one area."""
    return _declare(Declared(permission=permission))


BEFORE_SAVING = "before saving"
"""What the application does with the session of a page that changed something, as the last step before it is saved."""


def signed_in(view: View) -> View:
    """Declare that a view is for anybody who has signed in."""
    return _declare(Declared())(view)


def public(view: View) -> View:
    """Declare that a view needs no sign-in."""
    return _declare(Declared(public=True))(view)


def only_reads(view: View) -> View:
    """Declare of a view, above who may open it, that it changes nothing though it is sent something."""
    return _declare(replace(view.declared, reads=True))(view)  # type: ignore[attr-defined]


def keeps_nobody_signed_in(view: View) -> View:
    """Declare of a view, above who may open it, that a script asks it by itself: a left page is signed out in time."""
    return _declare(replace(view.declared, wakes=False))(view)  # type: ignore[attr-defined]


def without_database(view: View) -> View:
    """Declare that a view needs neither a sign-in nor the request's transaction, and so answers when both fail."""
    return _declare(Declared(public=True, database=False))(view)


def _declare(declared: Declared) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.declared = declared  # type: ignore[attr-defined]
        return view

    return mark


def install(app: Flask, sessions: Callable[[], Session], gate: Gate) -> None:
    """Put the guard round every view; `sessions` opens one a request.

    Raises `RuntimeError` naming the first view that declares nothing.
    """
    app.view_functions["static"] = without_database(app.view_functions["static"])
    for endpoint, view in list(app.view_functions.items()):
        declared = getattr(view, "declared", None)
        if declared is None:
            raise RuntimeError(f"The view {endpoint} does not declare who may open it.")
        app.view_functions[endpoint] = _guarded(view, declared, sessions, gate)
    app.register_error_handler(CSRFError, lambda _error: _token_refused(sessions, gate))


def _guarded(
    view: Callable[..., Any], declared: Declared, sessions: Callable[[], Session], gate: Gate
) -> Callable[..., Any]:
    if not declared.database:
        return view

    @wraps(view)
    def run(**values: Any) -> ResponseReturnValue:
        with sessions() as session:
            g.session = session
            reads = declared.reads or request.method in SAFE_METHODS
            if reads:
                begin_reading(session)
            act_for(session, NOBODY)
            actor = gate.identify(session)
            g.actor = actor
            if actor is None and not declared.public:
                return signed_out.to_sign_in(session, keeps=not reads)
            if declared.permission is not None and not (actor and actor.may(declared.permission)):
                abort(404)
            act_for(session, actor or NOBODY)
            answer = _read if reads else _write
            response = answer(view, values, session, gate)
        # Whoever asked it again would begin a transaction that nobody ends, and on SQLite nobody else could write.
        del g.session
        return response

    return run


def _token_refused(sessions: Callable[[], Session], gate: Gate) -> ResponseReturnValue:
    """Answer a form that came with no token of this sign-in, before any view was asked."""
    declared = getattr(current_app.view_functions.get(request.endpoint or ""), "declared", Declared(public=True))
    with sessions() as session:
        act_for(session, NOBODY)
        g.actor = gate.identify(session)
        return signed_out.token_refused(session, g.actor, keeps=not (declared.public or declared.reads))


def _read(view: Callable[..., Any], values: dict[str, Any], session: Session, gate: Gate) -> ResponseReturnValue:
    kept = signed_out.asked_for(session)
    try:
        response = _finished(view(**values))
    except (HTTPException, MeetingsError):
        if kept is None:
            raise
        return signed_out.to_be_copied(kept)
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("A page that only reads changed something.")
    if kept is not None:
        response = signed_out.filled_in(response, kept)
    entries, seen = take_pending(session), gate.seen() if view.declared.wakes else None  # type: ignore[attr-defined]
    session.rollback()
    if entries or seen:
        put_pending(session, entries)
        if seen:
            seen(session)
        session.commit()
    return response


def _write(view: Callable[..., Any], values: dict[str, Any], session: Session, gate: Gate) -> ResponseReturnValue:
    try:
        return _attempt(view, values, session, gate)
    except StaleDataError:
        # Somebody saved between this request's reading and its writing. Tried once more, the view reads what they
        # saved and can show it beside what was typed here.
        take_pending(session)
        messages.pop("_flashes", None)
        session.rollback()
        return _attempt(view, values, session, gate)


def _attempt(view: Callable[..., Any], values: dict[str, Any], session: Session, gate: Gate) -> ResponseReturnValue:
    earlier = submissions.earlier_location(session, g.actor, request.form)
    if earlier is not None:
        return redirect(earlier)
    try:
        response = _finished(view(**values))
    except DomainError:
        session.rollback()
        earlier = submissions.earlier_location(session, g.actor, request.form)
        if earlier is None:
            raise
        return redirect(earlier)
    if response.status_code >= 400:
        return _refused(session, response)
    for work in current_app.extensions.get(BEFORE_SAVING, ()):
        work(session)
    seen = gate.seen()
    if seen:
        seen(session)
    if response.location:
        # The form went in. Whatever shows it again, or asks for the password first, has saved nothing of it yet.
        unsent.clear_sent(session, g.actor.account_id if g.actor else None)
    return submissions.commit_once(session, g.actor, request.form, response)


def _refused(session: Session, response: Response) -> Response:
    """Undo everything a refused form did, but record what its page shows (the text somebody else saved, say).

    A form that its own twin was quicker than is not refused: it leads where the twin led.
    """
    seen = [entry for entry in take_pending(session) if entry.kind in VIEWS]
    session.rollback()
    earlier = submissions.earlier_location(session, g.actor, request.form)
    if earlier is not None:
        return redirect(earlier)
    if seen:
        put_pending(session, seen)
        session.commit()
    return response


def _finished(answer: ResponseReturnValue) -> Response:
    """Render now, inside the transaction, whatever the view gave back."""
    return current_app.make_response(answer)
