"""The network meeting that hears a subject next. It is worked out whenever it is asked, so a meeting that is moved or
cancelled takes no subject with it: the next one that stands hears it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.db.session import unscoped
from meetings_app.schedule.models import Meeting, MeetingType
from meetings_app.schedule.queries import AHEAD
from meetings_app.schedule.rules import home


@dataclass(frozen=True)
class Home:
    """A network meeting that is still to be held: its reference and its day."""

    reference: str
    held_on: date


def meetings_ahead(session: Session, today: date) -> list[Home]:
    """Give the network meetings ahead, by day. That they stand is no secret, so it is read past the scope."""
    rows = session.execute(
        select(col(Meeting.reference), col(Meeting.held_on))
        .where(col(Meeting.type) == MeetingType.NETWORK, col(Meeting.state).in_(AHEAD), col(Meeting.held_on) >= today)
        .order_by(col(Meeting.held_on), col(Meeting.id))
        .execution_options(**unscoped())
    )
    return [Home(row.reference, row.held_on) for row in rows]


def home_of(review_on: date | None, ahead: Sequence[Home], today: date) -> Home | None:
    """Give the meeting that hears a review: the last one on or before its day, else the next; None where none stands.

    What has no date is heard by the next one.
    """
    found = home(review_on or today, [(each.held_on, each.reference) for each in ahead], today)
    return Home(found[1], found[0]) if found else None
