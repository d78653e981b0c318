"""What a script is answered that saves an item field by field: for an item of an RMM and of a network meeting alike."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from meetings_app.clock import LONDON
from meetings_app.errors import DomainError
from meetings_app.meetings import live_fields
from meetings_app.meetings.live_fields import Typed
from meetings_app.meetings.live_form import mark_of
from meetings_app.meetings.live_models import LiveItem
from meetings_app.meetings.live_queries import LiveShown, count_set_aside, live_fields_of
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.web.context import actor, db, now
from meetings_app.web.typed import typed_mark

Shown = Callable[[list[LiveShown]], list[LiveShown]]
"""Leaves of the fields of an item those that the person's page shows, by the names of the page."""

_MOST = 2_000_000_000
"""More changes than an item ever has; a greater number is none."""


def asked_after() -> int:
    """Give the number after which the script asks for changes."""
    return min(request.args.get("after", 0, type=int), _MOST)


def answer_changes(
    meeting: Meeting, item: LiveItem, changed: list[LiveShown], after: int, shown: Shown, room: dict[str, Any],
    openings: int = 0,
) -> ResponseReturnValue:  # fmt: skip
    """Give what was typed on an item since a number, 304 where nothing was; `room` says where the room is."""
    newest = changed[-1].number if changed else after
    tag = f"{newest}-{typed_mark()}-{meeting.state.value}-{openings}"
    if request.if_none_match.contains_weak(tag):
        answer = current_app.response_class(status=304)
    else:
        answer = jsonify(
            mark=typed_mark(), token=generate_csrf(), open=meeting.state is MeetingState.IN_PROGRESS, room=room,
            after=newest, fields=[_as_sent(row) for row in shown(changed)], aside=count_set_aside(db(), item),
        )  # fmt: skip
    answer.set_etag(tag, weak=True)
    return answer


def answer_save(
    meeting: Meeting, item: LiveItem, typed: Sequence[Typed], problems: dict[str, str], shown: Shown,
    kept_as: Callable[[str], str] = str,
) -> ResponseReturnValue:  # fmt: skip
    """Keep each field that was sent, or say whose text stands there; `kept_as` gives the name it is kept under."""
    try:
        kept = live_fields.save_fields(db(), actor(), now(), meeting, item, typed)
        for name in _let_stand(request.get_json(silent=True)):
            live_fields.let_theirs_stand(db(), actor(), now(), meeting, item, kept_as(name))
    except DomainError as refused:
        return jsonify(problem=refused.message, over=meeting.state is not MeetingState.IN_PROGRESS), 400
    rows = {row.name: row for row in shown(live_fields_of(db(), item))}
    answers = [
        {"name": name, "mark": mark_of(rows[name]), **({"theirs": _as_sent(rows[name])} if one.conflict else {})}
        for one in kept
        if (name := one.name.partition("@")[0]) in rows
    ]
    return jsonify(at=_clock(now()), kept=answers, problems=problems)


def _let_stand(sent: Any) -> list[str]:
    names = sent.get("let_stand") if isinstance(sent, dict) else None
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _as_sent(row: LiveShown) -> dict[str, Any]:
    return {
        "name": row.name, "value": row.value, "mark": mark_of(row), "by": row.by, "at": _clock(row.at),
        "mine": row.by_id == actor().account_id, "recorded": row.recorded, "others": row.others,
    }  # fmt: skip


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%H:%M}"
