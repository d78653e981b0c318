"""Signing in: both steps, what is refused, and that nobody learns who has an account."""

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.audit.models import AuditEvent
from tests.support.world import NOW, PASSWORD, SECRET, send, sign_in, tiny_world

ADDRESS = "coordinator@exampleshire.example"


def kinds(session: Session) -> list[str]:
    found = list(session.scalars(select(col(AuditEvent.kind)).order_by(col(AuditEvent.id))))
    session.rollback()
    return found


def test_a_person_signs_in_with_password_and_code(app: Flask, session: Session) -> None:
    tiny_world(session)
    client = app.test_client()
    assert client.get("/account").location == "/sign-in?next=/account"
    sign_in(client, "coordinator")
    page = client.get("/account")
    assert page.status_code == 200
    assert ADDRESS in page.text
    assert "signed_in" in kinds(session)


def test_the_password_alone_opens_nothing(app: Flask, session: Session) -> None:
    tiny_world(session)
    client = app.test_client()
    answer = send(client, "/sign-in", {"email": ADDRESS, "password": PASSWORD})
    assert answer.location == "/sign-in/code"
    assert client.get("/account").status_code == 302
    assert "signed_in" not in kinds(session)


def test_signing_in_leads_to_the_page_that_was_wanted_and_never_elsewhere(app: Flask, session: Session) -> None:
    tiny_world(session)
    client = app.test_client()
    answer = send(client, "/sign-in?next=/account", {"email": ADDRESS, "password": PASSWORD})
    code = pyotp.TOTP(SECRET).at(NOW)
    assert send(client, answer.location, {"code": code}).location == "/account"
    for target in ("https://evil.example", "//evil.example", "/\\evil.example", "/x\\evil", "javascript:alert(1)"):
        assert client.get("/sign-in", query_string={"next": target}).location == "/"


@pytest.mark.parametrize(
    ("email", "password"),
    [(ADDRESS, "wrong password here"), ("nobody@exampleshire.example", PASSWORD), ("", PASSWORD), (ADDRESS, "")],
)
def test_a_wrong_or_missing_answer_is_refused_and_the_address_kept(
    app: Flask, session: Session, email: str, password: str
) -> None:
    tiny_world(session)
    answer = send(app.test_client(), "/sign-in", {"email": email, "password": password})
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert f'value="{email}"' in answer.text
    assert password not in answer.text or not password


def test_unknown_and_known_accounts_get_the_same_page(app: Flask, session: Session) -> None:
    tiny_world(session)
    pages = []
    for email in (ADDRESS, "no-ordinator@exampleshire.example"):
        client = app.test_client()
        answer = send(client, "/sign-in", {"email": email, "password": "wrong password here"})
        html = answer.text.replace(email, "")
        for hidden in ("csrf_token", "form_id"):
            before, after = html.split(f'name="{hidden}"')[0], html.split(f'name="{hidden}"')[1].split(">", 1)[1]
            html = before + after
        nonce = answer.headers["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
        pages.append(html.replace(nonce, ""))
    assert pages[0] == pages[1]


def test_a_failure_is_recorded_even_though_the_answer_is_an_error(app: Flask, session: Session) -> None:
    tiny_world(session)
    send(app.test_client(), "/sign-in", {"email": ADDRESS, "password": "wrong password here"})
    assert kinds(session)[-1] == "sign_in_failed"


def test_a_code_may_be_typed_with_spaces_and_works_once(app: Flask, session: Session) -> None:
    tiny_world(session)
    code = pyotp.TOTP(SECRET).at(NOW)
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        send(client, "/sign-in", {"email": ADDRESS, "password": PASSWORD})
    assert send(first, "/sign-in/code", {"code": f" {code[:3]} {code[3:]} "}).status_code == 302
    refused = send(second, "/sign-in/code", {"code": code})
    assert refused.status_code == 400
    assert "has been used" in refused.text
    assert second.get("/account").status_code == 302


def test_a_first_sign_in_shows_the_key_once_and_takes_its_first_code(app: Flask, session: Session) -> None:
    world = tiny_world(session)
    world.police.totp_secret = world.police.totp_last_step = None
    session.commit()
    client = app.test_client()
    answer = send(client, "/sign-in", {"email": world.police.email, "password": PASSWORD})
    assert answer.location == "/sign-in/set-up"
    page = client.get("/sign-in/set-up").text
    secret = session.scalars(select(col(Account.totp_secret)).where(col(Account.id) == world.police.id)).one()
    session.rollback()
    assert secret is not None
    assert secret[:4] + " " + secret[4:8] in page
    assert "<svg" in page
    assert "style=" not in page
    assert send(client, "/sign-in/set-up", {"code": "000 000"}).status_code == 400
    assert send(client, "/sign-in/set-up", {"code": pyotp.TOTP(secret).at(NOW)}).status_code == 302
    assert client.get("/account").status_code == 200
    assert client.get("/sign-in/set-up").status_code == 302
    assert "second_factor_set" in kinds(session)
