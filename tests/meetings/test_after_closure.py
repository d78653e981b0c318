"""What follows a closure: the agencies remove their flags, and somebody looks back after 84 days."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency, ConflictOfInterest
from meetings_app.actions.following import follow_area
from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.service import give
from meetings_app.audit.queries import trail_of_child
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.cse_list.models import Closure, ClosureTask, LookBack
from meetings_app.db.session import act_for
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.home import waiting
from meetings_app.home.waiting import Part
from meetings_app.meetings.after_closure import (
    asked_of,
    find_look_back,
    find_task,
    give_task,
    record_look_back,
)
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.closures import closure_of, sign
from meetings_app.partnership.closing import ClosingTexts
from meetings_app.permissions import OPERATOR, Role
from tests.support.browsing import browser
from tests.support.children import agency_id, area_id
from tests.support.rmm import ANSWERS, OFFICE, Rmm, closed, due, rmm
from tests.support.world import NOW, add_account, send

LEFT_ON = date(2026, 11, 23)
DUE_ON = LEFT_ON + timedelta(days=84)


def leave(day: Rmm, between: Callable[[Child], None] = lambda _child: None) -> Child:
    """Let a child leave the list through a meeting and both signatures, and something happen `between` them."""
    child = due(day.session, leaving=True)
    day.open()
    day.decide(child, closed(), ANSWERS)
    close_meeting(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    closure = closure_of(day.session, day.meeting.key, child.key)
    assert closure is not None
    assert not sign(day.session, day.act("chair_cs"), NOW, OFFICE, closure)
    day.operator()
    assert _tasks(day.session) == [], "nothing follows before both chairs have signed"
    between(child)
    assert sign(day.session, day.act("chair_fs"), NOW, OFFICE, closure)
    day.operator()
    return child


def _tasks(session: Session) -> Sequence[ClosureTask]:
    return session.scalars(select(ClosureTask).order_by(col(ClosureTask.id))).all()


def test_each_agency_is_asked_to_remove_its_flags_by_an_action_of_its_representative(session: Session) -> None:
    day = rmm(session)
    child = leave(day)
    actions = {
        action.agency_id: action for action in session.scalars(select(Action).where(col(Action.child_id) == child.key))
    }
    owners = {agency_id(session, code): owner for code, owner in (
        ("police", day.world.police.key), ("health", day.world.health.key),
    )}  # fmt: skip
    assert {agency: action.owner_id for agency, action in actions.items()} == owners
    for action in actions.values():
        assert (action.state, action.due_on) == (ActionState.OPEN, date(2026, 11, 30))
        assert action.what.startswith("Remove the flags")
    codes = {row.id: row.code for row in session.execute(select(col(Agency.id), col(Agency.code)))}
    assert [codes[task.agency_id] for task in _tasks(session) if task.action_id is None] == ["childrens-services"]


def keep_from(day: Rmm, child: Child, account: Account) -> None:
    """Let somebody have a conflict of interest about the child."""
    day.session.add(
        ConflictOfInterest(
            account_id=account.key, child_id=child.key, area_id=child.area_id, meeting_id=day.meeting.key,
            reason="Invented.", declared_at=NOW,
        )
    )  # fmt: skip
    day.session.flush()


def test_a_representative_kept_from_the_child_holds_up_no_closure_and_is_asked_nothing(session: Session) -> None:
    day = rmm(session)
    child = leave(day, lambda child: keep_from(day, child, day.world.police))
    police = agency_id(session, "police")
    assert [task.action_id for task in _tasks(session) if task.agency_id == police] == [None], "a coordinator gives it"
    owners = session.scalars(select(col(Action.owner_id)).where(col(Action.child_id) == child.key)).all()
    assert owners == [day.world.health.key]


def test_nor_does_a_child_who_moves_area_bring_an_action_to_somebody_kept_from_the_child(session: Session) -> None:
    day = rmm(session)
    child, police = due(session), day.world.police
    due_on = date(2026, 12, 1)
    action = give(session, OPERATOR, NOW, child, "Invented.", police.agency_id, police.key, due_on)
    keep_from(day, child, add_account(session, "police-nw", Role.REPRESENTATIVE, "police", ["NW"]))
    child.area_id = area_id(session, "NW")
    session.flush()
    follow_area(session, OPERATOR, NOW, child)
    assert action.owner_id == police.key
    may = add_account(session, "police-nw-too", Role.REPRESENTATIVE, "police", ["NW"])
    follow_area(session, OPERATOR, NOW, child)
    assert action.owner_id == may.key


def test_an_adult_at_risk_is_referred_to_the_destination_that_the_partnership_set(session: Session) -> None:
    day = rmm(session)
    child = leave(day)
    closure = session.scalars(select(Closure).where(col(Closure.child_id) == child.key)).one()
    assert not any("section 42" in task.what for task in _tasks(session))
    closure.adult_at_risk = YesNoUnknown.YES
    asked = asked_of(OFFICE, closure)
    assert asked["childrens-services"].startswith(
        "Make the adult safeguarding referral (Care Act, section 42) to the adult"
    )
    assert "Remove the flags" in asked["childrens-services"]
    assert not any("section 42" in text for code, text in asked.items() if code != "childrens-services")


def test_the_letters_blame_nobody_and_name_who_goes_on_helping(app: Flask, sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        act_for(session, OPERATOR)
        child = leave(rmm(session))
        reference, name = child.reference, child.name
        session.commit()
    coordinator = browser(app, "coordinator")
    page = coordinator.get(f"/closures/{reference}/letter").text
    assert f"Dear {name}," in page
    assert f"Dear parent or carer of {name}," in page
    assert "{" not in page.split("<main")[1].split("</main>")[0]
    assert f"/closures/{reference}/letter" in coordinator.get(f"/children/{reference}").text
    assert browser(app, "police").get(f"/closures/{reference}/letter").status_code == 404


def test_a_letter_with_an_unknown_place_is_refused_by_the_file(session: Session) -> None:
    said = OFFICE.partnership.closing.model_dump()
    with pytest.raises(ValueError, match="stands for nothing"):
        ClosingTexts.model_validate({**said, "letter_to_child": "Dear {child}"})


def test_a_task_that_nobody_owns_is_given_to_a_person_of_its_agency_once(session: Session) -> None:
    day = rmm(session)
    child = leave(day)
    coordinator = day.act("coordinator")
    task = find_task(session, child.reference, "childrens-services")
    assert task is not None
    assert find_task(session, child.reference, "police") is None
    version = task.version
    with pytest.raises(RuleBroken):
        give_task(session, coordinator, NOW, task, version, day.world.police.key, date(2026, 12, 1))
    action = give_task(session, coordinator, NOW, task, version, day.world.chair_cs.key, date(2026, 12, 1))
    assert (action.agency_id, action.child_id) == (agency_id(session, "childrens-services"), child.key)
    assert find_task(session, child.reference, "childrens-services") is None
    with pytest.raises(NotFound):
        give_task(session, day.act("police"), NOW, task, task.version, day.world.chair_cs.key, date(2026, 12, 1))


@pytest.mark.parametrize(("today", "counted"), [(DUE_ON - timedelta(days=1), 0), (DUE_ON, 1), (date(2027, 6, 1), 1)])
def test_the_look_back_is_counted_from_the_84th_day_on(session: Session, today: date, counted: int) -> None:
    day = rmm(session)
    child = leave(day)
    coordinator = day.act("coordinator")
    count = session.execute(select(waiting.count_of(coordinator, Part.LOOK_BACKS, today))).scalar_one()
    rows, _later = waiting.read(session, coordinator, Part.LOOK_BACKS, today)
    assert count == len(rows) == counted
    assert [row.title for row in rows] == [child.reference] * counted
    far = day.act("coordinator_nw")
    assert waiting.read(session, far, Part.LOOK_BACKS, date(2027, 6, 1)) == ([], False)


def test_what_was_found_is_recorded_once_and_stays(session: Session) -> None:
    day = rmm(session)
    child = leave(day)
    coordinator = day.act("coordinator")
    look_back = find_look_back(session, child.reference)
    assert look_back is not None
    read_at = look_back.version
    with pytest.raises(RuleBroken, match="Enter what was found"):
        record_look_back(session, coordinator, NOW, look_back, read_at, " ")
    record_look_back(session, coordinator, NOW, look_back, read_at, "Nothing new, as invented")
    with pytest.raises(Conflict) as told:
        record_look_back(session, coordinator, NOW, look_back, read_at, "Another text")
    assert (told.value.theirs, told.value.ours) == ("Nothing new, as invented", "Another text")
    assert find_look_back(session, child.reference) is None
    rows, _later = waiting.read(session, coordinator, Part.LOOK_BACKS, date(2027, 6, 1))
    assert rows == []
    with pytest.raises(NotFound):
        record_look_back(session, day.act("police"), NOW, look_back, look_back.version, "Not theirs")
    day.operator()
    session.commit()
    said = [entry.text for entry in trail_of_child(session, child.key).entries]
    assert f"recorded what was found when looking back on the closure decided at {day.meeting.reference}" in said
    with pytest.raises(sa.exc.DBAPIError):
        session.execute(sa.text("DELETE FROM look_back"))


def test_the_coordinator_finds_both_on_the_home_page_and_does_them(app: Flask, sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        act_for(session, OPERATOR)
        day = rmm(session)
        child, person = leave(day).reference, str(day.world.chair_cs.key)
        look_back = session.scalars(select(LookBack)).one()
        look_back.due_on = datetime(2026, 11, 23, tzinfo=UTC).date()
        session.commit()
    coordinator = browser(app, "coordinator")
    home = coordinator.get("/").get_data(as_text=True)
    assert "task after a closure has no owner" in home
    assert "closure is to be looked back on" in home
    for part, address, values in (
        ("closure-tasks", f"/closures/{child}/tasks/childrens-services", {"owner": person, "due_on": "1/12/2026"}),
        ("look-backs", f"/closures/{child}/look-back", {"found": "Nothing new, as invented"}),
    ):
        assert address in coordinator.get(f"/waiting/{part}").get_data(as_text=True)
        page = coordinator.get(address).get_data(as_text=True)
        version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
        assert send(coordinator, address, {"version": version}).status_code == 400
        assert send(coordinator, address, {"version": version, **values}).status_code == 302
        assert address not in coordinator.get(f"/waiting/{part}").get_data(as_text=True)
        assert coordinator.get(address).status_code == 404
    record = coordinator.get(f"/children/{child}").get_data(as_text=True)
    assert "Looked back on the closure" in record
    assert "Nothing new, as invented" in record
