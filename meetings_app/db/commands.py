"""`meetings backup` and `meetings restore`."""

from pathlib import Path

import click

from meetings_app.db import backup as copies
from meetings_app.program import Program


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup(program: Program, file: Path) -> None:
    """Copy the database into FILE, consistent, while the service runs."""
    with program.writing("backup"):
        pass
    copies.back_up(program.engine, file)
    click.echo(f"The database was copied to {file}. Keep the audit key and the secret key with it, but elsewhere.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def restore(program: Program, file: Path) -> None:
    """Put the copy in FILE in the place of the database. Stop the service first.

    The copy is verified before anything is replaced; the database as it was is kept beside it.
    """
    kept = copies.restore(program.engine, file, program.check_copy)
    with program.writing("restore"):
        pass
    click.echo("The database was restored.")
    if kept:
        click.echo(f"The database as it was is kept as {kept}. Delete it when you no longer need it.")
