"""The week’s list: taken once, of the whole county, with what changed since the one before, and never changed again."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.cse_list.models import EntryState
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR, Role
from meetings_app.ratings.models import RiskRating
from meetings_app.weekly_list.models import ChangeKind, WeeklyList, WeeklyRow
from meetings_app.weekly_list.queries import changes_of, rows_of
from meetings_app.weekly_list.taking import take_list
from tests.support.children import add_child, area_id, child_of, put_on_list
from tests.support.meetings import office
from tests.support.world import NOW, add_account, tiny_world

WEEK = timedelta(days=7)


def taken(session: Session, week: int = 0) -> WeeklyList:
    found = take_list(session, OPERATOR, NOW + week * WEEK, office())
    assert found is not None
    return found


def said(session: Session, weekly: WeeklyList) -> set[tuple[str, ChangeKind, str]]:
    return {(change.reference, change.kind, change.said) for change in changes_of(session, weekly.key)}


def test_the_list_of_a_week_is_taken_once_and_holds_everybody_on_the_list(session: Session) -> None:
    entries = [put_on_list(session), put_on_list(session, rating=RiskRating.LOW), put_on_list(session, area="NW")]
    add_child(session, "Testy McWaiting")
    weekly = taken(session)
    assert (weekly.number, weekly.week, weekly.children) == (1, "2026-W48", 3)
    assert {row.entry_id for row in rows_of(session, weekly.key)} == {entry.key for entry in entries}
    assert take_list(session, OPERATOR, NOW + timedelta(days=6), office()) is None
    assert taken(session, 1).number == 2


def test_the_first_list_claims_no_change(session: Session) -> None:
    late = child_of(session, put_on_list(session, review_on=date(2026, 11, 11))).reference
    put_on_list(session)
    assert said(session, taken(session)) == {(late, ChangeKind.OVERDUE, "Review overdue by 12 days")}


def test_the_next_list_says_who_came_on_went_off_rose_fell_moved_and_is_overdue(session: Session) -> None:
    gone, raised, lowered, moved, same = (
        put_on_list(session, rating=RiskRating.MEDIUM, review_on=date(2027, 1, 4)) for _ in range(5)
    )
    taken(session)
    gone.state, gone.closed_on, gone.next_meeting_id = EntryState.CLOSED, date(2026, 11, 25), None
    raised.current_rating, raised.rating_rank = RiskRating.HIGH, 1
    lowered.current_rating, lowered.rating_rank = RiskRating.LOW, 3
    moved.area_id = area_id(session, "NW")
    same.next_review_on = date(2026, 11, 29)
    new = put_on_list(session, review_on=date(2027, 1, 4))
    session.flush()
    weekly = taken(session, 1)
    names = {name: child_of(session, entry).reference for name, entry in locals().items() if hasattr(entry, "rated_on")}
    assert said(session, weekly) == {
        (names["new"], ChangeKind.ON, "Put on the list, rated high"),
        (names["gone"], ChangeKind.OFF, "Closed by the RMM"),
        (names["raised"], ChangeKind.UP, "Rated high, before medium"),
        (names["lowered"], ChangeKind.DOWN, "Rated low, before medium"),
        (names["moved"], ChangeKind.MOVED, "Moved from NE to NW"),
        (names["same"], ChangeKind.OVERDUE, "Review overdue by 1 day"),
    }
    told = [change.area_id for change in changes_of(session, weekly.key) if change.kind is ChangeKind.MOVED]
    assert set(told) == {area_id(session, "NE"), area_id(session, "NW")}, "both areas are told"


def test_list_holders_are_told_by_a_mail_that_names_no_child(session: Session) -> None:
    tiny_world(session)
    holder = add_account(session, "holder", Role.LIST_HOLDER, "police", ["NE"])
    child = child_of(session, put_on_list(session))
    taken(session)
    mails = session.scalars(select(OutboxMail).where(col(OutboxMail.kind) == "list_circulated")).all()
    assert [session.get_one(Account, mail.account_id).key for mail in mails] == [holder.key]
    assert "https://meetings.example.org/weekly-lists/1" in mails[0].body
    assert not any(
        part in mails[0].subject + mails[0].body for part in (child.reference, child.name, *child.name.split())
    )


@pytest.mark.parametrize("table", ["weekly_list", "weekly_row", "weekly_change", "weekly_copy"])
@pytest.mark.parametrize("change", ["DELETE FROM {table}", "UPDATE {table} SET id = id"])
def test_what_was_circulated_cannot_be_changed(session: Session, table: str, change: str) -> None:
    add_account(session, "holder", Role.LIST_HOLDER, "police", ["NE"])
    put_on_list(session, review_on=date(2026, 11, 11))
    taken(session)
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(sa.text(change.format(table=table)))
    assert session.scalars(select(WeeklyRow)).one()
