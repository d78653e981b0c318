"""Who is sent the draft of the minutes: those who attended and may open it, and nobody whom the page answers 404."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import AccountState
from meetings_app.errors import DomainError
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.models import Presence
from meetings_app.meetings.publishing import publish
from meetings_app.meetings.running import AttendanceLine, set_attendance
from meetings_app.minutes.issuing import issue
from meetings_app.minutes.signing import sign_minutes
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import Role
from meetings_app.preparing.chasing import chase
from meetings_app.ratings.models import RiskRating
from tests.support.browsing import browser, text_of
from tests.support.issued import long_issued
from tests.support.rmm import OFFICE, Rmm, due, rated, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW, add_account

WHY = "Told in the meeting."


def record(day: Rmm, presence: Presence) -> None:
    """Record how everybody of the area attended, but for the coordinator."""
    people = [getattr(day.world, who) for who in ("chair_cs", "chair_fs", "police", "health", "education")]
    lines = [AttendanceLine(each.agency_id, each.name, presence, each.key) for each in people]
    set_attendance(day.session, day.act("coordinator"), NOW, day.meeting, lines)


@pytest.fixture
def held(session: Session) -> Rmm:
    """An RMM that is being held about one child, with somebody of the specialist service in the room."""
    specialist = add_account(session, "specialist", Role.SPECIALIST, "specialist-service", ["NE"])
    day = rmm(session)
    child = due(session, name="Testy O'Example")
    day.open()
    line = AttendanceLine(specialist.agency_id, specialist.name, Presence.PRESENT, specialist.key)
    set_attendance(session, day.act("coordinator"), NOW, day.meeting, [line])
    day.decide(child, rated(session, RiskRating.MEDIUM))
    return day


def close(day: Rmm) -> None:
    close_meeting(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)


def mailed(day: Rmm, kind: str) -> list[str]:
    day.operator()
    mails = day.session.scalars(select(OutboxMail).where(col(OutboxMail.kind) == kind)).all()
    return sorted(mail.recipient_address.split("@")[0] for mail in mails)


def test_whoever_may_not_open_the_agenda_or_the_minutes_is_mailed_neither(held: Rmm, app: Flask) -> None:
    close(held)
    issue(held.session, held.act("coordinator"), NOW, OFFICE, held.meeting, WHY)
    for kind, part in (("agenda_published", "agenda"), ("minutes_ready", "minutes")):
        people = mailed(held, kind)
        held.session.commit()
        at = f"/meetings/{held.meeting.reference}/{part}"
        assert "specialist" not in people
        assert {who: browser(app, who).get(at).status_code for who in people} == dict.fromkeys(people, 200)
        assert browser(app, "specialist").get(at).status_code == 404


def test_who_only_sent_a_report_was_in_the_room_for_no_item_and_reads_what_is_signed(held: Rmm, app: Flask) -> None:
    session, health = held.session, held.world.health
    line = AttendanceLine(health.agency_id, health.name, Presence.REPORT_ONLY, health.key)
    set_attendance(session, held.act("coordinator"), NOW, held.meeting, [line])
    close(held)
    issue(session, held.act("coordinator"), NOW, OFFICE, held.meeting, WHY)
    assert mailed(held, "minutes_ready") == ["chair-cs", "chair-fs", "police"]
    session.commit()
    client, at = browser(app, "health"), f"/meetings/{held.meeting.reference}/minutes"
    drafts = (at, f"{at}.docx", f"{at}/without-names", f"{at}/corrections/notes")
    assert [client.get(page).status_code for page in drafts] == [404] * 4
    assert f'href="{at}"' not in text_of(client, f"/meetings/{held.meeting.reference}")
    long_issued(session, held.meeting)
    for chair in ("chair_cs", "chair_fs"):
        sign_minutes(session, held.act(chair), NOW, OFFICE, held.meeting, 1)
    session.commit()
    assert "An invented discussion." in text_of(client, at)


def test_a_draft_that_goes_to_nobody_says_so_and_is_issued_with_a_reason(held: Rmm, app: Flask) -> None:
    record(held, Presence.APOLOGIES)
    close(held)
    held.session.commit()
    coordinator, at = browser(app, "coordinator"), f"/meetings/{held.meeting.reference}/minutes"
    assert "The draft would go to nobody" in text_of(coordinator, at)
    page = text_of(coordinator, f"{at}/issue")
    assert "The draft goes to nobody" in page
    assert "Give the Word copy to whoever was there" in page
    assert "0 people" not in page
    form = form_to(page, f"{at}/issue")
    refused = coordinator.post(f"{at}/issue", data=form.with_values(despite=" "))
    assert (refused.status_code, mailed(held, "minutes_ready")) == (400, [])
    held.session.commit()
    assert coordinator.post(f"{at}/issue", data=form.with_values(despite=WHY)).status_code == 302
    issued = text_of(coordinator, at)
    assert "It was sent to nobody" in issued
    assert "issued to those who attended" not in issued


def test_a_member_who_has_not_set_an_account_up_yet_is_told_and_one_whose_account_has_ended_is_not(
    held: Rmm,
) -> None:
    following, session = held.later[0], held.session
    held.operator()
    held.world.health.state, held.world.police.state = AccountState.INVITED, AccountState.DISABLED
    session.flush()
    close(held)
    issue(session, held.act("coordinator"), NOW, OFFICE, held.meeting, WHY)
    publish(session, held.act("coordinator"), NOW, OFFICE, following, following.version, WHY)
    held.operator()
    for kind, meeting in (("agenda_published", following), ("minutes_ready", held.meeting)):
        mails = select(col(OutboxMail.recipient_address)).where(
            col(OutboxMail.kind) == kind, col(OutboxMail.meeting_reference) == meeting.reference
        )
        told = session.scalars(mails).all()
        assert held.world.health.email in told, kind
        assert held.world.police.email not in told, kind
    chase(session, held.act("coordinator"), NOW, OFFICE, held.later[1], {held.world.education.agency_id})
    with pytest.raises(DomainError, match="Nobody is left"):
        chase(session, held.act("coordinator"), NOW, OFFICE, held.later[1], {held.world.health.agency_id})
