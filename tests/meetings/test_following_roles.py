"""A role given or ended reaches the invites in the same step, whatever page or command changed it; no job is needed."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.accounts.queries import profile_of
from meetings_app.config import Settings
from meetings_app.notices.models import OutboxMail
from meetings_app.schedule import queries
from tests.support.browsing import browser
from tests.support.imports import Commands
from tests.support.meetings import series
from tests.support.world import add_account, send, tiny_world


@pytest.fixture
def county(session: Session) -> str:
    """The North East meets twice; somebody of the North West has no part in it. Gives the first reference."""
    tiny_world(session)
    add_account(session, "administrator", "administrator", "childrens-services", [])
    add_account(session, "far", "chair", "childrens-services", ["NW"])
    reference = series(session, count=2)[0].reference
    session.commit()
    return reference


def told(session: Session, name: str) -> list[str | None]:
    rows = session.scalars(
        select(OutboxMail)
        .where(col(OutboxMail.recipient_address).startswith(f"{name}@"), col(OutboxMail.invite).is_not(None))
        .order_by(col(OutboxMail.id))
    ).all()
    session.rollback()
    return [mail.method for mail in rows]


def account(session: Session, name: str) -> tuple[int, str]:
    key = session.scalars(select(Account).where(col(Account.email).startswith(f"{name}@"))).one().key
    profile = profile_of(session, key)
    session.rollback()
    assert profile is not None
    return key, str(profile.version)


def test_a_role_given_on_the_page_invites_and_one_ended_takes_off(app: Flask, session: Session, county: str) -> None:
    administrator = browser(app, "administrator")
    key, version = account(session, "far")
    page = f"/accounts/{key}"
    values = {"version": version, "role": "deputy-chair", "areas": ["NE"]}
    assert send(administrator, f"{page}/roles", values, page).status_code == 302
    assert told(session, "far") == ["REQUEST", "REQUEST"], "one for each meeting ahead"
    assert told(session, "police") == ["REQUEST", "REQUEST"], "nobody else hears of it"
    ends = re.findall(rf"/accounts/{key}/roles/\d+/end", administrator.get(page).get_data(as_text=True))
    values = {"version": account(session, "far")[1]}
    assert send(administrator, ends[-1], values, page).status_code == 302
    assert told(session, "far") == ["REQUEST", "REQUEST", "CANCEL", "CANCEL"]
    refused = send(administrator, f"{page}/roles", {"version": "1", "role": "chair", "areas": ["NE"]}, page)
    assert refused.status_code == 409
    assert len(told(session, "far")) == 4, "what is refused invites nobody"


def test_who_is_added_by_the_command_is_invited_and_who_is_disabled_is_taken_off(
    settings: Settings, sessions: sessionmaker[Session], engines: dict[str, sa.Engine], database: str,
    session: Session, county: str, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run = Commands(settings, engines[database], sessions, capsys)
    new = ("users", "add", "new@exampleshire.example", "--name", "Testy McNew", "--role", "chair")
    assert run.run(*new, "--agency", "family-services", "--area", "NE").code == 0
    assert told(session, "new") == ["REQUEST", "REQUEST"]
    meeting = queries.find_meeting(session, county)
    assert meeting is not None
    assert "new@exampleshire.example" in {person.email for person in queries.invited(session, meeting.key)}
    session.rollback()
    assert run.run("users", "disable", "new@exampleshire.example").code == 0
    assert told(session, "new") == ["REQUEST", "REQUEST", "CANCEL", "CANCEL"]
