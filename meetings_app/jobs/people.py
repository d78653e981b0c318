"""Whom the clock writes to: people by role and area, and one mail with a link and numbers."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, RoleGrant
from meetings_app.notices.service import queue
from meetings_app.notices.templates import NoticeKind
from meetings_app.permissions import CHAIR_ROLES, Grant, Role
from meetings_app.schedule.invites import values_of
from meetings_app.schedule.models import Meeting, MeetingType
from meetings_app.schedule.office import Office

_AFTERWARDS = (NoticeKind.ACTION_LIST, NoticeKind.MINUTES_TO_ISSUE, NoticeKind.MINUTES_TO_SIGN)
"""What is said of a meeting that was held has no room for its time."""


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in, with the roles they hold now."""

    account: Account
    grants: tuple[Grant, ...]

    def holds(self, roles: Collection[Role], area_id: int | None) -> bool:
        """Say whether the person holds one of the roles in an area, or in the whole county."""
        return any(grant.role in roles and grant.area_id in (None, area_id) for grant in self.grants)


def everybody(session: Session) -> Sequence[Person]:
    """Give everybody who can sign in and holds a role, by account; one statement."""
    rows: Any = session.execute(
        select(Account, col(RoleGrant.role), col(RoleGrant.area_id))
        .join(RoleGrant, col(RoleGrant.account_id) == col(Account.id))
        .where(col(Account.state) == AccountState.ACTIVE, col(RoleGrant.ended_at).is_(None))
        .order_by(col(Account.id), col(RoleGrant.id))
    )
    grants: defaultdict[int, list[Grant]] = defaultdict(list)
    accounts: dict[int, Account] = {}
    for account, role, area_id in rows:
        accounts[account.key] = account
        grants[account.key].append(Grant(role, area_id))
    return [Person(account, tuple(grants[key])) for key, account in accounts.items()]


def tell(
    session: Session, now: datetime, kind: NoticeKind, person: Account, about: str, **values: str | int
) -> bool:  # fmt: skip
    """Write one mail; False where this person was told of `about` before. Numbers, references and a link alone."""
    key = f"{kind.value}:{about}:{person.key}"
    return queue(
        session, now, kind=kind, recipient=person, dedupe_key=key, order_key=f"{kind.value}:{person.key}", values=values
    )


def tell_of_meeting(
    session: Session, now: datetime, office: Office, kind: NoticeKind, meeting: Meeting, person: Account, part: str,
    *, again: int = 0, **values: int,
) -> bool:  # fmt: skip
    """Write one mail about a meeting on its day, once for each person; the link leads to a part of its pages.

    Another `again` lets it be written once more, as for another version of the minutes.
    """
    said, about = values_of(meeting, office), f"{meeting.calendar_uid}:{meeting.held_on}:{again}:{person.key}"
    if kind in _AFTERWARDS:
        said.pop("time_text")
    return queue(
        session, now, kind=kind, recipient=person, dedupe_key=f"{kind.value}:{about}",
        order_key=f"{kind.value}:{meeting.calendar_uid}:{person.key}",
        values={**said, "link": _address(office, meeting, part), **values},
        meeting_reference=meeting.reference,
    )  # fmt: skip


def prepares(person: Person, meeting: Meeting) -> bool:
    """Say whether a person prepares a meeting and issues its minutes: its coordinator; the network chair of theirs."""
    return person.holds(_preparing(meeting), meeting.area_id)


def signs(person: Person, meeting: Meeting) -> bool:
    """Say whether a person signs the minutes of a meeting: the chairs of the area; the network chair of theirs."""
    return person.holds(CHAIR_ROLES if meeting.type is MeetingType.RMM else _preparing(meeting), meeting.area_id)


def _preparing(meeting: Meeting) -> frozenset[Role]:
    return frozenset({Role.COORDINATOR if meeting.type is MeetingType.RMM else Role.NETWORK_CHAIR})


def _address(office: Office, meeting: Meeting, part: str) -> str:
    """Give the address of a part of a meeting: the first page of a network meeting is its agenda."""
    if meeting.type is MeetingType.RMM:
        return f"{office.link(meeting.reference)}{part}"
    return f"{office.network_link(meeting.reference)}{part.removeprefix('/agenda')}"
