"""The minutes that a meeting hears in its section “Minutes and matters arising”: those of the meetings before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings.models import Minutes, MinutesStep, StepKind
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.text import day_in_words

SECTION = "minutes"
_MOST = 10


@dataclass(frozen=True)
class EarlierMinutes:
    """The minutes of an earlier meeting, brought for approval."""

    meeting: str
    held_on: date
    signed: bool

    @property
    def text(self) -> str:
        """What the agenda says of them."""
        standing = "signed by both chairs" if self.signed else "draft, not signed by both chairs yet"
        return f"Minutes of {self.meeting}, {day_in_words(self.held_on)}, for approval: {standing}"


@dataclass(frozen=True)
class MinutesHeard:
    """Earlier minutes as the record of a meeting shows them: `to_approve` is the version that waits for it, 0 for none.

    What everybody may read by now is approved: the version that was issued or signed last.
    """

    earlier: EarlierMinutes
    to_approve: int
    approved: int

    @property
    def sentence(self) -> str:
        """Where the approval stands."""
        if self.to_approve:
            return f"Version {self.to_approve} is not approved yet."
        if self.approved:
            return f"Version {self.approved} is approved."
        return "The draft was not issued yet, so there is nothing to approve."


# Built once, for every agenda sends it.
_EARLIER: Any = (
    select(col(Meeting.reference), col(Meeting.held_on), col(Meeting.state))
    .where(
        col(Meeting.area_id) == bindparam("area"), col(Meeting.type) == bindparam("kind"),
        col(Meeting.held_on) < bindparam("before"), col(Meeting.state).in_((MeetingState.CLOSED, MeetingState.SIGNED)),
    )
    .order_by(col(Meeting.held_on).desc(), col(Meeting.id).desc())
    .limit(_MOST)
)  # fmt: skip


def earlier_minutes(session: Session, meeting: Meeting) -> tuple[EarlierMinutes, ...]:
    """Give the minutes of the last meeting of the area held before this one, and of every earlier one not signed yet.

    SUR has the minutes heard at the next meeting. That unsigned ones come back is our default: nothing falls off.
    """
    asked = {"area": meeting.area_id, "kind": meeting.type, "before": meeting.held_on}
    found = [
        EarlierMinutes(row.reference, row.held_on, row.state is MeetingState.SIGNED)
        for row in session.execute(_EARLIER, asked)
    ]
    return tuple(each for place, each in enumerate(found) if place == 0 or not each.signed)


def minutes_to_hear(session: Session, meeting: Meeting) -> list[MinutesHeard]:
    """Give the minutes that a meeting hears, each with where its approval stands."""
    earlier = earlier_minutes(session, meeting)
    wanted = col(Meeting.reference).in_([each.meeting for each in earlier])
    signed: Any = session.execute(
        select(col(Meeting.reference), col(Minutes.number))
        .join(Minutes, col(Minutes.meeting_id) == col(Meeting.id))
        .where(wanted, col(Minutes.second_signed_at).is_not(None))
    )
    steps: Any = session.execute(
        select(col(Meeting.reference), col(MinutesStep.number), col(MinutesStep.kind))
        .join(MinutesStep, col(MinutesStep.meeting_id) == col(Meeting.id))
        .where(wanted, col(MinutesStep.kind).in_((StepKind.ISSUED, StepKind.APPROVED)))
    )
    told: dict[str, set[int]] = {}
    approved: dict[str, set[int]] = {}
    for reference, number in signed:
        told.setdefault(reference, set()).add(number)
    for reference, number, kind in steps:
        (approved if kind is StepKind.APPROVED else told).setdefault(reference, set()).add(number)
    return [_heard(each, told.get(each.meeting, set()), approved.get(each.meeting, set())) for each in earlier]


def _heard(earlier: EarlierMinutes, told: set[int], approved: set[int]) -> MinutesHeard:
    newest = max(told, default=0)
    return MinutesHeard(earlier, 0 if newest in approved else newest, max(approved, default=0))


def heard_minutes(session: Session, meeting: Meeting) -> list[dict[str, Any]]:
    """Give the earlier minutes that the meeting heard, each with the version it approved, 0 for none."""
    rows: Any = session.execute(
        select(col(Meeting.reference), col(MinutesStep.number))
        .join(MinutesStep, col(MinutesStep.meeting_id) == col(Meeting.id))
        .where(col(MinutesStep.heard_at_id) == meeting.key, col(MinutesStep.kind) == StepKind.APPROVED)
        .order_by(col(MinutesStep.id))
    )
    approved: dict[str, int] = dict(rows.all())
    return [
        {"meeting": each.meeting, "held_on": each.held_on.isoformat(), "approved": approved.get(each.meeting, 0)}
        for each in earlier_minutes(session, meeting)
    ]


def earlier_in_words(heard: Iterable[Mapping[str, Any]]) -> str:
    """Say which earlier minutes a meeting heard, and which version of them it approved."""
    return "\n".join(
        f"{each['meeting']}, {day_in_words(date.fromisoformat(each['held_on']))}: "
        + (
            f"version {each['approved']} approved."
            if each["approved"]
            else "on the agenda, and no approval is recorded."
        )
        for each in heard
    )
