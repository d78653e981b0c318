"""Deny by default, proved on the map of addresses itself: nothing is open that did not say so."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from meetings_app.accounts.models import Account
from meetings_app.app import Service, create_app
from meetings_app.audit.models import AuditEvent
from meetings_app.partnership import load as load_partnership
from meetings_app.permissions import PERMISSIONS, Role
from meetings_app.resources import folder
from meetings_app.web import guard
from tests.conftest import make_settings
from tests.support.world import PASSWORD, add_account, add_school, csrf_token, form_id, sign_in, tiny_world

SAFE = {"GET", "HEAD", "OPTIONS"}
PUBLIC = {
    "accounts.sign_in", "accounts.sign_in_sent", "accounts.code_page", "accounts.code_sent", "accounts.set_up_page",
    "accounts.set_up_sent", "accounts.sign_out", "accounts.sign_out_sent", "accounts.invitation",
    "accounts.invitation_sent", "home.healthz", "calendar_feed.feed", "meetings.answer",
    "meetings.answer_sent", "static",
}  # fmt: skip
"""Written by hand: whoever opens another page to everybody has to say so here too."""


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def declared_of(app: Flask, rule: Rule) -> guard.Declared:
    view: Any = app.view_functions[rule.endpoint]
    declared: guard.Declared = view.declared
    return declared


def address_of(app: Flask, rule: Rule) -> str:
    """Give an address that this rule answers, of something that does not exist."""
    values = {name: _value_for(rule._converters[name]) for name in rule.arguments}
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def _value_for(converter: Any) -> Any:
    """Give a value the converter takes: one of those it lists, a number, or a reference that nothing has."""
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return 987654 if isinstance(converter, IntegerConverter) else "X-NONE"


def reads(rule: Rule) -> bool:
    return "GET" in (rule.methods or set())


def writes(rule: Rule) -> bool:
    return bool((rule.methods or set()) - SAFE)


def test_every_address_declares_who_may_open_it(app: Flask) -> None:
    for rule in rules(app):
        assert isinstance(declared_of(app, rule), guard.Declared), rule
    assert {rule.endpoint for rule in rules(app) if declared_of(app, rule).public} <= PUBLIC


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_nowhere_else(app: Flask) -> None:
    client = app.test_client()
    token = csrf_token(client.get("/sign-in").text)
    for rule in rules(app):
        if declared_of(app, rule).public:
            continue
        address = address_of(app, rule)
        answer = client.get(address) if reads(rule) else client.post(address, data={"csrf_token": token})
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/sign-in"), rule


def test_a_page_for_another_role_looks_like_no_page_at_all(app: Flask, session: Session) -> None:
    school = add_school(session, "S1", "Testy Primary")
    for role in Role:
        add_account(session, f"{role.value}@roles.example", role, "police", ["NE"], school=school.code)
    session.commit()
    shut = 0
    for role in Role:
        client = app.test_client()
        sign_in(client, f"{role.value}@roles.example")
        pages = set()
        token = csrf_token(client.get("/account").text)
        for rule in rules(app):
            permission = declared_of(app, rule).permission
            if permission is None or permission in PERMISSIONS[role]:
                continue
            address = address_of(app, rule)
            answer = client.get(address) if reads(rule) else client.post(address, data={"csrf_token": token})
            assert answer.status_code == 404, (role, rule)
            pages.add(plain(answer))
            shut += 1
        assert len(pages) == 1, role
        assert "Page not found" in pages.pop()
    assert shut > 20


def plain(answer: Any) -> str:
    """Give a page without what differs in every answer, and without its menu, which marks the section."""
    text = re.sub(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"', "", answer.text)
    return re.sub(r"<nav.*?</nav>", "", text, flags=re.DOTALL)


CSRF_ATTACKS = [
    "none", "empty", "garbage", "of another session", "cut", "of another key", "in the address", "twice", "as JSON",
]  # fmt: skip


@pytest.mark.parametrize("attack", CSRF_ATTACKS)
def test_no_form_is_taken_without_the_token_of_its_own_session(app: Flask, session: Session, attack: str) -> None:
    tiny_world(session)
    add_account(session, "admin", Role.ADMINISTRATOR, "police")
    session.commit()
    client = app.test_client()
    sign_in(client, "admin")
    token = csrf_token(client.get("/account").text)
    before = count_of_everything(session)
    tried = 0
    for rule in rules(app):
        if writes(rule):
            answer = forged(app, client, address_of(app, rule), token, attack)
            assert answer.status_code == 400, rule
            assert "open for too long" in answer.text, rule
            tried += 1
    assert tried > 5
    assert count_of_everything(session) == before


def forged(app: Flask, client: FlaskClient, address: str, token: str, attack: str) -> Any:
    if attack == "as JSON":
        return client.post(address, json={"csrf_token": token})
    if attack == "in the address":
        return client.post(address, query_string={"csrf_token": token})
    values = {
        "none": {}, "empty": {"csrf_token": ""}, "garbage": {"csrf_token": "x" * 90}, "cut": {"csrf_token": token[:-3]},
        "of another session": {"csrf_token": csrf_token(app.test_client().get("/sign-in").text)},
        "of another key": {"csrf_token": token.split(".")[0] + ".YQ.YQ"}, "twice": {"csrf_token": token + token},
    }  # fmt: skip
    return client.post(address, data=values[attack])


def count_of_everything(session: Session) -> tuple[int, int]:
    counts = (
        session.scalar(select(func.count(col(Account.id)))) or 0,
        session.scalar(select(func.count(col(AuditEvent.id)))) or 0,
    )
    session.rollback()
    return counts


def test_the_same_form_sent_twice_makes_one_account(app: Flask, session: Session) -> None:
    add_account(session, "admin", Role.ADMINISTRATOR, "police")
    session.commit()
    client = app.test_client()
    sign_in(client, "admin")
    page = client.get("/accounts/invite").text
    values = {
        "csrf_token": csrf_token(page), "form_id": form_id(page), "name": "Testy McTwice", "email": "twice@example.org",
        "role": "analyst", "agency": "police", "areas": "*",
    }  # fmt: skip
    first, second = (client.post("/accounts/invite", data=values) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first.location == second.location
    assert session.scalar(select(func.count(col(Account.id))).where(col(Account.email) == "twice@example.org")) == 1


HEADERS = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip


def test_every_answer_carries_the_headers_and_a_policy_without_loopholes(app: Flask, session: Session) -> None:
    tiny_world(session)
    client = app.test_client()
    addresses = ["/sign-in", "/sign-out", "/account", "/there-is-no-such-page", "/sign-in/code", "/invitation/none"]
    for signed in (False, True):
        if signed:
            sign_in(client, "coordinator")
        plain_addresses = [address_of(app, rule) for rule in rules(app) if reads(rule) and not rule.arguments]
        for address in [*addresses, *plain_addresses]:
            answer = client.get(address)
            for name, value in HEADERS.items():
                if name != "Cache-Control" or "public" not in answer.headers[name]:
                    assert answer.headers[name] == value, (address, name)
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'nonce-")
            assert "unsafe" not in policy
            assert "*" not in policy


def test_no_page_needs_what_the_policy_forbids(app: Flask, session: Session) -> None:
    tiny_world(session)
    client = app.test_client()
    sign_in(client, "coordinator")
    for rule in rules(app):
        if reads(rule) and not rule.arguments:
            answer = client.get(address_of(app, rule))
            if answer.mimetype == "text/html":
                nonce = re.search("'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
                assert nonce is not None
                for tag in re.findall(r"<script[^>]*>", answer.text):
                    assert f'nonce="{nonce.group(1)}"' in tag, rule
                assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", answer.text), rule


def test_the_cookies_of_the_real_thing_are_locked_to_it(
    database: str, engines: dict[str, Engine], sessions: sessionmaker[Session], session: Session, tmp_path: Path
) -> None:
    tiny_world(session)
    settings = make_settings(
        tmp_path, MEETINGS_ENV="production", MEETINGS_BASE_URL="https://localhost", MEETINGS_NOW=""
    )
    service = Service(settings, load_partnership(folder("agendas")), engines[database], sessions)
    client = create_app(settings, service).test_client()
    sign_in(client, "coordinator")
    answer = client.get("/account", base_url="https://localhost")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    for name in ("__Host-meetings", "__Host-meetings-browser"):
        cookie = client.get_cookie(name)
        assert cookie is not None
        assert (cookie.secure, cookie.http_only, cookie.same_site, cookie.path) == (True, True, "Lax", "/")
        assert not cookie.domain or cookie.domain == "localhost"


def test_a_form_from_elsewhere_is_refused_under_tls(
    database: str, engines: dict[str, Engine], sessions: sessionmaker[Session], session: Session, tmp_path: Path
) -> None:
    tiny_world(session)
    settings = make_settings(
        tmp_path, MEETINGS_ENV="production", MEETINGS_BASE_URL="https://localhost", MEETINGS_NOW=""
    )
    service = Service(settings, load_partnership(folder("agendas")), engines[database], sessions)
    client = create_app(settings, service).test_client()
    token = csrf_token(client.get("/sign-in", base_url="https://localhost").text)
    values = {"csrf_token": token, "email": "coordinator@exampleshire.example", "password": PASSWORD}
    for headers in ({}, {"Referer": "https://evil.example/"}, {"Referer": "http://localhost/sign-in"}):
        assert client.post("/sign-in", data=values, base_url="https://localhost", headers=headers).status_code == 400
