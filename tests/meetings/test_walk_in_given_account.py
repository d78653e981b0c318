"""Who declared a conflict of interest without an account is kept from the child once they are recorded with one."""

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.audit.models import AuditEvent
from meetings_app.meetings import queries
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.conflicts import conflicts_at, end, kept_out
from meetings_app.meetings.minutes_room import room_lines
from meetings_app.meetings.models import Presence
from meetings_app.meetings.presence import room_of, set_room
from meetings_app.meetings.running import AttendanceLine, set_attendance
from meetings_app.meetings.walk_in_conflicts import declare_and_leave, walk_in_conflicts
from meetings_app.permissions import Role
from tests.meetings.test_walk_in_conflicts import NAME, WHY, walk_in
from tests.support.attendance import last_form, recorded, walks_in
from tests.support.browsing import browser, text_of
from tests.support.meeting_day import Day
from tests.support.rmm import OFFICE, Rmm, deferred, due, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW, add_account


def given_account(day: Rmm, who: str = "chair_cs") -> int:
    """Record the person who walked in with an account; gives its id."""
    account: int = day.world.education.key
    line = AttendanceLine(day.world.health.agency_id, NAME, Presence.PRESENT, account_id=account)
    set_attendance(day.session, day.act(who), NOW, day.meeting, [line])
    return account


def test_the_account_has_the_conflict_with_its_reason_and_the_minutes_say_that_the_person_left(
    session: Session,
) -> None:
    day = rmm(session)
    child, other = due(session), due(session)
    day.open()
    there, chair = walk_in(day), day.act("chair_cs")
    number = day.item(child).number
    declare_and_leave(session, chair, NOW, day.meeting, day.item(child), there, WHY)
    account = given_account(day)
    assert [(row.account_id, row.number, row.reason) for row in conflicts_at(session, day.meeting)] == [
        (account, number, WHY)
    ]
    assert list(walk_in_conflicts(session, day.meeting)) == []
    assert (kept_out(session, child.key), kept_out(session, other.key)) == ({account}, set())
    day.act("education")
    assert queries.find_item(session, day.meeting.key, number) is None
    given_account(day)
    for one in (child, other):
        day.decide(one, deferred(session))
    minutes = close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    [item] = [each for each in minutes.facts["items"] if each["number"] == number]
    assert list(room_lines(item, None, named=True)) == [
        f"Not in the room because of a conflict of interest: {NAME} (Health)."
    ]


def test_who_is_in_the_room_can_still_be_saved_and_the_conflict_is_ended_as_any_other(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    there, chair = walk_in(day), day.act("chair_cs")
    item = day.item(child)
    declare_and_leave(session, chair, NOW, day.meeting, item, there, WHY)
    account, chair = given_account(day), day.act("chair_cs")
    room = room_of(session, day.meeting, item)
    assert [(each.conflict, each.away) for each in room.people if each.attendance_id == there] == [(True, True)]
    set_room(session, chair, NOW, day.meeting, item, {there}, room.seen)
    assert not room_of(session, day.meeting, item).still_to_leave
    [conflict] = conflicts_at(session, day.meeting)
    end(session, chair, NOW, day.meeting, conflict[0], "It was somebody else.")
    set_room(session, chair, NOW, day.meeting, item, set(), room_of(session, day.meeting, item).seen)
    assert account in room_of(session, day.meeting, item).accounts


def test_it_holds_where_whoever_records_is_kept_from_the_item_and_where_the_account_has_it_already(
    session: Session,
) -> None:
    day = rmm(session)
    child, other = due(session), due(session)
    day.open()
    there, chair = walk_in(day), day.act("chair_cs")
    for one in (child, other):
        declare_and_leave(session, chair, NOW, day.meeting, day.item(one), there, WHY)
    day.operator()
    day.keep_apart("coordinator", child.key)
    day.keep_apart("education", other.key)
    session.flush()
    account = given_account(day, "coordinator")
    day.operator()
    held = session.execute(
        select(col(ConflictOfInterest.child_id), col(ConflictOfInterest.reason))
        .where(col(ConflictOfInterest.account_id) == account)
        .order_by(col(ConflictOfInterest.child_id))
    )
    assert [tuple(row) for row in held] == [(child.key, WHY), (other.key, "A neighbour, as invented.")]


def test_an_account_made_during_the_meeting_opens_neither_the_item_nor_the_child(day: Day) -> None:
    coordinator, child, at = day.browser("coordinator"), day.children[0], f"{day.at}/conflicts"
    day.publish_and_open(coordinator)
    assert walks_in(day, coordinator, NAME).status_code == 302
    page = text_of(coordinator, at)
    person = page.partition('value="there-')[2].partition('"')[0]
    sent = form_to(page, at).with_values(person=f"there-{person}", item=day.number(coordinator, child), reason=WHY)
    assert coordinator.post(at, data=sent).status_code == 302
    with day.open() as session:
        account = add_account(session, "walker", Role.REPRESENTATIVE, "police", ["NE"], name=NAME).key
        session.commit()
    walker = browser(day.app, "walker")
    assert walker.get(f"/children/{child.reference}").status_code == 200
    asked = last_form(walks_in(day, coordinator, NAME).get_data(as_text=True))
    chosen = coordinator.post(f"{day.at}/attendance", data=asked.with_values(account=str(account)))
    assert chosen.status_code == 302
    assert recorded(day, NAME) == [(account, day.agencies["police"], Presence.PRESENT)]
    assert walker.get(f"/children/{child.reference}").status_code == 404
    assert child.reference not in text_of(walker, f"{day.at}/agenda")
    assert walker.get(f"/children/{day.children[1].reference}").status_code == 200
    assert WHY in text_of(coordinator, at)
    room = f"{day.at}/items/{day.number(coordinator, child)}/room"
    assert coordinator.post(room, data=form_to(text_of(coordinator, room), "").values).status_code == 302
    with day.open() as session:
        kinds = session.scalars(select(col(AuditEvent.kind)).order_by(col(AuditEvent.id))).all()
        assert [kind for kind in kinds if "conflict" in kind] == ["walk_in_conflict_declared", "conflict_declared"]
