"""What the script of a network item's page asks: saving what is typed, field by field, and what others have typed."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.meetings import live_fields
from meetings_app.meetings.keeping_both import keep_both
from meetings_app.meetings.live_answers import answer_changes, answer_save, asked_after
from meetings_app.meetings.live_form import narratives, read_fields
from meetings_app.meetings.live_queries import live_fields_of
from meetings_app.network_meetings.blueprint import blueprint, item_at, network_meeting
from meetings_app.network_meetings.item_form import fields_of, live_names, live_rows, present_form
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, now
from meetings_app.web.forms import LONGEST_TEXT, Form
from meetings_app.web.guard import keeps_nobody_signed_in, requires


@blueprint.get("/networks/meetings/<reference>/items/<number>/live")
@keeps_nobody_signed_in
@requires(Permission.DECIDE_NETWORKS)
def item_live(reference: str, number: str) -> ResponseReturnValue:
    """Give what was typed on an item since a number, 304 where nothing was. The view was recorded with the page."""
    meeting = network_meeting(reference)
    row, after = item_at(meeting, number), asked_after()
    return answer_changes(meeting, row, live_fields_of(db(), row, after), after, list, room={})


@blueprint.post("/networks/meetings/<reference>/items/<number>/live")
@requires(Permission.DECIDE_NETWORKS)
def item_live_save(reference: str, number: str) -> ResponseReturnValue:
    """Keep each field that is sent, or say whose text stands there meanwhile."""
    meeting = network_meeting(reference)
    row = item_at(meeting, number)
    typed, problems = read_fields(request.get_json(silent=True), live_names(row).__contains__)
    return answer_save(meeting, row, typed, problems, list)


@blueprint.post("/networks/meetings/<reference>/items/<number>/set-aside/<int:aside>/remove")
@requires(Permission.DECIDE_NETWORKS)
def set_aside_remove(reference: str, number: str, aside: int) -> ResponseReturnValue:
    """Take away a text that was set aside."""
    meeting = network_meeting(reference)
    row = item_at(meeting, number)
    if Form().validate_on_submit():
        live_fields.remove_set_aside(db(), actor(), now(), meeting, row, aside)
        flash("The text is removed.", "success")
    return redirect(url_for("network_meetings.item", reference=reference, number=number) + "#set-aside")


@blueprint.post("/networks/meetings/<reference>/items/<number>/set-aside/<int:aside>/keep")
@requires(Permission.DECIDE_NETWORKS)
def set_aside_keep(reference: str, number: str, aside: int) -> ResponseReturnValue:
    """Keep both texts: the one that was set aside is added to the one that stands."""
    meeting = network_meeting(reference)
    row, place = item_at(meeting, number), "set-aside"
    if Form().validate_on_submit():
        standing = narratives(fields_of(present_form(row, live_rows(meeting, row))))
        place = keep_both(db(), actor(), now(), meeting, row, aside, standing, LONGEST_TEXT)
        flash("Both texts stand in the form. Save the item to record them.", "success")
    return redirect(f"{url_for('network_meetings.item', reference=reference, number=number)}#{place}")
