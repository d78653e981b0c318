"""Signed minutes that were reopened: the page of the meeting leads to what is to be written or signed."""

import re

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.meetings.minutes_texts import NOTES
from meetings_app.minutes.editing import make_version, save_text
from meetings_app.minutes.signing import reopen, sign_minutes
from tests.support.browsing import browser, text_of
from tests.support.issued import long_issued
from tests.support.rmm import OFFICE, Rmm
from tests.support.world import NOW


def amended(day: Rmm) -> None:
    """Sign version 1, reopen it, and make version 2 as its amendment."""
    reopened(day)
    save_text(day.session, day.act("coordinator"), NOW, day.meeting, NOTES, 0, "The date is the 24th.")
    make_version(day.session, day.act("coordinator"), NOW, day.meeting)


def reopened(day: Rmm) -> None:
    """Sign version 1 and reopen it."""
    long_issued(day.session, day.meeting)
    for chair in ("chair_cs", "chair_fs"):
        sign_minutes(day.session, day.act(chair), NOW, OFFICE, day.meeting, 1)
    reopen(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, "A date is wrong, as invented.")


def words(page: str) -> str:
    """Give what a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_the_page_of_a_meeting_leads_to_the_amendment_that_waits(app: Flask, day: Rmm, session: Session) -> None:
    amended(day)
    ours = f"/meetings/{day.meeting.reference}"
    session.commit()
    session.close()
    for who in ("chair-cs", "chair-fs", "coordinator"):
        page = text_of(browser(app, who), ours)
        assert f'href="{ours}/minutes?version=2"' in page
        assert "Sign the amendment" in words(page)
        assert (
            "Version 2, the amendment, waits for the chairs’ signatures. Version 1 is signed and holds until then."
            in words(page)
        )
    assert "Sign version 2" in text_of(browser(app, "chair-cs"), f"{ours}/minutes?version=2")
    assert "amendment" not in text_of(browser(app, "police"), ours), "who does not record the meeting reads version 1"


def test_the_home_page_of_a_chair_leads_there_too(app: Flask, day: Rmm, session: Session) -> None:
    amended(day)
    ours = f"/meetings/{day.meeting.reference}"
    session.commit()
    session.close()
    assert f'href="{ours}/minutes?version=2"' in text_of(browser(app, "chair-cs"), "/")


def test_reopened_minutes_without_a_new_version_say_that_the_amendment_is_to_be_written(
    app: Flask, day: Rmm, session: Session
) -> None:
    reopened(day)
    ours = f"/meetings/{day.meeting.reference}"
    session.commit()
    page = text_of(browser(app, "chair-cs"), ours)
    assert "Write the amendment" in words(page)
    assert "The minutes are reopened. Version 1 is signed and holds until then." in words(page)


def test_once_the_amendment_is_signed_nothing_waits(app: Flask, day: Rmm, session: Session) -> None:
    amended(day)
    for chair in ("chair_cs", "chair_fs"):
        sign_minutes(day.session, day.act(chair), NOW, OFFICE, day.meeting, 2)
    ours = f"/meetings/{day.meeting.reference}"
    session.commit()
    session.close()
    assert "amendment" not in text_of(browser(app, "chair-cs"), ours)
