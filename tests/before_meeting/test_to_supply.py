"""An agency that a meeting asked for information reads so on its pages, until it has sent it."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.children.models import Child
from meetings_app.config import Settings
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.information_to_supply import to_supply
from meetings_app.permissions import OPERATOR
from meetings_app.preparing import service
from meetings_app.preparing.rules import Answer, Information
from meetings_app.ratings.models import RiskRating
from meetings_app.ratings.service import record_rating
from tests.support.browsing import browser, text_of
from tests.support.moving_clock import MovingClock
from tests.support.rmm import OFFICE, Rmm, deferred, due, rated, referred, rmm
from tests.support.world import NOW

WHAT = "The invented hospital letter is missing."


@pytest.fixture
def next_one(session: Session) -> Rmm:
    """The meeting after one that deferred a child on the list and a new one, both until health supplies a letter."""
    day = rmm(session)
    child, new = due(session, name="Testy McOwed"), referred(session, name="Testy McNew")
    day.open()
    for one in (child, new):
        day.decide(one, deferred(session, "health", WHAT))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    following = Rmm(session, day.world, day.later[0], day.later[1:])
    following.child, following.new, following.deferred_at = child, new, day.meeting.reference  # type: ignore[attr-defined]
    return following


def words(page: str) -> str:
    """Give what a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_before_the_next_meeting_the_agency_reads_what_it_is_to_supply(
    app: Flask, session: Session, next_one: Rmm
) -> None:
    at, child, new = f"/meetings/{next_one.meeting.reference}/before", next_one.child, next_one.new  # type: ignore[attr-defined]
    owed = f"Your agency is to supply: {WHAT} ({next_one.deferred_at})"  # type: ignore[attr-defined]
    reference, other = child.reference, new.reference
    session.commit()
    session.close()
    page = text_of(browser(app, "health"), at)
    box = page.partition(f'id="{reference}"')[2].partition("</section>")[0]
    assert owed in words(box)
    assert f"{other}: {WHAT}" in words(page.partition("Your agency is also to supply")[2]), "no box before the agenda"
    assert "is to supply" not in text_of(browser(app, "police"), at), "that is for health alone"
    assert "is also to supply" not in text_of(browser(app, "police"), at)


def test_the_home_page_of_the_agency_says_how_many_children_wait_until_it_has_sent_it(
    app: Flask, session: Session, next_one: Rmm
) -> None:
    reference = next_one.meeting.reference
    at, child_id, new_id = f"/meetings/{reference}/before", next_one.child.key, next_one.new.key  # type: ignore[attr-defined]
    session.commit()
    health, police = browser(app, "health"), browser(app, "police")
    counted = "0 of 1 children due for review answered"
    home = text_of(health, "/")
    assert "2 children wait for what your agency is to supply." in home
    assert counted in home
    assert counted in text_of(health, at)
    assert "your agency is to supply" not in text_of(police, "/")
    letter = Information(Answer.NOTHING_KNOWN)
    service.send(session, next_one.act("health"), NOW, next_one.meeting, child_id, letter)
    session.commit()
    assert "1 child waits for what your agency is to supply." in text_of(health, "/")
    next_one.operator()
    next_one.publish()
    service.send(session, next_one.act("health"), NOW, next_one.meeting, new_id, letter)
    session.commit()
    session.close()
    assert "your agency is to supply" not in text_of(health, "/")
    page = text_of(health, at)
    assert page.count("Your agency is to supply:") == 2
    assert "is also to supply" not in page


def test_once_a_meeting_has_heard_the_child_nothing_is_owed_any_more(
    app: Flask, session: Session, next_one: Rmm
) -> None:
    next_one.open()
    for child in (next_one.child, next_one.new):  # type: ignore[attr-defined]
        next_one.decide(child, rated(session, RiskRating.MEDIUM))
    close_meeting(session, next_one.act("chair_cs"), NOW, OFFICE, next_one.meeting, next_one.meeting.version)
    at = f"/meetings/{next_one.later[0].reference}/before"
    session.commit()
    session.close()
    health = browser(app, "health")
    assert "to supply" not in text_of(health, at)
    assert "to supply" not in text_of(health, "/")


def following_of(day: Rmm) -> Rmm:
    day.operator()
    return Rmm(day.session, day.world, day.later[0], day.later[1:])


def held_without_it(day: Rmm, children: Sequence[Child], decided: Decided) -> Rmm:
    """Hold a meeting that decides the same of each child, and give the one after it."""
    day.open()
    for child in children:
        day.decide(child, decided)
    close_meeting(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    return following_of(day)


def test_what_a_rating_is_provisional_for_want_of_is_owed_until_the_child_is_rated_again(
    app: Flask, session: Session, settings: Settings, next_one: Rmm
) -> None:
    children: list[Child] = [next_one.child, next_one.new]  # type: ignore[attr-defined]
    later_words = "The invented hospital letter is missing still."
    day = held_without_it(next_one, children, deferred(session, "health", later_words))
    day = held_without_it(day, children, rated(session, RiskRating.HIGH))
    rated_at, at = next_one.later[0].reference, f"/meetings/{day.meeting.reference}/before"
    session.commit()
    clock = MovingClock(NOW)
    object.__setattr__(settings, "clock", clock)
    clock.move(timedelta(days=18))
    health, police = browser(app, "health"), browser(app, "police")
    want = "which rated the child provisionally because it was missing"
    page = words(text_of(health, at))
    assert page.count(f"{later_words} ({rated_at}, {want})") == 2
    home = text_of(health, "/")
    assert "2 children are rated provisionally because your agency has not supplied what was missing." in home
    assert "waits for what your agency" not in home
    for address in (at, "/"):
        assert "provisionally because" not in text_of(police, address), "that is for health alone"
    letter = Information(Answer.NOTHING_KNOWN)
    service.send(session, day.act("health"), NOW, day.meeting, children[0].key, letter)
    session.commit()
    assert "1 child is rated provisionally because your agency has not supplied what was missing." in text_of(
        health, "/"
    )
    page = text_of(health, at)
    assert all(want in words(page.partition(f'id="{one.reference}"')[2].partition("</section>")[0]) for one in children)
    day.operator()
    for one in children:
        record_rating(
            session, OPERATOR, NOW, one.key, RiskRating.HIGH, rationale="Supplied, as invented.",
            decided_on=day.meeting.held_on,
        )  # fmt: skip
    session.commit()
    for address in (at, "/"):
        assert "provisionally because" not in text_of(health, address)


def test_what_was_sent_for_a_meeting_that_was_held_is_owed_no_more(session: Session, next_one: Rmm) -> None:
    children: list[Child] = [next_one.child, next_one.new]  # type: ignore[attr-defined]
    day = held_without_it(next_one, children, deferred(session, "health", "Missing still."))
    day = held_without_it(day, children, rated(session, RiskRating.HIGH))
    letter = Information(Answer.RELEVANT, "Here, as invented.", "", "A letter")
    service.send(session, day.act("health"), NOW, day.meeting, children[0].key, letter)
    service.send(
        session, day.act("health"), NOW, day.meeting, children[1].key, Information(Answer.NOT_SHARED, reason="No.")
    )
    day.open()
    for one in children:
        day.decide(one, deferred(session, "police", "Something else is missing."))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version, although="Invented.")
    area_id, health = day.meeting.area_id, day.act("health")
    assert area_id
    owed = [each.child_id for each in to_supply(session, health.agency_id, [area_id])]
    assert owed == [children[1].key], "not sharing is no supplying"
