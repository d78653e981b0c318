"""The register of disruption: orders and tactics, each with its steps, which are only ever appended."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.db.references import unused_reference
from meetings_app.errors import RuleBroken
from meetings_app.networks.checks import check_may_change, check_stands, check_version
from meetings_app.networks.models import Disruption, DisruptionStep, Subject
from meetings_app.networks.rules import may_follow
from meetings_app.networks.states import DISRUPTION_STATES, DisruptionState
from meetings_app.permissions import Actor


@dataclass(frozen=True)
class Step:
    """What happened: how it stands now, since when, in words, and until when it holds."""

    state: DisruptionState
    happened_on: date
    text: str
    expires_on: date | None = None
    conditions: str = ""


def begin_disruption(
    session: Session, by: Actor, now: datetime, subject: Subject, tactic: str, agency_id: int, step: Step
) -> Disruption:
    """Put an order or a tactic on the register; `tactic` is a code of `disruption.toml`.

    Raises `RuleBroken` for `happened_on`, `text` and `expires_on`, `NotFound` for whoever may not.
    """
    check_may_change(session, by, subject)
    check_stands(subject)
    _check(now, step)
    row = Disruption(
        reference=unused_reference(session, col(Disruption.reference), "ND"), subject_id=subject.key, tactic=tactic,
        agency_id=agency_id, state=step.state, conditions=step.conditions.strip(), expires_on=step.expires_on,
        recorded_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _append(session, by, now, row, step)
    return row


def take_step(
    session: Session, by: Actor, now: datetime, subject: Subject, row: Disruption, version: int, step: Step
) -> None:
    """Say what became of an order or a tactic. Raises `RuleBroken` for `state` too, `Conflict` since `version`."""
    check_may_change(session, by, subject)
    check_version(row, version, ours=step.text)
    if not may_follow(row.state, step.state):
        raise RuleBroken("state", "It cannot go from how it stands now to this")
    _check(now, step)
    row.state, row.expires_on = step.state, step.expires_on
    if step.conditions.strip():
        row.conditions = step.conditions.strip()
    session.flush()
    _append(session, by, now, row, step)


def _append(session: Session, by: Actor, now: datetime, row: Disruption, step: Step) -> None:
    session.add(
        DisruptionStep(
            disruption_id=row.key, at=now, by_id=by.account_id, state=step.state, happened_on=step.happened_on,
            text=step.text.strip(), expires_on=step.expires_on, conditions=step.conditions.strip(),
        )
    )  # fmt: skip
    session.flush()
    record(session, by, now, EventKind.DISRUPTION_RECORDED, disruption=row.reference, state=step.state.value)


def _check(now: datetime, step: Step) -> None:
    """Raise `RuleBroken` with everything that is wrong. What was granted and is past is recorded as expired."""
    wrong: list[RuleBroken] = []
    if step.happened_on > london_date(now):
        wrong.append(RuleBroken("happened_on", "The date must be today or in the past"))
    if not step.text.strip():
        wrong.append(RuleBroken("text", "Enter what was done, and by whom"))
    if step.expires_on is not None:
        wrong += _wrong_expiry(london_date(now), step, step.expires_on)
    if wrong:
        raise RuleBroken(wrong[0].field, wrong[0].message, wrong[1:])


def _wrong_expiry(today: date, step: Step, expires_on: date) -> list[RuleBroken]:
    if step.state is not DisruptionState.GRANTED:
        return [RuleBroken("expires_on", "Only what was granted expires: leave the date empty")]
    if expires_on < today:
        ended = DISRUPTION_STATES[DisruptionState.ENDED]
        return [RuleBroken("expires_on", f"This day is past: choose “{ended}” and leave it empty, or correct the date")]
    if expires_on < step.happened_on:
        return [RuleBroken("expires_on", "It cannot expire before the day it was granted")]
    return []
