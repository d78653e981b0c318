"""Which children an agency is asked about before a meeting: those that the reader may see, the others as stubs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.cse_list.homes_today import hearing_today
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.meetings.queries import item_states
from meetings_app.schedule.models import Meeting


@dataclass(frozen=True)
class AskedChild:
    """One child of a meeting. A stub has its number and nothing else; before the agenda there are no numbers."""

    number: str
    stub: bool = False
    child_id: int = 0
    reference: str = ""
    name: str = ""


def asked_children(session: Session, meeting: Meeting, today: date) -> list[AskedChild]:
    """Give the children of a meeting in the order of its agenda.

    A draft agenda is not shown to members (domain.md, “Confidentiality”): until it is published they are asked about
    the children on the list whose review this meeting hears, which the list says already.
    """
    if meeting.state in BEFORE_PUBLISHING:
        return _reviewed_there(session, meeting, today)
    return [
        AskedChild(state.number, state.stub, state.child_id, state.child, state.name)
        for state in item_states(session, meeting.key)
    ]


def _reviewed_there(session: Session, meeting: Meeting, today: date) -> list[AskedChild]:
    rows: Any = session.execute(
        select(col(Child.id), col(Child.reference), col(Child.name))
        .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
        .where(hearing_today(session, today).heard_at(meeting.key), is_live())
        .order_by(col(ListEntry.next_review_on), col(ListEntry.id))
    )
    return [AskedChild("", False, row[0], row[1], row[2]) for row in rows]
