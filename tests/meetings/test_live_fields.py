"""Several people type on one item: each field is saved by itself, others see it, and no text gives way unseen."""

from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.meetings.live_models import LiveField, SetAside
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.live import number_of, typist
from tests.support.meeting_day import Day
from tests.support.statements import statements_of


@pytest.fixture
def held(day: Day) -> Day:
    """The meeting is being held."""
    day.publish_and_open(day.browser("coordinator"))
    return day


def aside_of(day: Day) -> list[tuple[str, str, bool]]:
    with day.open() as session:
        rows = session.execute(select(col(SetAside.name), col(SetAside.value), col(SetAside.undecided))).all()
        return [(row[0], row[1], row[2]) for row in rows]


def test_what_one_types_another_reads_with_who_and_when(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    chair.type("rationale", "Because of the car.")
    notes.type("discussion", "Zoë said <b>&</b> 🙂\r\nsecond line")
    shown = {each["name"]: each for each in chair.look().get_json()["fields"]}
    assert shown["discussion"]["value"] == "Zoë said <b>&</b> 🙂\nsecond line"
    assert (shown["discussion"]["by"], shown["discussion"]["at"]) == ("Testy McCoordinator", "09:00")
    assert (shown["discussion"]["mine"], shown["rationale"]["mine"]) == (False, True)


def test_asking_again_costs_nothing_while_nobody_types(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    chair.type("discussion", "First.")
    first = notes.look()
    after, tag = first.get_json()["after"], first.headers["ETag"]
    again = notes.look(after, tag)
    assert (again.status_code, again.get_data()) == (304, b"")
    chair.type("discussion", "First. Second.")
    third = notes.look(after, tag)
    assert [each["value"] for each in third.get_json()["fields"]] == ["First. Second."]


def test_two_texts_of_one_field_are_both_kept_and_both_shown(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    chair.type("discussion", "The chair’s words.")
    said = notes.type("discussion", "The note-taker’s words.")["kept"][0]
    assert said["theirs"]["value"] == "The chair’s words."
    assert said["theirs"]["by"] == "Testy McChair-Cs"
    assert aside_of(held) == [("discussion", "The note-taker’s words.", True)]
    notes.type("discussion", "The note-taker’s words, and more.")
    assert aside_of(held) == [("discussion", "The note-taker’s words, and more.", True)]
    assert chair.texts() == {"discussion": "The chair’s words."}


def test_whoever_lets_their_own_text_stand_sets_the_other_aside(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    chair.type("discussion", "The chair’s words.")
    notes.seen["discussion"] = number_of(notes.type("discussion", "Mine.")["kept"][0]["theirs"]["mark"])
    notes.type("discussion", "Mine.", instead=True)
    assert chair.texts() == {"discussion": "Mine."}
    assert aside_of(held) == [("discussion", "The chair’s words.", False)]


def test_whoever_lets_the_other_text_stand_finds_their_own_set_aside(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    chair.type("discussion", "The chair’s words.")
    notes.type("discussion", "Mine.")
    assert notes.send({"fields": [], "let_stand": ["discussion"]}).status_code == 200
    assert chair.texts() == {"discussion": "The chair’s words."}
    assert aside_of(held) == [("discussion", "Mine.", False)]


def test_a_save_whose_answer_was_lost_is_no_conflict_with_itself(held: Day) -> None:
    chair = typist(held, "chair-cs")
    chair.type("discussion", "One", save_id="a")
    chair.seen.clear()  # The answer never came.
    assert "theirs" not in chair.type("discussion", "One", save_id="a")["kept"][0]
    chair.seen.clear()
    assert "theirs" not in chair.type("discussion", "One two", save_id="b", earlier=["a"])["kept"][0]
    chair.seen.clear()
    assert "theirs" in chair.type("discussion", "One three", save_id="c", earlier=["a"])["kept"][0]


def test_what_is_no_ones_field_or_the_chairs_alone_is_not_taken(held: Day) -> None:
    notes = typist(held, "coordinator")
    for name in ("rating", "lead_agency", "csrf_token", "took_effect_at", "effect_x"):
        assert notes.type(name, "high")["kept"] == [], name
    assert typist(held, "chair-cs").type("rating", "high")["kept"]


def test_an_action_that_is_not_added_yet_is_nobody_elses(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    chair.type("what", "Ring the school")
    assert "theirs" not in notes.type("what", "Visit the station")["kept"][0]
    assert chair.texts() == {"what": "Ring the school"}
    assert notes.texts() == {"what": "Visit the station"}


@pytest.mark.parametrize(
    ("value", "problem"), [("a" * 20_001, "Enter no more than 20,000 characters"), ("bell \x07", "U+0007")]
)
def test_what_cannot_be_kept_is_said_and_the_rest_is_kept(held: Day, value: str, problem: str) -> None:
    chair = typist(held, "chair-cs")
    fields = [{"name": "discussion", "value": value, "seen": 0}, {"name": "rationale", "value": "Good.", "seen": 0}]
    said = chair.send({"fields": fields}).get_json()
    assert problem in said["problems"]["discussion"]
    assert chair.texts() == {"rationale": "Good."}


@pytest.mark.parametrize(
    "body", [None, [], {"fields": "x"}, {"fields": [None, {"name": 1, "value": 2}, {"name": "x"}]}]
)
def test_a_body_that_makes_no_sense_saves_nothing(held: Day, body: Any) -> None:
    answer = typist(held, "chair-cs").send(body)
    assert (answer.status_code, answer.get_json()["kept"]) == (200, [])


def test_once_the_meeting_is_over_nothing_is_taken_and_that_is_said(held: Day) -> None:
    chair = typist(held, "chair-cs")
    with held.open() as session:
        meeting = session.scalars(select(Meeting).where(col(Meeting.reference) == held.reference)).one()
        meeting.state = MeetingState.CLOSED
        session.commit()
    answer = chair.send({"fields": [{"name": "discussion", "value": "Too late.", "seen": 0}]})
    assert (answer.status_code, answer.get_json()["over"]) == (400, True)
    assert chair.look().get_json()["open"] is False


def test_the_trail_says_that_somebody_types_and_not_each_save(held: Day) -> None:
    chair = typist(held, "chair-cs")
    for text in ("a", "ab", "abc"):
        chair.type("discussion", text)
    with held.open() as session:
        events = session.scalars(select(AuditEvent).where(col(AuditEvent.kind) == "item_typed")).all()
        assert [(event.child_id, "abc" in str(event.facts)) for event in events] == [(held.children[0].id, False)]
        assert session.scalar(select(func.count()).select_from(LiveField)) == 1


def test_whoever_does_not_record_the_meeting_finds_nothing_there(held: Day) -> None:
    chair, police, elsewhere = typist(held, "chair-cs"), held.browser("police"), held.browser("coordinator-nw")
    chair.type("discussion", "Words.")
    for client in (police, elsewhere):
        assert client.get(f"{chair.address}/live").status_code == 404


def test_asking_what_others_type_takes_a_handful_of_statements(
    held: Day, database: str, engines: dict[str, Engine]
) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    chair.type("discussion", "Words.")
    first = notes.look()
    with statements_of(engines[database]) as sent:
        notes.look(first.get_json()["after"], first.headers["ETag"])
    assert len(sent) <= 5, [statement[:90] for statement, _values in sent]
