"""The minutes that a meeting hears in its section “Minutes and matters arising”: those of the meetings before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.meetings.models import Minutes, MinutesStep, StepKind
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.text import day_in_words

SECTION = "minutes"
_MOST = 10


@dataclass(frozen=True)
class Approval:
    """An earlier meeting that approved a version of the minutes."""

    number: int
    heard_at: str
    heard_on: date


@dataclass(frozen=True)
class EarlierMinutes:
    """The minutes of an earlier meeting: brought for approval, or approved by a meeting held before this one."""

    meeting: str
    held_on: date
    signed: bool
    approval: Approval | None = None
    """Which earlier meeting approved what was issued or signed last; None while that waits for approval."""

    @property
    def text(self) -> str:
        """What the agenda says of them."""
        of = f"Minutes of {self.meeting}, {day_in_words(self.held_on)}"
        if self.approval:
            standing = "signed by both chairs" if self.signed else "not signed by both chairs yet"
            return f"{of}: approved by {self.approval.heard_at} on {day_in_words(self.approval.heard_on)}, {standing}"
        standing = "signed by both chairs" if self.signed else "draft, not signed by both chairs yet"
        return f"{of}, for approval: {standing}"


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


_heard_at = aliased(Meeting)
_approving = aliased(MinutesStep)


def _last(model: Any, *wanted: Any) -> Any:
    """Give the newest version of a meeting’s minutes of which this holds."""
    return (
        select(func.max(col(model.number))).where(col(model.meeting_id) == col(Meeting.id), *wanted).scalar_subquery()
    )


# Built once, for every agenda sends it. An approval counts from the meetings before this one: whatever this meeting
# approves itself was brought to it for approval.
_EARLIER: Any = (
    select(
        col(Meeting.reference), col(Meeting.held_on), col(Meeting.state),
        _last(MinutesStep, col(MinutesStep.kind) == StepKind.ISSUED).label("issued"),
        _last(Minutes, col(Minutes.second_signed_at).is_not(None)).label("locked"),
        col(_approving.number).label("approved"), col(_heard_at.reference).label("heard_at"),
        col(_heard_at.held_on).label("heard_on"),
    )
    .select_from(Meeting)
    .outerjoin(
        _approving,
        col(_approving.id)
        == select(func.max(col(MinutesStep.id)))
        .join(_heard_at, col(_heard_at.id) == col(MinutesStep.heard_at_id))
        .where(
            col(MinutesStep.meeting_id) == col(Meeting.id), col(MinutesStep.kind) == StepKind.APPROVED,
            col(_heard_at.held_on) < bindparam("before"),
        )
        .correlate(Meeting)
        .scalar_subquery(),
    )
    .outerjoin(_heard_at, col(_heard_at.id) == col(_approving.heard_at_id))
    .where(
        col(Meeting.area_id) == bindparam("area"), col(Meeting.type) == bindparam("kind"),
        col(Meeting.held_on) < bindparam("before"), col(Meeting.state).in_((MeetingState.CLOSED, MeetingState.SIGNED)),
    )
    .order_by(col(Meeting.held_on).desc(), col(Meeting.id).desc())
    .limit(_MOST)
)  # fmt: skip


def earlier_minutes(session: Session, meeting: Meeting) -> tuple[EarlierMinutes, ...]:
    """Give the minutes of the last meeting of the area held before this one, and of every earlier one not signed yet.

    SUR has the minutes heard at the next meeting. That unsigned ones come back is our default: nothing falls off. What
    a meeting before this one approved says so, unless a newer version was issued or signed since.
    """
    asked = {"area": meeting.area_id, "kind": meeting.type, "before": meeting.held_on}
    found = [
        EarlierMinutes(row.reference, row.held_on, row.state is MeetingState.SIGNED, _approval(row))
        for row in session.execute(_EARLIER, asked)
    ]
    return tuple(each for place, each in enumerate(found) if place == 0 or not each.signed)


def _approval(row: Any) -> Approval | None:
    told = max(row.issued or 0, row.locked or 0)
    return Approval(row.approved, row.heard_at, row.heard_on) if row.approved and row.approved >= told else None


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
    """Give the earlier minutes that the meeting heard, each with the version it approved, 0 for none.

    What a meeting before had approved is `approved_before`, with that meeting: this one was not asked again.
    """
    rows: Any = session.execute(
        select(col(Meeting.reference), col(MinutesStep.number))
        .join(MinutesStep, col(MinutesStep.meeting_id) == col(Meeting.id))
        .where(col(MinutesStep.heard_at_id) == meeting.key, col(MinutesStep.kind) == StepKind.APPROVED)
        .order_by(col(MinutesStep.id))
    )
    approved: dict[str, int] = dict(rows.all())
    return [
        {
            "meeting": each.meeting, "held_on": each.held_on.isoformat(), "approved": approved.get(each.meeting, 0),
            **_approved_before(each.approval),
        }
        for each in earlier_minutes(session, meeting)
    ]  # fmt: skip


def _approved_before(approval: Approval | None) -> dict[str, Any]:
    if approval is None:
        return {}
    return {"approved_before": {"version": approval.number, "heard_at": approval.heard_at}}


def earlier_in_words(heard: Iterable[Mapping[str, Any]]) -> str:
    """Say which earlier minutes a meeting heard, and which version of them it approved."""
    return "\n".join(
        f"{each['meeting']}, {day_in_words(date.fromisoformat(each['held_on']))}: {_approval_in_words(each)}"
        for each in heard
    )


def _approval_in_words(each: Mapping[str, Any]) -> str:
    if each["approved"]:
        return f"version {each['approved']} approved."
    before = each.get("approved_before")
    if before:
        return f"version {before['version']} was approved by {before['heard_at']}."
    return "on the agenda, and no approval is recorded."
