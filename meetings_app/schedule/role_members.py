"""Who is invited follows the roles: a chair or representative who changes is taken off, and the new one is invited."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, RoleGrant
from meetings_app.partnership import MeetingDefinition
from meetings_app.permissions import Actor, Role
from meetings_app.schedule import queries
from meetings_app.schedule.membership import add_member, remove_member
from meetings_app.schedule.models import Meeting, MeetingMember
from meetings_app.schedule.office import Office


def follow_roles(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, of: Collection[int] | None = None
) -> int:
    """Invite who came into a member's role, take off who left it since; gives how many people that were (our default).

    With `of`, the ids of accounts, of those people alone.

    Each is told alone. Who was removed by hand stays removed until they are given a role anew, and who was invited by
    hand, or as a deputy, stays invited while their account does.
    """
    definition = office.definition(meeting.type)
    members = queries.entitled(session, definition, meeting.area_id)
    entitled = {person.key: person for person in members if of is None or person.key in of}
    places = {place.account_id: place for place in _places(session, meeting) if of is None or place.account_id in of}
    changed = 0
    for key, person in entitled.items():
        place = places.get(key)
        if place is None or _came_back(session, definition, meeting, place):
            add_member(session, by, now, office, meeting, person)
            changed += 1
    for key, place in places.items():
        if key not in entitled and place.removed_at is None and _has_left(session, definition, meeting, place):
            remove_member(session, by, now, office, meeting, session.get_one(Account, key))
            changed += 1
    return changed


def _places(session: Session, meeting: Meeting) -> Sequence[MeetingMember]:
    statement = select(MeetingMember).where(col(MeetingMember.meeting_id) == meeting.key)
    return session.scalars(statement.order_by(col(MeetingMember.id))).all()


def _came_back(session: Session, definition: MeetingDefinition, meeting: Meeting, place: MeetingMember) -> bool:
    if place.removed_at is None:
        return False
    return _any_grant(session, definition, meeting, place, col(RoleGrant.granted_at) > place.removed_at)


def _has_left(session: Session, definition: MeetingDefinition, meeting: Meeting, place: MeetingMember) -> bool:
    if session.get_one(Account, place.account_id).state is AccountState.DISABLED:
        return True
    since = place.invited_at or meeting.announced_at
    return since is not None and _any_grant(session, definition, meeting, place, col(RoleGrant.ended_at) >= since)


def _any_grant(
    session: Session, definition: MeetingDefinition, meeting: Meeting, place: MeetingMember, when: ColumnElement[bool]
) -> bool:
    roles = [*(Role(role) for role in definition.member_roles), Role.REPRESENTATIVE]
    statement: Any = select(col(RoleGrant.id)).where(
        col(RoleGrant.account_id) == place.account_id, col(RoleGrant.role).in_(roles), when
    )
    if meeting.area_id is not None:
        statement = statement.where(or_(col(RoleGrant.area_id) == meeting.area_id, col(RoleGrant.area_id).is_(None)))
    return session.scalars(statement.limit(1)).first() is not None
