"""What an item of an RMM brings along when it is referred onward to the network meeting."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.meetings.models import AgendaItem
from meetings_app.schedule.models import Meeting
from meetings_app.web.context import db


@dataclass(frozen=True)
class Carried:
    """The item a referral comes from, with its child and area."""

    item_id: int
    child: str
    area_id: int


def carried(meeting: str, number: str) -> Carried | None:
    """Give what the item brings along, or None where there is none that the person may see."""
    statement = (
        select(col(AgendaItem.id), col(Child.reference), col(AgendaItem.area_id))
        .join(Meeting, col(Meeting.id) == col(AgendaItem.meeting_id))
        .join(Child, col(Child.id) == col(AgendaItem.child_id))
        .where(col(Meeting.reference) == meeting, col(AgendaItem.number) == number)
    )
    row = db().execute(statement).first()
    return Carried(row.id, row.reference, row.area_id) if row else None
