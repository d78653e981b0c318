"""A scheduler that died unnoticed makes nothing disappear: what is due is worked out whenever it is read."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions import pages as actions
from meetings_app.actions.filters import ActionView, When, Whose
from meetings_app.children.models import Child
from meetings_app.clock import FixedClock, london_date
from meetings_app.cse_list import homing
from meetings_app.cse_list.models import ListEntry
from meetings_app.db.session import act_for
from meetings_app.home import waiting
from meetings_app.home.numbers import Numbers, read_numbers
from meetings_app.home.waiting import Part
from meetings_app.jobs.timetable import TIMETABLE
from meetings_app.meetings.drafting import draft_of
from meetings_app.permissions import OPERATOR, Actor, Role
from meetings_app.plans.service import write_version
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import Meeting
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, text_of
from tests.support.children import child_of, put_on_list
from tests.support.plans import plan_text
from tests.support.referrals import refer
from tests.support.remembered import remembered
from tests.support.rmm import OFFICE, Rmm, due, referred, rmm
from tests.support.world import NOW, actor_for, add_account

DAYS = (3, 6, 20)
"""After so many days of silence: the first meeting is past, and in the end three are; none was held."""


@pytest.fixture
@remembered
def day(session: Session) -> Rmm:
    """A county in which something of every kind becomes due in the days that follow."""
    made, past = rmm(session), past_meeting(session)
    children = [due(session, rating) for rating in (RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW)]
    for number in range(8):
        review_on = NOW.date() + timedelta(days=4 * number)
        children.append(child_of(session, put_on_list(session, review_on=review_on, provisional=number % 4 == 0)))
    put_on_list(session, born=date(2009, 12, 1), review_on=date(2027, 1, 20))
    for number, child in enumerate(children):
        give_action(session, past, child, made.world.police, NOW.date() + timedelta(days=3 * number - 4))
    referred(session)
    refer(session)
    session.commit()
    return made


def agendas(session: Session, day: Rmm, now: datetime) -> list[Any]:
    """What each agenda still to come says of each child: why, where and in which order."""
    meetings: list[Meeting] = [day.meeting, *day.later]
    ahead = [meeting for meeting in meetings if meeting.held_on >= london_date(now)]
    assert ahead
    return [
        (
            meeting.reference,
            item.child,
            item.section,
            item.late,
            [(reason.code, reason.text) for reason in item.reasons],
        )
        for meeting in ahead
        for item in draft_of(session, meeting, OFFICE.partnership, now).items
    ]


def due_lists(session: Session, by: Actor, now: datetime) -> Any:
    """What the home page of somebody counts, and the rows behind it; without what the scheduler itself is asked for."""
    today = london_date(now)
    act_for(session, by)
    numbers: Numbers = read_numbers(session, by, now, today, OFFICE)
    rows = {
        part: [row.title for row in waiting.read(session, by, part, today)[0]]
        for part in numbers.waiting if part is not Part.BREACHES
    }  # fmt: skip
    view = ActionView(Whose.AGENCY if by.has(Role.REPRESENTATIVE) else Whose.ALL, When.OVERDUE)
    late = [row.reference for row in actions.read_page(session, by, view, today).rows]
    act_for(session, OPERATOR)
    counted: dict[Part, int] = {part: number for part, number in numbers.waiting.items() if part is not Part.BREACHES}
    return replace(numbers, waiting=counted, mail_given_up=0), rows, late


def test_the_list_and_the_childs_page_name_the_meeting_that_hears_the_review(
    session: Session, app: Flask, day: Rmm
) -> None:
    late = NOW + timedelta(days=6)
    service = app.extensions["meetings"]
    references = session.scalars(select(col(Child.reference)).order_by(col(Child.id))).all()
    tied = select(col(ListEntry.id)).where(col(ListEntry.next_meeting_id) == day.meeting.key)
    assert session.scalars(tied).all(), "and no job ties them again"
    session.rollback()
    app.extensions["meetings"] = replace(service, settings=replace(service.settings, clock=FixedClock(late)))
    client = browser(app, "coordinator")

    def named() -> list[list[str]]:
        """The meetings that the list names, and those that the page of each child names as the next."""
        pages = [text_of(client, "/list?area=NE")]
        for reference in references:
            page = text_of(client, f"/children/{reference}")
            pages.append(page.partition("Next review")[2][:600])
        return [re.findall(r"RMM-NE-2026-W\d\d", page) for page in pages]

    before = named()
    assert "RMM-NE-2026-W49" in before[0]
    assert not any(day.meeting.reference in page for page in before), "the meeting of the Tuesday is past"
    homing.rehome_all(session, OPERATOR, late)
    session.commit()
    assert named() == before


def test_the_page_before_a_meeting_and_its_counts_know_whom_no_job_has_tied_to_it(
    session: Session, app: Flask, day: Rmm
) -> None:
    late, service = NOW + timedelta(days=6), app.extensions["meetings"]
    following, last_lead = day.later[0].reference, add_account(session, "leading", Role.LEAD_PROFESSIONAL, "health")
    planned = col(ListEntry.current_rating).in_([RiskRating.HIGH, RiskRating.MEDIUM])
    for child in session.scalars(
        select(Child).join(ListEntry, col(ListEntry.child_id) == col(Child.id)).where(planned)
    ):
        child.lead_professional_id = last_lead.key
        write_version(session, OPERATOR, NOW - timedelta(days=90), child.key, plan_text("An aim, invented."))
    session.commit()
    app.extensions["meetings"] = replace(service, settings=replace(service.settings, clock=FixedClock(late)))
    police, coordinator, lead = (browser(app, who) for who in ("police", "coordinator", "leading"))

    def said() -> list[Any]:
        """The children of the agency’s page, how many the home pages count, and of which plans an update is asked."""
        page = text_of(police, f"/meetings/{following}/before")
        asked = text_of(coordinator, f"/meetings/{following}/replies").partition('id="updates"')[2]
        return [
            set(re.findall(r'id="box-(C-\w+)"', page)), set(re.findall(r"/children/(C-\w+)#plan", asked)),
            re.findall(rf"Before {following}: \d+ of \d+ children due for review answered", text_of(police, "/")),
            re.findall(r"\d+ updates? on (?:a safety plan is|safety plans are) asked for", text_of(coordinator, "/")),
            sorted(re.findall(r"C-\w{5}", text_of(lead, "/my-children?plan=update"))),
        ]  # fmt: skip

    before = said()
    assert all(before), before
    homing.rehome_all(session, OPERATOR, late)
    session.commit()
    assert said() == before


@pytest.mark.parametrize("days", DAYS)
@pytest.mark.parametrize("who", ["coordinator", "chair_cs", "police"])
def test_agendas_and_due_lists_are_the_same_where_no_job_ever_ran(
    session: Session, day: Rmm, who: str, days: int
) -> None:
    now, by = NOW + timedelta(days=days), actor_for(session, getattr(day.world, who))
    before = agendas(session, day, now), due_lists(session, by, now)
    assert before[0]
    assert before[1][0] != due_lists(session, by, NOW)[0]
    for job in TIMETABLE:
        job.work(session, now, OFFICE)
    session.flush()
    session.expire_all()
    assert (agendas(session, day, now), due_lists(session, by, now)) == before
