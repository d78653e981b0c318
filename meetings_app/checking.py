"""`meetings check`: every promise of the service, checked against the database. Stands above all features."""

import json
from pathlib import Path

import click

from meetings_app import tables  # noqa: F401
from meetings_app.clock import london_date
from meetings_app.documents.check import KINDS
from meetings_app.documents.render import WordTemplateError
from meetings_app.meetings.checks import every_breach
from meetings_app.network_meetings.checks import network_breaches
from meetings_app.partnership.loading import ADDED
from meetings_app.program import Program
from meetings_app.resources import folder
from meetings_app.web.word import OLDEST, words_left_out


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def check(context: click.Context, as_json: bool) -> None:
    """Check the promises of the service; name every breach and end with 1 if there is one."""
    program: Program = context.obj
    with program.reading("check") as session:
        agendas = program.settings.agendas or folder("agendas")
        today = london_date(program.now())
        found = every_breach(session, today, agendas, program.partnership) + network_breaches(session, today)
    for name in left_to_the_shipped(agendas):
        click.echo(
            f"agendas/{name}: this partnership has none, so the one that comes with the service holds.", err=True
        )
    for line in _of_word(agendas):
        click.echo(line, err=True)
    if as_json:
        click.echo(json.dumps({"breaches": [vars(breach) for breach in found]}, ensure_ascii=False))
    else:
        for breach in found:
            click.echo(f"{breach.reference}: {breach.problem}", err=True)
        if not found:
            click.echo("Every promise holds.")
    if found:
        context.exit(1)


def _of_word(agendas: Path) -> list[str]:
    """Give a line for each Word template that leaves out words of the record, or that cannot be filled in."""
    try:
        return words_left_out(agendas)
    except WordTemplateError as error:
        return [error.message]


def left_to_the_shipped(agendas: Path) -> list[str]:
    """Give the files that a partnership’s folder lacks and that are read from the shipped one instead, by path.

    That is no breach: a folder made for an earlier version has none of what came later.
    """
    word = (f"word/{kind}.docx" for kind in KINDS if kind not in OLDEST)
    return [name for name in (*ADDED, *word) if not (agendas / name).exists()]
