"""Changes by import: an upload waits for a person's yes; everything in it is written, or nothing."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.db.references import unused_reference
from meetings_app.errors import Conflict, DomainError, NotFound
from meetings_app.imports.columns import COLUMNS
from meetings_app.imports.late_reviews import LateReview, late_reviews
from meetings_app.imports.models import ImportBatch, ImportKind, ImportState
from meetings_app.imports.preview import Preview, make_preview
from meetings_app.imports.queries import one_import_at_a_time
from meetings_app.imports.report import Report, report_of
from meetings_app.imports.writing import write
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.office import Office
from meetings_app.spreadsheets.headings import recognise
from meetings_app.spreadsheets.marking import mark_up
from meetings_app.spreadsheets.reading import read_table
from meetings_app.spreadsheets.tables import UnreadableSpreadsheet

Answers = Mapping[str, str]
_NO_HEADING = (
    "The file has none of the columns that are needed. Start from one of the files below, "
    "or give your columns these headings"
)


class PreviewChanged(DomainError):
    """Something was saved between the preview and the confirmation; the new preview is to be looked at."""

    def __init__(self, preview: Preview) -> None:
        super().__init__("The records changed after you opened this page. Look at the rows again, then confirm.")
        self.preview = preview


class Unanswered(DomainError):
    """Possible duplicates about which the person has not said whether they are the same child."""

    def __init__(self, preview: Preview) -> None:
        super().__init__("Say of each possible duplicate whether it is the same child")
        self.preview = preview


def upload(session: Session, by: Actor, now: datetime, content: bytes, kind: ImportKind) -> ImportBatch:
    """Keep a file until its uploader confirms or discards it; nobody else sees it.

    Raises `UnreadableSpreadsheet`, whose message is for the person, `NotFound` without the permission.
    """
    _check_may(by)
    columns = COLUMNS[kind.value]
    table = read_table(content, [column.code for column in columns])
    if not recognise(table.headings, columns).by_column:
        raise UnreadableSpreadsheet(_NO_HEADING)
    batch = ImportBatch(
        reference=unused_reference(session, col(ImportBatch.reference), "U"), kind=kind, state=ImportState.PREVIEWED,
        sha256=hashlib.sha256(content).hexdigest(), content=content, uploaded_at=now, uploaded_by_id=by.account_id,
        answers={}, report={},
    )  # fmt: skip
    session.add(batch)
    session.flush()
    return batch


def preview(session: Session, by: Actor, now: datetime, batch: ImportBatch, answers: Answers | None = None) -> Preview:
    """Say what confirming the upload would do, as the records stand now."""
    _check_may(by)
    if batch.content is None:
        raise DomainError("This upload was confirmed or discarded already.")
    return make_preview(session, by, now, batch.content, batch.kind, batch.answers if answers is None else answers)


def confirm(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    batch: ImportBatch,
    version: int,
    seen: str,
    answers: Answers,
) -> Report:
    """Write what the person saw (`seen` is the preview's fingerprint) with their answers by row number.

    Raises `PreviewChanged` where it would do something else by now, `Unanswered`, `DomainError` where rows are
    refused, and `Conflict` where the upload was confirmed or discarded since `version`.
    """
    _check_may(by)
    _check_open(batch, version)
    one_import_at_a_time(session)
    present = preview(session, by, now, batch, answers)
    if present.fingerprint != seen:
        raise PreviewChanged(present)
    if present.problems:
        raise DomainError("Nothing was imported, because rows of the file must be mended first.")
    if present.unanswered:
        raise Unanswered(present)
    report = _write(session, by, now, office, present)
    batch.state, batch.content = ImportState.CONFIRMED, None
    batch.answers, batch.report = dict(answers), _kept(report)
    session.flush()
    return report


def keep_answers(session: Session, by: Actor, batch: ImportBatch, answers: Answers) -> None:
    """Keep what the person said so far, so that a preview shown again has it."""
    _check_may(by)
    batch.answers = dict(answers)
    session.flush()


def discard(session: Session, by: Actor, batch: ImportBatch, version: int) -> None:
    """Throw an upload away; nothing of its content is kept."""
    _check_may(by)
    _check_open(batch, version)
    batch.state, batch.content = ImportState.DISCARDED, None
    session.flush()


def import_file(
    session: Session, by: Actor, now: datetime, office: Office, content: bytes, kind: ImportKind, *, dry_run: bool
) -> Report:
    """Import a file at once, for the command: all rows or, with anything refused or `dry_run`, none.

    Possible duplicates are created and kept for the coordinator to answer. Raises `UnreadableSpreadsheet`.
    """
    _check_may(by)
    one_import_at_a_time(session)
    present = make_preview(session, by, now, content, kind, {})
    if dry_run or present.problems:
        return report_of(present, _late_reviews(now, office, present))
    return _write(session, by, now, office, present)


def to_mend(content: bytes, kind: ImportKind, report: Preview | Report) -> bytes:
    """Give the person's own file with the cells to mend marked and said why."""
    problems = report.problems if isinstance(report, Preview) else report.refused
    return mark_up(content, None, problems, COLUMNS[kind.value])


def _write(session: Session, by: Actor, now: datetime, office: Office, present: Preview) -> Report:
    late = _late_reviews(now, office, present)
    report = report_of(present, late, write(session, by, now, office, present))
    record(session, by, now, EventKind.IMPORT_CONFIRMED, created=report.created, matched=report.matched)
    return report


def _late_reviews(now: datetime, office: Office, present: Preview) -> tuple[LateReview, ...]:
    return late_reviews(present, office.partnership.ratings, london_date(now))


def _kept(report: Report) -> dict[str, object]:
    """Give what the done page says later: counts and references, no cell of the file."""
    said = report.as_json()
    return {name: value for name, value in said.items() if name not in ("refused", "unknown_headings")}


def _check_may(by: Actor) -> None:
    if not by.may(Permission.IMPORT):
        raise NotFound


def _check_open(batch: ImportBatch, version: int) -> None:
    if batch.state is not ImportState.PREVIEWED:
        raise Conflict("This upload was confirmed or discarded already.")
    if batch.version != version:
        raise Conflict("This upload was changed after you opened the page.")
