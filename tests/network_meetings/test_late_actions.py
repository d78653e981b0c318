"""Actions of network meetings that are late: on their owner’s home page, and higher up once meetings missed them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.jobs import network_week
from meetings_app.meetings.network_models import NetworkAction
from meetings_app.network_meetings import actions
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import Role
from meetings_app.schedule.models import MeetingState
from tests.home.test_home import tasks_of
from tests.support.browsing import browser, text_of
from tests.support.network_meetings import DURING, NetworkDay, close, decide, item_at, network_day, opened, tangled
from tests.support.rmm import OFFICE
from tests.support.world import NOW, add_account

TODAY = NOW.date()
CONTACT = "Escalated to the single point of contact of Police: missed at 2 meetings"
BOARD = "On the strategic board’s list: missed at 3 meetings or more"


@pytest.fixture
def day(session: Session) -> NetworkDay:
    """A meeting gave the police two actions, one of them about a suspect, and a chair of the area one."""
    day, known = network_day(session), tangled(session)
    opened(day)
    row = item_at(day, "4.1")
    for what, owner, about in (
        ("Canarycamera", day.people.police, None), ("Canaryarrest", day.people.police, known.suspect.key),
        ("Canarychairs", day.people.chair_cs, None),
    ):  # fmt: skip
        proposal = actions.Proposal(what, owner.key, day.first.held_on, about)
        actions.propose(session, day.chair(), DURING, day.first, row, proposal)
    decide(day, "4.1")
    close(day)
    day.operator()
    return day


def due(day: NetworkDay, what: str, due_on: date) -> NetworkAction:
    day.operator()
    action = day.session.scalars(select(NetworkAction).where(col(NetworkAction.what) == what)).one()
    action.due_on = due_on
    day.session.flush()
    return action


def missed(day: NetworkDay, times: int) -> None:
    """Let so many network meetings have been held since all of it was due."""
    for place, meeting in enumerate(day.meetings):
        meeting.held_on = TODAY - timedelta(days=7 * (place + 1))
        meeting.state = MeetingState.CLOSED if place < times else MeetingState.CANCELLED
    for what in ("Canarycamera", "Canaryarrest", "Canarychairs"):
        due(day, what, TODAY - timedelta(days=60))
    day.session.commit()


def test_the_home_page_counts_a_persons_own_and_leads_to_exactly_those(app: Flask, day: NetworkDay) -> None:
    due(day, "Canarycamera", TODAY - timedelta(days=1))
    due(day, "Canarychairs", TODAY - timedelta(days=2))
    day.session.commit()
    whats = ("Canarycamera", "Canaryarrest", "Canarychairs")
    for who, words, address, listed in (
        ("police", "action of your own from a network meeting is overdue", "?whose=mine&when=overdue", whats[:1]),
        ("police", "actions of your own from network meetings are open", "?whose=mine", whats[:2]),
        ("chair-cs", "action of your own from a network meeting is overdue", "?whose=mine&when=overdue", whats[2:]),
        ("chair-police", "actions of network meetings are overdue", "?when=overdue", (whats[0], whats[2])),
    ):
        person = browser(app, who)
        href, count = tasks_of(text_of(person, "/"))[words]
        assert (href, count) == (f"/networks/actions{address}", len(listed)), (who, words)
        page = text_of(person, href)
        assert [what for what in whats if what in page] == list(listed), (who, words)
    assert not any("network" in words for words in tasks_of(text_of(browser(app, "health"), "/")))


def test_what_is_late_stands_first_on_the_home_page(app: Flask, day: NetworkDay) -> None:
    due(day, "Canarycamera", TODAY - timedelta(days=1))
    day.session.commit()
    home = text_of(browser(app, "police"), "/")
    assert "1 action of your own from a network meeting is overdue" in home[: home.index("app-tasks")]


@pytest.mark.parametrize(("times", "words"), [(1, ""), (2, CONTACT), (3, BOARD)])
def test_what_meetings_missed_goes_higher_up_and_says_so(app: Flask, day: NetworkDay, times: int, words: str) -> None:
    missed(day, times)
    police, chair = browser(app, "police"), browser(app, "chair-police")
    reference = due(day, "Canarycamera", TODAY - timedelta(days=60)).reference
    day.session.commit()
    for page in ("/networks/actions", f"/networks/actions/{reference}"):
        shown = text_of(police, page)
        assert [each for each in (CONTACT, BOARD) if each in shown] == ([words] if words else []), page
    listed = text_of(chair, "/networks/actions/escalated")
    assert (reference in listed) is bool(words)
    assert "Canary" not in listed, "it is handed on"
    assert police.get("/networks/actions/escalated").status_code == 404


def told(day: NetworkDay, office: object = OFFICE, weeks: int = 0) -> dict[str, tuple[str, str]]:
    day.operator()
    network_week.escalate_actions(day.session, NOW + timedelta(days=7 * weeks), office)  # type: ignore[arg-type]
    rows = day.session.scalars(select(OutboxMail).where(col(OutboxMail.kind) == "actions_escalated"))
    return {
        mail.recipient_name: (mail.subject, mail.body.split("https://meetings.example.org")[1].split()[0])
        for mail in rows
    }


def test_once_a_week_the_agency_is_told_and_the_network_chair_of_what_is_for_the_board(day: NetworkDay) -> None:
    missed(day, 1)
    assert told(day) == {}
    missed(day, 2)
    here, second = "/networks/actions?when=overdue", agency_second(day)
    said = {
        "Testy McPolice": ("Actions missed at meetings: 2 of yours, 0 for the board", here),
        "Testy McChair-Cs": ("Actions missed at meetings: 1 of yours, 0 for the board", here),
        second.name: ("Actions missed at meetings: 2 of yours, 0 for the board", here),
    }
    assert told(day) == told(day) == said
    missed(day, 3)
    assert told(day, weeks=1)["Testy McChair-Police"] == (
        "Actions missed at meetings: 0 of yours, 3 for the board", "/networks/actions/escalated"
    )  # fmt: skip


def test_an_agency_that_named_its_contact_is_told_through_nobody_else(day: NetworkDay) -> None:
    missed(day, 2)
    add_account(day.session, "spoc", Role.SPECIALIST, "police", name="Testy McContact")
    agencies = tuple(
        each.model_copy(update={"contact": "spoc@exampleshire.example" if each.code == "police" else None})
        for each in OFFICE.partnership.agencies
    )
    partnership = OFFICE.partnership.model_copy(update={"agencies": agencies})
    assert set(told(day, replace(OFFICE, partnership=partnership))) == {"Testy McContact", "Testy McChair-Cs"}


def agency_second(day: NetworkDay) -> Account:
    """Give a second representative of the police, who sees what the police see of networks."""
    return add_account(day.session, "second", Role.REPRESENTATIVE, "police", ["NE"])
