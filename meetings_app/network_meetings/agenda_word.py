"""The agenda of a network meeting as a Word document, narrowed to its reader."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record, record_read
from meetings_app.documents.network_facts import NetworkAgendaFacts, NetworkAgendaItem, NetworkAgendaSection
from meetings_app.documents.render import network_agenda_document
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.network_meetings.page import Part, Row, View, view_of
from meetings_app.partnership.definitions import NETWORK_SECTIONS
from meetings_app.permissions import Actor
from meetings_app.schedule.invites import date_text, time_text, title_of
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office


def agenda_word(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, *, marking: str, template: Path
) -> bytes:
    """Give the agenda as Word bytes, and record that it was made. Raises `WordTemplateError`."""
    view = view_of(session, office, meeting, now)
    facts = NetworkAgendaFacts(
        partnership=office.partnership.name, marking=marking, title=title_of(meeting, office), area="Whole county",
        version="draft" if meeting.state in BEFORE_PUBLISHING else "1", reader=f"Copy for {by.name}", produced_at=now,
        reference=meeting.reference, when=f"{date_text(meeting)}, {time_text(meeting)}", place=meeting.place,
        statement=office.partnership.network.statement.strip(),
        conflicts="Anybody with a conflict of interest says so for the item and leaves for it.",
        sections=tuple(_section(part, view) for part in view.parts),
        minutes_needed=view.agenda.minutes_needed, minutes_available=view.agenda.minutes_available,
    )  # fmt: skip
    record(
        session, by, now, EventKind.DOCUMENT_MADE, document=f"agenda of {meeting.reference}", items=len(facts.sections)
    )
    record_read(session, by, now, f"agenda of {meeting.reference}, as Word", view.children)
    return network_agenda_document(facts, template)


def _section(part: Part, view: View) -> NetworkAgendaSection:
    lines: tuple[str, ...] = ("Nothing.",) if part.key in NETWORK_SECTIONS and not part.rows else ()
    if part.key == "minutes":
        lines = tuple(f"{each.text}." for each in view.earlier)
    return NetworkAgendaSection(
        number=str(part.number), title=part.title, lines=lines, items=tuple(_item(row) for row in part.rows)
    )


def _item(row: Row) -> NetworkAgendaItem:
    parts = tuple(f"{name} ({reference})" for reference, name in row.parts)
    return NetworkAgendaItem(
        number=row.number, subject=row.reference, name="" if row.is_referral else row.name,
        kind="Referral" if row.is_referral else row.kind, parts=parts, reasons=row.reasons, minutes=row.minutes,
        late=row.late, stub=row.stub,
    )  # fmt: skip
