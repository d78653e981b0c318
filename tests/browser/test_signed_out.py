"""Whoever is signed out while they type loses no word of a plain form, with scripts or without; others see none."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.real_rmm import RealRmm, real_rmm
from tests.support.axe import problems
from tests.support.person import PASSWORD, Person
from tests.support.world import NOW

pytestmark = pytest.mark.browser

WORDS = "Said by the school:\n“a <b>second</b> line” & Zoë’s words."


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRmm]:
    """A meeting that is being held."""
    with real_rmm(tmp_path_factory.mktemp("held")) as rmm:
        yield rmm


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[RealRmm]:
    """A meeting that is closed, its minutes issued for corrections."""
    with real_rmm(tmp_path_factory.mktemp("issued"), closed=True) as rmm:
        coordinator = rmm.person(chromium, "coordinator").visit(f"{rmm.minutes}/issue")
        despite = coordinator.page.locator("textarea[name=despite]")
        if despite.count():
            despite.fill("An invented reason.")
        coordinator.press("Issue the draft")
        coordinator.context.close()
        yield rmm


def enter(person: Person, email: str = "") -> None:
    """Sign in on the page that stands there, with the second step, as the person or as somebody else."""
    person.fill(email=email or person.email, password=PASSWORD)
    person.press("Sign in")
    person.fill(code=person.code(NOW))
    person.page.get_by_role("button", name="Continue", exact=True).click()


FORMS = {
    "notes": ("held", "coordinator", "{0.meeting}/record", "notes", "Save the notes"),
    "item": ("held", "chair-cs", "{0.item}", "discussion", "Save item {0.number}"),
    "text of the minutes": ("issued", "coordinator", "{0.minutes}/texts/{0.number}", "text", "Save the text"),
    "correction": ("issued", "police", "{0.minutes}/corrections/{0.number}", "text", "Send to the chairs"),
}
WITH_SCRIPTS = [name for name in FORMS if name != "item"]
"""The page of an item saves field by field where scripts run, and has its own tests."""


@pytest.mark.parametrize(
    ("name", "scripts"), [*((name, False) for name in FORMS), *((name, True) for name in WITH_SCRIPTS)]
)
def test_the_form_is_filled_in_again_and_sent(
    name: str, scripts: bool, chromium: Browser, request: pytest.FixtureRequest
) -> None:
    fixture, who, page, field, button = FORMS[name]
    rmm: RealRmm = request.getfixturevalue(fixture)
    person = rmm.person(chromium, who, scripts=scripts).visit(page.format(rmm))
    box, words = person.page.locator(f"textarea[name={field}]"), f"{WORDS} {scripts}"
    box.fill(words)
    rmm.sign_everybody_out()
    person.page.get_by_role("button", name=button.format(rmm), exact=True).click()
    expect(person.page.locator("h1")).to_have_text("Sign in")
    assert "What you typed is kept" in person.words()
    assert "Zo" not in person.page.content()
    # What is asked about the words while they are typed may have come too late, too.
    person.trouble.clear()
    enter(person)
    expect(person.page.locator("h1")).not_to_have_text("Confirm")
    assert person.page.url.partition("?")[0].endswith(page.format(rmm))
    assert "Not saved yet" in person.words()
    expect(box).to_have_value(words)
    assert "Zoë" in box.input_value()
    if scripts:
        assert problems(person) == []
        person.picture(f"signed_out_{name.replace(' ', '_')}")
    with person.page.expect_navigation():
        person.page.get_by_role("button", name=button.format(rmm), exact=True).click()
    person.check()
    assert rmm.rows("SELECT count(*) FROM unsent_form") == [(0,)]
    if name != "correction":
        person.visit(page.format(rmm))
        expect(box).to_have_value(words)
    else:
        assert "second" in person.visit(rmm.minutes).words()


@pytest.mark.parametrize("scripts", [True, False])
def test_another_person_at_the_same_browser_sees_nothing_of_it(scripts: bool, chromium: Browser, held: RealRmm) -> None:
    address = f"{held.meeting}/record"
    person = held.person(chromium, "coordinator", scripts=scripts).visit(address)
    person.page.fill("textarea[name=notes]", "Typed by the coordinator alone.")
    held.sign_everybody_out()
    person.page.get_by_role("button", name="Save the notes", exact=True).click()
    enter(person, "chair-cs@exampleshire.example")
    expect(person.page.locator("h1")).not_to_have_text("Sign in")
    again = person.page.url
    for place in (again, "/", "/not-sent"):
        person.page.goto(place)
        assert "coordinator alone" not in person.page.content()
        assert "Not saved yet" not in person.words()
    person.page.locator(".app-header__button").click()
    held.sign_everybody_out()
    person.page.goto("/sign-in")
    enter(person)
    person.page.get_by_role("link", name="Something you typed is not sent yet").click()
    person.page.get_by_role("link", name="Typed on").first.click()
    expect(person.page.locator("textarea[name=notes]")).to_have_value("Typed by the coordinator alone.")
    person.page.get_by_role("button", name="I do not need it any more").click()
    expect(person.page.locator("main")).to_contain_text("was taken away")
    assert person.page.locator("textarea[name=notes]").input_value() != "Typed by the coordinator alone."


def move_on_until(person: Person, shown: Locator) -> None:
    """Let the clock of the browser go on, minute by minute, until something is shown."""
    for _minute in range(30):
        person.page.clock.fast_forward("01:00")
        person.page.wait_for_load_state("networkidle")
        if shown.is_visible():
            return


def test_who_types_is_warned_two_minutes_before_and_stays_signed_in_by_a_button(
    chromium: Browser, issued: RealRmm
) -> None:
    person = issued.person(chromium, "police")
    person.page.clock.install(time=NOW)
    person.visit(f"{issued.minutes}/corrections/{issued.number}")
    box, warning = person.page.locator("textarea[name=text]"), person.page.locator(".app-signed-in")
    box.fill("Typed for a long time.")
    issued.idle_for(minutes=17)
    with person.page.expect_response("**/signed-in") as asked:
        person.page.clock.fast_forward("17:00")
    assert asked.value.json() == {"left": 180}
    expect(warning).to_be_hidden()
    issued.idle_for(minutes=18)
    move_on_until(person, warning)
    expect(warning).to_contain_text("You will be signed out in less than 2 minutes")
    assert warning.get_attribute("role") == "alert"
    assert problems(person) == []
    person.picture("signed_out_soon")
    box.focus()
    button = warning.get_by_role("button", name="Stay signed in")
    button.press("Enter")
    expect(warning).to_be_hidden()
    expect(box).to_be_focused()
    assert issued.rows("SELECT max(last_seen_at) FROM sign_in_session") == [(f"{NOW:%Y-%m-%d %H:%M:%S.%f}",)]
    issued.sign_everybody_out()
    move_on_until(person, warning)
    expect(warning).to_contain_text("You are signed out. Send the form all the same")
    expect(box).to_have_value("Typed for a long time.")
    assert person.trouble == []


def test_a_page_without_a_form_asks_nothing(chromium: Browser, issued: RealRmm) -> None:
    person = issued.person(chromium, "police")
    person.page.clock.install(time=NOW)
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    person.visit("/actions")
    asked.clear()
    person.page.clock.fast_forward("19:00")
    person.page.wait_for_load_state("networkidle")
    assert asked == []
