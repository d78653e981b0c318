"""Undoing what was said of two records: each child has again what was theirs, in whatever order it is undone."""

import pytest
from sqlalchemy.orm import Session

from meetings_app.child_record import leaving
from meetings_app.child_record.merging import say_same_or_different, undo_merge
from meetings_app.children.models import PossibleDuplicate, Resolution
from meetings_app.cse_list.models import EntryState
from meetings_app.cse_list.service import is_listed, live_entry
from meetings_app.db.session import act_for
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.permissions import Role
from tests.child_record.test_leaving import agree, give_one, listed
from tests.support.children import add_child
from tests.support.rmm import OFFICE, Rmm, rmm
from tests.support.world import NOW, actor_for, add_account


@pytest.fixture
def day(session: Session) -> Rmm:
    return rmm(session)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["first-first", "last-first"])
def test_after_two_duplicates_each_child_gets_their_own_action_back(day: Rmm, order: tuple[int, int]) -> None:
    first, second, third = listed(day), listed(day), listed(day)
    actions = [give_one(day, first), give_one(day, second)]
    left = []
    for child, kept in ((first, second), (second, third)):
        left.append(leaving.begin_duplicate(day.session, day.act("chair_cs"), NOW, OFFICE, child, kept, "Invented."))
        agree(day, left[-1])
    for place in order:
        leaving.undo_duplicate(
            day.session, day.act("chair_fs"), NOW, OFFICE, left[place], left[place].version, "Invented."
        )
    assert [action.child_id for action in actions] == [first.key, second.key]
    day.operator()
    assert all(is_listed(day.session, child.key) for child in (first, second, third))


def test_only_a_chair_undoes_a_duplicate_so_that_the_child_is_listed_again(day: Rmm) -> None:
    child, kept = listed(day), listed(day)
    left = leaving.begin_duplicate(day.session, day.act("chair_cs"), NOW, OFFICE, child, kept, "Invented.")
    agree(day, left)
    with pytest.raises(DomainError, match="left the list as a duplicate"):
        undo_merge(day.session, day.act("coordinator"), NOW, child, child.version, "Invented.")
    leaving.undo_duplicate(day.session, day.act("chair_fs"), NOW, OFFICE, left, left.version, "Invented.")
    day.operator()
    assert is_listed(day.session, child.key)


def test_no_child_goes_along_with_a_record_that_is_about_to_be_signed_off(day: Rmm) -> None:
    child, kept = listed(day), listed(day)
    left = leaving.begin_duplicate(day.session, day.act("chair_cs"), NOW, OFFICE, child, kept, "Invented.")
    day.operator()
    entry = live_entry(day.session, kept.key)
    assert entry is not None
    entry.state = EntryState.CLOSING
    day.session.flush()
    with pytest.raises(RuleBroken, match="is being closed"):
        agree(day, left)
    day.operator()
    assert is_listed(day.session, child.key)


def test_a_pointer_is_undone_by_who_read_the_record_as_it_is(day: Rmm) -> None:
    child, kept = add_child(day.session), listed(day)
    pair = PossibleDuplicate(child_id=child.key, other_id=kept.key, why="Invented.", found_at=NOW)
    day.session.add(pair)
    say_same_or_different(day.session, day.act("coordinator"), NOW, OFFICE, pair, Resolution.SAME, "As one, invented.")
    read = child.version
    child.school_name = "Another school, invented"
    day.session.flush()
    with pytest.raises(Conflict):
        undo_merge(day.session, day.act("coordinator"), NOW, child, read, "Invented.")
    assert child.merged_into_id == kept.key
    undo_merge(day.session, day.act("coordinator"), NOW, child, child.version, "Invented.")
    assert "As one, invented." in pair.resolution_reason, "why they were said to be one child is kept"
    assert child.merged_into_id is None


def test_a_chair_of_an_agency_that_does_not_chair_takes_back_and_undoes_nothing(day: Rmm) -> None:
    day.operator()
    stranger = add_account(day.session, "chair-police", Role.CHAIR, "police", ["NE"])
    child, kept = listed(day), listed(day)
    row = leaving.begin_duplicate(day.session, day.act("chair_cs"), NOW, OFFICE, child, kept, "Invented.")
    by = actor_for(day.session, stranger)
    act_for(day.session, by)
    with pytest.raises(NotFound):
        leaving.withdraw(day.session, by, NOW, OFFICE, row, row.version, "Invented.")
    agree(day, row)
    act_for(day.session, by)
    with pytest.raises(NotFound):
        leaving.undo_duplicate(day.session, by, NOW, OFFICE, row, row.version, "Invented.")
