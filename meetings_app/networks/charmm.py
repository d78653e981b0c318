"""Suspects whom the police take to a community harm and risk management meeting (CHaRMM), and what came of it.

The police are the link to it: they record the referral and each outcome; who may see the suspect reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.db.references import unused_reference
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.networks.checks import check_stands, check_version
from meetings_app.networks.models import Subject
from meetings_app.networks.record_models import CharmmReferral, CharmmStep
from meetings_app.networks.suspects import check_police
from meetings_app.permissions import Actor


@dataclass(frozen=True)
class Taken:
    """A suspect taken to a CHaRMM: of which district, when, why, and when it is heard of there."""

    district: str
    referred_on: date
    why: str
    comes_back_on: date | None = None


@dataclass(frozen=True)
class Heard:
    """What a CHaRMM said: when, in words, and when it comes back; no date ends the referral."""

    heard_on: date
    text: str
    comes_back_on: date | None = None


def refer_suspect(session: Session, by: Actor, now: datetime, subject: Subject, taken: Taken) -> CharmmReferral:
    """Record that the police took a suspect to a CHaRMM. For the police.

    Raises `RuleBroken` for `district`, `referred_on`, `why` or `comes_back_on`, `NotFound` for whoever may not.
    """
    check_police(session, by, subject)
    check_stands(subject)
    if not taken.district.strip():
        raise RuleBroken("district", "Enter the district whose meeting it is")
    if taken.referred_on > london_date(now):
        raise RuleBroken("referred_on", "The date must be today or in the past")
    if not taken.why.strip():
        raise RuleBroken("why", "Enter what the meeting is asked to look at")
    _check_back(taken.comes_back_on, taken.referred_on)
    referral = CharmmReferral(
        reference=unused_reference(session, col(CharmmReferral.reference), "CH"), subject_id=subject.key,
        district=taken.district.strip(), referred_on=taken.referred_on, why=taken.why.strip(), recorded_at=now,
        recorded_by_id=by.account_id, comes_back_on=taken.comes_back_on,
    )  # fmt: skip
    session.add(referral)
    session.flush()
    record(session, by, now, EventKind.CHARMM_REFERRED, subject=subject.reference, referral=referral.reference)
    return referral


def record_outcome(
    session: Session, by: Actor, now: datetime, subject: Subject, referral: CharmmReferral, version: int, heard: Heard
) -> None:
    """Record what the CHaRMM said; each outcome stays, and without a day to come back the referral is over.

    For the police. Raises `RuleBroken` for `heard_on`, `text` or `comes_back_on`, `Conflict` since `version` or where
    the referral is over, `NotFound` for whoever may not.
    """
    check_police(session, by, subject)
    check_version(referral, version, ours=heard.text)
    if referral.ended_at is not None:
        raise Conflict("This referral is over. Record a new one.", ours=heard.text)
    if heard.heard_on > london_date(now):
        raise RuleBroken("heard_on", "The date must be today or in the past")
    if heard.heard_on < referral.referred_on:
        raise RuleBroken("heard_on", "It cannot be heard before the day it was referred")
    if not heard.text.strip():
        raise RuleBroken("text", "Enter what the meeting decided")
    _check_back(heard.comes_back_on, heard.heard_on)
    session.add(
        CharmmStep(
            referral_id=referral.key, at=now, by_id=by.account_id, heard_on=heard.heard_on, text=heard.text.strip(),
            comes_back_on=heard.comes_back_on,
        )
    )  # fmt: skip
    referral.comes_back_on = heard.comes_back_on
    referral.ended_at = now if heard.comes_back_on is None else None
    session.flush()
    record(session, by, now, EventKind.CHARMM_HEARD, subject=subject.reference, referral=referral.reference)


def _check_back(comes_back_on: date | None, after: date) -> None:
    if comes_back_on is not None and comes_back_on <= after:
        raise RuleBroken("comes_back_on", "The day it comes back must be later")


def open_referrals(session: Session, back_by: date | None = None) -> Sequence[Any]:
    """Give the referrals to CHaRMMs that are not over, of suspects whom the person may see; what comes back first.

    For the agenda of the network meeting and the list. With `back_by` only those that come back by that day. Rows
    have reference, subject_id, subject, name, district, referred_on, why, comes_back_on, ended_at and last_outcome.
    """
    wanted: list[sa.ColumnElement[bool]] = [col(CharmmReferral.ended_at).is_(None)]
    if back_by is not None:
        wanted.append(col(CharmmReferral.comes_back_on) <= back_by)
    order = (col(CharmmReferral.comes_back_on).is_(None), col(CharmmReferral.comes_back_on), col(CharmmReferral.id))
    return session.execute(_read(*wanted).order_by(*order)).all()


def coming_back(back_by: date) -> sa.ScalarSelect[int]:
    """Give how many come back by a day, as a piece of a statement; the same as `open_referrals` gives for it."""
    statement = select(sa.func.count(col(CharmmReferral.id))).join(
        Subject, col(Subject.id) == col(CharmmReferral.subject_id)
    )
    due = col(CharmmReferral.comes_back_on) <= back_by
    return statement.where(col(CharmmReferral.ended_at).is_(None), due).scalar_subquery()


def ended_referrals(session: Session, limit: int = 200) -> Sequence[Any]:
    """Give the referrals that are over, newest first, with the same columns."""
    statement = _read(col(CharmmReferral.ended_at).is_not(None)).order_by(col(CharmmReferral.id).desc())
    return session.execute(statement.limit(limit)).all()


def referrals_of(session: Session, subject_ids: Sequence[int]) -> Sequence[Any]:
    """Give every referral of some suspects, newest first, with the same columns."""
    wanted = col(CharmmReferral.subject_id).in_(subject_ids)
    return session.execute(_read(wanted).order_by(col(CharmmReferral.id).desc())).all()


def find_referral(session: Session, reference: str) -> CharmmReferral | None:
    """Give one referral to a CHaRMM, or None where there is none or the person may not see it."""
    statement = select(CharmmReferral).where(col(CharmmReferral.reference) == reference.strip().upper())
    return session.scalars(statement).first()


def outcomes_of(session: Session, referral_id: int) -> Sequence[Any]:
    """Give what came of a referral, oldest first, with who recorded it."""
    statement: Any = (
        select(
            col(CharmmStep.heard_on), col(CharmmStep.text), col(CharmmStep.comes_back_on), col(CharmmStep.at),
            col(Account.name).label("by"),
        )
        .outerjoin(Account, col(Account.id) == col(CharmmStep.by_id))
        .where(col(CharmmStep.referral_id) == referral_id)
    )  # fmt: skip
    return session.execute(statement.order_by(col(CharmmStep.id))).all()


def _read(*wanted: sa.ColumnElement[bool]) -> Any:
    last = (
        select(col(CharmmStep.text))
        .where(col(CharmmStep.referral_id) == col(CharmmReferral.id))
        .order_by(col(CharmmStep.id).desc())
        .limit(1)
        .scalar_subquery()
    )
    statement: Any = select(
        col(CharmmReferral.id), col(CharmmReferral.reference), col(CharmmReferral.subject_id),
        col(CharmmReferral.district), col(CharmmReferral.referred_on), col(CharmmReferral.why),
        col(CharmmReferral.comes_back_on), col(CharmmReferral.ended_at), col(CharmmReferral.recorded_at),
        col(Subject.reference).label("subject"),
        col(Subject.name), last.label("last_outcome"),
    )  # fmt: skip
    return statement.join(Subject, col(Subject.id) == col(CharmmReferral.subject_id)).where(*wanted)
