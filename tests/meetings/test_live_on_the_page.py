"""The page of an item without scripts: what is typed stands on it, and two people save without losing a word."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from meetings_app.meetings.live_models import LiveField
from meetings_app.meetings.models import ItemDecision, Outcome
from meetings_app.meetings.two_texts import both_texts, holds_whole
from tests.support.live import number_of, opened, save, typist
from tests.support.meeting_day import Day
from tests.support.sent_forms import form_to


@pytest.fixture
def held(day: Day) -> Day:
    """The meeting is being held."""
    day.publish_and_open(day.browser("coordinator"))
    return day


def recorded(day: Day) -> ItemDecision:
    with day.open() as session:
        return session.scalars(
            select(ItemDecision).where((col(ItemDecision.discussion) != "") | (col(ItemDecision.rationale) != ""))
        ).one()


def test_what_is_typed_stands_on_the_page_and_is_not_recorded_yet(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    chair.type("discussion", "Typed, not saved.")
    chair.type("next_review_on", "1 Jan")
    chair.type("what", "Half an action")
    assert opened(notes).values["discussion"] == "Typed, not saved."
    again = opened(chair).values
    assert (again["discussion"], again["next_review_on"]) == ("Typed, not saved.", "1 Jan")
    assert (again["what"], opened(notes).values["what"]) == ("Half an action", "")
    with held.open() as session:
        assert not session.scalars(select(ItemDecision).where(col(ItemDecision.discussion) != "")).all()


def test_two_who_change_different_fields_are_no_conflict(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    first, second = opened(chair), opened(notes)
    save(notes, second, discussion="What each agency said.")
    save(chair, first, rationale="Because of the car.")
    kept = recorded(held)
    assert (kept.discussion, kept.rationale) == ("What each agency said.", "Because of the car.")


def test_two_who_change_one_field_see_both_texts_and_the_one_that_gives_way_is_set_aside(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    first, second = opened(chair), opened(notes)
    save(notes, second, discussion="Theirs.", rationale="Only theirs.")
    page = save(chair, first, 409, discussion="Mine.")
    assert "Theirs." in page
    assert "Only theirs." not in page.partition("What came before")[0], "what I did not touch is no conflict"
    again = form_to(page, chair.address)
    assert (again.values["discussion"], again.values["rationale"]) == ("Mine.", "Only theirs.")
    save(chair, again)
    assert (recorded(held).discussion, recorded(held).rationale) == ("Mine.", "Only theirs.")
    page = notes.client.get(notes.address).get_data(as_text=True)
    assert "Texts that were set aside: 1" in page
    assert "Theirs." in page
    action = page.split('action="')[1:]
    removing = next(part.partition('"')[0] for part in action if "set-aside" in part.partition('"')[0])
    assert notes.client.post(removing, data=form_to(page, removing).values).status_code == 302
    assert "Texts that were set aside" not in notes.client.get(notes.address).get_data(as_text=True)


def test_both_of_two_texts_can_be_kept_without_scripts_and_nothing_is_lost(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    notes.type("discussion", "Theirs.")
    assert chair.type("discussion", "Mine.")["kept"][0]["theirs"]["value"] == "Theirs."
    page = notes.client.get(notes.address).get_data(as_text=True)
    assert "1 text is set aside" in page.partition("What came before")[0], "it is said at the top of the item"
    keeping = next(part.partition('"')[0] for part in page.split('action="')[1:] if "/keep" in part.partition('"')[0])
    answer = notes.client.post(keeping, data=form_to(page, keeping).values)
    assert answer.headers["Location"].endswith("#discussion")
    both = "Theirs.\n\nMine."
    page = notes.client.get(notes.address).get_data(as_text=True)
    assert "1 text is set aside" not in page
    assert opened(notes).values["discussion"] == both
    save(notes, opened(notes))
    assert recorded(held).discussion == both


def test_a_text_that_holds_both_sets_none_of_them_aside(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    notes.type("discussion", "Theirs.")
    theirs = chair.type("discussion", "Mine.")["kept"][0]["theirs"]
    chair.seen["discussion"] = number_of(theirs["mark"])
    chair.type("discussion", "Theirs.\n\nMine.", instead=True)
    assert notes.look().get_json()["aside"] == 0
    mine = notes.type("discussion", "Theirs again.")["kept"][0]["theirs"]
    assert notes.look().get_json()["aside"] == 0, "they are asked which of the two stands"
    notes.seen["discussion"] = number_of(mine["mark"])
    notes.type("discussion", "Theirs again.", instead=True)
    assert notes.look().get_json()["aside"] == 1, "whoever has the item open is told that a text is set aside"


def test_a_short_text_is_not_lost_because_its_letters_stand_in_another(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    notes.type("discussion", "15 men")
    theirs = chair.type("discussion", "5 men")["kept"][0]["theirs"]
    page = notes.client.get(notes.address).get_data(as_text=True)
    keeping = next(part.partition('"')[0] for part in page.split('action="')[1:] if "/keep" in part.partition('"')[0])
    assert notes.client.post(keeping, data=form_to(page, keeping).values).status_code == 302
    assert opened(notes).values["discussion"] == "15 men\n\n5 men"
    chair.seen["discussion"] = number_of(chair.type("discussion", "5 men")["kept"][0]["theirs"]["mark"])
    chair.type("discussion", "15 men\r\n\r\n5 men, on foot", instead=True)
    page = notes.client.get(notes.address).get_data(as_text=True)
    assert "Texts that were set aside: 1" in page, "what stood is not whole in the other"
    assert theirs["value"] == "15 men"


@pytest.mark.parametrize(
    ("text", "other", "whole"),
    [
        ("15 men", "5 men", False), ("No. Yes.", "No.", False), ("One\n\nTwo\n\nThree", "Two", True),
        ("One\r\n\r\nTwo", " Two\r\n", True), ("Two", "Two", True), ("One\nTwo", "One", False),
    ],
)  # fmt: skip
def test_a_text_holds_another_in_whole_paragraphs(text: str, other: str, whole: bool) -> None:
    assert holds_whole(text, other) is whole
    assert both_texts(text, other).count(other.strip()) == text.count(other.strip()) + (not whole)
    assert both_texts(text, "") == text


def test_what_is_chosen_from_a_list_is_never_added_together(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    notes.type("lead_professional_name", "Testy McOne")
    chair.type("lead_professional_name", "Testy McTwo")
    page = notes.client.get(notes.address).get_data(as_text=True)
    removing = next(
        part.partition('"')[0] for part in page.split('action="')[1:] if "set-aside" in part.partition('"')[0]
    )
    assert "/keep" not in page
    keeping = removing.replace("/remove", "/keep")
    assert notes.client.post(keeping, data=form_to(page, removing).values).status_code == 404
    assert "Testy McTwo" in notes.client.get(notes.address).get_data(as_text=True)


def test_a_form_that_was_refused_still_notices_what_others_change_meanwhile(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    page = save(chair, opened(chair), 400, outcome="rated", discussion="Mine, refused.")
    save(notes, opened(notes), discussion="Theirs.")
    page = save(chair, form_to(page, chair.address), 409, outcome="not_reached")
    assert "Theirs." in page
    assert "Mine, refused." in page


def test_what_is_saved_is_seen_at_once_by_who_has_the_item_open(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    save(notes, opened(notes), discussion="Saved by its button.")
    shown = {each["name"]: each for each in chair.look().get_json()["fields"]}
    assert shown["discussion"]["value"] == "Saved by its button."
    assert shown["discussion"]["recorded"] is True


def test_what_a_chair_is_about_to_decide_is_not_saved_or_undone_by_who_takes_the_notes(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    chair.type("outcome", "rated")
    chair.type("rating", "high")
    save(notes, opened(notes), discussion="Notes.")
    assert recorded(held).outcome is None
    assert opened(chair).values["outcome"] == "rated"
    save(notes, opened(notes), outcome="not_reached")
    assert recorded(held).outcome is Outcome.NOT_REACHED
    assert opened(chair).values["outcome"] == "not_reached"


def test_an_action_is_no_longer_typed_once_it_is_added(held: Day) -> None:
    chair = typist(held, "chair-cs")
    for name, value in (("what", "Visit"), ("owner", str(held.police)), ("due_on", "1/12/2026")):
        chair.type(name, value)
    save(chair, opened(chair))
    assert [opened(chair).values[name] for name in ("what", "owner", "due_on")] == ["", "", ""]
    assert "Visit" in chair.client.get(chair.address).get_data(as_text=True)


def test_marks_that_make_no_sense_are_a_page_without_marks(held: Day) -> None:
    chair = typist(held, "chair-cs")
    for nonsense in ("", "[]", "{", '{"discussion": 7}', '{"discussion": "x.y"}'):
        save(chair, opened(chair), seen=nonsense, discussion=f"Saved with {len(nonsense)}.")
    with held.open() as session:
        row = session.scalars(select(LiveField).where(col(LiveField.name) == "discussion")).one()
        assert (row.value, row.recorded) == ("Saved with 21.", True)
