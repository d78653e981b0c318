"""`meetings import list FILE` and `meetings import referrals FILE`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from meetings_app.imports.late_reviews import COLUMN
from meetings_app.imports.models import ImportKind
from meetings_app.imports.report import Report
from meetings_app.imports.service import import_file, to_mend
from meetings_app.permissions import OPERATOR
from meetings_app.program import Program
from meetings_app.schedule.office import Office
from meetings_app.spreadsheets.packages import UNPACKED_BYTES
from meetings_app.spreadsheets.tables import UnreadableSpreadsheet

_ABOUT = """

    All rows are brought in, or none: what is wrong is said row by row on standard error, and --marked FILE writes
    your file with the cells to mend marked. The same file twice makes nothing twice.

    Rows that look like another child (a name that sounds alike, a date of birth with a slip) are never guessed:
    they are brought in, listed in the report under possible_duplicates, and wait on the child’s page for the
    coordinator to say whether they are the same child. Import on the page /import to be asked before.
"""


@click.group("import")
def import_spreadsheet() -> None:
    """Bring in the list or referrals from a spreadsheet (.xlsx or .csv)."""


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--marked", type=click.Path(path_type=Path, dir_okay=False), help="Write the file to mend."),
        click.option("--json", "as_json", is_flag=True, help="One JSON document."),
        click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing."),
        click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False)),
    ):
        command = option(command)
    return command


@import_spreadsheet.command("list", help=f"Bring in the CSE list as it stood before this service.{_ABOUT}")
@_options
@click.pass_context
def import_list(context: click.Context, file: Path, dry_run: bool, as_json: bool, marked: Path | None) -> None:
    """Bring in the list."""
    _run(context, ImportKind.LIST, file, dry_run, as_json, marked)


@import_spreadsheet.command("referrals", help=f"Bring in referrals as received, to be triaged.{_ABOUT}")
@_options
@click.pass_context
def import_referrals(context: click.Context, file: Path, dry_run: bool, as_json: bool, marked: Path | None) -> None:
    """Bring in referrals."""
    _run(context, ImportKind.REFERRALS, file, dry_run, as_json, marked)


_ABOUT_THE_CHILD = frozenset({"name", "external_reference", "school", "reason"})
"""Columns whose cells are not repeated on standard error, which machines keep in logs: the row's number says which."""


def _run(
    context: click.Context, kind: ImportKind, file: Path, dry_run: bool, as_json: bool, marked: Path | None
) -> None:
    program: Program = context.obj
    if file.stat().st_size > UNPACKED_BYTES:
        raise UnreadableSpreadsheet("The file is too large. Take out what is not part of the list.")
    content = file.read_bytes()
    office = Office.of(program.settings, program.partnership)
    with program.writing(f"import {kind.value}") as session:
        report = import_file(session, OPERATOR, program.now(), office, content, kind, dry_run=dry_run)
    if marked is not None and report.refused:
        marked.write_bytes(to_mend(content, kind, report))
    for problem in report.refused:
        told = f" ({problem.value})" if problem.value and problem.column not in _ABOUT_THE_CHILD else ""
        click.echo(f"Row {problem.row}, {problem.column}{told}: {problem.problem}", err=True)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    elif not report.refused:
        _say(report, dry_run)
    context.exit(1 if report.refused else 0)


def _say(report: Report, dry_run: bool) -> None:
    """Say in plain lines what was done."""
    would = "would be " if dry_run else ""
    rows = "1 row" if report.rows == 1 else f"{report.rows} rows"
    click.echo(f"{rows}: {report.created} {would}brought in, {report.matched} here already.")
    for heading in report.unknown_headings:
        click.echo(f"The column “{heading}” is not one of ours and was left out.")
    for pair in report.possible_duplicates:
        click.echo(f"Row {pair.row} may be the same child as {pair.child or f'row {pair.other_row}'}: {pair.why}.")
    for difference in report.differences:
        row, child = difference["row"], difference["child"] or "the service"
        if "note" in difference:
            click.echo(f"Row {row}: {child} {difference['note']}.")
        else:
            click.echo(f"Row {row} differs from {child} in {difference['column']}; nothing was changed.")
    for late in report.late_reviews:
        click.echo(f"Row {late.row}, {COLUMN}: {late.words}. The date is kept.")
    for area in report.areas_without_meeting:
        click.echo(f"Area {area} has no meeting yet: its reviews wait for one (meetings schedule create).")
