"""What is pointed out before a meeting is closed: text that nobody saved, and what the chairs may want to see to first.

Only unsaved text of the decision keeps the meeting open, for closing would leave it out of the record. The rest is
listed with its items, and the meeting may be closed all the same: what is serious with a reason (our default).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts import queries as people
from meetings_app.accounts.models import Account
from meetings_app.actions.recommended_queries import Fate
from meetings_app.clock import london_date
from meetings_app.cse_list.homing import homes_of_area
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import live_entries
from meetings_app.meetings import queries
from meetings_app.meetings.agency_views import views_of_meeting
from meetings_app.meetings.bringing_up import openings_of, time_at
from meetings_app.meetings.doubts import POLICE, Checked, Doubt, doubts_about, doubts_in
from meetings_app.meetings.information_left import all_information_to_hear
from meetings_app.meetings.item_queries import items_of
from meetings_app.meetings.item_scope import beside_items, children_of
from meetings_app.meetings.live_models import LiveField, SetAside
from meetings_app.meetings.models import AgendaItem, ItemDecision, Outcome
from meetings_app.meetings.plan_reviews import items_without_review
from meetings_app.meetings.police_words import tells_what_the_police_know
from meetings_app.meetings.presence import Room, rooms_of
from meetings_app.meetings.publishing_checks import expected_agencies
from meetings_app.meetings.raising import raised_at_meeting
from meetings_app.ratings.levels import RiskRating
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office

_OWN = "@"
"""Stands in the name of a field that is one person’s alone: an action or a view that is not added yet."""


_UNSAVED: Any = (
    select(col(AgendaItem.id), col(AgendaItem.number), col(LiveField.name), col(Account.name).label("by"))
    .join(LiveField, col(LiveField.item_id) == col(AgendaItem.id))
    .outerjoin(Account, col(Account.id) == col(LiveField.changed_by_id))
    .where(
        col(AgendaItem.meeting_id) == bindparam("meeting"), col(LiveField.recorded).is_(False),
        (col(LiveField.value) != "") | col(LiveField.name).not_like(f"%{_OWN}%"),
    )
    .order_by(col(AgendaItem.place), col(LiveField.number))
)  # fmt: skip


def unsaved_items(session: Session, meeting: Meeting) -> set[int]:
    """Give the items on which something is typed for the decision that no button has saved."""
    rows = session.execute(_UNSAVED, {"meeting": meeting.key})
    return {row.id for row in rows if _OWN not in row.name}


def checks_before_closing(session: Session, office: Office, meeting: Meeting, now: datetime) -> list[Doubt]:
    """Give what is pointed out of the items that the reader may see, what is serious first, each with its items."""
    items = items_of(session, meeting.key)
    expected = {agency.code: agency.name for agency in expected_agencies(session, office)}
    with beside_items(session, meeting):
        checked = _checked(session, office, meeting, items, now)
        return [
            *doubts_about(checked, office.partnership.ratings.ratings, expected),
            *_asked_for(session, office, meeting, items), *_not_added(session, meeting, items),
            *_two_texts(session, items), *_not_reviewed(session, meeting, items),
        ]  # fmt: skip


def _checked(
    session: Session, office: Office, meeting: Meeting, items: Sequence[AgendaItem], now: datetime
) -> list[Checked]:
    ids, openings = [item.child_id for item in items], openings_of(session, meeting.key)
    decisions, rooms = queries.decisions_of(session, meeting.key), rooms_of(session, meeting, items)
    entries, homes = live_entries(session, ids), _who_is_heard_again(session, meeting, items, now)
    sent, views = all_information_to_hear(session, meeting, ids), views_of_meeting(session, meeting.key)
    codes = {agency.id: agency.code for agency in people.agencies(session)}
    listed = office.partnership.language.police_intelligence

    def told_by_police(item: AgendaItem) -> list[str]:
        before = [each for each in sent[item.child_id] if codes[each.agency_id] == POLICE]
        in_the_room = [view.text for view in views.get(item.key, ()) if view.agency_code == POLICE]
        return [*in_the_room, *(text for each in before for text in (each.facts, each.opinion))]

    return [
        _one(
            item, decisions[item.key], entries.get(item.child_id), homed=item.child_id in homes,
            room=rooms[item.key], over=bool(time_at(openings, meeting, item, now).over),
            police_words=tells_what_the_police_know(
                (decisions[item.key].discussion, decisions[item.key].rationale), told_by_police(item), listed
            ),
            said={*(codes[each.agency_id] for each in sent[item.child_id]),
                  *(view.agency_code for view in views.get(item.key, ()))},
        )
        for item in items
    ]  # fmt: skip


def _one(
    item: AgendaItem, decision: ItemDecision, entry: ListEntry | None, *, homed: bool, room: Room, over: bool,
    said: Collection[str], police_words: bool,
) -> Checked:  # fmt: skip
    """Give an item with the rating that the child has once the meeting is closed: a child who is closed leaves."""
    on_the_list = entry.current_rating if entry is not None else None
    rated = decision.outcome is Outcome.RATED
    after = decision.rating if rated else on_the_list
    decided = rated and decision.lead_agency_id is not None
    led = decided or (entry is not None and entry.lead_agency_id is not None)
    return Checked(
        number=item.number, outcome=decision.outcome, before=item.rating_before,
        after=None if decision.outcome is Outcome.CLOSED else after, led=led, homed=homed,
        police=POLICE in room.agencies, said=said, over=over, to_leave=room.still_to_leave,
        police_words=police_words,
    )  # fmt: skip


def _who_is_heard_again(session: Session, meeting: Meeting, items: Sequence[AgendaItem], now: datetime) -> set[int]:
    """Give the children in whose area another meeting is still to be held once this one is closed."""
    areas = {child_id: child.area_id for child_id, child in children_of(session, items).items()}
    heard = {
        area_id
        for area_id in set(areas.values())
        if homes_of_area(session, area_id, london_date(now)).without(meeting.key)
    }
    return {child_id for child_id, area_id in areas.items() if area_id in heard}


def _asked_for(session: Session, office: Office, meeting: Meeting, items: Sequence[AgendaItem]) -> list[Doubt]:
    """Give what a rating of high decided here still asks for; what one of medium does would bury it (our default)."""
    decisions = queries.decisions_of(session, meeting.key)
    asked = raised_at_meeting(session, office.partnership, meeting, items, decisions)
    numbers: dict[tuple[str, str], list[str]] = {}
    for item in items:
        for row in asked.get(item.child_id, ()):
            if row.fate is Fate.OFFERED and row.assessment == RiskRating.HIGH.value:
                why = f"A rating of {row.assessment} still asks {row.agency}: {row.text.rstrip('.')}"
                numbers.setdefault(("rating_asks", why), []).append(item.number)
    return doubts_in(numbers, needs_reason=False, part="raised")


def _not_added(session: Session, meeting: Meeting, items: Sequence[AgendaItem]) -> list[Doubt]:
    numbers: dict[str, list[str]] = {}
    shown = {item.number for item in items}
    for row in session.execute(_UNSAVED, {"meeting": meeting.key}):
        typed = numbers.setdefault(row.by or "somebody", [])
        if _OWN in row.name and row.number in shown and row.number not in typed:
            typed.append(row.number)
    return [
        Doubt("not_added", f"An action or a view that {by} typed is not added", tuple(typed), False, "not-added")
        for by, typed in numbers.items() if typed
    ]  # fmt: skip


def _two_texts(session: Session, items: Sequence[AgendaItem]) -> list[Doubt]:
    ids = [item.key for item in items]
    aside = set(session.scalars(select(col(SetAside.item_id)).where(col(SetAside.item_id).in_(ids))))
    numbers = tuple(item.number for item in items if item.key in aside)
    why = "A text that two people wrote at once is set aside"
    return [Doubt("two_texts", why, numbers, False, "set-aside")] if numbers else []


def _not_reviewed(session: Session, meeting: Meeting, items: Sequence[AgendaItem]) -> list[Doubt]:
    shown = {item.number for item in items}
    numbers = tuple(number for number in items_without_review(session, meeting) if number in shown)
    why = "The safety plan is not reviewed, aim by aim"
    return [Doubt("plan_not_reviewed", why, numbers, False, "plan-review")] if numbers else []
