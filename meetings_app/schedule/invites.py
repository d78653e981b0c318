"""The mail about a meeting: an invite, an update or a cancellation for each person alone. Reference and link only."""

from datetime import date, datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.calendars.event import cancellation, request
from meetings_app.calendars.facts import Attendee, MeetingEvent
from meetings_app.clock import LONDON, at_london, end_of
from meetings_app.notices.message import build_message, mailbox
from meetings_app.notices.service import SERVICE_NAME, message_id_for, queue
from meetings_app.notices.superseding import supersede_waiting
from meetings_app.notices.templates import NoticeKind, render_notice
from meetings_app.resources import folder
from meetings_app.schedule.answer_links import answer_link
from meetings_app.schedule.models import Meeting, MeetingMember, MeetingState
from meetings_app.schedule.office import Office
from meetings_app.text import day_in_words
from meetings_app.web.filters import clock_time

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def event_of(meeting: Meeting, office: Office) -> MeetingEvent:
    """Give a meeting as a calendar shows it."""
    return MeetingEvent(
        uid=meeting.calendar_uid, sequence=meeting.calendar_sequence, reference=meeting.reference,
        summary=f"{title_of(meeting, office)} {meeting.reference}", date=meeting.held_on,
        start_time=meeting.start_time, minutes=meeting.minutes, place=meeting.place,
        joining_link=meeting.joining_link, changed_at=meeting.calendar_changed_at,
        link=office.link(meeting.reference), organiser_address=office.organiser, organiser_name=SERVICE_NAME,
    )  # fmt: skip


def title_of(meeting: Meeting, office: Office) -> str:
    """Give what a meeting is called, such as `Risk Management Meeting`."""
    return office.definition(meeting.type).name


def date_text(meeting: Meeting) -> str:
    """Write the date as “Tuesday 24 November 2026”."""
    return _in_words(meeting.held_on)


def when_held(meeting: Meeting) -> str:
    """Write when a meeting was opened and closed, as that was recorded, and for when it was planned, in London.

    One that was opened after its day was recorded then: it was held at its planned time.
    """
    planned, opened = f"{date_text(meeting)}, {time_text(meeting)}", meeting.opened_on
    if opened is None:
        return planned
    if opened > meeting.held_on:
        return f"{planned}. Recorded from {_in_words(opened)}: {_opened_and_closed(meeting)}"
    if opened < meeting.held_on:
        return f"Held on {_in_words(opened)}: {_opened_and_closed(meeting)}. Planned for {planned}"
    return f"{date_text(meeting)}: {_opened_and_closed(meeting)}. Planned for {time_text(meeting)}"


def _opened_and_closed(meeting: Meeting) -> str:
    """Write both times; the day of the second where it is another one."""
    opened, closed = (at.astimezone(LONDON) if at else None for at in (meeting.started_at, meeting.closed_at))
    said = f"opened at {clock_time(opened.time())}" if opened else ""
    if closed is None:
        return said
    on = "" if opened and opened.date() == closed.date() else f" on {_in_words(closed.date())}"
    return f"{said}, closed{on} at {clock_time(closed.time())}"


def time_text(meeting: Meeting) -> str:
    """Write the time as “10am to 12pm”, in London."""
    ends = end_of(at_london(meeting.held_on, meeting.start_time), meeting.minutes).astimezone(LONDON)
    return f"{clock_time(meeting.start_time)} to {clock_time(ends.time())}"


def _in_words(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day_in_words(day)}"


def values_of(meeting: Meeting, office: Office) -> dict[str, str]:
    """Give what every mail about a meeting says."""
    return {
        "reference": meeting.reference,
        "meeting_title": title_of(meeting, office),
        "date_text": date_text(meeting),
        "time_text": time_text(meeting),
        "link": office.link(meeting.reference),
    }


def queue_request(
    session: Session, now: datetime, office: Office, meeting: Meeting, person: Account, *, changed: bool = False
) -> None:
    """Queue the invite to one person, or with `changed` the same meeting as it is now.

    A change waits a little, so that several of them are one mail: the last.
    """
    order = _order(meeting, person)
    first = supersede_waiting(session, order, now)
    queue(
        session, now,
        kind=NoticeKind.MEETING_CHANGED if changed else NoticeKind.MEETING_ANNOUNCED,
        recipient=person,
        dedupe_key=_key(meeting, person, "request"),
        order_key=order,
        values=_request_values(meeting, office, _member_id(session, meeting, person)),
        invite=request(event_of(meeting, office), Attendee(person.email, person.name)),
        method="REQUEST",
        meeting_reference=meeting.reference,
        not_before=(first or now + _wait(office)) if changed else now,
    )  # fmt: skip


def queue_cancellation(session: Session, now: datetime, office: Office, meeting: Meeting, person: Account) -> None:
    """Queue the cancellation to one person: the meeting is off, or the person's place at it is.

    A meeting that is off is told at once. A place that is taken back waits a little, as it may be given again.
    """
    order = _order(meeting, person)
    first = supersede_waiting(session, order, now)
    off = meeting.state is MeetingState.CANCELLED
    queue(
        session, now,
        kind=NoticeKind.MEETING_CANCELLED,
        recipient=person,
        dedupe_key=_key(meeting, person, "cancel"),
        order_key=order,
        values=values_of(meeting, office),
        invite=cancellation(event_of(meeting, office), Attendee(person.email, person.name)),
        method="CANCEL",
        meeting_reference=meeting.reference,
        not_before=now if off else first or now + _wait(office),
    )  # fmt: skip


def _wait(office: Office) -> timedelta:
    """Give how long a change waits for another one, counted from the first of them (own: ten minutes)."""
    return timedelta(minutes=office.partnership.clock.changes_wait_minutes)


def _request_values(meeting: Meeting, office: Office, member_id: int | None) -> dict[str, str]:
    link = answer_link(office, member_id)
    return {
        **values_of(meeting, office), "place": meeting.place, "joining_link": meeting.joining_link,
        "answer_link": link,
    }  # fmt: skip


def _member_id(session: Session, meeting: Meeting, person: Account) -> int | None:
    return session.scalars(
        select(col(MeetingMember.id)).where(
            col(MeetingMember.meeting_id) == meeting.key, col(MeetingMember.account_id) == person.key
        )
    ).first()


def _key(meeting: Meeting, person: Account, method: str) -> str:
    return f"invite:{meeting.calendar_uid}:{person.key}:{meeting.calendar_sequence}:{method}"


def _order(meeting: Meeting, person: Account) -> str:
    """Give the key that keeps a cancellation from overtaking its request."""
    return f"{meeting.calendar_uid}:{person.key}"


def message_for(session: Session, meeting: Meeting, office: Office, person: Account) -> tuple[EmailMessage, bytes]:
    """Give what one person would get now, as a mail and as the calendar entry inside it."""
    cancelled = meeting.state is MeetingState.CANCELLED
    kind = NoticeKind.MEETING_CANCELLED if cancelled else NoticeKind.MEETING_ANNOUNCED
    values = values_of(meeting, office)
    if not cancelled:
        values = _request_values(meeting, office, _member_id(session, meeting, person))
    subject, body = render_notice(kind, folder("templates") / "emails", service_name=SERVICE_NAME, **values)
    write = cancellation if cancelled else request
    calendar = write(event_of(meeting, office), Attendee(person.email, person.name))
    message = build_message(
        message_id=message_id_for(_key(meeting, person, "cancel" if cancelled else "request"), office.host),
        sender=mailbox(office.organiser, SERVICE_NAME), recipient_address=person.email, recipient_name=person.name,
        subject=subject, body_text=body, date=meeting.calendar_changed_at, invite=calendar,
        method="CANCEL" if cancelled else "REQUEST",
    )  # fmt: skip
    return message, calendar
