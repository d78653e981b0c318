"""Staff of the area are warned before a meeting that an agency of the quorum does not come, while there is time."""

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.meetings.publishing import publish
from meetings_app.meetings.publishing_checks import checks_before_publishing
from meetings_app.meetings.quorum import agencies_missing, said_before
from meetings_app.meetings.running import start
from meetings_app.preparing import service
from meetings_app.preparing.rules import Attendance, Attending
from meetings_app.schedule.models import MeetingMember, MeetingState, Reply
from tests.documents.reading import body_text
from tests.support.browsing import browser, text_of
from tests.support.rmm import OFFICE, Rmm, due, rmm
from tests.support.world import NOW, add_account

NAMES = {"childrens-services": "Children’s Services", "police": "Police", "health": "Health", "education": "Education"}
NEEDED = ("childrens-services", "police", "health")
NOBODY = (
    "No quorum as it stands: nobody from Police comes. "
    "Ratings would be provisional: they can list and raise, but not lower or close."
)
DEPUTY = "Testy McPolice-Two"
APOLOGIES = Attendance(Attending.APOLOGIES, update_text="Nobody is free, as invented.")


@pytest.mark.parametrize(
    ("apologies", "missing", "begins"),
    [
        ((), (), ""),
        (("education",), (), ""),
        (("police",), ("Police",), NOBODY),
        (("health", "police"), ("Police", "Health"), "No quorum as it stands: nobody from Police or Health comes. "),
    ],
)
def test_an_agency_of_the_quorum_that_sends_apologies_is_named(
    apologies: tuple[str, ...], missing: tuple[str, ...], begins: str
) -> None:
    assert agencies_missing(apologies, NEEDED, NAMES) == missing
    assert said_before(missing).startswith(begins)
    assert bool(said_before(missing)) is bool(begins)


@pytest.fixture
def day(session: Session) -> Rmm:
    made = rmm(session)
    add_account(session, "police-two", "representative", "police", ["NE"])
    due(session)
    made.operator()
    session.commit()
    return made


def said(day: Rmm, attendance: Attendance, hours: int = 0, who: str = "police") -> None:
    at, may = NOW + timedelta(hours=hours), [attendance.deputy_id] if attendance.deputy_id else []
    service.send_attendance(day.session, day.act(who), at, day.meeting, attendance, may)
    day.operator()
    day.session.commit()


def where_it_is_told(app: Flask, day: Rmm) -> dict[str, bool]:
    """Give each place that warns of the quorum, and whether it does."""
    at = f"/meetings/{day.meeting.reference}"
    draft = day.meeting.state is MeetingState.ANNOUNCED
    day.session.close()
    coordinator, chair = browser(app, "coordinator"), browser(app, "chair-cs")
    pages = {
        "coordinator’s home page": text_of(coordinator, "/"), "chair’s home page": text_of(chair, "/"),
        "who has answered": text_of(coordinator, f"{at}/replies"), "pack": text_of(chair, f"{at}/pack"),
        "Word": body_text(chair.get(f"{at}/pack.docx").data),
    }  # fmt: skip
    if draft:
        pages["publish"] = text_of(coordinator, f"{at}/agenda/publish")
    told = {place: NOBODY in unescape(text) for place, text in pages.items()}
    assert not any("No quorum" in text for place, text in pages.items() if not told[place])
    return told


def test_apologies_of_the_police_are_told_everywhere_until_a_deputy_or_somebody_comes_after_all(
    app: Flask, day: Rmm
) -> None:
    key = day.meeting.key
    assert set(where_it_is_told(app, day).values()) == {False}
    said(again(day, key), APOLOGIES)
    told = where_it_is_told(app, day)
    assert len(told) == 6
    assert set(told.values()) == {True}, told
    assert "No quorum" not in text_of(browser(app, "police"), "/"), "members are told in the meeting"
    second = again(day, key).session.scalars(select(col(Account.id)).where(col(Account.name) == DEPUTY)).one()
    said(day, Attendance(Attending.DEPUTY, deputy_id=second), 1)
    assert set(where_it_is_told(app, day).values()) == {False}
    said(again(day, key), APOLOGIES, 2)
    publish(day.session, day.act("coordinator"), NOW, OFFICE, day.meeting, day.meeting.version, "")
    day.session.commit()
    told = where_it_is_told(app, again(day, key))
    assert len(told) == 5
    assert set(told.values()) == {True}, told
    member = day.session.scalars(
        select(MeetingMember).where(
            col(MeetingMember.meeting_id) == key, col(MeetingMember.account_id) == day.world.police.key
        )
    ).one()
    member.reply, member.replied_at = Reply.ACCEPTED, NOW + timedelta(hours=3)
    day.session.commit()
    assert set(where_it_is_told(app, again(day, key)).values()) == {False}


def test_an_agency_that_the_quorum_does_not_ask_for_warns_nobody(app: Flask, day: Rmm) -> None:
    key = day.meeting.key
    said(day, APOLOGIES, 0, "education")
    assert set(where_it_is_told(app, again(day, key)).values()) == {False}


def test_before_publishing_it_is_pointed_out_and_asks_for_no_reason(day: Rmm) -> None:
    said(day, APOLOGIES)
    day.act("coordinator")
    [found] = [one for one in checks_before_publishing(day.session, OFFICE, day.meeting, NOW) if one.why == NOBODY]
    assert (found.code, found.numbers, found.needs_reason) == ("no_quorum", (), False)


def test_once_the_meeting_has_begun_who_is_in_the_room_counts_and_nobody_is_warned_of_what_was_said_before(
    app: Flask, day: Rmm
) -> None:
    said(day, APOLOGIES)
    publish(day.session, day.act("coordinator"), NOW, OFFICE, day.meeting, day.meeting.version, "")
    start(day.session, day.act("chair_cs"), NOW, day.meeting, day.meeting.version, "Testy McChair")
    day.operator()
    day.session.commit()
    assert set(where_it_is_told(app, day).values()) == {False}


def again(day: Rmm, key: int) -> Rmm:
    """Read the meeting anew, after the session was closed for the pages."""
    day.operator()
    day.meeting = day.session.get_one(type(day.meeting), key)
    return day
