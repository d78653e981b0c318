"""Somebody without an account declares a conflict of interest: they leave for the item, and the minutes say so."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.minutes_audience import Audience
from meetings_app.meetings.minutes_room import room_lines
from meetings_app.meetings.minutes_word import facts_for
from meetings_app.meetings.models import Attendance, ItemAbsence, Presence
from meetings_app.meetings.presence import room_of, rooms_of
from meetings_app.meetings.running import AttendanceLine, remove_attendant, set_attendance
from meetings_app.meetings.walk_in_conflicts import declare_and_leave, take_back
from meetings_app.permissions import OPERATOR
from meetings_app.preparing.models import Answer
from meetings_app.preparing.rules import Information
from meetings_app.preparing.service import send
from tests.support.attendance import held_with, last_form, recorded
from tests.support.browsing import text_of
from tests.support.meeting_day import Day
from tests.support.rmm import OFFICE, Rmm, deferred, due, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW

NAME, WHY = "Walky McVisitor", "An aunt, as invented."


def walk_in(day: Rmm, presence: Presence = Presence.PRESENT) -> int:
    """Let somebody without an account attend; gives the id of their attendance."""
    health = day.world.health.agency_id
    chair = day.act("chair_cs")
    set_attendance(day.session, chair, NOW, day.meeting, [AttendanceLine(health, NAME, presence)])
    return day.session.scalars(select(col(Attendance.id)).where(col(Attendance.name) == NAME)).one() or 0


def test_the_minutes_say_that_somebody_without_an_account_left_for_a_conflict(session: Session) -> None:
    day = rmm(session)
    child, other = due(session), due(session)
    day.open()
    there = walk_in(day)
    chair = day.act("chair_cs")
    declare_and_leave(session, chair, NOW, day.meeting, day.item(child), there, WHY)
    for one in (child, other):
        day.decide(one, deferred(session))
    items = [day.item(child), day.item(other)]
    rooms = rooms_of(session, day.meeting, items)
    assert rooms[items[0].key] == room_of(session, day.meeting, items[0])
    assert not rooms[items[0].key].still_to_leave
    minutes = close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    said = {item["number"]: list(room_lines(item, None, named=True)) for item in minutes.facts["items"]}
    assert said[day.item(child).number] == [f"Not in the room because of a conflict of interest: {NAME} (Health)."]
    assert said[day.item(other).number] == []
    [item] = [each for each in minutes.facts["items"] if each["number"] == day.item(child).number]
    assert list(room_lines(item, None, named=False)) == [
        "Not in the room because of a conflict of interest: one person."
    ]
    with pytest.raises(DomainError):
        declare_and_leave(session, day.act("chair_cs"), NOW, day.meeting, day.item(other), there, WHY)


def test_the_operators_copy_keeps_what_agencies_sent_where_somebody_without_an_account_left(session: Session) -> None:
    day = rmm(session)
    child, other = due(session), due(session)
    for one in (child, other):
        sent = Information(Answer.RELEVANT, "Sent, as invented.", "", "An officer")
        send(session, day.act("police"), NOW, day.meeting, one.key, sent)
    day.open()
    there = walk_in(day)
    declare_and_leave(session, day.act("chair_cs"), NOW, day.meeting, day.item(child), there, WHY)
    for one in (child, other):
        day.decide(one, deferred(session))
    minutes = close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    facts = facts_for(session, OPERATOR, NOW, OFFICE, day.meeting, minutes, Audience(), marking="TEST")
    assert [len(each.information) for each in facts.children] == [1, 1]


def test_only_who_is_there_without_an_account_declares_so_once_and_with_what_it_is(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    there = walk_in(day)
    item, chair = day.item(child), day.act("chair_cs")
    member = session.scalars(select(col(Attendance.id)).where(col(Attendance.account_id).is_not(None))).first() or 0
    for attendance, reason, field in ((member, WHY, "person"), (0, WHY, "person"), (there, " ", "reason")):
        with pytest.raises(RuleBroken) as refused:
            declare_and_leave(session, chair, NOW, day.meeting, item, attendance, reason)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        declare_and_leave(session, day.act("police"), NOW, day.meeting, item, there, WHY)
    chair = day.act("chair_cs")
    declare_and_leave(session, chair, NOW, day.meeting, item, there, WHY)
    with pytest.raises(RuleBroken):
        declare_and_leave(session, chair, NOW, day.meeting, item, there, WHY)


def test_nobody_who_declared_so_is_taken_off_or_recorded_as_not_present_before_it_is_taken_back(
    session: Session,
) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    there, item = walk_in(day), day.item(child)
    declare_and_leave(session, day.act("chair_cs"), NOW, day.meeting, item, there, WHY)
    day.operator()
    day.keep_apart("coordinator", child.key)
    session.flush()
    health = day.world.health.agency_id
    for who in ("chair_cs", "coordinator"):
        by = day.act(who)
        with pytest.raises(RuleBroken, match="Take that back first"):
            remove_attendant(session, by, NOW, day.meeting, health, NAME)
        with pytest.raises(RuleBroken, match="Take that back first"):
            set_attendance(session, by, NOW, day.meeting, [], off=[(health, NAME)])
        for presence in (Presence.APOLOGIES, Presence.REPORT_ONLY, Presence.ABSENT):
            with pytest.raises(RuleBroken, match="Take that back first"):
                walk_in(day, presence)
    chair = day.act("chair_cs")
    assert walk_in(day) == there, "whoever is recorded as present once more is the same person"
    assert [person.there for person in room_of(session, day.meeting, item).people if person.name == NAME] == [False]
    take_back(session, chair, NOW, day.meeting, item, there)
    remove_attendant(session, chair, NOW, day.meeting, health, NAME)
    assert NAME not in [person.name for person in room_of(session, day.meeting, item).people]


@pytest.fixture
def coordinator(day: Day) -> FlaskClient:
    """The meeting is held, and somebody without an account has walked in."""
    return held_with(day, NAME)


def test_it_is_recorded_on_the_page_stands_against_the_room_and_is_taken_back(
    day: Day, coordinator: FlaskClient
) -> None:
    number, at = day.number(coordinator, day.children[0]), f"{day.at}/conflicts"
    with day.open() as session:
        there = session.scalars(select(col(Attendance.id)).where(col(Attendance.name) == NAME)).one()
    page = text_of(coordinator, at)
    assert f"{NAME}, Police (without an account)" in page
    sent = form_to(page, at).with_values(person=f"there-{there}", item=number, reason=WHY)
    said = coordinator.post(at, data=sent, follow_redirects=True).get_data(as_text=True)
    assert f"The person has left the room for item {number}." in said
    assert WHY in said
    room = f"{day.at}/items/{number}/room"
    shown = text_of(coordinator, room)
    assert "has left." in shown
    # Saving the room as it is shown lets nobody in again who left for a conflict.
    assert coordinator.post(room, data=form_to(shown, "").values).status_code == 302
    with day.open() as session:
        assert [row.conflict for row in session.scalars(select(ItemAbsence)) if row.attendance_id == there] == [WHY]
    # A name that is put right by taking the person off and adding them anew takes no conflict away.
    attendance = f"{day.at}/attendance"
    off = last_form(text_of(coordinator, attendance)).with_values(remove=f"{day.agencies['police']} {NAME}")
    refused = coordinator.post(attendance, data=off)
    assert refused.status_code == 400
    assert f"{NAME} declared a conflict of interest. Take that back first" in refused.get_data(as_text=True)
    assert "Finish the person you are adding" not in refused.get_data(as_text=True)
    assert recorded(day, NAME) == [(None, day.agencies["police"], Presence.PRESENT)]
    back = f"{at}/{number}/{there}/taken-back"
    assert coordinator.post(back, data=form_to(text_of(coordinator, at), back).values).status_code == 302
    assert WHY not in text_of(coordinator, at)
    with day.open() as session:
        kinds = session.scalars(select(col(AuditEvent.kind)).order_by(col(AuditEvent.id))).all()
        assert [kind for kind in kinds if kind.startswith("walk_in")] == [
            "walk_in_conflict_declared", "walk_in_conflict_taken_back",
        ]  # fmt: skip
