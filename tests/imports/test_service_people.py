"""Who decides in an import: a coordinator in their own areas, and a person wherever two children look alike."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from meetings_app.children.models import Child, PossibleDuplicate, Resolution
from meetings_app.config import Settings
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import Conflict, DomainError
from meetings_app.imports import service
from meetings_app.imports.models import ImportKind, ImportState
from meetings_app.imports.report import Report
from meetings_app.permissions import OPERATOR, Actor, Role
from meetings_app.referrals.models import Referral
from tests.support.children import add_child, put_on_list
from tests.support.imports import list_row, office, referral_row, the_list, the_referrals
from tests.support.world import actor_for, add_account

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


def coordinator(session: Session, area: str = "NE") -> Actor:
    """Give the coordinator of one area."""
    return actor_for(session, add_account(session, f"coordinator-{area.lower()}", Role.COORDINATOR, "police", [area]))


def test_a_row_of_another_area_is_refused_for_a_coordinator(session: Session, bring: Bring) -> None:
    by = coordinator(session)
    report = bring(the_list(list_row("Testy McExample"), list_row("Sample Placeholder", area="NW")), by=by)
    assert [(problem.row, problem.column) for problem in report.refused] == [(3, "area")]
    assert how_many(session, Child) == 0


def test_a_child_whose_record_is_in_another_area_is_named_by_reference_alone(session: Session, bring: Bring) -> None:
    known = add_child(session, "Testy McExample", area="NW", gender="female")
    report = bring(the_list(list_row("Testy McExample")), by=coordinator(session))
    assert len(report.refused) == 1
    assert known.reference in report.refused[0].problem
    assert live_entry(session, known.key) is None


@pytest.fixture
def page(session: Session, settings: Settings, now: datetime) -> Any:
    """Upload and confirm as the page does, for one coordinator."""

    class Page:
        by = coordinator(session)

        def upload(self, content: bytes, kind: str = "list") -> Any:
            return service.upload(session, self.by, now, content, ImportKind(kind))

        def confirm(self, batch: Any, answers: dict[str, str], seen: str = "", version: int = 0) -> Report:
            seen = seen or service.preview(session, self.by, now, batch).fingerprint
            return service.confirm(
                session, self.by, now, office(settings), batch, version or batch.version, seen, answers
            )  # fmt: skip

    return Page()


def test_nothing_is_confirmed_while_a_look_alike_is_unanswered(session: Session, page: Any) -> None:
    add_child(session, "Katelyn MacExample")
    batch = page.upload(the_list(list_row("Caitlin McExample")))
    with pytest.raises(service.Unanswered):
        page.confirm(batch, {})
    with pytest.raises(service.Unanswered):
        page.confirm(batch, {"2": "C-NOBODY"})
    assert how_many(session, Child) == 1
    assert batch.state is ImportState.PREVIEWED


def test_the_same_child_by_a_persons_word_gets_the_entry_now_and_ever_after(
    session: Session, page: Any, bring: Bring
) -> None:
    known = add_child(session, "Katelyn MacExample")
    content = the_list(list_row("Caitlin McExample"))
    report = page.confirm(page.upload(content), {"2": known.reference})
    assert (report.created, report.new_children) == (1, 0)
    assert live_entry(session, known.key) is not None
    again = bring(content)
    assert (again.created, again.matched, again.possible_duplicates) == (0, 1, ())
    assert how_many(session, Child) == 1


def test_different_children_by_a_persons_word_are_two_and_nobody_is_asked_again(session: Session, page: Any) -> None:
    add_child(session, "Katelyn MacExample")
    content = the_list(list_row("Caitlin McExample"))
    page.confirm(page.upload(content), {"2": "different"})
    assert how_many(session, Child) == 2
    pair = session.scalars(select(PossibleDuplicate)).one()
    assert (pair.resolution, pair.resolved_by_id) == (Resolution.DIFFERENT, page.by.account_id)


def test_two_rows_of_one_child_by_a_persons_word_make_one_entry(session: Session, page: Any) -> None:
    content = the_list(list_row("Caitlin McExample"), list_row("Katelyn MacExample"))
    report = page.confirm(page.upload(content), {"3": "row 2"})
    assert (report.created, report.matched) == (1, 1)
    assert how_many(session, Child) == how_many(session, ListEntry) == 1
    again = service.preview(session, page.by, datetime.fromisoformat("2026-11-23T09:00+00:00"), page.upload(content))
    assert (again.created, again.matched, again.unanswered) == (0, 2, [])


def test_a_referral_of_the_same_child_by_a_persons_word_is_not_asked_about_twice(session: Session, page: Any) -> None:
    known = add_child(session, "Katelyn MacExample")
    content = the_referrals(referral_row("Caitlin McExample"))
    page.confirm(page.upload(content, "referrals"), {"2": known.reference})
    assert session.scalars(select(Referral)).one().child_id == known.key
    again = page.confirm(page.upload(content, "referrals"), {})
    assert (again.created, again.matched) == (0, 1)


def test_a_change_between_preview_and_confirmation_is_shown_first(session: Session, page: Any, now: datetime) -> None:
    batch = page.upload(the_list(list_row("Testy McExample")))
    seen = service.preview(session, page.by, now, batch).fingerprint
    put_on_list(session, add_child(session, "Testy McExample"))
    with pytest.raises(service.PreviewChanged) as changed:
        page.confirm(batch, {}, seen)
    assert changed.value.preview.matched == 1


def test_a_confirmed_or_discarded_upload_keeps_nothing_of_the_file(session: Session, page: Any) -> None:
    confirmed, discarded = (page.upload(the_list(list_row("Testy McExample"))) for _ in range(2))
    page.confirm(confirmed, {})
    service.discard(session, page.by, discarded, discarded.version)
    for batch in (confirmed, discarded):
        assert batch.content is None
        assert "Testy" not in str(batch.report)
        with pytest.raises(Conflict):
            page.confirm(batch, {}, "anything")


def test_refused_rows_cannot_be_confirmed(session: Session, page: Any) -> None:
    batch = page.upload(the_list(list_row("Testy McExample", rating="none")))
    with pytest.raises(DomainError):
        page.confirm(batch, {})
    assert how_many(session, Child) == 0
