"""What the check of the night found is on the coordinator's home page until it is put right, each with its link."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import AccountState
from meetings_app.actions.models import Action
from meetings_app.actions.service import give
from meetings_app.jobs.breaches import keep_breaches
from meetings_app.jobs.models import BreachFound, JobRun
from meetings_app.jobs.timetable import CHECK, check_promises
from meetings_app.meetings.checks import every_breach
from meetings_app.permissions import OPERATOR, Role
from meetings_app.resources import folder
from tests.support.browsing import browser, text_of
from tests.support.children import agency_id, child_of, put_on_list
from tests.support.meetings import series
from tests.support.rmm import OFFICE, Rmm, referred, rmm
from tests.support.world import NOW, add_account

LINE = "thing the check of the night found is to be put right"


@pytest.fixture
def day(session: Session) -> Rmm:
    return rmm(session)


def checked(session: Session) -> list[BreachFound]:
    """Run the check of the night; gives what stands."""
    session.flush()
    check_promises(session, NOW, OFFICE)
    found = session.scalars(select(BreachFound).where(col(BreachFound.cleared_at).is_(None))).all()
    session.commit()
    return list(found)


def action_of_the_police(day: Rmm) -> Action:
    child = child_of(day.session, put_on_list(day.session))
    police = day.world.police
    return give(day.session, OPERATOR, NOW, child, "Invented.", police.agency_id, police.key, NOW.date())


def rows(app: Flask, who: str) -> str:
    return text_of(browser(app, who), "/waiting/breaches")


def test_it_is_counted_on_the_home_page_and_gone_once_it_is_put_right(app: Flask, session: Session, day: Rmm) -> None:
    entry = put_on_list(session, lead=None)
    reference = child_of(session, entry).reference
    (found,) = checked(session)
    assert (found.code, found.reference) == ("no_lead_agency", reference)
    session.close()
    assert LINE in text_of(browser(app, "coordinator"), "/")
    page = rows(app, "coordinator")
    assert f'href="/children/{reference}"' in page
    assert "Is rated high without a lead agency." in page
    session.get_one(type(entry), entry.key).lead_agency_id = day.world.police.agency_id
    session.commit()
    session.close()
    assert LINE not in text_of(browser(app, "coordinator"), "/")
    assert reference not in rows(app, "coordinator")
    assert checked(session) == []
    assert session.scalars(select(BreachFound)).one().cleared_at == NOW


def test_an_action_in_nobodys_hands_is_shown_once_on_the_list_that_is_always_fresh(
    app: Flask, session: Session, day: Rmm
) -> None:
    action = action_of_the_police(day)
    day.world.police.state = AccountState.DISABLED
    (found,) = checked(session)
    assert (found.code, found.href) == ("action_without_owner", f"/actions/{action.reference}/reassign")
    session.close()
    assert action.reference not in rows(app, "coordinator")
    assert f'href="{found.href}"' in text_of(browser(app, "coordinator"), "/waiting/hands")


def test_what_waits_for_a_meeting_is_gone_once_one_is_made_and_leads_there(
    app: Flask, session: Session, day: Rmm
) -> None:
    child = referred(session)
    session.execute(sa.text("UPDATE meeting SET state = 'cancelled'"))
    (found,) = checked(session)
    session.close()
    page = rows(app, "coordinator")
    assert f"R-{child.key:05}" in page
    assert 'href="/meetings/series"' in page
    # A chair prepares agendas and makes no series.
    assert 'href="/meetings/series"' not in rows(app, "chair-cs")
    assert f"R-{child.key:05}" in rows(app, "chair-cs")
    series(session, start=NOW.date() + timedelta(days=8))
    session.commit()
    session.close()
    assert found.reference not in rows(app, "coordinator")


def test_a_breach_that_a_meeting_ahead_did_not_prevent_stays_until_the_next_check(
    app: Flask, session: Session, day: Rmm
) -> None:
    child = referred(session)
    session.execute(sa.text("UPDATE referral SET area_id = (SELECT id FROM area WHERE code = 'NW')"))
    (found,) = checked(session)
    assert (found.child_id, found.without_meeting) == (child.key, False)
    session.close()
    assert found.reference in rows(app, "coordinator")


@pytest.mark.parametrize("who", ["coordinator-nw", "coordinator", "county"])
def test_each_coordinator_sees_what_concerns_their_areas_and_a_file_is_for_the_county(
    app: Flask, session: Session, day: Rmm, who: str
) -> None:
    add_account(session, "county", Role.COORDINATOR, "childrens-services")
    child = child_of(session, put_on_list(session, name="Testy McHidden"))
    child.name_key = "another"
    session.flush()
    found = every_breach(session, NOW.date(), folder("agendas"), OFFICE.partnership)
    keep_breaches(session, NOW, [*found, type(found[0])("changed_default", "rmm.toml", "differs.")])
    session.commit()
    session.close()
    page = rows(app, who)
    assert (child.reference in page, "Testy McHidden" in page) == ((who != "coordinator-nw",) * 2)
    assert ("rmm.toml" in page) is (who == "county")


@pytest.mark.parametrize("who", ["police", "health"])
def test_nobody_else_has_the_page(app: Flask, session: Session, day: Rmm, who: str) -> None:
    session.close()
    text_of(browser(app, who), "/waiting/breaches", status=404)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (None, "The check has not run for a day, or ever"),
        (26, "The check has not run for a day; it last ran on"),
        (6, "The check of the night last ran on 23 November 2026, 3am"),
    ],
)
def test_the_home_page_says_when_the_check_last_ran_and_loudly_that_it_did_not(
    app: Flask, session: Session, day: Rmm, hours: int | None, words: str
) -> None:
    if hours is not None:
        at = NOW - timedelta(hours=hours)
        session.add(JobRun(job=CHECK, slot=at, finished_at=at, result="0 breaches"))
    session.commit()
    session.close()
    page = text_of(browser(app, "coordinator"), "/")
    assert words in page
    assert ("has not run for a day" in page) is (hours != 6)
    assert "check of the night" not in text_of(browser(app, "police"), "/")


def test_what_stands_keeps_the_day_it_was_found_and_is_kept_once(session: Session, day: Rmm) -> None:
    action_of_the_police(day)
    day.world.police.state = AccountState.DISABLED
    checked(session)
    check_promises(session, NOW + timedelta(days=1), OFFICE)
    assert [row.found_at for row in session.scalars(select(BreachFound))] == [NOW]
    assert agency_id(session, "police") == day.world.police.agency_id
