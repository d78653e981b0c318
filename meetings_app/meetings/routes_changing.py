"""Pages that arrange: a series with its preview, an extra meeting, moving, cancelling, announcing, and members."""

from datetime import date
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries as people
from meetings_app.accounts.queries import Reference
from meetings_app.audit.events import EventKind
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.meetings import arranging
from meetings_app.meetings.arranging import Arranged
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.consequences import Consequence, rehearse
from meetings_app.meetings.forms_arranging import (
    KINDS,
    CancelForm,
    ExtraForm,
    MoveForm,
    SeriesForm,
    WhenForm,
)
from meetings_app.meetings.routes_arranging import found_meeting, office
from meetings_app.permissions import Permission
from meetings_app.schedule import invites, queries, service
from meetings_app.schedule.checks import refuse_taken
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.schedule.rules import PlannedDate
from meetings_app.schedule.service import Arrangement, may_arrange, plan_series
from meetings_app.text import day_in_words
from meetings_app.web.context import actor, db, found, now, saw, today
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires

Value = TypeVar("Value")
AreaForm = TypeVar("AreaForm", SeriesForm, ExtraForm)


def arranged_meeting(reference: str) -> Meeting:
    """Give the meeting of the address where the person may arrange it, else answer 404."""
    meeting = found_meeting(reference)
    return found(meeting if may_arrange(actor(), meeting.area_id) else None)


@blueprint.get("/meetings/series")
@requires(Permission.ARRANGE_MEETINGS)
def series() -> ResponseReturnValue:
    """Ask for a series."""
    usual = office().partnership.rmm
    form = SeriesForm(kind=MeetingType.RMM.value, start_time=usual.time, minutes=usual.minutes)
    return _series_page(_with_areas(form))


@blueprint.post("/meetings/series")
@requires(Permission.ARRANGE_MEETINGS)
def series_sent() -> ResponseReturnValue:
    """Show the dates with the bank holidays marked, then make and announce them."""
    form = _with_areas(SeriesForm())
    if not form.validate_on_submit():
        return _series_page(form), 400
    try:
        kind, area_id = _kind_and_area(form)
        service.check_arrangement(_arrangement(form))
        dates = plan_series(office(), kind, form.start.data, form.count.data, today())
        seen = f"{kind.value} {area_id} {form.start.data} {len(dates)}"
        if "confirmed" not in request.form or form.previewed.data != seen:
            refuse_taken(db(), kind, area_id, [slot.date for slot in dates])
            form.previewed.process(None, seen)
            return _series_page(form, dates)
        meetings = arranging.create_series(
            db(), actor(), now(), office(), kind=kind, area_id=area_id, start=form.start.data, count=form.count.data,
            arrangement=_arrangement(form),
        )  # fmt: skip
    except RuleBroken as problem:
        form.refuse(problem)
        return _series_page(form), 400
    announced = sum(meeting.state is MeetingState.ANNOUNCED for meeting in meetings)
    flash(
        f"{len(meetings)} meetings made, {announced} of them announced. The others follow as they come near.", "success"
    )
    return redirect(url_for("meetings.index"))


def _series_page(form: SeriesForm, dates: list[PlannedDate] | None = None) -> str:
    return render_template(
        "meetings/arranging/series.html", form=form, dates=dates, has_errors=bool(form.errors),
        moved=sum(slot.moved_because is not None for slot in dates or ()),
    )  # fmt: skip


@blueprint.get("/meetings/extra")
@requires(Permission.ARRANGE_MEETINGS)
def extra() -> ResponseReturnValue:
    """Ask for one meeting beside the series."""
    usual = office().partnership.rmm
    form = ExtraForm(kind=MeetingType.RMM.value, start_time=usual.time, minutes=usual.minutes)
    return render_template("meetings/arranging/extra.html", form=_with_areas(form))


@blueprint.post("/meetings/extra")
@requires(Permission.ARRANGE_MEETINGS)
def extra_sent() -> ResponseReturnValue:
    """Make one meeting beside the series and announce it."""
    form = _with_areas(ExtraForm())
    if form.validate_on_submit():
        try:
            kind, area_id = _kind_and_area(form)
            made = arranging.create_extra(
                db(), actor(), now(), office(), kind=kind, area_id=area_id, held_on=given(form.held_on.data),
                arrangement=_arrangement(form),
            )  # fmt: skip
        except RuleBroken as problem:
            form.refuse(problem)
        else:
            flash(_told(f"{made.meeting.reference} is made", made), "success")
            return redirect(url_for("meetings.show", reference=made.meeting.reference))
    return render_template("meetings/arranging/extra.html", form=form, has_errors=True), 400


@blueprint.post("/meetings/<reference>/announce")
@requires(Permission.ARRANGE_MEETINGS)
def announce(reference: str) -> ResponseReturnValue:
    """Announce a planned meeting now."""
    meeting = arranged_meeting(reference)
    arranging.announce(db(), actor(), now(), office(), meeting)
    flash(f"{reference} is announced. Each member gets an invite.", "success")
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
            arrangement=_arrangement(form),
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
    flash(_told(f"{reference} is now on {day_in_words(meeting.held_on)}", arranged), "success")
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
    flash(_told(f"{reference} is cancelled", arranged), "success")
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


def _with_areas(form: AreaForm) -> AreaForm:
    own: list[Reference] = [one for one in people.areas(db()) if may_arrange(actor(), one.id)]
    form.area.choices = [("", "Choose"), *((one.code, one.name) for one in own)]
    kinds: tuple[tuple[str, str], ...] = KINDS if may_arrange(actor(), None) else KINDS[:1]
    form.kind.choices = [("", "Choose"), *kinds]
    # It depends on the type of meeting whether an area is needed, so the hint says it, and not "optional".
    form.area.flags.optional = False
    if kinds == KINDS[:1]:
        form.area.description = ""
    if len(own) == 1 and not form.is_submitted():
        form.area.data = own[0].code
    return form


def _kind_and_area(form: SeriesForm | ExtraForm) -> tuple[MeetingType, int | None]:
    kind = MeetingType(form.kind.data)
    area: Reference | None = next((known for known in people.areas(db()) if known.code == form.area.data), None)
    if kind is MeetingType.RMM and area is None:
        raise RuleBroken("area", "Choose the area")
    if kind is MeetingType.NETWORK and area is not None:
        raise RuleBroken("area", "A network meeting has no area: leave it empty")
    return kind, area.id if area else None


def _arrangement(form: WhenForm) -> Arrangement:
    return Arrangement(
        form.start_time.data, given(form.minutes.data), form.place.data or "", form.joining_link.data or ""
    )


def _told(what: str, arranged: Arranged) -> str:
    """Say what was done, and how many reviews found another meeting by it."""
    count = len(arranged.rehomed)
    if count == 0:
        return f"{what}."
    return f"{what}. {count} {'review has' if count == 1 else 'reviews have'} another meeting now."
