"""`meetings check` proves that each weekly list is as it was taken, and that lists and the list of today add up."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from meetings_app.cse_list.models import EntryState
from meetings_app.permissions import OPERATOR
from meetings_app.weekly_list.checks import weekly_lists
from meetings_app.weekly_list.taking import take_list
from tests.support.children import child_of, put_on_list
from tests.support.meetings import office
from tests.support.world import NOW

KEPT = ("weekly_list", "weekly_row", "weekly_change")


def take(session: Session, week: int = 0) -> None:
    assert take_list(session, OPERATOR, NOW + timedelta(weeks=week), office())


def problems(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    return [(breach.reference, breach.problem) for breach in weekly_lists(session)]


def forced(session: Session, change: str) -> None:
    """Change what was circulated in spite of the triggers, as somebody with the database in hand could."""
    for table in KEPT:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(sa.text(f"DROP TRIGGER {table}_no_update"))
            session.execute(sa.text(f"DROP TRIGGER {table}_no_delete"))
        else:
            session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_kept"))
    session.execute(sa.text(change))


def test_lists_that_were_left_alone_add_up(session: Session) -> None:
    assert problems(session) == []
    first, second = put_on_list(session, review_on=date(2026, 11, 11)), put_on_list(session)
    take(session)
    first.state, first.closed_on, first.next_meeting_id = EntryState.CLOSED, date(2026, 11, 24), None
    session.flush()
    put_on_list(session)
    assert problems(session) == [], "who left and who came since is no breach"
    take(session, 1)
    second.state, second.closed_on, second.next_meeting_id = EntryState.CLOSED, date(2026, 11, 30), None
    session.flush()
    assert problems(session) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("UPDATE weekly_row SET rating = 'low'", "is not as it was taken."),
        ("UPDATE weekly_row SET name = 'Testy McOther'", "is not as it was taken."),
        ("UPDATE weekly_change SET said = 'Nothing'", "is not as it was taken."),
        ("DELETE FROM weekly_change", "is not as it was taken."),
        ("DELETE FROM weekly_row", "was taken with 1 children and holds 0."),
        ("UPDATE weekly_list SET taken_on = '2026-11-22'", "is not as it was taken."),
    ],
)
def test_a_list_that_was_altered_is_named(session: Session, change: str, problem: str) -> None:
    put_on_list(session, review_on=date(2026, 11, 11))
    take(session)
    forced(session, change)
    assert ("Weekly list 1", problem) in problems(session)


def test_a_list_whose_mark_was_made_anew_no_longer_carries_the_next(session: Session) -> None:
    put_on_list(session)
    take(session)
    take(session, 1)
    forced(session, f"UPDATE weekly_list SET digest = '{'f' * 64}' WHERE number = 1")
    assert ("Weekly list 2", "does not follow the list before it as that stands now.") in problems(session)


def test_a_list_that_is_missing_between_two_is_named(session: Session) -> None:
    for week in range(3):
        take(session, week)
    forced(session, "DELETE FROM weekly_list WHERE number = 2")
    assert [reference for reference, _ in problems(session)] == ["Weekly list 3"]


def test_a_child_whom_the_newest_list_forgot_is_named(session: Session) -> None:
    entry = put_on_list(session)
    entry.state, entry.closed_on = EntryState.CLOSED, date(2026, 11, 20)
    session.flush()
    take(session)
    entry.state, entry.closed_on = EntryState.LISTED, None
    session.flush()
    reference = child_of(session, entry).reference
    assert problems(session) == [(reference, "was on the list, and weekly list 1 was taken without them.")]


def test_a_child_who_had_left_before_the_list_that_names_them_is_named(session: Session) -> None:
    entry = put_on_list(session)
    take(session)
    entry.state, entry.closed_on, entry.next_meeting_id = EntryState.CLOSED, date(2026, 11, 20), None
    session.flush()
    reference = child_of(session, entry).reference
    assert problems(session) == [(reference, "is on weekly list 1, and had left the list before it.")]
