"""Reads of what agencies say before a meeting, narrowed to the reader."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency
from meetings_app.children.models import Child
from meetings_app.preparing.models import (
    AgencyAttendance,
    Answer,
    AttendanceDraft,
    Attending,
    Chase,
    InformationDraft,
    InformationSent,
)
from meetings_app.preparing.rules import ATTENDING_SAID, Attendance, Information, holds
from meetings_app.schedule.models import Meeting, MeetingState


@dataclass(frozen=True)
class SentShown:
    """One version of what an agency sent about a child, as pages and documents print it."""

    child_id: int
    agency_id: int
    agency: str
    number: int
    answer: Answer
    facts: str
    opinion: str
    source: str
    reason: str
    sent_at: datetime
    by: str
    late: bool
    meant_for: str = ""
    """For what it was sent, where that was not this meeting and this record."""

    @property
    def information(self) -> Information:
        """The words alone."""
        return Information(self.answer, self.facts, self.opinion, self.source, self.reason)


@dataclass(frozen=True)
class AttendanceShown:
    """One version of how an agency attends, as pages and documents print it."""

    agency_id: int
    number: int
    attending: Attending
    deputy_id: int | None
    deputy: str
    update_text: str
    said_at: datetime
    by: str
    late: bool
    meant_for: str = ""
    """For which meeting it was said, where that was not this one."""
    sequence: int | None = None
    """The number of the change of the meeting's date or time after which it was said; None where it was not kept."""
    by_invite: bool = False
    """Whether it was answered to an invite, and not said on the agency's page."""

    @property
    def words(self) -> str:
        """How the agency attends, in words."""
        return ATTENDING_SAID[self.attending]

    @property
    def attendance(self) -> Attendance:
        """The words alone."""
        return Attendance(self.attending, self.deputy_id, self.update_text)


_by, _deputy = sa.orm.aliased(Account), sa.orm.aliased(Account)


def drafts_of(session: Session, meeting_id: int, agency_id: int) -> dict[int, InformationDraft]:
    """Give what the people of one agency are writing for a meeting, by child."""
    found = session.scalars(
        select(InformationDraft).where(
            col(InformationDraft.meeting_id) == meeting_id, col(InformationDraft.agency_id) == agency_id
        )
    )
    return {draft.child_id: draft for draft in found}


def attendance_draft_of(session: Session, meeting_id: int, agency_id: int) -> AttendanceDraft | None:
    """Give how the people of one agency are about to say that they attend, or None."""
    return session.scalars(
        select(AttendanceDraft).where(
            col(AttendanceDraft.meeting_id) == meeting_id, col(AttendanceDraft.agency_id) == agency_id
        )
    ).first()


def sent_for(
    session: Session, meeting_id: int, *, agency_id: int | None = None, child_id: int | None = None
) -> Mapping[int, Mapping[int, Sequence[SentShown]]]:
    """Give every version of what was sent for a meeting, oldest first, by child and then by agency."""
    wanted = [col(InformationSent.meeting_id) == meeting_id]
    if agency_id is not None:
        wanted.append(col(InformationSent.agency_id) == agency_id)
    if child_id is not None:
        wanted.append(col(InformationSent.child_id) == child_id)
    rows: Any = session.execute(
        _sent()
        .where(*wanted)
        .order_by(col(InformationSent.child_id), col(Agency.id), col(InformationSent.number))
    )  # fmt: skip
    found: dict[int, dict[int, list[SentShown]]] = {}
    for row in rows:
        shown = SentShown(*row)
        found.setdefault(shown.child_id, {}).setdefault(shown.agency_id, []).append(shown)
    return found


def sent_elsewhere(
    session: Session, meeting: Meeting, child_ids: Collection[int], agency_id: int | None = None
) -> dict[int, list[SentShown]]:
    """Give by child what was sent about the child and no meeting has heard under this record, oldest first.

    That is what was sent for a meeting that was cancelled, and what was sent about another record that has been found
    to be this child. Of each the last version.
    """
    ids, cancelled = sorted(child_ids), col(Meeting.state) == MeetingState.CANCELLED
    pointing = col(Child.merged_into_id).in_(ids)
    wanted = [col(InformationSent.agency_id) == agency_id] if agency_id is not None else []
    rows: Any = session.execute(
        _sent()
        .add_columns(col(Meeting.reference), col(Meeting.id), col(Child.reference), col(Child.merged_into_id))
        .join(Meeting, col(Meeting.id) == col(InformationSent.meeting_id))
        .join(Child, col(Child.id) == col(InformationSent.child_id))
        .where(
            sa.or_(
                sa.and_(col(Child.id).in_(ids), cancelled),
                sa.and_(pointing, sa.or_(cancelled, col(Meeting.id) == meeting.key)),
            ),
            *wanted,
        )
        .order_by(col(InformationSent.sent_at), col(InformationSent.id))
    )  # fmt: skip
    last: dict[tuple[int, int, int], tuple[int, SentShown]] = {}
    for *said, held, meeting_id, record, kept in rows:
        shown = SentShown(*said)
        moved = kept in child_ids
        where = f"record {record}, which is this child" if moved else f"{held}, which was not held"
        last[meeting_id, shown.child_id, shown.agency_id] = (
            kept if moved else shown.child_id, replace(shown, meant_for=where)
        )  # fmt: skip
    found: dict[int, list[SentShown]] = {}
    for child_id, shown in last.values():
        found.setdefault(child_id, []).append(shown)
    return found


def _sent() -> Any:
    """Give the statement of versions sent, with the columns in the order of the fields of `SentShown`."""
    statement: Any = select(
        col(InformationSent.child_id), col(Agency.id), col(Agency.name), col(InformationSent.number),
        col(InformationSent.answer), col(InformationSent.facts), col(InformationSent.opinion),
        col(InformationSent.source), col(InformationSent.reason), col(InformationSent.sent_at),
        sa.func.coalesce(col(Account.name), ""), col(InformationSent.late),
    )  # fmt: skip
    return statement.join(Agency, col(Agency.id) == col(InformationSent.agency_id)).outerjoin(
        Account, col(Account.id) == col(InformationSent.sent_by_id)
    )


def attendance_for(session: Session, meeting_id: int) -> Mapping[int, Sequence[AttendanceShown]]:
    """Give every version of how each agency said that it attends a meeting, oldest first, by agency."""
    return attendances(session, [meeting_id]).get(meeting_id, {})


def attendances(
    session: Session, meeting_ids: Collection[int]
) -> Mapping[int, Mapping[int, Sequence[AttendanceShown]]]:
    """Give the same for several meetings, by meeting."""
    rows: Any = session.execute(
        select(
            col(AgencyAttendance.meeting_id), col(AgencyAttendance.agency_id), col(AgencyAttendance.number),
            col(AgencyAttendance.attending), col(AgencyAttendance.deputy_id), sa.func.coalesce(col(_deputy.name), ""),
            col(AgencyAttendance.update_text), col(AgencyAttendance.said_at), sa.func.coalesce(col(_by.name), ""),
            col(AgencyAttendance.late), col(AgencyAttendance.sequence),
        )
        .outerjoin(_deputy, col(_deputy.id) == col(AgencyAttendance.deputy_id))
        .outerjoin(_by, col(_by.id) == col(AgencyAttendance.said_by_id))
        .where(col(AgencyAttendance.meeting_id).in_(meeting_ids))
        .order_by(col(AgencyAttendance.agency_id), col(AgencyAttendance.number))
    )  # fmt: skip
    found: dict[int, dict[int, list[AttendanceShown]]] = {}
    for meeting_id, *said, sequence in rows:
        shown = replace(AttendanceShown(*said), sequence=sequence)
        found.setdefault(meeting_id, {}).setdefault(shown.agency_id, []).append(shown)
    return found


def information_about(session: Session, meeting_id: int, child_id: int) -> list[SentShown]:
    """Give what the agencies sent about a child: of each what held when the meeting began, then what came late."""
    return what_held(sent_for(session, meeting_id, child_id=child_id).get(child_id, {}))


def what_held(by_agency: Mapping[int, Sequence[SentShown]]) -> list[SentShown]:
    """Give of every version sent about one child what held when the meeting began, then what came late."""
    found: list[SentShown] = []
    for versions in by_agency.values():
        in_time, late = holds(versions)
        found += [*([in_time] if in_time else []), *late]
    return found


def chased_on(session: Session, meeting_id: int) -> dict[int, date]:
    """Give the last day on which each agency was asked again, by agency."""
    rows = session.execute(
        select(col(Chase.agency_id), sa.func.max(col(Chase.chased_on)))
        .where(col(Chase.meeting_id) == meeting_id)
        .group_by(col(Chase.agency_id))
    )
    return {row[0]: row[1] for row in rows}
