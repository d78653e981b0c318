"""`meetings schedule change|end`: a whole series from a date on, as the page of the series does it."""

import json
from collections.abc import Sequence
from datetime import datetime, time

import click
from sqlalchemy.orm import Session

from meetings_app.errors import DomainError
from meetings_app.meetings.arranging_series import SeriesArranged, change_series, end_series
from meetings_app.meetings.commands_arranging import TimeOfDay, schedule
from meetings_app.meetings.consequences import taken_back
from meetings_app.partnership import WEEKDAYS
from meetings_app.permissions import OPERATOR
from meetings_app.program import Program
from meetings_app.schedule import queries
from meetings_app.schedule.models import MeetingSeries
from meetings_app.schedule.office import Office
from meetings_app.schedule.series import SeriesChange, SlotChange, series_of
from meetings_app.schedule.service import Arrangement

__all__ = ["schedule"]

_REFERENCE = click.argument("reference")
_FROM = click.option(
    "--from", "from_on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first date that is concerned."
)
_DRY = click.option("--dry-run", is_flag=True, help="Only say what would become of each meeting.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document.")


@schedule.command("change")
@_REFERENCE
@_FROM
@click.option("--weekday", type=click.Choice(WEEKDAYS), help="Without it the weekday stays.")
@click.option("--time", "start_time", type=TimeOfDay(), help="Start, London time; without it the time stays.")
@click.option("--minutes", type=click.IntRange(1, 600), help="Length; without it the length stays.")
@click.option("--place", help="Where; without it the place stays.")
@click.option("--joining-link", help="Address to join online; without it the address stays.")
@_DRY
@_JSON
@click.pass_obj
def change(
    program: Program,
    reference: str,
    from_on: datetime,
    weekday: str | None,
    start_time: time | None,
    minutes: int | None,
    place: str | None,
    joining_link: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Change the series that meeting REFERENCE belongs to, from a date on; who is invited is told."""
    office = Office.of(program.settings, program.partnership)
    with program.writing("schedule change") as session:
        series = _series(session, reference)
        wanted = SeriesChange(
            from_on.date(),
            series.anchor.weekday() if weekday is None else WEEKDAYS.index(weekday),
            Arrangement(
                start_time or series.start_time,
                minutes or series.minutes,
                series.place if place is None else place,
                series.joining_link if joining_link is None else joining_link,
            ),
        )

        def work() -> SeriesArranged:
            return change_series(session, OPERATOR, program.now(), office, series, wanted)

        arranged = taken_back(session, work) if dry_run else work()
    _say(arranged, dry_run=dry_run, as_json=as_json)


@schedule.command("end")
@_REFERENCE
@_FROM
@click.option("--reason", required=True, help="Why the series ends; it stands on each meeting that is cancelled.")
@_DRY
@_JSON
@click.pass_obj
def end(program: Program, reference: str, from_on: datetime, reason: str, dry_run: bool, as_json: bool) -> None:
    """End the series that meeting REFERENCE belongs to: its meetings from a date on are cancelled, and no more made."""
    office = Office.of(program.settings, program.partnership)
    with program.writing("schedule end") as session:
        series = _series(session, reference)

        def work() -> SeriesArranged:
            return end_series(session, OPERATOR, program.now(), office, series, from_on.date(), reason)

        arranged = taken_back(session, work) if dry_run else work()
    _say(arranged, dry_run=dry_run, as_json=as_json)


def _series(session: Session, reference: str) -> MeetingSeries:
    meeting = queries.find_meeting(session, reference)
    if meeting is None:
        raise DomainError(f"There is no meeting {reference}.")
    series = series_of(session, OPERATOR, meeting)
    if series is None:
        raise DomainError(f"{reference} stands beside the series. Move or cancel it by itself.")
    return series


def _say(arranged: SeriesArranged, *, dry_run: bool, as_json: bool) -> None:
    children = len(arranged.rehomed)
    if as_json:
        rows = [_as_json(slot) for slot in arranged.slots]
        click.echo(json.dumps({"meetings": rows, "reviews_moved": children, "dry_run": dry_run}, ensure_ascii=False))
        return
    for line in _lines(arranged.slots):
        click.echo(line)
    changed = sum(not slot.stays for slot in arranged.slots)
    click.echo(f"{changed} meetings changed, {children} reviews have another meeting.")
    if dry_run:
        click.echo("Nothing was changed: leave out --dry-run to do it.")


def _as_json(slot: SlotChange) -> dict[str, str | int | None]:
    return {
        "ref": slot.reference, "date_before": slot.held_before.isoformat(),
        "date": slot.held_on.isoformat() if slot.held_on else None,
        "time": f"{slot.arrangement.start_time:%H:%M}" if slot.arrangement else None,
        "minutes": slot.arrangement.minutes if slot.arrangement else None,
        "moved_because": slot.moved_because or None, "stays_because": slot.stays or None,
    }  # fmt: skip


def _lines(slots: Sequence[SlotChange]) -> list[str]:
    return [f"{slot.reference}  {slot.held_before.isoformat()} -> {_becomes(slot)}" for slot in slots]


def _becomes(slot: SlotChange) -> str:
    if slot.held_on is None or slot.arrangement is None:
        return "cancelled"
    moved = f"  (moved: {slot.moved_because})" if slot.moved_because else ""
    stays = f"  (stays: {slot.stays})" if slot.stays else ""
    return f"{slot.held_on.isoformat()} {slot.arrangement.start_time:%H:%M}{moved}{stays}"
