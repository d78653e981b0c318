"""Pages that make meetings: a series or one beside it, after a look at its dates and at who is sent an invite."""

from dataclasses import dataclass
from typing import Any, TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries as people
from meetings_app.accounts.queries import Reference
from meetings_app.errors import RuleBroken
from meetings_app.meetings import arranging
from meetings_app.meetings.announcing import Invites, invites_for
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.forms_arranging import KINDS, ExtraForm, SeriesForm
from meetings_app.meetings.routes_arranging import every_meeting, office
from meetings_app.meetings.routes_changing import arrangement_in, given, told_of
from meetings_app.notices.sending import why_no_mail
from meetings_app.permissions import Permission
from meetings_app.schedule import service
from meetings_app.schedule.checks import check_day, refuse_taken
from meetings_app.schedule.models import MeetingState, MeetingType
from meetings_app.schedule.rules import PlannedDate
from meetings_app.schedule.running_series import RunningSeries, running_series
from meetings_app.schedule.service import may_arrange, plan_series
from meetings_app.web.context import actor, db, now, settings, today
from meetings_app.web.guard import requires

AreaForm = TypeVar("AreaForm", SeriesForm, ExtraForm)


@blueprint.get("/meetings/series")
@requires(Permission.ARRANGE_MEETINGS)
def series() -> ResponseReturnValue:
    """Ask for a series."""
    form = SeriesForm(**_usual())
    return _series_page(_with_areas(form))


@blueprint.post("/meetings/series")
@requires(Permission.ARRANGE_MEETINGS)
def series_sent() -> ResponseReturnValue:
    """Show the dates with the bank holidays marked, then make and announce them."""
    form = _with_areas(SeriesForm())
    if not form.validate_on_submit():
        return _series_page(form), 400
    shown = None
    try:
        kind, area_id = _kind_and_area(form)
        service.check_arrangement(arrangement_in(form))
        shown = _preview(form, kind, area_id)
        if "confirmed" not in request.form or form.previewed.data != shown.seen:
            refuse_taken(db(), kind, area_id, [slot.date for slot in shown.dates])
            form.previewed.process(None, shown.seen)
            return _series_page(form, shown)
        if shown.running and not form.beside.data:
            raise RuleBroken("beside", "Tick that one more series is wanted, or change the series there is")
        meetings = arranging.create_series(
            db(), actor(), now(), office(), kind=kind, area_id=area_id, start=given(form.start.data),
            count=form.count.data, arrangement=arrangement_in(form),
        )  # fmt: skip
    except RuleBroken as problem:
        form.refuse(problem)
        return _series_page(form, shown if form.beside.errors else None), 400
    announced = sum(meeting.state is MeetingState.ANNOUNCED for meeting in meetings)
    flash(
        f"{len(meetings)} meetings made, {announced} of them announced. The others follow as they come near.", "success"
    )
    return redirect(every_meeting())


@dataclass(frozen=True)
class _Preview:
    """What a series would be: its dates, the series that run already, and what announcing sends."""

    seen: str
    dates: list[PlannedDate]
    running: list[RunningSeries]
    invites: Invites


def _preview(form: SeriesForm, kind: MeetingType, area_id: int | None) -> _Preview:
    start = given(form.start.data)
    dates = plan_series(office(), kind, start, form.count.data, today())
    running = running_series(db(), kind, area_id, start, today())
    invites_sent = invites_for(db(), office(), kind, area_id, [slot.date for slot in dates], today())
    beside = " ".join(one.first for one in running)
    seen = f"{kind.value} {area_id} {start} {len(dates)} {beside}".strip()
    return _Preview(seen, dates, running, invites_sent)


def _series_page(form: SeriesForm, shown: _Preview | None = None) -> str:
    dates = shown.dates if shown else []
    return render_template(
        "meetings/arranging/series.html", form=form, back=every_meeting(), dates=dates,
        has_errors=bool(form.errors), shown=shown,
        moved=sum(slot.moved_because is not None for slot in dates), waits=why_no_mail(settings()),
    )  # fmt: skip


@blueprint.get("/meetings/extra")
@requires(Permission.ARRANGE_MEETINGS)
def extra() -> ResponseReturnValue:
    """Ask for one meeting beside the series."""
    return _extra_page(_with_areas(ExtraForm(**_usual())))


@blueprint.post("/meetings/extra")
@requires(Permission.ARRANGE_MEETINGS)
def extra_sent() -> ResponseReturnValue:
    """Say who is sent an invite, then make one meeting beside the series and announce it."""
    form = _with_areas(ExtraForm())
    if not form.validate_on_submit():
        return _extra_page(form), 400
    try:
        kind, area_id = _kind_and_area(form)
        held_on, arrangement = given(form.held_on.data), arrangement_in(form)
        service.check_arrangement(arrangement)
        check_day(office(), held_on, now())
        seen = f"{kind.value} {area_id} {held_on}"
        if "confirmed" not in request.form or form.previewed.data != seen:
            refuse_taken(db(), kind, area_id, [held_on], field="held_on")
            form.previewed.process(None, seen)
            return _extra_page(form, invites_for(db(), office(), kind, area_id, [held_on], today()))
        made = arranging.create_extra(
            db(), actor(), now(), office(), kind=kind, area_id=area_id, held_on=held_on, arrangement=arrangement
        )
    except RuleBroken as problem:
        form.refuse(problem)
        return _extra_page(form), 400
    flash(told_of(f"{made.meeting.reference} is made", made), "success")
    return redirect(url_for("meetings.show", reference=made.meeting.reference))


def _extra_page(form: ExtraForm, told: Invites | None = None) -> str:
    return render_template(
        "meetings/arranging/extra.html", form=form, back=every_meeting(), told=told, has_errors=bool(form.errors),
        waits=why_no_mail(settings()),
    )  # fmt: skip


def _own_areas() -> list[Reference]:
    return [one for one in people.areas(db()) if may_arrange(actor(), one.id)]


def _usual() -> dict[str, Any]:
    """Give what the form holds when it is opened: the RMM, or the network meeting for whoever arranges no other."""
    kind = MeetingType.RMM if _own_areas() else MeetingType.NETWORK
    usual = office().definition(kind)
    return {"kind": kind.value, "start_time": usual.time, "minutes": usual.minutes}


def _with_areas(form: AreaForm) -> AreaForm:
    own: list[Reference] = _own_areas()
    form.area.choices = [("", "Choose"), *((one.code, one.name) for one in own)]
    kinds: list[tuple[str, str]] = [*(KINDS[:1] if own else ()), *(KINDS[1:] if may_arrange(actor(), None) else ())]
    form.kind.choices = [("", "Choose"), *kinds]
    # It depends on the type of meeting whether an area is needed, so the hint says it, and not "optional".
    form.area.flags.optional = False
    if kinds == [*KINDS[:1]]:
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
