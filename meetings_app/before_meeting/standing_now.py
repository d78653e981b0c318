"""Where each child of a meeting stands before it: age, why it is heard, rating, lead agency and open actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.actions.queries import ActionRow, open_actions_of_all
from meetings_app.before_meeting.asked import AskedChild
from meetings_app.children.ages import age_on
from meetings_app.children.models import Child
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings.queries import stored_items
from meetings_app.ratings.levels import RiskRating
from meetings_app.schedule.models import Meeting


@dataclass(frozen=True)
class StandingNow:
    """One child. Without a rating the child is not on the list; `lead_agency` is empty where none is named.

    `age` is that on the day of the meeting, None for a record that the reader may not see any more; `reasons` are why
    the child is on the agenda or on its draft.
    """

    age: int | None = None
    reasons: Sequence[str] = ()
    rating: RiskRating | None = None
    provisional: bool = False
    lead_agency: str = ""
    actions: Sequence[ActionRow] = ()


def standing_now(session: Session, meeting: Meeting, children: Sequence[AskedChild]) -> Mapping[int, StandingNow]:
    """Give where each of these children stands, by child, as far as the reader may see it, in three statements."""
    ids = [child.child_id for child in children]
    rows: Any = session.execute(
        select(
            col(Child.id), col(Child.born), col(ListEntry.current_rating), col(ListEntry.provisional),
            col(Agency.name).label("lead_agency"),
        )
        .select_from(Child)
        .outerjoin(ListEntry, and_(col(ListEntry.child_id) == col(Child.id), is_live()))
        .outerjoin(Agency, col(Agency.id) == col(ListEntry.lead_agency_id))
        .where(col(Child.id).in_(ids))
    )  # fmt: skip
    entries = {row.id: row for row in rows}
    actions = open_actions_of_all(session, ids)
    printed = {item.child_id: [each.text for each in item.reasons] for item in stored_items(session, meeting.key)}
    return {
        child.child_id: _standing(
            entries.get(child.child_id), child.reasons or printed.get(child.child_id, ()),
            actions.get(child.child_id, ()), meeting.held_on,
        )
        for child in children
    }  # fmt: skip


def _standing(entry: Any, reasons: Sequence[str], actions: Sequence[ActionRow], on: date) -> StandingNow:
    if entry is None:
        return StandingNow(reasons=reasons, actions=actions)
    age = age_on(entry.born, max(on, entry.born))
    if entry.current_rating is None:
        return StandingNow(age, reasons, actions=actions)
    return StandingNow(age, reasons, entry.current_rating, bool(entry.provisional), entry.lead_agency or "", actions)
