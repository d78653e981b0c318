"""The minutes as a page and as Word say the same of every item, whatever became of it."""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from meetings_app.actions.service import propose
from meetings_app.documents.facts import ChildMinutes
from meetings_app.meetings.agency_views import record_view
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.meetings.minutes_word import Audience, facts_for
from meetings_app.meetings.models import Outcome
from meetings_app.minutes.issuing import issue
from meetings_app.ratings.models import RiskRating
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, text_of
from tests.support.children import agency_id, put_on_list
from tests.support.rmm import ANSWERS, OFFICE, Rmm, child_of, closed, deferred, due, rated, rmm
from tests.support.world import NOW

HEADED = {
    "rated": ("Exploitation status", "Lead professional", "Reasons for the decision"),
    "closed": ("What changed, and the evidence", "Areas of good practice", "Onward referral"),
    "deferred": ("Deferred", "Reasons for the decision"),
    "not_reached": ("Not reached", "Reasons for the decision"),
    "noted": ("No rating was decided at this item.", "Reasons for the decision"),
}
"""What each outcome says besides the words that were typed."""


@pytest.fixture
def held(session: Session) -> tuple[Rmm, dict[str, ChildMinutes]]:
    """A meeting with an item of every outcome, closed and issued; what its minutes say of each, by outcome."""
    day = rmm(session)
    children = {code: due(session, leaving=code == "closed") for code in HEADED if code != "noted"}
    children["noted"] = child_of(session, put_on_list(session, None, RiskRating.LOW, review_on=date(2027, 1, 20)))
    give_action(session, past_meeting(session), children["noted"], day.world.police, date(2026, 11, 2))
    day.open()
    decisions: dict[str, Decided] = {
        "rated": rated(session, RiskRating.HIGH, lead_professional_name="Canarylead"),
        "closed": closed(), "deferred": deferred(session), "not_reached": Decided(Outcome.NOT_REACHED),
        "noted": Decided(Outcome.NOTED, lead_professional_name="Canarynoted"),
    }  # fmt: skip
    for code, decided in decisions.items():
        said = replace(decided, discussion=f"Canarydiscussion of {code}.", rationale=f"Canaryreason of {code}.")
        day.decide(children[code], said, ANSWERS if code == "closed" else None)
        item, health = day.item(children[code]), agency_id(session, "health")
        record_view(session, day.act("chair_cs"), NOW, day.meeting, item, health, f"View of {code}.", dissents=True)
    owner = day.world.police
    propose(
        session, day.act("chair_cs"), NOW, day.meeting, children["rated"], "Canaryaction", owner.agency_id, owner.key,
        date(2026, 12, 4),
    )  # fmt: skip
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    coordinator = day.act("coordinator")
    issue(session, coordinator, NOW, OFFICE, day.meeting, "Told in the meeting.")
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    facts = facts_for(session, coordinator, NOW, OFFICE, day.meeting, minutes, Audience(), marking="TEST")
    codes = {child.reference: code for code, child in children.items()}
    session.commit()
    return day, {codes[child.child]: child for child in facts.children}


def words_in(value: Any) -> Iterator[str]:
    """Give every text that stands anywhere in what the minutes say of an item."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from words_in(getattr(value, each.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from words_in(each)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", text)))


def word_of(client: FlaskClient, address: str) -> str:
    with zipfile.ZipFile(io.BytesIO(client.get(address).data)) as parts:
        return squeezed(parts.read("word/document.xml").decode())


def test_the_page_and_word_say_every_word_of_every_outcome(
    app: Flask, held: tuple[Rmm, dict[str, ChildMinutes]]
) -> None:
    day, items = held
    at, coordinator = f"/meetings/{day.meeting.reference}/minutes", browser(app, "coordinator")
    shown = {"page": squeezed(text_of(coordinator, at)), "Word": word_of(coordinator, f"{at}.docx")}
    assert [
        (where, code, words)
        for where, text in shown.items()
        for code, one in items.items()
        for words in (*words_in(one), *HEADED[code])
        if squeezed(words) not in text
    ] == []


def test_whoever_corrects_or_edits_an_item_reads_the_decision_with_its_reasons(
    app: Flask, held: tuple[Rmm, dict[str, ChildMinutes]]
) -> None:
    day, items = held
    at, coordinator = f"/meetings/{day.meeting.reference}/minutes", browser(app, "coordinator")
    texts = squeezed(text_of(coordinator, f"{at}/texts"))
    for code, one in items.items():
        decided = replace(one, discussion="", information=(), reasons=(), attendance_notes=())
        pages = {
            "correction": (one, squeezed(text_of(browser(app, "police"), f"{at}/corrections/{one.number}"))),
            "text": (decided, squeezed(text_of(coordinator, f"{at}/texts/{one.number}"))),
            "texts": (decided, texts),
        }
        for where, (facts, text) in pages.items():
            missing = [words for words in (*words_in(facts), *HEADED[code]) if squeezed(words) not in text]
            assert (where, code, missing) == (where, code, [])


def test_the_minutes_say_when_the_meeting_was_opened_and_closed_beside_when_it_was_planned(
    app: Flask, session: Session, held: tuple[Rmm, dict[str, ChildMinutes]]
) -> None:
    day, items = held
    meeting, at = day.meeting, f"/meetings/{day.meeting.reference}/minutes"
    day.operator()
    meeting.closed_at = NOW + timedelta(minutes=107)
    session.commit()
    when = "Held on Monday 23 November 2026: opened at 9am, closed at 10:47am."
    said = squeezed(f"{when} Planned for Tuesday 24 November 2026, 10am to 12pm")
    coordinator = browser(app, "coordinator")
    page = text_of(coordinator, at)
    assert said in squeezed(page)
    assert ", 23 November 2026, version" in page
    for copy in ("full", "chair", "anonymised", "agency:police", f"child:{items['rated'].child}"):
        assert said in word_of(coordinator, f"{at}.docx?audience={copy}"), copy
    meeting.held_on = NOW.date()
    session.commit()
    when = "Monday 23 November 2026: opened at 9am, closed at 10:47am. Planned for 10am to 12pm"
    assert squeezed(when) in squeezed(text_of(coordinator, at))
