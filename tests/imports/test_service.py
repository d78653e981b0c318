"""The import promises: all rows or none, nothing twice, nobody guessed, nothing of another area."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.audit.trail import verify
from meetings_app.children.models import Child, PossibleDuplicate
from meetings_app.config import Settings
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.service import live_entry
from meetings_app.imports import service
from meetings_app.imports.models import ImportKind
from meetings_app.imports.report import Report
from meetings_app.permissions import OPERATOR, Actor
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.referrals.models import Referral, ReferralState
from tests.support.children import add_child, add_meeting, put_on_list
from tests.support.imports import list_row, office, referral_row, the_list, the_referrals
from tests.support.messy import (
    MISTAKES,
    SPELLED_TWO_WAYS,
    UNUSUAL_NAMES,
    mended_list_xlsx,
    messy_list_xlsx,
    referrals_xlsx,
)

Bring = Callable[..., Report]


@pytest.fixture
def bring(session: Session, settings: Settings, now: datetime) -> Bring:
    """Bring a file in as the command does."""

    def run(content: bytes, kind: str = "list", by: Actor = OPERATOR, dry_run: bool = False) -> Report:
        report = service.import_file(
            session, by, now, office(settings), content, ImportKind(kind), dry_run=dry_run
        )  # fmt: skip
        session.flush()
        return report

    return run


def how_many(session: Session, model: Any) -> int:
    """Count the rows of a table."""
    return session.execute(select(func.count()).select_from(model)).scalar_one()


def children_named(session: Session, name: str) -> list[Child]:
    """Give the children of exactly this name."""
    return list(session.scalars(select(Child).where(col(Child.name) == name)))


def test_with_a_mistake_in_the_file_nothing_is_written_and_every_mistake_is_named(
    session: Session, bring: Bring, now: datetime
) -> None:
    report = bring(messy_list_xlsx(now.date()))
    assert {(problem.row, problem.column) for problem in report.refused} == {
        (row, column) for row, column, _ in MISTAKES
    }
    assert (report.rows, report.created, report.written) == (120, 0, False)
    assert how_many(session, Child) == how_many(session, ListEntry) == how_many(session, Rating) == 0


def test_the_mended_list_comes_in_whole_and_a_second_time_makes_nothing(
    session: Session, bring: Bring, now: datetime
) -> None:
    first = bring(mended_list_xlsx(now.date()))
    assert (first.rows, first.created, first.matched, first.refused) == (120, 120, 0, ())
    assert first.unknown_headings == ("Office notes",)
    assert how_many(session, ListEntry) == how_many(session, Child) == how_many(session, Rating) == 120
    again = bring(mended_list_xlsx(now.date()))
    assert (again.created, again.matched, again.differences) == (0, 120, ())
    assert how_many(session, ListEntry) == how_many(session, Child) == how_many(session, Rating) == 120


def test_unusual_names_reach_the_record_letter_by_letter(session: Session, bring: Bring, now: datetime) -> None:
    bring(mended_list_xlsx(now.date()))
    for name in UNUSUAL_NAMES:
        assert len(children_named(session, name)) == 1, name


def test_an_imported_entry_keeps_its_dates_and_waits_to_be_confirmed_here(session: Session, bring: Bring) -> None:
    meeting = add_meeting(session, date(2026, 12, 1))
    bring(the_list(list_row("Testy McExample", rating="Medium", listed_on="03/08/2026", lead_agency="Police")))
    child = children_named(session, "Testy McExample")[0]
    entry = live_entry(session, child.key)
    rating = session.scalars(select(Rating).where(col(Rating.child_id) == child.key)).one()
    assert entry is not None
    assert (entry.listed_on, entry.next_review_on, entry.rated_on) == (
        date(2026, 8, 3), date(2026, 12, 8), date(2026, 8, 3),
    )  # fmt: skip
    assert (entry.current_rating, entry.rating_rank, entry.before_service) == (RiskRating.MEDIUM, 2, True)
    assert (rating.before_service, rating.meeting_id, rating.decided_on) == (True, None, date(2026, 8, 3))
    assert entry.next_meeting_id == meeting.key


def test_an_area_without_a_meeting_leaves_the_review_waiting_and_says_so(session: Session, bring: Bring) -> None:
    add_meeting(session, date(2026, 12, 1), area="NE")
    report = bring(the_list(list_row("Testy McExample"), list_row("Sample Placeholder", area="SW")))
    assert report.areas_without_meeting == ("SW",)
    child = children_named(session, "Sample Placeholder")[0]
    entry = live_entry(session, child.key)
    assert entry is not None
    assert entry.next_meeting_id is None


def test_a_known_child_who_is_not_listed_gets_an_entry_and_no_second_record(session: Session, bring: Bring) -> None:
    known = add_child(session, "Testy McExample")
    report = bring(the_list(list_row("McEXAMPLE, Testy")))
    assert (report.created, report.new_children, report.created_references) == (1, 0, (known.reference,))
    assert live_entry(session, known.key) is not None
    assert how_many(session, Child) == 1


def test_what_a_file_says_otherwise_of_a_listed_child_is_reported_and_never_applied(
    session: Session, bring: Bring
) -> None:
    entry = put_on_list(session, add_child(session, "Testy McExample"), RiskRating.HIGH)
    report = bring(the_list(list_row("Testy McExample", rating="low", lead_agency="health")))
    assert (report.created, report.matched) == (0, 1)
    assert {difference["column"] for difference in report.differences} >= {"rating", "lead_agency"}
    session.refresh(entry)
    assert entry.current_rating is RiskRating.HIGH
    assert how_many(session, Rating) == 1


def test_a_child_is_found_by_the_reference_in_the_other_system_whatever_the_spelling(
    session: Session, settings: Settings, now: datetime, bring: Bring
) -> None:
    known = add_child(session, "Testy McExample", external_reference="SYS1")
    content = the_list_with_reference("Tessie Other", "SYS1")
    report = bring(content)
    assert report.created_references == (known.reference,)
    assert known.name == "Testy McExample"


def the_list_with_reference(name: str, reference: str) -> bytes:
    """Give a list of one row with a reference in the other system."""
    from tests.support.imports import HEADINGS, workbook

    return workbook((*HEADINGS, "external_reference"), [[*list_row(name), reference]])


def test_a_reference_of_one_child_beside_the_name_of_another_is_refused(session: Session, bring: Bring) -> None:
    add_child(session, "Sample Placeholder", external_reference="SYS1", born=date(2012, 2, 2))
    add_child(session, "Testy McExample")
    report = bring(the_list_with_reference("Testy McExample", "SYS1"))
    assert [problem.column for problem in report.refused] == ["external_reference"]


def test_two_records_of_one_name_and_birth_are_not_guessed_between(session: Session, bring: Bring) -> None:
    add_child(session, "Testy McExample")
    add_child(session, "Testy McExample")
    report = bring(the_list(list_row("Testy McExample")))
    assert [problem.column for problem in report.refused] == ["name"]


def test_by_command_look_alikes_come_in_and_wait_for_the_coordinator(
    session: Session, bring: Bring, now: datetime
) -> None:
    report = bring(mended_list_xlsx(now.date()))
    pairs = {(pair.other_row, pair.row) for pair in report.possible_duplicates}
    assert SPELLED_TWO_WAYS in pairs
    kept = session.scalars(select(PossibleDuplicate)).all()
    assert len(kept) == len(report.possible_duplicates)
    assert {pair.resolution for pair in kept} == {None}


def test_every_child_brought_in_is_in_the_trail_and_the_trail_is_whole(session: Session, bring: Bring) -> None:
    known = add_child(session, "Testy McExample")
    bring(the_list(list_row("Testy McExample"), list_row("Sample Placeholder", "01/02/2012")))
    new = children_named(session, "Sample Placeholder")[0]
    session.commit()
    said = session.execute(
        select(col(AuditEvent.child_id), col(AuditEvent.facts)).where(
            col(AuditEvent.kind) == EventKind.ENTRY_IMPORTED.value
        )
    )
    assert {child: facts["new_record"] for child, facts in said} == {known.key: False, new.key: True}
    assert verify(session)[1] is None


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(session: Session, bring: Bring) -> None:
    report = bring(the_list(list_row("Testy McExample")), dry_run=True)
    assert (report.created, report.written) == (1, False)
    assert how_many(session, Child) == 0


def test_referrals_arrive_as_received_and_the_same_file_makes_nothing_twice(
    session: Session, bring: Bring, now: datetime
) -> None:
    first = bring(referrals_xlsx(now.date()), "referrals")
    assert (first.rows, first.created, first.refused) == (14, 14, ())
    states = set(session.scalars(select(col(Referral.state))))
    assert states == {ReferralState.RECEIVED}
    again = bring(referrals_xlsx(now.date()), "referrals")
    assert (again.created, again.matched) == (0, 14)
    assert how_many(session, Referral) == 14


def test_a_referral_keeps_the_day_it_was_received(session: Session, bring: Bring) -> None:
    bring(the_referrals(referral_row("Testy McExample", received_on="18/11/2026")), "referrals")
    referral = session.scalars(select(Referral)).one()
    assert referral.received_at == datetime.fromisoformat("2026-11-18T09:00:00+00:00")


def test_two_agencies_referring_one_new_child_make_one_child_and_two_referrals(session: Session, bring: Bring) -> None:
    report = bring(
        the_referrals(referral_row("Testy McExample"), referral_row("testy mcexample ", agency="health")), "referrals"
    )
    assert (report.created, report.new_children) == (2, 1)
    assert how_many(session, Child) == 1
    assert how_many(session, Referral) == 2
