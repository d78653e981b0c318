"""Strategy discussions of an item's child while the meeting is held: asked for or recorded there, and minuted."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import RuleBroken
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.deciding import open_for_recording
from meetings_app.meetings.item_addresses import item_address
from meetings_app.meetings.item_scope import beside_items, child_of
from meetings_app.meetings.item_shown import item_of
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.routes_arranging import office
from meetings_app.meetings.strategy_standing import strategy_standing_of
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting
from meetings_app.strategy.pages import BUTTONS, HEADINGS, Step, Target, form_of, save
from meetings_app.strategy.queries import find_discussion
from meetings_app.web.context import actor, db, found, partnership, saw, today
from meetings_app.web.guard import requires


@blueprint.route(
    "/meetings/<reference>/items/<number>/strategy/new/<any(ask, held, 'not-held'):step>", methods=["GET", "POST"]
)
@requires(Permission.RECORD_MEETING)
def item_strategy_new(reference: str, number: str, step: str) -> ResponseReturnValue:
    """Ask for a strategy discussion at the meeting, or record one that nobody asked for before."""
    meeting, item = item_of(reference, number)
    child = child_of(db(), item)
    with beside_items(db(), meeting):
        listed = live_entry(db(), child.key) is not None
        standing = strategy_standing_of(db(), child, partnership().ratings.strategy, today(), listed=listed)
    target = Target(child, office(), None, [each.code for each in standing.suggested], meeting.key)
    return _answer(meeting, item, Step(step), target, standing.sentences)


@blueprint.route(
    "/meetings/<reference>/items/<number>/strategy/<discussion>/<any(held, 'not-held'):step>", methods=["GET", "POST"]
)
@requires(Permission.RECORD_MEETING)
def item_strategy_record(reference: str, number: str, discussion: str, step: str) -> ResponseReturnValue:
    """Record at the meeting what came of a discussion, or why it is not held."""
    meeting, item = item_of(reference, number)
    with beside_items(db(), meeting):
        known = found(find_discussion(db(), item.child_id, discussion))
    return _answer(meeting, item, Step(step), Target(child_of(db(), item), office(), known, (), meeting.key), [])


def _answer(
    meeting: Meeting, item: AgendaItem, step: Step, target: Target, sentences: list[str]
) -> ResponseReturnValue:
    form, back = form_of(step, target), item_address(meeting, item) + "#strategy"
    if form.validate_on_submit():
        open_for_recording(db(), actor(), meeting)
        try:
            with beside_items(db(), meeting):
                said = save(form, target)
        except RuleBroken as problem:
            form.refuse(problem)
        else:
            flash(said, "success")
            return redirect(back)
    saw(EventKind.CHILD_VIEWED, item.child_id, meeting=meeting.reference)
    page = render_template(
        "strategy/form.html", form=form, child=target.child, target=target, heading=HEADINGS[step],
        button=BUTTONS[step], back=back, sentences=sentences, has_errors=bool(form.errors),
    )  # fmt: skip
    return page, 400 if form.errors else 200
