"""The text of the minutes, edited item by item beside the structured decisions, and the versions made from it."""

import copy
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import Conflict, DomainError, NotFound
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.minutes import add_version, latest_minutes, locked_numbers
from meetings_app.meetings.minutes_texts import recorded_texts, texts_of
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import check_may_record
from meetings_app.minutes import queries
from meetings_app.minutes.models import MinutesText
from meetings_app.minutes.rules import changes_between, is_editable, rewritten
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting, MeetingState

HAVE_MINUTES = (MeetingState.CLOSED, MeetingState.SIGNED)


def found_minutes(session: Session, meeting: Meeting) -> Minutes:
    """Give the newest version. Raises `NotFound` before the meeting is closed."""
    latest = latest_minutes(session, meeting.key)
    if latest is None or meeting.state not in HAVE_MINUTES:
        raise NotFound
    return latest


def working_texts(session: Session, minutes: Minutes) -> dict[str, str]:
    """Give the text of each item as it is edited now; what nobody edited is what the meeting recorded."""
    saved = queries.texts_saved(session, minutes.meeting_id)
    recorded = recorded_texts(minutes.facts)
    return {number: saved[number].text if number in saved else text for number, text in recorded.items()}


def is_edited_since(session: Session, minutes: Minutes) -> bool:
    """Whether the text was edited after this version was made of it."""
    return working_texts(session, minutes) != texts_of(minutes.facts)


def changed_since(session: Session, issued: Minutes, texts: Mapping[str, str]) -> list[str]:
    """Give the numbers of the items whose text, as in `texts`, was rewritten after a version was issued.

    What is written by accepting a correction is none: whoever attended asked for it.
    """
    written = queries.texts_written(session, [issued.meeting_id]).get(issued.meeting_id, {})
    return rewritten(texts_of(issued.facts), texts, written)


def check_editable(session: Session, by: Actor, meeting: Meeting) -> Minutes:
    """Give the newest version, locked for a change, to whoever records meetings of the area.

    Raises `NotFound` for others, `DomainError` once the minutes are signed and not reopened.
    """
    check_may_record(by, meeting)
    lock(session, meeting)
    minutes = found_minutes(session, meeting)
    signed = bool(locked_numbers(session, meeting.key))
    if not is_editable(signed=signed, reopened=queries.is_reopened(session, meeting.key)):
        raise DomainError("These minutes are signed and locked. Reopen them to write an amendment.")
    return minutes


def save_text(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: str, opened_at: int, text: str,
    correction_id: int | None = None,
) -> MinutesText | None:  # fmt: skip
    """Keep the text of one item as its next version; None where nothing changed.

    `opened_at` is the version that the person began from, 0 for the record; `correction_id` is the correction that the
    text accepts. Raises `Conflict` with both texts where somebody else saved since, `RuleBroken` for `text` where the
    person cannot read all of it, `DomainError` once the minutes are locked, `NotFound`.
    """
    minutes = check_editable(session, by, meeting)
    recorded = recorded_texts(minutes.facts)
    if item not in recorded:
        raise NotFound
    saved = queries.texts_saved(session, meeting.key).get(item)
    stands, number = (saved.text, saved.number) if saved else (recorded[item], 0)
    apart_at(session, by, meeting).check("text", stands)
    if stands == text.strip():
        return None
    if number != opened_at:
        raise Conflict("Somebody else saved this text first.", field="text", theirs=stands, ours=text)
    kept = MinutesText(
        meeting_id=meeting.key, area_id=meeting.area_id or 0, item=item, number=number + 1, text=text.strip(),
        saved_at=now, saved_by_id=by.account_id, correction_id=correction_id,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    child_id = next((each["child_id"] for each in minutes.facts["items"] if each["number"] == item), None)
    record(
        session, by, now, EventKind.MINUTES_EDITED, child_id, meeting=meeting.reference, number=item or "notes",
        version=kept.number,
    )  # fmt: skip
    return kept


def make_version(session: Session, by: Actor, now: datetime, meeting: Meeting) -> Minutes:
    """Make the next version from the text as it is edited now, to be issued or signed.

    The decisions are those of the record. After a signed version it is an amendment and lists what it changes. Raises
    `DomainError` where the text is that of the newest version, `NotFound`.
    """
    latest = check_editable(session, by, meeting)
    texts = working_texts(session, latest)
    if texts == texts_of(latest.facts):
        raise DomainError(f"Nothing was changed since version {latest.number} was made.")
    facts = copy.deepcopy(latest.facts)
    facts["texts"], facts["version"] = texts, latest.number + 1
    locked = locked_numbers(session, meeting.key)
    facts.pop("amends", None)
    facts.pop("changes", None)
    if locked:
        signed = queries.version_of(session, meeting.key, locked[-1])
        before = texts_of(signed.facts) if signed else recorded_texts(facts)
        facts["amends"], facts["changes"] = locked[-1], changes_between(before, texts)
        if not facts["changes"]:
            raise DomainError(f"The text is that of version {locked[-1]}, which is signed: there is nothing to amend.")
    made = add_version(session, now, meeting.key, latest.number + 1, facts)
    record(session, by, now, EventKind.MINUTES_MADE, meeting=meeting.reference, version=made.number)
    return made
