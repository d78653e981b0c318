"""The pages of strategy discussions, beside the child and beside the item of a meeting, and the work that waits."""

import html
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.audit.sentences import sentence
from meetings_app.children.models import Child
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import MeetingState
from meetings_app.schedule.queries import find_meeting
from meetings_app.strategy.queries import discussions_of, records_of
from meetings_app.strategy.service import Asked, NotHeld, record_not_held, request
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import add_child, child_of, put_on_list
from tests.support.meeting_day import Day
from tests.support.meetings import series
from tests.support.rmm import OFFICE
from tests.support.world import NOW, send, tiny_world

HELD = {
    "happened_on": "23/11/2026", "took_part_social_work": "A. Worker", "took_part_police": "A. Sergeant",
    "took_part_health": "A. Nurse", "outcome": "An invented <outcome>.", "actions": "An invented action.",
}  # fmt: skip
MANAGER = {"happened_on": "23/11/2026", "manager": "Testy McManager", "reason": "An invented reason."}


@pytest.fixture
def child(session: Session) -> str:
    tiny_world(session)
    series(session)
    made = child_of(session, put_on_list(session, review_on=date(2027, 2, 1)))
    session.commit()
    reference = made.reference
    session.close()
    return reference


def discussions(app: Flask, reference: str) -> list[Any]:
    with app.extensions["meetings"].sessions() as session:
        act_for(session, OPERATOR)
        child = session.scalars(select(Child).where(col(Child.reference) == reference)).one()
        return list(discussions_of(session, child.key))


def words(client: FlaskClient, address: str) -> str:
    page = re.sub(r"<[^>]+>", " ", text_of(client, address))
    return html.unescape(re.sub(r"\s+", " ", page))


def test_the_childs_page_suggests_one_with_its_reason_and_what_it_asks_for(app: Flask, child: str) -> None:
    page = words(browser(app, "police"), f"/children/{child}")
    assert "Rated high: hold a strategy discussion, or record a named manager’s reason why not" in page


def test_it_is_asked_for_from_the_childs_page_and_shown_with_its_due_date(app: Flask, child: str) -> None:
    person, at = browser(app, "police"), f"/children/{child}/strategy/new/ask"
    form = text_of(person, at)
    assert re.search(r'value="rating_high"[^>]*checked', form)
    assert not re.search(r'value="trafficking"[^>]*checked', form)
    answer = fill_in(person, at, {"triggers": ["rating_high", "trafficking"], "why": "Invented.", "about": "child"})
    assert answer.status_code == 302
    [made] = discussions(app, child)
    page = words(person, f"/children/{child}")
    assert f"{made.reference} : Rated high; Trafficking is suspected. To be held due by 24 November 2026" in page
    assert "Suggested now" not in page
    assert f"Strategy discussion {made.reference} asked for on 23 November 2026" in page


def test_what_came_of_it_is_recorded_with_who_took_part(app: Flask, child: str) -> None:
    person = browser(app, "coordinator")
    fill_in(person, f"/children/{child}/strategy/new/ask", {"triggers": "trafficking", "about": "child"})
    [made] = discussions(app, child)
    at = f"/children/{child}/strategy/{made.reference}"
    assert fill_in(person, f"{at}/held", HELD).status_code == 302
    page = words(person, at)
    for said in (
        "Took part: Social work: A. Worker; Police: A. Sergeant; Health: A. Nurse.", "An invented <outcome>.",
        "An invented action.", "Asked for because: Trafficking is suspected.", "No RMM has heard this yet",
    ):  # fmt: skip
        assert said in page


def test_who_is_missing_is_named_beside_the_field_and_what_was_typed_is_kept(app: Flask, child: str) -> None:
    person, at = browser(app, "coordinator"), f"/children/{child}/strategy/new/held"
    typed = {**HELD, "triggers": "trafficking", "about": "child", "took_part_health": ""}
    answer = fill_in(person, at, typed)
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 400
    assert "Enter why it was held without: Health" in page
    assert "A. Sergeant" in page
    assert "An invented <outcome>." in page
    assert discussions(app, child) == []
    assert fill_in(person, at, {**typed, "missing_reason": "Nobody was free."}).status_code == 302
    [made] = discussions(app, child)
    assert "Without Health. Why: Nobody was free." in words(person, f"/children/{child}/strategy/{made.reference}")


@pytest.mark.parametrize("step", ["ask", "held", "not-held"])
def test_an_empty_form_changes_nothing_and_says_what_to_enter(app: Flask, child: str, step: str) -> None:
    person = browser(app, "coordinator")
    answer = fill_in(person, f"/children/{child}/strategy/new/{step}", {"about": "child"})
    assert answer.status_code == 400
    problems = {
        "ask": "Choose why a strategy discussion is asked for", "held": "Enter what came of the discussion",
        "not-held": "Enter the name of the manager who decided",
    }  # fmt: skip
    assert problems[step] in answer.get_data(as_text=True)
    assert discussions(app, child) == []


def test_a_managers_reason_answers_the_suggestion_it_names(app: Flask, child: str) -> None:
    person, at = browser(app, "chair-cs"), f"/children/{child}/strategy/new/not-held"
    assert fill_in(person, at, {**MANAGER, "triggers": "rating_high", "about": "child"}).status_code == 302
    [made] = discussions(app, child)
    page = words(person, f"/children/{child}")
    assert "Suggested now" not in page
    assert "Decided by Testy McManager" in words(person, f"/children/{child}/strategy/{made.reference}")


def test_an_adult_has_no_discussion_as_an_alleged_perpetrator(app: Flask, session: Session) -> None:
    tiny_world(session)
    reference = add_child(session, born=date(2008, 11, 23)).reference
    session.commit()
    session.close()
    person = browser(app, "coordinator")
    values = {"triggers": "alleged_perpetrator", "about": "alleged_perpetrator"}
    answer = fill_in(person, f"/children/{reference}/strategy/new/ask", values)
    assert answer.status_code == 400
    assert "This person is 18 or over" in answer.get_data(as_text=True)


def test_a_discussion_of_another_child_is_not_there(app: Flask, session: Session) -> None:
    tiny_world(session)
    one, other = add_child(session), add_child(session)
    made = request(session, OPERATOR, NOW, OFFICE, other, Asked(["trafficking"])).reference
    address, right = f"/children/{one.reference}/strategy/{made}", f"/children/{other.reference}/strategy/{made}"
    session.commit()
    session.close()
    person = browser(app, "coordinator")
    text_of(person, right)
    text_of(person, address, 404)
    text_of(person, f"{address}/held", 404)


def test_what_is_done_stands_in_the_trail_as_a_sentence(app: Flask, child: str, session: Session) -> None:
    person = browser(app, "coordinator")
    fill_in(person, f"/children/{child}/strategy/new/held", {**HELD, "triggers": "trafficking", "about": "child"})
    [made] = discussions(app, child)
    fill_in(person, f"/children/{child}/strategy/{made.reference}/not-held", MANAGER)
    kinds = [EventKind.STRATEGY_REQUESTED, EventKind.STRATEGY_HELD, EventKind.STRATEGY_NOT_HELD]
    rows = session.scalars(select(AuditEvent).where(col(AuditEvent.kind).in_(kinds)).order_by(col(AuditEvent.id)))
    assert [sentence(row.kind, row.facts) for row in rows] == [
        f"asked for strategy discussion {made.reference}",
        f"recorded what came of strategy discussion {made.reference}",
        f"recorded why strategy discussion {made.reference} is not held",
    ]


def test_the_home_page_counts_exactly_the_open_ones_of_the_area(app: Flask, session: Session) -> None:
    tiny_world(session)
    near, far, done = add_child(session), add_child(session, area="NW"), add_child(session)
    made = [request(session, OPERATOR, NOW, OFFICE, child, Asked(["trafficking"])) for child in (near, far, done)]
    record_not_held(session, OPERATOR, NOW, OFFICE, made[2], NotHeld(NOW.date(), "Testy McManager", "Invented."))
    shown, others = near.reference, (far.reference, done.reference)
    session.commit()
    session.close()
    for who in ("coordinator", "chair-cs"):
        person = browser(app, who)
        assert "1 strategy discussion has no outcome yet" in words(person, "/")
        page = words(person, "/waiting/strategy")
        assert shown in page
        assert not any(other in page for other in others)
    assert "strategy discussion" not in words(browser(app, "police"), "/")
    text_of(browser(app, "police"), "/waiting/strategy", 404)


class Held(Day):
    """A meeting that is being held; its second child is rated high."""

    def __init__(self, app: Flask, sessions: sessionmaker[Session]) -> None:
        super().__init__(app, sessions)
        self.child = self.children[1]
        coordinator = self.browser("coordinator")
        self.publish_and_open(coordinator)
        self.item = f"{self.at}/items/{self.number(coordinator, self.child)}"

    def made(self) -> list[Any]:
        with self.open() as session:
            return list(discussions_of(session, self.child.key))


@pytest.fixture
def held(app: Flask, sessions: sessionmaker[Session]) -> Held:
    return Held(app, sessions)


def test_the_item_says_why_one_is_suggested_and_its_button_keeps_what_is_typed(held: Held) -> None:
    chair = held.browser("chair-cs")
    assert "Rated high: hold a strategy discussion" in words(chair, held.item)
    version = re.search(r'name="version"[^>]*value="(\d+)"', text_of(chair, held.item))
    assert version
    typed = {"version": version.group(1), "discussion": "Invented words.", "strategy": "new ask"}
    answer = send(chair, held.item, typed)
    assert answer.location.endswith(f"{held.item}/strategy/new/ask")
    assert "Invented words." in text_of(chair, held.item)


def test_it_is_recorded_at_the_meeting_and_the_record_says_where(held: Held) -> None:
    chair = held.browser("chair-cs")
    at = f"{held.item}/strategy"
    assert fill_in(chair, f"{at}/new/ask", {"triggers": "rating_high", "about": "child"}).status_code == 302
    [made] = held.made()
    assert f"{made.reference}: Rated high." in words(chair, held.item)
    assert fill_in(chair, f"{at}/{made.reference}/held", HELD).status_code == 302
    with held.open() as session:
        records = records_of(session, made.id)
        assert [each.kind.value for each in records] == ["requested", "held"]
        assert None not in {each.meeting_id for each in records}
    assert "Held 23 Nov 2026" in words(chair, held.item)


@pytest.mark.parametrize("button", ["new nothing", "S-NONE ask", "", "new"])
def test_a_button_that_does_not_exist_leads_on_as_saving_does(held: Held, button: str) -> None:
    chair = held.browser("chair-cs")
    version = re.search(r'name="version"[^>]*value="(\d+)"', text_of(chair, held.item))
    assert version
    answer = send(chair, held.item, {"version": version.group(1), "discussion": "Invented.", "strategy": button})
    assert answer.location == held.item


def test_nothing_is_recorded_at_a_meeting_that_is_over(app: Flask, sessions: sessionmaker[Session]) -> None:
    day = Held(app, sessions)
    chair = day.browser("chair-cs")
    address = f"{day.item}/strategy/new/ask"
    with day.open() as session:
        meeting = find_meeting(session, day.reference)
        assert meeting is not None
        meeting.state = MeetingState.CLOSED
        session.commit()
    answer = send(chair, address, {"triggers": "rating_high", "about": "child"})
    assert answer.status_code == 400
    assert day.made() == []
