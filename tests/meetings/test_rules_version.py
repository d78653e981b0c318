"""A decision names the rules it was made under; a change of rules rules at once, and moves no date that was set."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.accounts.models import ImportedDefault
from meetings_app.accounts.reference import apply_defaults, ruling
from meetings_app.app import Service
from meetings_app.children.models import Child
from meetings_app.config import Settings
from meetings_app.cse_list.models import Closure
from meetings_app.cse_list.service import live_entry
from meetings_app.db.session import writing
from meetings_app.jobs.running import run_slot
from meetings_app.jobs.timetable import Job
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.meetings.models import ItemDecision
from meetings_app.partnership import load
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.resources import folder
from meetings_app.schedule.office import Office
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import child_of, put_on_list
from tests.support.rmm import ANSWERS, OFFICE, Rmm, closed, due, rated, rmm
from tests.support.world import NOW, tiny_world

MEDIUM = RiskRating.MEDIUM
IN_42 = ("review_days = 56", "review_days = 42")


def change_rules(session: Session, tmp_path: Path, old: str, new: str) -> None:
    """Let another figure rule, as `meetings agendas apply` does."""
    copy = tmp_path / "agendas"
    shutil.copytree(folder("agendas"), copy, dirs_exist_ok=True)
    text = (copy / "ratings.toml").read_text("utf-8")
    assert old in text
    (copy / "ratings.toml").write_text(text.replace(old, new, 1), "utf-8")
    assert apply_defaults(session, OPERATOR, NOW, copy, "The board decided so.") == ["ratings.toml"]
    session.flush()


def present_office(session: Session) -> Office:
    """Give the office by the rules that the database holds now."""
    bind = session.get_bind()
    assert isinstance(bind, sa.Connection)
    return replace(OFFICE, partnership=ruling(bind, load(folder("agendas"))))


def close(day: Rmm, office: Office) -> None:
    close_meeting(day.session, day.act("chair_cs"), NOW, office, day.meeting, day.meeting.version)
    day.operator()


def decided_in(session: Session, child: Child) -> Rating:
    ratings = select(Rating).where(col(Rating.child_id) == child.key).order_by(col(Rating.id).desc())
    found = session.scalars(ratings.limit(1)).one()
    session.refresh(found)
    return found


@pytest.mark.parametrize(("changed", "days", "version"), [(False, 56, 1), (True, 42, 2)])
def test_a_decision_takes_the_interval_that_rules_and_names_the_version(
    session: Session, tmp_path: Path, changed: bool, days: int, version: int
) -> None:
    day = rmm(session)
    child = due(session, MEDIUM)
    day.open()
    if changed:
        change_rules(session, tmp_path, *IN_42)
    day.decide(child, rated(session, MEDIUM))
    close(day, present_office(session))
    decided = decided_in(session, child)
    assert decided.next_review_on == day.meeting.held_on + timedelta(days=days)
    assert decided.rules_version == version
    assert session.scalars(select(col(ItemDecision.rules_version))).all() == [version]
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    further = minutes.facts["items"][0]["further"]
    assert {"label": "Decided under", "text": f"Version {version} of the rules"} in further


def test_a_date_that_was_set_does_not_move_when_the_rules_change(session: Session, tmp_path: Path) -> None:
    day = rmm(session)
    child = due(session, MEDIUM)
    day.open()
    day.decide(child, rated(session, MEDIUM))
    close(day, present_office(session))
    entry = live_entry(session, child.key)
    assert entry is not None
    before = (entry.next_review_on, entry.plan_due_on)

    change_rules(session, tmp_path, *IN_42)

    session.refresh(entry)
    assert (entry.next_review_on, entry.plan_due_on) == before
    assert decided_in(session, child).rules_version == 1


def test_a_closure_names_the_rules_of_the_day_on_which_it_was_decided(session: Session, tmp_path: Path) -> None:
    change_rules(session, tmp_path, *IN_42)
    day = rmm(session)
    child = due(session, RiskRating.LOW, leaving=True)
    day.open()
    day.decide(child, closed(), ANSWERS)
    close(day, present_office(session))
    assert session.scalars(select(col(Closure.rules_version)).where(col(Closure.child_id) == child.key)).all() == [2]


def test_the_page_of_the_child_says_under_which_version_the_rating_was_decided(app: Flask, session: Session) -> None:
    day = rmm(session)
    child = due(session, MEDIUM)
    day.open()
    day.decide(child, rated(session, MEDIUM))
    close(day, present_office(session))
    reference = child.reference
    session.commit()
    session.close()
    page = text_of(browser(app, "police"), f"/children/{reference}")
    assert "Decided under version 1 of the rules." in page


def test_a_rating_of_before_this_service_names_no_version(session: Session) -> None:
    tiny_world(session)
    child = child_of(session, put_on_list(session, before_service=True))
    assert decided_in(session, child).rules_version is None


def test_a_change_of_the_rules_rules_at_the_next_request_of_a_running_service(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    people = tiny_world(session)
    child = child_of(session, put_on_list(session))
    reference = give_action(session, past_meeting(session), child, people.police, NOW.date()).reference
    session.commit()
    session.close()
    police, address = browser(app, "police"), f"/actions/{reference}"
    answer = {"kind": "new_date", "text": "An invented reason.", "due_on": "2027-04-01"}
    assert "on or before 15 February 2027" in fill_in(police, address, answer).get_data(as_text=True)

    change_rules(session, tmp_path, "new_date_days = 84", "new_date_days = 7")
    session.commit()
    session.close()

    assert "on or before 30 November 2026" in fill_in(police, address, answer).get_data(as_text=True)


def test_a_change_of_the_rules_rules_in_the_next_job_of_a_running_scheduler(
    settings: Settings, sessions: sessionmaker[Session], engines: dict[str, sa.Engine], database: str, tmp_path: Path
) -> None:
    service = Service(settings, load(folder("agendas")), engines[database], sessions)

    def days_of(_session: Session, _now: datetime, office: Office) -> str:
        return f"{office.partnership.ratings.ratings.medium.review_days} by {office.partnership.rules_version}"

    job = Job("says the days", "0 5 * * *", days_of)
    slot = datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert run_slot(service, job, slot, NOW).result == "56 by 1"
    with writing(sessions, OPERATOR) as session:
        change_rules(session, tmp_path, *IN_42)
    assert run_slot(service, job, slot + timedelta(days=1), NOW).result == "42 by 2"


def test_a_version_that_is_kept_is_never_changed(session: Session) -> None:
    with pytest.raises(DatabaseError):
        session.execute(sa.update(ImportedDefault).values(content=""))
