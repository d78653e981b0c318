"""A county as large as a measurement needs, on a database of its own, and requests to it without a network."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from sqlmodel import col
from werkzeug.test import EnvironBuilder, run_wsgi_app

from meetings_app.accounts import service as accounts
from meetings_app.accounts.gate import hash_of
from meetings_app.accounts.models import SignInSession
from meetings_app.accounts.reference import prepare_reference_data
from meetings_app.app import Service, create_app, make_service
from meetings_app.config import Settings, load
from meetings_app.db.migrate import upgrade
from meetings_app.db.session import act_for
from meetings_app.meetings import arranging
from meetings_app.permissions import OPERATOR, Actor, Role
from meetings_app.resources import folder
from meetings_app.schedule.models import Meeting, MeetingType
from meetings_app.schedule.office import Office

NOW = "2026-11-23T09:00:00"
TODAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
DUE_IN_AN_AREA = 40
"""Children of each area whose review falls before the area's meeting: the agenda of 40."""

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :children) "
_CHILDREN = (
    "INSERT INTO child (id, version, reference, name, name_key, sound_key, born, area_id, gender, ethnicity, "
    "school_name, learning_disability, looked_after, legal_status, lead_professional_name, created_at) "
    + _NUMBERS
    + "SELECT i, 1, 'C-' || i, 'Testy McExample ' || i, 'testy mcexample ' || (i * 7919 % 99991), '', "
    "date('2010-06-01', '+' || (i * 31 % 1500) || ' days'), 1 + i % 4, '', '', '', 'no', 'no', '', 'Wanda Workerton', "
    "'2026-11-01 00:00:00.000000' FROM n"
)
_ENTRIES = (
    "INSERT INTO list_entry (version, child_id, area_id, state, listed_on, before_service, sort_name, born, "
    "current_rating, rating_rank, provisional, rated_on, lead_agency_id, next_review_on, next_meeting_id, "
    "closed_because) "
    "SELECT 1, id, area_id, 'listed', '2026-01-05', 0, name_key, born, "
    "CASE id % 3 WHEN 0 THEN 'high' WHEN 1 THEN 'medium' ELSE 'low' END, id % 3 + 1, 0, '2026-11-01', 1 + id % 6, "
    "CASE WHEN id <= :due THEN '2026-11-20' ELSE date('2026-12-10', '+' || (id * 7 % 50) || ' days') END, "
    "(SELECT min(id) FROM meeting WHERE meeting.area_id = child.area_id), '' FROM child"
)
_RATINGS = (
    "INSERT INTO rating (child_id, rating, rationale, provisional, before_service, decided_on, recorded_at, "
    "next_review_reason) "
    "SELECT id, 'medium', 'Invented', 0, 0, '2026-11-01', '2026-11-01 00:00:00.000000', '' FROM child"
)
_CHANGES = (
    "INSERT INTO change_in_circumstances (child_id, kind, happened_on, reported_at, text, heard_at_meeting_id) "
    "SELECT id, 'incident', '2026-11-18', '2026-11-18 09:00:00.000000', 'Invented', "
    "CASE WHEN id <= :due / 4 THEN NULL ELSE (SELECT min(id) FROM meeting) END FROM child"
)
_ACTIONS = (
    "INSERT INTO action (version, reference, child_id, child_reference, area_id, what, agency_id, owner_id, due_on, "
    "first_due_on, state, outcome, created_at) "
    "SELECT 1, 'A-' || id, id, reference, area_id, 'Invented', 3, 1, "
    "CASE WHEN id <= :due / 4 THEN '2026-11-10' ELSE '2026-12-10' END, '2026-12-10', 'open', '', "
    "'2026-11-01 00:00:00.000000' FROM child WHERE id % 2 = 0"
)


class World:
    """One database with so many children on the list, and a coordinator of the whole county who has signed in."""

    def __init__(self, children: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="meetings-benchmark-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.settings = settings_in(self.folder)
        self.service: Service = make_service(self.settings)
        upgrade(self.service.engine)
        self.office = Office.of(self.settings, self.service.partnership)
        self.token = "token of the benchmark"
        with self.service.sessions.begin() as session:
            act_for(session, OPERATOR)
            now = self.settings.clock.now()
            prepare_reference_data(session, self.service.partnership, folder("agendas"), OPERATOR, now)
            session.flush()
            account_id = self._coordinator(session)
            self._meetings(session)
        self.actor = Actor(account_id, "Testy", grants=())
        with self.service.engine.begin() as connection:
            due = {"due": 4 * DUE_IN_AN_AREA}
            connection.execute(sa.text(_CHILDREN), {"children": children})
            connection.execute(sa.text(_ENTRIES), due)
            connection.execute(sa.text(_RATINGS))
            connection.execute(sa.text(_CHANGES), due)
            connection.execute(sa.text(_ACTIONS), due)
            connection.exec_driver_sql("ANALYZE")

    def _coordinator(self, session: Session) -> int:
        now = self.settings.clock.now()
        account, _token = accounts.invite(
            session, OPERATOR, now, email="chair@exampleshire.example", name="Testy Chair", role=Role.CHAIR,
            agency_code="childrens-services",
        )  # fmt: skip
        accounts.accept_invitation(session, now, account, "no password fits this")
        session.add(
            SignInSession(
                token_hash=hash_of(self.token), account_id=account.key, created_at=now, last_seen_at=now,
                second_factor_at=now,
            )
        )  # fmt: skip
        return account.key

    def _meetings(self, session: Session) -> None:
        for area in range(1, 5):
            arranging.create_series(
                session, OPERATOR, self.settings.clock.now(), self.office, kind=MeetingType.RMM, area_id=area,
                start=TUESDAY, count=4,
            )  # fmt: skip

    def browser(self) -> Browser:
        """Give a browser that has signed in."""
        client = create_app(self.settings, self.service).test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = self.token
        kept = client.get_cookie("meetings")
        assert kept
        return Browser(client.application, f"meetings={kept.value}")

    def session(self) -> Session:
        """Give a session of the operator."""
        session = self.service.sessions()
        act_for(session, OPERATOR)
        return session

    def first_meetings(self, session: Session) -> list[Meeting]:
        """Give the next meeting of each area."""
        return list(
            session.scalars(sa.select(Meeting).where(col(Meeting.held_on) == TUESDAY).order_by(col(Meeting.id)))
        )

    def raw(self) -> sqlite3.Connection:
        """Give a plain connection to the same database."""
        connection = sqlite3.connect(str(self.service.engine.url.database), isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        return connection


class Browser:
    """Asks an application by WSGI itself, so that no client stands between what is measured and the measure.

    It keeps the cookie it is given, as every browser does.
    """

    def __init__(self, app: Flask, cookie: str = "") -> None:
        self.app, self.cookie = app, cookie

    def get(self, address: str) -> Callable[[], bytes]:
        """Give the work of opening a page, whole."""
        return self._work(EnvironBuilder(path=address).get_environ(), "200")

    def post(self, address: str, form: Callable[[], dict[str, str]]) -> Callable[[], bytes]:
        """Give the work of sending a form that leads elsewhere; `form` fills it in, anew each time."""
        builder = EnvironBuilder(path=address, method="POST")
        environ: dict[str, Any] = {**builder.get_environ(), "CONTENT_TYPE": "application/x-www-form-urlencoded"}
        return self._work(environ, "302", lambda: urlencode(form()).encode())

    def _work(self, environ: dict[str, Any], code: str, body: Callable[[], bytes] | None = None) -> Callable[[], bytes]:
        def work() -> bytes:
            sent = {**environ, "HTTP_COOKIE": self.cookie}
            if body is not None:
                filled_in = body()
                sent |= {"wsgi.input": BytesIO(filled_in), "CONTENT_LENGTH": str(len(filled_in))}
            answer, status, headers = run_wsgi_app(self.app.wsgi_app, sent, buffered=True)
            assert status.startswith(code), (environ["PATH_INFO"], status)
            if body is None:
                # What a form's answer puts there is a message that the page it leads to shows and takes away again.
                self.cookie = kept_cookie(self.cookie, headers)
            return b"".join(answer)

        return work


def settings_in(place: Path) -> Settings:
    """Give the settings of a benchmark; the second factor is not asked for."""
    return load(
        {
            "MEETINGS_ENV": "demo", "MEETINGS_SECRET_KEY": "s" * 40, "MEETINGS_AUDIT_KEY": "a" * 40,
            "MEETINGS_INSTANCE": str(place), "MEETINGS_NOW": NOW,
            "MEETINGS_DATABASE_URL": f"sqlite:///{place / 'benchmark.db'}",
        }
    )  # fmt: skip


@cache
def world(children: int) -> World:
    """Give the world of this size, made once a run."""
    return World(children)


def kept_cookie(before: str, headers: Iterable[tuple[str, str]]) -> str:
    """Give the cookie that a browser sends from now on: the one it was just given, else the one from before."""
    given = [value.partition(";")[0] for name, value in headers if name.lower() == "set-cookie"]
    return given[-1] if given else before


def statements_of(engine: sa.Engine, work: Callable[[], object]) -> list[tuple[str, Any]]:
    """Give the SELECTs that a piece of work sends, with their values, as the driver gets them."""
    sent: list[tuple[str, Any]] = []

    def keep(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, values))

    sa.event.listen(engine, "before_cursor_execute", keep)
    try:
        work()
    finally:
        sa.event.remove(engine, "before_cursor_execute", keep)
    return sent
