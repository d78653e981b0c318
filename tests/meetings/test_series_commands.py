"""`meetings schedule change|end`, as a council’s scripts call them: the same as the page of the series does."""

import json
from datetime import date, time
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.config import Settings
from meetings_app.notices.models import OutboxMail
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.imports import Commands
from tests.support.meetings import series
from tests.support.world import tiny_world


@pytest.fixture
def run(
    settings: Settings, sessions: sessionmaker[Session], capsys: pytest.CaptureFixture[str],
    engines: dict[str, sa.Engine], database: str, session: Session,
) -> Commands:  # fmt: skip
    """The commands, on a county whose North East meets on three Tuesdays."""
    tiny_world(session)
    series(session, count=3)
    session.commit()
    return Commands(settings, engines[database], sessions, capsys)


def meetings(session: Session) -> list[tuple[date, time, MeetingState]]:
    rows = session.execute(
        select(col(Meeting.held_on), col(Meeting.start_time), col(Meeting.state)).order_by(col(Meeting.id))
    ).all()
    session.rollback()
    return [(row.held_on, row.start_time, row.state) for row in rows]


def said(run: Commands, *arguments: str) -> dict[str, Any]:
    answer = run.run("schedule", *arguments, "--json")
    assert answer.code == 0, answer
    document: dict[str, Any] = json.loads(answer.out)
    return document


def test_a_series_is_changed_from_a_date_on_after_a_look_at_every_date(run: Commands, session: Session) -> None:
    before = meetings(session)
    wanted = ("change", "RMM-NE-2026-W49", "--from", "2026-12-01", "--weekday", "thursday", "--time", "09:30")
    looked = said(run, *wanted, "--dry-run")
    assert [meeting["date"] for meeting in looked["meetings"]] == ["2026-12-03", "2026-12-10"]
    assert meetings(session) == before, "a look changes nothing"
    done = said(run, *wanted)
    assert (looked.pop("dry_run"), done.pop("dry_run")) == (True, False)
    assert looked == done
    assert meetings(session) == [
        before[0],
        (date(2026, 12, 3), time(9, 30), MeetingState.ANNOUNCED),
        (date(2026, 12, 10), time(9, 30), MeetingState.ANNOUNCED),
    ]
    changed = select(col(OutboxMail.meeting_reference)).where(col(OutboxMail.kind) == "meeting_changed").distinct()
    assert set(session.scalars(changed)) == {"RMM-NE-2026-W49", "RMM-NE-2026-W50"}
    again = run.run("schedule", *wanted)
    assert again.code == 1
    assert again.err.strip() == "Change the weekday, the time or the place, or go back"


def test_a_series_is_ended_with_a_reason(run: Commands, session: Session) -> None:
    answer = run.run("schedule", "end", "RMM-NE-2026-W48", "--from", "2026-12-08", "--reason", "The areas were joined")
    assert answer.code == 0
    assert "RMM-NE-2026-W50  2026-12-08 -> cancelled" in answer.out
    assert [state.value for _day, _time, state in meetings(session)] == ["announced", "announced", "cancelled"]
    cancelled = select(OutboxMail).where(col(OutboxMail.kind) == "meeting_cancelled")
    assert {mail.meeting_reference for mail in session.scalars(cancelled)} == {"RMM-NE-2026-W50"}


def test_what_cannot_be_done_is_refused_in_one_line(run: Commands, session: Session) -> None:
    before = meetings(session)
    for arguments, line in (
        (("change", "RMM-NE-2030-W01", "--from", "2026-12-01"), "There is no meeting RMM-NE-2030-W01."),
        (
            ("end", "RMM-NE-2026-W48", "--from", "2026-11-01", "--reason", "x"),
            "The date must be today or in the future",
        ),
    ):
        answer = run.run("schedule", *arguments)
        assert (answer.code, answer.err.strip()) == (1, line)
    assert meetings(session) == before
