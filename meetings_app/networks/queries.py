"""Reads of networks, each narrowed to what the person may see: both ends of a link, or nothing of it.

The names of children are read past the scope of children: a link to a child is itself narrowed to who may see both,
and the network chair, who opens no child’s record, is told who is linked. So are the two ends of a link.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency, Area
from meetings_app.children.models import Child
from meetings_app.db.session import unscoped
from meetings_app.networks.models import (
    Disruption,
    DisruptionStep,
    NetworkReferral,
    NetworkReferralArea,
    NetworkReferralChild,
    NetworkReferralSuspects,
    Subject,
    SubjectAlias,
    SubjectArea,
    SubjectChild,
    SubjectLink,
    SuspectReader,
    SuspectRecord,
)
from meetings_app.networks.searching import found_by
from meetings_app.networks.states import ReferralState, SubjectKind, SubjectState

MOST = 200
_first, _second = aliased(Subject), aliased(Subject)
_LINK: tuple[Any, ...] = (
    col(SubjectLink.id), col(SubjectLink.tie), col(SubjectLink.since), col(SubjectLink.source),
    col(SubjectLink.basis), col(SubjectLink.confidence), col(SubjectLink.recorded_at), col(SubjectLink.ended_at),
    col(SubjectLink.ended_because),
    col(_first.id).label("first_id"), col(_first.reference).label("first"), col(_first.name).label("first_name"),
    col(_first.kind).label("first_kind"), col(_first.merged_into_id).label("first_points"),
    col(_second.id).label("second_id"), col(_second.reference).label("second"),
    col(_second.name).label("second_name"), col(_second.kind).label("second_kind"),
    col(_second.merged_into_id).label("second_points"),
)  # fmt: skip
_LINKS: Any = (
    select(*_LINK)
    .join(_first, col(_first.id) == col(SubjectLink.first_id))
    .join(_second, col(_second.id) == col(SubjectLink.second_id))
    .where(
        sa.or_(
            col(SubjectLink.first_id).in_(bindparam("ids", expanding=True)),
            col(SubjectLink.second_id).in_(bindparam("ids", expanding=True)),
        )
    )
    .order_by(col(SubjectLink.ended_at).is_not(None), col(SubjectLink.id))
    .limit(MOST)
    .execution_options(**unscoped("subject"))
)
_CHILDREN: Any = (
    select(
        col(SubjectChild.id), col(SubjectChild.subject_id), col(SubjectChild.tie), col(SubjectChild.since),
        col(SubjectChild.source), col(SubjectChild.basis), col(SubjectChild.confidence),
        col(SubjectChild.recorded_at), col(SubjectChild.ended_at), col(SubjectChild.ended_because),
        col(Child.id).label("child_id"), col(Child.reference), col(Child.name), col(Child.area_id),
        col(Child.merged_into_id).label("points_to"),
    )
    .join(Child, col(Child.id) == col(SubjectChild.child_id))
    .where(col(SubjectChild.subject_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(SubjectChild.ended_at).is_not(None), col(Child.name_key), col(SubjectChild.id))
    .limit(MOST)
    .execution_options(**unscoped("child"))
)  # fmt: skip


def find_subject(session: Session, reference: str) -> Subject | None:
    """Give one subject, or None where there is none or the person may not see it."""
    return session.scalars(select(Subject).where(col(Subject.reference) == reference.strip().upper())).first()


def subjects(
    session: Session, kind: SubjectKind | None, words: str, *, also_closed: bool = False, limit: int = MOST
) -> Sequence[Any]:
    """Give the subjects by name, found by the beginnings of words of a name or another name, or by reference."""
    statement = select(
        col(Subject.id), col(Subject.reference), col(Subject.kind), col(Subject.name), col(Subject.state),
        col(Subject.review_on),
    ).where(col(Subject.merged_into_id).is_(None))  # fmt: skip
    if kind is not None:
        statement = statement.where(col(Subject.kind) == kind)
    if not also_closed:
        statement = statement.where(col(Subject.state) == SubjectState.OPEN)
    if words.strip():
        statement = statement.where(found_by(words))
    return session.execute(statement.order_by(col(Subject.name_key), col(Subject.id)).limit(limit)).all()


def links_of(session: Session, subject_ids: Sequence[int]) -> Sequence[Any]:
    """Give the links of some subjects whose both ends the person may see, running ones first."""
    return session.execute(_LINKS, {"ids": list(subject_ids)}).all() if subject_ids else []


def children_of(session: Session, subject_ids: Sequence[int]) -> Sequence[Any]:
    """Give the children linked with some subjects whom the person may see, running links first."""
    return session.execute(_CHILDREN, {"ids": list(subject_ids)}).all() if subject_ids else []


def aliases(session: Session, subject_ids: Sequence[int]) -> Sequence[Any]:
    """Give the other names of a subject, in the order they were recorded."""
    statement = select(
        col(SubjectAlias.id), col(SubjectAlias.name), col(SubjectAlias.source), col(SubjectAlias.recorded_at)
    )
    statement = statement.where(col(SubjectAlias.subject_id).in_(subject_ids)).order_by(col(SubjectAlias.id))
    return session.execute(statement).all()


def area_ids(session: Session, subject_id: int) -> list[int]:
    """Give the areas that a subject touches."""
    statement = select(col(SubjectArea.area_id)).where(col(SubjectArea.subject_id) == subject_id)
    return sorted(session.scalars(statement))


def suspect_record(session: Session, subject_id: int) -> Any:
    """Give the need-to-know record of a suspect with the reference of the child’s record, or None."""
    statement = (
        select(col(SuspectRecord.born), col(SuspectRecord.details), col(SuspectRecord.child_id), col(Child.reference))
        .outerjoin(Child, col(Child.id) == col(SuspectRecord.child_id))
        .where(col(SuspectRecord.subject_id) == subject_id)
    )
    return session.execute(statement).first()


def readers(session: Session, subject_id: int) -> Sequence[Any]:
    """Give those whom the police named to read about a suspect, now."""
    statement = (
        select(col(SuspectReader.id), col(Account.name), col(SuspectReader.why), col(SuspectReader.named_at))
        .join(Account, col(Account.id) == col(SuspectReader.account_id))
        .where(col(SuspectReader.subject_id) == subject_id, col(SuspectReader.ended_at).is_(None))
    )
    return session.execute(statement.order_by(col(SuspectReader.id))).all()


def disruption_of(session: Session, subject_ids: Sequence[int]) -> Sequence[Disruption]:
    """Give the orders and tactics against a subject, newest first."""
    statement = select(Disruption).where(col(Disruption.subject_id).in_(subject_ids))
    return session.scalars(statement.order_by(col(Disruption.id).desc())).all()


def find_disruption(session: Session, reference: str) -> Disruption | None:
    """Give one entry of the register, or None where there is none or the person may not see it."""
    return session.scalars(select(Disruption).where(col(Disruption.reference) == reference.strip().upper())).first()


def steps_of(session: Session, disruption_id: int) -> Sequence[Any]:
    """Give what happened to an order or a tactic, oldest first, with who recorded it."""
    statement: Any = (
        select(
            col(DisruptionStep.state), col(DisruptionStep.happened_on), col(DisruptionStep.text),
            col(DisruptionStep.expires_on), col(DisruptionStep.conditions), col(DisruptionStep.at),
            col(Account.name).label("by"),
        )
        .outerjoin(Account, col(Account.id) == col(DisruptionStep.by_id))
        .where(col(DisruptionStep.disruption_id) == disruption_id)
    )  # fmt: skip
    return session.execute(statement.order_by(col(DisruptionStep.id))).all()


def referrals(session: Session, *, waiting: bool) -> Sequence[Any]:
    """Give the referrals to the network meeting that wait for a decision, oldest first, or the decided ones."""
    received = col(NetworkReferral.state) == ReferralState.RECEIVED
    statement: Any = (
        select(
            col(NetworkReferral.reference), col(NetworkReferral.received_at), col(NetworkReferral.referrer_name),
            col(NetworkReferral.state), col(Agency.name).label("agency"),
        )
        .join(Agency, col(Agency.id) == col(NetworkReferral.agency_id))
        .where(received if waiting else ~received)
    )  # fmt: skip
    order = col(NetworkReferral.id).asc() if waiting else col(NetworkReferral.id).desc()
    return session.execute(statement.order_by(order).limit(MOST)).all()


def waiting_referrals() -> sa.ScalarSelect[int]:
    """Give how many referrals to the network meeting wait, as a piece of a statement."""
    received = col(NetworkReferral.state) == ReferralState.RECEIVED
    return select(sa.func.count(col(NetworkReferral.id))).where(received).scalar_subquery()


def find_referral(session: Session, reference: str) -> NetworkReferral | None:
    """Give one referral to the network meeting, or None where there is none or the person may not see it."""
    statement = select(NetworkReferral).where(col(NetworkReferral.reference) == reference.strip().upper())
    return session.scalars(statement).first()


def referrals_taken_up_as(session: Session, subject_ids: Sequence[int]) -> Sequence[str]:
    """Give the references of the referrals that were taken up as some subjects, as far as the person reads them."""
    statement = select(col(NetworkReferral.reference)).where(col(NetworkReferral.subject_id).in_(subject_ids))
    return session.scalars(statement.order_by(col(NetworkReferral.id))).all()


def referral_areas(session: Session, referral_id: int) -> list[str]:
    """Give the names of the areas that a referral touches."""
    statement = select(col(Area.name)).join(NetworkReferralArea, col(NetworkReferralArea.area_id) == col(Area.id))
    return list(
        session.scalars(statement.where(col(NetworkReferralArea.referral_id) == referral_id).order_by(Area.code))
    )


def referral_children(session: Session, referral_id: int) -> Sequence[Any]:
    """Give the children whom a referral names, as far as the person may see them."""
    statement = (
        select(col(Child.id), col(Child.reference), col(Child.name))
        .join(NetworkReferralChild, col(NetworkReferralChild.child_id) == col(Child.id))
        .where(col(NetworkReferralChild.referral_id) == referral_id)
    )
    return session.execute(statement.order_by(col(Child.name_key)).execution_options(**unscoped("child"))).all()


def referral_suspects(session: Session, referral_id: int) -> str:
    """Give what a referral says about suspects, or an empty text for whoever does not read that."""
    statement = select(col(NetworkReferralSuspects.text)).where(col(NetworkReferralSuspects.referral_id) == referral_id)
    return session.scalar(statement) or ""


def subject_by_id(session: Session, subject_id: int | None) -> Subject | None:
    """Give a subject by its id, or None where the person may not see it."""
    return session.scalars(select(Subject).where(col(Subject.id) == subject_id)).first()


def subject_reference(session: Session, subject_id: int | None) -> str:
    """Give the reference of a subject, or an empty text where there is none or the person may not see it."""
    subject = subject_by_id(session, subject_id)
    return subject.reference if subject else ""


def subjects_by_id(session: Session, subject_ids: Sequence[int]) -> Sequence[Any]:
    """Give id, reference and name of some subjects, as far as the person may see them, by reference."""
    statement = select(col(Subject.id), col(Subject.reference), col(Subject.name), col(Subject.kind))
    return session.execute(statement.where(col(Subject.id).in_(subject_ids)).order_by(col(Subject.reference))).all()
