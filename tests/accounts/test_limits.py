"""Guesses are limited, codes work once, and sessions end: on the server, whatever the browser keeps."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import argon2
import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from meetings_app import access
from meetings_app.accounts import gate, passwords, throttle
from meetings_app.accounts.throttle import Guess
from meetings_app.app import Service, create_app
from meetings_app.config import Settings
from meetings_app.db.engine import make_engine
from meetings_app.db.session import act_for, make_sessions
from meetings_app.partnership import load as load_partnership
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder
from tests.conftest import make_settings
from tests.support.moving_clock import MovingClock
from tests.support.own_database import own_database
from tests.support.world import NOW, PASSWORD, SECRET, csrf_token, send, sign_in, tiny_world

ADDRESS = "coordinator@exampleshire.example"
KEY = "k" * 40


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a test, with a clock that moves."""
    return replace(make_settings(tmp_path), clock=MovingClock(NOW))


def move(app: Flask, by: timedelta) -> None:
    app.extensions["meetings"].settings.clock.move(by)


def guess(client: FlaskClient, password: str, address: str = "10.0.0.1") -> int:
    page = client.get("/sign-in").text
    values = {"email": ADDRESS, "password": password, "csrf_token": csrf_token(page)}
    return client.post("/sign-in", data=values, environ_base={"REMOTE_ADDR": address}).status_code


def test_of_120_guesses_from_12_addresses_at_most_10_are_tried(session: Session, now: datetime) -> None:
    tried = sum(
        throttle.count(session, Guess("password", ADDRESS, f"10.0.0.{number % 12}"), KEY, now) for number in range(120)
    )
    assert tried == throttle.PER_ACCOUNT == 10


def test_one_address_guesses_at_many_accounts_only_so_often(session: Session, now: datetime) -> None:
    tried = sum(
        throttle.count(session, Guess("password", f"person{number}@example.org", "10.0.0.1"), KEY, now)
        for number in range(100)
    )
    assert tried == throttle.PER_ADDRESS


def test_one_address_may_not_use_up_all_guesses_at_an_account(session: Session, now: datetime) -> None:
    one = Guess("password", ADDRESS, "10.0.0.1")
    assert sum(throttle.count(session, one, KEY, now) for _ in range(20)) == throttle.PER_ACCOUNT_AND_ADDRESS


def test_after_the_window_one_may_guess_again(session: Session, now: datetime) -> None:
    one = Guess("password", ADDRESS, "10.0.0.1")
    for _ in range(20):
        throttle.count(session, one, KEY, now)
    almost = now + throttle.WINDOW - timedelta(microseconds=1)
    assert not throttle.count(session, one, KEY, almost)
    assert throttle.count(session, one, KEY, now + throttle.WINDOW)


def test_a_right_guess_starts_the_account_again_and_keeps_the_wrong_ones_of_the_address(
    session: Session, now: datetime
) -> None:
    mine = Guess("password", "mine@example.org", "10.0.0.1")
    for number in range(throttle.PER_ADDRESS - 1):
        throttle.count(session, Guess("password", f"person{number}@example.org", "10.0.0.1"), KEY, now)
    for _ in range(5):
        assert throttle.count(session, mine, KEY, now)
        throttle.forget(session, mine, KEY)
    assert throttle.count(session, mine, KEY, now)
    assert not throttle.count(session, Guess("password", "other@example.org", "10.0.0.1"), KEY, now)


def test_nothing_about_a_person_is_stored_with_the_count(session: Session, now: datetime) -> None:
    throttle.count(session, Guess("password", ADDRESS, "10.0.0.1"), KEY, now)
    buckets = session.execute(sa.text("SELECT bucket FROM sign_in_throttle")).scalars().all()
    assert len(buckets) == 3
    assert all(set(bucket) <= set("0123456789abcdef") for bucket in buckets)


def test_the_owner_still_gets_in_from_a_browser_used_before(app: Flask, session: Session) -> None:
    tiny_world(session)
    owner = app.test_client()
    sign_in(owner, "coordinator")
    send(owner, "/sign-out", {})
    for number in range(24):
        guess(app.test_client(), "wrong password here", f"10.0.0.{number % 12}")
    assert guess(app.test_client(), PASSWORD, "10.9.9.9") == 429
    sign_in(owner, "coordinator")
    assert owner.get("/account").status_code == 200


def test_a_known_browser_has_a_limit_of_its_own(app: Flask, session: Session) -> None:
    tiny_world(session)
    owner = app.test_client()
    sign_in(owner, "coordinator")
    send(owner, "/sign-out", {})
    answers = [guess(owner, "wrong password here") for _ in range(throttle.PER_KNOWN_BROWSER + 2)]
    assert answers == [400] * throttle.PER_KNOWN_BROWSER + [429, 429]


def test_codes_can_be_guessed_a_few_times_only(app: Flask, session: Session) -> None:
    tiny_world(session)
    client = app.test_client()
    send(client, "/sign-in", {"email": ADDRESS, "password": PASSWORD})
    right = pyotp.TOTP(SECRET).at(NOW)
    wrong = "000000" if right != "000000" else "111111"
    answers = [send(client, "/sign-in/code", {"code": wrong}).status_code for _ in range(7)]
    assert answers == [400] * 5 + [429] * 2
    assert send(client, "/sign-in/code", {"code": right}).status_code == 429


@pytest.mark.parametrize(
    ("steps", "open_at_the_end"),
    [
        ([timedelta(minutes=19, seconds=59)], True),
        ([timedelta(minutes=20)], False),
        ([timedelta(minutes=15)] * 3, True),
        ([timedelta(minutes=15)] * 39 + [timedelta(minutes=14)], True),
        ([timedelta(minutes=15)] * 40, False),
    ],
    ids=["just before idle", "idle", "kept alive", "just before ten hours", "ten hours"],
)
def test_a_session_ends_after_20_idle_minutes_and_after_10_hours(
    app: Flask, session: Session, steps: list[timedelta], open_at_the_end: bool
) -> None:
    tiny_world(session)
    client = app.test_client()
    sign_in(client, "coordinator")
    answers = []
    for step in steps:
        move(app, step)
        answers.append(client.get("/account").status_code)
    assert answers[:-1] == [200] * (len(steps) - 1)
    assert answers[-1] == (200 if open_at_the_end else 302)


def test_a_page_asks_how_long_its_person_stays_signed_in_and_only_the_button_lengthens_it(
    app: Flask, session: Session
) -> None:
    tiny_world(session)
    client = app.test_client()
    sign_in(client, "coordinator")
    token = csrf_token(client.get("/account").text)
    for minutes, left in ((10, 600), (8, 120)):
        move(app, timedelta(minutes=minutes))
        assert client.get("/signed-in").json == {"left": left}
    assert client.post("/signed-in", headers={"X-CSRFToken": token}).status_code == 204
    assert client.get("/signed-in").json == {"left": 1200}
    for _step in range(38):
        move(app, timedelta(minutes=15))
        client.get("/account")
    assert client.get("/signed-in").json == {"left": 720}, "ten hours after signing in it ends"
    move(app, timedelta(minutes=12))
    assert client.get("/signed-in").status_code == 302


def test_signing_out_ends_the_session_on_the_server(app: Flask, session: Session) -> None:
    tiny_world(session)
    client, thief = app.test_client(), app.test_client()
    sign_in(client, "coordinator")
    stolen = client.get_cookie("meetings")
    assert stolen is not None
    thief.set_cookie("meetings", stolen.value)
    assert thief.get("/account").status_code == 200
    thief.set_cookie("meetings", stolen.value)
    assert send(client, "/sign-out", {}).location == "/sign-in"
    assert client.get("/account").status_code == 302
    assert thief.get("/account").status_code == 302


def test_a_link_to_sign_out_asks_first(app: Flask, session: Session) -> None:
    tiny_world(session)
    client = app.test_client()
    sign_in(client, "coordinator")
    assert "Do you want to sign out?" in client.get("/sign-out").text
    assert client.get("/account").status_code == 200


def test_each_step_of_signing_in_begins_a_new_session(app: Flask, session: Session) -> None:
    tiny_world(session)
    client, thief = app.test_client(), app.test_client()
    send(client, "/sign-in", {"email": ADDRESS, "password": PASSWORD})
    halfway = client.get_cookie("meetings")
    assert halfway is not None
    send(client, "/sign-in/code", {"code": pyotp.TOTP(SECRET).at(NOW)})
    assert client.get("/account").status_code == 200
    thief.set_cookie("meetings", halfway.value)
    assert thief.get("/account").status_code == 302
    assert thief.get("/sign-in/code").status_code == 302


def test_a_disabled_account_is_out_at_once(app: Flask, session: Session) -> None:
    from meetings_app.accounts.service import disable

    world = tiny_world(session)
    client = app.test_client()
    sign_in(client, "coordinator")
    disable(session, OPERATOR, NOW, world.coordinator.key)
    session.commit()
    assert client.get("/account").status_code == 302
    assert send(app.test_client(), "/sign-in", {"email": ADDRESS, "password": PASSWORD}).status_code == 400


def test_what_cannot_be_undone_asks_for_the_password_again(app: Flask, session: Session) -> None:
    tiny_world(session)
    client = app.test_client()
    sign_in(client, "coordinator")
    with app.test_request_context():
        from flask import g

        g.confirmed_at = NOW
        assert gate.confirmed_recently(NOW + gate.CONFIRMED_FOR - timedelta(seconds=1))
        assert not gate.confirmed_recently(NOW + gate.CONFIRMED_FOR)
    assert send(client, "/confirm?next=/account", {"password": "wrong password here"}).status_code == 400
    assert send(client, "/confirm?next=/account", {"password": PASSWORD}).location == "/account"


def test_a_missing_account_costs_the_same_work_as_a_wrong_password(app: Flask, session: Session) -> None:
    world = tiny_world(session)
    world.coordinator.password_hash = passwords.hash_password(PASSWORD)
    assert argon2.extract_parameters(passwords.hash_of_nobody()) == argon2.extract_parameters(
        world.coordinator.password_hash
    )
    session.commit()
    counts = []
    for email in (ADDRESS, "no-ordinator@exampleshire.example"):
        statements: list[str] = []
        client = app.test_client()
        page = client.get("/sign-in").text

        def note(
            _connection: object, _cursor: object, statement: str, *_rest: object, kept: list[str] = statements
        ) -> None:
            kept.append(statement)

        engine = app.extensions["meetings"].engine
        sa.event.listen(engine, "before_cursor_execute", note)
        values = {"email": email, "password": "wrong password here", "csrf_token": csrf_token(page)}
        assert client.post("/sign-in", data=values).status_code == 400
        sa.event.remove(engine, "before_cursor_execute", note)
        counts.append([statement.split()[0] for statement in statements])
    assert counts[0] == counts[1]
    assert len(counts[0]) > 5


@pytest.fixture
def own_app(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The whole application on a database of its own, so that real threads can race."""
    with own_database(database, tmp_path) as prepared:
        engine = make_engine(prepared.kw["bind"].url.render_as_string(hide_password=False), pool_size=30)
        sessions, settings = make_sessions(engine, access.criteria), make_settings(tmp_path)
        yield create_app(settings, Service(settings, load_partnership(folder("agendas")), engine, sessions))
        engine.dispose()


def test_the_same_code_sent_24_times_at_once_works_once(own_app: Flask) -> None:
    with own_app.extensions["meetings"].sessions() as opened:
        act_for(opened, OPERATOR)
        tiny_world(opened)
    clients = [own_app.test_client() for _ in range(24)]
    pages = []
    for client in clients:
        send(client, "/sign-in", {"email": ADDRESS, "password": PASSWORD})
        pages.append(csrf_token(client.get("/sign-in/code").text))
    code, together, answers = pyotp.TOTP(SECRET).at(NOW), Barrier(24), []

    def try_it(client: FlaskClient, token: str) -> None:
        together.wait()
        answers.append(client.post("/sign-in/code", data={"code": code, "csrf_token": token}).status_code)

    threads = [Thread(target=try_it, args=pair) for pair in zip(clients, pages, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 24
    assert answers.count(302) == 1
    assert set(answers) <= {302, 400, 429}
    assert sum(client.get("/account").status_code == 200 for client in clients) == 1
