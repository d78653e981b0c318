"""The pages of the CSE list."""

from dataclasses import replace

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from meetings_app.accounts.password_again import confirmed
from meetings_app.accounts.queries import Reference
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.cse_list import exports, queries, views
from meetings_app.cse_list.around import around, link
from meetings_app.cse_list.filters import ListFilter
from meetings_app.permissions import PERMISSIONS, Permission, Role
from meetings_app.resources import folder
from meetings_app.web.context import actor, db, now, partnership, saw, settings, today
from meetings_app.web.guard import requires

blueprint = Blueprint("cse_list", __name__)

_LIST_ROLES = frozenset(role for role in Role if Permission.SEE_LIST in PERMISSIONS[role])
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/list")
@requires(Permission.SEE_LIST)
def index() -> ResponseReturnValue:
    """Show one page of the list, as far as the person may see it."""
    view, references = ListFilter.read(request.args), _references()
    one_area = _only_area(references)
    if one_area and not view.area:
        view = replace(view, area=one_area)
    page = queries.read_page(
        db(), view, today(), references,
        after=request.args.get("after", ""), before=request.args.get("before", ""),
    )  # fmt: skip
    rows = views.printed(db(), page.rows, today(), references)
    saw(EventKind.LIST_VIEWED, shown=len(rows), children=[row.child_id for row in page.rows], **view.address())
    counts_actions = actor().may(Permission.SEE_ACTIONS)
    return render_template(
        "cse_list/index.html",
        view=view,
        rows=rows,
        total=_total(page, view, references),
        around=around(view, references, _own_areas(references), one_area=bool(one_area), counts_actions=counts_actions),
        previous_href=link(view, before=rows[0].reference) if page.earlier and rows else None,
        next_href=link(view, after=rows[-1].reference) if page.later and rows else None,
        one_area=bool(one_area),
        opens_children=actor().may(Permission.SEE_CHILD),
        counts_actions=counts_actions,
        words=exports.RATING_WORDS,
    )


@blueprint.get("/list/export.xlsx")
@requires(Permission.SEE_LIST)
@confirmed
def excel() -> ResponseReturnValue:
    """Give the rows of the view as an Excel file."""
    view = ListFilter.read(request.args)
    rows, _references = _everything(view, "the CSE list as an Excel file")
    return _file(exports.excel(rows, settings().marking), _EXCEL, "xlsx")


@blueprint.get("/list/export.docx")
@requires(Permission.SEE_LIST)
@confirmed
def word() -> ResponseReturnValue:
    """Give the rows of the view as a Word document."""
    from meetings_app.documents.render import list_document

    view = ListFilter.read(request.args)
    rows, references = _everything(view, "the CSE list as a Word document")
    facts = exports.word_facts(
        rows, view, references, partnership=partnership().name, marking=settings().marking, reader=actor().name,
        now=now(), today=today(),
    )  # fmt: skip
    template = (settings().agendas or folder("agendas")) / "word" / "list.docx"
    return _file(list_document(facts, template), _WORD, "docx")


def _everything(view: ListFilter, what: str) -> tuple[list[views.ListRow], queries.References]:
    references = _references()
    found = queries.read_all(db(), view, today(), references)
    rows = views.printed(db(), found, today(), references, professionals=True)
    saw(EventKind.EXPORTED, what=what, children=len(rows), **view.address())
    record_read(db(), actor(), now(), what.removeprefix("the "), [row.child_id for row in found])
    return rows, references


def _file(content: bytes, kind: str, ending: str) -> Response:
    name = f"cse-list-{today().isoformat()}.{ending}"
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _references() -> queries.References:
    """Give the areas and agencies, read once: only `meetings agendas apply` adds to them, and it asks for a restart."""
    kept: dict[str, queries.References] = current_app.extensions["meetings"].kept
    if "references" not in kept:
        kept["references"] = views.references_of(db())
    return kept["references"]


def _total(page: queries.Page, view: ListFilter, references: queries.References) -> str:
    """Say how many children the view holds; one page that holds them all needs no counting."""
    whole = not page.earlier and not page.later
    number = len(page.rows) if whole else queries.count(db(), view, today(), references)
    if number > queries.MOST_COUNTED:
        return f"More than {queries.MOST_COUNTED:,} children"
    return f"{number:,} {'child' if number == 1 else 'children'}"


def _own_areas(references: queries.References) -> tuple[Reference, ...]:
    held = actor().areas(_LIST_ROLES)
    return tuple(area for area in references.areas if held is None or area.id in held)


def _only_area(references: queries.References) -> str:
    """Give the code of the one area that everything the person may see lies in, or an empty text."""
    areas = {grant.area_id for grant in actor().grants}
    return next((area.code for area in references.areas if areas == {area.id}), "")
