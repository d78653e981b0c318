"""Both chairs sign a version of the minutes, which locks it; signed minutes are reopened visibly, for an amendment."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.meetings.minutes import latest_minutes, locked_numbers
from meetings_app.meetings.minutes_facts import digest_of
from meetings_app.meetings.minutes_texts import texts_of
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.publishing import lock
from meetings_app.minutes import queries
from meetings_app.minutes.early import early_reason
from meetings_app.minutes.editing import changed_since, is_edited_since
from meetings_app.minutes.models import MinutesStep, StepKind
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.office import Office
from meetings_app.schedule.rules import check_move


def sign_minutes(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, number: int, despite: str = ""
) -> Minutes:
    """Sign the newest version; with the second signature it is locked, and the first such makes the meeting signed.

    The two chairs are two different people, one of each chairing agency. `despite` is why the first of them signs while
    corrections are still taken. Raises `DomainError` where the version is not the newest any more, its text was edited
    since or rewritten after it was issued, it is locked, the draft was never issued, a correction waits for an answer,
    or the person or the agency has signed; `RuleBroken` for `despite`; `NotFound` for whoever is no chair of the area.
    """
    _check_chair(session, by, office, meeting)
    lock(session, meeting)
    minutes = latest_minutes(session, meeting.key)
    if minutes is None or meeting.state not in (MeetingState.CLOSED, MeetingState.SIGNED):
        raise DomainError("These minutes cannot be signed now.")
    session.refresh(minutes)
    _check_signable(session, minutes, number)
    queries.check_answered(session, meeting.key)
    if minutes.first_signed_at is None:
        minutes.early_reason = early_reason(
            session, meeting, minutes, london_date(now), despite,
            lambda issued: changed_since(session, issued, texts_of(minutes.facts)),
        )  # fmt: skip
        minutes.first_chair_id, minutes.first_signed_at = by.account_id, now
    else:
        _check_second(session, by, minutes)
        minutes.second_chair_id, minutes.second_signed_at = by.account_id, now
        if meeting.state is MeetingState.CLOSED:
            check_move(meeting.state, MeetingState.SIGNED)
            meeting.state, meeting.signed_at = MeetingState.SIGNED, now
    session.flush()
    record(
        session, by, now, EventKind.MINUTES_SIGNED, meeting=meeting.reference, version=minutes.number,
        sha256=minutes.sha256,
    )  # fmt: skip
    return minutes


def reopen(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, reason: str) -> MinutesStep:
    """Reopen signed minutes so that an amendment can be written; the signed version stays as it is, and readable.

    For a chair of the area. Raises `RuleBroken` for `reason`, `DomainError` where there is nothing to reopen,
    `NotFound`.
    """
    _check_chair(session, by, office, meeting)
    lock(session, meeting)
    locked = locked_numbers(session, meeting.key)
    if not locked:
        raise DomainError("These minutes are not signed yet: their text can be edited.")
    if queries.is_reopened(session, meeting.key):
        raise DomainError("These minutes are reopened already.")
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the signed minutes are reopened")
    step = MinutesStep(
        meeting_id=meeting.key, number=locked[-1], kind=StepKind.REOPENED, at=now, by_id=by.account_id,
        reason=reason.strip(),
    )  # fmt: skip
    session.add(step)
    session.flush()
    record(session, by, now, EventKind.MINUTES_REOPENED, meeting=meeting.reference, version=locked[-1])
    return step


def _check_chair(session: Session, by: Actor, office: Office, meeting: Meeting) -> None:
    agency = session.scalars(select(Agency).where(col(Agency.id) == by.agency_id)).first()
    chairs = agency is not None and agency.code in office.partnership.rmm.chairing_agencies
    if meeting.area_id is None or by.account_id is None or not chairs:
        raise NotFound
    if not by.may(Permission.SIGN_MINUTES, meeting.area_id):
        raise NotFound


def _check_signable(session: Session, minutes: Minutes, number: int) -> None:
    if minutes.number != number:
        raise DomainError("There is a newer version of these minutes. Read it before you sign.")
    if minutes.second_signed_at is not None:
        raise DomainError(f"Version {minutes.number} is signed and locked.")
    if digest_of(minutes.facts) != minutes.sha256:
        raise DomainError("These minutes are not as they were recorded. Tell whoever runs the service.")
    if is_edited_since(session, minutes):
        raise DomainError(
            f"The text was edited after version {minutes.number} was made. Make the next version, and sign that one."
        )


def _check_second(session: Session, by: Actor, minutes: Minutes) -> None:
    if minutes.first_chair_id == by.account_id:
        raise DomainError("You have signed these minutes. The other chair signs as well.")
    if session.get_one(Account, minutes.first_chair_id).agency_id == by.agency_id:
        raise DomainError("The second signature is that of the chair of the other agency.")
