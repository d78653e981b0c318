"""`meetings check`: every promise of the service, checked against the database. Stands above all features."""

import json
from collections.abc import Iterator

import click
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app import tables  # noqa: F401
from meetings_app.clock import london_date
from meetings_app.cse_list.checks import Breach, breaches
from meetings_app.meetings.models import AgendaItem, ItemDecision
from meetings_app.program import Program
from meetings_app.resources import folder
from meetings_app.schedule.models import Meeting, MeetingState


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def check(context: click.Context, as_json: bool) -> None:
    """Check the promises of the service; name every breach and end with 1 if there is one."""
    program: Program = context.obj
    with program.reading("check") as session:
        agendas = program.settings.agendas or folder("agendas")
        found = breaches(session, london_date(program.now()), agendas) + list(undone_decisions(session))
    if as_json:
        click.echo(json.dumps({"breaches": [vars(breach) for breach in found]}, ensure_ascii=False))
    else:
        for breach in found:
            click.echo(f"{breach.reference}: {breach.problem}", err=True)
        if not found:
            click.echo("Every promise holds.")
    if found:
        context.exit(1)


def undone_decisions(session: Session) -> Iterator[Breach]:
    """A closed meeting has decided every item, and each decision has taken effect."""
    rows = session.execute(
        select(col(Meeting.reference), col(AgendaItem.number))
        .join(AgendaItem, col(AgendaItem.meeting_id) == col(Meeting.id))
        .outerjoin(ItemDecision, col(ItemDecision.item_id) == col(AgendaItem.id))
        .where(
            col(Meeting.state).in_([MeetingState.CLOSED, MeetingState.SIGNED]),
            col(ItemDecision.took_effect_at).is_(None),
        )
        .order_by(col(Meeting.id), col(AgendaItem.place))
    )
    for row in rows:
        yield Breach("no_effect", row.reference, f"is closed, but item {row.number} has taken no effect.")
