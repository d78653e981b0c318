"""The days and times of the clock are the partnership’s own: `clock.toml` is checked, and followed by every job."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.errors import ConfigurationError
from meetings_app.jobs import meeting_week
from meetings_app.jobs.slots import latest_slot
from meetings_app.jobs.timetable import TAKE_LIST, take_weekly_list, timetable
from meetings_app.meetings import arranging
from meetings_app.notices.models import OutboxMail
from meetings_app.partnership import ClockRules, load
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder
from meetings_app.schedule.office import Office
from meetings_app.schedule.service import Arrangement
from tests.support.meetings import office, series
from tests.support.world import NOW, tiny_world


def office_of(**values: object) -> Office:
    here = office()
    clock = ClockRules.model_validate(values)
    return replace(here, partnership=here.partnership.model_copy(update={"clock": clock}))


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('weekly_list_weekday = "monday"', 'weekly_list_weekday = "sunday"', "clock.toml: weekly_list_weekday: "),
        ("weekly_list_time = 06:00:00", "weekly_list_time = 01:30:00", "clock.toml: weekly_list_time: must not be"),
        ("weekly_list_time = 06:00:00", 'weekly_list_time = "early"', "clock.toml: weekly_list_time: "),
        ("updates_asked_working_days = 2", "updates_asked_working_days = 0", "clock.toml: updates_asked_working_days"),
        ("changes_wait_minutes = 10", "changes_waits = 10", "clock.toml: changes_waits: this key is not known."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, before: str, after: str, problem: str
) -> None:
    copytree(folder("agendas"), tmp_path / "agendas")
    file = tmp_path / "agendas" / "clock.toml"
    file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path / "agendas")
    assert refused.value.message.startswith(problem)
    assert "\n" not in refused.value.message


def test_a_folder_of_before_the_file_existed_keeps_the_shipped_days(tmp_path: Path) -> None:
    copytree(folder("agendas"), tmp_path / "agendas")
    (tmp_path / "agendas" / "clock.toml").unlink()
    assert load(tmp_path / "agendas").clock == ClockRules() == load(folder("agendas")).clock


def test_the_list_and_the_weekly_mails_come_on_the_days_that_are_set() -> None:
    jobs = timetable(office_of(weekly_list_weekday="thursday", weekly_list_time="07:45:00").partnership.clock)
    sunday = datetime(2026, 11, 29, 12, tzinfo=UTC)
    slots = {job.name: latest_slot(job.crontab, sunday) for job in jobs}
    assert slots[TAKE_LIST] == datetime(2026, 11, 26, 7, 45, tzinfo=UTC)
    assert slots["send action digests"] == datetime(2026, 11, 23, 7, tzinfo=UTC)


def test_a_list_is_taken_late_in_its_week_and_never_the_next_ones_early(session: Session) -> None:
    """A scheduler that was down from Thursday makes its slot up on Monday: of a week whose own day has not come."""
    here, friday = office_of(weekly_list_weekday="thursday"), NOW + timedelta(days=4)
    assert take_weekly_list(session, NOW, here) == "the list of this week is taken on Thursday"
    assert take_weekly_list(session, friday, here) == "list 1 with 0 children"
    assert take_weekly_list(session, friday, here) == "the list of this week is taken"


def test_agencies_are_asked_as_early_as_the_partnership_says(session: Session) -> None:
    tiny_world(session)
    series(session, count=1)
    asked = select(OutboxMail).where(col(OutboxMail.kind) == "information_asked")
    friday_before = datetime(2026, 11, 20, 9, tzinfo=UTC)
    meeting_week.ask_agencies(session, friday_before - timedelta(days=1), office())
    assert session.scalars(asked).all() == []
    meeting_week.ask_agencies(session, friday_before - timedelta(days=1), office_of(updates_asked_working_days=3))
    assert session.scalars(asked).all() != []


def test_a_change_waits_for_another_as_long_as_the_partnership_says(session: Session) -> None:
    tiny_world(session)
    meeting, here = series(session, count=1)[0], office_of(changes_wait_minutes=45)
    arrangement = Arrangement(meeting.start_time, 90)
    held_on = meeting.held_on
    arranging.move_meeting(
        session, OPERATOR, NOW, here, meeting, meeting.version, held_on=held_on, arrangement=arrangement
    )
    changed = session.scalars(select(OutboxMail).where(col(OutboxMail.kind) == "meeting_changed")).all()
    assert {mail.not_before for mail in changed} == {NOW + timedelta(minutes=45)}
