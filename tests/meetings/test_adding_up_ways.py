"""Two ways off the list, a review too late and an adult without a package are named by the child's reference alone."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import ImportedDefault
from meetings_app.accounts.reference import RULES
from meetings_app.cse_list.models import Closure, ClosureState, EntryState, ListEntry
from meetings_app.cse_list.service import live_entry, open_entry
from meetings_app.meetings.checks import every_breach
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from meetings_app.ratings.service import record_rating
from meetings_app.resources import folder
from tests.support.checking import Checking
from tests.support.children import add_child, agency_id
from tests.support.rmm import OFFICE, due, rmm
from tests.support.world import NOW

TODAY = NOW.date()


def codes(session: Session) -> list[tuple[str, str]]:
    session.flush()
    return [
        (breach.code, breach.reference)
        for breach in every_breach(session, TODAY, folder("agendas"), OFFICE.partnership)
    ]


def rules_with(session: Session, old: str, new: str) -> None:
    """Keep a second version of the rules, by which nothing was decided that does not name it."""
    first = session.scalars(select(ImportedDefault).where(col(ImportedDefault.file) == RULES)).one()
    text = first.content.replace(old, new)
    assert text != first.content
    session.add(ImportedDefault(file=RULES, number=2, content=text, read_at=NOW, reason="Invented."))


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
        (date(2008, 11, 24), {}, True),
        (date(2008, 11, 25), {}, False),
        (date(2008, 11, 24), {"package_service": "Invented service"}, False),
        (date(2008, 11, 24), {"no_package_needed": True}, False),
        # The version of the rules that the decision names was kept, and has another age.
        (date(2007, 11, 25), {"rules_version": 2}, False),
        (date(2007, 11, 24), {"rules_version": 2}, True),
    ],
)
def test_whoever_was_18_and_left_without_a_package_is_named(
    session: Session, checking: Checking, born: date, values: dict[str, Any], named: bool
) -> None:
    """It is asked on the day of the meeting, 24 November, by the age that ruled when it closed."""
    day = rmm(session)
    rules_with(session, "adult = 18", "adult = 19")
    child = due(session, born=born)
    entry = live_entry(session, child.key)
    assert entry is not None
    closed_by(session, entry, day.meeting.key, **values)
    session.commit()
    assert (("adult_without_package", child.reference) in checking.named()) is named


@pytest.mark.parametrize(
    ("rating", "review_on", "values", "named"),
    [
        (RiskRating.HIGH, date(2026, 12, 14), {}, False),
        (RiskRating.HIGH, date(2026, 12, 15), {}, True),
        (RiskRating.MEDIUM, date(2027, 1, 25), {}, False),
        (RiskRating.LOW, date(2027, 1, 26), {}, True),
        # An import brings the dates it has; its first review here sets them right.
        (RiskRating.HIGH, date(2027, 10, 1), {"before_service": True}, False),
        # The rules of the decision allowed less, or more, than those of today.
        (RiskRating.HIGH, date(2026, 12, 1), {"rules_version": 2}, True),
        (RiskRating.HIGH, date(2026, 12, 14), {"rules_version": 1}, False),
    ],
)
def test_a_review_later_than_the_hard_maximum_is_named(
    session: Session, checking: Checking, rating: RiskRating, review_on: date, values: dict[str, Any], named: bool
) -> None:
    rmm(session)
    rules_with(session, "maximum_days = 42", "maximum_days = 28")
    child = add_child(session)
    decided = record_rating(
        session, OPERATOR, NOW, child.key, rating, rationale="Invented.", decided_on=date(2026, 11, 2), **values
    )
    open_entry(
        session, OPERATOR, NOW, child, decided, review_on, agency_id(session, "police"), listed_on=decided.decided_on
    )
    session.commit()
    assert (("review_past_maximum", child.reference) in checking.named()) is named
