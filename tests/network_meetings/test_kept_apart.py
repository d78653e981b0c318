"""A network chair with a conflict about a child reads no word of the child, and puts right no text that has one."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.errors import RuleBroken
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.network_models import NetworkOutcome
from meetings_app.meetings.notes import write_notes
from meetings_app.minutes import issuing
from meetings_app.minutes.models import MinutesCorrection
from meetings_app.network_meetings import corrections
from meetings_app.network_meetings import minutes as kept
from meetings_app.network_meetings.deciding import Decided
from meetings_app.permissions import Role
from tests.network_meetings.test_referral_text import keep_from
from tests.support.browsing import browser, text_of
from tests.support.documents import every_word_of
from tests.support.network_meetings import DURING, child_called, close, decide, network_day, opened, tangled
from tests.support.networks import listed
from tests.support.rmm import OFFICE
from tests.support.sent_forms import form_to
from tests.support.world import add_account

NOT_YOURS = "Somebody who sees every item edits it."


class Held:
    """A network meeting is closed; its texts name a child whom no record names, and from whom a chair is kept."""

    def __init__(self, session: Session) -> None:
        self.session, self.day = session, network_day(session)
        day = self.day
        self.second = add_account(session, "second-chair", Role.NETWORK_CHAIR, "police")
        tangled(session)
        child = child_called(session, listed(session, "Canaryhidden Canarylast"))
        self.names = f"Canaryhidden, Canarylast, {child.reference.lower()}"
        self.secret = re.compile(rf"Canary(?!network|suspect)\w+|(?i:{child.reference})")
        opened(day)
        decide(day, "4.1", Decided(NetworkOutcome.CONTINUES, f"With {self.names}.", rationale="Invented."))
        write_notes(session, day.chair(), DURING, day.first, day.first.version, f"Notes of {self.names}.")
        close(day)
        kept.issue(session, day.chair(), DURING, OFFICE, day.first, 1)
        by = day.act(day.people.coordinator)
        shown = frozenset({"4.1"})
        asked = [
            issuing.propose(session, by, DURING, day.first, item, f"Not {self.names}", shown) for item in ("4.1", "")
        ]
        self.asked = [each.key for each in asked]
        keep_from(day, day.chair_account, child.key)
        session.commit()
        self.at = f"/networks/meetings/{day.first.reference}/minutes"


@pytest.fixture
def held(session: Session) -> Held:
    return Held(session)


def test_no_page_and_no_file_of_the_minutes_names_the_child(app: Flask, held: Held) -> None:
    apart, other = browser(app, "chair-police"), browser(app, "second-chair")
    for page in (
        "", ".docx", ".docx?audience=chair", ".docx?audience=anonymised", "/items/4.1", "/corrections/notes",
        "/corrections/4.1", *(f"/answers/{each}" for each in held.asked),
    ):  # fmt: skip
        answer = apart.get(held.at + page)
        assert answer.status_code == 200, page
        assert held.secret.findall(every_word_of(answer.get_data())) == [], page
    for page in ("", "/items/4.1", *(f"/answers/{each}" for each in held.asked)):
        assert held.secret.search(text_of(other, held.at + page)), page
    assert NOT_YOURS in text_of(apart, f"{held.at}/items/4.1")
    assert "Make the next version" not in text_of(apart, f"{held.at}/items/4.1")
    assert "Make the next version" in text_of(other, f"{held.at}/items/4.1")


def test_what_names_the_child_is_put_right_by_another_chair(held: Held) -> None:
    session, day = held.session, held.day
    of_item, of_notes = (session.get_one(MinutesCorrection, each) for each in held.asked)
    for correction, words in ((of_item, {"rationale": "Other words."}), (of_notes, {"notes": "Other words."})):
        item = correction.item
        with pytest.raises(RuleBroken, match="Somebody who sees every item"):
            kept.put_right(session, day.chair(), DURING, day.first, 1, item, words, "As invented")
        with pytest.raises(RuleBroken, match="Somebody who sees every item"):
            corrections.accept(session, day.chair(), DURING, OFFICE, day.first, correction, 1, words)
        with pytest.raises(RuleBroken, match="Somebody who sees every item"):
            issuing.refuse(session, day.chair(), DURING, OFFICE, day.first, correction, "As invented")
    corrections.accept(session, day.act(held.second), DURING, OFFICE, day.first, of_item, 1, {"discussion": "Mended."})
    kept.put_right(session, day.chair(), DURING, day.first, 2, "4.1", {"rationale": "Other words."}, "As invented")
    with pytest.raises(RuleBroken):
        corrections.accept(session, day.chair(), DURING, OFFICE, day.first, of_notes, 3, {"notes": "Other words."})


def test_a_form_sent_all_the_same_is_refused_with_its_words(app: Flask, held: Held) -> None:
    apart, other = browser(app, "chair-police"), browser(app, "second-chair")
    own = form_to(text_of(apart, f"{held.at}/corrections/4.1"), "").values
    sent = {"csrf_token": own["csrf_token"], "version": "1", "reason": "Typed over it."}
    for page, do in (("/items/4.1", ""), *((f"/answers/{held.asked[0]}", do) for do in ("accept", "refuse"))):
        form = form_to(text_of(other, held.at + page), "").values
        answer = apart.post(held.at + page, data={**form, **sent, "do": do, "discussion": "Typed over it."})
        assert answer.status_code == 400, page
        assert "Typed over it." in answer.text
        assert NOT_YOURS in answer.text
    held.day.operator()
    assert len(held.session.scalars(select(col(Minutes.id))).all()) == 1
