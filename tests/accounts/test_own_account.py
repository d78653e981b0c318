"""Accepting an invitation, and one's own account."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.accounts.queries import account_of_invitation
from meetings_app.accounts.service import INVITATION_LASTS, disable, invite
from meetings_app.permissions import OPERATOR
from tests.support.world import NOW, PASSWORD, send, sign_in, tiny_world

CHOSEN = "otter lamp violin harbour"
INVITED = {"email": "new@exampleshire.example", "name": "Testy McNew", "role": "analyst", "agency_code": "police"}


def test_an_invited_person_chooses_a_password_and_goes_on_to_the_second_factor(app: Flask, session: Session) -> None:
    _account, token = invite(session, OPERATOR, NOW, **INVITED)
    session.commit()
    client = app.test_client()
    assert "new@exampleshire.example" in client.get(f"/invitation/{token}").text
    refused = send(client, f"/invitation/{token}", {"password": "password1234"})
    assert refused.status_code == 400
    assert "harder to guess" in refused.text
    assert "password1234" not in refused.text
    assert send(client, f"/invitation/{token}", {"password": CHOSEN}).location == "/sign-in/set-up"
    assert client.get("/account").status_code == 302
    assert client.get(f"/invitation/{token}").status_code == 404


def test_an_invitation_ends_after_a_week_and_with_the_account(session: Session) -> None:
    from meetings_app.accounts.gate import hash_of

    account, token = invite(session, OPERATOR, NOW, **INVITED)
    almost = NOW + INVITATION_LASTS - timedelta(seconds=1)
    assert account_of_invitation(session, hash_of(token), almost) is account
    assert account_of_invitation(session, hash_of(token), NOW + INVITATION_LASTS) is None
    assert account_of_invitation(session, hash_of(token + "x"), NOW) is None
    disable(session, OPERATOR, NOW, account.key)
    assert account_of_invitation(session, hash_of(token), NOW) is None


@pytest.mark.parametrize(
    ("current", "password", "says"),
    [
        ("wrong password here", CHOSEN, "The password is not right"),
        (PASSWORD, "password1234", "harder to guess"),
        (PASSWORD, "", "Enter a new password"),
        ("", CHOSEN, "Enter your present password"),
    ],
)
def test_a_password_is_not_changed_by_a_wrong_form(
    app: Flask, session: Session, current: str, password: str, says: str
) -> None:
    tiny_world(session)
    client = app.test_client()
    sign_in(client, "police")
    answer = send(client, "/account/password", {"present_password": current, "password": password}, page="/account")
    assert answer.status_code == 400
    assert says in answer.text
    sign_in(app.test_client(), "police")


def test_changing_the_password_signs_out_every_other_browser(app: Flask, session: Session) -> None:
    tiny_world(session)
    here, elsewhere = app.test_client(), app.test_client()
    sign_in(here, "police")
    sign_in(elsewhere, "police")
    answer = send(here, "/account/password", {"present_password": PASSWORD, "password": CHOSEN}, page="/account")
    assert answer.location == "/account"
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    sign_in(elsewhere, "police", CHOSEN)
    wrong = {"email": "police@exampleshire.example", "password": PASSWORD}
    assert send(app.test_client(), "/sign-in", wrong).status_code == 400


def test_signing_out_everywhere_ends_every_browser(app: Flask, session: Session) -> None:
    tiny_world(session)
    here, elsewhere = app.test_client(), app.test_client()
    sign_in(here, "police")
    sign_in(elsewhere, "police")
    assert send(here, "/account/sign-out-everywhere", {}, page="/account").location == "/sign-in"
    assert here.get("/account").status_code == 302
    assert elsewhere.get("/account").status_code == 302
