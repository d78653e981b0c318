"""The minutes of a network meeting: read by audience, issued, put right by a further version, signed by the chair."""

import copy
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record, record_read
from meetings_app.clock import london_date
from meetings_app.documents import facts as word
from meetings_app.documents.network_facts import NetworkMinutesFacts
from meetings_app.documents.render import network_minutes_document
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.minutes import add_version, latest_minutes, locked_numbers, signatures_of
from meetings_app.meetings.minutes_audience import Audience
from meetings_app.meetings.minutes_facts import digest_of
from meetings_app.meetings.minutes_readers import reads_every_version, told_of_the_draft, versions_for
from meetings_app.meetings.minutes_texts import NOTES, version_words
from meetings_app.meetings.minutes_word import attendance_line, nobody_recorded, signed_early
from meetings_app.meetings.models import Minutes, MinutesStep, StepKind
from meetings_app.meetings.publishing import lock
from meetings_app.minutes.early import early_reason
from meetings_app.minutes.queries import check_answered, last_issue
from meetings_app.minutes.rules import corrections_until
from meetings_app.network_meetings.minutes_changed import OF_NOTES as OF_NOTES
from meetings_app.network_meetings.minutes_changed import TEXTS as TEXTS
from meetings_app.network_meetings.minutes_changed import changed_since
from meetings_app.network_meetings.minutes_copy import NetworkCopy
from meetings_app.network_meetings.publishing import check_may_hold
from meetings_app.notices.service import queue
from meetings_app.notices.templates import NoticeKind
from meetings_app.permissions import Actor
from meetings_app.schedule.invites import title_of, values_of, when_held
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.office import Office
from meetings_app.schedule.rules import check_move
from meetings_app.text import day_in_words
from meetings_app.web.filters import moment


def facts_for(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, minutes: Minutes, audience: Audience,
    *, marking: str,
) -> NetworkMinutesFacts:  # fmt: skip
    """Give what one reader’s copy says. Raises `DomainError` for an audience that is not for `by`."""
    audience.check_reader(session, by, meeting)
    kept: Mapping[str, Any] = minutes.facts
    shown = NetworkCopy(session, by, audience, meeting, minutes)
    rows, items = shown.actions(), shown.items()
    early = signed_early(minutes, audience, items, records=reads_every_version(by, meeting))
    signatures = signatures_of(session, minutes)
    signed = " and ".join(f"{name} on {day_in_words(london_date(at))}" for name, _agency, at in signatures)
    following = kept["next_meeting"]
    after = f"{following['reference']}, {_day(following['held_on'])}" if following else "Not arranged yet"
    notes = [word.Line("Notes", shown.text(kept["notes"]))] if kept["notes"] and audience.kind != "child" else []
    return NetworkMinutesFacts(
        partnership=office.partnership.name, marking=marking, title=title_of(meeting, office), area="Whole county",
        version=version_words(minutes.number, locked_numbers(session, meeting.key)),
        reader=f"{shown.reader}, for {by.name}, {moment(now)}", produced_at=now, reference=meeting.reference,
        when=when_held(meeting), place=kept["place"],
        status=f"Signed by {signed}" if signed else "DRAFT – not signed", sha256=minutes.sha256 if signed else None,
        chairs=tuple(word.Chair(chair["name"], chair["agency"]) for chair in kept["chairs"]),
        attendance=tuple(attendance_line(line, shown.attendance_note) for line in kept["attendance"]),
        statement_read=_statement(kept), quorum=_quorum(kept), items=items,
        notes=(*notes, *nobody_recorded(kept, audience, shown.text), *early, *_changes(kept, shown)),
        actions_by_agency=tuple(
            word.AgencyActions(agency, tuple(row for row in rows if row.agency == agency))
            for agency in sorted({row.agency for row in rows})
        ),
        next_meeting=after,
        signatures=tuple(word.Signature(name, agency, london_date(at)) for name, agency, at in signatures),
    )  # fmt: skip


def minutes_word(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, minutes: Minutes, audience: Audience,
    *, marking: str, template: Path,
) -> bytes:  # fmt: skip
    """Give the minutes as Word bytes for one audience, and record that the document was made. Raises as `facts_for`."""
    facts = facts_for(session, by, now, office, meeting, minutes, audience, marking=marking)
    record(
        session, by, now, EventKind.DOCUMENT_MADE, document=f"minutes of {meeting.reference}", audience=audience.kind,
        code=audience.code, version=minutes.number,
    )  # fmt: skip
    told = NetworkCopy(session, by, audience, meeting, minutes).children()
    record_read(session, by, now, f"minutes of {meeting.reference}, as Word", told)
    return network_minutes_document(facts, template)


def put_right(
    session: Session, by: Actor, now: datetime, meeting: Meeting, number: int, item: str, texts: Mapping[str, str],
    reason: str, correction_id: int | None = None,
) -> Minutes:  # fmt: skip
    """Make the next version with other words on one item; every earlier version stays. After signing, an amendment.

    For the network chair; under the item `NOTES` stands what is about no item. `correction_id` is the correction that
    the words accept. Raises `RuleBroken` for `reason`, where nothing differs or where the person cannot read all of the
    words that stand there, `Conflict` where there is a newer version than the `number` that was read, `NotFound`.
    """
    check_may_hold(by, meeting)
    lock(session, meeting)
    newest = _newest(session, meeting)
    if newest.number != number:
        raise Conflict("There is a newer version of these minutes. Read it before you change it.")
    facts = copy.deepcopy(newest.facts)
    kept = facts if item == NOTES else next((each for each in facts["items"] if each["number"] == item), None)
    if kept is None:
        raise NotFound
    names = OF_NOTES if item == NOTES else TEXTS
    apart_at(session, by, meeting).check(next(iter(names)), *(kept[name] for name in names))
    changed = {name: text.strip() for name, text in texts.items() if name in names and kept[name] != text.strip()}
    if not changed:
        raise RuleBroken(next(iter(names)), "Change a text, or go back")
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the minutes are put right")
    accepts = {"correction": correction_id} if correction_id else {}
    facts.setdefault("changes", []).extend(
        {"item": item, "name": name, "before": kept[name], "after": text, "reason": reason.strip(), **accepts}
        for name, text in changed.items()
    )
    kept.update(changed)
    made = add_version(session, now, meeting.key, number + 1, facts)
    record(session, by, now, EventKind.MINUTES_MADE, meeting=meeting.reference, version=made.number)
    return made


def issue(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, number: int) -> int:
    """Tell those who attended that a version can be read: reference and link. Gives how many were told, each once.

    From then on they may ask for corrections, for the working days that the definition of the meeting gives.
    """
    check_may_hold(by, meeting)
    if _newest(session, meeting).number != number:
        raise DomainError("There is a newer version of these minutes. Issue that one.")
    _take_corrections(session, by, now, office, meeting, number)
    people = told_of_the_draft(session, meeting)
    said = values_of(meeting, office)
    values = {name: said[name] for name in ("reference", "meeting_title", "date_text")}
    values["link"] = f"{office.network_link(meeting.reference)}/minutes"
    for person in people:
        key = f"network-minutes:{meeting.calendar_uid}:{number}:{person.key}"
        queue(
            session, now, kind=NoticeKind.MINUTES_READY, recipient=person, dedupe_key=key, order_key=key, values=values,
            meeting_reference=meeting.reference,
        )  # fmt: skip
    record(session, by, now, EventKind.MINUTES_ISSUED, meeting=meeting.reference, version=number)
    return len(people)


def _take_corrections(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, number: int
) -> None:
    """Note that a draft is issued, and until when corrections are taken; a version is issued once."""
    last = last_issue(session, meeting.key)
    if locked_numbers(session, meeting.key) or (last is not None and last.number == number):
        return
    days = office.definition(meeting.type).corrections_working_days
    until = corrections_until(london_date(now), days, office.calendar)
    session.add(
        MinutesStep(
            meeting_id=meeting.key, number=number, kind=StepKind.ISSUED, at=now, by_id=by.account_id, until=until
        )
    )
    session.flush()


def sign(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, number: int, despite: str = ""
) -> Minutes:
    """Sign the newest version as the chair of the network meeting (SG: the police): it locks.

    One agency chairs, so one signature is all there is: the moment of the second is that of the first. `despite` is why
    it is made while corrections are still taken. Raises `DomainError` where there is a newer version, it is signed, no
    draft was issued or a correction waits, `RuleBroken` for `despite`, `NotFound` for whoever is no chair.
    """
    check_may_hold(by, meeting)
    agency = session.scalars(select(col(Agency.code)).where(col(Agency.id) == by.agency_id)).first()
    if by.account_id is None or agency not in office.partnership.network.chairing_agencies:
        raise NotFound
    lock(session, meeting)
    minutes = _newest(session, meeting)
    if minutes.number != number:
        raise DomainError("There is a newer version of these minutes. Read it before you sign.")
    if minutes.second_signed_at is not None:
        raise DomainError(f"Version {number} is signed and locked.")
    if digest_of(minutes.facts) != minutes.sha256:
        raise DomainError("These minutes are not as they were recorded. Tell whoever runs the service.")
    check_answered(session, meeting.key)
    minutes.early_reason = early_reason(
        session, meeting, minutes, london_date(now), despite, lambda issued: changed_since(issued.facts, minutes.facts)
    )
    minutes.first_chair_id, minutes.first_signed_at, minutes.second_signed_at = by.account_id, now, now
    if meeting.state is MeetingState.CLOSED:
        check_move(meeting.state, MeetingState.SIGNED)
        meeting.state, meeting.signed_at = MeetingState.SIGNED, now
    session.flush()
    record(session, by, now, EventKind.MINUTES_SIGNED, meeting=meeting.reference, version=number, sha256=minutes.sha256)
    return minutes


def version_of(session: Session, by: Actor, meeting: Meeting, number: int | None) -> Minutes | None:
    """Give one version of the minutes, or without a number the newest; None where there is none that `by` may read."""
    versions = versions_for(session, by, meeting)
    number = max(versions, default=0) if number is None else number
    if number not in versions:
        return None
    wanted = (col(Minutes.meeting_id) == meeting.key, col(Minutes.number) == number)
    return session.scalars(select(Minutes).where(*wanted)).first()


def _newest(session: Session, meeting: Meeting) -> Minutes:
    minutes = latest_minutes(session, meeting.key)
    if minutes is None:
        raise NotFound
    session.refresh(minutes)
    return minutes


def _changes(kept: Mapping[str, Any], shown: NetworkCopy) -> list[word.Line]:
    """Say which items later versions put right, and why, as far as the copy shows them."""
    seen = {NOTES, *(one.number for one in shown.items() if not one.stub)}
    return [
        word.Line(f"Put right, {_named(each)}", shown.text(each["reason"]))
        for each in kept.get("changes", ())
        if each["item"] in seen and each["name"] != "about_suspects"
    ]


def _named(change: Mapping[str, str]) -> str:
    return "notes" if change["item"] == NOTES else f"item {change['item']}: {TEXTS[change['name']].lower()}"


def _statement(kept: Mapping[str, Any]) -> tuple[str, ...]:
    read = kept["statement"]
    return (
        (f"Read by {read['read_by']}, {moment(datetime.fromisoformat(read['read_at']))}.",) if read["read_at"] else ()
    )


def _quorum(kept: Mapping[str, Any]) -> str:
    if not kept["quorate"]:
        return f"Not quorate: nobody present from {', '.join(kept['quorum_missing'])}"
    absent = kept["expected_missing"]
    return f"Quorate. Expected, and not there: {', '.join(absent)}" if absent else "Quorate"


def _day(text: str) -> str:
    return day_in_words(date.fromisoformat(text))
