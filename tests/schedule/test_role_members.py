"""Who is invited follows the roles: a chair who changes, a person who leaves, and who was invited by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, RoleGrant
from meetings_app.meetings import arranging
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR, Role
from meetings_app.schedule import queries, service
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.meetings import area_id, office, series
from tests.support.world import NOW, TinyWorld, add_account, tiny_world

HOUR = timedelta(hours=1)


@pytest.fixture
def world(session: Session) -> TinyWorld:
    return tiny_world(session)


@pytest.fixture
def meeting(session: Session, world: TinyWorld) -> Meeting:
    return series(session, count=1)[0]


def end_roles(session: Session, account: Account) -> None:
    for grant in session.scalars(select(RoleGrant).where(col(RoleGrant.account_id) == account.key)):
        grant.ended_at = NOW + HOUR
    session.flush()


def keep(session: Session, hours: int = 2) -> int:
    return arranging.keep_members(session, OPERATOR, NOW + hours * HOUR, office())


def told(session: Session, account: Account) -> list[str | None]:
    rows = session.scalars(
        select(OutboxMail).where(col(OutboxMail.account_id) == account.key).order_by(col(OutboxMail.id))
    )
    return [mail.method for mail in rows]


def test_a_chair_who_changes_is_taken_off_and_the_new_one_invited_each_told_alone(
    session: Session, world: TinyWorld, meeting: Meeting
) -> None:
    new = add_account(session, "newchair", "chair", "childrens-services", ["NE"], now=NOW + HOUR)
    end_roles(session, world.chair_cs)
    assert [keep(session), keep(session)] == [2, 0]
    invited = {person.key for person in queries.invited(session, meeting.key)}
    assert new.key in invited
    assert world.chair_cs.key not in invited
    assert (told(session, world.chair_cs), told(session, new)) == (["REQUEST", "CANCEL"], ["REQUEST"])
    assert told(session, world.police) == ["REQUEST"], "nobody else hears of it"


def test_who_is_disabled_is_taken_off(session: Session, world: TinyWorld, meeting: Meeting) -> None:
    world.police.state = AccountState.DISABLED
    session.flush()
    assert keep(session) == 1
    assert world.police.key not in {person.key for person in queries.invited(session, meeting.key)}


def test_who_was_invited_by_hand_after_leaving_a_role_stays(
    session: Session, world: TinyWorld, meeting: Meeting
) -> None:
    end_roles(session, world.police)
    assert keep(session) == 1
    service.add_member(session, OPERATOR, NOW + 3 * HOUR, office(), meeting, world.police)
    assert keep(session, 4) == 0
    assert world.police.key in {person.key for person in queries.invited(session, meeting.key)}


def test_who_was_removed_by_hand_stays_away_until_a_role_is_given_anew(
    session: Session, world: TinyWorld, meeting: Meeting
) -> None:
    service.remove_member(session, OPERATOR, NOW, office(), meeting, world.health)
    assert keep(session) == 0
    session.add(
        RoleGrant(
            account_id=world.health.key, role=Role.REPRESENTATIVE, area_id=area_id(session), granted_at=NOW + HOUR
        )
    )  # fmt: skip
    session.flush()
    assert keep(session) == 1
    assert told(session, world.health)[-1] == "REQUEST"


def test_a_meeting_that_has_begun_keeps_its_members(session: Session, world: TinyWorld, meeting: Meeting) -> None:
    end_roles(session, world.police)
    meeting.state = MeetingState.IN_PROGRESS
    session.flush()
    assert keep(session) == 0
