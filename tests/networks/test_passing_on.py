"""An action of an RMM that concerns a network is passed on: the network meeting hears of it, the RMM keeps it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.queries import find_action
from meetings_app.actions.service import propose, remove_proposed
from meetings_app.audit.models import AuditEvent
from meetings_app.db.session import writing
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.meetings.minutes_audience import Audience
from meetings_app.meetings.network_models import NetworkOutcome
from meetings_app.network_meetings.deciding import Decided
from meetings_app.network_meetings.items import items_of
from meetings_app.network_meetings.minutes_copy import NetworkCopy
from meetings_app.network_meetings.page import view_of
from meetings_app.networks import passing_on
from meetings_app.networks.models import Subject
from meetings_app.networks.record_models import PassedAction
from meetings_app.networks.states import SubjectKind, SubjectState
from meetings_app.permissions import OPERATOR
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, area_id, put_on_list
from tests.support.network_meetings import DURING, NetworkDay, close, decide, network_day, opened, settle_all
from tests.support.networks import open_subject
from tests.support.own_database import own_database
from tests.support.rmm import OFFICE, due, rmm
from tests.support.world import NOW, send


def asked(session: Session) -> tuple[NetworkDay, Action, Subject]:
    """Let an RMM give the police an action about a child of the North East, and know a network there."""
    day = network_day(session)
    child = add_child(session, "Testy McNear")
    put_on_list(session, child)
    action = give_action(
        session, past_meeting(session), child, day.people.police, day.first.held_on, "Canarydo: look at the car"
    )
    return day, action, open_subject(session, SubjectKind.NETWORK, "Invented Amber", review_on=day.meetings[2].held_on)


def told(day: NetworkDay) -> str:
    """Give what the next network agenda tells the reader."""
    rows = [row for part in view_of(day.session, OFFICE, day.first, NOW).parts for row in part.rows]
    return " ".join(reason for row in rows for reason in row.reasons)


def test_the_network_meeting_hears_of_it_and_its_chair_reads_it(session: Session) -> None:
    day, action, network = asked(session)
    day.chair()
    assert find_action(session, action.reference) is None
    assert action.reference not in told(day)
    passing_on.pass_on(session, day.act(day.people.coordinator), NOW, action, network)
    day.chair()
    assert find_action(session, action.reference) is not None
    assert f"Action {action.reference} of an RMM is passed on" in told(day)
    assert [each.what for each in passing_on.passed_to(session, [network.key])] == ["Canarydo: look at the car"]


def test_whoever_may_not_see_the_child_or_the_network_is_told_nothing(session: Session) -> None:
    day, action, network = asked(session)
    passing_on.pass_on(session, day.act(day.people.coordinator), NOW, action, network)
    day.operator()
    conflict = ConflictOfInterest(
        account_id=day.chair_account.key, child_id=action.child_id or 0, area_id=area_id(session, "NE"),
        meeting_id=day.first.key, reason="A neighbour.", declared_at=NOW,
    )  # fmt: skip
    session.add(conflict)
    session.flush()
    for account, sees in (
        (day.chair_account, False), (day.people.coordinator_nw, False), (day.people.coordinator, True),
    ):  # fmt: skip
        day.act(account)
        assert (action.reference in told(day)) is sees, account.email
        assert bool(session.scalars(select(PassedAction)).all()) is sees, account.email
        assert bool(passing_on.passed_to(session, [network.key])) is sees, account.email


def test_it_is_passed_on_once_by_who_records_the_rmm(session: Session) -> None:
    day, action, network = asked(session)
    place = open_subject(session, SubjectKind.PLACE, "Invented takeaway")
    for account in (day.people.police, day.chair_account):
        with pytest.raises(NotFound):
            passing_on.pass_on(session, day.act(account), NOW, action, network)
    by = day.act(day.people.chair_cs)
    for nothing in (None, place):
        with pytest.raises(RuleBroken, match="a network that is open"):
            passing_on.pass_on(session, by, NOW, action, nothing)
    passing_on.pass_on(session, by, NOW, action, network)
    with pytest.raises(RuleBroken, match="passed on already"):
        passing_on.pass_on(session, by, NOW, action, network)


def test_it_is_called_back_with_a_reason_by_who_records_the_rmm_and_may_be_passed_on_again(session: Session) -> None:
    day, action, network = asked(session)
    elsewhere = open_subject(session, SubjectKind.NETWORK, "Invented Blue", ("NW",))
    day.act(day.people.coordinator)
    # Whoever records the RMM need not see the network: they are told that it is passed on, and call it back.
    passing_on.pass_on(session, day.act(day.people.coordinator), NOW, action, elsewhere)
    with pytest.raises(RuleBroken, match="passed on already"):
        passing_on.pass_on(session, day.act(day.people.coordinator), NOW, action, network)
    for account in (day.people.police, day.chair_account):
        with pytest.raises(NotFound):
            passing_on.call_back(session, day.act(account), NOW, action, "Invented.")
    by = day.act(day.people.coordinator)
    with pytest.raises(RuleBroken, match="why it is called back"):
        passing_on.call_back(session, by, NOW, action, " ")
    passing_on.call_back(session, by, NOW, action, "Invented: another car.")
    with pytest.raises(DomainError, match="not passed on"):
        passing_on.call_back(session, by, NOW, action, "Again.")
    assert action.state is ActionState.OPEN
    day.chair()
    assert find_action(session, action.reference) is None
    assert action.reference not in told(day)
    assert passing_on.passed_to(session, [elsewhere.key]) == []
    (kept,) = session.scalars(select(PassedAction)).all()
    assert (kept.ended_at, kept.ended_because) == (NOW, "Invented: another car.")
    # Whoever records the RMM is told who ended it, and why only where they see the network.
    for account, seen in ((day.people.coordinator, ("", None)), (day.chair_account, (kept.ended_because, elsewhere))):
        day.act(account)
        (over,) = passing_on.ended(session, action)
        assert (over.by, over.ended_at, over.why, over.network) == (day.people.coordinator.name, NOW, *seen)
    passing_on.pass_on(session, day.act(day.people.coordinator), NOW, action, network)
    day.chair()
    assert find_action(session, action.reference) is not None


@pytest.mark.parametrize("ends", [True, False])
@pytest.mark.parametrize("state", [ActionState.OPEN, ActionState.PROPOSED])
def test_a_network_is_closed_once_it_is_said_what_becomes_of_what_rmms_passed_on(
    session: Session, state: ActionState, *, ends: bool
) -> None:
    day, action, network = asked(session)
    action.state = state
    passing_on.pass_on(session, day.act(day.people.coordinator), NOW, action, network)
    opened(day)
    (item,) = items_of(session, day.first)
    over = Decided(NetworkOutcome.CLOSED, rationale="Invented: the takeaway has shut.")
    with pytest.raises(RuleBroken, match="1 thing is still open"):
        decide(day, item.number, over)
    words = f"the watch on action {action.reference} of an RMM"
    settle_all(day, day.first, DURING, item, frozenset({words} if ends else ()))
    decide(day, item.number, over)
    minutes = close(day)
    (said,) = minutes.facts["items"][0]["settled"]
    assert (said["words"], said["ends"], said["children"]) == (words, ends, [action.child_id])
    day.chair()
    # The watch that ends takes nothing of what was decided and published out of the chair's sight.
    assert words in str(NetworkCopy(session, day.chair(), Audience(), day.first, minutes).items())
    assert (action.reference in told(day)) is (state is ActionState.OPEN)
    assert (find_action(session, action.reference) is None) is ends
    session.refresh(action)
    assert (network.state, action.state) == (SubjectState.CLOSED, state)


def passed_on(sessions: sessionmaker[Session], ids: tuple[int, int], barrier: threading.Barrier) -> str:
    """Pass an action on as a request does; gives what is said where somebody was first, or an empty text."""
    barrier.wait()
    try:
        with writing(sessions, OPERATOR) as session:
            action, network = session.get_one(Action, ids[0]), session.get_one(Subject, ids[1])
            passing_on.pass_on(session, OPERATOR, NOW, action, network)
    except RuleBroken as told:
        return told.message
    return ""


def test_of_four_who_pass_it_on_at_once_one_does_and_the_others_are_told(tmp_path: Path) -> None:
    # SQLite lets one person write at a time; PostgreSQL would let all of them find that nobody was first.
    with own_database("postgresql", tmp_path) as sessions:
        with sessions() as session:
            _day, action, network = asked(session)
            ids = action.key, network.key
            session.commit()
        barrier = threading.Barrier(4)
        with ThreadPoolExecutor(4) as pool:
            said = list(pool.map(lambda _place: passed_on(sessions, ids, barrier), range(4)))
    assert sorted(said) == ["", *["This action is passed on already"] * 3]


def test_an_action_that_is_taken_back_before_it_is_given_is_passed_on_no_more(session: Session) -> None:
    day = network_day(session)
    child, meeting = add_child(session, "Testy McNear"), past_meeting(session)
    put_on_list(session, child)
    police = day.people.police
    action = propose(
        session, OPERATOR, NOW, meeting, child, "Invented: look", police.agency_id, police.key, day.first.held_on
    )
    # Whoever takes it back need not see the network.
    elsewhere = open_subject(session, SubjectKind.NETWORK, "Invented Amber", ("NW",))
    by = day.act(day.people.coordinator)
    passing_on.pass_on(session, by, NOW, action, elsewhere)
    remove_proposed(session, by, meeting, action)
    day.operator()
    assert session.scalars(select(Action)).all() == []
    assert session.scalars(select(PassedAction)).all() == []


def test_it_is_passed_on_and_read_on_the_pages(app: Flask, session: Session) -> None:
    _day, action, network = asked(session)
    page, code = f"/networks/actions-of-rmms/{action.reference}", network.reference
    session.commit()
    session.close()
    coordinator, chair = browser(app, "coordinator"), browser(app, "chair-police")
    assert chair.get(f"/actions/{page.rpartition('/')[2]}").status_code == 404
    empty = send(coordinator, page, {"network": ""})
    assert (empty.status_code, "Choose which network it is about" in empty.text) == (400, True)
    assert send(coordinator, page, {"network": code}).status_code == 302
    shown = chair.get(f"/actions/{page.rpartition('/')[2]}")
    assert shown.status_code == 200
    assert "Canarydo" in shown.text
    assert browser(app, "police").get(page).status_code == 404
    assert page in coordinator.get(f"/actions/{page.rpartition('/')[2]}").text
    assert f"{page}/back" in coordinator.get(page).text
    bare = send(coordinator, f"{page}/back", {"reason": ""})
    assert (bare.status_code, "Enter why it is called back" in bare.text) == (400, True)
    assert send(coordinator, f"{page}/back", {"reason": "Another car."}).status_code == 302
    assert chair.get(f"/actions/{page.rpartition('/')[2]}").status_code == 404
    before = text_of(coordinator, page)
    for said in ("It was passed on before", code, "Testy McCoordinator", "Another car."):
        assert said in before
    again = send(coordinator, f"{page}/back", {"reason": "Another car."})
    assert (again.status_code, "not passed on to the network meeting now" in again.text) == (400, True)


def test_who_reads_it_at_the_network_meeting_stands_in_the_trail_with_the_child(app: Flask, session: Session) -> None:
    day, action, network = asked(session)
    passing_on.pass_on(session, day.act(day.people.coordinator), NOW, action, network)
    opened(day)
    (item,) = items_of(session, day.first)
    day.operator()
    session.commit()
    page = browser(app, "chair-police").get(f"/networks/meetings/{day.first.reference}/items/{item.number}")
    assert "Canarydo" in page.text
    viewed = session.scalars(select(AuditEvent).where(col(AuditEvent.kind) == "subject_viewed")).one()
    assert (viewed.facts["subject"], viewed.facts["children"]) == (network.reference, [action.child_id])


def test_the_page_of_an_item_offers_it_for_what_is_still_to_do(app: Flask, session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    item = day.item(child)
    police, due_on = day.world.police, day.meeting.held_on + timedelta(days=7)
    action = propose(session, OPERATOR, NOW, day.meeting, child, "Invented: look", police.agency_id, police.key, due_on)
    number, reference, offered = item.number, day.meeting.reference, f"/networks/actions-of-rmms/{action.reference}"
    session.commit()
    chair, address = browser(app, "chair-cs"), f"/meetings/{reference}/items/{number}"
    assert offered in chair.get(address).text
    session.get_one(Action, action.key).state = ActionState.DONE
    session.commit()
    shown = chair.get(address).text
    assert action.reference in shown
    assert offered not in shown
