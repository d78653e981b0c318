"""What the rules must know of the child of an item: read for one item, or for all the items of a meeting at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.assessments.models import Assessment, AssessmentState
from meetings_app.children.ages import age_on, transition_dates
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.cse_list.service import live_entry
from meetings_app.meetings import item_queries, queries
from meetings_app.meetings.decisions import Case
from meetings_app.meetings.deferrals import Deferrals, deferrals_of, deferrals_of_all
from meetings_app.meetings.gate import GateFacts
from meetings_app.meetings.gate_queries import gate_facts
from meetings_app.meetings.item_scope import beside_items, child_of, children_of
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.presence import Room, room_of, rooms_of
from meetings_app.meetings.standing import last_level
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.ratings.queries import ratings_of
from meetings_app.ratings.rules import is_quorate
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.strategy.queries import has_open


@dataclass(frozen=True)
class _Known:
    """What is read beside one item, however it was read."""

    child: Child
    entry: ListEntry | None
    room: Room
    deferrals: Deferrals
    ratings: Sequence[RiskRating]
    referral_waits: bool
    decided_later: bool
    tool_level: RiskRating | None
    gate: GateFacts = field(default_factory=GateFacts)
    strategy_open: bool = False


def case_of(session: Session, office: Office, meeting: Meeting, item: AgendaItem, *, at_the_end: bool = False) -> Case:
    """Give what the rules must know of the item's child and of the meeting.

    Until attendance is recorded the quorum is open; `at_the_end` nobody recorded means nobody present.
    """
    with beside_items(session, meeting):
        child = child_of(session, item)
        entry = live_entry(session, child.key)
        known = _Known(
            child=child, entry=entry, room=room_of(session, meeting, item),
            deferrals=deferrals_of(session, child.key, meeting.key),
            ratings=[row.rating for row in ratings_of(session, child.key)],
            referral_waits=bool(item_queries.referrals_to_hear(session, child.key, office=office, meeting=meeting)),
            decided_later=item_queries.is_decided_later(session, child.key, meeting),
            tool_level=last_level(session, child.key),
            gate=gate_facts(session, child.key, meeting.held_on) if entry else GateFacts(),
            strategy_open=has_open(session, child.key),
        )  # fmt: skip
        return _case(office, meeting, item, known, queries.chairs_of(session, meeting.area_id), at_the_end)


def cases_without_gate(
    session: Session, office: Office, meeting: Meeting, items: Sequence[AgendaItem]
) -> dict[int, Case]:
    """Give the cases of all these items at the end of the meeting, by item, in a fixed number of statements.

    Without what only a closure asks: the gate and whether a strategy discussion is open.
    """
    ids = [item.child_id for item in items]
    with beside_items(session, meeting):
        children = children_of(session, items)
        entries = session.scalars(select(ListEntry).where(col(ListEntry.child_id).in_(ids), is_live()))
        listed = {entry.child_id: entry for entry in entries}
        rooms, chairs = rooms_of(session, meeting, items), queries.chairs_of(session, meeting.area_id)
        deferrals, ratings = deferrals_of_all(session, ids, meeting.key), _ratings(session, ids)
        waiting = item_queries.who_waits_to_be_heard(session, ids, office, meeting)
        later, levels = item_queries.decided_later(session, ids, meeting), _levels(session, ids)
        return {
            item.key: _case(
                office, meeting, item,
                _Known(
                    child=children[child_id], entry=listed.get(child_id), room=rooms[item.key],
                    deferrals=deferrals.get(child_id, Deferrals(0, None)), ratings=ratings.get(child_id, ()),
                    referral_waits=child_id in waiting, decided_later=child_id in later,
                    tool_level=levels.get(child_id),
                ),
                chairs, at_the_end=True,
            )
            for item, child_id in zip(items, ids, strict=True)
        }  # fmt: skip


def _case(
    office: Office, meeting: Meeting, item: AgendaItem, known: _Known, chairs: Sequence[queries.Chair],
    at_the_end: bool,
) -> Case:  # fmt: skip
    child, entry, room = known.child, known.entry, known.room
    quorum = is_quorate(room.agencies, office.partnership.rmm.quorum_agencies)
    there = {chair.agency_code for chair in chairs if chair.account_id in room.accounts}
    return Case(
        held_on=meeting.held_on,
        age=age_on(child.born, max(meeting.held_on, child.born)),
        learning_disability=child.learning_disability is YesNoUnknown.YES,
        listed=entry is not None,
        before=entry.current_rating if entry else None,
        review_on=entry.next_review_on if entry else None,
        reasons=frozenset(reason.code for reason in queries.reasons_of(item.reasons)),
        quorate=quorum if room.people or at_the_end else None,
        both_chairs=set(office.partnership.rmm.chairing_agencies) <= there,
        deferrals=known.deferrals.count,
        reviews_since_high=known.ratings.index(RiskRating.HIGH) if RiskRating.HIGH in known.ratings else None,
        merged=child.merged_into_id is not None,
        referral_waits=known.referral_waits,
        decided_later=known.decided_later,
        gate=known.gate,
        strategy_open=known.strategy_open,
        tool_level=known.tool_level,
        owing_agency_id=known.deferrals.agency_id,
        package_from=transition_dates(child.born, office.partnership.ratings.ages).planning_on,
    )


def _ratings(session: Session, child_ids: Sequence[int]) -> Mapping[int, list[RiskRating]]:
    """Give the ratings of children, the newest first: since the last of high they are counted."""
    rows = session.execute(
        select(col(Rating.child_id), col(Rating.rating))
        .where(col(Rating.child_id).in_(child_ids))
        .order_by(col(Rating.id).desc())
    )
    found: dict[int, list[RiskRating]] = {}
    for child_id, rating in rows:
        found.setdefault(child_id, []).append(rating)
    return found


def _levels(session: Session, child_ids: Sequence[int]) -> Mapping[int, RiskRating]:
    """Give the level of the newest finished assessment of each child that reads as one, as `last_level` does."""
    rows: Any = session.execute(
        select(col(Assessment.child_id), col(Assessment.level))
        .where(
            col(Assessment.child_id).in_(child_ids), col(Assessment.state) == AssessmentState.FINISHED,
            col(Assessment.level).is_not(None),
        )
        .order_by(col(Assessment.assessed_on), col(Assessment.id))
    )  # fmt: skip
    return {row.child_id: RiskRating(row.level) for row in rows if row.level}
