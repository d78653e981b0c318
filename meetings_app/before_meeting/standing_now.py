"""Where each child of a meeting stands before it: the rating, the lead agency and the open actions, for the chairs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.actions.queries import ActionRow, open_actions_of_all
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.ratings.levels import RiskRating


@dataclass(frozen=True)
class StandingNow:
    """One child. Without a rating the child is not on the list; `lead_agency` is empty where none is named."""

    rating: RiskRating | None = None
    provisional: bool = False
    lead_agency: str = ""
    actions: Sequence[ActionRow] = ()


def standing_now(session: Session, child_ids: Collection[int]) -> Mapping[int, StandingNow]:
    """Give where each of these children stands, by child, as far as the reader may see it, in two statements."""
    rows: Any = session.execute(
        select(
            col(ListEntry.child_id), col(ListEntry.current_rating), col(ListEntry.provisional),
            col(Agency.name).label("lead_agency"),
        )
        .outerjoin(Agency, col(Agency.id) == col(ListEntry.lead_agency_id))
        .where(col(ListEntry.child_id).in_(child_ids), is_live())
    )  # fmt: skip
    entries = {row.child_id: row for row in rows}
    actions = open_actions_of_all(session, child_ids)
    return {each: _standing(entries.get(each), actions.get(each, ())) for each in child_ids}


def _standing(entry: Any, actions: Sequence[ActionRow]) -> StandingNow:
    if entry is None:
        return StandingNow(actions=actions)
    return StandingNow(entry.current_rating, entry.provisional, entry.lead_agency or "", actions)
