"""The ways off the list besides the closure gate: transfer to another authority, death, and duplicate.

One chair begins, and until the other authority has acknowledged, or the other chair agreed, the child stays listed.
Nothing else takes a child off: there is no expiry, no removal in bulk or by import, and no deletion.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency
from meetings_app.actions.following import end_actions
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.child_record.leaving_rules import (
    Acknowledgement,
    Transfer,
    check_acknowledgement,
    check_reason,
    check_second,
    check_transfer,
)
from meetings_app.child_record.merging import point, unpoint
from meetings_app.children.models import Child, PossibleDuplicate, Resolution
from meetings_app.children.service import check_may
from meetings_app.clock import london_date
from meetings_app.cse_list import service as cse_list
from meetings_app.cse_list.homing import lock_homes
from meetings_app.cse_list.models import Departure, DepartureKind, DepartureState, EntryState, ListEntry
from meetings_app.db.session import unscoped, unscoped_while
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.permissions import Actor, Permission
from meetings_app.ratings.models import RANK
from meetings_app.referrals.identity import refuse_while_on_an_agenda
from meetings_app.referrals.service import end_waiting, pull_review_forward
from meetings_app.schedule.office import Office
from meetings_app.strategy.queries import has_open
from meetings_app.strategy.service import end_requested


def begin_transfer(
    session: Session, by: Actor, now: datetime, office: Office, child: Child, transfer: Transfer
) -> Departure:
    """Begin the transfer of a child to another authority: until it is acknowledged the child stays listed.

    For a chair of the child's area. Raises `RuleBroken` for `authority`, `contact` or `reason`, `DomainError` for a
    child who is not listed or already leaving, `NotFound` for whoever is no chair.
    """
    check_transfer(transfer)
    return _begin(
        session, by, now, office, child, DepartureKind.TRANSFER, transfer.reason,
        authority=transfer.authority.strip(), contact=transfer.contact.strip(),
    )  # fmt: skip


def begin_death(session: Session, by: Actor, now: datetime, office: Office, child: Child, reason: str) -> Departure:
    """Record, as the first chair, that a child has died; the other chair agrees. Raises as a transfer does."""
    check_reason(reason, "Enter what the chairs were told, and by whom")
    return _begin(session, by, now, office, child, DepartureKind.DEATH, reason)


def begin_duplicate(
    session: Session, by: Actor, now: datetime, office: Office, child: Child, kept: Child, reason: str
) -> Departure:
    """Say, as the first chair, that a listed child is listed twice, and which record is kept.

    Both must be on the list, and the one that is kept rated no lower, so that a merge lowers no rating. Raises
    `RuleBroken` for `kept` or `reason`, and as a transfer does.
    """
    check_reason(reason, "Enter how you know that these are one child")
    _lock_both(session, child, kept)
    _check_kept(session, child, kept)
    return _begin(session, by, now, office, child, DepartureKind.DUPLICATE, reason, kept_child_id=kept.key)


def acknowledge(
    session: Session, by: Actor, now: datetime, office: Office, departure: Departure, version: int,
    said: Acknowledgement,
) -> None:  # fmt: skip
    """Record that the other authority takes over; the child leaves the list by it. For a chair of the area.

    Raises `RuleBroken` for `acknowledged_by` or `acknowledged_on`, `Conflict` on an old version, `DomainError` while a
    strategy discussion is open or the child is on a published agenda, `NotFound`.
    """
    child, entry = _to_complete(session, by, office, departure, version, DepartureKind.TRANSFER)
    check_acknowledgement(said, london_date(departure.begun_at), london_date(now))
    if has_open(session, child.key):
        raise DomainError("A strategy discussion about the child is open: record its outcome first.")
    departure.acknowledged_by, departure.acknowledged_on = said.by.strip(), said.on
    _complete(session, by, now, departure)
    reason = f"Transferred to {departure.authority}."
    end_actions(session, by, now, child.key, reason)
    end_waiting(
        session, by, now, office, child.key, reason, to=departure.authority, contact=departure.contact
    )  # fmt: skip
    cse_list.leave(session, by, now, entry, departure)


def agree(session: Session, by: Actor, now: datetime, office: Office, departure: Departure, version: int) -> None:
    """Agree, as the chair of the other agency, to a death or a duplicate; the child leaves the list by it.

    After a death the child's actions and what waited end with the chairs' reason, and nobody is sent anything. Of a
    duplicate the record points to the one that is kept, whose review comes to the next RMM. Raises `RuleBroken` for
    the same person or agency, `Conflict` on an old version, `DomainError` as `acknowledge` does, `NotFound`.
    """
    child, entry = _to_complete(session, by, office, departure, version, DepartureKind.DEATH, DepartureKind.DUPLICATE)
    first = session.get_one(Account, departure.begun_by_id) if departure.begun_by_id is not None else None
    check_second((first.id, first.agency_id) if first else (None, None), (by.account_id, by.agency_id))
    if departure.kind is DepartureKind.DUPLICATE:
        kept = session.get_one(Child, departure.kept_child_id, execution_options=unscoped())
        _check_kept(session, child, kept)
        refuse_while_on_an_agenda(session, [kept.key])
        _complete(session, by, now, departure)
        cse_list.leave(session, by, now, entry, departure)
        _merge(session, by, now, office, departure, child, kept)
        return
    _complete(session, by, now, departure)
    end_actions(session, by, now, child.key, departure.reason)
    end_waiting(session, by, now, office, child.key, departure.reason)
    end_requested(session, by, now, office, child.key, by.name, departure.reason)
    cse_list.leave(session, by, now, entry, departure)


def withdraw(
    session: Session, by: Actor, now: datetime, office: Office, departure: Departure, version: int, reason: str
) -> None:
    """Take back a departure that waits; the child stays on the list. For a chair of the area, of a chairing agency.

    Raises `RuleBroken` for `reason`, `Conflict` on an old version or one that does not wait any more, `NotFound`.
    """
    _check_chair(session, by, departure.child_id)
    _check_agency(session, by, office)
    entry = cse_list.lock_stay(session, departure.entry_id)
    _same(session, departure, version, DepartureState.WAITING)
    check_reason(reason, "Enter why this is taken back")
    entry.leaving = None
    _end(session, by, now, departure, DepartureState.WITHDRAWN, reason)
    record(session, by, now, EventKind.DEPARTURE_WITHDRAWN, departure.child_id, way=departure.kind.value)


def undo_duplicate(
    session: Session, by: Actor, now: datetime, office: Office, departure: Departure, version: int, reason: str
) -> None:
    """Undo a duplicate that was none: the pointer goes, and the child is on the list again with what had moved.

    For a chair of the area, of a chairing agency. Raises `RuleBroken` for `reason`, `Conflict` on an old version,
    `DomainError` where the record points elsewhere by now or either stands on a published agenda, `NotFound`.
    """
    _check_chair(session, by, departure.child_id)
    _check_agency(session, by, office)
    _same(session, departure, version, DepartureState.LEFT)
    check_reason(reason, "Enter how you know that these are two children")
    child = session.get_one(Child, departure.child_id, execution_options=unscoped())
    if departure.kind is not DepartureKind.DUPLICATE or child.merged_into_id != departure.kept_child_id:
        raise DomainError("There is no pointer to undo.")
    kept = session.get_one(Child, departure.kept_child_id, execution_options=unscoped())
    refuse_while_on_an_agenda(session, (child.key, kept.key))
    unpoint(session, by, now, child, kept, reason)
    entry = session.get_one(ListEntry, departure.entry_id, execution_options=unscoped())
    _end(session, by, now, departure, DepartureState.UNDONE, reason)
    cse_list.restore(session, by, now, entry)
    cse_list.follow_child(session, by, now, child)
    pull_review_forward(session, by, now, child.key)


def _begin(
    session: Session, by: Actor, now: datetime, office: Office, child: Child, kind: DepartureKind, reason: str,
    *, authority: str = "", contact: str = "", kept_child_id: int | None = None,
) -> Departure:  # fmt: skip
    _check_chair(session, by, child.key)
    _check_agency(session, by, office)
    entry = cse_list.live_entry(session, child.key)
    if entry is None:
        raise DomainError("This child is not on the list.")
    cse_list.lock_stay(session, entry.key)
    if entry.leaving is not None:
        raise DomainError("Somebody has begun already to take this child off the list. Complete it or take it back.")
    departure = Departure(
        entry_id=entry.key, child_id=child.key, kind=kind, reason=reason.strip(), begun_at=now,
        begun_by_id=by.account_id, authority=authority, contact=contact, kept_child_id=kept_child_id,
    )  # fmt: skip
    entry.leaving = kind
    session.add(departure)
    session.flush()
    record(session, by, now, EventKind.DEPARTURE_BEGUN, child.key, way=kind.value)
    return departure


def _to_complete(
    session: Session, by: Actor, office: Office, departure: Departure, version: int, *kinds: DepartureKind
) -> tuple[Child, ListEntry]:
    _check_chair(session, by, departure.child_id)
    _check_agency(session, by, office)
    # The area's agendas are published under the same lock: a child is put on one, or leaves the list, and not both.
    child = session.get_one(Child, departure.child_id)
    lock_homes(session, [child.area_id])
    # The stay before what ends it, as a closure is signed; of a duplicate both stays.
    if departure.kept_child_id is not None:
        _lock_both(session, child, session.get_one(Child, departure.kept_child_id, execution_options=unscoped()))
    entry = cse_list.lock_stay(session, departure.entry_id)
    _same(session, departure, version, DepartureState.WAITING)
    if departure.kind not in kinds:
        raise DomainError("This is not how this departure is completed.")
    refuse_while_on_an_agenda(session, [departure.child_id])
    return child, entry


def _complete(session: Session, by: Actor, now: datetime, departure: Departure) -> None:
    departure.agreed_at, departure.agreed_by_id, departure.left_on = now, by.account_id, london_date(now)
    session.flush()


def _merge(
    session: Session, by: Actor, now: datetime, office: Office, departure: Departure, child: Child, kept: Child
) -> None:
    with unscoped_while(session):
        pairs = select(PossibleDuplicate).where(
            col(PossibleDuplicate.child_id).in_((child.key, kept.key)),
            col(PossibleDuplicate.other_id).in_((child.key, kept.key)),
        )
        for pair in session.scalars(pairs):
            pair.resolution, pair.resolution_reason = Resolution.SAME, departure.reason
            pair.resolved_at, pair.resolved_by_id = now, by.account_id
        point(session, by, now, office, child, kept)
        pull_review_forward(session, by, now, kept.key)
    record(session, by, now, EventKind.CHILDREN_COMPARED, kept.key, resolution=Resolution.SAME.value)


def _lock_both(session: Session, child: Child, kept: Child) -> None:
    """Lock the stays of both, so that nobody signs a closure of the one while the other is told to go along with it."""
    with unscoped_while(session):
        entries = [cse_list.live_entry(session, each.key) for each in (child, kept)]
        for entry in sorted((entry for entry in entries if entry is not None), key=lambda entry: entry.key):
            cse_list.lock_stay(session, entry.key)


def _check_kept(session: Session, child: Child, kept: Child) -> None:
    if child.key == kept.key or kept.merged_into_id is not None:
        raise RuleBroken("kept", "Choose the other record, which points to no third one")
    with unscoped_while(session):
        own, other = cse_list.live_entry(session, child.key), cse_list.live_entry(session, kept.key)
        if other is None:
            raise RuleBroken("kept", "The record that is kept must be on the list")
    if other.state is EntryState.CLOSING:
        raise RuleBroken("kept", "The record that is kept is being closed: wait for the second signature or its return")
    if other.leaving is not None:
        raise RuleBroken("kept", "The record that is kept is about to leave the list itself")
    if own is not None and RANK[own.current_rating] < RANK[other.current_rating]:
        raise RuleBroken("kept", "Keep the record with the higher rating, so that nothing is lowered by this")


def _check_chair(session: Session, by: Actor, child_id: int) -> None:
    check_may(session, by, Permission.CLOSE_ENTRY, child_id)


def _check_agency(session: Session, by: Actor, office: Office) -> None:
    """Raise `NotFound` for a chair whose agency does not chair."""
    code = session.scalars(select(col(Agency.code)).where(col(Agency.id) == by.agency_id)).first()
    if code not in office.partnership.rmm.chairing_agencies:
        raise NotFound


def _same(session: Session, departure: Departure, version: int, state: DepartureState) -> None:
    session.refresh(departure, with_for_update=True)
    if departure.version != version or departure.state is not state:
        raise Conflict("Somebody else changed this after you opened the page. Look at the child’s record again.")


def _end(session: Session, by: Actor, now: datetime, departure: Departure, state: DepartureState, reason: str) -> None:
    departure.state, departure.ended_because = state, reason.strip()
    departure.ended_at, departure.ended_by_id = now, by.account_id
    session.flush()
