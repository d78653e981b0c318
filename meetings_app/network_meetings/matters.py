"""What goes on from an item of the network meeting to a child’s RMM: a further item there, or an action.

It is recorded with the item and takes effect when the network meeting closes, in the same transaction. The network
chair opens no child’s record; that a child is linked with the item was asked in the chair’s scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.actions.queries import possible_owners as owners_of_child
from meetings_app.actions.rules import check_action
from meetings_app.actions.service import give_as_decided
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.errors import NotFound, RuleBroken
from meetings_app.meetings.adjusting import add_as_decided
from meetings_app.meetings.item_scope import whole_agenda
from meetings_app.meetings.network_models import MatterKind, NetworkItem, NetworkMatter
from meetings_app.meetings.publishing import BEFORE_PUBLISHING, lock
from meetings_app.meetings.running import check_in_progress
from meetings_app.network_meetings.items import group_of
from meetings_app.network_meetings.publishing import check_may_hold
from meetings_app.networks.queries import children_of, referral_children
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting, MeetingType


@dataclass(frozen=True)
class MatterSaid:
    """What the RMM should hear of a child, or what is to be done, by whom and until when."""

    kind: MatterKind
    text: str
    owner_id: int | None = None
    due_on: date | None = None


def children_at(session: Session, item: NetworkItem) -> dict[str, Any]:
    """Give by reference the children linked with an item, or named by its referral, as far as the reader sees them."""
    rows = [row for row in children_of(session, group_of(item)) if row.ended_at is None]
    if item.referral_id is not None:
        rows += list(referral_children(session, item.referral_id))
    return {row.reference: row for row in rows}


def owners_for(session: Session, reference: str) -> list[tuple[int, str]]:
    """Give those who may own an action on a child, by name: people of any agency who may see the child."""
    with whole_agenda(session):
        child = _child(session, reference)
        return [(row.id, f"{row.name}, {row.agency}") for row in owners_of_child(session, child.key)]


def pass_on(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: NetworkItem, reference: str, said: MatterSaid
) -> None:
    """Record what goes on to a child’s RMM. Raises `RuleBroken` for `text`, `owner`, `due_on` or `kind`, `NotFound`."""
    check_may_hold(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    if reference not in children_at(session, item):
        raise NotFound
    if not said.text.strip():
        raise RuleBroken("text", "Enter what the RMM should hear, or what is to be done")
    with whole_agenda(session):
        child = _child(session, reference)
        if said.kind is MatterKind.ACTION:
            _check_action(session, meeting, child, said)
        elif next_draft(session, child.area_id, london_date(now)) is None:
            raise RuleBroken("kind", "No RMM stands ahead in the child’s area. Give an action instead")
    action = said.kind is MatterKind.ACTION
    session.add(
        NetworkMatter(
            item_id=item.key, child_id=child.key, kind=said.kind, text=said.text.strip(),
            owner_id=said.owner_id if action else None, due_on=said.due_on if action else None, recorded_at=now,
            recorded_by_id=by.account_id,
        )
    )  # fmt: skip
    session.flush()
    record(session, by, now, EventKind.DECISION_RECORDED, child.key, number=item.number, meeting=meeting.reference)


def take_back(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: NetworkItem, matter: NetworkMatter
) -> None:
    """Take back what was to go on to an RMM, before the network meeting closes. Raises `NotFound`, `DomainError`."""
    check_may_hold(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    if matter.took_effect_at is not None:
        raise NotFound
    session.delete(matter)
    session.flush()
    record(
        session, by, now, EventKind.DECISION_RECORDED, matter.child_id, number=item.number, meeting=meeting.reference
    )


def of_item(session: Session, item: NetworkItem) -> Sequence[NetworkMatter]:
    """Give what goes on from an item, as far as the reader may see the children."""
    statement = select(NetworkMatter).where(col(NetworkMatter.item_id) == item.key)
    return session.scalars(statement.order_by(col(NetworkMatter.id))).all()


def problems_of(session: Session, item: NetworkItem, today: date) -> dict[int, str]:
    """Give by child why what goes on from an item cannot take effect today; nothing where all of it can.

    To be called past the actor’s scope; a child whom the reader is kept from is not to be named to them.
    """
    found: dict[int, str] = {}
    for matter in of_item(session, item):
        child = _kept(session, matter.child_id)
        if matter.kind is MatterKind.ACTION:
            if matter.owner_id not in {row.id for row in owners_of_child(session, child.key)}:
                found[matter.child_id] = (
                    f"who was to act for {child.reference} may not see the child’s record now: name somebody else"
                )
        elif next_draft(session, child.area_id, today) is None:
            found[matter.child_id] = f"no RMM stands ahead that could hear of {child.reference}: give an action instead"
    return found


def take_effect(session: Session, by: Actor, now: datetime, meeting: Meeting, item: NetworkItem) -> None:
    """Put every matter of an item on the child’s next RMM, or give its action. Called when the meeting closes."""
    for matter in of_item(session, item):
        child = _kept(session, matter.child_id)
        if matter.kind is MatterKind.ACTION and matter.owner_id is not None and matter.due_on is not None:
            agency_id = session.scalars(select(col(Account.agency_id)).where(col(Account.id) == matter.owner_id)).one()
            action = give_as_decided(
                session, by, now, child, f"{matter.text} (network meeting {meeting.reference})", agency_id,
                matter.owner_id, max(matter.due_on, london_date(now)), network=meeting.reference,
            )  # fmt: skip
            matter.action_id = action.key
        else:
            rmm = next_draft(session, child.area_id, london_date(now))
            if rmm is None:
                raise RuleBroken("", f"No RMM stands ahead that could hear item {item.number}: give an action instead")
            add_as_decided(session, by, now, rmm, child, f"From the network meeting {meeting.reference}: {matter.text}")
            matter.meeting_id = rmm.key
        matter.took_effect_at = now
        session.flush()


def next_draft(session: Session, area_id: int, today: date) -> Meeting | None:
    """Give the next RMM of an area whose agenda still drafts itself. Read past the scope of the network chair."""
    return session.scalars(
        select(Meeting)
        .where(
            col(Meeting.type) == MeetingType.RMM, col(Meeting.area_id) == area_id, col(Meeting.held_on) >= today,
            col(Meeting.state).in_(BEFORE_PUBLISHING),
        )
        .order_by(col(Meeting.held_on), col(Meeting.id))
        .limit(1)
    ).first()  # fmt: skip


def _check_action(session: Session, meeting: Meeting, child: Child, said: MatterSaid) -> None:
    if said.due_on is None:
        raise RuleBroken("due_on", "Enter the date by which it is done")
    check_action(said.text, said.due_on, meeting.held_on)
    if said.owner_id not in {row.id for row in owners_of_child(session, child.key)}:
        raise RuleBroken("owner", "Choose a person who may see the child’s record")


def _child(session: Session, reference: str) -> Child:
    child = session.scalars(select(Child).where(col(Child.reference) == reference)).one()
    return _kept(session, child.key)


def _kept(session: Session, child_id: int) -> Child:
    """Give the record that stands for a child, wherever a merged one points to."""
    child = session.get_one(Child, child_id)
    while child.merged_into_id is not None:
        child = session.get_one(Child, child.merged_into_id)
    return child
