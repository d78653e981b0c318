"""Going on although something is pointed out (`doubts`), with a reason, which is kept and shown."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import RuleBroken
from meetings_app.meetings.doubts import Doubt
from meetings_app.meetings.models import CheckOverride, Stage
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting

_LONGEST = 2_000


@dataclass(frozen=True)
class Override:
    """That somebody went on all the same, as pages show it. The reason is for whoever may see every item."""

    stage: Stage
    number: int
    doubts: tuple[Doubt, ...]
    reason: str
    at: datetime
    by: str


def check_reason(doubts: Sequence[Doubt], reason: str, field: str) -> str:
    """Give the reason to go on, empty where nothing that is pointed out asks for one.

    Raises `RuleBroken` for `field`.
    """
    if not any(doubt.needs_reason for doubt in doubts):
        return ""
    said = reason.strip()
    if not said:
        raise RuleBroken(field, "Enter why you go on although this is not seen to")
    if len(said) > _LONGEST:
        raise RuleBroken(field, f"The reason must be {_LONGEST} characters or fewer")
    return said


def go_on_despite(
    session: Session, by: Actor, now: datetime, meeting: Meeting, stage: Stage, doubts: Sequence[Doubt], reason: str,
    number: int = 0, field: str = "despite",
) -> None:  # fmt: skip
    """Keep why somebody goes on although something is pointed out; nothing where nothing asks for a reason.

    The trail says who, when and what was pointed out, and holds a digest of the reason, which itself may name a child
    and stands beside the meeting. The caller has asked whether `by` may. Raises `RuleBroken` for `field`.
    """
    said = check_reason(doubts, reason, field)
    if not said:
        return
    session.add(
        CheckOverride(
            meeting_id=meeting.key, area_id=meeting.area_id or 0, stage=stage, number=number,
            pointed=[asdict(doubt) for doubt in doubts], reason=said, at=now, by_id=by.account_id,
        )
    )  # fmt: skip
    session.flush()
    _record(session, by, now, meeting, stage, doubts, said)


def issue_despite(
    session: Session, by: Actor, now: datetime, meeting: Meeting, doubts: Sequence[Doubt], reason: str, number: int
) -> None:
    """Let version `number` of the minutes be issued although something is pointed out, as `go_on_despite` does.

    The reason given at the close holds where that was given for all of it: then the trail says that it stood. Raises
    `RuleBroken` for `despite`.
    """
    given = None if reason.strip() else given_at_closing(session, meeting, doubts)
    if given is None:
        go_on_despite(session, by, now, meeting, Stage.MINUTES, doubts, reason, number)
    else:
        _record(session, by, now, meeting, Stage.MINUTES, doubts, given.reason, given=Stage.CLOSING.value)


def given_at_closing(session: Session, meeting: Meeting, doubts: Sequence[Doubt]) -> Override | None:
    """Give the reason with which the meeting was closed in spite of everything in `doubts` that asks for one.

    None where nothing asks for one, or something does that was not pointed out then (our default).
    """
    asked = _points(doubts)
    closed = (each for each in overrides_of(session, meeting.key) if each.stage is Stage.CLOSING)
    return next((each for each in closed if asked and asked <= _points(each.doubts)), None)


def _points(doubts: Sequence[Doubt]) -> set[tuple[str, str]]:
    """Give what asks for a reason, item by item."""
    return {(doubt.code, number) for doubt in doubts if doubt.needs_reason for number in doubt.numbers or ("",)}


def _record(
    session: Session, by: Actor, now: datetime, meeting: Meeting, stage: Stage, doubts: Sequence[Doubt], reason: str,
    **given: Any,
) -> None:  # fmt: skip
    record(
        session, by, now, EventKind.CHECKS_OVERRIDDEN, meeting=meeting.reference, stage=stage.value,
        checks=", ".join(sorted({doubt.code for doubt in doubts})), sha256=hashlib.sha256(reason.encode()).hexdigest(),
        **given,
    )  # fmt: skip


# Built once, for every published agenda sends it.
_OF_MEETING: Any = (
    select(
        col(CheckOverride.stage), col(CheckOverride.number), col(CheckOverride.pointed), col(CheckOverride.reason),
        col(CheckOverride.at), col(Account.name),
    )
    .outerjoin(Account, col(Account.id) == col(CheckOverride.by_id))
    .where(col(CheckOverride.meeting_id) == bindparam("meeting"))
    .order_by(col(CheckOverride.id))
)  # fmt: skip


def overrides_of(session: Session, meeting_id: int) -> list[Override]:
    """Give what was gone on with all the same at a meeting, oldest first, as far as the reader may see it."""
    rows = session.execute(_OF_MEETING, {"meeting": meeting_id})
    return [
        Override(
            row.stage, row.number,
            tuple(Doubt(**{**each, "numbers": tuple(each["numbers"])}) for each in row.pointed),
            row.reason, row.at, row.name or "",
        )
        for row in rows
    ]  # fmt: skip
