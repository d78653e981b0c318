"""The actions page: an agency sees what it is asked to do, the overdue first, and names only where it may."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.actions.models import Action
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from tests.support.actions import give_action, past_meeting, say_done
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, child_of, put_on_list
from tests.support.remembered import remembered
from tests.support.world import NOW, TinyWorld, tiny_world

TODAY = NOW.date()
OPEN_OF_POLICE = ["Check the address.", "Ask the neighbours.", "Share the intelligence.", "Visit the premises."]
TAB = re.compile(r'sub-navigation__link" href="([^"]+)"[^>]*>[^<]+<span[^>]*>\((\d+)\)')


@dataclass
class World:
    """A child on the list, a child who is not, and the actions of two agencies on them."""

    people: TinyWorld
    listed: Child
    hidden: Child
    overdue: Action
    this_week: Action
    later: Action
    of_hidden: Action
    of_health: Action
    answered: Action


@pytest.fixture
@remembered
def world(session: Session) -> World:
    people, meeting = tiny_world(session), past_meeting(session)
    listed = child_of(session, put_on_list(session, name="Testy McListed"))
    hidden = add_child(session, "Testy McHidden")
    police = people.police

    def give(child: Child, days: int, what: str) -> Action:
        return give_action(session, meeting, child, police, TODAY + timedelta(days=days), what)

    made = World(
        people, listed, hidden,
        overdue=give(listed, -3, "Check the address."),
        this_week=give(listed, 6, "Share the intelligence."),
        later=give(listed, 7, "Visit the premises."),
        of_hidden=give(hidden, 0, "Ask the neighbours."),
        of_health=give_action(session, meeting, listed, people.health, TODAY, "Offer an appointment."),
        answered=say_done(session, give(listed, 0, "Speak to the officer."), "Spoken to."),
    )  # fmt: skip
    session.commit()
    return made


def whats(html: str) -> list[str]:
    """Give what is asked in the rows of the open actions of a page, in order."""
    return re.findall(r'href="/actions/A-\w+">([^<]+)</a>', html.split("Answered lately")[0])


def test_a_representative_sees_the_agencys_actions_the_overdue_first(app: Flask, world: World) -> None:
    html = text_of(browser(app, "police"), "/actions")
    assert whats(html) == [
        "Check the address.",
        "Ask the neighbours.",
        "Share the intelligence.",
        "Visit the premises.",
    ]
    assert re.findall(r'<h2 class="govuk-heading-m">([^<]+) <', html) == [
        "Overdue", "Due this week, by 29 November 2026", "Later",
    ]  # fmt: skip
    assert "Overdue by 3 days" in html
    assert "Speak to the officer." in html.split("Answered lately")[1]
    assert "Offer an appointment." not in html, "another agency’s action is not among one’s own agency’s"


def test_the_name_of_a_child_stands_only_where_the_reader_may_see_the_child(app: Flask, world: World) -> None:
    client = browser(app, "police")
    html = text_of(client, "/actions")
    assert "Testy McListed" in html
    assert "McHidden" not in html
    assert world.hidden.reference in html, "the reference says which child is meant"
    assert f"/children/{world.hidden.reference}" not in html
    page = text_of(client, f"/actions/{world.of_hidden.reference}")
    assert "McHidden" not in page
    assert world.hidden.reference in page
    coordinator = text_of(browser(app, "coordinator"), f"/actions/{world.of_hidden.reference}")
    assert "Testy McHidden" in coordinator


def test_another_area_sees_nothing_of_it(app: Flask, world: World) -> None:
    client = browser(app, "coordinator-nw")
    html = text_of(client, "/actions")
    assert whats(html) == []
    assert "There is no open action." in html
    assert "McListed" not in html
    text_of(client, f"/actions/{world.overdue.reference}", status=404)
    text_of(client, f"/actions/{world.overdue.reference}/reassign", status=404)


def test_coordinators_see_the_actions_of_every_agency_of_their_area(app: Flask, world: World) -> None:
    html = text_of(browser(app, "coordinator"), "/actions")
    assert len(whats(html)) == 5
    assert "Offer an appointment." in html


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/actions?whose=agency&when=overdue", ["Check the address."]),
        ("/actions?whose=agency&when=week", ["Ask the neighbours.", "Share the intelligence."]),
        ("/actions?whose=agency&when=later", ["Visit the premises."]),
        ("/actions?whose=agency&when=answered", ["Speak to the officer."]),
        ("/actions?whose=agency&when=answered&answer=done", ["Speak to the officer."]),
        ("/actions?whose=agency&when=answered&answer=not_done", []),
        ("/actions?whose=agency&area=nw", []),
        ("/actions?whose=mine&when=overdue&area=NE", ["Check the address."]),
        ("/actions?whose=all&when=week", ["Ask the neighbours.", "Offer an appointment.", "Share the intelligence."]),
        ("/actions?whose=nonsense&when=nonsense&answer=nonsense", OPEN_OF_POLICE),
    ],
)  # fmt: skip
def test_each_filter_gives_its_rows(app: Flask, world: World, address: str, expected: list[str]) -> None:
    html = text_of(browser(app, "police"), address)
    assert whats(html) == expected


def test_each_number_beside_a_part_is_the_number_of_its_rows(app: Flask, world: World) -> None:
    for person in ("police", "health", "coordinator", "education"):
        client = browser(app, person)
        tabs = re.findall(
            r'sub-navigation__link" href="([^"]+)"[^>]*>[^<]+<span[^>]*>\((\d+)\)', text_of(client, "/actions")
        )
        assert len(tabs) == 5
        for address, number in tabs:
            assert len(whats(text_of(client, address.replace("&amp;", "&")))) == int(number), (person, address)


def test_a_page_holds_fifty_and_the_next_begins_where_it_ended(app: Flask, session: Session, world: World) -> None:
    meeting = past_meeting(session)
    for number in range(57):
        give_action(session, meeting, world.listed, world.people.police, TODAY + timedelta(days=20), f"Step {number}.")
    session.commit()
    client = browser(app, "police")
    first = text_of(client, "/actions")
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following is not None
    second = text_of(client, following.group(1).replace("&amp;", "&"))
    assert len(whats(first)) == 50
    assert len(whats(second)) == 11
    assert not set(whats(first)) & set(whats(second))
    assert 'rel="next"' not in second
    back = re.search(r'href="([^"]+)" rel="prev"', second)
    assert back is not None
    assert whats(text_of(client, back.group(1).replace("&amp;", "&"))) == whats(first)


def test_looking_is_recorded_and_a_page_that_names_the_child_is_a_view_of_the_child(
    app: Flask, world: World, sessions: sessionmaker[Session], session: Session
) -> None:
    client = browser(app, "police")
    for address in ("/actions", f"/actions/{world.overdue.reference}", f"/actions/{world.of_hidden.reference}"):
        text_of(client, address)
    rows = session.execute(
        select(col(AuditEvent.kind), col(AuditEvent.child_id))
        .where(col(AuditEvent.actor_id) == world.people.police.key)
        .order_by(col(AuditEvent.id))
    ).all()
    assert [tuple(row) for row in rows] == [
        ("actions_viewed", None), ("actions_viewed", None), ("child_viewed", world.listed.key),
        ("actions_viewed", None),
    ]  # fmt: skip


def test_the_number_of_statements_does_not_follow_the_number_of_actions(
    app: Flask, world: World, session: Session
) -> None:
    client = browser(app, "police")
    few = statements_of(session, lambda: text_of(client, "/actions"))
    meeting = past_meeting(session)
    for number in range(20):
        give_action(session, meeting, world.listed, world.people.police, TODAY, f"Step {number}.")
    session.commit()
    assert statements_of(session, lambda: text_of(client, "/actions")) == few


def statements_of(session: Session, run: object) -> int:
    """Count the statements that the database is sent while something runs."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    try:
        assert callable(run)
        run()
    finally:
        event.remove(bind, "before_cursor_execute", note)
    return len([statement for statement in sent if statement.startswith("SELECT")])
