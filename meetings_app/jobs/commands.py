"""The command `meetings scheduler`."""

import signal
import threading
from types import FrameType

import click

from meetings_app.program import Program


@click.command("scheduler")
@click.pass_obj
def scheduler(program: Program) -> None:
    """Run the jobs until stopped. Two of these never do a job twice."""
    from meetings_app.jobs.scheduler import run_scheduler
    from meetings_app.notices.sending import check_setting

    stop = threading.Event()

    def stopped(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGINT, stopped)
    # A database of another version is refused here, once, and not by every job in turn.
    _ = program.sessions
    problem = check_setting(program.settings)
    if problem:
        click.echo(f"{problem}.", err=True)
    click.echo("The scheduler runs. Stop it with Ctrl+C.", err=True)
    run_scheduler(program, stop)
