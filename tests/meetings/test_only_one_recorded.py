"""The only person on the attendance is not taken off: who came next would count as there from the start."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.errors import RuleBroken
from meetings_app.meetings.models import Presence
from meetings_app.meetings.running import AttendanceLine, remove_attendant, set_attendance
from meetings_app.meetings.statement import still_to_be_read_to
from tests.support.browsing import browser
from tests.support.rmm import due, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW


def test_nobody_is_taken_off_who_is_the_only_one_recorded(session: Session) -> None:
    day = rmm(session)
    due(session)
    day.open(present=("chair_cs",))
    by, chair, police = day.act("coordinator"), day.world.chair_cs, day.world.police
    only = (chair.agency_id, chair.name)
    with pytest.raises(RuleBroken, match="Nobody would be left"):
        set_attendance(session, by, NOW, day.meeting, [], None, [only])
    with pytest.raises(RuleBroken, match="Nobody would be left"):
        remove_attendant(session, by, NOW, day.meeting, *only)
    there = [AttendanceLine(police.agency_id, police.name, Presence.PRESENT, police.key)]
    set_attendance(session, by, NOW, day.meeting, there, None, [only])
    day.operator()
    assert [each.name for each in still_to_be_read_to(session, day.meeting)] == [police.name]


def test_a_remove_button_that_was_made_up_takes_nobody_off(app: Flask, session: Session) -> None:
    day = rmm(session)
    due(session)
    day.open()
    session.commit()
    client, at = browser(app, "chair-cs"), f"/meetings/{day.meeting.reference}/attendance"
    form = form_to(client.get(at).text, "")
    for value in ("99999999999 X", "9" * 25 + " X", "9" * 5_000 + " X", "1 X\x00"):
        assert client.post(at, data=form.with_values(remove=value)).status_code == 404, value[:20]
