"""What the police know does not go on into a child’s file unnoticed: it is pointed out where such texts tell it."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.children.models import Child
from meetings_app.meetings.agency_views import record_view
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.closing_checks import checks_before_closing
from meetings_app.meetings.police_words import tells_what_the_police_know
from meetings_app.minutes.editing import save_text
from meetings_app.minutes.issuing_checks import checks_before_issuing
from meetings_app.preparing.models import Answer
from meetings_app.preparing.rules import Information
from meetings_app.preparing.service import send
from meetings_app.ratings.models import RiskRating
from tests.support.browsing import browser, text_of
from tests.support.children import agency_id
from tests.support.rmm import OFFICE, Rmm, due, rated, rmm
from tests.support.world import NOW

TOLD = "The car was seen twice outside the invented house"
WHY = "What the police know stands in the discussion or the rationale, which go into the child’s file"
SAID = ("police intelligence", "intelligence from the police")


@pytest.mark.parametrize(
    ("written", "tells"),
    [
        ("It was said that the CAR was seen, twice, outside the house.", True),
        ("The car stands outside the invented house.", False),
        ("Police  Intelligence names an address.", True),
        ("The police were asked.", False),
        ("", False),
        # Less than a sentence of theirs counts where it is all they said.
        ("He is known to us, they say.", True),
    ],
)
def test_what_repeats_the_police_or_speaks_of_what_they_know_is_found(written: str, tells: bool) -> None:
    known = ["The car was seen twice outside the house in March.", "Known to us", "Yes", ""]
    assert tells_what_the_police_know([written], known, SAID) is tells


def pointed_before_closing(day: Rmm) -> list[tuple[tuple[str, ...], bool]]:
    day.act("chair_cs")
    found = checks_before_closing(day.session, OFFICE, day.meeting, NOW)
    return [(doubt.numbers, doubt.needs_reason) for doubt in found if doubt.why == WHY]


def heard(session: Session) -> tuple[Rmm, Child, Child]:
    """A meeting of two children: of one the police had sent something, of the other they said it in the room."""
    day = rmm(session)
    sent, said = due(session), due(session)
    told = Information(Answer.RELEVANT, f"{TOLD}.", "", "An officer")
    send(session, day.act("police"), NOW, day.meeting, sent.key, told)
    day.open()
    police = agency_id(session, "police")
    record_view(session, day.act("chair_cs"), NOW, day.meeting, day.item(said), police, f"{TOLD}.", dissents=False)
    return day, sent, said


def test_what_repeats_the_police_is_pointed_out_before_closing_and_before_issuing(app: Flask, session: Session) -> None:
    day, sent, said = heard(session)
    day.decide(sent, rated(session, RiskRating.MEDIUM, discussion=f"Told: {TOLD.lower()}.", rationale="As invented."))
    day.decide(said, rated(session, RiskRating.MEDIUM, discussion="As invented.", rationale=f"For {TOLD}."))
    numbers = day.item(sent).number, day.item(said).number
    assert pointed_before_closing(day) == [(tuple(sorted(numbers)), False)], "it advises, and asks for no reason"
    minutes = close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    session.commit()
    at = f"/meetings/{day.meeting.reference}/minutes"
    page = text_of(browser(app, "coordinator"), f"{at}/issue")
    assert WHY in page
    assert f'href="{at}/texts/{numbers[0]}"' in page
    # The text that is issued counts, and not the record.
    save_text(session, day.act("coordinator"), NOW, day.meeting, numbers[0], 0, "As invented.")
    found = checks_before_issuing(session, OFFICE, day.meeting, minutes, NOW)
    assert [doubt.numbers for doubt in found if doubt.why == WHY] == [numbers[1:]]


def test_a_discussion_that_speaks_of_police_intelligence_is_pointed_out_by_the_partnerships_words(
    session: Session,
) -> None:
    day, sent, said = heard(session)
    day.decide(sent, rated(session, RiskRating.MEDIUM, discussion="Police intelligence points to a house."))
    day.decide(said, rated(session, RiskRating.MEDIUM, discussion="The police told what they know."))
    assert pointed_before_closing(day) == [((day.item(sent).number,), False)]


def test_the_page_of_an_item_says_where_what_the_police_know_belongs(app: Flask, session: Session) -> None:
    day, sent, _said = heard(session)
    session.commit()
    page = text_of(browser(app, "chair-cs"), f"/meetings/{day.meeting.reference}/items/{day.item(sent).number}")
    assert "What the police know goes under “What each agency thinks”" in page
    assert "What each agency said, and the analysis" not in page
