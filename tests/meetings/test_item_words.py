"""Whichever button is pressed on the page of an item, no word typed on it is lost."""

import re

from flask.testing import FlaskClient

from tests.support.meeting_day import Day
from tests.support.world import send


def shown_version(person: FlaskClient, address: str) -> str:
    """Give the version of the decision that the page shows."""
    found = re.search(r'name="version"[^>]*value="(\d+)"', person.get(address).get_data(as_text=True))
    assert found
    return found.group(1)


def test_adding_an_action_keeps_the_discussion_typed_beside_it(day: Day) -> None:
    coordinator = day.browser("coordinator")
    day.publish_and_open(coordinator)
    item = f"{day.at}/items/{day.number(coordinator, day.children[0])}"
    values = {
        "what": "Check the address", "owner": str(day.police), "due_on": "1/12/2026",
        "discussion": "Police know the car", "version": shown_version(coordinator, item),
    }  # fmt: skip
    answer = send(coordinator, f"{item}/actions", values, page=item)
    assert answer.status_code == 302
    assert answer.location.endswith(f"{item}#actions")
    page = coordinator.get(item).get_data(as_text=True)
    assert "Police know the car" in page
    assert "Check the address" in page


def test_saving_the_item_keeps_the_action_typed_beside_it(day: Day) -> None:
    coordinator = day.browser("coordinator")
    day.publish_and_open(coordinator)
    item = f"{day.at}/items/{day.number(coordinator, day.children[0])}"
    values = {
        "what": "Check the address", "owner": str(day.police), "due_on": "1/12/2026",
        "discussion": "Police know the car", "version": shown_version(coordinator, item),
    }  # fmt: skip
    assert send(coordinator, item, values, page=item).status_code == 302
    page = coordinator.get(item).get_data(as_text=True)
    assert "Police know the car" in page
    assert "Check the address" in page


def test_half_an_action_is_asked_about_and_nothing_is_saved_or_lost(day: Day) -> None:
    coordinator = day.browser("coordinator")
    day.publish_and_open(coordinator)
    item = f"{day.at}/items/{day.number(coordinator, day.children[0])}"
    values = {
        "what": "Check the address", "discussion": "Police know the car", "version": shown_version(coordinator, item),
    }  # fmt: skip
    refused = send(coordinator, item, values, page=item)
    assert refused.status_code == 400
    page = refused.get_data(as_text=True)
    assert "Choose who does it" in page
    assert "Enter the date by which it is done" in page
    assert "Police know the car" in page
    assert "Check the address" in page
    assert "Police know the car" not in coordinator.get(item).get_data(as_text=True)
