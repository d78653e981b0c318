"""Somebody at the page of an item whose browser saves what is typed, field by field, as its script does."""

import re
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient

from tests.support.meeting_day import Day
from tests.support.sent_forms import SentForm, form_to


@dataclass
class Typist:
    """One person at one item. `seen` is the number of the text that stands in each box."""

    client: FlaskClient
    address: str
    token: str
    seen: dict[str, int] = field(default_factory=dict)

    def type(self, name: str, value: str, **more: Any) -> dict[str, Any]:
        """Send one box; gives what became of it."""
        sent = {"name": name, "value": value, "seen": self.seen.get(name, 0), **more}
        answer = self.send({"fields": [sent]})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        said: dict[str, Any] = answer.get_json()
        for kept in said["kept"]:
            if "theirs" not in kept:
                self.seen[kept["name"]] = number_of(kept["mark"])
        return said

    def send(self, body: Any) -> Any:
        """Send something to be kept."""
        return self.client.post(f"{self.address}/live", json=body, headers={"X-CSRFToken": self.token})

    def look(self, after: int = 0, tag: str = "") -> Any:
        """Ask what others have typed."""
        return self.client.get(f"{self.address}/live?after={after}", headers={"If-None-Match": tag} if tag else {})

    def texts(self) -> dict[str, str]:
        """Give everything that stands on the item."""
        return {each["name"]: each["value"] for each in self.look().get_json()["fields"]}


def number_of(mark: str) -> int:
    """Give the number of a text from the mark that the service gave it."""
    return int(mark.partition(".")[0])


def typist(day: Day, who: str, child: int = 0) -> Typist:
    """Open the page of an item of the meeting that is being held."""
    client = day.browser(who)
    address = f"{day.at}/items/{day.number(client, day.children[child])}"
    page = client.get(address).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    return Typist(client, address, token.group(1))


def opened(person: Typist) -> SentForm:
    """Give the form of the item as its page shows it to somebody now."""
    return form_to(person.client.get(person.address).get_data(as_text=True), person.address)


def save(person: Typist, form: SentForm, status: int = 302, **values: str) -> str:
    """Save the item with a form that was opened before; gives the page that answers."""
    answer = person.client.post(person.address, data=form.with_values(**values))
    page = str(answer.get_data(as_text=True))
    assert answer.status_code == status, page
    return page
