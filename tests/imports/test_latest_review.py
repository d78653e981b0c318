"""No file puts off a child's first review here beyond the hard maximum of the rating."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from meetings_app.clock import london_date
from meetings_app.config import Settings
from meetings_app.cse_list.models import ListEntry
from meetings_app.imports import service
from meetings_app.imports.models import ImportKind
from meetings_app.permissions import OPERATOR, Role
from meetings_app.text import day_in_words
from tests.support.imports import list_row, office, the_list
from tests.support.world import actor_for, add_account


def rows(today: date, later: int = 0) -> bytes:
    """Give a child of each rating, the review on its last day or `later`; they were rated long ago, or nobody knows."""
    days = {"high": 42, "medium": 84, "low": 84}
    names = ("Testy McExample", "Sample Placeholder", "Invented Nobody")
    return the_list(
        *(
            list_row(name, f"0{place}/03/2012", rating=rating, listed_on="02/03/2026",
                     next_review=f"{today + timedelta(days=days[rating] + later):%d/%m/%Y}")
            for place, (name, rating) in enumerate(zip(names, days, strict=True), start=1)
        )
    )  # fmt: skip


def test_a_review_on_the_last_day_is_taken_as_it_stands(session: Session, settings: Settings, now: datetime) -> None:
    today = london_date(now)
    report = service.import_file(
        session, OPERATOR, now, office(settings), rows(today), ImportKind.LIST, dry_run=False
    )  # fmt: skip
    assert (report.written, report.created) == (True, 3)
    dates = session.scalars(select(ListEntry.next_review_on).order_by("next_review_on"))  # type: ignore[call-overload]
    assert list(dates) == [today + timedelta(days=days) for days in (42, 84, 84)]


def test_a_review_a_day_later_is_refused_row_by_row_with_the_last_day(
    session: Session, settings: Settings, now: datetime
) -> None:
    today, content = london_date(now), rows(london_date(now), later=1)
    account = add_account(session, "coordinator-ne", Role.COORDINATOR, "police", ["NE"])
    by = actor_for(session, account)
    said = {
        row: f"A child rated {rating} is reviewed on or before {day_in_words(today + timedelta(days=days))}. "
        "Enter that date or an earlier one"
        for row, rating, days in ((2, "high", 42), (3, "medium", 84), (4, "low", 84))
    }
    on_the_page = service.preview(session, by, now, office(settings), service.upload(
        session, by, now, content, ImportKind.LIST
    ))  # fmt: skip
    by_command = service.import_file(session, by, now, office(settings), content, ImportKind.LIST, dry_run=False)
    for problems in (on_the_page.problems, by_command.refused):
        assert {problem.row: problem.problem for problem in problems} == said
        assert {problem.column for problem in problems} == {"next_review"}
    assert not by_command.written
    assert session.execute(select(func.count()).select_from(ListEntry)).scalar_one() == 0


def test_the_latest_day_is_that_of_the_rules_in_force(session: Session, settings: Settings, now: datetime) -> None:
    here = office(settings)
    high = here.partnership.ratings.ratings.high.model_copy(update={"maximum_days": 30, "review_days": 20})
    rules = here.partnership.ratings.ratings.model_copy(update={"high": high})
    ratings = here.partnership.ratings.model_copy(update={"ratings": rules})
    shorter = type(here)(here.partnership.model_copy(update={"ratings": ratings}), here.base_url, here.organiser)
    content = rows(london_date(now))
    report = service.import_file(session, OPERATOR, now, shorter, content, ImportKind.LIST, dry_run=True)
    assert [problem.row for problem in report.refused] == [2]


@pytest.mark.parametrize("days", [-30, 0])
def test_a_review_that_is_overdue_or_due_today_is_taken(
    session: Session, settings: Settings, now: datetime, days: int
) -> None:
    day = london_date(now) + timedelta(days=days)
    content = the_list(list_row("Testy McExample", listed_on="02/03/2026", next_review=f"{day:%d/%m/%Y}"))
    report = service.import_file(session, OPERATOR, now, office(settings), content, ImportKind.LIST, dry_run=True)
    assert (report.created, report.refused) == (1, ())
