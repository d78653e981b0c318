"""`meetings agenda` and `meetings minutes`: the agenda as it stands, and the minutes, for the operator."""

import json
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Area
from meetings_app.clock import LONDON, at_london
from meetings_app.errors import DomainError
from meetings_app.meetings.absent import absent_page
from meetings_app.meetings.agenda import Draft
from meetings_app.meetings.agenda_json import agenda_as_json
from meetings_app.meetings.agenda_word import agenda_word
from meetings_app.meetings.minutes import minutes_that_hold
from meetings_app.meetings.minutes_earlier import earlier_minutes
from meetings_app.meetings.minutes_word import Audience, facts_for, minutes_word, telling
from meetings_app.meetings.publishing import agenda_of
from meetings_app.permissions import OPERATOR
from meetings_app.program import Program
from meetings_app.resources import folder
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import find_meeting

_WORD = click.Path(path_type=Path, dir_okay=False)


@click.command("agenda")
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--word", type=_WORD, help="File to write the agenda to, as Word.")
@click.option("--chair", is_flag=True, help="The chair’s copy, with history and prompts.")
@click.pass_obj
def agenda(program: Program, reference: str, as_json: bool, word: Path | None, chair: bool) -> None:
    """Print the agenda of a meeting as it stands, or write it as Word."""
    office, now = Office.of(program.settings, program.partnership), program.now()
    document = None
    # A document that is made is recorded in the trail, so its session writes.
    with (program.writing if word else program.reading)("agenda") as session:
        meeting = _rmm(session, reference)
        current = agenda_of(session, meeting, office.partnership, now)
        absent = absent_page(session, meeting, office.partnership, now, limit=None).rows
        head, earlier = head_of(session, meeting), earlier_minutes(session, meeting)
        if word is not None:
            document = agenda_word(
                session, OPERATOR, now, office, meeting, marking=program.settings.marking, for_chair=chair,
                template=_template(program, "agenda"),
            )  # fmt: skip
    if word is not None and document is not None:
        word.write_bytes(document)
    if as_json:
        whole = Draft(current.sections, current.minutes_needed, current.minutes_available, absent)
        click.echo(json.dumps(agenda_as_json(whole, head, earlier), ensure_ascii=False))
    elif word is None:
        _print(reference, current)


@click.command("minutes")
@click.argument("reference")
@click.option("--word", type=_WORD, required=True, help="File to write the minutes to, as Word.")
@click.option("--audience", default="full", help="full, chair, anonymised, agency:CODE or child:REFERENCE.")
@click.pass_obj
def minutes(program: Program, reference: str, word: Path, audience: str) -> None:
    """Write the minutes of a meeting as Word, marked DRAFT until both chairs have signed.

    Of a copy without names it says on stderr which words may still say who a child is.
    """
    office, now = Office.of(program.settings, program.partnership), program.now()
    wanted = Audience.read(audience)
    with program.writing("minutes") as session:
        meeting = _rmm(session, reference)
        latest = minutes_that_hold(session, meeting.key)
        if latest is None:
            raise DomainError(f"{reference} has no minutes yet: they are made when the meeting is closed.")
        document = minutes_word(
            session, OPERATOR, now, office, meeting, latest, wanted, marking=program.settings.marking,
            template=_template(program, "minutes"),
        )  # fmt: skip
        words = []
        if wanted.kind == "anonymised":
            marking = program.settings.marking
            words = telling(facts_for(session, OPERATOR, now, office, meeting, latest, wanted, marking=marking))
    word.write_bytes(document)
    for each in words:
        where = ", ".join(item or "the notes" for item in each.items)
        click.echo(f"Look at {where}: “{each.word}” may still say who a child is.", err=True)


def _rmm(session: Session, reference: str) -> Meeting:
    meeting = find_meeting(session, reference)
    if meeting is None:
        raise DomainError(f"There is no meeting {reference}.")
    if meeting.area_id is None:
        raise DomainError(f"{reference} is a network meeting: it hears no single children.")
    return meeting


def head_of(session: Session, meeting: Meeting) -> dict[str, Any]:
    """Give what the JSON of an agenda says of its meeting; a network meeting has no area."""
    starts_at = at_london(meeting.held_on, meeting.start_time).astimezone(LONDON)
    return {
        "ref": meeting.reference,
        "type": meeting.type.value,
        "area": session.scalars(select(col(Area.code)).where(col(Area.id) == meeting.area_id)).first(),
        "starts_at": starts_at.isoformat(),
        "minutes": meeting.minutes,
        "status": meeting.state.value,
    }


def _template(program: Program, name: str) -> Path:
    return (program.settings.agendas or folder("agendas")) / "word" / f"{name}.docx"


def _print(reference: str, current: Draft) -> None:
    click.echo(f"{reference}: {current.minutes_needed} of {current.minutes_available} minutes needed")
    for section in current.sections:
        click.echo(f"{section.number}. {section.title}")
        for item in section.items:
            marks = (" (late)" if item.late else "") + ("" if item.fits else " (does not fit)")
            click.echo(f"  {item.number} {item.child}{marks}: {'; '.join(reason.text for reason in item.reasons)}")
