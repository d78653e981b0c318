"""What the meeting answers where the floor holds a child: with a learning disability in the wider form (KM)."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.children.models import YesNoUnknown
from meetings_app.meetings.closing import close_meeting
from meetings_app.ratings.models import RiskRating
from tests.support.browsing import browser, text_of
from tests.support.rmm import OFFICE, due, rated, rmm
from tests.support.world import NOW

NARROW, WIDE = "Do behaviours indicate involvement in CSE?", "Do behaviours indicate involvement in CSE, or risk of it?"


@pytest.mark.parametrize(
    ("disability", "born", "asked"),
    [
        (YesNoUnknown.YES, (2011, 1, 1), WIDE), (YesNoUnknown.NO, (2015, 1, 1), NARROW),
        (YesNoUnknown.YES, (2015, 1, 1), WIDE),
    ],
)  # fmt: skip
def test_the_item_and_the_minutes_ask_it_alike(
    app: Flask, session: Session, disability: YesNoUnknown, born: tuple[int, int, int], asked: str
) -> None:
    day = rmm(session)
    child = due(session, born=date(*born), learning_disability=disability)
    day.open()
    number = day.item(child).number
    session.commit()
    item = text_of(browser(app, "chair-cs"), f"/meetings/{day.meeting.reference}/items/{number}")
    assert (asked in item, ({NARROW, WIDE} - {asked}).pop() in item) == (True, False)
    decided = rated(
        session, RiskRating.MEDIUM, behaviours_indicate=YesNoUnknown.YES, behaviours_reason="An invented reason.",
    )  # fmt: skip
    day.decide(child, decided)
    minutes = close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    said = [line["label"] for line in minutes.facts["items"][0]["further"]]
    assert asked in said
