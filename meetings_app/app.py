"""The one file that knows every blueprint."""

from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, g
from flask import session as cookie
from flask_wtf import CSRFProtect
from jinja2 import FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

from meetings_app import access, tables  # noqa: F401
from meetings_app.accounts import gate, handing_over
from meetings_app.accounts.reference import newest, ruling, ruling_in
from meetings_app.actions.telling import tell_owners
from meetings_app.audit.trail import use_key
from meetings_app.config import Settings
from meetings_app.db.engine import make_engine
from meetings_app.db.session import make_sessions
from meetings_app.meetings.following_roles import follow_changes, is_touched
from meetings_app.meetings.kept_apart import read_by_its_writer
from meetings_app.navigation import navigation
from meetings_app.notices.invitations import queue_invitation
from meetings_app.partnership import Partnership, load
from meetings_app.resources import folder
from meetings_app.schedule.office import Office
from meetings_app.web import (
    context,
    filters,
    guard,
    headers,
    numbers,
    pages,
    printing,
    submissions,
    typed,
    unsent,
)
from meetings_app.web.read_now import READ_BY

_LARGEST_UPLOAD = 12 * 1024 * 1024
_LARGEST_FORM = 2 * 1024 * 1024


@dataclass(frozen=True)
class Service:
    """What the running service is made of, kept on the Flask application."""

    settings: Settings
    partnership: Partnership
    engine: sa.Engine
    sessions: sessionmaker[Session]
    kept: dict[str, Any] = field(default_factory=dict)
    """What was read once and stays as it is until the service starts again; never anything about a person."""
    newest: int | None = None
    """The version of the definitions at which `partnership` was read; None takes the first that is asked for as it."""

    def rules(self, session: Session, newest: int) -> Partnership:
        """Give the definitions that rule. They are read again, through `session`, where `newest` is another version.

        So a change on the settings page rules in every process from the next request, command or job on. `newest` is
        what the caller found of `accounts.reference.NEWEST`.
        """
        read_at, partnership = self.kept.setdefault(
            "rules", (newest if self.newest is None else self.newest, self.partnership)
        )
        if read_at != newest:
            partnership = ruling_in(session, self.partnership)
            self.kept["rules"] = (newest, partnership)
        return cast(Partnership, partnership)


def make_service(settings: Settings, sessions: sessionmaker[Session] | None = None) -> Service:
    """Read `agendas/` and open the database. Raises `ConfigurationError` with one line that says what to do."""
    use_key(settings.audit_key)
    handing_over.use(queue_invitation)
    files = load(settings.agendas or folder("agendas"))
    engine = make_engine(settings.database_url)
    # Asked first: what changes between the two questions is read again at the first request.
    read_at = newest(engine)
    partnership = ruling(engine, files)
    made = sessions or make_sessions(engine, access.criteria)
    return Service(settings, partnership, engine, made, newest=read_at)


def create_app(settings: Settings, service: Service | None = None) -> Flask:
    """Give the Flask application, with every page guarded."""
    service = service or make_service(settings)
    app = Flask("meetings_app", static_folder=str(folder("static")), static_url_path="/static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-meetings" if settings.production else "meetings",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=_LARGEST_UPLOAD,
        MAX_FORM_MEMORY_SIZE=_LARGEST_FORM,
        TESTING=settings.environment == "test",
        PROPAGATE_EXCEPTIONS=False,
    )
    app.extensions["meetings"] = service
    _prepare_templates(app)
    numbers.install(app)
    gate.install(app)
    CSRFProtect(app)
    headers.install(app, secure=settings.production)
    filters.install(app)
    pages.install(app)
    _register(app)
    app.extensions[guard.BEFORE_SAVING] = [
        lambda session: _tell_owners(app, session), _follow_roles,
        # What is said of the saved text is said when the transaction is over, and goes by what ruled in it.
        lambda _session: context.partnership(),
    ]  # fmt: skip
    app.extensions[READ_BY] = read_by_its_writer
    guard.install(app, lambda: _service(app).sessions(), gate.Gate(lambda: _service(app).settings))
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies)  # type: ignore[method-assign]
    return app


class Missing(StrictUndefined):
    """A name that a page was not given: it may be asked whether it is there, as GOV.UK's frame does, but not shown."""

    def __bool__(self) -> bool:  # type: ignore[override] # Jinja2 types the answer as Literal[False]
        return False


def _service(app: Flask) -> Service:
    """Give what the application runs on; asked at each request, so that the tests may put another in its place."""
    return cast(Service, app.extensions["meetings"])


def _tell_owners(app: Flask, session: Session) -> None:
    """Tell by mail who was given an action, whatever page gave it."""
    settings = _service(app).settings
    tell_owners(session, settings.clock.now(), settings.base_url)


def _follow_roles(session: Session) -> None:
    """Let the invites follow the roles, whatever page changed them."""
    session.flush()
    if is_touched(session):
        follow_changes(session, context.now(), Office.of(context.settings(), context.partnership()))


def _register(app: Flask) -> None:
    from meetings_app.blueprints import BLUEPRINTS

    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def _prepare_templates(app: Flask) -> None:
    printing.install(app.jinja_env)
    # A macro sees what the environment holds, and not what a page is given.
    app.jinja_env.globals.update(
        page_of_form=unsent.page_of_form, typed_key=typed.typed_key, typed_mark=typed.typed_mark,
        is_kept_apart=typed.is_kept_apart,
    )  # fmt: skip
    app.jinja_env.undefined = Missing
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_loader = FileSystemLoader(folder("templates"))

    @app.context_processor
    def chrome() -> dict[str, object]:
        service = _service(app)
        actor = g.get("actor")
        return {
            "actor": actor,
            "navigation": navigation(actor),
            "csp_nonce": g.get("csp_nonce", ""),
            "marking": service.settings.marking,
            "partnership_name": service.kept.get("rules", (0, service.partnership))[1].name,
            "service_name": "Risk Management Meetings",
            "new_form_id": submissions.new_form_id,
            "today": service.settings.clock.now(),
            "signed_in_cookie": "_user_id" in cookie,
        }
