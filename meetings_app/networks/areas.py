"""The areas that a subject touches: its own, and those known from records that are the same subject."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.db.session import unscoped
from meetings_app.networks.following import records
from meetings_app.networks.models import Subject, SubjectArea


def own_areas(session: Session, subject_id: int) -> list[int]:
    """Give the areas that somebody entered on the record itself."""
    own = select(col(SubjectArea.area_id)).where(col(SubjectArea.subject_id) == subject_id)
    return sorted(session.scalars(own.where(col(SubjectArea.shared).is_(False))))


def set_areas(session: Session, subject: Subject, area_ids: Collection[int]) -> None:
    """Set the areas that a record says of itself, and tell the records that are the same subject."""
    rows = {
        row.area_id: row
        for row in session.scalars(select(SubjectArea).where(col(SubjectArea.subject_id) == subject.key))
    }
    for area_id, row in rows.items():
        if area_id in area_ids:
            row.shared = False
        elif not row.shared:
            session.delete(row)
    session.add_all(SubjectArea(subject_id=subject.key, area_id=area) for area in set(area_ids) - rows.keys())
    session.flush()
    share_areas(session, subject.key)


def share_areas(session: Session, subject_id: int) -> None:
    """Let the record and all that point to it touch the areas of each, so that who sees one sees all of a subject."""
    ids = records(session, subject_id, everywhere=True)
    statement = select(SubjectArea).where(col(SubjectArea.subject_id).in_(ids))
    rows = session.scalars(statement.execution_options(**unscoped("subject_area"))).all()
    touched = {row.area_id for row in rows if not row.shared}
    for row in rows:
        if row.shared and row.area_id not in touched:
            session.delete(row)
    known = {(row.subject_id, row.area_id) for row in rows}
    session.add_all(
        SubjectArea(subject_id=each, area_id=area, shared=True)
        for each in ids for area in sorted(touched) if (each, area) not in known
    )  # fmt: skip
    session.flush()
