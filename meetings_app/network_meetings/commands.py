"""`meetings agenda` and `meetings minutes` for both kinds of meeting; an RMM is asked of `meetings.commands`."""

import json
from pathlib import Path

import click

from meetings_app.db.session import reading
from meetings_app.errors import DomainError
from meetings_app.meetings import commands as of_rmm
from meetings_app.meetings.minutes import minutes_that_hold
from meetings_app.meetings.minutes_audience import Audience
from meetings_app.network_meetings.agenda import Draft
from meetings_app.network_meetings.agenda_json import agenda_as_json
from meetings_app.network_meetings.agenda_word import agenda_word
from meetings_app.network_meetings.items import agenda_of
from meetings_app.network_meetings.minutes import minutes_word
from meetings_app.permissions import OPERATOR
from meetings_app.program import Program
from meetings_app.schedule.models import MeetingType
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import find_meeting
from meetings_app.web.word import template_in

_WORD = click.Path(path_type=Path, dir_okay=False)


@click.command("agenda")
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--word", type=_WORD, help="File to write the agenda to, as Word.")
@click.option("--chair", is_flag=True, help="The chair’s copy, with history and prompts.")
@click.pass_context
def agenda(context: click.Context, reference: str, as_json: bool, word: Path | None, chair: bool) -> None:
    """Print the agenda of a meeting as it stands, or write it as Word."""
    program: Program = context.obj
    if not _is_network(program, reference):
        context.invoke(of_rmm.agenda, reference=reference, as_json=as_json, word=word, chair=chair)
        return
    office, now = Office.of(program.settings, program.partnership), program.now()
    document = None
    # A document that is made is recorded in the trail, so its session writes.
    with (program.writing if word else program.reading)("agenda") as session:
        meeting = find_meeting(session, reference)
        assert meeting is not None  # It was just found.
        current, head = agenda_of(session, office, meeting, now), of_rmm.head_of(session, meeting)
        if word is not None:
            document = agenda_word(
                session, OPERATOR, now, office, meeting, marking=program.settings.marking,
                template=template_in(program.settings.agendas, "network-agenda"),
            )  # fmt: skip
    if word is not None and document is not None:
        word.write_bytes(document)
    if as_json:
        click.echo(json.dumps(agenda_as_json(current, head), ensure_ascii=False))
    elif word is None:
        _print(reference, current)


@click.command("minutes")
@click.argument("reference")
@click.option("--word", type=_WORD, required=True, help="File to write the minutes to, as Word.")
@click.option("--audience", default="full", help="full, chair, anonymised, agency:CODE or child:REFERENCE.")
@click.pass_context
def minutes(context: click.Context, reference: str, word: Path, audience: str) -> None:
    """Write the minutes of a meeting as Word, marked DRAFT until they are signed."""
    program: Program = context.obj
    if not _is_network(program, reference):
        context.invoke(of_rmm.minutes, reference=reference, word=word, audience=audience)
        return
    office, now, wanted = Office.of(program.settings, program.partnership), program.now(), Audience.read(audience)
    with program.writing("minutes") as session:
        meeting = find_meeting(session, reference)
        latest = minutes_that_hold(session, meeting.key) if meeting else None
        if meeting is None or latest is None:
            raise DomainError(f"{reference} has no minutes yet: they are made when the meeting is closed.")
        document = minutes_word(
            session, OPERATOR, now, office, meeting, latest, wanted, marking=program.settings.marking,
            template=template_in(program.settings.agendas, "network-minutes"),
        )  # fmt: skip
    word.write_bytes(document)


def _is_network(program: Program, reference: str) -> bool:
    with reading(program.sessions, OPERATOR) as session:
        meeting = find_meeting(session, reference)
        return meeting is not None and meeting.type is MeetingType.NETWORK


def _print(reference: str, current: Draft) -> None:
    click.echo(f"{reference}: {current.minutes_needed} of {current.minutes_available} minutes needed")
    for section in current.sections:
        click.echo(f"{section.number}. {section.title}")
        for item in section.items:
            marks = (" (late)" if item.late else "") + ("" if item.fits else " (does not fit)")
            reasons = "; ".join(reason.text for reason in item.reasons)
            click.echo(f"  {item.number} {item.reference}{marks}: {reasons}")
