"""Reads for an import: the children whom its rows may mean, in a few queries however long the file is.

A child is once in the county, so these reads look past the person's scope; what a page then shows of a child
elsewhere is the reference and the area alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.matching import name_key, sound_key
from meetings_app.children.models import Child
from meetings_app.children.queries import records_of
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.db.session import unscoped
from meetings_app.imports.models import ImportBatch, ImportedRow, ImportKind, ImportState
from meetings_app.imports.rules import ListRow, ReferralRow
from meetings_app.referrals.models import Referral

AT_ONCE = 5_000
_LOCK = 7_220_301
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class KnownChild:
    """A child of the county, as far as telling who is who needs it."""

    id: int
    reference: str
    name: str
    name_key: str
    born: date
    area_id: int
    external_reference: str | None
    merged_into_id: int | None


@dataclass(slots=True)
class County:
    """The children whom the rows of a file may mean, by what they may be found by."""

    by_id: dict[int, KnownChild] = field(default_factory=dict)
    by_external: dict[str, KnownChild] = field(default_factory=dict)
    by_born: defaultdict[date, list[KnownChild]] = field(default_factory=lambda: defaultdict(list))
    by_sound: defaultdict[str, list[KnownChild]] = field(default_factory=lambda: defaultdict(list))

    def of_name(self, name: str, born: date) -> list[KnownChild]:
        """Give the children written exactly so, records that were merged counted as the one they became."""
        key = name_key(name)
        found = {self.whole(child).id: self.whole(child) for child in self.by_born[born] if child.name_key == key}
        return list(found.values())

    def whole(self, child: KnownChild) -> KnownChild:
        """Give the record that a merged one became, else the child itself."""
        while child.merged_into_id is not None and child.merged_into_id in self.by_id:
            child = self.by_id[child.merged_into_id]
        return child

    def take(self, children: Iterable[KnownChild]) -> list[KnownChild]:
        """Keep children, and give them back."""
        return [self.by_id.setdefault(child.id, child) for child in children]


def read_county(session: Session, rows: Sequence[ListRow] | Sequence[ReferralRow]) -> County:
    """Read the children with the dates of birth and the references of the rows."""
    county = County()
    for child in county.take(_children(session, col(Child.born), {row.born for row in rows})):
        county.by_born[child.born].append(child)
    references = {row.external_reference for row in rows if row.external_reference}
    for child in county.take(_children(session, col(Child.external_reference), references)):
        county.by_external[child.external_reference or ""] = child
    _read_merged(session, county)
    return county


def read_alike(session: Session, county: County, names: Iterable[str]) -> None:
    """Read, into `county`, the children whose names sound like one of `names`."""
    for key, child in _with_sounds(session, {sound_key(name) for name in names}):
        county.by_sound[key].extend(county.take([child]))
    _read_merged(session, county)


def read_by_id(session: Session, county: County, ids: Collection[int]) -> None:
    """Read, into `county`, the children with these ids."""
    county.take(_children(session, col(Child.id), set(ids) - county.by_id.keys()))
    _read_merged(session, county)


def _read_merged(session: Session, county: County) -> None:
    while True:
        wanted = {child.merged_into_id for child in county.by_id.values() if child.merged_into_id is not None}
        if not wanted - county.by_id.keys():
            return
        county.take(_children(session, col(Child.id), wanted - county.by_id.keys()))


_COLUMNS: tuple[Any, ...] = (
    col(Child.id), col(Child.reference), col(Child.name), col(Child.name_key), col(Child.born),
    col(Child.area_id), col(Child.external_reference), col(Child.merged_into_id),
)  # fmt: skip


def _children(session: Session, column: Any, values: Collection[Any]) -> list[KnownChild]:
    found = []
    for some in in_chunks(values):
        statement = select(*_COLUMNS).where(column.in_(some)).order_by(col(Child.id))
        found += [KnownChild(*row) for row in session.execute(statement.execution_options(**unscoped()))]
    return found


def _with_sounds(session: Session, keys: Collection[str]) -> list[tuple[str, KnownChild]]:
    found = []
    for some in in_chunks(keys):
        statement = (
            select(col(Child.sound_key), *_COLUMNS).where(col(Child.sound_key).in_(some)).order_by(col(Child.id))
        )
        rows = session.execute(statement.execution_options(**unscoped()))
        found += [(row[0], KnownChild(*row[1:])) for row in rows]
    return found


def in_chunks(values: Collection[_Value]) -> Iterator[list[_Value]]:
    """Give the values in pieces that one statement can carry on both databases."""
    ordered = list(values)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def live_entries(session: Session, child_ids: Collection[int]) -> dict[int, Any]:
    """Give what the list and the record say of these children who are on the list, by the child's id."""
    found: dict[int, Any] = {}
    for some in in_chunks(child_ids):
        rows: Any = session.execute(
            select(
                col(ListEntry.child_id), col(ListEntry.area_id), col(ListEntry.current_rating),
                col(ListEntry.exploitation_status), col(ListEntry.listed_on), col(ListEntry.rated_on),
                col(ListEntry.lead_agency_id), col(ListEntry.next_review_on), col(Child.name), col(Child.born),
                col(Child.external_reference), col(Child.gender), col(Child.ethnicity), col(Child.school_name),
                col(Child.school_id), col(Child.lead_professional_name), col(Child.lead_professional_id),
                col(Child.learning_disability), col(Child.looked_after), col(Child.legal_status),
            )
            .join(Child, col(Child.id) == col(ListEntry.child_id))
            .where(col(ListEntry.child_id).in_(some), is_live())
            .execution_options(**unscoped())
        )  # fmt: skip
        found.update({row.child_id: row for row in rows})
    return found


def ended_stays(session: Session, child_ids: Collection[int]) -> dict[int, list[Any]]:
    """Give when stays on the list that have ended began and ended, by the child's id, the last ended first.

    A stay of a record that was merged into the child's counts as the child's.
    """
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for some in in_chunks(child_ids):
        records = records_of(some)
        rows: Any = session.execute(
            select(records.c.whole, col(ListEntry.listed_on), col(ListEntry.closed_on))
            .join(records, records.c.id == col(ListEntry.child_id))
            .where(col(ListEntry.closed_on).is_not(None))
            .order_by(col(ListEntry.closed_on).desc(), col(ListEntry.id).desc())
            .execution_options(**unscoped())
        )
        for row in rows:
            found[row.whole].append(row)
    return found


def rows_brought_in(session: Session, kind: ImportKind, digests: Collection[str]) -> dict[str, Any]:
    """Give the rows already brought in, by digest: the child, and the referral's id, reference and reason."""
    found: dict[str, Any] = {}
    for some in in_chunks(digests):
        rows: Any = session.execute(
            select(
                col(ImportedRow.digest), col(ImportedRow.child_id), col(ImportedRow.referral_id),
                col(Referral.reference), col(Referral.reason), col(Referral.child_id).label("referred_id"),
            )
            .outerjoin(Referral, col(Referral.id) == col(ImportedRow.referral_id))
            .where(col(ImportedRow.kind) == kind, col(ImportedRow.digest).in_(some))
            .execution_options(**unscoped())
        )  # fmt: skip
        found.update({row.digest: row for row in rows})
    return found


def one_import_at_a_time(session: Session) -> None:
    """Wait for any other import, so that two of one file cannot both find a child missing. SQLite waits anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def find_batch(session: Session, reference: str) -> ImportBatch | None:
    """Give the person's own upload with this reference, or None."""
    return session.scalars(select(ImportBatch).where(col(ImportBatch.reference) == reference.upper())).first()


def waiting_uploads(session: Session) -> list[Any]:
    """Give reference, kind and time of the person's own uploads that wait for a yes or no, newest first."""
    rows = session.execute(
        select(col(ImportBatch.reference), col(ImportBatch.kind), col(ImportBatch.uploaded_at))
        .where(col(ImportBatch.state) == ImportState.PREVIEWED)
        .order_by(col(ImportBatch.id).desc())
    )
    return list(rows)
