"""No expiry, no removal in bulk or by import, no hard delete: a child leaves the list by a decision or not at all."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from meetings_app.cse_list.models import Closure, Departure, DepartureKind, EntryState, ListEntry
from meetings_app.imports.models import ImportKind
from meetings_app.imports.service import import_file
from meetings_app.jobs.timetable import TIMETABLE
from meetings_app.permissions import OPERATOR
from tests.support.children import add_meeting, child_of, put_on_list
from tests.support.imports import list_row, the_list
from tests.support.referrals import refer
from tests.support.rmm import OFFICE
from tests.support.world import NOW

PACKAGE = Path(__file__).parents[2] / "meetings_app"


def test_no_job_takes_a_child_off_however_much_time_passes(session: Session) -> None:
    entry = put_on_list(session, born=(NOW - timedelta(days=26 * 365)).date())
    for days in (1, 400, 4000):
        for job in TIMETABLE:
            job.work(session, NOW + timedelta(days=days), OFFICE)
    session.expire_all()
    assert session.get_one(ListEntry, entry.key).state is EntryState.LISTED


@pytest.mark.parametrize("table", ["list_entry", "child", "departure", "closure", "referral"])
def test_no_row_of_the_list_is_ever_deleted(session: Session, table: str) -> None:
    entry = put_on_list(session)
    if table == "departure":
        session.add(
            Departure(
                entry_id=entry.key, child_id=entry.child_id, kind=DepartureKind.DEATH, reason="Invented.", begun_at=NOW
            )
        )  # fmt: skip
    if table == "closure":
        session.add(
            Closure(entry_id=entry.key, child_id=entry.child_id, meeting_id=add_meeting(session, NOW.date()).key)
        )
    if table == "referral":
        refer(session, child_of(session, entry))
    session.flush()
    assert session.scalar(sa.text(f"SELECT count(*) FROM {table}"))
    with pytest.raises(DatabaseError, match=r"never deleted|kept as it was recorded"):
        session.execute(sa.text(f"DELETE FROM {table}"))


def test_a_list_that_is_imported_again_without_a_child_takes_nobody_off(session: Session) -> None:
    add_meeting(session, (NOW + timedelta(days=3)).date())
    entry = put_on_list(session)
    content = the_list(list_row("Testy Another", "01/02/2012"))
    report = import_file(session, OPERATOR, NOW, OFFICE, content, ImportKind.LIST, dry_run=False)
    assert report.created == 1
    session.expire_all()
    assert session.get_one(ListEntry, entry.key).state is EntryState.LISTED
    assert child_of(session, entry).merged_into_id is None


def test_one_place_ends_a_stay_by_a_closure_and_one_by_a_departure() -> None:
    """Whoever adds a third place that writes the end of a stay meets this test, and has to say why."""
    places = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"entry\.closed_on|\.state = EntryState\.CLOSED", path.read_text())
    }
    assert places == {"cse_list/service.py"}
