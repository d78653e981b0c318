"""Referrals to the network meeting: any agency makes one, with its reasons; the network chair decides on it (SG)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.db.references import unused_reference
from meetings_app.db.session import unscoped
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.networks.linking import Grounds, link_child
from meetings_app.networks.models import (
    NetworkReferral,
    NetworkReferralArea,
    NetworkReferralChild,
    NetworkReferralSuspects,
    Subject,
)
from meetings_app.networks.rules import check_criteria
from meetings_app.networks.states import Basis, ChildTie, Confidence, Criterion, ReferralState, SubjectKind
from meetings_app.networks.subjects import SubjectSaid, open_subject
from meetings_app.notices.service import queue
from meetings_app.notices.templates import NoticeKind
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.office import Office

WAITING = (ReferralState.RECEIVED, ReferralState.RETURNED)
"""States in which a referral still waits for the network meeting; one that was returned stands on the next agenda."""


@dataclass(frozen=True)
class ReferralSaid:
    """What a referral says. `suspects` is read by the police, the network chair and whoever wrote it alone."""

    criteria: frozenset[Criterion]
    known: str
    source: str
    basis: Basis
    confidence: Confidence
    area_ids: frozenset[int]
    manager: str = ""
    inspector: str = ""
    authorities: str = ""
    suspects: str = ""
    item_id: int | None = None


def refer(
    session: Session, by: Actor, now: datetime, agency_id: int, said: ReferralSaid, children: tuple[Child, ...] = ()
) -> NetworkReferral:
    """Refer to the network meeting; `children` are those named, each read in the person's scope.

    Raises `RuleBroken` for `criteria`, `manager`, `inspector`, `known`, `source` or `areas`, `NotFound` for whoever
    makes no referrals.
    """
    if not by.may(Permission.REFER):
        raise NotFound
    check_criteria(said.criteria, said.manager, said.inspector)
    for name, value, missing in (
        ("known", said.known, "Enter what is known"), ("source", said.source, "Enter where this is known from"),
    ):  # fmt: skip
        if not value.strip():
            raise RuleBroken(name, missing)
    if not said.area_ids:
        raise RuleBroken("areas", "Choose at least one area")
    referral = NetworkReferral(
        reference=unused_reference(session, col(NetworkReferral.reference), "NR"), agency_id=agency_id,
        referrer_id=by.account_id, referrer_name=by.name, received_at=now,
        criteria=[each.value for each in Criterion if each in said.criteria], manager=said.manager.strip(),
        inspector=said.inspector.strip(), known=said.known.strip(), source=said.source.strip(), basis=said.basis,
        confidence=said.confidence, authorities=said.authorities.strip(), item_id=said.item_id,
    )  # fmt: skip
    session.add(referral)
    session.flush()
    session.add_all(NetworkReferralArea(referral_id=referral.key, area_id=area) for area in sorted(said.area_ids))
    session.add_all(NetworkReferralChild(referral_id=referral.key, child_id=child.key) for child in children)
    if said.suspects.strip():
        session.add(NetworkReferralSuspects(referral_id=referral.key, text=said.suspects.strip()))
    session.flush()
    record(session, by, now, EventKind.NETWORK_REFERRED, referral=referral.reference)
    return referral


def accept(
    session: Session, by: Actor, now: datetime, office: Office, referral: NetworkReferral, version: int, name: str,
    known: Subject | None = None,
) -> Subject:  # fmt: skip
    """Take a referral up: as a new network called `name`, or as more about one that is `known`. For the network chair.

    The children it names are linked with the network, with the referral as the source, whose text stays on the
    referral: not everybody who sees the network may see every child it tells of. The referrer is told by mail
    that there is an answer. Raises `RuleBroken` for `name`, `Conflict` where it was decided meanwhile, `NotFound` for
    whoever may not.
    """
    _check(by, referral, version)
    source = f"Referral {referral.reference}"  # Its text may tell of a child whom somebody who reads this may not see.
    areas = frozenset(
        session.scalars(
            select(col(NetworkReferralArea.area_id)).where(col(NetworkReferralArea.referral_id) == referral.key)
        )
    )
    subject = known or open_subject(
        session, by, now, SubjectSaid(SubjectKind.NETWORK, name, about=source, area_ids=areas)
    )  # fmt: skip
    grounds = Grounds(source, referral.basis, referral.confidence)
    for child in _children(session, referral):
        try:
            link_child(session, by, now, subject, child, ChildTie.TARGETED_BY, grounds)
        except RuleBroken:
            continue  # A child who is linked with the network already stays so.
    referral.subject_id = subject.key
    _decide(session, by, now, office, referral, ReferralState.ACCEPTED, "")
    return subject


def turn_down(
    session: Session, by: Actor, now: datetime, office: Office, referral: NetworkReferral, version: int,
    state: ReferralState, why: str,
) -> None:  # fmt: skip
    """Ask the referrer for more, or say why the network meeting does not take it up. For the network chair.

    Raises `RuleBroken` for `state` or `why`, `Conflict`, `NotFound`.
    """
    _check(by, referral, version)
    if state not in (ReferralState.RETURNED, ReferralState.NO_ACTION):
        raise RuleBroken("state", "Choose what happens to the referral")
    if not why.strip():
        raise RuleBroken("why", "Enter the reason, which the referrer is told")
    _decide(session, by, now, office, referral, state, why.strip())


def _check(by: Actor, referral: NetworkReferral, version: int) -> None:
    if not by.may(Permission.DECIDE_NETWORKS):
        raise NotFound
    if referral.version != version or referral.state not in WAITING:
        raise Conflict("Somebody else has decided on this referral.", theirs=referral.decision_reason)


def _decide(
    session: Session, by: Actor, now: datetime, office: Office, referral: NetworkReferral, state: ReferralState,
    why: str,
) -> None:  # fmt: skip
    referral.state, referral.decision_reason = state, why
    referral.decided_at, referral.decided_by_id = now, by.account_id
    session.flush()
    record(session, by, now, EventKind.NETWORK_REFERRAL_DECIDED, referral=referral.reference, state=state.value)
    _tell_referrer(session, by, now, office, referral)


def _tell_referrer(session: Session, by: Actor, now: datetime, office: Office, referral: NetworkReferral) -> None:
    """Queue the notice that there is an answer: reference and link alone. Nobody is told of their own decision."""
    if referral.referrer_id is None or referral.referrer_id == by.account_id:
        return
    queue(
        session, now, kind=NoticeKind.REFERRAL_OUTCOME, recipient=session.get_one(Account, referral.referrer_id),
        dedupe_key=f"network-referral-outcome:{referral.reference}:{referral.version}",
        order_key=f"network-referral:{referral.reference}",
        values={"reference": referral.reference, "link": f"{office.base_url}/networks/referrals/{referral.reference}"},
    )  # fmt: skip


def _children(session: Session, referral: NetworkReferral) -> list[Child]:
    named = select(col(NetworkReferralChild.child_id)).where(col(NetworkReferralChild.referral_id) == referral.key)
    statement = select(Child).where(col(Child.id).in_(named)).order_by(col(Child.id))
    # The network chair opens no child’s record, and is told whom the referral names.
    return list(session.scalars(statement.execution_options(**unscoped("child"))))
