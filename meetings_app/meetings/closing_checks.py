"""What is pointed out before a meeting is closed: text that nobody saved, and what the chairs may want to see to first.

Only unsaved text of the decision keeps the meeting open, for closing would leave it out of the record. The rest is
listed with its item, and the meeting may be closed all the same (our default).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts import queries as people
from meetings_app.accounts.models import Account
from meetings_app.meetings.bringing_up import openings_of, time_at
from meetings_app.meetings.item_queries import items_of
from meetings_app.meetings.item_scope import beside_items
from meetings_app.meetings.live_models import LiveField, SetAside
from meetings_app.meetings.models import PASSED_ON, AgendaItem, ItemDecision, Outcome
from meetings_app.meetings.presence import rooms_of
from meetings_app.preparing.models import InformationSent
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office

_POLICE = "police"
_OWN = "@"
"""Stands in the name of a field that is one person’s alone: an action or a view that is not added yet."""


@dataclass(frozen=True)
class Check:
    """Something to see to on one item, in words of its own; `part` is where on the page of the item it stands."""

    number: str
    why: str
    part: str = ""


@dataclass(frozen=True)
class Pointed:
    """Something to see to, with the numbers of all the items on which it is so."""

    why: str
    numbers: tuple[str, ...]
    part: str = ""


_UNSAVED: Any = (
    select(col(AgendaItem.id), col(AgendaItem.number), col(LiveField.name), col(Account.name).label("by"))
    .join(LiveField, col(LiveField.item_id) == col(AgendaItem.id))
    .outerjoin(Account, col(Account.id) == col(LiveField.changed_by_id))
    .where(
        col(AgendaItem.meeting_id) == bindparam("meeting"), col(LiveField.recorded).is_(False),
        (col(LiveField.value) != "") | col(LiveField.name).not_like(f"%{_OWN}%"),
    )
    .order_by(col(AgendaItem.place), col(LiveField.number))
)  # fmt: skip


def unsaved_items(session: Session, meeting: Meeting) -> set[int]:
    """Give the items on which something is typed for the decision that no button has saved."""
    rows = session.execute(_UNSAVED, {"meeting": meeting.key})
    return {row.id for row in rows if _OWN not in row.name}


def checks_before_closing(session: Session, office: Office, meeting: Meeting, now: datetime) -> list[Pointed]:
    """Give what is pointed out of the items that the reader may see, each with its items in their order."""
    items = items_of(session, meeting.key)
    with beside_items(session, meeting):
        found = [
            *_not_added(session, meeting), *_two_texts(session, items), *_without_police(session, meeting, items),
            *_without_information(session, office, meeting, items), *_over_time(session, meeting, items, now),
        ]  # fmt: skip
    order = {item.number: place for place, item in enumerate(items)}
    by_reason: dict[tuple[str, str], set[str]] = {}
    for check in found:
        if check.number in order:
            by_reason.setdefault((check.why, check.part), set()).add(check.number)
    return [
        Pointed(why, tuple(sorted(numbers, key=order.__getitem__)), part) for (why, part), numbers in by_reason.items()
    ]


def _not_added(session: Session, meeting: Meeting) -> list[Check]:
    rows = session.execute(_UNSAVED, {"meeting": meeting.key})
    typed = dict.fromkeys((row.number, row.by or "somebody") for row in rows if _OWN in row.name)
    return [Check(number, f"An action or a view that {by} typed is not added", "not-added") for number, by in typed]


def _two_texts(session: Session, items: Sequence[AgendaItem]) -> list[Check]:
    numbers = {item.key: item.number for item in items}
    rows = session.scalars(select(col(SetAside.item_id)).where(col(SetAside.item_id).in_(numbers)).distinct())
    return [
        Check(numbers[item_id], "A text that two people wrote at once is set aside", "set-aside") for item_id in rows
    ]


def _over_time(session: Session, meeting: Meeting, items: Sequence[AgendaItem], now: datetime) -> list[Check]:
    """Items at which the room was longer than the agenda planned."""
    openings = openings_of(session, meeting.key)
    return [
        Check(item.number, "Took longer than planned", "time")
        for item in items
        if time_at(openings, meeting, item, now).over
    ]


def _without_police(session: Session, meeting: Meeting, items: Sequence[AgendaItem]) -> list[Check]:
    """A rating of high without the police in the room: intelligence and disruption are theirs to answer for."""
    high = set(
        session.scalars(
            select(col(ItemDecision.item_id)).where(
                col(ItemDecision.item_id).in_([item.key for item in items]),
                col(ItemDecision.outcome) == Outcome.RATED, col(ItemDecision.rating) == RiskRating.HIGH,
            )
        )
    )  # fmt: skip
    rooms = rooms_of(session, meeting, items)
    return [
        Check(item.number, "Rated high, and the police are not in the room")
        for item in items
        if item.key in high and _POLICE not in rooms[item.key].agencies
    ]


def _without_information(
    session: Session, office: Office, meeting: Meeting, items: Sequence[AgendaItem]
) -> list[Check]:
    """Agencies expected at the meeting of which nothing was sent about a child it heard: those that were asked."""
    names = {agency.code: (agency.id, agency.name) for agency in people.agencies(session)}
    asked = [names[code] for code in office.partnership.rmm.expected_agencies if code in names]
    rows = session.execute(
        select(col(InformationSent.child_id), col(InformationSent.agency_id))
        .where(col(InformationSent.meeting_id) == meeting.key)
        .distinct()
    )
    sent = {(row.child_id, row.agency_id) for row in rows}
    passed_on = set(
        session.scalars(
            select(col(ItemDecision.item_id)).where(
                col(ItemDecision.item_id).in_([item.key for item in items]), col(ItemDecision.outcome).in_(PASSED_ON)
            )
        )
    )
    return [
        Check(item.number, f"{name} sent no information")
        for item in items
        if item.key not in passed_on
        for agency_id, name in asked
        if (item.child_id, agency_id) not in sent
    ]
