"""The agenda of a network meeting as one reader sees it: hidden items are numbered stubs, hidden reasons are out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings.network_models import NetworkOutcome
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.network_meetings.agenda import Draft, DraftItem
from meetings_app.network_meetings.items import Seen, agenda_of, outcomes_of, seen_of_items
from meetings_app.networks.queries import subjects_by_id
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.text import capital_first, day_in_words

OUTCOME_WORDS = {
    NetworkOutcome.TAKEN_UP: "Taken up",
    NetworkOutcome.RETURNED: "More information is asked for",
    NetworkOutcome.NOT_TAKEN_UP: "Not taken up",
    NetworkOutcome.CONTINUES: "Continues, heard again at the next network meeting",
    NetworkOutcome.CLOSED: "Closed",
    NetworkOutcome.DEFERRED: "Deferred",
    NetworkOutcome.NOT_REACHED: "Not reached",
}
_MOST_EARLIER = 10


@dataclass(frozen=True)
class Row:
    """One item as a page or a document shows it; a stub has its number and nothing else."""

    number: str
    stub: bool = False
    reference: str = ""
    name: str = ""
    kind: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    reasons: tuple[str, ...] = ()
    minutes: int = 0
    late: bool = False
    fits: bool = True
    outcome: NetworkOutcome | None = None
    is_referral: bool = False
    moved_because: str = ""


@dataclass(frozen=True)
class Part:
    """One heading with its rows."""

    number: int
    key: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Earlier:
    """Minutes of an earlier network meeting, for approval."""

    meeting: str
    text: str


@dataclass(frozen=True)
class View:
    """A whole agenda for one reader; `absent` are the open subjects that are not on it, as far as the reader sees."""

    parts: tuple[Part, ...]
    agenda: Draft
    absent: tuple[Any, ...]
    earlier: tuple[Earlier, ...]
    subjects: tuple[str, ...]
    children: tuple[int, ...]


def view_of(session: Session, office: Office, meeting: Meeting, now: datetime) -> View:
    """Give the agenda as it stands, narrowed to the session’s reader."""
    agenda = agenda_of(session, office, meeting, now)
    seen = seen_of_items(session, meeting, agenda.items)
    outcomes = {} if meeting.state in BEFORE_PUBLISHING else outcomes_of(session, meeting)
    parts = tuple(
        Part(
            section.number, section.key, section.title,
            tuple(row_of(item, seen, outcomes.get(item.number)) for item in section.items),
        )
        for section in agenda.sections
    )  # fmt: skip
    shown = [item for item in agenda.items if seen.shows(*item.key)]
    children = {child for item in shown for reason in seen.reasons(item.reasons) for child in reason.children}
    told = {row.id for row in subjects_by_id(session, [each.subject_id for each in agenda.absent])}
    absent = tuple(each for each in agenda.absent if each.subject_id in told)
    return View(
        parts, agenda, absent, earlier_minutes(session, meeting),
        tuple(item.reference for item in shown), tuple(sorted(children)),
    )  # fmt: skip


def row_of(item: DraftItem, seen: Seen, outcome: NetworkOutcome | None = None) -> Row:
    """Give one item as the reader may see it."""
    if not seen.shows(*item.key):
        return Row(item.number, stub=True)
    about = seen.subjects.get(item.subject_id or 0)
    return Row(
        item.number, False, item.reference, about.name if about else "Referral",
        seen.kind_of(about.id, about.kind) if about else "", parts_of(item.parts, seen),
        tuple(capital_first(reason.text) for reason in seen.reasons(item.reasons)), item.minutes, item.late, item.fits,
        outcome, about is None, item.moved.reason if item.moved else "",
    )  # fmt: skip


def parts_of(ids: tuple[int, ...], seen: Seen) -> tuple[tuple[str, str], ...]:
    """Give reference and name of the subjects grouped under an item that the reader may see."""
    return tuple((seen.subjects[part].reference, seen.subjects[part].name) for part in ids if part in seen.subjects)


def earlier_minutes(session: Session, meeting: Meeting) -> tuple[Earlier, ...]:
    """Give the minutes of the last network meeting, and of every earlier one that is not signed yet."""
    rows = session.execute(
        select(col(Meeting.reference), col(Meeting.held_on), col(Meeting.state))
        .where(
            col(Meeting.type) == MeetingType.NETWORK, col(Meeting.held_on) < meeting.held_on,
            col(Meeting.state).in_((MeetingState.CLOSED, MeetingState.SIGNED)),
        )
        .order_by(col(Meeting.held_on).desc(), col(Meeting.id).desc())
        .limit(_MOST_EARLIER)
    ).all()  # fmt: skip
    return tuple(
        Earlier(row.reference, _standing(row.reference, row.held_on, row.state is MeetingState.SIGNED))
        for place, row in enumerate(rows)
        if place == 0 or row.state is not MeetingState.SIGNED
    )


def _standing(reference: str, held_on: date, signed: bool) -> str:
    standing = "signed by the chair" if signed else "draft, not signed yet"
    return f"Minutes of {reference}, {day_in_words(held_on)}, for approval: {standing}"
