"""Which children an agency is asked about before a meeting: those that the reader may see, the others as stubs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.meetings.draft_listed import draft_listed
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.meetings.queries import item_states
from meetings_app.partnership.definitions import Partnership
from meetings_app.schedule.models import Meeting


@dataclass(frozen=True)
class AskedChild:
    """One child of a meeting. A stub has its number and nothing else; before the agenda there are no numbers.

    `reasons` are why the child is on the draft, until the agenda is published and says it itself.
    """

    number: str
    stub: bool = False
    child_id: int = 0
    reference: str = ""
    name: str = ""
    reasons: Sequence[str] = ()


def asked_children(session: Session, meeting: Meeting, configuration: Partnership, now: datetime) -> list[AskedChild]:
    """Give the children of a meeting in the order of its agenda; of a draft those on the list (`draft_listed`)."""
    if meeting.state in BEFORE_PUBLISHING:
        return [
            AskedChild("", False, child.id, child.reference, child.name, child.reasons)
            for child in draft_listed(session, meeting, configuration, now)
        ]
    return [
        AskedChild(state.number, state.stub, state.child_id, state.child, state.name)
        for state in item_states(session, meeting.key)
    ]
