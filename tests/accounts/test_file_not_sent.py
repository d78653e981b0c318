"""A form with a file that came when its writer was signed out: its words are kept, and the file is asked for again."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.gate import IDLE
from meetings_app.accounts.models import SignInSession
from meetings_app.db.session import act_for
from meetings_app.meetings.closing import close_meeting
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from meetings_app.web.models import UnsentForm
from tests.conftest import NOW
from tests.support.rmm import OFFICE, due, rated, rmm
from tests.support.sent_forms import form_to
from tests.support.world import sign_in

AGAIN = "choose it again"
CONTENT, NAME = b"Canaryword of the file.", "canaryname.docx"


class Place:
    """A closed meeting, and its coordinator in front of a page with a form for a file."""

    def __init__(self, app: Flask, session: Session) -> None:
        day = rmm(session)
        child = due(session)
        day.open()
        day.decide(child, rated(session, RiskRating.HIGH, discussion="A van was seen."))
        close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
        self.files = f"/meetings/{day.meeting.reference}/minutes/files"
        day.operator()
        session.commit()
        self.session, self.client = session, app.test_client()
        sign_in(self.client, "coordinator")

    def sent_too_late(self, page: str, **typed: str) -> tuple[str, str]:
        """Send the form when nobody is signed in any more, and sign in; gives what both pages say."""
        form = form_to(self.client.get(page).text, page)
        self.session.execute(update(SignInSession).values(last_seen_at=NOW - IDLE))
        self.session.commit()
        answer = self.client.post(
            page, data={**form.with_values(**typed), "file": (io.BytesIO(CONTENT), NAME)},
            headers={"Referer": f"http://localhost{page}"},
        )  # fmt: skip
        asked = self.client.get(answer.location).text
        sign_in(self.client, "coordinator")
        return asked, self.client.get(parse_qs(urlsplit(answer.location).query)["next"][0]).text

    def kept(self) -> str:
        """Give what the database keeps of forms."""
        act_for(self.session, OPERATOR)
        fields = str(self.session.scalars(select(col(UnsentForm.fields))).all())
        self.session.rollback()
        return fields


@pytest.fixture
def place(app: Flask, session: Session) -> Place:
    """A meeting that is closed, and its coordinator."""
    return Place(app, session)


def test_what_was_typed_beside_a_file_stands_there_again_and_the_file_is_asked_for(place: Place) -> None:
    asked, page = place.sent_too_late(place.files, note="The second line, Zoë & all.")
    assert AGAIN in asked
    assert "Not saved yet" in page
    assert AGAIN in page
    assert form_to(page, place.files).values["note"] == "The second line, Zoë & all."
    assert "Canary" not in place.kept()
    assert "canary" not in place.kept(), "a file is not kept, nor what it was called"


def test_a_file_alone_is_asked_for_again(place: Place) -> None:
    asked, page = place.sent_too_late(place.files)
    assert AGAIN in asked
    assert AGAIN in page


def test_what_a_spreadsheet_holds_is_chosen_again_with_it(place: Place) -> None:
    asked, page = place.sent_too_late("/import", kind="referrals")
    assert AGAIN in asked
    assert AGAIN in page
    assert form_to(page, "/import").values["kind"] == "referrals"
