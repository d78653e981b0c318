"""The auditor's page and the trail of one child."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.audit.event_words import SENTENCES
from meetings_app.audit.events import EventKind
from meetings_app.audit.queries import PAGE, TrailFilter, people, trail_of_child, whole_trail
from meetings_app.audit.sentences import sentence
from meetings_app.audit.trail import record
from meetings_app.permissions import OPERATOR, Role
from tests.support.world import actor_for, add_account, sign_in, tiny_world


def test_an_older_entry_of_the_list_still_says_how_many_it_showed() -> None:
    assert sentence("list_viewed", {"children": 12}) == "looked at the CSE list (children shown: 12)"
    assert sentence("list_viewed", {"shown": 1, "children": [7]}) == "looked at the CSE list (children shown: 1)"


def test_every_kind_says_itself_even_without_its_facts() -> None:
    assert set(SENTENCES) == set(EventKind)
    for kind in EventKind:
        text = sentence(kind.value, {})
        assert "{" not in text
        assert text[0].islower()


def test_an_unknown_kind_is_shown_as_it_stands() -> None:
    assert sentence("something_older", {}) == "something_older"


def test_a_childs_trail_comes_in_pages_newest_first_and_holds_no_other_child(session: Session, now: datetime) -> None:
    world = tiny_world(session)
    by = actor_for(session, world.coordinator)
    for number in range(PAGE + 5):
        record(session, by, now + timedelta(minutes=number), EventKind.CHILD_VIEWED, 7)
        record(session, by, now, EventKind.CHILD_VIEWED, 8)
    session.commit()
    first = trail_of_child(session, 7)
    assert len(first.entries) == PAGE
    second = trail_of_child(session, 7, first.next_before)
    assert len(second.entries) == 5
    assert second.next_before is None
    moments = [entry.at for entry in [*first.entries, *second.entries]]
    assert moments == [now + timedelta(minutes=number) for number in reversed(range(PAGE + 5))]
    assert first.entries[0].person == world.coordinator.name
    assert first.entries[0].text == "looked at the child’s record"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (TrailFilter(kind=EventKind.SEARCHED), [1]),
        (TrailFilter(first_day=date(2026, 11, 24)), [2]),
        (TrailFilter(last_day=date(2026, 11, 22)), [0]),
        (TrailFilter(first_day=date(2026, 11, 23), last_day=date(2026, 11, 23), kind=EventKind.SEARCHED), [1]),
    ],
)
def test_the_trail_is_narrowed_by_kind_and_by_days_in_london(
    session: Session, now: datetime, wanted: TrailFilter, expected: list[int]
) -> None:
    by = actor_for(session, tiny_world(session).police)
    last = whole_trail(session, TrailFilter()).entries[0].id
    session.rollback()
    record(session, by, datetime.fromisoformat("2026-11-22T23:59:59+00:00"), EventKind.CHILD_VIEWED, 7)
    record(session, by, now, EventKind.SEARCHED, matches=2)
    record(session, by, datetime.fromisoformat("2026-11-24T00:00:00+00:00"), EventKind.CHILD_VIEWED, 7)
    session.commit()
    own = TrailFilter(**{**vars(wanted), "account_id": by.account_id})
    assert [entry.id - last - 1 for entry in whole_trail(session, own).entries] == expected


def test_entries_about_accounts_name_the_person(session: Session, now: datetime) -> None:
    account = add_account(session, "health", Role.REPRESENTATIVE, "health", ["NE"])
    session.commit()
    entry = whole_trail(session, TrailFilter(kind=EventKind.ACCOUNT_CREATED)).entries[0]
    assert (entry.person, entry.text) == ("The operator of the machine", f"invited {account.name}")
    assert (account.id, account.name) in people(session)


def test_the_auditor_reads_the_trail_and_the_look_is_recorded(app: Flask, session: Session) -> None:
    tiny_world(session)
    auditor = add_account(session, "auditor", Role.AUDITOR, "childrens-services")
    session.commit()
    client = app.test_client()
    sign_in(client, "auditor")
    page = client.get("/audit/")
    assert page.status_code == 200
    assert f"<bdi>{auditor.name}</bdi> signed in" in page.text
    assert client.get("/audit/?kind=signed_in&person=x&from=31/02/2026").text.count("There is a problem") == 1
    newest = whole_trail(session, TrailFilter()).entries[0]
    assert (newest.person, newest.text) == (auditor.name, "looked at the audit trail")


@pytest.mark.parametrize("person", ["coordinator", "chair-cs", "police"])
def test_others_find_no_such_page(app: Flask, session: Session, person: str) -> None:
    tiny_world(session)
    client = app.test_client()
    sign_in(client, person)
    assert client.get("/audit/").status_code == 404


def test_the_operator_is_named_as_such(session: Session, now: datetime) -> None:
    record(session, OPERATOR, now, EventKind.COMMAND_RUN, command="list")
    session.commit()
    assert whole_trail(session, TrailFilter()).entries[0].text == "ran the command “list”"
