"""The guard's transactions: what only reads changes nothing, and an error saves nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.accounts.models import Area
from meetings_app.permissions import Actor, Permission
from meetings_app.web import guard


class NoGate:
    """Lets everybody in as one who may everything; the tests below are of the transaction alone."""

    def identify(self, session: Session) -> Actor:
        return Actor(account_id=None, name="Testy", everything=True)

    def seen(self) -> None:
        return None


@pytest.fixture
def writing_pages(sessions: sessionmaker[Session]) -> FlaskClient:
    """An application with pages that misbehave."""
    app = Flask("bare")
    app.secret_key = "s"

    def add() -> str:
        g.session.add(Area(code="ZZ", name="Testy Area"))
        return "added"

    def add_and_flush() -> str:
        g.session.add(Area(code="ZZ", name="Testy Area"))
        g.session.flush()
        return "added"

    def add_and_refuse() -> tuple[str, int]:
        add_and_flush()
        return "refused", 400

    pages: list[tuple[str, Callable[[], Any], str]] = [
        ("add", add, "GET"), ("flush", add_and_flush, "GET"), ("refuse", add_and_refuse, "POST"), ("save", add, "POST"),
    ]  # fmt: skip
    for endpoint, view, method in pages:
        guarded = guard.requires(Permission.IMPORT)(view)
        app.add_url_rule(f"/{endpoint}", endpoint=endpoint, view_func=guarded, methods=[method])
    guard.install(app, sessions, NoGate())
    app.testing = True
    return app.test_client()


def areas_called_zz(session: Session) -> int:
    found = session.scalar(select(func.count(col(Area.id))).where(col(Area.code) == "ZZ")) or 0
    session.rollback()
    return found


def test_a_page_that_only_reads_and_changes_something_fails(writing_pages: FlaskClient, session: Session) -> None:
    with pytest.raises(RuntimeError, match="only reads changed something"):
        writing_pages.get("/add")
    assert areas_called_zz(session) == 0


def test_what_a_page_that_only_reads_wrote_is_not_kept(writing_pages: FlaskClient, session: Session) -> None:
    writing_pages.get("/flush")
    assert areas_called_zz(session) == 0


def test_a_form_is_saved_only_when_the_answer_is_no_error(writing_pages: FlaskClient, session: Session) -> None:
    assert writing_pages.post("/refuse").status_code == 400
    assert areas_called_zz(session) == 0
    assert writing_pages.post("/save").status_code == 200
    assert areas_called_zz(session) == 1


def test_an_undeclared_view_stops_the_service_from_starting(sessions: sessionmaker[Session]) -> None:
    app = Flask("bare")
    app.add_url_rule("/open", endpoint="open", view_func=lambda: "everything")
    with pytest.raises(RuntimeError, match="open does not declare"):
        guard.install(app, sessions, NoGate())
