"""The auditor’s page. It stands here because pages may use the trail and the trail no pages."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.audit.queries import TrailFilter, people, whole_trail
from meetings_app.permissions import Permission
from meetings_app.spreadsheets.cells import CellProblem, parse_date
from meetings_app.web.context import db, saw
from meetings_app.web.filters import words
from meetings_app.web.guard import requires

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("/")
@requires(Permission.SEE_AUDIT)
def index() -> ResponseReturnValue:
    """Show the trail, newest first; a filter that cannot be read is said beside the list and left out."""
    problems: list[str] = []
    wanted = TrailFilter(
        kind=_kind(request.args.get("kind")),
        account_id=_number(request.args.get("person")),
        first_day=_day("from", problems),
        last_day=_day("to", problems),
    )
    page = whole_trail(db(), wanted, _number(request.args.get("before")))
    saw(EventKind.AUDIT_VIEWED)
    return render_template(
        "audit/index.html", page=page, problems=problems, has_errors=bool(problems), typed=request.args,
        kinds=sorted((kind.value, words(kind)) for kind in EventKind), people=people(db()),
        next_href=_next_address(page.next_before),
    )  # fmt: skip


def _next_address(before: int | None) -> str | None:
    if before is None:
        return None
    kept: dict[str, Any] = {**request.args.to_dict(), "before": before}
    return url_for("audit.index", **kept)


def _kind(text: str | None) -> EventKind | None:
    return EventKind(text) if text in {kind.value for kind in EventKind} else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def _day(name: str, problems: list[str]) -> date | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_date(text)
    except CellProblem:
        problems.append("Enter the first and the last day as dates, like 31/12/2026")
        return None
