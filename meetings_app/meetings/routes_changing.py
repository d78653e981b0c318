"""Pages that change one meeting: announcing, moving and cancelling it."""

from datetime import date
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.meetings import arranging
from meetings_app.meetings.announcing import invites_of
from meetings_app.meetings.arranging import Arranged
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.consequences import Consequence, rehearse
from meetings_app.meetings.forms_arranging import CancelForm, MoveForm, WhenForm
from meetings_app.meetings.routes_arranging import found_meeting, office
from meetings_app.notices.sending import why_no_mail
from meetings_app.permissions import Permission
from meetings_app.schedule import invites, queries
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.service import Arrangement, may_arrange
from meetings_app.text import day_in_words
from meetings_app.web.context import actor, db, found, now, saw, settings
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires

Value = TypeVar("Value")


def arranged_meeting(reference: str) -> Meeting:
    """Give the meeting of the address where the person may arrange it, else answer 404."""
    meeting = found_meeting(reference)
    return found(meeting if may_arrange(actor(), meeting.area_id) else None)


@blueprint.post("/meetings/<reference>/announce")
@requires(Permission.ARRANGE_MEETINGS)
def announce(reference: str) -> ResponseReturnValue:
    """Announce a planned meeting now."""
    meeting = arranged_meeting(reference)
    told, waits = invites_of(db(), office(), meeting), why_no_mail(settings())
    arranging.announce(db(), actor(), now(), office(), meeting)
    flash(
        f"{reference} is announced. {told.words}{f' They wait in the outbox: {waits}.' if waits else ''}",
        "success",
    )
    return redirect(url_for("meetings.show", reference=reference))


@blueprint.get("/meetings/<reference>/move")
@requires(Permission.ARRANGE_MEETINGS)
def move(reference: str) -> ResponseReturnValue:
    """Ask for another date, time or place."""
    meeting = arranged_meeting(reference)
    form = MoveForm(
        version=str(meeting.version), held_on=meeting.held_on, start_time=meeting.start_time, minutes=meeting.minutes,
        place=meeting.place, joining_link=meeting.joining_link,
    )  # fmt: skip
    return render_template("meetings/arranging/move.html", meeting=meeting, form=form)


@blueprint.post("/meetings/<reference>/move")
@requires(Permission.ARRANGE_MEETINGS)
def move_sent(reference: str) -> ResponseReturnValue:
    """Show which children go where, then move the meeting."""
    meeting = arranged_meeting(reference)
    form = MoveForm()
    if not form.validate_on_submit():
        return render_template("meetings/arranging/move.html", meeting=meeting, form=form, has_errors=True), 400

    def change() -> Arranged:
        return arranging.move_meeting(
            db(), actor(), now(), office(), meeting, form.opened_at, held_on=given(form.held_on.data),
            arrangement=arrangement_in(form),
        )  # fmt: skip

    try:
        if "confirmed" not in request.form:
            return _confirm_page("move", meeting, form, rehearse(db(), change), form.held_on.data)
        arranged = change()
    except RuleBroken as problem:
        form.refuse(problem)
        return render_template("meetings/arranging/move.html", meeting=meeting, form=form, has_errors=True), 400
    except Conflict as conflict:
        return _conflict_page("move", meeting, form, conflict)
    flash(told_of(f"{reference} is now on {day_in_words(meeting.held_on)}", arranged), "success")
    return redirect(url_for("meetings.show", reference=reference))


@blueprint.get("/meetings/<reference>/cancel")
@requires(Permission.ARRANGE_MEETINGS)
def cancel(reference: str) -> ResponseReturnValue:
    """Ask why a meeting is cancelled."""
    meeting = arranged_meeting(reference)
    form = CancelForm(version=str(meeting.version))
    return render_template("meetings/arranging/cancel.html", meeting=meeting, form=form)


@blueprint.post("/meetings/<reference>/cancel")
@requires(Permission.ARRANGE_MEETINGS)
def cancel_sent(reference: str) -> ResponseReturnValue:
    """Show which children go where, then cancel the meeting."""
    meeting = arranged_meeting(reference)
    form = CancelForm()
    if not form.validate_on_submit():
        return render_template("meetings/arranging/cancel.html", meeting=meeting, form=form, has_errors=True), 400

    def change() -> Arranged:
        return arranging.cancel_meeting(db(), actor(), now(), office(), meeting, form.opened_at, form.reason.data)

    try:
        if "confirmed" not in request.form:
            return _confirm_page("cancel", meeting, form, rehearse(db(), change))
        arranged = change()
    except RuleBroken as problem:
        form.refuse(problem)
        return render_template("meetings/arranging/cancel.html", meeting=meeting, form=form, has_errors=True), 400
    except Conflict as conflict:
        return _conflict_page("cancel", meeting, form, conflict)
    flash(told_of(f"{reference} is cancelled", arranged), "success")
    return redirect(url_for("meetings.show", reference=reference))


def _confirm_page(
    what: str, meeting: Meeting, form: Form, consequences: list[Consequence], held_on: date | None = None
) -> str:
    children = [one.child_id for one in consequences]
    saw(EventKind.CHANGE_REHEARSED, shown=len(children), children=children, meeting=meeting.reference)
    told = [] if meeting.state is MeetingState.PLANNED else queries.invited(db(), meeting.key)
    return render_template(
        "meetings/arranging/confirm.html", what=what, meeting=meeting, form=form, consequences=consequences,
        held_on=held_on, invited=len(told), leaving=sum(one.before != one.after for one in consequences),
        late=sum(one.days_late > 0 for one in consequences),
    )  # fmt: skip


def _conflict_page(what: str, meeting: Meeting, form: MoveForm | CancelForm, conflict: Conflict) -> ResponseReturnValue:
    """Show what the meeting is now beside what was typed; nothing is saved, nothing typed is lost."""
    form.form_errors.append(conflict.message)
    # What was typed stays in the boxes; sent again, it is meant for the meeting as it is shown now.
    form.version.process(None, str(meeting.version))
    return render_template(
        f"meetings/arranging/{what}.html", meeting=meeting, form=form, has_errors=True,
        theirs=f"{invites.date_text(meeting)}, {invites.time_text(meeting)}, {meeting.place or 'no place'}",
    ), 409  # fmt: skip


def given(value: Value | None) -> Value:
    """Give the value of a field that the form has made sure is there."""
    assert value is not None
    return value


def arrangement_in(form: WhenForm) -> Arrangement:
    """Give when and where a form says that a meeting is."""
    return Arrangement(
        form.start_time.data, given(form.minutes.data), form.place.data or "", form.joining_link.data or ""
    )


def told_of(what: str, arranged: Arranged) -> str:
    """Say what was done, and how many reviews found another meeting by it."""
    count = len(arranged.rehomed)
    if count == 0:
        return f"{what}."
    return f"{what}. {count} {'review has' if count == 1 else 'reviews have'} another meeting now."
