"""`meetings audit`: the trail verified from the command line."""

import click

from meetings_app.audit.trail import use_key, verify
from meetings_app.db.session import reading
from meetings_app.errors import DomainError
from meetings_app.permissions import OPERATOR
from meetings_app.program import Program


@click.group()
def audit() -> None:
    """Verify the audit trail."""


@audit.command("verify")
@click.pass_obj
def verify_trail(program: Program) -> None:
    """Read the whole trail and check that every entry follows the one before. Changes nothing."""
    use_key(program.settings.audit_key)
    with reading(program.sessions, OPERATOR) as session:
        count, broken = verify(session)
    if broken is not None:
        raise DomainError(f"The audit trail was altered: entry {broken} is the first that does not follow.")
    click.echo(f"The audit trail is whole: {count} entries.")
