"""Mail to the owners of actions of network meetings: numbers and a link, and nothing of what an action is about."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState
from meetings_app.actions.filters import WEEK
from meetings_app.actions.models import ActionState
from meetings_app.clock import london_date
from meetings_app.meetings.network_models import NetworkAction, NetworkItem
from meetings_app.notices.service import queue
from meetings_app.notices.templates import NoticeKind
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office


def tell_owners(session: Session, now: datetime, office: Office, meeting: Meeting) -> int:
    """Write one mail to each person to whom the meeting that closes gave actions; gives how many were written.

    Asked within `whole_agenda`: whoever closes the meeting need not see every owner’s actions.
    """
    given = Counter(
        session.scalars(
            select(col(NetworkAction.owner_id))
            .join(NetworkItem, col(NetworkItem.id) == col(NetworkAction.item_id))
            .where(col(NetworkItem.meeting_id) == meeting.key, col(NetworkAction.state) == ActionState.OPEN)
        )
    )
    open_ones = open_actions(session)
    return sum(
        _tell(session, now, office, NoticeKind.ACTION_GIVEN, session.get_one(Account, owner), meeting.calendar_uid,
              counted(_of(open_ones, owner), london_date(now)) | {"new_count": number})
        for owner, number in sorted(given.items())
    )  # fmt: skip


def send_digests(session: Session, now: datetime, office: Office, week: str) -> int:
    """Tell each owner once a week how many actions are new, due this week and overdue; nobody of none.

    Gives how many were told.
    """
    today, actions, mails = london_date(now), open_actions(session), 0
    people = session.scalars(
        select(Account)
        .where(col(Account.id).in_({action.owner_id for action in actions}), col(Account.state) == AccountState.ACTIVE)
        .order_by(col(Account.id))
    ).all()
    for person in people:
        own = _of(actions, person.key)
        counts = counted(own, today) | {"new_count": sum((now - action.created_at).days < 7 for action in own)}
        if counts["due_this_week_count"] or counts["overdue_count"]:
            mails += _tell(session, now, office, NoticeKind.ACTIONS_TO_DO, person, week, counts)
    return mails


def open_actions(session: Session) -> Sequence[Any]:
    """Give owner and date of every open action, as far as mails count them."""
    return session.execute(
        select(col(NetworkAction.owner_id), col(NetworkAction.due_on), col(NetworkAction.created_at)).where(
            col(NetworkAction.state) == ActionState.OPEN
        )
    ).all()


def counted(actions: Iterable[Any], today: date) -> dict[str, int]:
    """Count what is due this week and what is overdue."""
    dates = [action.due_on for action in actions]
    return {
        "due_this_week_count": sum(today <= due_on < today + WEEK for due_on in dates),
        "overdue_count": sum(due_on < today for due_on in dates),
    }


def _of(actions: Iterable[Any], owner_id: int) -> list[Any]:
    return [action for action in actions if action.owner_id == owner_id]


def _tell(
    session: Session, now: datetime, office: Office, kind: NoticeKind, person: Account, about: str,
    counts: dict[str, int],
) -> bool:  # fmt: skip
    return queue(
        session, now, kind=kind, recipient=person, dedupe_key=f"network-actions:{about}:{person.key}",
        order_key=f"network-actions:{person.key}", values={**counts, "link": f"{office.base_url}/networks/actions"},
    )  # fmt: skip
