"""`meetings schedule preview|create` and `meetings invites`."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from meetings_app.accounts import queries as people
from meetings_app.clock import london_date
from meetings_app.errors import DomainError
from meetings_app.meetings import arranging
from meetings_app.permissions import OPERATOR
from meetings_app.program import Program
from meetings_app.schedule import queries
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.schedule.rules import PlannedDate
from meetings_app.schedule.running_series import RunningSeries, running_series
from meetings_app.schedule.service import Arrangement, plan_series

_KIND = click.argument("kind", type=click.Choice([kind.value for kind in MeetingType]))
_FROM = click.option("--from", "start", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first date.")
_AREA = click.option("--area", default="", help="Code of the area; a network meeting has none.")
_COUNT = click.option("--count", type=click.IntRange(min=1), help="How many; without it a year of them.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document.")


class TimeOfDay(click.ParamType[time]):
    """A time on the clocks of London, such as 10:00."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> time:
        """Read HH:MM, or refuse it."""
        try:
            return datetime.strptime(str(value), "%H:%M").time()  # noqa: DTZ007 # A wall-clock time has no time zone.
        except ValueError:
            self.fail(f"{value} is not a time such as 10:00", param, ctx)


@click.group("schedule")
def schedule() -> None:
    """Arrange series of meetings."""


@schedule.command("preview")
@_KIND
@_FROM
@_AREA
@_COUNT
@_JSON
@click.pass_obj
def preview(program: Program, kind: str, start: datetime, area: str, count: int | None, as_json: bool) -> None:
    """Show the dates a series would have, with the bank holidays it moves away from."""
    office = Office.of(program.settings, program.partnership)
    if area:
        with program.reading("schedule preview") as session:
            area_id = _area_id(session, MeetingType(kind), area)
            _say_what_runs(running_series(session, MeetingType(kind), area_id, start.date(), _today(program)))
    # A series of the past may be looked at, though none can be made.
    dates = plan_series(office, MeetingType(kind), start.date(), count, today=start.date())
    if as_json:
        click.echo(json.dumps({"meetings": [_as_json(slot) for slot in dates]}, ensure_ascii=False))
        return
    for slot in dates:
        click.echo(_line(slot.date, slot.planned, slot.moved_because))


@schedule.command("create")
@_KIND
@_FROM
@_AREA
@_COUNT
@click.option("--time", "start_time", type=TimeOfDay(), help="Start, London time; without it that of agendas/.")
@click.option("--minutes", type=click.IntRange(1, 600), help="Length; without it that of agendas/.")
@click.option("--place", default="", help="Where.")
@click.option("--joining-link", default="", help="Address to join online.")
@_JSON
@click.pass_obj
def create(
    program: Program,
    kind: str,
    start: datetime,
    area: str,
    count: int | None,
    start_time: time | None,
    minutes: int | None,
    place: str,
    joining_link: str,
    as_json: bool,
) -> None:
    """Make a series and announce its meetings up to the horizon; the later ones follow as they come near."""
    office, now = Office.of(program.settings, program.partnership), program.now()
    usual = arranging.usual_arrangement(office, MeetingType(kind))
    arrangement = Arrangement(start_time or usual.start_time, minutes or usual.minutes, place, joining_link)
    with program.writing("schedule create") as session:
        area_id = _area_id(session, MeetingType(kind), area)
        running = running_series(session, MeetingType(kind), area_id, start.date(), _today(program))
        meetings = arranging.create_series(
            session, OPERATOR, now, office, kind=MeetingType(kind), area_id=area_id, start=start.date(), count=count,
            arrangement=arrangement,
        )  # fmt: skip
    _say_what_runs(running)
    if as_json:
        rows = [
            {**_as_json(PlannedDate(one.planned, one.held_on, one.moved_because or None)), "ref": one.reference}
            for one in meetings
        ]
        click.echo(json.dumps({"meetings": rows}, ensure_ascii=False))
        return
    for one in meetings:
        click.echo(f"{one.reference}  {_line(one.held_on, one.planned, one.moved_because)}  {one.state.value}")
    announced = sum(one.state is MeetingState.ANNOUNCED for one in meetings)
    click.echo(f"{len(meetings)} meetings made, {announced} announced.")


def _today(program: Program) -> date:
    return london_date(program.now())


def _say_what_runs(running: Sequence[RunningSeries]) -> None:
    """Say beside the answer, and not in it, which series the area has already."""
    for one in running:
        click.echo(one.words, err=True)


@click.command("invites")
@click.argument("reference")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder to write to.")
@click.pass_obj
def invites(program: Program, reference: str, out: Path) -> None:
    """Write what each member of a meeting would get: one .eml each, and the .ics inside also beside it."""
    from meetings_app.notices.message import as_bytes
    from meetings_app.schedule.invites import message_for

    office = Office.of(program.settings, program.partnership)
    with program.reading("invites") as session:
        meeting = queries.find_meeting(session, reference)
        if meeting is None:
            raise DomainError(f"There is no meeting {reference}.")
        wanted = _recipients(session, office, meeting)
        files = {account.key: message_for(session, meeting, office, account) for account in wanted}
    out.mkdir(parents=True, exist_ok=True)
    for account_id, (message, calendar) in files.items():
        # The number of the account, because a file's name must not say who the person is.
        (out / f"{reference}-{account_id}.eml").write_bytes(as_bytes(message))
        (out / f"{reference}-{account_id}.ics").write_bytes(calendar)
    click.echo(f"{len(files)} invites written.")


def _recipients(session: Session, office: Office, meeting: Meeting) -> list[Any]:
    """Give who is invited, or for a meeting that is only planned, who would be."""
    if meeting.state is MeetingState.PLANNED:
        return queries.entitled(session, office.definition(meeting.type), meeting.area_id)
    return queries.invited(session, meeting.key)


def _area_id(session: Session, kind: MeetingType, code: str) -> int | None:
    if kind is MeetingType.NETWORK:
        if code:
            raise DomainError("A network meeting has no area. Leave out --area.")
        return None
    if not code:
        raise DomainError("An RMM belongs to an area. Name it with --area.")
    for area in people.areas(session):
        if area.code == code.upper():
            return area.id
    raise DomainError(f"There is no area with the code {code}.")


def _as_json(slot: PlannedDate) -> dict[str, str | None]:
    return {"date": slot.date.isoformat(), "planned": slot.planned.isoformat(), "moved_because": slot.moved_because}


def _line(held_on: date, planned: date, moved_because: str | None) -> str:
    moved = f"  (moved from {planned.isoformat()}: {moved_because})" if moved_because else ""
    return f"{held_on.isoformat()}{moved}"
