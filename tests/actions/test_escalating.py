"""How far an action may be put off, and where one goes that was missed at meetings (`domain.md`, "Actions")."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.actions.escalating import escalations
from meetings_app.actions.models import Action
from meetings_app.actions.queries import find_action, not_done_of
from meetings_app.actions.rules import ActionAnswer, AnswerKind, Escalation, check_answer, escalation_of, missed_at
from meetings_app.actions.service import answer
from meetings_app.errors import RuleBroken
from meetings_app.partnership.definitions import ActionRules
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import add_meeting, child_of, put_on_list
from tests.support.rmm import due, rmm
from tests.support.world import NOW, tiny_world

TODAY = NOW.date()
RULES = ActionRules()
CONTACT = "Escalated to the single point of contact of Police: missed at 2 meetings"
BOARD = "On the strategic board’s list: missed at 3 meetings or more"


@pytest.mark.parametrize(
    ("days", "message"),
    [(0, ""), (84, ""), (85, "on or before 15 February 2027"), (-1, "today or later"), (7, "other than the present")],
)
def test_a_new_date_is_today_to_84_days_on_and_another_one(days: int, message: str) -> None:
    said = ActionAnswer(AnswerKind.NEW_DATE, "Invented: the school is shut.", TODAY + timedelta(days=days))
    present = TODAY + timedelta(days=7)
    if not message:
        check_answer(said, present, TODAY, RULES)
        return
    with pytest.raises(RuleBroken, match=message) as refused:
        check_answer(said, present, TODAY, RULES)
    assert refused.value.field == "due_on"


def test_how_far_on_is_the_partnership_s_own() -> None:
    said = ActionAnswer(AnswerKind.NEW_DATE, "Invented.", TODAY + timedelta(days=29))
    with pytest.raises(RuleBroken):
        check_answer(said, TODAY, TODAY, RULES.model_copy(update={"new_date_days": 28}))


HELD = [date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 17)]


@pytest.mark.parametrize(
    ("due_on", "missed", "step"),
    [
        (date(2026, 11, 17), 0, None),
        (date(2026, 11, 16), 1, None),
        (date(2026, 11, 10), 1, None),
        (date(2026, 11, 9), 2, Escalation.CONTACT),
        (date(2026, 11, 3), 2, Escalation.CONTACT),
        (date(2026, 11, 2), 3, Escalation.BOARD),
    ],
)
def test_a_meeting_after_the_day_an_action_was_due_misses_it(
    due_on: date, missed: int, step: Escalation | None
) -> None:
    assert missed_at(due_on, HELD) == missed
    assert escalation_of(missed, RULES) == step


def test_only_meetings_of_the_area_that_were_held_count(session: Session) -> None:
    people = tiny_world(session)
    child = child_of(session, put_on_list(session, name="Testy McListed"))
    action = give_action(session, past_meeting(session), child, people.police, date(2026, 10, 20))
    row = replace_row(action)
    for day, area, state in (
        (date(2026, 10, 27), "NE", MeetingState.CLOSED), (date(2026, 11, 3), "NW", MeetingState.CLOSED),
        (date(2026, 11, 10), "NE", MeetingState.CANCELLED), (date(2026, 11, 24), "NE", MeetingState.ANNOUNCED),
    ):  # fmt: skip
        add_meeting(session, day, area, state)
    assert escalations(session, [row], RULES) == {}
    add_meeting(session, date(2026, 11, 17), "NE", MeetingState.SIGNED)
    assert escalations(session, [row], RULES) == {action.key: CONTACT}
    add_meeting(session, date(2026, 11, 20), "NE", MeetingState.IN_PROGRESS)
    assert escalations(session, [row], RULES) == {action.key: BOARD}


def replace_row(action: Action) -> object:
    found = type("Row", (), {})()
    for name in ("id", "area_id", "due_on"):
        setattr(found, name, getattr(action, name))
    found.agency = "Police"
    return found


def missed(session: Session, *days: date) -> Action:
    people = tiny_world(session)
    child = child_of(session, put_on_list(session, name="Testy McListed"))
    action = give_action(session, past_meeting(session), child, people.police, date(2026, 10, 20))
    for day in days:
        add_meeting(session, day, "NE", MeetingState.CLOSED)
    session.commit()
    return action


@pytest.mark.parametrize("person", ["police", "coordinator"])
@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([date(2026, 11, 3)], ""),
        ([date(2026, 11, 3), date(2026, 11, 10)], CONTACT),
        ([date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 17)], BOARD),
    ],
    ids=["once", "twice", "three times"],
)
def test_the_pages_of_actions_and_of_the_child_say_it(
    app: Flask, session: Session, days: list[date], said: str, person: str
) -> None:
    action = missed(session, *days)
    client = browser(app, person)
    for address in ("/actions", f"/actions/{action.reference}", f"/children/{action.child_reference}"):
        page = text_of(client, address)
        assert ("missed at" in page) is bool(said), address
        assert said in page, address


def test_a_new_date_too_far_on_is_refused_beside_the_field_and_keeps_what_was_typed(
    app: Flask, session: Session
) -> None:
    action = missed(session)
    values = {"kind": "new_date", "text": "Invented: they moved.", "due_on": "16/02/2027"}
    refused = fill_in(browser(app, "police"), f"/actions/{action.reference}", values)
    assert refused.status_code == 400
    page = refused.get_data(as_text=True)
    assert "The new date must be on or before 15 February 2027" in page
    assert "Invented: they moved." in page
    session.expire_all()
    kept = find_action(session, action.reference)
    assert kept is not None
    assert kept.due_on == date(2026, 10, 20)


def test_what_was_not_done_since_the_last_rmm_stands_on_the_next_item(app: Flask, session: Session) -> None:
    day = rmm(session)
    child = due(session)
    earlier = past_meeting(session)
    held: Meeting = add_meeting(session, TODAY, "NE", MeetingState.CLOSED)
    answers = (AnswerKind.NOT_DONE, AnswerKind.DONE, AnswerKind.COULD_NOT_BE_DONE, AnswerKind.NEW_DATE)
    for which, kind in enumerate(answers):
        action = give_action(session, earlier, child, day.world.police, date(2026, 10, 20), f"Invented visit {which}")
        said = ActionAnswer(kind, f"Invented answer {which}", TODAY + timedelta(days=30))
        answer(session, OPERATOR, NOW, action, action.version, said, RULES)
    assert [row.what for row in not_done_of(session, child.key, held.held_on)] == [
        "Invented visit 0",
        "Invented visit 2",
    ]
    assert not_done_of(session, child.key, TODAY + timedelta(days=1)) == []
    day.open()
    number = day.item(child).number
    session.commit()
    page = text_of(browser(app, "chair-cs"), f"/meetings/{day.meeting.reference}/items/{number}")
    part = page[page.index("Not done since the last RMM") : page.index("The child’s record")]
    assert "Invented answer 0" in part
    assert 'Police, could not be done: <span class="app-text">Invented answer 2</span>' in part
    assert "Invented visit 1" not in part
    # A new date is no answer: the action stays among the open ones, with why.
    assert "Invented visit 3" not in part
    assert 'New date because: <span class="app-text">Invented answer 3</span>' in page
