"""The page of the CSE list: what it shows, in which order, what it asks of the database, and its files."""

import io
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from docx import Document
from flask import Flask
from markupsafe import escape
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionState
from meetings_app.audit.models import AuditEvent
from meetings_app.cse_list.models import EntryState
from meetings_app.permissions import Role
from meetings_app.ratings.models import RiskRating
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, add_many, add_meeting, agency_id, child_of, put_on_list
from tests.support.messy import UNUSUAL_NAMES
from tests.support.remembered import remembered
from tests.support.statements import plan_of, statements_of
from tests.support.world import NOW, add_account, tiny_world

TODAY = date(2026, 11, 23)


def shown(html: str) -> list[str]:
    """Give the references of the rows, in order."""
    return re.findall(r'app-child__reference">(C-[^<]+)<', html)


def text_in(html: str, reference: str) -> str:
    """Give the words of one row."""
    row = next(row for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if f">{reference}<" in row)
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


@pytest.fixture
@remembered
def county(session: Session) -> Session:
    tiny_world(session)
    add_account(session, "county", Role.COORDINATOR, "childrens-services")
    return session


def done(session: Session) -> None:
    session.commit()
    session.close()


def test_the_list_says_what_is_overdue_in_words_first(app: Flask, county: Session) -> None:
    add_meeting(county, date(2026, 11, 26))
    later = child_of(county, put_on_list(county, review_on=date(2026, 12, 20))).reference
    overdue = child_of(county, put_on_list(county, review_on=date(2026, 11, 11))).reference
    late = child_of(county, put_on_list(county, review_on=date(2026, 11, 24))).reference
    done(county)
    html = text_of(browser(app, "coordinator"), "/list")
    assert shown(html) == [overdue, late, later]
    assert "Overdue by 12 days" in text_in(html, overdue)
    assert "2 days late" in text_in(html, late), "the meeting that will hear it comes after the review is due"
    assert "Overdue" not in text_in(html, later)
    assert "3 children" in html


def test_each_row_says_what_to_bear_in_mind(app: Flask, county: Session) -> None:
    closing = put_on_list(county, born=date(2008, 11, 23), provisional=True, before_service=True, lead=None)
    closing.state = EntryState.CLOSING
    child = child_of(county, closing)
    young = child_of(county, put_on_list(county, born=date(2013, 11, 24))).reference
    done(county)
    html = text_of(browser(app, "coordinator"), "/list")
    words = text_in(html, child.reference)
    for mark in (
        "Closing: waits to be signed",
        "Decided before this service",
        "18+ in transition",
        "(provisional)",
    ):
        assert mark in words
    assert "No meeting yet" in words
    assert "Under 13" in text_in(html, young)


def test_a_child_is_in_transition_from_the_18th_birthday_on_and_not_a_day_before(app: Flask, county: Session) -> None:
    on_the_day = child_of(county, put_on_list(county, born=date(2008, 11, 23))).reference
    day_before = child_of(county, put_on_list(county, born=date(2008, 11, 24))).reference
    done(county)
    html = text_of(browser(app, "coordinator"), "/list")
    assert "18+ in transition" in text_in(html, on_the_day)
    assert "17: transition planning" in text_in(html, day_before)
    assert shown(text_of(browser(app, "county"), "/list?age=18-plus")) == [on_the_day]
    assert set(shown(text_of(browser(app, "county"), "/list?age=17-plus"))) == {on_the_day, day_before}


FILTERS = {
    "rating=high": {"high"},
    "rating=low": {"low"},
    "agency=police": {"police"},
    "agency=none": {"no agency"},
    "overdue=1": {"overdue"},
    "age=under-13": {"young"},
    "rating=high&overdue=1": set(),
    "agency=nobody": set(),
    "area=NW": {"north west"},
    "area=XX": set(),
    "rating=unheard": {"high", "low", "police", "no agency", "overdue", "young", "north west"},
}


@pytest.mark.parametrize("query", FILTERS)
def test_filters_leave_exactly_the_children_they_name(app: Flask, county: Session, query: str) -> None:
    medium = RiskRating.MEDIUM
    children = {
        "high": put_on_list(county, rating=RiskRating.HIGH),
        "low": put_on_list(county, rating=RiskRating.LOW),
        "police": put_on_list(county, rating=medium, lead="police"),
        "no agency": put_on_list(county, rating=medium, lead=None),
        "overdue": put_on_list(county, rating=medium, review_on=TODAY - timedelta(days=1)),
        "young": put_on_list(county, rating=medium, born=date(2014, 2, 1)),
        "north west": put_on_list(county, rating=medium, area="NW"),
    }
    put_on_list(county, rating=medium, review_on=TODAY, area="SE")
    expected = {child_of(county, children[name]).reference for name in FILTERS[query]}
    done(county)
    found = set(shown(text_of(browser(app, "county"), f"/list?{query}")))
    assert expected <= found
    if query != "rating=unheard":
        assert found == expected


@pytest.mark.parametrize("sort", ["review", "name", "rating", "age"])
@pytest.mark.parametrize("order", ["", "&order=descending"])
def test_pages_of_50_hold_everybody_once_in_order_and_back_again(
    app: Flask, county: Session, sort: str, order: str
) -> None:
    add_many(county, 120)
    done(county)
    client, seen, address = browser(app, "coordinator"), [], f"/list?sort={sort}{order}"
    while address:
        html = text_of(client, address)
        seen.append(shown(html))
        following = re.search(r'href="([^"]+)" rel="next"', html)
        address = following.group(1).replace("&amp;", "&") if following else ""
    assert [len(page) for page in seen] == [50, 50, 20]
    assert len({reference for page in seen for reference in page}) == 120
    previous = re.search(r'href="([^"]+)" rel="prev"', html)
    assert previous
    assert shown(text_of(client, previous.group(1).replace("&amp;", "&"))) == seen[1]


def test_overdue_actions_are_counted_and_done_ones_are_not(app: Flask, county: Session) -> None:
    owner = add_account(county, "owner", Role.REPRESENTATIVE, "police", ["NE"])
    entry = put_on_list(county)
    for number, (state, due) in enumerate(
        [
            (ActionState.OPEN, -1),
            (ActionState.OPEN, -9),
            (ActionState.OPEN, 0),
            (ActionState.DONE, -5),
            (ActionState.PROPOSED, -5),
        ]
    ):
        county.add(
            Action(
                reference=f"A-TEST{number}", child_id=entry.child_id, area_id=entry.area_id, what="Invented.",
                state=state, agency_id=agency_id(county, "police"), owner_id=owner.key,
                due_on=TODAY + timedelta(days=due), first_due_on=TODAY, created_at=NOW,
            )
        )  # fmt: skip
    reference = child_of(county, entry).reference
    done(county)
    assert "2 overdue" in text_in(text_of(browser(app, "coordinator"), "/list"), reference)


def test_names_of_every_script_stand_on_the_page_as_they_are(app: Flask, county: Session) -> None:
    for name in UNUSUAL_NAMES:
        put_on_list(county, name=name)
    done(county)
    html = text_of(browser(app, "coordinator"), "/list")
    for name in UNUSUAL_NAMES:
        assert f"<bdi>{escape(name)}</bdi>" in html
    assert "<b>" not in html


def test_an_empty_list_and_an_empty_filter_say_what_to_do(app: Flask, county: Session) -> None:
    done(county)
    client = browser(app, "coordinator")
    assert "No child is on the list here" in text_of(client, "/list")
    assert "matches these filters" in text_of(client, "/list?rating=high")


def test_no_address_on_the_page_holds_a_name_or_an_id(app: Flask, county: Session) -> None:
    add_many(county, 60)
    done(county)
    html = text_of(browser(app, "coordinator"), "/list?sort=name")
    addresses = re.findall(r'href="([^"]+)"', html)
    assert any("after=C-" in address for address in addresses)
    assert not [address for address in addresses if "testy" in address.lower() or "mcexample" in address.lower()]


def test_looking_at_the_list_and_taking_it_away_is_on_record(app: Flask, county: Session) -> None:
    entry = put_on_list(county)
    done(county)
    client = browser(app, "coordinator")
    text_of(client, "/list")
    text_of(client, "/list?overdue=1")
    client.get("/list/export.xlsx")
    rows = county.execute(
        select(col(AuditEvent.kind), col(AuditEvent.child_id), col(AuditEvent.facts))
        .order_by(col(AuditEvent.id).desc())
        .limit(4)
    ).all()
    assert [(row.kind, row.child_id) for row in rows] == [
        ("child_read_viewed", entry.child_id), ("exported", None), ("list_viewed", None), ("list_viewed", None),
    ]  # fmt: skip
    assert [row.facts.get("children") for row in rows] == [None, 1, [], [entry.child_id]]


def test_a_file_holds_exactly_the_filtered_list_on_every_page_of_it(app: Flask, county: Session) -> None:
    add_many(county, 130)
    put_on_list(county, name="Testy =1+1 Formula", area="NW")
    done(county)
    client = browser(app, "coordinator")
    on_screen: list[str] = []
    address = "/list?rating=high&sort=name"
    while address:
        html = text_of(client, address)
        on_screen += shown(html)
        following = re.search(r'href="([^"]+)" rel="next"', html)
        address = following.group(1).replace("&amp;", "&") if following else ""
    excel = client.get("/list/export.xlsx?rating=high&sort=name")
    sheet = load_workbook(io.BytesIO(excel.data)).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == on_screen
    word = client.get("/list/export.docx?rating=high&sort=name")
    document = Document(io.BytesIO(word.data))
    everything = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert [reference for reference in on_screen if reference not in everything] == []
    assert len(set(re.findall(r"C-\d+", everything))) == len(on_screen)
    assert "Formula" not in everything


LARGE = ("list_entry", "child", "action", "meeting", "audit_event")


@pytest.mark.parametrize("who", ["coordinator", "police", "county"])
@pytest.mark.parametrize(
    "query", ["", "?sort=name", "?sort=rating&order=descending", "?sort=age", "?rating=high", "?overdue=1"]
)
def test_a_page_takes_few_statements_and_scans_no_large_table(
    app: Flask, county: Session, engines: dict[str, sa.Engine], database: str, who: str, query: str
) -> None:
    add_meeting(county, date(2026, 11, 26))
    add_many(county, 1_000)
    done(county)
    client = browser(app, who)
    with statements_of(engines[database]) as sent:
        text_of(client, f"/list{query}")
    reads = [(statement, values) for statement, values in sent if statement.lstrip().startswith("SELECT")]
    assert len(reads) <= 7, [statement for statement, _values in reads]
    for statement, values in reads:
        if "FROM list_entry" not in statement and "FROM child" not in statement and "FROM action" not in statement:
            continue
        plan = plan_of(county, statement, values)
        for table in LARGE:
            assert not re.search(rf"SCAN {table}(?! USING)|Seq Scan on {table}\b", plan), (statement, plan)
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan, (statement, plan)


def test_a_child_who_is_not_listed_or_no_longer_is_not_on_the_list(app: Flask, county: Session) -> None:
    waiting = add_child(county)
    closed = put_on_list(county)
    closed.state, closed.closed_on = EntryState.CLOSED, TODAY
    done(county)
    assert shown(text_of(browser(app, "coordinator"), "/list")) == []
    assert waiting.id != closed.child_id
