"""Two ways off the list, and an adult who left without a package, are named by the child's reference alone."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from meetings_app.cse_list.models import Closure, ClosureState, EntryState, ListEntry
from meetings_app.cse_list.service import live_entry
from meetings_app.meetings.checks import every_breach
from meetings_app.resources import folder
from tests.support.rmm import OFFICE, due, rmm
from tests.support.world import NOW

TODAY = NOW.date()


def codes(session: Session) -> list[tuple[str, str]]:
    session.flush()
    return [
        (breach.code, breach.reference)
        for breach in every_breach(session, TODAY, folder("agendas"), OFFICE.partnership)
    ]


def closed_by(session: Session, entry: ListEntry, meeting_id: int, times: int = 1, **values: Any) -> None:
    entry.state, entry.closed_on, entry.next_meeting_id = EntryState.CLOSED, TODAY, None
    for _ in range(times):
        session.add(
            Closure(
                entry_id=entry.key, child_id=entry.child_id, meeting_id=meeting_id, state=ClosureState.CLOSED, **values
            )
        )


@pytest.mark.parametrize(("times", "named"), [(1, False), (2, True)])
def test_a_child_who_left_by_two_ways_is_named(session: Session, times: int, named: bool) -> None:
    day = rmm(session)
    child = due(session)
    entry = live_entry(session, child.key)
    assert entry is not None
    closed_by(session, entry, day.meeting.key, times)
    assert codes(session) == ([("left_twice", child.reference)] if named else [])


@pytest.mark.parametrize(
    ("born", "values", "named"),
    [
        (date(2008, 11, 23), {}, True),
        (date(2008, 11, 24), {}, False),
        (date(2008, 11, 23), {"package_service": "Invented service"}, False),
        (date(2008, 11, 23), {"no_package_needed": True}, False),
    ],
)
def test_whoever_was_18_and_left_without_a_package_is_named(
    session: Session, born: date, values: dict[str, Any], named: bool
) -> None:
    day = rmm(session)
    child = due(session, born=born)
    entry = live_entry(session, child.key)
    assert entry is not None
    closed_by(session, entry, day.meeting.key, **values)
    assert codes(session) == ([("adult_without_package", child.reference)] if named else [])
