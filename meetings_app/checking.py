"""`meetings check`: every promise of the service, checked against the database. Stands above all features."""

import json

import click

from meetings_app import tables  # noqa: F401
from meetings_app.clock import london_date
from meetings_app.meetings.checks import every_breach
from meetings_app.network_meetings.checks import network_breaches
from meetings_app.program import Program
from meetings_app.resources import folder


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
    if as_json:
        click.echo(json.dumps({"breaches": [vars(breach) for breach in found]}, ensure_ascii=False))
    else:
        for breach in found:
            click.echo(f"{breach.reference}: {breach.problem}", err=True)
        if not found:
            click.echo("Every promise holds.")
    if found:
        context.exit(1)
