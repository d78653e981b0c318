"""Builders of people for tests, and signing in through the real pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pyotp
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, School
from meetings_app.accounts.queries import actor_of
from meetings_app.accounts.service import invite
from meetings_app.app import Service
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR, Actor, Role
from tests.support.remembered import remembered

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""The moment at which every test takes place unless it says otherwise, as in `tests/conftest.py`."""

PASSWORD = "plainly-invented-otter-lamp"
"""The password of everybody in a test who was given none of their own."""

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""The key of everybody's second factor."""


@cache
def quick_hash(password: str) -> str:
    """Give a hash that is checked in well under a millisecond; its costs stand in the hash itself."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


def add_account(
    session: Session,
    email: str,
    role: Role | str,
    agency: str,
    areas: Sequence[str] = (),
    password: str | None = None,
    school: str | None = None,
    name: str | None = None,
    now: datetime = NOW,
) -> Account:
    """Add a person who can sign in at once. `session` acts for the operator; commit before a client's request.

    `email` may be the part before the @ alone. No `areas` means the whole county.
    """
    address = email if "@" in email else f"{email}@exampleshire.example"
    account, _token = invite(
        session, OPERATOR, now, email=address, name=name or f"Testy Mc{email.split('@')[0].title()}", role=role,
        agency_code=agency, area_codes=areas, school_code=school,
    )  # fmt: skip
    account.state = AccountState.ACTIVE
    account.invitation_hash = account.invitation_ends_at = None
    account.password_hash = quick_hash(password or PASSWORD)
    account.totp_secret, account.totp_last_step = SECRET, 0
    session.flush()
    return account


def add_school(session: Session, code: str, name: str) -> School:
    """Add a school to the reference data."""
    school = School(code=code, name=name)
    session.add(school)
    session.flush()
    return school


def actor_for(session: Session, account: Account) -> Actor:
    """Give the account as the one who acts."""
    actor = actor_of(session, account.key)
    assert actor is not None
    return actor


@dataclass(frozen=True)
class TinyWorld:
    """The people of one area's RMM, and one coordinator of another area."""

    coordinator: Account
    chair_cs: Account
    chair_fs: Account
    police: Account
    education: Account
    health: Account
    coordinator_nw: Account


@remembered
def tiny_world(session: Session) -> TinyWorld:
    """Add the people of the North East's RMM and a coordinator of the North West; commits."""
    world = TinyWorld(
        coordinator=add_account(session, "coordinator", Role.COORDINATOR, "childrens-services", ["NE"]),
        chair_cs=add_account(session, "chair-cs", Role.CHAIR, "childrens-services", ["NE"]),
        chair_fs=add_account(session, "chair-fs", Role.CHAIR, "family-services", ["NE"]),
        police=add_account(session, "police", Role.REPRESENTATIVE, "police", ["NE"]),
        education=add_account(session, "education", Role.REPRESENTATIVE, "education", ["NE"]),
        health=add_account(session, "health", Role.REPRESENTATIVE, "health", ["NE"]),
        coordinator_nw=add_account(session, "coordinator-nw", Role.COORDINATOR, "childrens-services", ["NW"]),
    )
    session.commit()
    return world


def csrf_token(page: str) -> str:
    """Give the hidden token of the first form of a page that carries one."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "the page has no form with a token"
    return found.group(1)


def form_id(page: str) -> str:
    """Give the id of the first form of a page that carries one, or an empty text."""
    found = re.search(r'name="form_id"[^>]*value="([^"]+)"', page)
    return found.group(1) if found else ""


def send(client: FlaskClient, address: str, values: dict[str, Any], page: str | None = None) -> Any:
    """Open the page at `address` (or at `page`) and send its form with `values`, as a browser would."""
    html = client.get(page or address, base_url=_base(client)).get_data(as_text=True)
    hidden = {"csrf_token": csrf_token(html), "form_id": form_id(html)}
    headers = {"Referer": f"{_base(client)}{page or address}"}
    return client.post(address, data={**hidden, **values}, base_url=_base(client), headers=headers)


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> None:
    """Sign in through the real pages, with the second factor where the settings ask for it.

    The clock of most tests stands still and a code works once, so the last code used is forgotten first.
    """
    address = email if "@" in email else f"{email}@exampleshire.example"
    service: Service = client.application.extensions["meetings"]
    with service.sessions.begin() as session:
        act_for(session, OPERATOR)
        account = session.scalars(select(Account).where(col(Account.email) == address)).one()
        account.totp_last_step = 0
    answer = send(client, "/sign-in", {"email": address, "password": password})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    if service.settings.second_factor_required:
        code = pyotp.TOTP(SECRET).at(service.settings.clock.now())
        answer = send(client, "/sign-in/code", {"code": code})
        assert answer.status_code == 302, answer.get_data(as_text=True)


def _base(client: FlaskClient) -> str:
    """Give the address a browser would use: secure cookies need https."""
    return "https://localhost" if client.application.config["SESSION_COOKIE_SECURE"] else "http://localhost"
