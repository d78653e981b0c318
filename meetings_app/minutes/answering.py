"""What those who attended say to a draft: nothing to correct, or a correction; and who has not answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.queries import actors_of
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.errors import DomainError, NotFound
from meetings_app.meetings.minutes import locked_numbers
from meetings_app.meetings.minutes_readers import attended, opens, told_of_the_draft
from meetings_app.meetings.models import Attendance, Presence
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.queries import attendance_of
from meetings_app.minutes import queries
from meetings_app.minutes.editing import found_minutes
from meetings_app.minutes.models import MinutesCorrection, NoCorrection
from meetings_app.minutes.rules import check_answer
from meetings_app.permissions import Actor, Permission, Role
from meetings_app.schedule.models import Meeting, MeetingType


@dataclass(frozen=True)
class AnswerShown:
    """What somebody who was in the room has said to the version that was issued last."""

    account_id: int | None
    name: str
    agency: str
    opens: bool
    """Whether they can open the draft here; who cannot is asked by hand."""
    signs: bool
    """Whether they sign the minutes, which is their answer."""
    said_at: datetime | None = None
    """When they said that there is nothing to correct."""
    asked: int = 0
    """How many corrections they asked for."""

    @property
    def answered(self) -> bool:
        """Whether they have said something to the draft."""
        return self.said_at is not None or self.asked > 0


@dataclass(frozen=True)
class DraftAnswers:
    """The answers to the version issued last, as one reader’s page shows them."""

    number: int
    may_say: bool
    """Whether the reader may say that there is nothing to correct, and has not."""
    said_at: datetime | None
    """When the reader said so."""
    asked: int
    """How many corrections the reader asked for."""
    everybody: Sequence[AnswerShown]
    """What each said, for whoever records the meeting."""
    complete: bool
    """Whether everybody has answered, and no correction waits."""


def say_nothing_to_correct(session: Session, by: Actor, now: datetime, meeting: Meeting, number: int) -> NoCorrection:
    """Record that somebody who attended has nothing to correct in version `number`; said twice, it is kept once.

    It takes no right away: they may still ask for a correction. Raises `DomainError` where that version is not the one
    issued last, its time for corrections is over or it is signed, `NotFound` for whoever did not attend.
    """
    if by.account_id is None or not opens(by, meeting) or by.account_id not in attended(session, meeting.key):
        raise NotFound
    lock(session, meeting)
    found_minutes(session, meeting)
    if locked_numbers(session, meeting.key):
        raise DomainError("These minutes are signed: there is nothing left to answer.")
    last = queries.last_issue(session, meeting.key)
    check_answer(last.number if last else None, last.until if last else None, number, london_date(now))
    said = answer_of(session, by, meeting, number)
    if said is not None:
        return said
    said = NoCorrection(
        meeting_id=meeting.key, area_id=meeting.area_id, number=number, account_id=by.account_id, said_at=now
    )
    session.add(said)
    session.flush()
    record(session, by, now, EventKind.NOTHING_TO_CORRECT, meeting=meeting.reference, version=number)
    return said


def answer_of(session: Session, by: Actor, meeting: Meeting, number: int) -> NoCorrection | None:
    """Give that somebody said there is nothing to correct in a version, or None."""
    return session.scalars(
        select(NoCorrection).where(
            col(NoCorrection.meeting_id) == meeting.key, col(NoCorrection.number) == number,
            col(NoCorrection.account_id) == by.account_id,
        )
    ).first()  # fmt: skip


def answers_to(session: Session, meeting: Meeting, number: int) -> list[AnswerShown]:
    """Give what everybody who was in the room has said to version `number`, by agency and name.

    As far as the reader may see it: a correction that is hidden from them is no answer for them.
    """
    able = {each.key for each in told_of_the_draft(session, meeting)}
    signing = {by.account_id for by in actors_of(session, able, set_up=False) if answers_by_signing(by, meeting)}
    said, asked = _said(session, meeting, number), _asked(session, meeting, number)
    return [
        AnswerShown(
            each.account_id, each.name, each.agency, opens=each.account_id in able, signs=each.account_id in signing,
            said_at=said.get(each.account_id), asked=asked.get(each.account_id, 0),
        )
        for each in attendance_of(session, meeting.key)
        if each.presence is Presence.PRESENT
    ]  # fmt: skip


def draft_answers(
    session: Session, by: Actor, meeting: Meeting, shown: int, *, may_ask: bool, staff: bool
) -> DraftAnswers | None:
    """Give the answers to the version issued last, on the page of version `shown`; None before, and once it is signed.

    `may_ask` says that the reader may ask for corrections, `staff` that they record the meeting.
    """
    last = queries.last_issue(session, meeting.key)
    if last is None or locked_numbers(session, meeting.key):
        return None
    everybody = answers_to(session, meeting, last.number) if staff else []
    own = answer_of(session, by, meeting, last.number) if may_ask else None
    asked = _asked(session, meeting, last.number).get(by.account_id, 0) if may_ask else 0
    return DraftAnswers(
        last.number, may_ask and own is None and shown == last.number and not answers_by_signing(by, meeting),
        own.said_at if own else None, asked, everybody,
        all_answered(everybody) and not queries.unanswered(session, meeting.key),
    )  # fmt: skip


def all_answered(answers: Sequence[AnswerShown]) -> bool:
    """Whether everybody who was in the room and does not sign has answered; there is somebody, and none is left out."""
    return _complete([each.answered for each in answers if not each.signs])


def _complete(answered: Sequence[bool]) -> bool:
    return bool(answered) and all(answered)


def answered_by_all(session: Session, meetings: Sequence[Any], issued: Mapping[int, int]) -> frozenset[int]:
    """Give those of the meetings, by id, whose draft everybody has answered as `all_answered` says, in few statements.

    `meetings` are rows with `id`, `type` and `area_id`; `issued` gives by meeting the version that was issued last.
    """
    if not meetings:
        return frozenset()
    there, answers = _there(session, issued), _answers(session, issued)
    people = actors_of(
        session, {each for each in chain.from_iterable(there.values()) if each is not None}, set_up=False
    )
    return frozenset(
        row.id
        for row in meetings
        if _complete(
            [
                account_id in answers.get((row.id, issued[row.id]), ())
                for account_id in there.get(row.id, ())
                if account_id not in {by.account_id for by in people if answers_by_signing(by, row)}
            ]
        )
    )


def waiting_for(session: Session, by: Actor, issued: Mapping[int, int]) -> frozenset[int]:
    """Give those of some meetings whose draft `by` was in the room for and has not answered, in three statements.

    `issued` gives by meeting the version that was issued last. The caller has asked whether they may open it.
    """
    if not issued:
        return frozenset()
    there, answers = _there(session, issued), _answers(session, issued)
    return frozenset(
        meeting_id
        for meeting_id, number in issued.items()
        if by.account_id in there.get(meeting_id, ()) and by.account_id not in answers.get((meeting_id, number), ())
    )


def _there(session: Session, meeting_ids: Collection[int]) -> dict[int, list[int | None]]:
    """Give by meeting the account of each who was in the room; None for whoever has none."""
    rows = session.execute(
        select(col(Attendance.meeting_id), col(Attendance.account_id)).where(
            col(Attendance.meeting_id).in_(meeting_ids), col(Attendance.presence) == Presence.PRESENT
        )
    )
    found: dict[int, list[int | None]] = {}
    for meeting_id, account_id in rows:
        found.setdefault(meeting_id, []).append(account_id)
    return found


def _answers(session: Session, meeting_ids: Collection[int]) -> dict[tuple[int, int], set[int]]:
    """Give by meeting and version the accounts that had nothing to correct or asked for a correction."""
    nothing = select(col(NoCorrection.meeting_id), col(NoCorrection.number), col(NoCorrection.account_id)).where(
        col(NoCorrection.meeting_id).in_(meeting_ids)
    )
    asked = select(
        col(MinutesCorrection.meeting_id), col(MinutesCorrection.number), col(MinutesCorrection.proposed_by_id)
    ).where(col(MinutesCorrection.meeting_id).in_(meeting_ids))
    found: dict[tuple[int, int], set[int]] = {}
    for meeting_id, number, account_id in chain(session.execute(nothing), session.execute(asked)):
        found.setdefault((meeting_id, number), set()).add(account_id)
    return found


def answers_by_signing(by: Actor, meeting: Any) -> bool:
    """Whether a signature is somebody's answer: a deputy answers as every member does, and signs where a chair cannot.

    Our default.
    """
    if meeting.type is MeetingType.NETWORK:
        return by.may(Permission.DECIDE_NETWORKS)
    return any(grant.role is Role.CHAIR and grant.area_id in (None, meeting.area_id) for grant in by.grants)


def _said(session: Session, meeting: Meeting, number: int) -> dict[int | None, datetime]:
    rows = session.execute(
        select(col(NoCorrection.account_id), col(NoCorrection.said_at)).where(
            col(NoCorrection.meeting_id) == meeting.key, col(NoCorrection.number) == number
        )
    )
    return {row.account_id: row.said_at for row in rows}


def _asked(session: Session, meeting: Meeting, number: int) -> dict[int | None, int]:
    rows = session.execute(
        select(col(MinutesCorrection.proposed_by_id), sa.func.count())
        .where(col(MinutesCorrection.meeting_id) == meeting.key, col(MinutesCorrection.number) == number)
        .group_by(col(MinutesCorrection.proposed_by_id))
    )
    return {row[0]: row[1] for row in rows}
