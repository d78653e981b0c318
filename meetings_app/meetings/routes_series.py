"""Pages that change or end a whole series from one of its meetings on: what would happen is shown first."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.errors import RuleBroken
from meetings_app.meetings import arranging_series
from meetings_app.meetings.arranging_series import SeriesArranged, SeriesPreview, rehearse_series
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.forms_arranging import SeriesChangeForm, SeriesEndForm
from meetings_app.meetings.routes_arranging import every_meeting, office
from meetings_app.meetings.routes_changing import arranged_meeting, given
from meetings_app.permissions import Permission
from meetings_app.schedule.checks import Arrangement
from meetings_app.schedule.models import Meeting, MeetingSeries, MeetingState
from meetings_app.schedule.queries import invited_to
from meetings_app.schedule.series import SeriesChange, lock_series, series_of
from meetings_app.web.context import actor, db, found, now, saw
from meetings_app.web.guard import requires

CHANGED_SINCE = "Somebody else changed a meeting of this series while your page was open. Look at the dates again."
SeriesForm = SeriesChangeForm | SeriesEndForm


@blueprint.get("/meetings/<reference>/series")
@requires(Permission.ARRANGE_MEETINGS)
def series_change(reference: str) -> ResponseReturnValue:
    """Ask what the series is to be like from this meeting on."""
    meeting, series = _series(reference)
    form = SeriesChangeForm(
        from_on=meeting.held_on, weekday=str(series.anchor.weekday()), start_time=series.start_time,
        minutes=series.minutes, place=series.place, joining_link=series.joining_link,
    )  # fmt: skip
    return _page("change", meeting, form)


@blueprint.post("/meetings/<reference>/series")
@requires(Permission.ARRANGE_MEETINGS)
def series_change_sent(reference: str) -> ResponseReturnValue:
    """Show what happens to each meeting and each child, then change the series."""
    meeting, series = _series(reference)
    form = SeriesChangeForm()

    def change() -> SeriesArranged:
        wanted = SeriesChange(
            given(form.from_on.data), int(form.weekday.data),
            Arrangement(
                form.start_time.data, given(form.minutes.data), form.place.data or "", form.joining_link.data or ""
            ),
        )  # fmt: skip
        return arranging_series.change_series(db(), actor(), now(), office(), series, wanted)

    return _answered("change", meeting, series, form, change)


@blueprint.get("/meetings/<reference>/series/end")
@requires(Permission.ARRANGE_MEETINGS)
def series_end(reference: str) -> ResponseReturnValue:
    """Ask from which date on there are no meetings, and why."""
    meeting, _series_of_it = _series(reference)
    return _page("end", meeting, SeriesEndForm(from_on=meeting.held_on))


@blueprint.post("/meetings/<reference>/series/end")
@requires(Permission.ARRANGE_MEETINGS)
def series_end_sent(reference: str) -> ResponseReturnValue:
    """Show which meetings go and where their children go, then end the series."""
    meeting, series = _series(reference)
    form = SeriesEndForm()

    def change() -> SeriesArranged:
        return arranging_series.end_series(
            db(), actor(), now(), office(), series, given(form.from_on.data), form.reason.data
        )

    return _answered("end", meeting, series, form, change)


def _series(reference: str) -> tuple[Meeting, MeetingSeries]:
    meeting = arranged_meeting(reference)
    return meeting, found(series_of(db(), actor(), meeting))


def _answered(
    what: str, meeting: Meeting, series: MeetingSeries, form: SeriesForm, change: Callable[[], SeriesArranged]
) -> ResponseReturnValue:
    """Show the change until it is confirmed as it was shown, and then make it."""
    if not form.validate_on_submit():
        return _page(what, meeting, form, has_errors=True), 400
    # Held until the answer is sent, so that what is made is what was shown.
    lock_series(db(), series)
    try:
        preview = rehearse_series(db(), change)
        confirmed = "confirmed" in request.form
        if not confirmed or form.previewed.data != preview.seen:
            form.previewed.process(None, preview.seen)
            page = _confirm_page(what, meeting, form, preview, CHANGED_SINCE if confirmed else "")
            return page, 409 if confirmed else 200
        arranged = change()
    except RuleBroken as problem:
        form.refuse(problem)
        return _page(what, meeting, form, has_errors=True), 400
    changed = sum(not slot.stays for slot in arranged.slots)
    flash(f"{_count(changed, 'meeting is', 'meetings are')} {_DONE[what]}. {_moved(len(arranged.rehomed))}", "success")
    return redirect(every_meeting())


_DONE = {"change": "changed", "end": "cancelled, and the series ends"}


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _moved(number: int) -> str:
    return f"{_count(number, 'review has', 'reviews have')} another meeting now." if number else ""


def _page(what: str, meeting: Meeting, form: SeriesForm, *, has_errors: bool = False) -> str:
    return render_template(
        f"meetings/arranging/series_{what}.html", meeting=meeting, form=form, has_errors=has_errors,
    )  # fmt: skip


def _confirm_page(what: str, meeting: Meeting, form: SeriesForm, preview: SeriesPreview, warning: str) -> str:
    children = [one.child_id for one in preview.consequences]
    saw(EventKind.CHANGE_REHEARSED, shown=len(children), children=children, meeting=meeting.reference)
    changed = [slot for slot in preview.slots if not slot.stays]
    told = [slot.meeting_id for slot in changed if slot.state is not MeetingState.PLANNED]
    sent, people = invited_to(db(), told)
    return render_template(
        "meetings/arranging/series_confirm.html", what=what, meeting=meeting, form=form, slots=preview.slots,
        changed=len(changed), told=len(told), sent=sent, people=people,
        stay=len(preview.slots) - len(changed), moved=sum(bool(slot.moved_because) for slot in changed),
        consequences=preview.consequences, warning=warning,
        leaving=sum(one.before != one.after for one in preview.consequences),
        late=sum(one.days_late > 0 for one in preview.consequences),
    )  # fmt: skip
