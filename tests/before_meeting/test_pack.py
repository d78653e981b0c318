"""The chair's pack says of each child how old they are and why the meeting hears of them, on the page and in Word."""

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.children.ages import age_on
from tests.support.browsing import browser
from tests.support.documents import every_word_of
from tests.support.rmm import due, referred, rmm


def test_the_pack_says_the_age_and_why_each_child_is_on_the_agenda(app: Flask, session: Session) -> None:
    day = rmm(session)
    reviewed = due(session)
    session.commit()
    chair, at = browser(app, "chair-cs"), f"/meetings/{day.meeting.reference}"
    aged = f"Aged {age_on(reviewed.born, day.meeting.held_on)}"
    for place in ("pack", "pack.docx"):
        draft = every_word_of(chair.get(f"{at}/{place}").get_data())
        assert aged in draft, place
        assert "Review due" in draft, place
    new = referred(session)
    day.operator()
    day.publish()
    session.commit()
    for place in ("pack", "pack.docx"):
        published = every_word_of(chair.get(f"{at}/{place}").get_data())
        assert new.reference in published, place
        assert "eferral received" in published, place
        assert "Not on the list" in published, place
        assert "Review due" in published, place
