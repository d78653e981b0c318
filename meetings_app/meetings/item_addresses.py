"""Where a person goes on to from the page of one item."""

from typing import Any

from flask import request, url_for

from meetings_app.meetings import queries
from meetings_app.meetings.bringing_up import bring_up, openings_of
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.running_forms import DecisionForm
from meetings_app.schedule.models import Meeting
from meetings_app.strategy.pages import Step
from meetings_app.web.context import actor, db, now


def item_address(meeting: Meeting, entry: AgendaItem) -> str:
    """Give the address of the page of an item."""
    return url_for("meetings.item", reference=meeting.reference, number=entry.number)


def recommended_address(meeting: Meeting, entry: AgendaItem) -> str | None:
    """Give the page of the recommended action whose button was pressed, once what was typed here is kept."""
    assessment, _, which = request.form.get("recommended", "").partition(" ")
    if not assessment or not which.isdecimal():
        return None
    return url_for(
        "meetings.item_recommended",
        reference=meeting.reference, number=entry.number, assessment=assessment, which=int(which),
    )  # fmt: skip


def strategy_address(meeting: Meeting, entry: AgendaItem) -> str | None:
    """Give the page of the strategy discussion whose button was pressed, once what was typed here is kept."""
    which, _, step = request.form.get("strategy", "").partition(" ")
    where: dict[str, Any] = {"reference": meeting.reference, "number": entry.number, "step": step}
    if not which or step not in list(Step) or (which != "new" and step == Step.ASK):
        return None
    if which == "new":
        return url_for("meetings.item_strategy_new", **where)
    return url_for("meetings.item_strategy_record", **where, discussion=which)


def next_address(meeting: Meeting, entry: AgendaItem, form: DecisionForm) -> str:
    """Go on to the next item that is not decided, to those before it last; stay where this one is not.

    The room goes along where it was at this item, or at none yet.
    """
    if not form.outcome.data:
        return item_address(meeting, entry)
    states = queries.item_states(db(), meeting.key)
    here = next((place for place, state in enumerate(states) if state.number == entry.number), -1)
    in_turn = [*states[here + 1 :], *states[: here + 1]]
    open_still = next((state.number for state in in_turn if state.outcome is None and not state.stub), None)
    if open_still is None:
        return url_for("meetings.record", reference=meeting.reference)
    following, openings = queries.find_item(db(), meeting.key, open_still), openings_of(db(), meeting.key)
    if following is not None and (not openings or openings[-1].item_id == entry.key):
        bring_up(db(), actor(), now(), meeting, following)
    return url_for("meetings.item", reference=meeting.reference, number=open_still)
