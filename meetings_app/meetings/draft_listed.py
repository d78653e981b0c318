"""Who of the list is on a draft agenda: what agencies may be asked about before it is published.

A draft is not shown to members (domain.md, “Confidentiality”), but the children on the list of an area are, to its
representatives. So they are asked about those whom the agenda hears as things stand; a child who is new to the list
appears once the agenda is published.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings.drafting import draft_of
from meetings_app.meetings.item_scope import whole_agenda
from meetings_app.partnership.definitions import Partnership
from meetings_app.schedule.models import Meeting

_LISTED = (
    select(col(Child.id), col(Child.reference), col(Child.name))
    .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
    .where(col(Child.id).in_(bindparam("ids", expanding=True)), is_live())
)


class DraftListed(NamedTuple):
    """One child of the list who is on the draft, and why, in words."""

    id: int
    reference: str
    name: str
    reasons: tuple[str, ...]


def draft_listed(session: Session, meeting: Meeting, configuration: Partnership, now: datetime) -> list[DraftListed]:
    """Give the children of the list who are on the draft agenda and whom the reader may see, in its order."""
    # Drafted past the scope, for what was changed by hand is the staff's to read; the children are read within it.
    with whole_agenda(session):
        items = draft_of(session, meeting, configuration, now).items
    rows = session.execute(_LISTED, {"ids": [item.child_id for item in items]})
    children = {row.id: row for row in rows}
    return [
        DraftListed(
            item.child_id, row.reference, row.name, tuple(reason.openly or reason.text for reason in item.reasons)
        )
        for item in items
        if (row := children.get(item.child_id)) is not None
    ]
