"""`meetings agenda` for both kinds of meeting: that of an RMM is asked of `meetings.commands`."""

import json
from pathlib import Path

import click

from meetings_app.meetings import commands as of_rmm
from meetings_app.network_meetings.agenda import Draft
from meetings_app.network_meetings.agenda_json import agenda_as_json
from meetings_app.network_meetings.items import agenda_of
from meetings_app.program import Program
from meetings_app.schedule.models import MeetingType
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import find_meeting

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
    with program.reading("agenda") as session:
        meeting = find_meeting(session, reference)
        assert meeting is not None  # It was just found.
        current, head = agenda_of(session, office, meeting, now), of_rmm.head_of(session, meeting)
    if as_json:
        click.echo(json.dumps(agenda_as_json(current, head), ensure_ascii=False))
    elif word is None:
        _print(reference, current)


def _is_network(program: Program, reference: str) -> bool:
    with program.reading("agenda") as session:
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
