"""A child who left the list comes back only by a new referral, never by a file."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from meetings_app.config import Settings
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.cse_list.service import live_entry
from meetings_app.imports import service
from meetings_app.imports.models import ImportKind
from meetings_app.imports.report import Report
from meetings_app.permissions import OPERATOR, Actor, Role
from tests.support.children import add_child, put_on_list
from tests.support.imports import list_row, office, the_list
from tests.support.world import actor_for, add_account

Bring = Callable[..., Report]


@pytest.fixture
def bring(session: Session, settings: Settings, now: datetime) -> Bring:
    """Bring a file of the list in as the command does."""

    def run(content: bytes, by: Actor = OPERATOR) -> Report:
        report = service.import_file(session, by, now, office(settings), content, ImportKind.LIST, dry_run=False)
        session.flush()
        return report

    return run


def leave(session: Session, entry: ListEntry | None, on: date = date(2026, 11, 20)) -> None:
    """Let a stay be over, as the closure gate leaves it."""
    assert entry is not None
    entry.state, entry.closed_on, entry.next_meeting_id = EntryState.CLOSED, on, None
    session.flush()


def stays(session: Session) -> int:
    return session.execute(select(func.count()).select_from(ListEntry)).scalar_one()


def test_the_same_file_again_does_not_put_a_closed_child_back(session: Session, bring: Bring) -> None:
    content = the_list(list_row("Testy McExample"), list_row("Sample Placeholder", "01/02/2012"))
    bring(content)
    closed = session.scalars(select(ListEntry).order_by("id")).first()
    leave(session, closed)
    assert closed is not None
    again = bring(content)
    assert (again.created, again.matched, again.refused, again.written) == (0, 2, (), True)
    (difference,) = again.differences
    assert (difference["row"], difference["note"]) == (2, "left the list on 20 November 2026; not put back")
    assert live_entry(session, closed.child_id) is None
    assert stays(session) == 2


def test_another_stay_of_a_child_who_left_is_refused_with_the_way_back(session: Session, bring: Bring) -> None:
    child = add_child(session, "Testy McExample")
    leave(session, put_on_list(session, child, listed_on=date(2026, 3, 2)))
    report = bring(the_list(list_row("Testy McExample"), list_row("Sample Placeholder", "01/02/2012")))
    (problem,) = report.refused
    assert (problem.row, report.written) == (2, False)
    assert problem.problem.startswith(
        "This child left the list on 20 November 2026. Make a referral: a child comes back only by a new referral"
    )
    assert stays(session) == 1


def test_what_was_closed_on_a_record_that_became_the_child_s_counts_too(session: Session, bring: Bring) -> None:
    first, second, kept = (add_child(session, name) for name in ("Testy Oldest", "Testy Older", "Testy McExample"))
    leave(session, put_on_list(session, first, listed_on=date(2026, 3, 2)))
    first.merged_into_id, second.merged_into_id = second.key, kept.key
    session.flush()
    report = bring(the_list(list_row("Testy McExample")))
    assert [problem.column for problem in report.refused] == ["listed_on"]
    assert live_entry(session, kept.key) is None


def test_a_child_who_came_back_by_an_rmm_is_here_already(session: Session, bring: Bring) -> None:
    child = add_child(session, "Testy McExample")
    leave(session, put_on_list(session, child, listed_on=date(2026, 3, 2)))
    put_on_list(session, child, listed_on=date(2026, 11, 2))
    report = bring(the_list(list_row("Testy McExample")))
    assert (report.created, report.matched, report.refused) == (0, 1, ())


def test_of_a_child_of_another_area_nobody_learns_when_the_child_left(session: Session, bring: Bring) -> None:
    account = add_account(session, "coordinator-ne", Role.COORDINATOR, "police", ["NE"])
    left = put_on_list(session, add_child(session, "Testy McExample", area="NW"), listed_on=date(2026, 11, 2))
    leave(session, left)
    by = actor_for(session, account)
    same_stay = bring(the_list(list_row("Testy McExample")), by=by)
    assert (same_stay.created, same_stay.matched, same_stay.differences) == (0, 1, ())
    another = bring(the_list(list_row("Testy McExample", listed_on="01/06/2026")), by=by)
    (problem,) = another.refused
    assert problem.column == "area"
    assert "2026" not in problem.problem
