"""Writes what a confirmed import brings in, in a few statements however long the file is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.matching import name_key, sound_key
from meetings_app.children.models import Child, PossibleDuplicate, Resolution, YesNoUnknown
from meetings_app.clock import at_london, london_date
from meetings_app.cse_list.homing import homes_of_area, lock_homes
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.cse_list.rules import Homes
from meetings_app.db.references import unused_references
from meetings_app.db.session import unscoped
from meetings_app.imports.matches import DIFFERENT, digest
from meetings_app.imports.models import ImportedRow, ImportKind
from meetings_app.imports.preview import Outcome, Preview, PreviewRow
from meetings_app.imports.queries import in_chunks
from meetings_app.imports.rules import ListRow, ReferralRow
from meetings_app.permissions import Actor
from meetings_app.ratings.models import RANK, ExploitationStatus, Rating, RiskRating
from meetings_app.referrals.service import ReferralDetails, make_referral
from meetings_app.schedule.office import Office
from meetings_app.text import day_in_words

_ARRIVES = time(9)


@dataclass
class Written:
    """What was written: the children by row, the referrals by row, and the areas that still have no meeting."""

    children: dict[int, int] = field(default_factory=dict)
    references: dict[int, str] = field(default_factory=dict)
    referrals: dict[int, str] = field(default_factory=dict)
    areas_without_meeting: list[str] = field(default_factory=list)


def write(session: Session, by: Actor, now: datetime, office: Office, preview: Preview) -> Written:
    """Write every row of the preview that brings something in. The caller has checked that nothing is refused."""
    written = Written()
    rows = [row for row in preview.rows if row.outcome is not Outcome.MATCHED]
    _create_children(session, by, now, preview, rows, written)
    for row in preview.rows:
        if row.match.child is not None:
            written.children[row.number] = row.match.child.id
            written.references[row.number] = row.match.child.reference
        elif row.match.same_as is not None:
            written.children[row.number] = written.children[row.match.same_as]
            written.references[row.number] = written.references[row.match.same_as]
    if preview.kind is ImportKind.LIST:
        _open_entries(session, by, now, preview, rows, written)
        _remember_said(session, now, preview, written)
    else:
        _make_referrals(session, by, now, office, preview, rows, written)
    _keep_duplicates(session, by, now, preview, written)
    return written


def _create_children(
    session: Session, by: Actor, now: datetime, preview: Preview, rows: Sequence[PreviewRow], written: Written
) -> None:
    new = [row for row in rows if row.match.child is None and row.match.same_as is None]
    if not new:
        return
    names = preview.names
    areas, schools = names.ids(names.areas), names.ids(names.schools)
    references = unused_references(session, col(Child.reference), "C", len(new))
    values = [
        _child(row.match.row, reference, now, areas, schools) for row, reference in zip(new, references, strict=True)
    ]
    ids = {reference: child_id for child_id, reference in _insert(session, Child, values, "reference")}
    for row, reference in zip(new, references, strict=True):
        written.children[row.number] = ids[reference]
        written.references[row.number] = reference
        if preview.kind is ImportKind.REFERRALS:
            record(session, by, now, EventKind.CHILD_CREATED, ids[reference])


def _child(row: ListRow | ReferralRow, reference: str, now: datetime, areas: Any, schools: Any) -> dict[str, Any]:
    values = {
        "reference": reference, "name": row.name, "name_key": name_key(row.name), "sound_key": sound_key(row.name),
        "born": row.born, "area_id": areas[row.area], "external_reference": row.external_reference or None,
        "gender": row.gender, "ethnicity": row.ethnicity, "school_id": schools[row.school] if row.school else None,
        "school_name": row.school_name, "created_at": now, "version": 1, "learning_disability": YesNoUnknown.UNKNOWN,
        "looked_after": YesNoUnknown.UNKNOWN, "legal_status": "", "lead_professional_name": "",
    }  # fmt: skip
    if isinstance(row, ListRow):
        values |= {
            "learning_disability": YesNoUnknown(row.learning_disability),
            "looked_after": YesNoUnknown(row.looked_after),
            "legal_status": row.legal_status,
            "lead_professional_name": row.lead_professional,
        }
    return values


def _open_entries(
    session: Session, by: Actor, now: datetime, preview: Preview, rows: Sequence[PreviewRow], written: Written
) -> None:
    """Rate each child as decided before this service, and open the entry with the dates of the file."""
    names, today = preview.names, london_date(now)
    areas, agencies = names.ids(names.areas), names.ids(names.agencies)
    said = f"Decided before this service. Brought in from the list on {day_in_words(today)}."
    lock_homes(session, [area.id for area in names.areas])
    homes = {area.id: homes_of_area(session, area.id, today) for area in names.areas}
    entries, missing = [], set()
    for each in rows:
        row, child = each.match.row, each.match.child
        assert isinstance(row, ListRow)
        child_id, area_id = written.children[each.number], child.area_id if child else areas[row.area]
        entry = _entry(row, child_id, area_id, agencies[row.lead_agency], homes[area_id])
        entry["sort_name"], entry["born"] = (child.name_key, child.born) if child else (name_key(row.name), row.born)
        if entry["next_meeting_id"] is None:
            missing.add(area_id)
        entries.append(entry)
        # One entry in the trail says both: the record, where it is new, and its place on the list.
        record(session, by, now, EventKind.ENTRY_IMPORTED, child_id, rating=row.rating, new_record=child is None)
    opened = _insert(session, ListEntry, entries)
    _rate(session, by, now, said, [entry_id for (entry_id,) in opened])
    written.areas_without_meeting = [area.code for area in names.areas if area.id in missing]


def _entry(row: ListRow, child_id: int, area_id: int, agency_id: int, homes: Homes) -> dict[str, Any]:
    home, rating = homes.of(row.next_review), RiskRating(row.rating)
    status = ExploitationStatus(row.exploitation_status) if row.exploitation_status else None
    return {
        "child_id": child_id, "area_id": area_id, "state": EntryState.LISTED, "listed_on": row.listed_on,
        "before_service": True, "current_rating": rating, "rating_rank": RANK[rating], "provisional": False,
        "rated_on": row.last_rated_on or row.listed_on, "exploitation_status": status, "lead_agency_id": agency_id,
        "next_review_on": row.next_review, "next_meeting_id": home[0] if home else None, "closed_because": "",
        "version": 1,
    }  # fmt: skip


def _rate(session: Session, by: Actor, now: datetime, said: str, entry_ids: Sequence[int]) -> None:
    """Give each child the rating that the new entry states, without sending any of it to the database again."""
    rating: Any = Rating
    told: dict[Any, Any] = {
        rating.rationale: said, rating.provisional: False, rating.before_service: True, rating.recorded_at: now,
        rating.recorded_by_id: by.account_id, rating.next_review_reason: "",
    }  # fmt: skip
    entry: Any = ListEntry
    taken = {
        rating.child_id: entry.child_id, rating.rating: entry.current_rating, rating.decided_on: entry.rated_on,
        rating.exploitation_status: entry.exploitation_status, rating.next_review_on: entry.next_review_on,
    }  # fmt: skip
    values = [*taken.values(), *(literal(value, column.type) for column, value in told.items())]
    columns = [column.key for column in (*taken, *told)]
    for some in in_chunks(entry_ids):
        entries = select(*values).where(entry.id.in_(some)).order_by(entry.id)
        session.execute(insert(Rating).from_select(columns, entries), execution_options=unscoped())


def _make_referrals(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    preview: Preview,
    rows: Sequence[PreviewRow],
    written: Written,
) -> None:
    """Make each referral as received at nine o’clock of its day, to be triaged."""
    agencies = preview.names.ids(preview.names.agencies)
    ids = {written.children[row.number] for row in rows}
    children = {
        child.key: child
        for some in in_chunks(ids)
        for child in session.scalars(select(Child).where(col(Child.id).in_(some)))
    }
    brought_in = []
    for each in rows:
        row, child = each.match.row, children[written.children[each.number]]
        assert isinstance(row, ReferralRow)
        details = ReferralDetails(
            agency_id=agencies[row.agency], referrer_name=row.referrer, reason=row.reason, urgent=row.urgent,
            received_at=min(at_london(row.received_on, _ARRIVES), now),
        )  # fmt: skip
        referral = make_referral(session, by, now, office, child, details)
        written.referrals[each.number] = referral.reference
        brought_in.append(
            {"kind": ImportKind.REFERRALS, "digest": digest(row), "referral_id": referral.key, "imported_at": now}
        )
    _insert(session, ImportedRow, brought_in)


def _remember_said(session: Session, now: datetime, preview: Preview, written: Written) -> None:
    """Keep which child a person said a row means, so that the same file is not asked about again."""
    _insert(
        session,
        ImportedRow,
        [
            {
                "kind": ImportKind.LIST, "digest": digest(row.match.row), "imported_at": now,
                "child_id": written.children[row.number],
            }
            for row in preview.rows
            if row.match.by_person
        ],
    )  # fmt: skip


def _keep_duplicates(session: Session, by: Actor, now: datetime, preview: Preview, written: Written) -> None:
    """Keep each look-alike: with the answer where a person said “different”, else open for the coordinator."""
    kept: dict[tuple[int, int], dict[str, Any]] = {}
    for row in preview.possible_duplicates:
        if row.match.by_person:
            continue
        answer: dict[str, Any] = {"resolution": None, "resolved_at": None, "resolved_by_id": None}
        if row.match.answer == DIFFERENT:
            answer = {"resolution": Resolution.DIFFERENT, "resolved_at": now, "resolved_by_id": by.account_id}
        for candidate in row.match.candidates:
            other = candidate.child.id if candidate.child else written.children[candidate.row or 0]
            pair = max(written.children[row.number], other), min(written.children[row.number], other)
            if pair[0] != pair[1]:
                kept[pair] = {"child_id": pair[0], "other_id": pair[1], "why": candidate.why, "found_at": now, **answer}
    _insert(session, PossibleDuplicate, list(kept.values()))


def _insert(session: Session, model: type[SQLModel], values: list[dict[str, Any]], *told: str) -> Sequence[Any]:
    """Insert the rows, of which each has every column, and give the id of each with what else is to be told."""
    if not values:
        return []
    table = model.__table__  # type: ignore[attr-defined]
    # Asked for something back, SQLAlchemy sends many rows in one statement; else one statement a row.
    return session.execute(insert(table).returning(table.c.id, *(table.c[name] for name in told)), values).all()
