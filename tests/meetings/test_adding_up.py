"""The list adds up: each breach is made by SQL in a healthy database, and is named by its reference alone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from meetings_app.actions.service import give
from meetings_app.child_record.leaving import agree, begin_death, begin_transfer
from meetings_app.child_record.leaving_rules import Transfer
from meetings_app.children.models import YesNoUnknown
from meetings_app.cse_list.checks import Breach
from meetings_app.jobs.timetable import check_promises
from meetings_app.meetings.adding_up import adding_up
from meetings_app.meetings.checks import every_breach
from meetings_app.meetings.closing import close_meeting
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from meetings_app.resources import folder
from tests.support.children import agency_id, put_on_list
from tests.support.rmm import OFFICE, child_of, due, rated, rmm
from tests.support.statements import statements_of
from tests.support.world import NOW

AGENDAS = folder("agendas")


def found(session: Session) -> list[Breach]:
    session.flush()
    session.expire_all()
    return every_breach(session, NOW.date(), AGENDAS, OFFICE.partnership)


def codes(session: Session) -> list[tuple[str, str]]:
    return [(breach.code, breach.reference) for breach in found(session)]


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("UPDATE list_entry SET state = 'closed', closed_on = '2026-11-20', next_meeting_id = NULL", "no_way_off"),
        ("UPDATE list_entry SET leaving = 'death'", "kept_facts"),
    ],
)
def test_an_entry_that_does_not_add_up_is_named(session: Session, harm: str, code: str) -> None:
    reference = due(rmm(session).session).reference
    assert found(session) == []
    session.execute(sa.text(harm))
    assert codes(session) == [(code, reference)]
    assert f"breaches: {len(found(session))}" == check_promises(session, NOW, OFFICE)


def test_a_rated_child_who_is_on_no_list_is_named(session: Session) -> None:
    day = rmm(session)
    child = due(day.session)
    session.execute(sa.text("UPDATE list_entry SET state = 'closed', closed_on = '2026-01-01', next_meeting_id = NULL"))
    assert codes(session) == [("no_way_off", child.reference), ("rated_not_listed", child.reference)]


def test_a_child_who_died_after_a_meeting_held_before_its_planned_day_is_no_breach(session: Session) -> None:
    """The meeting of the 24th is held and closed on the 23rd; both chairs record the death on that day."""
    day = rmm(session)
    child = due(session)
    day.open()
    day.decide(child, rated(session, RiskRating.LOW, social_worker=YesNoUnknown.NO))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    later = NOW + timedelta(hours=1)
    row = begin_death(session, day.act("chair_cs"), later, OFFICE, child, "Told by the hospital, invented.")
    agree(session, day.act("chair_fs"), later, OFFICE, row, row.version)
    day.operator()
    assert found(session) == []


def test_a_child_who_left_and_is_listed_is_named(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    transfer = Transfer("Invented Borough", "Testy McContact", "Invented.")
    begin_transfer(session, day.act("chair_cs"), NOW, OFFICE, child, transfer)
    day.operator()
    assert found(session) == []
    session.execute(
        sa.text("UPDATE departure SET state = 'left', left_on = '2026-11-23', agreed_at = '2026-11-23 09:00:00'")
    )
    session.execute(sa.text("UPDATE list_entry SET leaving = NULL"))
    assert codes(session) == [("left_and_listed", child.reference)]


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("UPDATE action SET agency_id = (SELECT id FROM agency WHERE code = 'health')", "owner_of_another_agency"),
        ("UPDATE role_grant SET area_id = (SELECT id FROM area WHERE code = 'NW')", "owner_may_not_see"),
    ],
)
def test_an_action_in_the_wrong_hands_is_named(session: Session, harm: str, code: str) -> None:
    day = rmm(session)
    child = child_of(session, put_on_list(session))
    police, due_on = agency_id(session, "police"), NOW.date() + timedelta(days=9)
    action = give(session, OPERATOR, NOW, child, "Invented.", police, day.world.police.key, due_on)
    assert found(session) == []
    session.execute(sa.text(harm))
    assert codes(session) == [(code, action.reference)]


@pytest.mark.parametrize("missing", ["owner_id", "due_on"])
def test_an_open_action_without_owner_or_date_cannot_be_kept(session: Session, missing: str) -> None:
    day = rmm(session)
    child = child_of(session, put_on_list(session))
    give(session, OPERATOR, NOW, child, "Invented.", agency_id(session, "police"), day.world.police.key, NOW.date())
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.text(f"UPDATE action SET {missing} = NULL"))


def test_checking_who_may_see_costs_the_same_for_two_actions_as_for_twelve(session: Session) -> None:
    day = rmm(session)
    sent: list[int] = []
    for _ in range(2):
        for _ in range(1 + 5 * len(sent)):
            child = child_of(session, put_on_list(session))
            police, due_on = agency_id(session, "police"), NOW.date() + timedelta(days=9)
            give(session, OPERATOR, NOW, child, "Invented.", police, day.world.police.key, due_on)
        session.flush()
        with statements_of(session.connection().engine) as counted:
            assert list(adding_up(session, OFFICE.partnership)) == []
        sent.append(len(counted))
    assert sent[0] == sent[1]
