"""Who is not on the agenda and why not: a page at a time, so that its cost does not follow the length of the list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings.agenda import NotOnAgenda, draft, why_not
from meetings_app.meetings.drafting import situation_of
from meetings_app.meetings.facts import ChildFacts
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.meetings.queries import live_entries_after, stored_items
from meetings_app.meetings.sections import DraftItem
from meetings_app.partnership.definitions import Partnership
from meetings_app.schedule.models import Meeting

PAGE = 50


@dataclass(frozen=True)
class AbsentPage:
    """Some who are not on the agenda; `after` is where the next page begins, None at the end."""

    rows: tuple[NotOnAgenda, ...]
    after: tuple[date, int] | None


def absent_page(
    session: Session,
    meeting: Meeting,
    configuration: Partnership,
    now: datetime,
    *,
    after: tuple[date, int] | None = None,
    limit: int | None = PAGE,
) -> AbsentPage:
    """Give those of the list who are not on this agenda, by review date; first those who have more to say.

    These are children with a referral that waits for triage, or deferred by hand. `limit` None gives everybody.
    """
    situation = situation_of(session, meeting, configuration, now)
    occasion = situation.occasion(configuration)
    drafted = draft(situation.children.values(), situation.meeting, situation.following_on, configuration)
    if meeting.state in BEFORE_PUBLISHING:
        there = {item.child_id for item in drafted.items}
    else:
        there = {item.child_id for item in stored_items(session, meeting.key)}
    known = situation.children
    rows = []
    if after is None:
        absent = [known[one.child_id] for one in drafted.not_on_agenda if one.child_id not in there]
        homes = _homes_of(session, [child.id for child in absent])
        at_home = [replace(child, home_meeting=homes.get(child.id)) for child in absent]
        rows = [NotOnAgenda(child.id, child.reference, why_not(child, occasion)) for child in at_home]
    entries = live_entries_after(session, meeting.area_id or 0, after, limit)
    for entry in entries:
        if entry.child_id in there or entry.child_id in known:
            continue
        facts = ChildFacts(
            id=entry.child_id, reference=entry.reference, born=entry.born, listed=True, rating=entry.current_rating,
            next_review_on=entry.next_review_on, home_meeting=entry.home,
        )  # fmt: skip
        rows.append(NotOnAgenda(entry.child_id, entry.reference, why_not(facts, occasion)))
    if after is None:
        rows += _due_since(drafted.items, there)
    more = limit is not None and len(entries) == limit
    return AbsentPage(tuple(rows), (entries[-1].next_review_on, entries[-1].id or 0) if more else None)


def _homes_of(session: Session, child_ids: Collection[int]) -> dict[int, str]:
    """Give the meeting that will hear the next review, by child; who has none is left out."""
    rows = session.execute(
        select(col(ListEntry.child_id), col(Meeting.reference))
        .join(Meeting, col(Meeting.id) == col(ListEntry.next_meeting_id))
        .where(col(ListEntry.child_id).in_(child_ids), is_live())
    )
    return {row.child_id: row.reference for row in rows}


def _due_since(items: Sequence[DraftItem], there: set[int]) -> list[NotOnAgenda]:
    return [
        NotOnAgenda(item.child_id, item.child, "due since the agenda was published; can be added as a late item")
        for item in items
        if item.child_id not in there
    ]
