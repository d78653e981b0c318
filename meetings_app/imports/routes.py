"""The pages of the import: upload, look, answer, confirm."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.queries import agencies, areas_of
from meetings_app.audit.events import EventKind
from meetings_app.imports import queries, service, views
from meetings_app.imports.example import example_file
from meetings_app.imports.forms import ConfirmForm, UploadForm, answers_of
from meetings_app.imports.late_reviews import late_reviews
from meetings_app.imports.models import ImportBatch, ImportKind, ImportState
from meetings_app.imports.preview import Preview
from meetings_app.permissions import AREA_ROLES, Permission
from meetings_app.schedule.office import Office
from meetings_app.spreadsheets.tables import UnreadableSpreadsheet
from meetings_app.web.context import actor, db, found, now, partnership, saw, settings, today
from meetings_app.web.guard import requires

blueprint = Blueprint("imports", __name__)
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/import")
@requires(Permission.IMPORT)
def index() -> ResponseReturnValue:
    """Ask for a file, and show the person's own uploads that still wait."""
    return render_template("imports/index.html", form=UploadForm(), waiting=queries.waiting_uploads(db()))


@blueprint.post("/import")
@requires(Permission.IMPORT)
def upload() -> ResponseReturnValue:
    """Keep the file and show what it would do; a file that cannot be read is refused beside its field."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            content = form.file.data.read()
            batch = service.upload(db(), actor(), now(), content, ImportKind(form.kind.data))
            return redirect(url_for("imports.show", reference=batch.reference))
        except UnreadableSpreadsheet as problem:
            form.file.errors = [problem.message]
    waiting = queries.waiting_uploads(db())
    return render_template("imports/index.html", form=form, waiting=waiting, has_errors=True), 400


@blueprint.get("/import/<reference>")
@requires(Permission.IMPORT)
def show(reference: str) -> ResponseReturnValue:
    """Show what an upload would do or, once confirmed, what it did."""
    batch = _own(reference)
    if batch.state is ImportState.CONFIRMED:
        return render_template("imports/done.html", batch=batch, report=batch.report)
    if batch.state is ImportState.DISCARDED:
        return render_template("imports/discarded.html", batch=batch)
    preview = service.preview(db(), actor(), now(), batch)
    known = sum(row.match.child is not None or bool(row.match.candidates) for row in preview.rows)
    if known:
        saw(EventKind.SEARCHED, matches=known)
    part = request.args.get("rows", "")
    if part in views.PARTS:
        page = request.args.get("page", 1, type=int)
        return render_template(
            "imports/rows.html", batch=batch, preview=preview, labels=views.LABELS, **views.part(preview, part, page)
        )
    return _preview_page(batch, preview, {})


def _preview_page(batch: ImportBatch, preview: Preview, missing: dict[int, str]) -> str:
    form = ConfirmForm(version=str(batch.version), seen=preview.fingerprint)
    form.version.data, form.seen.data = str(batch.version), preview.fingerprint
    return render_template(
        "imports/preview.html",
        batch=batch,
        preview=preview,
        form=form,
        missing=missing,
        has_errors=bool(missing),
        questions=views.questions(preview, actor()),
        parts={name: views.part(preview, name, 1, views.FIRST) for name in views.PARTS},
        labels=views.LABELS,
        late=late_reviews(preview, partnership().ratings, today()),
    )


@blueprint.post("/import/<reference>/confirm")
@requires(Permission.IMPORT)
def confirm(reference: str) -> ResponseReturnValue:
    """Import every row, or say what is still to be answered or has changed meanwhile."""
    batch, form, answers = _own(reference), ConfirmForm(), answers_of(request.form)
    office = Office.of(settings(), partnership())
    here = url_for("imports.show", reference=batch.reference)
    try:
        service.confirm(db(), actor(), now(), office, batch, form.opened_at, form.seen.data or "", answers)
    except service.PreviewChanged as changed:
        service.keep_answers(db(), actor(), batch, answers)
        flash(changed.message, "warning")
    except service.Unanswered as problem:
        missing = {row.number: "Say whether this is the same child" for row in problem.preview.unanswered}
        return _preview_page(batch, problem.preview, missing), 400
    return redirect(here, 303)


@blueprint.post("/import/<reference>/discard")
@requires(Permission.IMPORT)
def discard(reference: str) -> ResponseReturnValue:
    """Throw an upload away."""
    service.discard(db(), actor(), _own(reference), ConfirmForm().opened_at)
    flash("The upload was discarded. Nothing was imported.", "success")
    return redirect(url_for("imports.index"), 303)


@blueprint.get("/import/<reference>/to-mend")
@requires(Permission.IMPORT)
def to_mend(reference: str) -> ResponseReturnValue:
    """Give the person's own file with the cells to mend marked."""
    batch = _own(reference)
    preview = service.preview(db(), actor(), now(), batch)
    content = service.to_mend(batch.content or b"", batch.kind, preview)
    return _file(content, f"import-{batch.reference}-to-mend.xlsx")


@blueprint.get("/import/template/<any(list, referrals):kind>.xlsx")
@requires(Permission.IMPORT)
def template(kind: str) -> ResponseReturnValue:
    """Give a file to start from."""
    own = areas_of(db(), actor(), AREA_ROLES)
    area, agency = own[0].code if own else "", agencies(db())[0].code
    return _file(example_file(ImportKind(kind), today(), area, agency), f"{kind}-to-fill-in.xlsx")


def _own(reference: str) -> ImportBatch:
    return found(queries.find_batch(db(), reference))


def _file(content: bytes, name: str) -> Response:
    headers: Any = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=_EXCEL, headers=headers)
