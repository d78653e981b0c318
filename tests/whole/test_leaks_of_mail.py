"""Every kind of mail there is, written about one child by whatever writes it, sent, and searched for the child.

A new kind of mail fails the test until it is written here about the child: by the timetable, or in `WRITTEN_BY_PEOPLE`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.actions.telling import tell_owners
from meetings_app.app import Service
from meetings_app.children.models import Child
from meetings_app.config import Settings
from meetings_app.db.session import act_for
from meetings_app.jobs.timetable import TIMETABLE
from meetings_app.meetings import arranging
from meetings_app.meetings.closing import close_meeting
from meetings_app.minutes.issuing import issue, propose, refuse
from meetings_app.networks import disrupting
from meetings_app.networks.disrupting import Step
from meetings_app.networks.states import DisruptionState, SubjectKind
from meetings_app.notices.invitations import queue_invitation
from meetings_app.notices.models import MailState, OutboxMail
from meetings_app.notices.sending import send_waiting
from meetings_app.notices.templates import NoticeKind
from meetings_app.notices.trying import queue_test_invite, queue_test_mail
from meetings_app.permissions import OPERATOR, Role
from meetings_app.plans.service import write_version
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.models import ReferralState
from meetings_app.referrals.service import Decision, decide
from meetings_app.schedule import feeds
from meetings_app.schedule.models import MeetingState
from meetings_app.schedule.service import arrangement_of
from tests.notices.mail_servers import Mailroom, smtp_server
from tests.support.actions import give_action, past_meeting
from tests.support.canaries import BORN, NAME, SCHOOL, WORDS, Leaving, leaks, of_mail
from tests.support.children import add_meeting, agency_id
from tests.support.networks import open_subject
from tests.support.plans import an_aim, plan_text
from tests.support.referrals import refer
from tests.support.rmm import OFFICE, Rmm, due, rated, rmm
from tests.support.world import NOW, actor_for, add_account


@pytest.fixture
def county(session: Session) -> tuple[Rmm, Child]:
    """The child is on the list, has a plan, actions that were missed at meetings, and a suspect under an order."""
    day = rmm(session)
    lead = add_account(session, "lead", Role.LEAD_PROFESSIONAL, "childrens-services", ["NE"])
    add_account(session, "holder", Role.LIST_HOLDER, "police", ["NE"])
    add_account(session, "network", Role.NETWORK_CHAIR, "police")
    child = due(
        session, RiskRating.HIGH, name=NAME, born=BORN, school_name=SCHOOL, lead_professional_id=lead.key
    )  # fmt: skip
    write_version(session, OPERATOR, NOW - timedelta(days=60), child.key, plan_text(an_aim(f"{WORDS} aim")))
    past = past_meeting(session)
    give_action(session, past, child, day.world.police, date(2026, 10, 8), f"{WORDS} of the action")
    for held in (date(2026, 10, 13), date(2026, 10, 20), date(2026, 10, 27)):
        add_meeting(session, held, state=MeetingState.CLOSED)
    suspect = open_subject(session, SubjectKind.SUSPECT, f"{WORDS} suspect")
    order = Step(DisruptionState.GRANTED, date(2026, 11, 2), f"{WORDS} of the order", NOW.date() + timedelta(days=20))
    disrupting.begin_disruption(
        session, OPERATOR, NOW, suspect, "abduction_warning", agency_id(session, "police"), order
    )  # fmt: skip
    session.flush()
    return day, child


def the_clock_runs(session: Session, days: int) -> None:
    act_for(session, OPERATOR)
    for job in TIMETABLE:
        job.work(session, NOW + timedelta(days=days), OFFICE)


def held_and_minuted(day: Rmm, child: Child) -> None:
    """Publish, hold and close the meeting; issue the minutes, ask for a correction and be refused."""
    session = day.session
    day.open()
    texts = {"discussion": f"{WORDS} of the discussion", "rationale": f"{WORDS} of the rationale"}
    day.decide(child, rated(session, RiskRating.HIGH, **texts))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    give_action(session, day.meeting, child, day.world.police, date(2026, 12, 4), f"{WORDS} of another action")
    number = day.item(child).number
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, f"{WORDS} all the same")
    asked = propose(session, day.act("police"), NOW, day.meeting, number, f"{WORDS} corrected", frozenset({number}))
    refuse(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, asked, f"{WORDS} refused")
    day.operator()


def meetings_change(day: Rmm, _child: Child) -> None:
    moved, cancelled = day.later[:2]
    where = replace(arrangement_of(moved), minutes=90)
    arranging.move_meeting(
        day.session, OPERATOR, NOW, OFFICE, moved, moved.version, held_on=moved.held_on, arrangement=where
    )
    because = f"{NAME} {WORDS}"
    arranging.cancel_meeting(day.session, OPERATOR, NOW, OFFICE, cancelled, cancelled.version, because)


def referral_is_returned(day: Rmm, child: Child) -> None:
    referral = refer(day.session, child, by=actor_for(day.session, day.world.police), reason=f"{WORDS} of the referral")
    answer = Decision(ReferralState.RETURNED, f"{WORDS} is missing")
    decide(day.session, OPERATOR, NOW, OFFICE, referral, referral.version, answer)


def account_is_invited(day: Rmm, _child: Child) -> None:
    queue_invitation(day.session, NOW, day.world.health, "https://meetings.example.org/invitation/abc")


def owner_is_told(day: Rmm, child: Child) -> None:
    give_action(day.session, past_meeting(day.session, "NW"), child, day.world.health, date(2026, 12, 4), WORDS)
    tell_owners(day.session, NOW, OFFICE.base_url)


WRITTEN_BY_PEOPLE: tuple[Callable[[Rmm, Child], None], ...] = (
    held_and_minuted, meetings_change, referral_is_returned, account_is_invited, owner_is_told,
)  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"])
def test_no_kind_of_mail_and_no_feed_holds_a_trace_of_the_child(
    app: Flask, session: Session, county: tuple[Rmm, Child], settings: Settings
) -> None:
    day, child = county
    the_clock_runs(session, 0)
    for written in WRITTEN_BY_PEOPLE:
        written(day, child)
    for days in (2, 25):
        the_clock_runs(session, days)
    coordinator = day.world.coordinator
    queue_test_mail(session, actor_for(session, coordinator), NOW, settings)
    queue_test_invite(session, actor_for(session, coordinator), NOW, settings)
    session.flush()
    people = session.scalars(select(col(Account.id))).all()
    calendars = [feeds.calendar_for(session, key, NOW, OFFICE).decode() for key in people if key]
    session.commit()
    left = [*sent(app), *(Leaving("feed", calendar) for calendar in calendars)]
    with app.extensions["meetings"].sessions() as looking:
        act_for(looking, OPERATOR)
        kinds = looking.execute(select(col(OutboxMail.kind), col(OutboxMail.state)).distinct()).all()
    assert {kind for kind, state in kinds if state is MailState.SENT} == {kind.value for kind in NoticeKind}
    assert {state for _kind, state in kinds} <= {MailState.SENT, MailState.SUPERSEDED}
    assert sorted(set(leaks(left))) == []


def sent(app: Flask) -> list[Leaving]:
    """Send everything to a real server, an hour after the last was written, and give what arrived."""
    service: Service = app.extensions["meetings"]
    room = Mailroom()
    with smtp_server(room) as server:
        there = replace(service.settings, smtp_url=f"smtp://127.0.0.1:{server.port}?timeout=60")
        outcome = send_waiting(service.sessions, there, NOW + timedelta(days=25, hours=1))
    assert outcome.problem == ""
    return [one for _, _, content in room.accepted for one in of_mail(content)]
