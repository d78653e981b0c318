"""`meetings referrals`: triage and the queue from the command line, for the operator of the machine."""

import json
from typing import Any

import click
from sqlalchemy.orm import Session

from meetings_app.accounts.queries import areas
from meetings_app.errors import DomainError
from meetings_app.permissions import OPERATOR
from meetings_app.program import Program
from meetings_app.referrals import queries, views
from meetings_app.referrals.models import ReferralState
from meetings_app.referrals.queries import QueueFilter, View
from meetings_app.referrals.service import Decision, decide
from meetings_app.schedule.office import Office

_VIEWS = [view.value for view in View if view not in (View.MINE, View.TO_ANSWER)]


class _Refused(DomainError):
    """Some referrals cannot be accepted; `problems` says why, by reference."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("\n".join(f"{reference}: {problem}" for reference, problem in problems.items()))
        self.problems = problems


@click.group()
def referrals() -> None:
    """List referrals, and accept them."""


@referrals.command()
@click.argument("references", nargs=-1, required=True, metavar="REFERENCE...")
@click.option("--reason", default="", help="Why they are accepted; the referrers read it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def accept(program: Program, references: tuple[str, ...], reason: str, as_json: bool) -> None:
    """Accept referrals for the next RMM of their area: all of them or none."""
    # In one order, so that two runs at the same time wait for each other and never for good.
    wanted = sorted({reference.strip().upper() for reference in references})
    try:
        with program.writing("referrals accept") as session:
            _accept(session, program, wanted, reason)
    except _Refused as refused:
        if as_json:
            said = [{"reference": reference, "problem": problem} for reference, problem in refused.problems.items()]
            click.echo(json.dumps({"accepted": [], "refused": said}, ensure_ascii=False))
        raise
    if as_json:
        click.echo(json.dumps({"accepted": wanted, "refused": []}))
    else:
        click.echo(f"Accepted: {', '.join(wanted)}")


@referrals.command("list")
@click.option("--area", default="", help="Code of an area; else the whole county.")
@click.option("--show", default=View.WAITING.value, type=click.Choice(_VIEWS), help="Which referrals.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_referrals(program: Program, area: str, show: str, as_json: bool) -> None:
    """List the referrals that wait, urgent first and then oldest first."""
    now, office = program.now(), _office(program)
    with program.reading("referrals list") as session:
        codes = [each.code for each in areas(session)]
        if area and area.upper() not in codes:
            raise DomainError(f"{area} is not the code of an area. The areas are: {', '.join(codes)}.")
        rows = _every_row(session, QueueFilter(View(show), area.upper()), queries.moments(office, now))
        lines = [views.printed(row, now, office) for row in rows]
    if as_json:
        said = [_as_json(row, (now - row.received_at).days) for row in rows]
        click.echo(json.dumps({"referrals": said}, ensure_ascii=False))
        return
    for line in lines:
        marks = "".join(f" [{mark.text}]" for mark in line.marks)
        click.echo(f"{line.reference}  {line.age}  {line.name}, {line.area}: {line.state}{marks}")


def _accept(session: Session, program: Program, wanted: list[str], reason: str) -> None:
    """Accept every one, or raise with what stands against each of those that cannot be."""
    problems: dict[str, str] = {}
    for reference in wanted:
        referral = queries.find_referral(session, reference)
        if referral is None:
            problems[reference] = "there is no such referral"
            continue
        decision = Decision(ReferralState.ACCEPTED, reason)
        try:
            decide(session, OPERATOR, program.now(), _office(program), referral, referral.version, decision)
        except DomainError:
            problems[reference] = f"cannot be accepted, it stands as: {views.state_words(referral)}"
    if problems:
        raise _Refused(problems)


def _office(program: Program) -> Office:
    return Office.of(program.settings, program.partnership)


def _every_row(session: Session, view: QueueFilter, late: queries.Moments) -> list[Any]:
    page = queries.page_of(session, OPERATOR, view, late)
    rows = list(page.rows)
    while page.later:
        page = queries.page_of(session, OPERATOR, view, late, after=rows[-1].reference)
        rows += page.rows
    return rows


def _as_json(row: Any, age_days: int) -> dict[str, Any]:
    return {
        "referral": row.reference,
        "child": row.child_reference,
        "name": row.name_on_record or row.child_name,
        "area": row.area_code,
        "agency": row.agency_code,
        "referrer": row.referrer_name,
        "state": row.state.value,
        "received_at": row.received_at.isoformat(),
        "age_days": age_days,
        "urgent": row.urgent,
        "repeat": row.repeat,
        "awaiting_assessment": row.awaiting_assessment,
    }
