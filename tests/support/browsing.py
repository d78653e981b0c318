"""A browser that has signed in already, for tests that are about something else than signing in."""

import re
import secrets
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from meetings_app.accounts.gate import hash_of
from meetings_app.accounts.models import Account, SignInSession
from meetings_app.app import Service
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR
from tests.support.world import form_id


def browser(app: Flask, email: str) -> FlaskClient:
    """Give a client whose session on the server has passed both factors. Commit the account first."""
    address = email if "@" in email else f"{email}@exampleshire.example"
    service: Service = app.extensions["meetings"]
    now, token = service.settings.clock.now(), secrets.token_urlsafe(16)
    with service.sessions.begin() as session:
        act_for(session, OPERATOR)
        account = session.scalars(select(Account).where(col(Account.email) == address)).one()
        session.add(
            SignInSession(
                token_hash=hash_of(token),
                account_id=account.key,
                created_at=now,
                last_seen_at=now,
                second_factor_at=now,
                confirmed_at=now,
            )
        )
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def text_of(client: FlaskClient, address: str, status: int = 200) -> str:
    """Open a page and give its HTML; the status must be the one expected."""
    answer = client.get(address)
    assert answer.status_code == status, (answer.status_code, address)
    return str(answer.get_data(as_text=True))


def fill_in(client: FlaskClient, address: str, values: dict[str, Any], **more: Any) -> Any:
    """Open the form at `address` and send it with `values`, with its hidden fields kept as a browser would."""
    html = client.get(address).get_data(as_text=True)
    form = re.search(rf'<form method="post" action="(?:{re.escape(address)})?".*?</form>', html, re.DOTALL)
    assert form, f"{address} has no form that is sent to itself"
    hidden = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*type="hidden"[^>]*value="([^"]*)"', form.group()))
    hidden |= dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form.group()))
    assert "csrf_token" in hidden
    assert hidden.get("form_id") == form_id(form.group())
    return client.post(address, data={**hidden, **values}, **more)


def press(client: FlaskClient, address: str, form: str, values: dict[str, str], page: str | None = None) -> Any:
    """Send the form `form` of the page at `address` (or of `page`, opened before), as a browser would."""
    page = page or text_of(client, address)
    found = re.search(rf'<form method="post" action="{re.escape(form)}".*?</form>', page, re.DOTALL)
    assert found, f"there is no form for {form}"
    hidden = {}
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', found.group()):
        pairs = dict(re.findall(r'(name|value)="([^"]*)"', tag))
        hidden[pairs["name"]] = pairs.get("value", "")
    return client.post(form, data={**hidden, **values})
