"""The strategic board's list: what was missed at three meetings, by reference and agency, for the area's staff."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.actions.board import escalated
from meetings_app.actions.models import Action
from meetings_app.partnership.definitions import ActionRules
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import MeetingState
from tests.support.actions import give_action, past_meeting, say_done
from tests.support.browsing import browser, text_of
from tests.support.children import add_meeting, child_of, put_on_list
from tests.support.meetings import office
from tests.support.world import NOW, tiny_world

HELD = (date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 17))
RULES = ActionRules()
OWN = office().partnership


@pytest.fixture
def given(session: Session) -> dict[str, Action]:
    """Actions of the North East that were due before three, two, one and none of its last meetings, and one done."""
    people = tiny_world(session)
    child = child_of(session, put_on_list(session, name="Canarychild McBoard"))
    meeting = past_meeting(session)
    days = {"three": HELD[0], "two": HELD[1], "one": HELD[2], "none": HELD[2] + timedelta(days=1), "done": HELD[0]}
    made = {
        name: give_action(session, meeting, child, people.police, day - timedelta(days=1), "Canarytask of the board")
        for name, day in days.items()
    }
    say_done(session, made["done"])
    for day in HELD:
        add_meeting(session, day, "NE", MeetingState.CLOSED)
    add_meeting(session, date(2026, 11, 18), "NW", MeetingState.CLOSED)
    session.commit()
    return made


def test_what_was_missed_stands_where_the_rule_says_and_names_no_child(
    app: Flask, session: Session, given: dict[str, Action]
) -> None:
    references = {name: action.reference for name, action in given.items()}
    child = given["one"].child_reference
    session.close()
    for who in ("coordinator", "chair-cs"):
        page = text_of(browser(app, who), "/actions/escalated")
        board, contact = page.split("single point of contact</h2>")
        assert references["three"] in board
        assert references["two"] in contact
        assert references["two"] not in board
        for name in ("one", "none", "done"):
            assert references[name] not in page
        assert "Police" in board
        for word in ("Canarychild", "McBoard", child, "Canarytask"):
            assert word not in page
        assert 'href="/actions/escalated"' in text_of(browser(app, who), "/actions")


def test_other_areas_and_other_people_have_no_such_list(app: Flask, session: Session, given: dict[str, Action]) -> None:
    reference = given["three"].reference
    session.close()
    other = text_of(browser(app, "coordinator-nw"), "/actions/escalated")
    assert reference not in other
    assert "Nothing is on the strategic board’s list" in other
    police = browser(app, "police")
    text_of(police, "/actions/escalated", 404)
    assert "/actions/escalated" not in text_of(police, "/actions")


def test_the_partnership_s_own_numbers_rule(session: Session, given: dict[str, Action]) -> None:
    rules = RULES.model_copy(update={"contact_meetings": 1, "board_meetings": 2})
    partnership = OWN.model_copy(update={"ratings": OWN.ratings.model_copy(update={"actions": rules})})
    found = escalated(session, OPERATOR, NOW.date(), partnership)
    assert [each.reference for each in found.board] == [given["three"].reference, given["two"].reference]
    assert [each.reference for each in found.contact] == [given["one"].reference]
    assert [each.overdue_days for each in found.contact] == [7]
