"""Reads of meetings: by reference, in order, and who belongs to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, Agency, Area, RoleGrant
from meetings_app.accounts.queries import actors_of
from meetings_app.db.columns import columns_of
from meetings_app.partnership import MeetingDefinition
from meetings_app.permissions import Permission, Role
from meetings_app.schedule.models import Meeting, MeetingMember, MeetingState, MeetingType, Reply, ReplySource

AHEAD = (MeetingState.PLANNED, MeetingState.ANNOUNCED, MeetingState.PUBLISHED, MeetingState.IN_PROGRESS)
"""States of a meeting that is still to be held."""


@dataclass(frozen=True)
class MeetingFacts:
    """One meeting as lists show it. `date` and `start_time` are wall clock in Europe/London."""

    id: int
    reference: str
    type: MeetingType
    area_code: str | None
    area_name: str | None
    planned: date
    date: date
    start_time: time
    minutes: int
    state: MeetingState
    moved_because: str


@dataclass(frozen=True)
class Member:
    """A person who belongs to a meeting; `removed_at` is set when the invite was taken back."""

    account_id: int
    name: str
    agency_id: int
    agency: str
    reply: Reply
    removed_at: datetime | None
    reply_source: ReplySource
    replied_at: datetime | None
    deputy: str


# Built once, for every page of a meeting sends one of them.
_BY_REFERENCE: Any = select(Meeting).where(col(Meeting.reference) == bindparam("reference"))
_ROW_BY_REFERENCE: Any = select(*columns_of(Meeting), col(Meeting.id).label("key")).where(
    col(Meeting.reference) == bindparam("reference")
)


def find_meeting(session: Session, reference: str) -> Meeting | None:
    """Give a meeting by its reference, where the person may see it."""
    return session.scalars(_BY_REFERENCE, {"reference": reference}).first()


def read_meeting(session: Session, reference: str) -> Meeting | None:
    """Give a meeting as a row with its columns: for a page that changes nothing, at a quarter of what it costs."""
    row: Any = session.execute(_ROW_BY_REFERENCE, {"reference": reference}).first()
    return cast("Meeting | None", row)


def upcoming(session: Session, area_id: int | None, kind: MeetingType = MeetingType.RMM) -> list[Meeting]:
    """Give the meetings of an area that are still to be held, by date; `area_id` None with network meetings."""
    statement = (
        select(Meeting)
        .where(_of(area_id, kind), col(Meeting.state).in_(AHEAD))
        .order_by(col(Meeting.held_on), col(Meeting.id))
    )
    return list(session.scalars(statement))


def following_meeting(session: Session, meeting: Meeting) -> Meeting | None:
    """Give the next meeting of the same area and type that is not cancelled, or None."""
    later = or_(
        col(Meeting.held_on) > meeting.held_on,
        and_(col(Meeting.held_on) == meeting.held_on, col(Meeting.id) > meeting.key),
    )
    return session.scalars(
        _neighbours(meeting).where(later).order_by(col(Meeting.held_on), col(Meeting.id)).limit(1)
    ).first()


def previous_meeting(session: Session, meeting: Meeting) -> Meeting | None:
    """Give the meeting of the same area and type before this one that is not cancelled, or None."""
    earlier = or_(
        col(Meeting.held_on) < meeting.held_on,
        and_(col(Meeting.held_on) == meeting.held_on, col(Meeting.id) < meeting.key),
    )
    return session.scalars(
        _neighbours(meeting).where(earlier).order_by(col(Meeting.held_on).desc(), col(Meeting.id).desc()).limit(1)
    ).first()


def _neighbours(meeting: Meeting) -> Select[Any]:
    return select(Meeting).where(
        _of(meeting.area_id, meeting.type), col(Meeting.state) != MeetingState.CANCELLED, col(Meeting.id) != meeting.key
    )


def _of(area_id: int | None, kind: MeetingType) -> Any:
    area = col(Meeting.area_id).is_(None) if area_id is None else col(Meeting.area_id) == area_id
    return and_(col(Meeting.type) == kind, area)


def meetings_ahead(session: Session) -> list[MeetingFacts]:
    """Give what is still to be held and may be seen, soonest first: whatever the series have made, a year or so."""
    statement = _facts().where(col(Meeting.state).in_(AHEAD)).order_by(col(Meeting.held_on), col(Meeting.reference))
    return _as_facts(session, statement)


def meetings_past(
    session: Session, limit: int, *, area: str = "", before: tuple[date, str] | None = None
) -> list[MeetingFacts]:
    """Give the meetings that were held or cancelled and may be seen, latest first, those of an `area` by its code.

    `before` is the date and the reference of a meeting: what comes after it in this order.
    """
    statement = _facts().where(col(Meeting.state).not_in(AHEAD))
    if area:
        statement = statement.where(col(Area.code) == area)
    if before is not None:
        held_on, reference = before
        same_day = and_(col(Meeting.held_on) == held_on, col(Meeting.reference) < reference)
        statement = statement.where(or_(col(Meeting.held_on) < held_on, same_day))
    return _as_facts(
        session, statement.order_by(col(Meeting.held_on).desc(), col(Meeting.reference).desc()).limit(limit)
    )


def _facts() -> Any:
    statement: Any = select(
        col(Meeting.id), col(Meeting.reference), col(Meeting.type), col(Meeting.planned), col(Meeting.held_on),
        col(Meeting.start_time), col(Meeting.minutes), col(Meeting.state), col(Meeting.moved_because),
        col(Area.code).label("area_code"), col(Area.name).label("area_name"),
    )  # fmt: skip
    return statement.outerjoin(Area, col(Area.id) == col(Meeting.area_id))


def _as_facts(session: Session, statement: Any) -> list[MeetingFacts]:
    return [
        MeetingFacts(
            id=row.id, reference=row.reference, type=row.type, area_code=row.area_code, area_name=row.area_name,
            planned=row.planned, date=row.held_on, start_time=row.start_time, minutes=row.minutes, state=row.state,
            moved_because=row.moved_because,
        )
        for row in session.execute(statement)
    ]  # fmt: skip


def members(session: Session, meeting_id: int) -> list[Member]:
    """Give everybody who is or was invited to a meeting, by agency and name."""
    deputy = aliased(Account)
    statement: Any = (
        select(
            col(MeetingMember.account_id), col(Account.name), col(Account.agency_id), col(Agency.name).label("agency"),
            col(MeetingMember.reply), col(MeetingMember.removed_at), col(MeetingMember.reply_source),
            col(MeetingMember.replied_at),
            func.coalesce(col(deputy.name), col(MeetingMember.deputy_name)).label("deputy"),
        )
        .join(Account, col(Account.id) == col(MeetingMember.account_id))
        .outerjoin(deputy, col(deputy.id) == col(MeetingMember.deputy_id))
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .where(col(MeetingMember.meeting_id) == meeting_id)
        .order_by(col(Agency.id), col(Account.name), col(Account.id))
    )  # fmt: skip
    return [Member(*row) for row in session.execute(statement)]


def invited(session: Session, meeting_id: int) -> list[Account]:
    """Give the people who are invited to a meeting now, by id."""
    statement = (
        select(Account)
        .join(MeetingMember, col(MeetingMember.account_id) == col(Account.id))
        .where(col(MeetingMember.meeting_id) == meeting_id, col(MeetingMember.removed_at).is_(None))
        .order_by(col(Account.id))
    )
    return list(session.scalars(statement))


def invited_who_may(session: Session, meeting: Meeting, permission: Permission) -> list[Account]:
    """Give those invited who may do something at a meeting: whoever is mailed a link may open what it leads to.

    Whoever has not set their account up yet is one of them: they do so first.
    """
    people = invited(session, meeting.key)
    actors = actors_of(session, [each.key for each in people], set_up=False)
    able = {by.account_id for by in actors if by.may(permission, meeting.area_id)}
    return [each for each in people if each.key in able]


def invited_to(session: Session, meeting_ids: Collection[int]) -> tuple[int, int]:
    """Give how many places at some meetings are invited now, and how many people hold them."""
    counted = select(func.count(), func.count(func.distinct(col(MeetingMember.account_id)))).where(
        col(MeetingMember.meeting_id).in_(meeting_ids), col(MeetingMember.removed_at).is_(None)
    )
    places, people = session.execute(counted).one()
    return places, people


def entitled(session: Session, definition: MeetingDefinition, area_id: int | None) -> list[Account]:
    """Give the people who belong to meetings of this type by their roles, by id.

    That is whoever holds one of the `member_roles` in the area or the county; to a network meeting also the
    representatives of its `member_agencies`. Somebody who has not accepted the invitation yet belongs to it.
    """
    roles = [Role(role) for role in definition.member_roles]
    held: list[ColumnElement[bool]] = [col(RoleGrant.ended_at).is_(None)]
    if area_id is not None:
        held.append(or_(col(RoleGrant.area_id) == area_id, col(RoleGrant.area_id).is_(None)))
    by_role = select(col(RoleGrant.account_id)).where(*held, col(RoleGrant.role).in_(roles))
    representatives = select(col(RoleGrant.account_id)).where(*held, col(RoleGrant.role) == Role.REPRESENTATIVE)
    agencies = select(col(Agency.id)).where(col(Agency.code).in_(definition.member_agencies))
    statement = (
        select(Account)
        .where(
            col(Account.state) != AccountState.DISABLED,
            or_(
                col(Account.id).in_(by_role),
                and_(col(Account.agency_id).in_(agencies), col(Account.id).in_(representatives)),
            ),
        )
        .order_by(col(Account.id))
    )
    return list(session.scalars(statement))


def due_to_be_announced(session: Session, kind: MeetingType, until: date, today: date) -> Sequence[Meeting]:
    """Give the planned meetings from `today` to `until`, which are announced now, by date."""
    return session.scalars(
        select(Meeting)
        .where(
            col(Meeting.type) == kind,
            col(Meeting.state) == MeetingState.PLANNED,
            col(Meeting.held_on) >= today,
            col(Meeting.held_on) <= until,
        )
        .order_by(col(Meeting.held_on), col(Meeting.id))
    ).all()


@dataclass(frozen=True)
class Person:
    """Somebody who could be invited."""

    id: int
    name: str
    agency: str


def everybody(session: Session) -> list[Person]:
    """Give everybody with an account that is not disabled, by agency and name."""
    statement: Any = (
        select(col(Account.id), col(Account.name), col(Agency.name).label("agency"))
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .where(col(Account.state) != AccountState.DISABLED)
        .order_by(col(Agency.id), col(Account.name), col(Account.id))
    )
    return [Person(row.id, row.name, row.agency) for row in session.execute(statement)]
