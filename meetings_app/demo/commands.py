"""`meetings demo`: the fictional county, built once and served, with the accounts to look at it."""

from typing import TYPE_CHECKING

import click

from meetings_app.demo.names import COUNTY, SHOWN

if TYPE_CHECKING:
    from meetings_app.cli import RunningProgram


@click.command()
@click.option("--no-serve", is_flag=True, help="Build the county and print the accounts, without serving it.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen at.")
@click.option("--fresh", is_flag=True, help="Delete the demonstration that is there and build it again.")
@click.pass_obj
def demo(program: "RunningProgram", no_serve: bool, port: int, fresh: bool) -> None:
    """Build the fictional county of Exampleshire in a database of its own, and serve it.

    An existing demonstration is left as it is. Everybody signs in with one password and without a second factor.
    """
    from meetings_app.demo.build import prepare
    from meetings_app.demo.place import demo_settings, password_of

    shown = program.with_settings(**demo_settings(program.settings, port))
    password = password_of(shown.settings)
    prepare(shown.service, password, fresh=fresh, say=click.echo)
    click.echo(accounts_in_words(shown.settings.base_url, password, served=not no_serve))
    if not no_serve:
        from meetings_app.running import serve

        click.Context(serve, obj=shown).invoke(serve, host="127.0.0.1", port=port, workers=1)


def accounts_in_words(address: str, password: str, *, served: bool) -> str:
    """Say where to sign in, as whom, and with what; not served, what serves it without a second step."""
    where = (
        f"Exampleshire is at {address}" if served else f"Exampleshire is built. meetings demo serves it at {address}"
    )
    rows = [(f"{local_part}@{COUNTY}", about) for local_part, about in SHOWN]
    width = max(len(email) for email, _ in rows)
    lines = [f"  {email:<{width}}  {about}" for email, about in rows]
    return "\n".join(["", f"  {where}", "", f"  Password for everybody: {password}", "", *lines, ""])
