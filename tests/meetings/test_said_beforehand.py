"""What agencies said beforehand stands on the attendance page as a proposal, and is recorded only when it is saved."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings.models import Attendance as Recorded
from meetings_app.meetings.models import Presence
from meetings_app.meetings.running import start
from meetings_app.meetings.said_beforehand import proposed
from meetings_app.preparing import service
from meetings_app.preparing.queries import AttendanceShown
from meetings_app.preparing.rules import Attendance, Attending
from meetings_app.schedule.models import MeetingMember, Reply
from meetings_app.schedule.queries import invited
from tests.support.browsing import browser, text_of
from tests.support.rmm import Rmm, due, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW, add_account

POLICE, HEALTH = 1, 2


def word(agency_id: int, attending: Attending, deputy_id: int | None = None) -> AttendanceShown:
    return AttendanceShown(agency_id, 1, attending, deputy_id, "", "", NOW - timedelta(days=1), "", False)


@pytest.mark.parametrize(
    ("said", "members", "own", "expected"),
    [
        (Attending.APOLOGIES, [11, 12], {}, {11: Presence.APOLOGIES, 12: Presence.APOLOGIES}),
        (Attending.DEPUTY, [11, 12], {}, {12: Presence.PRESENT}),
        (Attending.COMING, [11], {}, {11: Presence.PRESENT}),
        (Attending.COMING, [11, 12], {}, {}),
        (Attending.COMING, [11, 12], {12: Reply.ACCEPTED}, {12: Presence.PRESENT}),
        (Attending.APOLOGIES, [11, 12], {12: Reply.TENTATIVE}, {11: Presence.APOLOGIES, 12: Presence.APOLOGIES}),
        (Attending.COMING, [11], {11: Reply.DECLINED}, {11: Presence.APOLOGIES}),
    ],
)
def test_who_comes_is_proposed_only_where_it_is_plain(
    said: Attending, members: list[int], own: dict[int, Reply], expected: dict[int, Presence]
) -> None:
    deputy = 12 if said is Attending.DEPUTY else None
    people = [*((account, POLICE) for account in members), (21, HEALTH)]
    assert proposed({POLICE: word(POLICE, said, deputy)}, people, own) == expected


@pytest.fixture
def day(session: Session) -> Rmm:
    made = rmm(session)
    due(session)
    made.publish()
    for who, attending, text in (("police", Attending.APOLOGIES, "An update."), ("health", Attending.COMING, "")):
        told = Attendance(attending, update_text=text)
        service.send_attendance(session, made.act(who), NOW, made.meeting, told, ())
    start(session, made.act("chair_cs"), NOW, made.meeting, made.meeting.version, "Testy McChair")
    made.operator()
    session.commit()
    return made


def test_what_was_said_beforehand_is_chosen_in_the_form_and_recorded_when_it_is_saved(app: Flask, day: Rmm) -> None:
    at, key = f"/meetings/{day.meeting.reference}/attendance", day.meeting.key
    police, health, other = day.world.police.key, day.world.health.key, day.world.chair_cs.key
    day.session.close()
    coordinator = browser(app, "coordinator")
    html = text_of(coordinator, at)
    assert "Said beforehand: apologies" in html
    assert "Said beforehand: coming" in html
    recorded = select(col(Recorded.account_id), col(Recorded.presence)).where(col(Recorded.meeting_id) == key)
    assert day.session.execute(recorded).all() == [], "reading the page records nothing"
    day.session.close()
    form = form_to(html, "")
    chosen = {account: form.values[f"presence-{account}"] for account in (police, health, other)}
    assert chosen == {police: "apologies", health: "present", other: ""}
    assert coordinator.post(at, data=form.with_values(**{f"presence-{health}": "absent"})).status_code == 302
    assert dict(day.session.execute(recorded).all()) == {police: Presence.APOLOGIES, health: Presence.ABSENT}
    day.session.close()
    again = form_to(text_of(coordinator, at), "")
    assert again.values[f"presence-{health}"] == "absent", "once recorded, what was said beforehand proposes nothing"


def test_of_somebody_it_is_not_said_that_they_come_where_only_somebody_of_the_agency_does(
    app: Flask, session: Session
) -> None:
    day = rmm(session)
    second = add_account(session, "police-two", "representative", "police", ["NE"])
    session.add(MeetingMember(meeting_id=day.meeting.key, account_id=second.key, invited_at=NOW))
    day.publish()
    service.send_attendance(session, day.act("police"), NOW, day.meeting, Attendance(Attending.COMING), ())
    start(session, day.act("chair_cs"), NOW, day.meeting, day.meeting.version, "Testy McChair")
    day.operator()
    invited_police = [one for one in invited(session, day.meeting.key) if one.agency_id == day.world.police.agency_id]
    session.commit()
    page = text_of(browser(app, "coordinator"), f"/meetings/{day.meeting.reference}/attendance")
    assert len(invited_police) > 1
    for person in invited_police:
        said = page.partition(f'id="said-{person.key}">')[2].partition("</span>")[0]
        assert said == "Said beforehand: somebody of the agency comes"
