"""The draft goes to those who attended; they ask for corrections, and a chair accepts or refuses each."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.accounts.queries import actors_of
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.minutes import locked_numbers
from meetings_app.meetings.minutes_readers import attended, opens, told_of_the_draft
from meetings_app.meetings.minutes_texts import NOTES
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.network_models import NetworkItem
from meetings_app.meetings.overriding import issue_despite
from meetings_app.meetings.publishing import lock
from meetings_app.minutes import queries
from meetings_app.minutes.editing import check_editable, found_minutes, is_edited_since, make_version, save_text
from meetings_app.minutes.issuing_checks import checks_before_issuing
from meetings_app.minutes.models import Answered, MinutesCorrection, MinutesStep, StepKind
from meetings_app.minutes.rules import check_correction, corrections_until
from meetings_app.notices.service import queue
from meetings_app.notices.templates import NoticeKind
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.invites import values_of
from meetings_app.schedule.models import Meeting, MeetingType
from meetings_app.schedule.office import Office


def issue(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, despite: str = ""
) -> MinutesStep:
    """Issue the draft to those who attended: each gets a mail with the reference, and signs in to read it.

    For whoever records meetings of the area; `despite` is why, where `issuing_checks` points something out for which no
    reason was given at the close. Text that was edited makes the next version first. Raises `DomainError` for minutes
    that are signed, or a version that is issued already, `RuleBroken` for `despite`, `NotFound`.
    """
    minutes = check_editable(session, by, meeting)
    if locked_numbers(session, meeting.key):
        raise DomainError("An amendment is not issued as a draft: both chairs sign it.")
    edited, last = is_edited_since(session, minutes), queries.last_issue(session, meeting.key)
    if last is not None and last.number == minutes.number and not edited:
        raise DomainError(f"Version {minutes.number} is issued already.")
    doubts = checks_before_issuing(session, office, meeting, minutes, now)
    issue_despite(session, by, now, meeting, doubts, despite, minutes.number + int(edited))
    if edited:
        minutes = make_version(session, by, now, meeting)
    until = corrections_until(
        london_date(now), office.definition(meeting.type).corrections_working_days, office.calendar
    )
    step = MinutesStep(
        meeting_id=meeting.key, number=minutes.number, kind=StepKind.ISSUED, at=now, by_id=by.account_id, until=until
    )
    session.add(step)
    session.flush()
    record(session, by, now, EventKind.MINUTES_ISSUED, meeting=meeting.reference, version=minutes.number)
    _tell_those_who_attended(session, now, office, meeting, minutes)
    return step


def propose(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: str, text: str, shown: frozenset[str]
) -> MinutesCorrection:
    """Ask for a correction of one item, or with `NOTES` of what is about no single child.

    For whoever attended, of the items that their copy shows (`shown`). Raises `DomainError` out of time or without
    words, `NotFound` for anybody else and any other item.
    """
    of_network = meeting.type is MeetingType.NETWORK
    if by.account_id is None or not opens(by, meeting) or by.account_id not in attended(session, meeting.key):
        raise NotFound
    lock(session, meeting)
    minutes = found_minutes(session, meeting)
    if item != NOTES and item not in shown:
        raise NotFound
    if locked_numbers(session, meeting.key):
        raise DomainError("These minutes are signed. Tell the chair what is wrong: an amendment can put it right.")
    last = queries.last_issue(session, meeting.key)
    check_correction(last.until if last else None, london_date(now), text)
    child_id = next((each.get("child_id") for each in minutes.facts["items"] if each["number"] == item), None)
    correction = MinutesCorrection(
        meeting_id=meeting.key, area_id=meeting.area_id, number=last.number if last else minutes.number,
        item=item, child_id=child_id, network_item_id=_network_item(session, meeting, item) if of_network else None,
        text=text.strip(), proposed_at=now, proposed_by_id=by.account_id,
    )  # fmt: skip
    session.add(correction)
    session.flush()
    record(session, by, now, EventKind.CORRECTION_PROPOSED, child_id, meeting=meeting.reference, number=item or "notes")
    return correction


def _network_item(session: Session, meeting: Meeting, item: str) -> int | None:
    wanted = (col(NetworkItem.meeting_id) == meeting.key, col(NetworkItem.number) == item)
    return session.scalars(select(col(NetworkItem.id)).where(*wanted)).first()


def accept(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    meeting: Meeting,
    correction: MinutesCorrection,
    opened_at: int,
    text: str,
) -> None:
    """Accept a correction: `text` is how the item stands from now on, as the chair wrote it with the correction in.

    For a chair of the area. Whoever asked for it is told by mail that it is answered. Raises `Conflict` with both
    texts, `RuleBroken` for `text` where the text did not change, `DomainError` where it is answered, `NotFound`.
    """
    check_may_answer(by, meeting, correction)
    apart_at(session, by, meeting).check("text", correction.text)
    if save_text(session, by, now, meeting, correction.item, opened_at, text, correction.key) is None:
        raise RuleBroken("text", "Write the correction into the text, or refuse it with a reason")
    answer(session, by, now, office, meeting, correction, Answered.ACCEPTED)


def refuse(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, correction: MinutesCorrection,
    reason: str,
) -> None:  # fmt: skip
    """Refuse a correction with a reason, which the person who asked for it reads. Raises as `accept` does.

    Signed minutes of a network meeting need no reopening: what is put right after the signature is an amendment.
    """
    check_may_answer(by, meeting, correction)
    if meeting.type is MeetingType.RMM:
        check_editable(session, by, meeting)
    apart_at(session, by, meeting).check("reason", correction.text)
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the correction is refused")
    answer(session, by, now, office, meeting, correction, Answered.REFUSED, reason.strip())


def check_may_answer(by: Actor, meeting: Meeting, correction: MinutesCorrection) -> None:
    """Raise `NotFound` for whoever is no chair of the meeting, `Conflict` where the correction is answered."""
    of_network = meeting.type is MeetingType.NETWORK
    if not (by.may(Permission.DECIDE_NETWORKS) if of_network else by.may(Permission.SIGN_MINUTES, meeting.area_id)):
        raise NotFound
    if correction.answered is not None:
        raise Conflict("This correction is answered already.")


def answer(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, correction: MinutesCorrection,
    answered: Answered, reason: str = "",
) -> None:  # fmt: skip
    """Keep what was said to a correction, and tell whoever asked for it by mail that there is an answer."""
    correction.answered, correction.reason = answered, reason
    correction.answered_at, correction.answered_by_id = now, by.account_id
    session.flush()
    record(
        session, by, now, EventKind.CORRECTION_ANSWERED, correction.child_id, meeting=meeting.reference,
        number=correction.item or "notes", answer=answered.value,
    )  # fmt: skip
    _tell_whoever_asked(session, by, now, office, meeting, correction)


def _tell_whoever_asked(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, correction: MinutesCorrection
) -> None:
    """Write the mail, which says neither what was asked for nor the answer; a chair’s own correction needs none."""
    asked = session.get_one(Account, correction.proposed_by_id)
    if asked.key == by.account_id or not any(opens(each, meeting) for each in actors_of(session, [asked.key])):
        return
    queue(
        session, now, kind=NoticeKind.CORRECTION_ANSWERED, recipient=asked,
        dedupe_key=f"correction:{meeting.calendar_uid}:{correction.key}",
        order_key=f"correction:{meeting.calendar_uid}:{asked.key}", values=_values(office, meeting, "#corrections"),
        meeting_reference=meeting.reference,
    )  # fmt: skip


def _values(office: Office, meeting: Meeting, part: str = "") -> dict[str, str | int]:
    values = {name: value for name, value in values_of(meeting, office).items() if name != "time_text"}
    of_network = meeting.type is MeetingType.NETWORK
    page = office.network_link(meeting.reference) if of_network else office.link(meeting.reference)
    return {**values, "link": f"{page}/minutes{part}"}


def _tell_those_who_attended(
    session: Session, now: datetime, office: Office, meeting: Meeting, minutes: Minutes
) -> None:
    for person in told_of_the_draft(session, meeting):
        queue(
            session, now, kind=NoticeKind.MINUTES_READY, recipient=person,
            dedupe_key=f"minutes:{meeting.calendar_uid}:{person.key}:{minutes.number}",
            order_key=f"minutes:{meeting.calendar_uid}:{person.key}",
            values=_values(office, meeting), meeting_reference=meeting.reference,
        )  # fmt: skip
