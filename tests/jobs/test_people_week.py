"""What the clock tells people each week: numbers alone, once a week, and only to whom they are about."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.board import escalated
from meetings_app.children.ages import TransitionStep
from meetings_app.children.models import Child, TransitionRecord
from meetings_app.cse_list.models import Closure, ClosureState, EntryState, LookBack
from meetings_app.jobs import people_week
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR, Role
from meetings_app.schedule.models import MeetingState
from meetings_app.schedule.office import Office
from tests.support.actions import give_action, past_meeting, say_done
from tests.support.children import add_meeting, child_of, put_on_list
from tests.support.meetings import office
from tests.support.world import NOW, TinyWorld, add_account, tiny_world

OFFICE = office()


@pytest.fixture
def world(session: Session) -> TinyWorld:
    return tiny_world(session)


@pytest.fixture
def child(session: Session, world: TinyWorld) -> Child:
    return child_of(session, put_on_list(session))


def told(session: Session, kind: str) -> dict[str, str]:
    rows = session.scalars(select(OutboxMail).where(col(OutboxMail.kind) == kind))
    return {mail.recipient_name: mail.subject for mail in rows}


def test_each_person_is_told_once_a_week_of_their_own_and_their_agencys_open_actions(
    session: Session, world: TinyWorld, child: Child
) -> None:
    meeting = past_meeting(session)
    give_action(session, meeting, child, world.police, date(2026, 11, 20))
    give_action(session, meeting, child, world.police, date(2026, 11, 25))
    give_action(session, meeting, child, world.health, date(2027, 2, 1))
    say_done(session, give_action(session, meeting, child, world.education, date(2026, 11, 20)))
    for _ in range(2):
        people_week.send_action_digests(session, NOW, OFFICE)
    assert told(session, "actions_to_do") == {"Testy McPolice": "Your open actions: 1 due this week, 1 overdue"}
    people_week.send_action_digests(session, NOW + timedelta(days=7), OFFICE)
    assert session.scalar(select(col(OutboxMail.id)).where(col(OutboxMail.subject).like("%0 due this week, 2 overdue")))
    mails = session.scalars(select(OutboxMail)).all()
    assert not any(child.reference in mail.body or child.name in mail.body for mail in mails)


def test_an_action_of_another_area_is_told_to_its_owner_and_not_to_the_agency_here(
    session: Session, world: TinyWorld
) -> None:
    far = child_of(session, put_on_list(session, area="NW"))
    owner = add_account(session, "police-nw", Role.REPRESENTATIVE, "police", ["NW"])
    give_action(session, past_meeting(session, "NW"), far, owner, date(2026, 11, 20))
    people_week.send_action_digests(session, NOW, OFFICE)
    assert set(told(session, "actions_to_do")) == {"Testy McPolice-Nw"}


def test_actions_missed_at_meetings_go_to_the_agency_and_then_to_the_chairs_too(
    session: Session, world: TinyWorld, child: Child
) -> None:
    meeting = past_meeting(session)
    give_action(session, meeting, child, world.police, date(2026, 10, 8))
    add_meeting(session, date(2026, 10, 13), state=MeetingState.CLOSED)
    people_week.escalate_actions(session, NOW, OFFICE)
    assert told(session, "actions_escalated") == {}, "missed once"
    add_meeting(session, date(2026, 10, 20), state=MeetingState.CLOSED)
    for _ in range(2):
        people_week.escalate_actions(session, NOW, OFFICE)
    said = "Actions missed at meetings: 1 of yours, 0 for the board"
    assert told(session, "actions_escalated") == {"Testy McPolice": said}
    add_meeting(session, date(2026, 10, 27), state=MeetingState.CLOSED)
    people_week.escalate_actions(session, NOW + timedelta(days=7), OFFICE)
    assert set(told(session, "actions_escalated")) == {"Testy McPolice", "Testy McChair-Cs", "Testy McChair-Fs"}


def test_an_agency_that_named_its_single_point_of_contact_is_told_through_nobody_else(
    session: Session, world: TinyWorld, child: Child
) -> None:
    add_account(session, "spoc", Role.REPRESENTATIVE, "police", ["NW"], name="Testy McContact")
    for owner in (world.police, world.health):
        give_action(session, past_meeting(session), child, owner, date(2026, 10, 8))
    for day in (13, 20, 27):
        add_meeting(session, date(2026, 10, day), state=MeetingState.CLOSED)
    people_week.escalate_actions(session, NOW, naming(police="SPOC@exampleshire.example"))
    named = {"Testy McContact", "Testy McHealth", "Testy McChair-Cs", "Testy McChair-Fs"}
    assert set(told(session, "actions_escalated")) == named
    for number, nobody in enumerate(("health@exampleshire.example", "gone@exampleshire.example"), 1):
        people_week.escalate_actions(session, NOW + timedelta(days=7 * number), naming(police=nobody))
        assert "Testy McPolice" in told(session, "actions_escalated"), "nobody of that agency: the others stand in"
        session.execute(sa.delete(OutboxMail))
    partnership = naming(police="spoc@exampleshire.example").partnership
    by = {each.agency: each.contact for each in escalated(session, OPERATOR, NOW.date(), partnership).board}
    assert by == {"Police": "Testy McContact", "Health": ""}


def naming(**contacts: str) -> Office:
    """Give the shipped rules, with the single points of contact of some agencies."""
    agencies = tuple(
        each.model_copy(update={"contact": contacts.get(each.code)}) for each in OFFICE.partnership.agencies
    )
    return replace(OFFICE, partnership=OFFICE.partnership.model_copy(update={"agencies": agencies}))


def closing(session: Session, second_due_on: date) -> Closure:
    entry = put_on_list(session)
    entry.state = EntryState.CLOSING
    meeting = past_meeting(session)
    closure = Closure(
        entry_id=entry.key, child_id=entry.child_id, meeting_id=meeting.key, state=ClosureState.CLOSING,
        second_due_on=second_due_on,
    )  # fmt: skip
    session.add(closure)
    session.flush()
    return closure


def test_chairs_are_reminded_on_the_day_a_second_signature_is_due(session: Session, world: TinyWorld) -> None:
    closing(session, date(2026, 11, 24))
    people_week.remind_of_signatures(session, NOW, OFFICE)
    assert told(session, "work_due") == {}
    for _ in range(2):
        people_week.remind_of_signatures(session, NOW + timedelta(days=1), OFFICE)
    assert set(told(session, "work_due")) == {"Testy McChair-Cs", "Testy McChair-Fs"}
    assert len(session.scalars(select(OutboxMail)).all()) == 2


def test_staff_are_told_once_a_week_what_waits_in_their_area(session: Session, world: TinyWorld) -> None:
    closure = closing(session, date(2026, 12, 24))
    session.add(LookBack(closure_id=closure.key, child_id=closure.child_id, due_on=date(2026, 11, 20)))
    put_on_list(session, born=date(2009, 5, 23))
    put_on_list(session, born=date(2009, 11, 24))
    agreed = put_on_list(session, born=date(2009, 1, 23))
    session.add(TransitionRecord(child_id=agreed.child_id, kind=TransitionStep.PACKAGE, recorded_at=NOW))
    session.flush()
    for _ in range(2):
        people_week.say_what_waits(session, NOW, OFFICE)
    people = set(told(session, "work_due"))
    assert people == {"Testy McChair-Cs", "Testy McChair-Fs", "Testy McCoordinator"}, "and nobody of another area"
    bodies = {mail.recipient_name: mail.body for mail in session.scalars(select(OutboxMail))}
    assert "Closures that wait for a signature: 1\n" in bodies["Testy McChair-Cs"]
    assert "Closures that wait for a signature: 0\n" in bodies["Testy McCoordinator"]
    assert "Children due to be assessed: 4\n" in bodies["Testy McCoordinator"]
    assert "Children with a step towards adult services due: 1\n" in bodies["Testy McCoordinator"]
    assert "Closures to be looked back on: 1\n" in bodies["Testy McCoordinator"]
