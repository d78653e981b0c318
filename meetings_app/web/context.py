"""What a view needs from the request, in one line each."""

from datetime import date, datetime
from typing import Any, TypeVar, cast

from flask import abort, current_app, g
from sqlalchemy.orm import Session

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.config import Settings
from meetings_app.permissions import Actor

Found = TypeVar("Found")


def db() -> Session:
    """Give the request's database session, already narrowed to the person."""
    return cast(Session, g.session)


def actor() -> Actor:
    """Give the person who asks."""
    return cast(Actor, g.actor)


def settings() -> Settings:
    """Give the settings the service runs with."""
    return cast(Settings, current_app.extensions["meetings"].settings)


def partnership() -> Any:
    """Give the definitions that rule, the same throughout a request: read again where a newer version is kept."""
    if "partnership" not in g:
        service = current_app.extensions["meetings"]
        g.partnership = service.rules(db(), g.newest_rules) if "newest_rules" in g else service.partnership
    return g.partnership


def now() -> datetime:
    """Give the present moment, UTC."""
    if "now" not in g:
        g.now = settings().clock.now()
    return cast(datetime, g.now)


def today() -> date:
    """Give today's date in London, the same throughout a request."""
    if "today" not in g:
        g.today = london_date(now())
    return cast(date, g.today)


def saw(kind: EventKind, child_id: int | None = None, **facts: Any) -> None:
    """Record in the trail what this page shows; written before the page is sent."""
    record(db(), actor(), now(), kind, child_id, **facts)


def found(thing: Found | None) -> Found:
    """Give the thing back, or answer 404 where it is missing or may not be seen."""
    if thing is None:
        abort(404)
    return thing
