"""Figures 1 and 2: what a page costs, against its own SQL and table, and against a Flask hello."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from jinja2 import Environment, Template

from benchmarks.harness import Result, compare, figure
from benchmarks.served import Server, Visitor
from benchmarks.world import TODAY, Browser, statements_of, world
from meetings_app.cse_list import exports, queries, views
from meetings_app.cse_list.filters import ListFilter
from meetings_app.db.session import act_for
from meetings_app.meetings import publishing
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder
from meetings_app.web.filters import short_date
from meetings_app.web.submissions import new_form_id

CHILDREN = 1_000
_ROWS = re.compile(r"<tbody>.*?</tbody>", re.DOTALL)


@figure(1)
def list_page_against_its_own_parts() -> Result:
    """The whole page, signed in and audited, against its own SQL in raw sqlite3 and its own rows in plain Jinja.

    The floor sends the same SELECTs with the same values, writes one entry of the trail and commits it, and renders
    the rows of the shipped template from values that are ready.
    """
    here = world(CHILDREN)
    opened = here.browser().get("/list")
    sent = statements_of(here.service.engine, opened)
    connection = here.raw()
    values, table = _table()

    def floor() -> None:
        for statement, bound in sent:
            connection.execute(statement, bound).fetchall()
        _write_entry(connection)
        table.render(values)

    return compare("list page of 50, whole / its SQL raw and its table plain", opened, floor, limit=2.0)


def _write_entry(connection: sqlite3.Connection) -> None:
    """Write one entry of the trail as it stands in the table, linked to the last."""
    connection.execute("BEGIN IMMEDIATE")
    last, previous = connection.execute("SELECT last_id, last_digest FROM audit_head WHERE id = 1").fetchone()
    digest = hashlib.sha256(previous.encode()).hexdigest()
    connection.execute(
        "INSERT INTO audit_event (id, at, actor_id, actor_kind, kind, child_id, facts, previous_digest, digest) "
        "VALUES (?, '2026-11-23 09:00:00.000000', 1, 'person', 'list_viewed', NULL, '{}', ?, ?)",
        (last + 1, previous, digest),
    )
    connection.execute("UPDATE audit_head SET last_id = ?, last_digest = ? WHERE id = 1", (last + 1, digest))
    connection.execute("COMMIT")


def _table() -> tuple[dict[str, Any], Template]:
    """Give the rows of the list as the page prints them, and the part of the page's template that does."""
    here = world(CHILDREN)
    found = _ROWS.search((folder("templates") / "cse_list" / "index.html").read_text())
    assert found
    plain = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    plain.filters["short_date"] = short_date
    with here.session() as session:
        references = views.references_of(session)
        shown = queries.read_page(session, ListFilter(), TODAY, references)
        rows = views.printed(session, shown.rows, TODAY, references)
    values = {
        "rows": rows, "opens_children": True, "counts_actions": True, "one_area": False, "words": exports.RATING_WORDS,
    }  # fmt: skip
    return values, plain.from_string(found.group())


@figure(2)
def pages_against_hello() -> Iterator[Result]:
    """Each page, signed in and audited, against a Flask hello, both as they are served.

    A page is what a server sends, so both stand behind the product's own server, each in a process of its own, and
    are asked over connections that stay open, with the cookie of a browser that was here before. What is measured is
    the CPU time of the two serving processes; the asking costs them nothing.
    """
    here, address = world(CHILDREN), f"/meetings/{_published()}/agenda"
    pages, smallest = Server(here.folder), Server()
    visitor, hello = Visitor(pages, here.browser().cookie), Visitor(smallest).get("/")

    def both() -> float:
        return pages.seconds() + smallest.seconds()

    def against_hello(name: str, page: Callable[[], object], limit: float) -> Result:
        return compare(f"{name} / Flask hello, served", page, hello, limit=limit, clock=both)

    yield against_hello("list page of 50", visitor.get("/list"), 10)
    yield against_hello("a child’s page", visitor.get("/children/C-4"), 14)
    yield against_hello("agenda of 40", visitor.get(address), 14)
    yield against_hello("audited save of a note", _save(visitor), 8)


def _published() -> str:
    """Publish the agenda of one area, and give the meeting."""
    here = world(CHILDREN)
    with here.service.sessions.begin() as session:
        act_for(session, OPERATOR)
        meeting = here.first_meetings(session)[0]
        publishing.publish(
            session, OPERATOR, here.settings.clock.now(), here.office, meeting, meeting.version, "Measured."
        )
        return meeting.reference


def _save(visitor: Browser | Visitor) -> Callable[[], object]:
    """Give the work of saving one note: form, rule, note, audit entry, commit."""
    shown = visitor.get("/children/C-4/note")().decode()
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)
    assert found
    token = found.group(1)
    return visitor.post(
        "/children/C-4/note", lambda: {"csrf_token": token, "form_id": new_form_id(), "text": "Invented note."}
    )
