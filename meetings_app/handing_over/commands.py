"""`meetings users disable`: what the person held goes to others in the same step."""

import click

from meetings_app.accounts.commands import required, users
from meetings_app.accounts.queries import id_of_email
from meetings_app.actions.telling import tell_owners
from meetings_app.handing_over import service
from meetings_app.permissions import OPERATOR
from meetings_app.program import Program
from meetings_app.schedule.office import Office

__all__ = ["users"]


@users.command()
@click.argument("email")
@click.pass_obj
def disable(program: Program, email: str) -> None:
    """Stop a person from signing in, at once; their agency's representatives take over what they held."""
    office = Office.of(program.settings, program.partnership)
    with program.writing("users disable") as session:
        account_id = required(id_of_email(session, email))
        handed = service.disable(session, OPERATOR, program.now(), office, account_id)
        tell_owners(session, program.now(), program.settings.base_url)
    click.echo("The account was disabled.")
    if handed.actions:
        click.echo(f"{handed.actions} open actions went to the agency’s representatives.")
    if left := handed.actions_left + handed.children_left:
        click.echo(f"{left} actions and children wait for somebody: the coordinators’ home pages show them.")
