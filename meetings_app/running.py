"""The commands `init` and `serve`: the database brought up, and the pages served."""

import gc
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from meetings_app.errors import ConfigurationError

if TYPE_CHECKING:
    from flask import Flask

    from meetings_app.app import Service
    from meetings_app.cli import RunningProgram

_THREADS = 8
_KEEP_ALIVE_SECONDS = 75
"""Longer than a reverse proxy keeps a connection, so that it is never the service that closes one in use."""


@click.command()
@click.pass_obj
def init(program: "RunningProgram") -> None:
    """Create the database, or bring it up to this version. Running it again does no harm."""
    prepare(program)
    click.echo("The database is ready. Invite the first person with: meetings users add")


def prepare(program: "RunningProgram") -> None:
    """Bring the database up, fill reference data in, and say which `agendas/` files differ from what was read."""
    from meetings_app.accounts.reference import compare_defaults, in_words, prepare_reference_data
    from meetings_app.db.migrate import upgrade
    from meetings_app.permissions import OPERATOR
    from meetings_app.resources import folder

    agendas = program.settings.agendas or folder("agendas")
    upgrade(program.engine)
    with program.writing("init") as session:
        prepare_reference_data(session, program.partnership, agendas, OPERATOR, program.now())
        session.flush()
        found = compare_defaults(session, agendas)
    for _name, what in in_words(found):
        click.echo(what, err=True)


@click.group()
def agendas() -> None:
    """What the partnership decides for itself: the files in agendas/."""


@agendas.command("apply")
@click.option("--reason", required=True, help="Why the definitions change; kept with who and when.")
@click.option(
    "--over-page",
    multiple=True,
    metavar="FILE",
    help="A file that rules though the page Rules was changed too; give it again for more.",
)
@click.pass_obj
def apply_files(program: "RunningProgram", reason: str, over_page: tuple[str, ...]) -> None:
    """Let the files that were changed rule from now on. The former versions are kept.

    A file that is as it was last read changes nothing: what was changed on the page Rules since rules on.
    """
    from meetings_app.accounts.reference import apply_defaults, compare_defaults
    from meetings_app.permissions import OPERATOR
    from meetings_app.resources import folder

    agendas = program.settings.agendas or folder("agendas")
    with program.writing("agendas apply") as session:
        changed = apply_defaults(session, OPERATOR, program.now(), agendas, reason, over_page=over_page)
        untouched = compare_defaults(session, agendas).page_rules
    for name in changed:
        what = "rules from now on" if (agendas / name).exists() else "is out of use"
        click.echo(f"{name} {what}.")
    for name in untouched:
        click.echo(f"{name} is as it was last read; what was changed on the page Rules since rules on.")
    if not changed:
        click.echo("No file was changed. Nothing was applied.")


@agendas.command("show")
@click.argument("name")
@click.pass_obj
def show_file(program: "RunningProgram", name: str) -> None:
    """Print a file, such as ratings.toml, as it rules now, whatever stands in the folder."""
    from meetings_app.accounts.reference import text_in_use

    with program.reading("agendas show") as session:
        text = text_in_use(session, name)
    click.echo(text, nl=False)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen at.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.pass_obj
def serve(program: "RunningProgram", host: str, port: int, workers: int) -> None:
    """Serve the pages. With one worker on SQLite the scheduler runs beside them."""
    logging.getLogger("meetings").setLevel(logging.INFO)
    _check_files(program.settings.agendas)
    if workers > 1 and sys.platform == "win32":
        raise ConfigurationError("Several workers are not available on Windows. Use --workers 1.")
    _ = program.sessions
    beside = workers == 1 and program.engine.dialect.name == "sqlite"
    if not beside:
        click.echo("The scheduler does not run here. Start it as a process of its own: meetings scheduler", err=True)
    click.echo(f"Serving at http://{host}:{port} (Ctrl+C stops it).", err=True)
    if workers == 1:
        serve_alone(program.service, host, port, scheduler=beside)
    else:
        program.engine.dispose()
        _serve_in_workers(program, host, port, workers)


def _check_files(agendas: Path | None) -> None:
    """Refuse to start without the front-end files, or with a Word template that could not be filled in.

    A template that leaves out words of the record is named, and the service starts: it holds the words all the same.
    """
    from meetings_app.documents.check import KINDS, check_template
    from meetings_app.resources import folder
    from meetings_app.web.assets import missing_assets_message
    from meetings_app.web.word import template_in, words_left_out

    missing = missing_assets_message(folder("static"))
    if missing:
        raise ConfigurationError(missing)
    for kind in KINDS:
        check_template(template_in(agendas, kind), kind)
    for line in words_left_out(agendas):
        click.echo(line, err=True)


def serve_alone(service: "Service", host: str, port: int, *, scheduler: bool) -> None:
    """Serve from this process until it is stopped; with `scheduler` the jobs run beside the pages."""
    from meetings_app.app import create_app
    from meetings_app.jobs.scheduler import start_in_background

    app = create_app(service.settings, service)
    jobs = start_in_background(service) if scheduler else None
    try:
        serve_application(app, host, port, behind_proxies=service.settings.proxies > 0)
    finally:
        if jobs:
            jobs.stop()


def serve_application(app: "Flask", host: str, port: int, *, behind_proxies: bool = False) -> None:
    """Serve any application as the product is served. Raises `ConfigurationError` where the port cannot be used."""
    import waitress

    _settle()
    try:
        waitress.serve(
            app, host=host, port=port, threads=_THREADS, ident=None, clear_untrusted_proxy_headers=not behind_proxies,
            channel_timeout=_KEEP_ALIVE_SECONDS,
        )  # fmt: skip
    except OSError as problem:
        raise ConfigurationError(f"Port {port} at {host} cannot be used: {problem.strerror}.") from None


def _settle() -> None:
    """Leave what was loaded to start out of every search for garbage from now on: it stays as long as the process."""
    gc.collect()
    gc.freeze()


def _serve_in_workers(program: "RunningProgram", host: str, port: int, workers: int) -> None:
    """Serve with gunicorn; each worker opens the database for itself."""
    from gunicorn.app.base import BaseApplication

    from meetings_app.app import create_app

    class Server(BaseApplication):  # type: ignore[misc] # gunicorn comes without type hints
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": f"{host}:{port}", "workers": workers, "worker_class": "gthread", "threads": _THREADS // 2,
                "keepalive": _KEEP_ALIVE_SECONDS, "timeout": 60, "graceful_timeout": 30, "errorlog": "-",
                "forwarded_allow_ips": "*" if program.settings.proxies else "127.0.0.1", "proc_name": "meetings",
                "control_socket_disable": True,
            }  # fmt: skip
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            app = create_app(program.settings)
            _settle()
            return app

    Server().run()
