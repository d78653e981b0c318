"""What the script of an item's page asks: saving what is typed, field by field, and what others have typed."""

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from meetings_app.meetings import live_fields
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.bringing_up import openings_of, time_at
from meetings_app.meetings.item_addresses import item_address
from meetings_app.meetings.item_apart import others_boxes, rows_read, typed_apart
from meetings_app.meetings.item_shown import is_chair, item_of, live_rows, present_forms, standing_texts
from meetings_app.meetings.item_times import Opening
from meetings_app.meetings.keeping_both import keep_both
from meetings_app.meetings.kept_apart import NOBODY, Apart, apart_at
from meetings_app.meetings.live_answers import Shown, answer_changes, answer_save, asked_after
from meetings_app.meetings.live_form import kept_name, shown_to, typed_fields
from meetings_app.meetings.live_queries import live_fields_of, set_aside_of
from meetings_app.meetings.models import AgendaItem
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting
from meetings_app.web.context import actor, db, now
from meetings_app.web.forms import LONGEST_TEXT, Form
from meetings_app.web.guard import keeps_nobody_signed_in, requires


@blueprint.get("/meetings/<reference>/items/<number>/live")
@keeps_nobody_signed_in
@requires(Permission.RECORD_MEETING)
def item_live(reference: str, number: str) -> ResponseReturnValue:
    """Give what was typed on an item since a number, 304 where nothing was. The view was recorded with the page."""
    meeting, item = item_of(reference, number)
    after = asked_after()
    changed, openings = live_fields_of(db(), item, after), openings_of(db(), meeting.key)
    shown = _shown(apart_at(db(), actor(), meeting), meeting)
    return answer_changes(meeting, item, changed, after, shown, _room(openings, meeting, item), len(openings))


@blueprint.post("/meetings/<reference>/items/<number>/live")
@requires(Permission.RECORD_MEETING)
def item_live_save(reference: str, number: str) -> ResponseReturnValue:
    """Keep each field that is sent, or say whose text stands there meanwhile."""
    meeting, item = item_of(reference, number)
    me, chair = actor().account_id, is_chair(meeting)
    typed, problems = typed_fields(request.get_json(silent=True), me, chair=chair)
    apart = apart_at(db(), actor(), meeting)
    if apart is not NOBODY:
        present = present_forms(meeting, item, live_rows(meeting, item)).fields(chair=chair)
        typed, refused = typed_apart(apart, others_boxes(apart, present), typed)
        problems |= refused
    return answer_save(meeting, item, typed, problems, _shown(apart, meeting), lambda name: kept_name(name, me))


@blueprint.post("/meetings/<reference>/items/<number>/set-aside/<int:aside>/remove")
@requires(Permission.RECORD_MEETING)
def item_set_aside_remove(reference: str, number: str, aside: int) -> ResponseReturnValue:
    """Take away a text that was set aside."""
    meeting, item = item_of(reference, number)
    if Form().validate_on_submit():
        _check_aside(meeting, item, aside)
        live_fields.remove_set_aside(db(), actor(), now(), meeting, item, aside)
        flash("The text is removed.", "success")
    return redirect(item_address(meeting, item) + "#set-aside")


@blueprint.post("/meetings/<reference>/items/<number>/set-aside/<int:aside>/keep")
@requires(Permission.RECORD_MEETING)
def item_set_aside_keep(reference: str, number: str, aside: int) -> ResponseReturnValue:
    """Keep both texts: the one that was set aside is added to the one that stands."""
    meeting, item = item_of(reference, number)
    place = "set-aside"
    if Form().validate_on_submit():
        _check_aside(meeting, item, aside)
        standing = standing_texts(meeting, item)
        name = keep_both(db(), actor(), now(), meeting, item, aside, standing, LONGEST_TEXT)
        place = name.partition("@")[0]
        flash("Both texts stand in the form. Save the item to record them.", "success")
    return redirect(f"{item_address(meeting, item)}#{place}")


def _shown(apart: Apart, meeting: Meeting) -> Shown:
    """Give what leaves of the fields of an item those of the person’s page, as the person reads them."""
    me, chair = actor().account_id, is_chair(meeting)
    return lambda rows: rows_read(apart, shown_to(rows, me, chair=chair))


def _check_aside(meeting: Meeting, item: AgendaItem, aside: int) -> None:
    """Raise `DomainError` where the person would keep or remove a text that they cannot read whole."""
    apart = apart_at(db(), actor(), meeting)
    apart.check("", *(row.value for row in set_aside_of(db(), item) if row.id == aside))


def _room(openings: list[Opening], meeting: Meeting, item: AgendaItem) -> dict[str, Any]:
    """Give which item the room is at, and how long it has been at this one: the same for every window."""
    time = time_at(openings, meeting, item, now())
    return {
        "at": openings[-1].number if openings else "", "seconds": time.seconds, "opened": time.opened,
        "running": time.running,
    }  # fmt: skip
