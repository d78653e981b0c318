"""Signed minutes that were reopened: what waits to be written or signed while the signed version holds."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings.minutes import locked_numbers, numbers_of
from meetings_app.meetings.models import MinutesStep, StepKind


@dataclass(frozen=True)
class AmendmentWaits:
    """An amendment that is not signed yet: the version that holds, and the one that waits, 0 until one is made."""

    signed: int
    version: int

    @property
    def title(self) -> str:
        """What is to be done next."""
        return "Sign the amendment" if self.version else "Write the amendment"

    @property
    def text(self) -> str:
        """Where the minutes stand."""
        waits = (
            f"Version {self.version}, the amendment, waits for the chairs’ signatures."
            if self.version
            else "The minutes are reopened."
        )
        return f"{waits} Version {self.signed} is signed and holds until then."

    @property
    def button(self) -> str:
        """What the link says that leads to it."""
        return f"Open version {self.version}" if self.version else "Open the minutes"


def amendment_waits(session: Session, meeting_id: int) -> AmendmentWaits | None:
    """Give the amendment of a meeting’s minutes that waits; None where the signed version is the last word."""
    locked = locked_numbers(session, meeting_id)
    if not locked:
        return None
    newest = numbers_of(session, meeting_id)[-1]
    if newest > locked[-1]:
        return AmendmentWaits(locked[-1], newest)
    reopened = session.scalars(
        select(func.max(col(MinutesStep.number))).where(
            col(MinutesStep.meeting_id) == meeting_id, col(MinutesStep.kind) == StepKind.REOPENED
        )
    ).one()
    return AmendmentWaits(locked[-1], 0) if reopened == locked[-1] else None
