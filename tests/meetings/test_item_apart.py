"""Texts of an item that name a child from whom a conflict keeps the reader: read without, and left to others."""

import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from meetings_app.accounts.models import Account, ConflictOfInterest
from meetings_app.accounts.queries import actor_of
from meetings_app.actions.service import propose
from meetings_app.children.models import Child
from meetings_app.meetings.live_models import LiveField, SetAside
from meetings_app.meetings.models import AgencyView, AgendaItem, ItemDecision
from meetings_app.permissions import OPERATOR
from meetings_app.preparing.rules import Answer, Information
from meetings_app.preparing.service import send
from meetings_app.schedule.models import Meeting
from tests.support.browsing import text_of
from tests.support.live import typist
from tests.support.meeting_day import Day
from tests.support.sent_forms import form_to
from tests.support.world import NOW

SHOWN, HIDDEN = 0, 6
NOT_YOURS = "Somebody who sees every item edits it."


class Apart:
    """A meeting at which a chair is kept from one child, whom the coordinator names while typing about another."""

    def __init__(self, day: Day) -> None:
        day.publish_and_open(day.browser("coordinator"))
        self.day, self.hidden = day, day.children[HIDDEN]
        self.other = typist(day, "coordinator", SHOWN)
        self.named = f"O’Exämple, {self.hidden.reference}"
        self.at = self.other.address
        self.chair = day.browser("chair-cs")

    def keep(self) -> None:
        with self.day.open() as session:
            meeting = session.scalars(select(Meeting).where(col(Meeting.reference) == self.day.reference)).one()
            session.add(
                ConflictOfInterest(
                    account_id=self.day.people["chair_cs"], child_id=self.hidden.key, area_id=meeting.area_id or 0,
                    meeting_id=meeting.key, reason="A neighbour, as invented.", declared_at=NOW,
                )
            )  # fmt: skip
            session.commit()

    def secret(self, said: str) -> list[str]:
        return re.findall(rf"Exämple|Ex\\u00e4mple|{self.hidden.reference}", said)

    def item(self) -> dict[str, Any]:
        """Give what is recorded on the item that may be seen."""
        with self.day.open() as session:
            decision = session.scalars(
                select(ItemDecision)
                .join(AgendaItem, col(AgendaItem.id) == col(ItemDecision.item_id))
                .where(col(AgendaItem.child_id) == self.day.children[SHOWN].key)
            ).one()
            return {"discussion": decision.discussion, "rationale": decision.rationale}

    def save(self, by: FlaskClient, page: str, status: int, **values: str) -> str:
        """Send the form of a page of the item, as a browser without scripts would."""
        answer = by.post(self.at, data=form_to(page, "").with_values(**values))
        assert answer.status_code == status, answer.get_data(as_text=True)
        return str(answer.get_data(as_text=True))


@pytest.fixture
def apart(day: Day) -> Apart:
    return Apart(day)


def test_what_is_recorded_is_read_without_the_child_and_saving_leaves_it_as_it_is(apart: Apart) -> None:
    other = apart.other.client
    apart.save(other, text_of(other, apart.at), 302, discussion=f"With {apart.named}.", outcome="")
    apart.keep()
    page = text_of(apart.chair, apart.at)
    assert apart.secret(page) == []
    assert "With [another child], [another child]." in page
    assert (
        f"<strong>Discussion:</strong> Part of this text is about somebody whose item you cannot see. {NOT_YOURS}"
        in (page)
    )
    assert re.search(r'<textarea[^>]*name="discussion"[^>]*readonly', page)
    apart.save(apart.chair, page, 302, rationale="The chair’s own words.")
    assert apart.item() == {"discussion": f"With {apart.named}.", "rationale": "The chair’s own words."}
    said = apart.save(apart.chair, text_of(apart.chair, apart.at), 409, discussion="Typed over it.")
    assert "You typed this there, and it is not saved: " in said
    assert "Typed over it." in said
    assert apart.secret(said) == []
    assert apart.item()["discussion"] == f"With {apart.named}."


def test_what_others_type_now_comes_without_the_child_and_nothing_is_typed_over_it(apart: Apart) -> None:
    chair = typist(apart.day, "chair-cs", SHOWN)
    open_before = text_of(apart.chair, apart.at)
    apart.other.type("discussion", f"With {apart.named}.")
    apart.keep()
    row = next(each for each in chair.look().get_json()["fields"] if each["name"] == "discussion")
    assert row["value"] == "With [another child], [another child]."
    assert NOT_YOURS in row["others"]
    said = chair.type("discussion", "Typed over it.")
    assert NOT_YOURS in said["problems"]["discussion"]
    assert said["kept"] == []
    assert "Leave it out" in chair.type("rationale", f"About {apart.named}.")["problems"]["rationale"]
    assert chair.type("rationale", "About the car.")["problems"] == {}
    assert apart.secret(text_of(apart.chair, apart.at)) == []
    page = apart.save(apart.chair, open_before, 409, discussion="Typed before it was declared.")
    assert "Typed before it was declared." in page
    assert apart.secret(page) == []
    assert "Leave it out" in apart.save(
        apart.chair, text_of(apart.chair, apart.at), 400, rationale=f"Of {apart.hidden.reference}."
    )
    # What is typed and not recorded yet stays typed, and is recorded by nobody who cannot read it.
    apart.save(apart.chair, text_of(apart.chair, apart.at), 302)
    assert apart.item() == {"discussion": "", "rationale": "About the car."}
    assert apart.other.texts()["discussion"] == f"With {apart.named}."


def test_what_was_set_aside_is_for_somebody_else_to_keep_or_remove(apart: Apart) -> None:
    chair = typist(apart.day, "chair-fs", SHOWN)
    chair.type("discussion", "The other chair’s words.")
    apart.other.type("discussion", f"With {apart.named}.")
    assert apart.other.send({"fields": [], "let_stand": ["discussion"]}).status_code == 200
    apart.keep()
    page = text_of(apart.chair, apart.at)
    assert apart.secret(page) == []
    assert "/set-aside/" not in page
    with apart.day.open() as session:
        aside = session.scalars(select(col(SetAside.id))).one()
    sent = form_to(page, "").values
    for what in ("keep", "remove"):
        answer = apart.chair.post(f"{apart.at}/set-aside/{aside}/{what}", data=sent)
        assert answer.status_code == 400, what
        assert apart.secret(answer.get_data(as_text=True)) == []
    with apart.day.open() as session:
        assert session.scalars(select(col(SetAside.value))).one() == f"With {apart.named}."
        assert session.scalars(select(col(LiveField.value))).one() == "The other chair’s words."


def test_a_view_and_an_action_that_name_the_child_are_for_somebody_else_to_change(apart: Apart) -> None:
    other = apart.other.client
    police = apart.day.agencies["police"]
    view = {"view_agency": police, "view_text": f"Seen with {apart.named}."}
    apart.save(other, text_of(other, apart.at), 302, **view)
    with apart.day.open() as session:
        meeting = session.scalars(select(Meeting).where(col(Meeting.reference) == apart.day.reference)).one()
        child, owner = session.get_one(Child, apart.day.children[SHOWN].key), session.get_one(Account, apart.day.police)
        action = propose(
            session, OPERATOR, NOW, meeting, child, f"Ask {apart.named}.", owner.agency_id, owner.key,
            date(2026, 12, 4),
        )  # fmt: skip
        reference = action.reference
        word = Information(Answer.RELEVANT, f"Sent about {apart.named}.", source="A log.")
        police_officer = actor_of(session, owner.key)
        assert police_officer is not None
        send(session, police_officer, NOW, meeting, child.key, word)
        session.commit()
    apart.keep()
    page = text_of(apart.chair, apart.at)
    assert apart.secret(page) == []
    for words in ("Seen with", "Ask", "Sent about"):
        assert f"{words} [another child], [another child]." in page
    sent = form_to(page, "").values
    for address, values in (
        (apart.at, {"view_agency": police, "view_text": "Typed over it."}), (f"{apart.at}/views/police/remove", {}),
        (f"{apart.at}/actions/{reference}/remove", {}), (f"{apart.at}/actions/{reference}", {"what": "Other words."}),
        (f"{apart.at}/withdraw/{reference}", {"reason": "Not needed."}),
    ):  # fmt: skip
        answer = apart.chair.post(address, data={**sent, **values})
        assert answer.status_code == 400, address
        assert apart.secret(answer.get_data(as_text=True)) == [], address
    assert apart.chair.get(f"{apart.at}/actions/{reference}").status_code == 400
    with apart.day.open() as session:
        assert session.scalars(select(col(AgencyView.text))).one() == f"Seen with {apart.named}."
    assert apart.named in text_of(other, f"{apart.at}/actions/{reference}")


def test_whoever_has_no_conflict_reads_and_writes_the_name_as_before(apart: Apart) -> None:
    apart.keep()
    apart.other.type("discussion", f"With {apart.named}.")
    fields = apart.other.look().get_json()["fields"]
    assert [(each["value"], each["others"]) for each in fields] == [(f"With {apart.named}.", "")]
    assert "readonly" not in text_of(apart.other.client, apart.at)
