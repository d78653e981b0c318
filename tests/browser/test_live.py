"""Two people at one item in two browsers: every word typed is accounted for, whatever happens to net and server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.held_meeting import MEETING, HeldMeeting, at, box, hold, state, type_at_the_end
from tests.support.axe import problems
from tests.support.person import PASSWORD, Person

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def held(built: Path, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HeldMeeting]:
    """A meeting that is being held; each test takes an item of its own."""
    with hold(built, tmp_path_factory.mktemp("held"), chromium) as held:
        yield held


@pytest.fixture
def pair(chromium: Browser, held: HeldMeeting) -> Iterator[tuple[Person, Person, str]]:
    """The chair and the note-taker at the same item."""
    number = held.items.pop(0)
    people = [
        at(held, chromium, who).visit(f"/meetings/{MEETING}/items/{number}") for who in ("chair-cs", "coordinator")
    ]
    yield people[0], people[1], number
    for person in people:
        person.context.close()


def test_two_who_type_at_once_see_each_others_words_and_save_their_own(
    pair: tuple[Person, Person, str], held: HeldMeeting
) -> None:
    chair, notes, number = pair
    type_at_the_end(chair, "rationale", "Because of the car. ")
    type_at_the_end(notes, "discussion", "What each agency said. ")
    expect(box(chair, "discussion")).to_have_value("What each agency said. ")
    expect(box(notes, "rationale")).to_have_value("Because of the car. ")
    expect(chair.page.get_by_text("Changed by")).to_contain_text("10:05")
    expect(state(notes)).to_have_text("Saved 10:05")
    chair.picture("live_two")
    chair.page.get_by_text("Not reached", exact=True).click()
    expect(notes.page.locator("input[name=outcome][value=not_reached]")).to_be_checked()
    notes.press(f"Save item {number}")
    chair.page.reload()
    assert box(chair, "discussion").input_value().strip() == "What each agency said."
    assert box(chair, "rationale").input_value().strip() == "Because of the car."
    assert held.rows("SELECT count(*) FROM set_aside") == [(0,)]


def test_one_box_typed_by_both_keeps_both_texts_and_asks(pair: tuple[Person, Person, str], held: HeldMeeting) -> None:
    chair, notes, number = pair
    notes.context.set_offline(True)
    type_at_the_end(notes, "discussion", "The note-taker’s words.")
    type_at_the_end(chair, "discussion", "The chair’s words.")
    expect(state(chair)).to_have_text("Saved 10:05")
    expect(state(notes)).to_contain_text("no connection")
    notes.context.set_offline(False)
    conflict = notes.page.locator(".app-conflict")
    expect(conflict).to_contain_text("The chair’s words.")
    expect(box(notes, "discussion")).to_have_value("The note-taker’s words.")
    type_at_the_end(notes, "discussion", " And more.")
    notes.picture("live_conflict")
    notes.trouble.clear()
    conflict.get_by_role("button", name="Keep mine").click()
    expect(box(chair, "discussion")).to_have_value("The note-taker’s words. And more.")
    expect(state(notes)).to_have_text("Saved 10:05")
    expect(chair.page.locator(".app-live__aside")).to_contain_text("set aside")
    chair.page.reload()
    assert "The chair’s words." in chair.page.locator("#set-aside").inner_text()
    assert held.typed(number, "discussion") == "The note-taker’s words. And more."
    chair.page.locator("#set-aside").get_by_role("button", name="Keep both").click()
    expect(box(notes, "discussion")).to_have_value("The note-taker’s words. And more.\n\nThe chair’s words.")


def test_a_box_in_which_others_name_a_child_one_is_kept_from_takes_nothing_more(
    pair: tuple[Person, Person, str], held: HeldMeeting
) -> None:
    chair, notes, _number = pair
    reference, name = held.keep_from("chair-cs", held.items[-1])
    type_at_the_end(notes, "discussion", f"With {name}, {reference}.")
    expect(box(chair, "discussion")).to_have_value("With [another child], [another child].")
    expect(box(chair, "discussion")).not_to_be_editable()
    expect(chair.page.get_by_text("Somebody who sees every item edits it.")).to_be_visible()
    type_at_the_end(chair, "rationale", "The chair’s own words. ")
    expect(state(chair)).to_have_text("Saved 10:05")
    held.rows("UPDATE conflict_of_interest SET ended_at = declared_at")


def test_typing_goes_on_while_the_server_is_dead_and_is_saved_when_it_is_back(
    pair: tuple[Person, Person, str], held: HeldMeeting
) -> None:
    chair, notes, number = pair
    type_at_the_end(chair, "discussion", "Before. ")
    expect(state(chair)).to_have_text("Saved 10:05")
    type_at_the_end(chair, "discussion", "In between. ")
    held.kill()
    type_at_the_end(chair, "discussion", "While it was dead. ")
    type_at_the_end(notes, "rationale", "The other one, too.")
    expect(state(chair)).to_have_text(
        "Not saved: no connection. Go on typing: it is saved when the connection is back."
    )
    chair.picture("live_no_connection")
    held.serve()
    expect(state(chair)).to_have_text("Saved 10:05")
    expect(state(notes)).to_have_text("Saved 10:05")
    assert held.typed(number, "discussion") == "Before. In between. While it was dead. "
    assert held.typed(number, "rationale") == "The other one, too."
    expect(box(notes, "discussion")).to_have_value("Before. In between. While it was dead. ")
    expect(box(chair, "rationale")).to_have_value("The other one, too.")


def test_a_sign_in_that_ends_in_the_middle_of_a_sentence_loses_no_word(
    pair: tuple[Person, Person, str], held: HeldMeeting
) -> None:
    chair, _notes, number = pair
    type_at_the_end(chair, "discussion", "Saved. ")
    expect(state(chair)).to_have_text("Saved 10:05")
    held.sign_everybody_out()
    type_at_the_end(chair, "discussion", "Typed while signed out.")
    expect(state(chair)).to_contain_text("you are signed out")
    with chair.context.expect_page() as opened:
        state(chair).get_by_role("link").click()
    second = opened.value
    second.locator("[name=email]").fill(chair.email)
    second.locator("[name=password]").fill(PASSWORD)
    second.get_by_role("button", name="Sign in", exact=True).click()
    second.wait_for_url(f"**/meetings/{MEETING}/items/{number}")
    second.close()
    type_at_the_end(chair, "discussion", " And on.")
    expect(state(chair)).to_have_text("Saved 10:05")
    assert held.typed(number, "discussion") == "Saved. Typed while signed out. And on."
    chair.trouble.clear()
    chair.press(f"Save item {number}")


def test_a_page_that_is_loaded_again_brings_back_what_was_not_saved_and_only_to_its_writer(
    pair: tuple[Person, Person, str], held: HeldMeeting
) -> None:
    chair, _notes, number = pair
    address = f"/meetings/{MEETING}/items/{number}"
    held.sign_everybody_out()
    type_at_the_end(chair, "discussion", "Never saved before.")
    expect(state(chair)).to_contain_text("you are signed out")
    kept = chair.page.evaluate("() => JSON.stringify(Object.entries(localStorage))")
    assert "typed /meetings/" in kept
    assert "Never" not in kept
    chair.page.on("dialog", lambda dialog: dialog.accept())
    chair.page.goto("/sign-in")
    chair.trouble.clear()
    chair.fill(email="chair-fs@exampleshire.example", password=PASSWORD)
    chair.press("Sign in")
    chair.visit(address)
    assert box(chair, "discussion").input_value() == "", "it is nobody else’s"
    chair.page.locator(".app-header__button").click()
    chair.page.goto("/sign-in")
    chair.fill(email=chair.email, password=PASSWORD)
    chair.press("Sign in")
    chair.visit(address)
    expect(box(chair, "discussion")).to_have_value("Never saved before.")
    expect(state(chair)).to_have_text("Saved 10:05")
    assert held.typed(number, "discussion") == "Never saved before."
    assert chair.page.evaluate("() => localStorage.length") == 0


def test_with_the_net_cut_the_form_is_not_sent_into_nowhere(pair: tuple[Person, Person, str]) -> None:
    chair, _notes, number = pair
    chair.context.set_offline(True)
    type_at_the_end(chair, "discussion", "Typed in a tunnel.")
    chair.page.get_by_role("button", name=f"Save item {number}", exact=True).click()
    expect(state(chair)).to_contain_text("no connection")
    assert box(chair, "discussion").input_value() == "Typed in a tunnel."
    chair.context.set_offline(False)
    chair.trouble.clear()
    expect(state(chair)).to_have_text("Saved 10:05")
    chair.press(f"Save item {number}")


def test_the_keyboard_alone_records_an_item_and_goes_on_to_the_next(pair: tuple[Person, Person, str]) -> None:
    chair, notes, number = pair
    keys = chair.page.keyboard
    if chair.page.locator("[data-room-bring]").is_visible():
        with chair.page.expect_navigation():
            keys.press("Alt+Shift+KeyR")
    assert "minutes The room is at this item." in chair.words()
    expect(notes.page.locator("[data-room-here]")).to_have_text("The room is at this item.")
    keys.press("Alt+Shift+KeyD")
    keys.type("Typed by keyboard. NSP")
    keys.press("Tab")
    for _ in range(60):
        if chair.page.evaluate("() => document.activeElement.name") == "outcome":
            break
        keys.press("Tab")
    keys.press("Space")
    for _ in range(6):
        if chair.page.locator("input[name=outcome][value=not_reached]").is_checked():
            break
        keys.press("ArrowDown")
    assert chair.page.locator("input[name=outcome][value=not_reached]").is_checked()
    with chair.page.expect_navigation():
        keys.press("Alt+Shift+KeyS")
    chair.check()
    assert f"/items/{number}" not in chair.page.url
    assert f"Item {number} is saved." in chair.words()
    assert held_room(notes) != number, "the room goes along"
    with chair.page.expect_navigation():
        keys.press("Alt+Shift+KeyP")
    chair.check()


def held_room(person: Person) -> str:
    """Give the number of the item that the room has gone on to, as another window shows it."""
    room = person.page.locator("[data-room-here]")
    expect(room).to_contain_text("The room is at item ")
    return room.inner_text().rpartition(" ")[2].strip(".")


def test_the_pages_of_a_held_meeting_are_accessible_wide_and_narrow(
    pair: tuple[Person, Person, str], held: HeldMeeting
) -> None:
    chair, _notes, number = pair
    found = []
    for path in (f"items/{number}", f"items/{number}/room", "conflicts", "close", "record", "statement", "screen"):
        chair.visit(f"/meetings/{MEETING}/{path}")
        chair.picture(f"held_{path.replace('/', '_')}")
        found += problems(chair)
    assert found == []


def test_early_help_is_offered_when_a_rating_becomes_low_and_the_lead_agency_stays_until_it_is_taken(
    pair: tuple[Person, Person, str],
) -> None:
    chair, _notes, _number = pair
    lead, offer = chair.page.locator("select[name=lead_agency]"), chair.page.locator("[data-low-offer]")
    lead.select_option(label="Police")
    chair.page.locator("input[name=rating][value=medium]").check()
    expect(offer).to_be_hidden()
    chair.page.locator("input[name=rating][value=low]").check()
    expect(offer).to_be_visible()
    expect(lead.locator("option:checked")).to_have_text("Police")
    offer.scroll_into_view_if_needed()
    chair.picture("low_offer")
    chair.page.locator("input[name=social_worker][value=yes]").check()
    expect(offer).to_be_hidden()
    chair.page.locator("input[name=social_worker][value=no]").check()
    offer.get_by_role("button").click()
    expect(lead.locator("option:checked")).to_have_text("Family Services")
    expect(offer).to_be_hidden()


def test_a_child_who_is_added_in_the_meeting_is_open_at_once_and_typed_about_by_both(
    chromium: Browser, held: HeldMeeting
) -> None:
    [(reference,)] = held.rows(
        "SELECT child.reference FROM child JOIN list_entry ON child_id = child.id JOIN area ON area.id = child.area_id "
        "WHERE code = 'NE' AND state = 'listed' AND child.merged_into_id IS NULL AND child.id NOT IN (SELECT child_id "
        "FROM agenda_item JOIN meeting ON meeting.id = meeting_id WHERE meeting.reference = ?) ORDER BY child.id "
        "LIMIT 1", MEETING,
    )  # fmt: skip
    chair, notes = (at(held, chromium, who) for who in ("chair-cs", "coordinator"))
    notes.visit(f"/meetings/{MEETING}/record").page.get_by_role("link", name="Add a late item").click()
    notes.check()
    notes.fill(q=reference)
    notes.press("Search")
    notes.choose(child=reference)
    notes.fill(reason="Found this morning, as invented.")
    notes.press("Add to the agenda")
    number = notes.page.url.rpartition("/")[2]
    assert notes.page.url.endswith(f"/meetings/{MEETING}/items/{number}")
    assert "Found this morning, as invented." in notes.words()
    notes.picture("late_in_meeting")
    type_at_the_end(notes, "discussion", "Heard as the last. ")
    chair.visit(f"/meetings/{MEETING}/record").page.get_by_role("link", name=number, exact=True).click()
    chair.check()
    expect(box(chair, "discussion")).to_have_value("Heard as the last. ")
    for person in (chair, notes):
        person.context.close()
