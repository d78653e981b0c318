"""The agenda as a Word document: the members' copy, or the chair's with history, prompts and who is not on it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Area
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record, record_read
from meetings_app.documents.facts import AgendaFacts, AgendaItem, AgendaSection, Chair, NotOnAgenda
from meetings_app.documents.render import agenda_document
from meetings_app.meetings import queries
from meetings_app.meetings.absent import absent_page
from meetings_app.meetings.agenda_page import AgendaPart, AgendaRow, agenda_view
from meetings_app.meetings.minutes_earlier import SECTION, EarlierMinutes
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.partnership.definitions import CHILD_SECTIONS
from meetings_app.permissions import Actor
from meetings_app.ratings.levels import RiskRating, rule_of
from meetings_app.schedule.invites import date_text, time_text, title_of
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office


def agenda_word(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    meeting: Meeting,
    *,
    marking: str,
    template: Path,
    for_chair: bool,
) -> bytes:
    """Give the agenda as Word bytes, narrowed to the session's reader, and record that it was made.

    Raises `WordTemplateError`.
    """
    configuration = office.partnership
    view = agenda_view(session, meeting, configuration, now, for_chair=for_chair)
    absent = absent_page(session, meeting, configuration, now, limit=None).rows if for_chair else ()
    names = {row.id: row.name for row in queries.children_of(session, [one.child_id for one in absent]).values()}
    facts = AgendaFacts(
        partnership=configuration.name, marking=marking, title=title_of(meeting, office),
        area=session.scalars(select(col(Area.name)).where(col(Area.id) == meeting.area_id)).one(),
        version="draft" if meeting.state in BEFORE_PUBLISHING else "1", produced_at=now,
        reader="Chair’s copy" if for_chair else "Members’ copy", reference=meeting.reference,
        when=f"{date_text(meeting)}, {time_text(meeting)}", place=meeting.place,
        chairs=tuple(Chair(chair.name, chair.agency) for chair in queries.chairs_of(session, meeting.area_id)),
        statement=configuration.rmm.statement.strip(),
        conflicts="Anybody with a conflict of interest says so for the item and leaves for it.",
        sections=tuple(_section(part, office, view.earlier) for part in view.parts),
        minutes_needed=view.agenda.minutes_needed, minutes_available=view.agenda.minutes_available,
        chairs_copy=for_chair,
        not_on_agenda=tuple(NotOnAgenda(one.child, names.get(one.child_id), one.why) for one in absent),
    )  # fmt: skip
    record(session, by, now, EventKind.DOCUMENT_MADE, document=f"agenda of {meeting.reference}", items=view.items)
    record_read(session, by, now, f"agenda of {meeting.reference}, as Word", view.child_ids)
    return agenda_document(facts, template)


def rating_label(code: str | None, office: Office) -> str:
    """Give a rating in the partnership's words."""
    if code is None:
        return "Not rated yet"
    return rule_of(RiskRating(code), office.partnership.ratings.ratings).label


def _section(part: AgendaPart, office: Office, earlier: Sequence[EarlierMinutes]) -> AgendaSection:
    items = tuple(_item(row, office) for row in part.rows)
    lines: tuple[str, ...] = ("No child.",) if part.key in CHILD_SECTIONS and not items else ()
    if part.key == SECTION:
        lines = tuple(f"{each.text}." for each in earlier)
    return AgendaSection(number=str(part.number), title=part.title, lines=lines, items=items)


def _item(row: AgendaRow, office: Office) -> AgendaItem:
    return AgendaItem(
        number=row.number, child=row.child, name=row.name or None, age=row.age,
        rating="" if row.stub else rating_label(row.rating, office), reasons=row.reasons, minutes=row.minutes,
        late=row.late, stub=row.stub, history=row.history, prompts=row.prompts,
    )  # fmt: skip
