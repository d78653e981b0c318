"""The promises of the service, checked against the database: each breach is named with the reference it concerns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState
from meetings_app.accounts.queries import areas
from meetings_app.accounts.reference import compare_defaults, in_words
from meetings_app.actions.models import Action, ActionState
from meetings_app.children.models import Child
from meetings_app.cse_list.homing import HOMES, homes_of_area
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.cse_list.rules import Homes
from meetings_app.ratings.models import RANK, Rating, RiskRating
from meetings_app.schedule.models import Meeting


@dataclass(frozen=True)
class Breach:
    """One broken promise: a code for programs, the reference it concerns, and a sentence for people."""

    code: str
    reference: str
    problem: str


def breaches(session: Session, today: date, agendas: Path) -> list[Breach]:
    """Give every breach about the list, its actions and the defaults.

    `session` acts for the operator, who sees everything; `agendas` is the folder in use.
    """
    return [
        *_homes(session, today),
        *_entries(session),
        *_two_entries(session),
        *_actions(session),
        *(Breach("changed_default", name, what) for name, what in in_words(compare_defaults(session, agendas))),
    ]


def _homes(session: Session, today: date) -> Iterator[Breach]:
    """Every child on the list has a next meeting that is real, uncancelled, still to come, and the right one."""
    rules = {area.id: homes_of_area(session, area.id, today) for area in areas(session)}
    rows: Any = session.execute(
        select(
            col(Child.reference),
            col(ListEntry.area_id),
            col(ListEntry.next_review_on),
            col(ListEntry.next_meeting_id),
            col(Meeting.reference).label("meeting"),
            col(Meeting.state),
            col(Meeting.held_on),
        )
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .outerjoin(Meeting, col(Meeting.id) == col(ListEntry.next_meeting_id))
        .where(is_live())
        .order_by(col(ListEntry.id))
    )
    for row in rows:
        problem = _home_problem(row, rules[row.area_id], today)
        if problem:
            yield Breach("next_meeting", row.reference, problem)


def _home_problem(row: Any, homes: Homes, today: date) -> str:
    if row.next_meeting_id is None:
        return "is on the list and has no next meeting. Create a series of meetings for the area."
    if row.state not in HOMES:
        return f"has its next review at {row.meeting}, which is {row.state.value.replace('_', ' ')}."
    if row.held_on < today:
        return f"has its next review at {row.meeting}, which is past."
    right = homes.of(row.next_review_on)
    if right is None or right[0] != row.next_meeting_id:
        return f"has its next review at {row.meeting}; it belongs to {right[1] if right else 'no meeting'}."
    return ""


def _entries(session: Session) -> Iterator[Breach]:
    """A live entry has a rating and, high or medium, a lead agency; what it keeps of others equals these."""
    newest = select(sa.func.max(col(Rating.id))).where(col(Rating.child_id) == col(ListEntry.child_id))
    last = newest.correlate(ListEntry).scalar_subquery()
    rows: Any = session.execute(
        select(ListEntry, Child, Rating)
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .outerjoin(Rating, col(Rating.id) == last)
        .where(is_live())
        .order_by(col(ListEntry.id))
        .execution_options(yield_per=1000)
    )
    for entry, child, rating in rows:
        if rating is None:
            yield Breach("no_rating", child.reference, "is on the list without a rating.")
        if entry.lead_agency_id is None and entry.current_rating in (RiskRating.HIGH, RiskRating.MEDIUM):
            yield Breach(
                "no_lead_agency", child.reference, f"is rated {entry.current_rating.value} without a lead agency."
            )
        different = _differences(entry, child, rating)
        if different:
            yield Breach(
                "kept_facts", child.reference, f"the list entry differs from the record in: {', '.join(different)}."
            )
        if child.merged_into_id is not None:
            yield Breach("merged_listed", child.reference, "is on the list although its record points to another.")


def _differences(entry: ListEntry, child: Child, rating: Rating | None) -> list[str]:
    pairs: list[tuple[str, object, object]] = [
        ("name", entry.sort_name, child.name_key),
        ("date of birth", entry.born, child.born),
        ("area", entry.area_id, child.area_id),
        ("order of rating", entry.rating_rank, RANK[entry.current_rating]),
    ]
    if rating is not None:
        pairs += [
            ("rating", entry.current_rating, rating.rating),
            ("date of the rating", entry.rated_on, rating.decided_on),
            ("provisional", entry.provisional, rating.provisional),
            ("exploitation status", entry.exploitation_status, rating.exploitation_status),
        ]
    return [name for name, kept, real in pairs if kept != real]


def _two_entries(session: Session) -> Iterator[Breach]:
    """A child is on the list once."""
    twice = (
        select(col(Child.reference))
        .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
        .where(is_live())
        .group_by(col(Child.id), col(Child.reference))
        .having(sa.func.count() > 1)
    )
    for reference in session.scalars(twice):
        yield Breach("listed_twice", reference, "is on the list more than once.")


def _actions(session: Session) -> Iterator[Breach]:
    """An open action has an owner who can sign in, and stands in its child's area."""
    rows: Any = session.execute(
        select(col(Action.reference), col(Account.state), col(Action.area_id), col(Child.area_id).label("lives_in"))
        .outerjoin(Account, col(Account.id) == col(Action.owner_id))
        .outerjoin(Child, col(Child.id) == col(Action.child_id))
        .where(
            col(Action.state) == ActionState.OPEN,
            sa.or_(
                col(Account.id).is_(None),
                col(Account.state) == AccountState.DISABLED,
                col(Child.area_id) != col(Action.area_id),
            ),
        )
        .order_by(col(Action.id))
    )
    for row in rows:
        if row.state is None or row.state is AccountState.DISABLED:
            yield Breach("action_without_owner", row.reference, "is open and belongs to nobody who can sign in.")
        if row.lives_in is not None and row.lives_in != row.area_id:
            yield Breach("kept_facts", row.reference, "the action stands in another area than its child.")
