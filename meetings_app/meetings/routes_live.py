"""What the script of an item's page asks: saving what is typed, field by field, and what others have typed."""

from datetime import datetime
from typing import Any

from flask import current_app, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from meetings_app.clock import LONDON
from meetings_app.errors import DomainError
from meetings_app.meetings import live_fields
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.bringing_up import openings_of, time_at
from meetings_app.meetings.item_addresses import item_address
from meetings_app.meetings.item_shown import is_chair, item_of
from meetings_app.meetings.item_times import Opening
from meetings_app.meetings.live_form import kept_name, mark_of, shown_to, typed_fields
from meetings_app.meetings.live_page import account_mark
from meetings_app.meetings.live_queries import LiveShown, live_fields_of
from meetings_app.meetings.models import AgendaItem
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.web.context import actor, db, now
from meetings_app.web.forms import Form
from meetings_app.web.guard import keeps_nobody_signed_in, requires

_MOST = 2_000_000_000
"""More changes than an item ever has; a greater number is none."""


@blueprint.get("/meetings/<reference>/items/<number>/live")
@keeps_nobody_signed_in
@requires(Permission.RECORD_MEETING)
def item_live(reference: str, number: str) -> ResponseReturnValue:
    """Give what was typed on an item since a number, 304 where nothing was. The view was recorded with the page."""
    meeting, item = item_of(reference, number)
    after = min(request.args.get("after", 0, type=int), _MOST)
    changed, openings = live_fields_of(db(), item.key, after), openings_of(db(), meeting.key)
    tag = f"{changed[-1].number if changed else after}-{account_mark()}-{meeting.state.value}-{len(openings)}"
    if request.if_none_match.contains_weak(tag):
        answer = current_app.response_class(status=304)
    else:
        answer = jsonify(
            **_state(meeting), room=_room(openings, meeting, item), after=changed[-1].number if changed else after,
            fields=[_shown(row) for row in shown_to(changed, actor().account_id, chair=is_chair(meeting))],
        )  # fmt: skip
    answer.set_etag(tag, weak=True)
    return answer


@blueprint.post("/meetings/<reference>/items/<number>/live")
@requires(Permission.RECORD_MEETING)
def item_live_save(reference: str, number: str) -> ResponseReturnValue:
    """Keep each field that is sent, or say whose text stands there meanwhile."""
    meeting, item = item_of(reference, number)
    sent, me = request.get_json(silent=True), actor().account_id
    typed, problems = typed_fields(sent, me, chair=is_chair(meeting))
    try:
        kept = live_fields.save_fields(db(), actor(), now(), meeting, item, typed)
        for name in _let_stand(sent):
            live_fields.let_theirs_stand(db(), actor(), now(), meeting, item, kept_name(name, me))
    except DomainError as refused:
        return jsonify(problem=refused.message, over=meeting.state is not MeetingState.IN_PROGRESS), 400
    rows = {row.name: row for row in shown_to(live_fields_of(db(), item.key), me, chair=is_chair(meeting))}
    answers = [
        {"name": name, "mark": mark_of(rows[name]), **({"theirs": _shown(rows[name])} if one.conflict else {})}
        for one in kept
        if (name := one.name.partition("@")[0]) in rows
    ]
    return jsonify(at=_clock(now()), kept=answers, problems=problems)


@blueprint.post("/meetings/<reference>/items/<number>/set-aside/<int:aside>/remove")
@requires(Permission.RECORD_MEETING)
def item_set_aside_remove(reference: str, number: str, aside: int) -> ResponseReturnValue:
    """Take away a text that was set aside."""
    meeting, item = item_of(reference, number)
    if Form().validate_on_submit():
        live_fields.remove_set_aside(db(), actor(), now(), meeting, item, aside)
        flash("The text is removed.", "success")
    return redirect(item_address(meeting, item) + "#set-aside")


def _let_stand(sent: Any) -> list[str]:
    names = sent.get("let_stand") if isinstance(sent, dict) else None
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _state(meeting: Meeting) -> dict[str, Any]:
    return {"mark": account_mark(), "token": generate_csrf(), "open": meeting.state is MeetingState.IN_PROGRESS}


def _room(openings: list[Opening], meeting: Meeting, item: AgendaItem) -> dict[str, Any]:
    """Give which item the room is at, and how long it has been at this one: the same for every window."""
    time = time_at(openings, meeting, item, now())
    return {
        "at": openings[-1].number if openings else "", "seconds": time.seconds, "opened": time.opened,
        "running": time.running,
    }  # fmt: skip


def _shown(row: LiveShown) -> dict[str, Any]:
    return {
        "name": row.name, "value": row.value, "mark": mark_of(row), "by": row.by, "at": _clock(row.at),
        "mine": row.by_id == actor().account_id, "recorded": row.recorded,
    }  # fmt: skip


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%H:%M}"
