"""The minutes as each reader gets them: the facts narrowed to the audience and to what the reader may see."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record, record_read
from meetings_app.clock import london_date
from meetings_app.documents import facts as word
from meetings_app.documents.network_facts import NetworkItemMinutes
from meetings_app.documents.render import minutes_document
from meetings_app.meetings.aliases import SHORTEST
from meetings_app.meetings.attendance_facts import NOT_RECORDED
from meetings_app.meetings.minutes import locked_numbers, signatures_of
from meetings_app.meetings.minutes_audience import Audience as Audience
from meetings_app.meetings.minutes_copy import Copy
from meetings_app.meetings.minutes_passed import passed_lines
from meetings_app.meetings.minutes_readers import attended, missed_by, reads_every_version
from meetings_app.meetings.minutes_room import quorum_words
from meetings_app.meetings.minutes_texts import version_words
from meetings_app.meetings.models import Minutes, Presence
from meetings_app.meetings.running_forms import PRESENCE_WORDS
from meetings_app.meetings.signed_without import signed_without
from meetings_app.meetings.without_names import Telling, telling_words
from meetings_app.permissions import Actor
from meetings_app.schedule.invites import title_of, when_held
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.text import day_in_words
from meetings_app.web.filters import moment


def minutes_word(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    meeting: Meeting,
    minutes: Minutes,
    audience: Audience,
    *,
    marking: str,
    template: Path,
) -> bytes:
    """Give the minutes as Word bytes for one audience, and record that the document was made.

    Raises `DomainError` for an agency or a child that these minutes do not know, `WordTemplateError`.
    """
    facts = facts_for(session, by, now, office, meeting, minutes, audience, marking=marking)
    record(
        session, by, now, EventKind.DOCUMENT_MADE,
        document=f"minutes of {meeting.reference}", audience=audience.kind, code=audience.code,
        version=minutes.number,
    )  # fmt: skip
    record_read(session, by, now, f"minutes of {meeting.reference}, as Word", child_ids_shown(minutes, facts))
    return minutes_document(facts, template)


def child_ids_shown(minutes: Minutes, facts: word.MinutesFacts) -> list[int]:
    """Give the ids of the children whom a copy names: neither stubs nor an anonymised copy name anybody."""
    ids = {item["child"]: item["child_id"] for item in minutes.facts["items"]}
    return [ids[child.child] for child in facts.children if not child.stub and child.child in ids]


def telling(facts: word.MinutesFacts, aliases: Collection[str] = ()) -> list[Telling]:
    """Give what may still say who a child is in the texts of a copy without names: to be read before it is passed on.

    Names of staff and agencies stand in the copy anyway. Of other names of children (`aliases`) those are listed that
    are too short to be taken out.
    """
    known = [line.name for line in facts.attendance] + [line.agency for line in facts.attendance]
    known += [chair.name for chair in facts.chairs] + [row.person for child in facts.children for row in child.actions]
    texts = [("", note.text) for note in facts.notes]
    for child in facts.children:
        written = [child.discussion, *child.beside, child.rationale, child.deferred, child.not_reached, *child.reasons]
        written += [told.text for told in child.information] + [row.action for row in child.actions]
        written += [line.text for line in child.decision.further] if child.decision else []
        if child.closure:
            written += [child.closure.rationale, child.closure.good_practice, child.closure.support_package]
        texts += [(child.number, text) for text in written if text]
    return telling_words(texts, known, [name for name in aliases if 0 < len(name.strip()) < SHORTEST])


def facts_for(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, minutes: Minutes, audience: Audience,
    *, marking: str,
) -> word.MinutesFacts:  # fmt: skip
    """Give what one reader's copy says: items that are hidden from the reader are numbered stubs.

    The copy says its version, its reader and the moment. Raises `DomainError` for an audience that is not for `by`.
    """
    audience.check_reader(session, by, meeting)
    kept = minutes.facts
    records = reads_every_version(by, meeting)
    heard, missed = records or by.account_id in attended(session, meeting.key), missed_by(by, meeting, minutes)
    copy = Copy(session, office, audience, kept, by, heard=heard, missed=missed)
    children = tuple(item for item in map(copy.child, kept["items"]) if item is not None)
    early = signed_early(minutes, audience, children, records=records)
    stubs = [child.number for child in children if child.stub]
    shown = {child.number for child in children} - set(stubs)
    passed = passed_lines(kept, audience, shown, copy.text, whole=records and not stubs)
    signatures = signatures_of(session, minutes)
    signed = len(signatures) == 2
    following = kept["next_meeting"]
    return word.MinutesFacts(
        partnership=office.partnership.name, marking=marking, title=title_of(meeting, office),
        area=kept["area"], version=version_words(minutes.number, locked_numbers(session, meeting.key)),
        reader=f"{copy.reader}, for {by.name}, {moment(now)}", produced_at=now,
        reference=meeting.reference, when=when_held(meeting), place=kept["place"],
        status=_signed_by(session, by, minutes, shown, audience) if signed else "DRAFT – not signed",
        sha256=minutes.sha256 if signed else None,
        chairs=tuple(word.Chair(chair["name"], chair["agency"]) for chair in kept["chairs"]),
        attendance=tuple(attendance_line(line, copy.attendance_note) for line in kept["attendance"]),
        statement_read=_statement_read(kept["statement"]),
        quorum=quorum_words(kept, {child.number for child in children if not child.stub}),
        notes=(*copy.notes(), *nobody_recorded(kept, audience, copy.text), *passed, *early),
        children=children, list_changes=tuple(copy.list_changes(kept["items"], kept["list_changes"])),
        actions_by_agency=_by_agency([row for child in children for row in child.actions]),
        next_meeting=f"{following['reference']}, {_day(following['held_on'])}" if following else "Not arranged yet",
        signatures=tuple(word.Signature(name, agency, london_date(at)) for name, agency, at in signatures),
    )  # fmt: skip


def _signed_by(session: Session, by: Actor, minutes: Minutes, shown: Collection[str], audience: Audience) -> str:
    """Say who signed and when, and which items a signature does not hold for; without names, not whose that is."""
    without = signed_without(session, by, minutes, shown)
    said = [f"{name} on {day_in_words(london_date(at))}" for name, _, at in signatures_of(session, minutes)]
    if audience.kind == "anonymised":
        less = "; ".join(sorted(f"one signature {each}" for each in without if each))
        return f"Signed by {' and '.join(said)}{f' ({less})' if less else ''}"
    pairs = zip(said, without, strict=True)
    return f"Signed by {' and '.join(f'{who} ({less})' if less else who for who, less in pairs)}"


def nobody_recorded(kept: Mapping[str, Any], audience: Audience, text: Callable[[str], str]) -> tuple[word.Line, ...]:
    """Say why the meeting was closed though nobody’s attendance was recorded, in every copy but that for one child."""
    said = kept.get("no_attendance", "") if audience.kind != "child" else ""
    return (word.Line("Nobody’s attendance was recorded", text(said)),) if said else ()


def signed_early(
    minutes: Minutes, audience: Audience, items: Iterable[word.ChildMinutes | NetworkItemMinutes], *, records: bool
) -> tuple[word.Line, ...]:
    """Say that the first chair signed while corrections were still taken.

    Why may name a child or a suspect: it is in the full and the chair’s copy of whoever records the meeting and may see
    every one of the `items`.
    """
    if not minutes.early_reason:
        return ()
    whole = records and audience.kind in ("full", "chair") and not any(each.stub for each in items)
    why = minutes.early_reason if whole else "Why is recorded beside the minutes."
    return (word.Line("Signed before the time for corrections was over", why),)


def _by_agency(rows: list[word.ActionRow]) -> tuple[word.AgencyActions, ...]:
    agencies = sorted({row.agency for row in rows})
    return tuple(word.AgencyActions(agency, tuple(row for row in rows if row.agency == agency)) for agency in agencies)


def _statement_read(statement: Mapping[str, Any]) -> tuple[str, ...]:
    if not statement["read_at"]:
        return ()
    again = [
        f"Read again to {', '.join(each['to'])} by {each['read_by']}, {_moment(each['read_at'])}."
        for each in statement.get("again", ())
    ]
    return (f"Read by {statement['read_by']}, {_moment(statement['read_at'])}.", *again)


def _moment(text: str) -> str:
    return moment(datetime.fromisoformat(text))


def attendance_line(line: Mapping[str, str], noted: Callable[[str], str] = str) -> word.Attendance:
    """Give how one person attended, in words, with what a copy says of what was `noted`."""
    if line["how"] == NOT_RECORDED:
        return word.Attendance(line["agency"], line["name"], "Not recorded")
    presence = Presence(line["how"])
    how = "Absent without apology" if presence is Presence.ABSENT else PRESENCE_WORDS[presence]
    note = noted(line["note"])
    return word.Attendance(line["agency"], line["name"], f"{how} ({note})" if note else how)


def _day(text: str) -> str:
    return day_in_words(date.fromisoformat(text))
