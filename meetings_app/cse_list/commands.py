"""`meetings list`."""

import json
from pathlib import Path
from typing import Any

import click

from meetings_app.clock import london_date
from meetings_app.cse_list import exports, queries, views
from meetings_app.cse_list.filters import ListFilter
from meetings_app.errors import DomainError
from meetings_app.program import Program
from meetings_app.resources import folder


@click.command("list")
@click.option("--area", default="", help="Code of one area; without it the whole county.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--word", type=click.Path(path_type=Path, dir_okay=False), help="Write a Word document.")
@click.option("--excel", type=click.Path(path_type=Path, dir_okay=False), help="Write an Excel file.")
@click.pass_obj
def show_list(program: Program, area: str, as_json: bool, word: Path | None, excel: Path | None) -> None:
    """Print the CSE list as it stands, or write it to files."""
    now, view = program.now(), ListFilter(area=area.upper())
    today = london_date(now)
    with program.reading("list") as session:
        references = views.references_of(session)
        if view.area and references.area_id(view.area) is None:
            raise DomainError(f"There is no area with the code {view.area}.")
        found = queries.read_all(session, view, today, references)
        rows = views.printed(session, found, today, references, professionals=True)
    if excel is not None:
        excel.write_bytes(exports.excel(rows, program.settings.marking))
    if word is not None:
        from meetings_app.documents.render import list_document

        facts = exports.word_facts(
            rows, view, references, partnership=program.partnership.name, marking=program.settings.marking,
            reader="Operator of the machine", now=now, today=today,
        )  # fmt: skip
        agendas = program.settings.agendas or folder("agendas")
        word.write_bytes(list_document(facts, agendas / "word" / "list.docx"))
    if as_json:
        click.echo(json.dumps({"entries": [_as_json(row) for row in rows]}, ensure_ascii=False))
    elif word is None and excel is None:
        for row in rows:
            click.echo(_line(row))
        click.echo(f"{len(rows)} {'child' if len(rows) == 1 else 'children'} on the list.")


def _as_json(row: views.ListRow) -> dict[str, Any]:
    return {
        "child": row.reference,
        "name": row.name,
        "date_of_birth": row.born.isoformat(),
        "area": row.area,
        "rating": row.rating,
        "provisional": row.provisional,
        "listed_on": row.listed_on.isoformat(),
        "lead_agency": row.lead_agency_code,
        "next_review": row.next_review_on.isoformat(),
        "next_meeting": row.meeting or None,
        "overdue_days": row.overdue_days,
    }


def _line(row: views.ListRow) -> str:
    said = "; ".join(views.notes(row))
    rating = f"{row.rating}{' (provisional)' if row.provisional else ''}"
    return (
        f"{row.reference}  {row.name}, {row.age}, {row.area}, {rating}, review {row.next_review_on.isoformat()}, "
        f"{row.meeting or 'no meeting'}{f': {said}' if said else ''}"
    )
