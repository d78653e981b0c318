"""The page on which the statement is read again to whoever joins, and on which that is recorded."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.errors import RuleBroken
from meetings_app.meetings import statement
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.routes_arranging import office
from meetings_app.meetings.statement_forms import ReadAgainForm
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.web.context import actor, db, now, saw
from meetings_app.web.guard import requires
from meetings_app.web.numbers import row_number


@blueprint.route("/meetings/<reference>/statement", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def statement_again(reference: str) -> ResponseReturnValue:
    """Show the statement and to whom it is still to be read, and record that it was: by whom, when and to whom."""
    meeting, form = rmm_of(reference, Permission.RECORD_MEETING), ReadAgainForm()
    waiting = statement.still_to_be_read_to(db(), meeting)
    form.to.choices = {str(row.id): f"{row.name}, {row.agency}" for row in waiting}
    if request.method == "GET":
        form.to.data = list(form.to.choices)
    elif form.validate():
        people = {number for each in form.to.data or () if (number := row_number(each))}
        try:
            _record(meeting, people, form.read_by.data or "")
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("It is recorded to whom the statement was read.", "success")
            return redirect(url_for("meetings.record", reference=reference))
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=0)
    page = render_template(
        "meetings/running/statement.html", meeting=meeting, form=form, again=statement.read_again(db(), meeting),
        waiting=waiting, statement=office().partnership.rmm.statement, open=meeting.state is MeetingState.IN_PROGRESS,
    )  # fmt: skip
    return page, 400 if form.errors else 200


def _record(meeting: Meeting, people: set[int], read_by: str) -> None:
    if request.form.get("how") == "there":
        statement.were_there(db(), actor(), now(), meeting, people)
    else:
        statement.read_to(db(), actor(), now(), meeting, people, read_by)
