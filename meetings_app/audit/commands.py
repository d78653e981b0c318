"""`meetings audit`: the trail verified from the command line."""

import click
from sqlalchemy.orm import Session

from meetings_app.audit.queries import mark_of
from meetings_app.audit.trail import use_key, verify
from meetings_app.db.session import reading
from meetings_app.errors import DomainError
from meetings_app.permissions import OPERATOR
from meetings_app.program import Program


@click.group()
def audit() -> None:
    """Verify the audit trail."""


@audit.command("verify")
@click.option("--anchor", help="An entry and its mark noted elsewhere, as this command prints them: 123:0f3a…")
@click.pass_obj
def verify_trail(program: Program, anchor: str | None) -> None:
    """Read the whole trail and check that every entry follows the one before. Changes nothing.

    Keep what it prints somewhere else: given back as --anchor it also finds a trail that was cut or written anew by
    somebody who has the key.
    """
    use_key(program.settings.audit_key)
    with reading(program.sessions, OPERATOR) as session:
        count, broken = verify(session)
        head = mark_of(session, count)
        kept = anchor is None or _matches(session, anchor)
    if broken is not None:
        raise DomainError(f"The audit trail was altered: entry {broken} is the first that does not follow.")
    if not kept:
        raise DomainError(f"The audit trail was written anew or cut: it does not hold the entry {anchor}.")
    click.echo(f"The audit trail is whole: {count} entries, the last is {count}:{head}")


def _matches(session: Session, anchor: str) -> bool:
    number, _, mark = anchor.partition(":")
    if not number.isdigit() or not mark:
        raise click.UsageError("--anchor takes what this command printed, such as 123:0f3a9c…")
    return mark_of(session, int(number)) == mark
