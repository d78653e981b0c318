"""Inviting a person: what is stored, what is refused, who may."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.gate import hash_of
from meetings_app.accounts.models import AccountState, RoleGrant
from meetings_app.accounts.service import invite
from meetings_app.errors import NotFound, RuleBroken
from meetings_app.permissions import OPERATOR, Role
from tests.support.world import actor_for, add_account, tiny_world

GOOD = {"email": "New@Exampleshire.example ", "name": " Testy  McNew ", "role": "coordinator", "agency_code": "police"}


def test_an_invited_person_waits_and_only_the_hash_of_the_token_is_stored(session: Session, now: datetime) -> None:
    account, token = invite(session, OPERATOR, now, **GOOD, area_codes=["NE", "NW"])
    assert (account.email, account.name, account.state) == (
        "new@exampleshire.example",
        "Testy McNew",
        AccountState.INVITED,
    )
    assert account.invitation_hash == hash_of(token)
    grants = session.execute(select(col(RoleGrant.role), col(RoleGrant.area_id)).order_by(col(RoleGrant.id))).all()
    assert [role for role, _area in grants] == [Role.COORDINATOR, Role.COORDINATOR]
    assert None not in [area for _role, area in grants]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "two words@example.org"}, "email"),
        ({"email": "a@b@example.org"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "Testy\x07"}, "name"),
        ({"role": "king"}, "role"),
        ({"agency_code": "circus"}, "agency"),
        ({"area_codes": ["NE", "XX"]}, "areas"),
        ({"role": "school"}, "school"),
        ({"school_code": "nowhere"}, "school"),
    ],
)
def test_what_cannot_be_used_is_refused_by_field(
    session: Session, now: datetime, change: dict[str, str], field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        invite(session, OPERATOR, now, **{**GOOD, **change})
    assert refused.value.field == field


def test_an_address_has_one_account(session: Session, now: datetime) -> None:
    invite(session, OPERATOR, now, **GOOD)
    with pytest.raises(RuleBroken, match="already an account"):
        invite(session, OPERATOR, now, **{**GOOD, "email": "NEW@exampleshire.example"})


def test_only_administrators_invite(session: Session, now: datetime) -> None:
    world = tiny_world(session)
    with pytest.raises(NotFound):
        invite(session, actor_for(session, world.coordinator), now, **GOOD)
    administrator = add_account(session, "admin", Role.ADMINISTRATOR, "childrens-services")
    invite(session, actor_for(session, administrator), now, **GOOD)
