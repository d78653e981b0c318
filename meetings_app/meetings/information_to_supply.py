"""What an agency is to supply: a meeting deferred the child until it comes, and none has heard the child since.

After the last deferral the RMM rates without it: what was missing is owed as long as that provisional rating stands.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from meetings_app.meetings.carried_queries import deferred_items, owed_after_rating


@dataclass(frozen=True)
class ToSupply:
    """What one agency is to supply about a child, in the words of the meeting that deferred the child.

    With `provisional` the `meeting` has rated the child without it.
    """

    child_id: int
    child: str
    area_id: int
    meeting: str
    held_on: date
    what: str
    provisional: bool = False


def to_supply(session: Session, agency_id: int | None, area_ids: Collection[int]) -> list[ToSupply]:
    """Give what an agency is to supply about the children of these areas, as far as the reader may see them.

    The last deferral counts: what an earlier one waited for was supplied, or nobody asks for it any more (our default,
    as for `deferrals.deferrals_of`).
    """
    if agency_id is None or not area_ids:
        return []
    owed = {
        row.child_id: ToSupply(
            row.child_id, row.child, row.area_id, row.meeting, row.held_on, row.what, provisional=True
        )
        for row in owed_after_rating(session, area_ids, agency_id)
    }
    last = {row.child_id: row for row in deferred_items(session, area_ids)}
    owed |= {
        row.child_id: ToSupply(row.child_id, row.child, row.area_id, row.meeting, row.held_on, row.what)
        for row in last.values()
        if row.agency_id == agency_id
    }
    return list(owed.values())
