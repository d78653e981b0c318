"""Administrators manage accounts: invitations, roles, the end of an account; and see no child."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts import handing_over
from meetings_app.accounts.models import Account, AccountState
from meetings_app.accounts.queries import actor_of, grants_of, id_of_email, profile_of
from meetings_app.accounts.service import add_role, disable, end_role, reset
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.notices.invitations import queue_invitation
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR, Role
from tests.support.world import NOW, actor_for, add_account, send, sign_in, tiny_world

FORM = {"name": "Testy McNew", "email": "new@exampleshire.example", "role": "representative", "agency": "police"}


@pytest.fixture
def administrator(app: Flask, session: Session) -> FlaskClient:
    """A browser in which an administrator has signed in, in a process in which invitations go out by mail."""
    handing_over.use(queue_invitation)
    tiny_world(session)
    add_account(session, "admin", Role.ADMINISTRATOR, "childrens-services")
    session.commit()
    client = app.test_client()
    sign_in(client, "admin")
    return client


def test_the_list_shows_everybody_with_roles_and_state(administrator: FlaskClient) -> None:
    page = administrator.get("/accounts").text
    assert "coordinator-nw@exampleshire.example" in page
    assert "Coordinator, North West" in page
    assert "Administrator, whole county" in page


def test_the_link_of_an_invitation_is_shown_once(administrator: FlaskClient, session: Session) -> None:
    answer = send(administrator, "/accounts/invite", {**FORM, "areas": ["NE", "SE"]})
    assert answer.status_code == 302
    page = administrator.get(answer.location).text
    found = re.search(r"http://127\.0\.0\.1:8000/invitation/([\w-]+)", page)
    assert found is not None
    assert "Representative, North East\nRepresentative" not in page
    assert "invitation/" not in administrator.get(answer.location).text
    assert administrator.get(f"/invitation/{found.group(1)}").status_code == 200
    mail = session.execute(select(col(OutboxMail.recipient_address), col(OutboxMail.body))).one()
    assert (mail.recipient_address, found.group(0) in mail.body) == (FORM["email"], True)
    profile = profile_of(session, id_of_email(session, FORM["email"]))
    assert profile is not None
    assert profile.roles == ("Representative, North East", "Representative, South East")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"areas": []}, "Choose at least one area, or the whole county"),
        ({"areas": ["NE", "*"]}, "Choose either areas or the whole county"),
        ({"name": ""}, "Enter the person’s full name"),
        ({"email": "nobody"}, "Enter an email address in the correct format"),
        ({"email": "police@exampleshire.example"}, "There is already an account"),
        ({"role": ""}, "Choose a role"),
        ({"role": "school"}, "Choose the school this person works at"),
        ({"agency": ""}, "Choose an agency"),
    ],
)
def test_a_wrong_invitation_is_refused_beside_the_field_and_kept(
    administrator: FlaskClient, change: dict[str, Any], says: str
) -> None:
    answer = send(administrator, "/accounts/invite", {**FORM, "areas": ["NE"], **change})
    assert answer.status_code == 400
    assert answer.text.count(says) == 2
    if "name" not in change:
        assert 'value="Testy McNew"' in answer.text


def test_a_role_given_and_ended_works_from_the_next_page_on(administrator: FlaskClient, session: Session) -> None:
    account_id = id_of_email(session, "police@exampleshire.example")
    assert account_id is not None
    session.rollback()
    version = {"version": str(version_of(session, account_id)), "role": "analyst", "areas": "*"}
    assert send(administrator, f"/accounts/{account_id}/roles", version, f"/accounts/{account_id}").status_code == 302
    person = actor_of(session, account_id)
    assert person is not None
    assert person.has(Role.ANALYST)
    session.rollback()
    page = administrator.get(f"/accounts/{account_id}").text
    ends = re.findall(rf"/accounts/{account_id}/roles/\d+/end", page)
    values = {"version": str(version_of(session, account_id))}
    assert send(administrator, ends[-1], values, f"/accounts/{account_id}").status_code == 302
    person = actor_of(session, account_id)
    assert person is not None
    assert not person.has(Role.ANALYST)
    assert person.has(Role.REPRESENTATIVE)


def version_of(session: Session, account_id: int) -> int:
    profile = profile_of(session, account_id)
    session.rollback()
    assert profile is not None
    return profile.version


def test_a_reset_takes_password_and_second_factor_and_invites_again(session: Session) -> None:
    account = add_account(session, "police", Role.REPRESENTATIVE, "police", ["NE"])
    token = reset(session, OPERATOR, NOW, account.key)
    assert account.state is AccountState.INVITED
    assert (account.password_hash, account.totp_secret, account.totp_last_step) == (None, None, None)
    assert token
    assert actor_of(session, account.key) is None


def test_of_two_administrators_the_second_is_told(session: Session) -> None:
    account = add_account(session, "police", Role.REPRESENTATIVE, "police", ["NE"])
    opened_at = account.version
    add_role(session, OPERATOR, NOW, account.key, opened_at, Role.ANALYST, [])
    with pytest.raises(Conflict):
        disable(session, OPERATOR, NOW, account.key, opened_at)
    assert account.state is AccountState.ACTIVE


def test_the_same_role_is_given_once(session: Session) -> None:
    account = add_account(session, "police", Role.REPRESENTATIVE, "police", ["NE"])
    with pytest.raises(RuleBroken, match="already"):
        add_role(session, OPERATOR, NOW, account.key, account.version, Role.REPRESENTATIVE, ["NE"])


def test_a_school_role_needs_a_school(session: Session) -> None:
    account = add_account(session, "education", Role.REPRESENTATIVE, "education", ["NE"])
    with pytest.raises(RuleBroken, match="invited for a school"):
        add_role(session, OPERATOR, NOW, account.key, account.version, Role.SCHOOL, [])


def test_nobody_locks_themself_out(session: Session) -> None:
    account = add_account(session, "admin", Role.ADMINISTRATOR, "police")
    by = actor_for(session, account)
    grant = grants_of(session, account.key)[0].id
    for change in (
        lambda: disable(session, by, NOW, account.key),
        lambda: reset(session, by, NOW, account.key),
        lambda: end_role(session, by, NOW, account.key, account.version, grant),
    ):
        with pytest.raises(DomainError, match="your own"):
            change()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR and role is not Role.SCHOOL])
def test_nobody_else_changes_accounts(session: Session, role: Role) -> None:
    account: Account = add_account(session, "somebody", role, "police", ["NE"])
    by = actor_for(session, account)
    for change in (
        lambda: disable(session, by, NOW, account.key),
        lambda: reset(session, by, NOW, account.key),
        lambda: add_role(session, by, NOW, account.key, account.version, Role.ADMINISTRATOR, []),
        lambda: end_role(session, by, NOW, account.key, account.version, 1),
    ):
        with pytest.raises(NotFound):
            change()
