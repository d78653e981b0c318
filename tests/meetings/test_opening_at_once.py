"""A meeting that is opened on another day and cancelled at one moment: one of the two is told, none waits for ever."""

import threading
from datetime import date
from pathlib import Path

from meetings_app.db.session import act_for, writing
from meetings_app.errors import MeetingsError
from meetings_app.meetings.arranging import cancel_meeting
from meetings_app.meetings.opening import open_meeting
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.checks import lock_dates
from meetings_app.schedule.models import Meeting
from tests.support.own_database import own_database
from tests.support.rmm import OFFICE, due, rmm
from tests.support.world import NOW


def test_opening_early_and_cancelling_at_once_lock_in_one_order(database: str, tmp_path: Path) -> None:
    with own_database(database, tmp_path) as sessions:
        with sessions() as session:
            act_for(session, OPERATOR)
            day = rmm(session)
            due(session)
            day.publish()
            key, area, by = day.meeting.key, day.meeting.area_id, day.act("chair_cs")
            session.commit()
        ended: list[str] = []

        def opens() -> None:
            with writing(sessions, by) as session:
                meeting = session.get_one(Meeting, key)
                open_meeting(session, by, NOW, OFFICE, meeting, meeting.version, "Testy McReader", date(2026, 11, 23))

        def cancels() -> None:
            with writing(sessions, OPERATOR) as session:
                meeting = session.get_one(Meeting, key)
                cancel_meeting(session, OPERATOR, NOW, OFFICE, meeting, meeting.version, "A storm, as invented.")

        def ends(work: object) -> None:
            try:
                work()  # type: ignore[operator]
            except MeetingsError as refused:
                ended.append(type(refused).__name__)
            else:
                ended.append("done")

        threads = [threading.Thread(target=ends, args=(work,)) for work in (opens, cancels)]
        with writing(sessions, OPERATOR) as session:
            lock_dates(session, area)
            for thread in threads:
                thread.start()
                # Each waits for the dates by now, the one that opens first.
                thread.join(timeout=1)
        for thread in threads:
            thread.join()
        assert len(ended) == 2
        assert "done" in ended
