"""Before an RMM the lead professional is asked for an update: once by mail, and again by a button."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.cse_list.models import ListEntry
from meetings_app.errors import DomainError, NotFound
from meetings_app.jobs.timetable import TIMETABLE
from meetings_app.meetings.plan_updates import ask_for_updates, chase_updates, updates_missing
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR, SCHEDULER, Role
from meetings_app.plans.rules import update_is_asked
from meetings_app.plans.service import write_update, write_version
from meetings_app.ratings.models import RiskRating
from tests.support.browsing import browser, text_of
from tests.support.plans import plan_text
from tests.support.rmm import OFFICE, Rmm, due, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW, actor_for, add_account

LONG_AGO = NOW - timedelta(days=20)
RULES, CALENDAR = OFFICE.partnership.ratings.plans, OFFICE.calendar


@pytest.fixture
def day(session: Session) -> Rmm:
    """The RMM of tomorrow, Tuesday: updates were asked for on Friday."""
    made = rmm(session)
    add_account(session, "lead", Role.LEAD_PROFESSIONAL, "childrens-services", ["NE"])
    return made


def lead_of(session: Session) -> Account:
    return session.scalars(select(Account).where(col(Account.email).like("lead@%"))).one()


def planned(day: Rmm, rating: RiskRating = RiskRating.HIGH, *, at: datetime = LONG_AGO, **details: object) -> Child:
    """A child of the lead professional whose review is tied to the meeting, with a plan."""
    details = {"lead_professional_id": lead_of(day.session).key, **details}
    child = due(day.session, rating, **details)  # type: ignore[arg-type]
    entry = day.session.scalars(select(ListEntry).where(col(ListEntry.child_id) == child.key)).one()
    entry.next_meeting_id = day.meeting.key
    if rating in (RiskRating.HIGH, RiskRating.MEDIUM):
        write_version(day.session, OPERATOR, at, child.key, plan_text())
    day.session.flush()
    return child


def mails(session: Session) -> list[OutboxMail]:
    kind = "plan_update_asked"
    return list(session.scalars(select(OutboxMail).where(col(OutboxMail.kind) == kind).order_by(col(OutboxMail.id))))


def ask(session: Session, now: datetime = NOW) -> int:
    return ask_for_updates(session, SCHEDULER, now, OFFICE)


def test_each_lead_professional_gets_one_mail_for_the_day_and_running_again_writes_none(
    session: Session, day: Rmm
) -> None:
    children = [planned(day, name="Qvintella Zzyxwhistle", school_name="Qvandary Academy"), planned(day)]
    assert [ask(session) for _ in range(3)] == [1, 0, 0]
    (mail,) = mails(session)
    assert mail.account_id == lead_of(session).key
    assert mail.body.count("https://meetings.example.org/my-children?plan=update") == 1
    assert day.meeting.reference in mail.subject
    for child in children:
        assert child.reference not in mail.subject + mail.body
        assert child.name not in mail.subject + mail.body
    session.commit()
    asked = session.scalars(select(AuditEvent).where(col(AuditEvent.kind) == "plan_update_asked")).all()
    assert {event.child_id for event in asked} == {child.key for child in children}


def test_the_job_stands_in_the_timetable(session: Session, day: Rmm) -> None:
    planned(day)
    (job,) = (job for job in TIMETABLE if job.name == "ask for updates on safety plans")
    assert job.work(session, NOW, OFFICE) == "lead professionals asked: 1"


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        (datetime(2026, 11, 19, 18, tzinfo=UTC), 0), (datetime(2026, 11, 20, 6, tzinfo=UTC), 1),
        (datetime(2026, 11, 24, 6, tzinfo=UTC), 1), (datetime(2026, 11, 25, 6, tzinfo=UTC), 0),
    ],
)  # fmt: skip
def test_it_is_asked_from_two_working_days_before_until_the_day_itself(
    session: Session, day: Rmm, now: datetime, asked: int
) -> None:
    planned(day)
    assert len(updates_missing(session, now.date(), OFFICE, day.meeting)) == asked
    assert ask(session, now) == asked


def test_no_update_is_asked_where_the_plan_or_an_update_is_recent_or_nothing_is_planned(
    session: Session, day: Rmm
) -> None:
    recent = datetime(2026, 11, 13, 9, tzinfo=UTC)
    planned(day, at=recent)
    planned(day, RiskRating.LOW)
    due(session, RiskRating.HIGH, lead_professional_id=lead_of(session).key)
    write_update(session, OPERATOR, recent, planned(day).key, "Since then", {})
    assert updates_missing(session, NOW.date(), OFFICE, day.meeting) == []
    assert ask(session) == 0


@pytest.mark.parametrize("written", [LONG_AGO, datetime(2026, 11, 12, 23, 59, tzinfo=UTC), NOW])
@pytest.mark.parametrize("updated", [None, datetime(2026, 11, 13, 0, 0, tzinfo=UTC), LONG_AGO])
@pytest.mark.parametrize("today", [date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 24)])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_child_s_page_and_the_statement_ask_alike(
    session: Session, day: Rmm, written: datetime, updated: datetime | None, today: date
) -> None:
    child = planned(day, at=written)
    if updated:
        write_update(session, OPERATOR, updated, child.key, "Since then", {})
    updated_on = updated.date() if updated else None
    by_rule = update_is_asked(day.meeting.held_on, today, written.date(), updated_on, RULES, CALENDAR)
    assert bool(updates_missing(session, today, OFFICE, day.meeting)) == by_rule


def test_the_lead_professional_is_led_from_home_to_the_form_and_then_asked_no_more(
    app: Flask, session: Session, day: Rmm
) -> None:
    child, other = planned(day, name="Testy McAsked"), planned(day, name="Testy McRecent", at=NOW)
    reference = child.reference
    session.commit()
    session.close()
    lead = browser(app, "lead")
    assert 'href="/my-children?plan=update"' in text_of(lead, "/")
    page = text_of(lead, "/my-children?plan=update")
    assert "Testy McAsked" in page
    assert other.name not in page
    assert f'href="/children/{reference}/plan/update"' in page
    assert f"An update is asked for before {day.meeting.reference}" in text_of(lead, f"/children/{reference}")
    address = f"/children/{reference}/plan/update"
    form = form_to(text_of(lead, address), address)
    assert lead.post(address, data=form.with_values(happened="Went well, as invented")).status_code == 302
    assert "is asked for before" not in text_of(lead, f"/children/{reference}")
    assert 'href="/my-children?plan=update"' not in text_of(lead, "/")
    assert "No update is asked for now" in text_of(lead, "/my-children?plan=update")


def test_the_coordinator_sees_who_has_not_answered_and_one_button_asks_them_once_a_day(
    app: Flask, session: Session, day: Rmm
) -> None:
    asked, unknown = planned(day, name="Testy McAsked"), planned(day, name="Testy McNobody", lead_professional_id=None)
    at = f"/meetings/{day.meeting.reference}/replies"
    session.commit()
    names = (asked.name, unknown.name)
    session.close()
    coordinator = browser(app, "coordinator")
    assert "2 updates on safety plans are asked for and not given." in text_of(coordinator, "/")
    page = text_of(coordinator, at)
    for words in (*names, "Testy McLead", "Cannot be asked by mail", "Not yet"):
        assert words in page
    form = form_to(page, f"{at}/updates")
    assert coordinator.post(f"{at}/updates", data=form.values).status_code == 302
    page = text_of(coordinator, at)
    assert "1 lead professional is asked by mail" in page
    assert "23 November 2026, 9am" in page
    assert "Ask the lead professionals again" not in page
    assert len(mails(session)) == 1
    session.close()
    text_of(browser(app, "coordinator-nw"), at, 404)


def test_a_chase_is_refused_where_nobody_is_left_and_to_whoever_may_not(session: Session, day: Rmm) -> None:
    planned(day)
    ask(session)
    coordinator, reference = actor_for(session, day.world.coordinator), day.meeting.reference
    with pytest.raises(DomainError, match="Nobody is left to be asked today"):
        chase_updates(session, coordinator, NOW, OFFICE, reference)
    tomorrow = NOW + timedelta(days=1)
    assert chase_updates(session, coordinator, tomorrow, OFFICE, reference) == 1
    assert len(mails(session)) == 2
    with pytest.raises(NotFound):
        chase_updates(session, actor_for(session, day.world.police), tomorrow, OFFICE, reference)


def test_a_lead_professional_whose_account_ended_gets_no_mail(session: Session, day: Rmm) -> None:
    planned(day)
    lead_of(session).state = AccountState.DISABLED
    session.flush()
    assert ask(session) == 0
    (missing,) = updates_missing(session, NOW.date(), OFFICE, day.meeting)
    assert missing.lead_id is None
