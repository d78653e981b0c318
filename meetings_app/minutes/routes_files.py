"""Pages of the Word files that somebody edited by hand and put back beside the minutes."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.errors import RuleBroken
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.queries import children_of
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.minutes import files, queries
from meetings_app.minutes.editing import found_minutes
from meetings_app.minutes.forms import FileForm
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now, saw
from meetings_app.web.guard import requires
from meetings_app.web.word import word_answer


@blueprint.route("/meetings/<reference>/minutes/files", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def minutes_files(reference: str) -> ResponseReturnValue:
    """List the files put back, and keep another; none is ever replaced, and none is read into the record."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    minutes, form = found_minutes(db(), meeting), FileForm()
    if form.validate_on_submit():
        try:
            content = form.file.data.stream.read(files.LARGEST + 1)
            files.add_file(db(), actor(), now(), meeting, content, form.note.data or "")
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The file is kept beside the minutes.", "success")
            return redirect(url_for("meetings.minutes_files", reference=reference))
    page = render_template(
        "minutes/files.html", meeting=meeting, form=form, files=queries.files_of(db(), meeting.key),
        whole=_sees_all(minutes),
    )  # fmt: skip
    return page, 400 if form.errors else 200


@blueprint.get("/meetings/<reference>/minutes/files/<int:number>.docx")
@requires(Permission.RECORD_MEETING)
def minutes_file(reference: str, number: int) -> ResponseReturnValue:
    """Give one file as it was put back: it may hold every item, so it is for whoever may see all of them."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    minutes = found_minutes(db(), meeting)
    kept = found(queries.find_file(db(), meeting.key, number))
    if not _sees_all(minutes):
        abort(404)
    children = [item["child_id"] for item in minutes.facts["items"]]
    saw(EventKind.EXPORTED, what=f"file {number} beside the minutes of {meeting.reference}")
    record_read(db(), actor(), now(), f"file beside the minutes of {meeting.reference}", children)
    return word_answer(kept.content, f"{meeting.reference}-minutes-edited-{number}")


def _sees_all(minutes: Minutes) -> bool:
    """Whether the person may see every item: a file, and what somebody noted of it, may be about any of them."""
    children = {item["child_id"] for item in minutes.facts["items"]}
    return children_of(db(), children).keys() == children
