"""Reads of minutes on their way: their versions, their text as it is edited, and what happened to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.errors import DomainError
from meetings_app.meetings.minutes import locked_numbers
from meetings_app.meetings.minutes_readers import issued_numbers
from meetings_app.meetings.models import Minutes
from meetings_app.minutes.models import MinutesCorrection, MinutesFile, MinutesStep, MinutesText, StepKind
from meetings_app.minutes.rules import Written
from meetings_app.schedule.models import Meeting


@dataclass(frozen=True)
class TextShown:
    """The newest version of one edited text."""

    number: int
    text: str
    saved_at: datetime
    by: str


@dataclass(frozen=True)
class StepShown:
    """What happened to a version, and who did it."""

    step: MinutesStep
    by: str
    heard_at: str = ""


@dataclass(frozen=True)
class CorrectionShown:
    """A correction with who asked for it and who answered."""

    correction: MinutesCorrection
    by: str
    answered_by: str


def version_of(session: Session, meeting_id: int, number: int) -> Minutes | None:
    """Give one version of a meeting's minutes."""
    return session.scalars(
        select(Minutes).where(col(Minutes.meeting_id) == meeting_id, col(Minutes.number) == number)
    ).first()


def texts_saved(session: Session, meeting_id: int) -> dict[str, TextShown]:
    """Give the newest version of every text that was edited, by the number of the item."""
    rows: Any = session.execute(
        select(
            col(MinutesText.item), col(MinutesText.number), col(MinutesText.text), col(MinutesText.saved_at),
            col(Account.name),
        )
        .outerjoin(Account, col(Account.id) == col(MinutesText.saved_by_id))
        .where(col(MinutesText.meeting_id) == meeting_id)
        .order_by(col(MinutesText.item), col(MinutesText.number))
    )  # fmt: skip
    return {item: TextShown(number, text, at, by or "") for item, number, text, at, by in rows}


def versions_of_text(session: Session, meeting_id: int, item: str) -> list[TextShown]:
    """Give every version of one edited text, oldest first."""
    rows: Any = session.execute(
        select(col(MinutesText.number), col(MinutesText.text), col(MinutesText.saved_at), col(Account.name))
        .outerjoin(Account, col(Account.id) == col(MinutesText.saved_by_id))
        .where(col(MinutesText.meeting_id) == meeting_id, col(MinutesText.item) == item)
        .order_by(col(MinutesText.number))
    )
    return [TextShown(number, text, at, by or "") for number, text, at, by in rows]


def texts_written(session: Session, meeting_ids: Collection[int]) -> dict[int, dict[str, list[Written]]]:
    """Give by meeting every version of every edited text, oldest first, by the number of the item."""
    rows = session.execute(
        select(
            col(MinutesText.meeting_id), col(MinutesText.item), col(MinutesText.text), col(MinutesText.correction_id)
        )
        .where(col(MinutesText.meeting_id).in_(meeting_ids))
        .order_by(col(MinutesText.meeting_id), col(MinutesText.item), col(MinutesText.number))
    )
    found: dict[int, dict[str, list[Written]]] = {}
    for meeting_id, item, text, correction_id in rows:
        found.setdefault(meeting_id, {}).setdefault(item, []).append(Written(text, correction_id is not None))
    return found


def steps_of(session: Session, meeting_id: int) -> list[StepShown]:
    """Give what happened to the minutes of a meeting, oldest first."""
    rows = session.execute(
        select(MinutesStep, col(Account.name), col(Meeting.reference))
        .outerjoin(Account, col(Account.id) == col(MinutesStep.by_id))
        .outerjoin(Meeting, col(Meeting.id) == col(MinutesStep.heard_at_id))
        .where(col(MinutesStep.meeting_id) == meeting_id)
        .order_by(col(MinutesStep.id))
    )
    return [StepShown(step, name or "", heard_at or "") for step, name, heard_at in rows]


def last_issue(session: Session, meeting_id: int) -> MinutesStep | None:
    """Give when the draft was last issued, or None before that."""
    return session.scalars(
        select(MinutesStep)
        .where(col(MinutesStep.meeting_id) == meeting_id, col(MinutesStep.kind) == StepKind.ISSUED)
        .order_by(col(MinutesStep.id).desc())
    ).first()


def is_reopened(session: Session, meeting_id: int) -> bool:
    """Whether the last signed version was reopened, and no amendment has been signed since."""
    locked = locked_numbers(session, meeting_id)
    reopened = session.scalars(
        select(sa.func.max(col(MinutesStep.number))).where(
            col(MinutesStep.meeting_id) == meeting_id, col(MinutesStep.kind) == StepKind.REOPENED
        )
    ).first()
    return bool(locked) and reopened == locked[-1]


def last_issued_or_signed(session: Session, meeting_id: int) -> int | None:
    """Give the newest version that was issued or signed, or None."""
    found = {*issued_numbers(session, meeting_id), *locked_numbers(session, meeting_id)}
    return max(found, default=None)


def approved(session: Session, meeting_id: int) -> frozenset[int]:
    """Give the numbers of the versions that a later meeting approved."""
    wanted = (col(MinutesStep.meeting_id) == meeting_id, col(MinutesStep.kind) == StepKind.APPROVED)
    return frozenset(session.scalars(select(col(MinutesStep.number)).where(*wanted)))


def corrections_of(session: Session, meeting_id: int) -> list[CorrectionShown]:
    """Give the corrections that the reader may see, oldest first."""
    proposer, answerer = sa.orm.aliased(Account), sa.orm.aliased(Account)
    rows = session.execute(
        select(MinutesCorrection, col(proposer.name), col(answerer.name))
        .join(proposer, col(proposer.id) == col(MinutesCorrection.proposed_by_id))
        .outerjoin(answerer, col(answerer.id) == col(MinutesCorrection.answered_by_id))
        .where(col(MinutesCorrection.meeting_id) == meeting_id)
        .order_by(col(MinutesCorrection.id))
    )
    return [CorrectionShown(correction, by, answered_by or "") for correction, by, answered_by in rows]


def unanswered(session: Session, meeting_id: int) -> int:
    """Say how many corrections that the reader may see wait for an answer."""
    return sum(1 for each in corrections_of(session, meeting_id) if each.correction.answered is None)


def check_answered(session: Session, meeting_id: int) -> None:
    """Refuse to have minutes signed over what somebody asked to have corrected.

    Raises `DomainError` while a correction that the signer may see waits (our default: an answer comes before a lock).
    """
    waiting = unanswered(session, meeting_id)
    if waiting:
        which = "A correction is" if waiting == 1 else f"{waiting} corrections are"
        raise DomainError(f"{which} not answered. Accept or refuse each before you sign.")


def find_correction(session: Session, meeting_id: int, correction_id: int) -> MinutesCorrection | None:
    """Give one correction of a meeting's minutes, where the reader may see it."""
    return session.scalars(
        select(MinutesCorrection).where(
            col(MinutesCorrection.meeting_id) == meeting_id, col(MinutesCorrection.id) == correction_id
        )
    ).first()


def files_of(session: Session, meeting_id: int) -> Sequence[Any]:
    """Give what is known of each file put back, without its content, oldest first."""
    return session.execute(
        select(
            col(MinutesFile.number), col(MinutesFile.version), col(MinutesFile.size), col(MinutesFile.sha256),
            col(MinutesFile.note), col(MinutesFile.added_at), col(Account.name).label("by"),
        )
        .outerjoin(Account, col(Account.id) == col(MinutesFile.added_by_id))
        .where(col(MinutesFile.meeting_id) == meeting_id)
        .order_by(col(MinutesFile.number))
    ).all()  # fmt: skip


def find_file(session: Session, meeting_id: int, number: int) -> MinutesFile | None:
    """Give one file with its content, where the reader may see it."""
    return session.scalars(
        select(MinutesFile).where(col(MinutesFile.meeting_id) == meeting_id, col(MinutesFile.number) == number)
    ).first()
