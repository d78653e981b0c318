"""The pages of the weekly list: what each reader is shown, who opened it, its marked copies, and who is sent it."""

import io
from datetime import date, timedelta

import pytest
from docx import Document
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from meetings_app.accounts.models import RoleGrant
from meetings_app.cse_list.models import EntryState
from meetings_app.permissions import OPERATOR, Role
from meetings_app.weekly_list.models import WeeklyList
from meetings_app.weekly_list.queries import recipients
from meetings_app.weekly_list.taking import take_list
from tests.support.browsing import browser, fill_in, press, text_of
from tests.support.children import child_of, put_on_list
from tests.support.meetings import office
from tests.support.world import NOW, add_account, tiny_world


@pytest.fixture
def county(session: Session) -> Session:
    tiny_world(session)
    add_account(session, "holder", Role.LIST_HOLDER, "police", ["NE"])
    return session


def take(session: Session, week: int = 0) -> WeeklyList:
    taken = take_list(session, OPERATOR, NOW + timedelta(weeks=week), office())
    assert taken is not None
    return taken


def done(session: Session) -> None:
    session.commit()
    session.close()


def words(html: str) -> str:
    return " ".join(html.split())


def test_a_list_holder_is_shown_their_area_and_what_changed_there(app: Flask, county: Session) -> None:
    leaving, staying = put_on_list(county), put_on_list(county, review_on=date(2026, 11, 11))
    elsewhere = put_on_list(county, area="NW")
    take(county)
    leaving.state, leaving.closed_on, leaving.next_meeting_id = EntryState.CLOSED, date(2026, 11, 25), None
    county.flush()
    take(county, 1)
    left, here, there = (child_of(county, entry) for entry in (leaving, staying, elsewhere))
    done(county)
    page = words(text_of(browser(app, "holder"), "/weekly-lists/2"))
    assert "Off the list: 1" in page
    assert "Review overdue: 1" in page
    assert left.name in page
    assert here.name in page
    assert there.name not in page
    assert "Who was told" not in page


def test_an_older_list_says_that_it_is_superseded_and_shows_those_it_is_sent_to_nobody(
    app: Flask, county: Session
) -> None:
    child = child_of(county, put_on_list(county))
    take(county)
    take(county, 1)
    done(county)
    page = words(text_of(browser(app, "holder"), "/weekly-lists/1"))
    assert "This list is superseded" in page
    assert "Only the newest list can be read here." in page
    assert child.name not in page
    page = words(text_of(browser(app, "coordinator"), "/weekly-lists/1"))
    assert "This list is superseded" in page
    assert child.name in page


def test_staff_see_who_opened_the_list_and_who_did_not(app: Flask, county: Session) -> None:
    add_account(county, "another", Role.LIST_HOLDER, "health", ["NE"])
    put_on_list(county)
    take(county)
    done(county)
    text_of(browser(app, "holder"), "/weekly-lists/1")
    page = words(text_of(browser(app, "coordinator"), "/weekly-lists/1"))
    told = page[page.index("Who was told") :]
    assert told.count("Not opened yet") == 1
    assert told.index("Testy McAnother") < told.index("Not opened yet") < told.index("Testy McHolder")
    assert "23 November 2026, 9am" in told


def test_the_home_page_says_that_the_newest_list_waits_until_it_is_opened(app: Flask, county: Session) -> None:
    put_on_list(county)
    take(county)
    add_account(county, "later", Role.LIST_HOLDER, "health", ["NE"])
    done(county)
    said = "weekly list waits to be opened: number 1 of 23 November 2026"
    client = browser(app, "holder")
    assert said in text_of(client, "/")
    assert "weekly list waits" not in text_of(browser(app, "later"), "/"), "whoever was not told of it"
    text_of(client, "/weekly-lists/1")
    assert "weekly list waits" not in text_of(client, "/")
    take(county, 1)
    done(county)
    home = text_of(client, "/")
    assert "number 2 of 30 November 2026" in home
    assert "number 1 of" not in home


def test_copies_say_their_number_whose_they_are_when_they_were_made_and_that_they_are_superseded(
    app: Flask, county: Session
) -> None:
    leaving, staying = put_on_list(county), put_on_list(county)
    take(county)
    leaving.state, leaving.closed_on, leaving.next_meeting_id = EntryState.CLOSED, date(2026, 11, 25), None
    county.flush()
    take(county, 1)
    left, here = child_of(county, leaving), child_of(county, staying)
    done(county)
    client = browser(app, "coordinator")
    sheet = load_workbook(io.BytesIO(client.get("/weekly-lists/2/list.xlsx").get_data())).active
    assert sheet is not None
    cells = [[str(cell) for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
    assert "CSE list number 2 of 30 November 2026: the newest when this copy was made" in cells[0][0]
    assert cells[1] == ["Copy of Testy McCoordinator, 23 November 2026 at 9am"]
    assert [row[0] for row in cells[3:]] == [here.reference, left.reference], "who went off stands beneath"
    assert cells[-1][-1] == "Closed by the RMM"
    old = load_workbook(io.BytesIO(client.get("/weekly-lists/1/list.xlsx").get_data())).active
    assert old is not None
    assert "SUPERSEDED by list number 2 of 30 November 2026" in str(old["A1"].value)
    for number, said in ((1, "SUPERSEDED by number 2"), (2, "the newest when this copy was made")):
        answer = client.get(f"/weekly-lists/{number}/list.docx")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="cse-list-number-{number}.docx"'
        document = Document(io.BytesIO(answer.get_data()))
        section = document.sections[0]
        parts = [*document.paragraphs, *section.header.paragraphs, *section.footer.paragraphs]
        tables = [*section.header.tables, *section.footer.tables]
        parts += [part for table in tables for row in table.rows for cell in row.cells for part in cell.paragraphs]
        text = " ".join(part.text for part in parts)
        assert said in text
        assert "Testy McCoordinator, 23 November 2026 at 9am" in text
        assert f"version {number} of" in text


def test_a_coordinator_names_who_is_sent_the_list_and_ends_it(app: Flask, county: Session) -> None:
    done(county)
    client = browser(app, "coordinator")
    page = text_of(client, "/weekly-lists/recipients")
    assert "Testy McHolder" in page
    choices = {text: value for value, text in options(page)}
    assert not any("Coordinator-Nw" in text for text in choices), "a coordinator of NE names nobody of NW"
    chosen = next(value for text, value in choices.items() if "Testy McHealth" in text)
    assert fill_in(client, "/weekly-lists/recipients", {"account": chosen}).status_code == 302
    assert {person.name for person in recipients(county)} == {"Testy McHealth", "Testy McHolder"}
    county.close()
    assert press(client, "/weekly-lists/recipients", "/weekly-lists/recipients/end", {}).status_code == 302
    assert {person.name for person in recipients(county)} == {"Testy McHolder"}


def test_somebody_named_whose_role_ended_is_sent_nothing(app: Flask, county: Session) -> None:
    done(county)
    client = browser(app, "coordinator")
    chosen = next(value for value, text in options(text_of(client, "/weekly-lists/recipients")) if "McHealth" in text)
    fill_in(client, "/weekly-lists/recipients", {"account": chosen})
    for grant in county.query(RoleGrant).filter_by(account_id=int(chosen)):
        grant.ended_at = NOW
    county.flush()
    assert {person.name for person in recipients(county)} == {"Testy McHolder"}


def test_nobody_is_named_without_being_chosen(app: Flask, county: Session) -> None:
    done(county)
    answer = fill_in(browser(app, "coordinator"), "/weekly-lists/recipients", {"account": ""})
    assert answer.status_code == 400
    assert "Choose a person" in answer.get_data(as_text=True)


def options(page: str) -> list[tuple[str, str]]:
    import re

    return re.findall(r'<option[^>]*value="(\d+)"[^>]*>([^<]+)<', page)
