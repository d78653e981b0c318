"""What is to be done about the minutes of a meeting that was held: issue, answer, sign, amend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.home.drafts import UNTOUCHED, TextSince, Versions, texts_since
from meetings_app.meetings.minutes_readers import opens
from meetings_app.meetings.models import Minutes
from meetings_app.minutes.answering import answered_by_all, answers_by_signing, waiting_for
from meetings_app.minutes.models import Answered, MinutesCorrection, MinutesStep, StepKind
from meetings_app.minutes.rules import issue_due
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.models import MeetingState, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.web.filters import plain_date

ToDo = tuple[str, str, bool, bool]
"""Words, words of the button, whether it is late, whether it is for today."""


@dataclass(frozen=True)
class NewestMinutes:
    """The newest version of a meeting’s minutes, and what waits beside it."""

    number: int
    first_chair_id: int | None
    locked: bool
    until: date | None
    """The last day on which corrections are taken; None before the draft is issued."""
    issued: int | None
    """The version that was issued last."""
    unanswered: int
    text: TextSince = UNTOUCHED
    answered: bool = False
    """Whether everybody who was in the room has answered the draft, so that nobody waits for corrections."""
    waits: bool = False
    """Whether it waits for the reader’s own answer, who was in the room."""
    accepted: int = 0
    """How many of the reader’s own corrections a chair accepted."""
    refused: int = 0
    """How many of them a chair refused."""
    signed: bool = False
    """Whether any version is signed, so that nobody answers a draft any more: this one is an amendment."""


_newest = aliased(Minutes)
_until = (
    select(sa.func.max(col(MinutesStep.until)))
    .where(col(MinutesStep.meeting_id) == col(Minutes.meeting_id), col(MinutesStep.kind) == StepKind.ISSUED)
    .scalar_subquery()
)
_issued = (
    select(sa.func.max(col(MinutesStep.number)))
    .where(col(MinutesStep.meeting_id) == col(Minutes.meeting_id), col(MinutesStep.kind) == StepKind.ISSUED)
    .scalar_subquery()
)
_unanswered = (
    select(sa.func.count(col(MinutesCorrection.id)))
    .where(col(MinutesCorrection.meeting_id) == col(Minutes.meeting_id), col(MinutesCorrection.answered).is_(None))
    .scalar_subquery()
)


def _own(answered: Answered) -> Any:
    """Count the reader’s own corrections that were answered so."""
    return (
        select(sa.func.count(col(MinutesCorrection.id)))
        .where(
            col(MinutesCorrection.meeting_id) == col(Minutes.meeting_id), col(MinutesCorrection.answered) == answered,
            col(MinutesCorrection.proposed_by_id) == bindparam("me", type_=sa.Integer),
        )
        .scalar_subquery()
    )  # fmt: skip


_signed = (
    sa.exists()
    .where(col(_newest.meeting_id) == col(Minutes.meeting_id), col(_newest.second_signed_at).is_not(None))
    .correlate(Minutes)
)
_last_number = (
    select(sa.func.max(col(_newest.number))).where(col(_newest.meeting_id) == col(Minutes.meeting_id)).scalar_subquery()
)
# Built once, for every home page sends it.
_STANDING: Any = select(
    col(Minutes.meeting_id), col(Minutes.number), col(Minutes.first_chair_id), col(Minutes.second_signed_at), _until,
    _issued, _unanswered, _signed, _own(Answered.ACCEPTED), _own(Answered.REFUSED),
).where(
    col(Minutes.meeting_id).in_(bindparam("meetings", expanding=True)), col(Minutes.number) == _last_number
)  # fmt: skip


def reopened_meetings() -> Any:
    """Give the ids of meetings whose last signed version was reopened, and whose amendment is not signed yet."""
    signed = (
        select(sa.func.max(col(Minutes.number)))
        .where(col(Minutes.meeting_id) == col(MinutesStep.meeting_id), col(Minutes.second_signed_at).is_not(None))
        .scalar_subquery()
    )
    return select(col(MinutesStep.meeting_id)).where(
        col(MinutesStep.kind) == StepKind.REOPENED, col(MinutesStep.number) == signed
    )


def newest_minutes(session: Session, by: Actor, today: date, meetings: Sequence[Any]) -> Mapping[int, NewestMinutes]:
    """Give the newest minutes of each meeting, in few statements; corrections are those that the reader may see.

    What became of an issued draft is asked only for whoever has something to do about it.
    """
    rows = session.execute(_STANDING, {"meetings": [row.id for row in meetings], "me": by.account_id})
    found = {
        meeting_id: NewestMinutes(
            number, first, second_at is not None, until, issued, unanswered, signed=bool(signed), accepted=accepted,
            refused=refused,
        )
        for meeting_id, number, first, second_at, until, issued, unanswered, signed, accepted, refused in rows
    }  # fmt: skip
    drafts = [row for row in meetings if row.id in found and _is_issued_draft(found[row.id]) and does(row, by)]
    texts = texts_since(session, [_versions(row, found[row.id]) for row in drafts])
    waiting = [row for row in drafts if _takes_corrections(found[row.id], today)]
    answered = answered_by_all(session, waiting, {row.id: found[row.id].issued or 0 for row in waiting})
    for meeting_id in _waiting_for(session, by, today, meetings, found):
        found[meeting_id] = replace(found[meeting_id], waits=True)
    for row in drafts:
        found[row.id] = replace(found[row.id], text=texts.get(row.id, UNTOUCHED), answered=row.id in answered)
    return found


def _waiting_for(
    session: Session, by: Actor, today: date, meetings: Sequence[Any], found: Mapping[int, NewestMinutes]
) -> frozenset[int]:
    """Give the meetings whose draft waits for the reader’s own answer, as the page of the minutes offers it."""
    asked = {
        row.id: minutes.issued or 0
        for row in meetings
        if (minutes := found.get(row.id)) and minutes.until and today <= minutes.until and not minutes.signed
        and opens(by, row)
    }  # fmt: skip
    by_id = {row.id: row for row in meetings}
    return frozenset(
        each for each in waiting_for(session, by, asked)
        if not does(by_id[each], by) or _is_offered(by, by_id[each], found[each])
    )  # fmt: skip


def _is_offered(by: Actor, row: Any, minutes: NewestMinutes) -> bool:
    """Whether the page of the minutes offers the answer to a reader who also records them: who signs answers so.

    A newer version than the one issued is not answered.
    """
    return minutes.number == minutes.issued and not answers_by_signing(by, row)


def _is_issued_draft(minutes: NewestMinutes) -> bool:
    return minutes.until is not None and not minutes.locked


def _takes_corrections(minutes: NewestMinutes, today: date) -> bool:
    in_time = minutes.until is not None and today <= minutes.until
    return in_time and minutes.first_chair_id is None and not minutes.unanswered


def does(row: Any, by: Actor) -> bool:
    """Whether the reader has anything to do about the minutes of a meeting."""
    if row.type is MeetingType.NETWORK:
        return by.may(Permission.DECIDE_NETWORKS)
    return by.may(Permission.SIGN_MINUTES, row.area_id) or by.may(Permission.RECORD_MEETING, row.area_id)


def _versions(row: Any, minutes: NewestMinutes) -> Versions:
    # An amendment is issued to nobody: what it says in other words than the last draft is not issued again.
    issued = minutes.issued if row.state is MeetingState.CLOSED else None
    return Versions(row.id, minutes.number, issued, of_network=row.type is MeetingType.NETWORK)


def about_minutes(row: Any, by: Actor, today: date, office: Office, minutes: NewestMinutes | None) -> ToDo | None:
    """Say what the reader has to do about the minutes of a meeting; None where that is nothing."""
    if not does(row, by):
        return _own_answer(minutes)
    if row.type is MeetingType.NETWORK:
        waits = minutes if row.state is MeetingState.CLOSED else None
        return _draft(row, by, today, office, waits, signs=True) if waits is not None else None
    signs = by.may(Permission.SIGN_MINUTES, row.area_id)
    if row.state is MeetingState.SIGNED and (minutes is None or minutes.locked):
        return "The minutes are reopened: write the amendment.", "Open the minutes", False, False
    if row.state is MeetingState.CLOSED and minutes is not None:
        return _with_own_answer(_draft(row, by, today, office, minutes, signs=signs), minutes)
    what = "amendment" if row.state is MeetingState.SIGNED else "minutes"
    if minutes is not None and minutes.text.edited:
        return _next_version(minutes, what)
    return _for_chair(by, minutes, what) if signs else _wait_for_signatures(what)


def where_to_go_on(row: Any, minutes: NewestMinutes | None) -> str:
    """Give the address that the button opens: of an amendment the version that waits, for the signed one holds still.

    Every other meeting opens its own page, which says what is next.
    """
    if row.state is not MeetingState.SIGNED or row.type is MeetingType.NETWORK or minutes is None or minutes.locked:
        return f"/meetings/{row.reference}"
    return f"/meetings/{row.reference}/minutes?version={minutes.number}"


def _own_answer(minutes: NewestMinutes | None) -> ToDo | None:
    """Say that the draft waits for the reader’s answer, or what became of their corrections until it is signed."""
    if minutes is None:
        return None
    answers = "" if minutes.signed else _own_corrections(minutes)
    if minutes.waits:
        words = f"The draft of the minutes waits for your answer until {plain_date(minutes.until)}."
        return f"{answers} {words}".lstrip(), "Open the minutes", False, False
    return (f"{answers} The minutes are not signed yet.", "Open the minutes", False, False) if answers else None


def _own_corrections(minutes: NewestMinutes) -> str:
    """Say what the chairs answered to the reader’s corrections; empty where they answered none."""
    if minutes.accepted + minutes.refused == 1:
        return f"Your correction was {'accepted' if minutes.accepted else 'refused'}."
    counts = ((minutes.accepted, "accepted"), (minutes.refused, "refused"))
    told = [f"{count} {'was' if count == 1 else 'were'} {words}" for count, words in counts if count]
    return f"Of your corrections {' and '.join(told)}." if told else ""


def _with_own_answer(to_do: ToDo, minutes: NewestMinutes) -> ToDo:
    """Say as well that the draft waits for the reader’s own answer, unless it is to be issued again."""
    if not minutes.waits or minutes.text.rewritten:
        return to_do
    words, button, late, pressing = to_do
    return f"{words} The draft waits for your answer too.", button, late, pressing


def _draft(row: Any, by: Actor, today: date, office: Office, minutes: NewestMinutes, *, signs: bool) -> ToDo:
    """Say where a draft stands: to be issued, corrections to be answered, their time still running, to be signed."""
    if minutes.until is None:
        due = issue_due(row.held_on, office.definition(row.type).draft_minutes_working_days, office.calendar)
        late = due < today
        words = f"it was due by {plain_date(due)}" if late else f"it is due by {plain_date(due)}"
        return f"Issue the draft of the minutes to those who attended: {words}.", "Open the minutes", late, late
    if minutes.unanswered:
        if signs:
            return _for_chair(by, minutes, "minutes")
        return f"{_corrections(minutes)} for a chair’s answer.", "Open the minutes", False, False
    if minutes.text.rewritten:
        words = f"The text changed since version {minutes.issued} was sent for corrections. Issue the draft again."
        return words, "Open the minutes", False, True
    if _takes_corrections(minutes, today) and not minutes.answered:
        until = plain_date(minutes.until)
        return f"The draft of the minutes waits for corrections until {until}.", "Open the minutes", False, False
    if minutes.text.edited:
        return _next_version(minutes, "minutes")
    return _for_chair(by, minutes, "minutes") if signs else _wait_for_signatures("minutes")


def _next_version(minutes: NewestMinutes, what: str) -> ToDo:
    words = f"The text was edited after version {minutes.number} was made. Make the next version of the {what} to sign."
    return words, "Open the minutes", False, True


def _wait_for_signatures(what: str) -> ToDo:
    verb = "waits" if what == "amendment" else "wait"
    return f"The {what} {verb} for the chairs’ signatures.", "Open the minutes", False, False


def _corrections(minutes: NewestMinutes) -> str:
    return "A correction waits" if minutes.unanswered == 1 else f"{minutes.unanswered} corrections wait"


def _for_chair(by: Actor, minutes: NewestMinutes | None, what: str) -> ToDo:
    if minutes is not None and minutes.unanswered:
        return f"{_corrections(minutes)} for an answer before the minutes are signed.", "Open the minutes", False, True
    if minutes is not None and minutes.first_chair_id == by.account_id:
        they = "It waits" if what == "amendment" else "They wait"
        return f"You have signed the {what}. {they} for the other chair.", "Open the minutes", False, False
    return f"Sign the {what}.", f"Sign the {what}", False, True
