"""Strategy discussions of a child: to ask for one, to record what came of it, and to read what is recorded."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.queries import names_of
from meetings_app.audit.events import EventKind
from meetings_app.child_record.opened import may, whole_child
from meetings_app.child_record.routes import blueprint
from meetings_app.children.queries import find_child
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import RuleBroken
from meetings_app.meetings.strategy_standing import strategy_standing_of
from meetings_app.permissions import Permission
from meetings_app.schedule.office import Office
from meetings_app.strategy.pages import BUTTONS, HEADINGS, Step, Target, form_of, save
from meetings_app.strategy.queries import find_discussion, records_of
from meetings_app.strategy.words import STATES, labels_of, took_part_lines
from meetings_app.web.context import db, found, partnership, saw, settings, today
from meetings_app.web.guard import requires


@blueprint.route("/children/<reference>/strategy/new/<any(ask, held, 'not-held'):step>", methods=["GET", "POST"])
@requires(Permission.RECORD_STRATEGY)
def strategy_new(reference: str, step: str) -> ResponseReturnValue:
    """Ask for a strategy discussion, or record one that nobody asked for before."""
    child = _child(reference)
    listed = live_entry(db(), child.key) is not None
    standing = strategy_standing_of(db(), child, partnership().ratings.strategy, today(), listed=listed)
    suggested = [each.code for each in standing.suggested]
    return _answer(Step(step), Target(child, _office(), suggested=suggested), standing.sentences)


@blueprint.route("/children/<reference>/strategy/<discussion>/<any(held, 'not-held'):step>", methods=["GET", "POST"])
@requires(Permission.RECORD_STRATEGY)
def strategy_record(reference: str, discussion: str, step: str) -> ResponseReturnValue:
    """Record what came of a discussion, or why it is not held; a later record stands beside the earlier ones."""
    child = _child(reference)
    known = found(find_discussion(db(), child.key, discussion))
    return _answer(Step(step), Target(child, _office(), known))


@blueprint.get("/children/<reference>/strategy/<discussion>")
@requires(Permission.SEE_CHILD)
def strategy_show(reference: str, discussion: str) -> ResponseReturnValue:
    """Show everything that is recorded of one strategy discussion, the first thing first."""
    child = whole_child(reference)
    known = found(find_discussion(db(), child.id, discussion))
    records = records_of(db(), known.key)
    saw(EventKind.CHILD_VIEWED, child.id, discussion=known.reference)
    return render_template(
        "strategy/show.html", child=child, discussion=known, records=records, states=STATES,
        reasons=labels_of(known.triggers, partnership().ratings.strategy), took_part=took_part_lines,
        names=names_of(db(), [each.by_id for each in records if each.by_id is not None]),
        may_record=may(Permission.RECORD_STRATEGY, child), late=max(0, (today() - known.due_on).days),
    )  # fmt: skip


def _answer(step: Step, target: Target, sentences: list[str] | None = None) -> ResponseReturnValue:
    form, child = form_of(step, target), target.child
    back = url_for("child_record.show", reference=child.reference, _anchor="strategy")
    if form.validate_on_submit():
        try:
            said = save(form, target)
        except RuleBroken as problem:
            form.refuse(problem)
        else:
            flash(said, "success")
            return redirect(back)
    if request.method == "GET":
        saw(EventKind.CHILD_VIEWED, child.key)
    page = render_template(
        "strategy/form.html", form=form, child=child, target=target, heading=HEADINGS[step], button=BUTTONS[step],
        back=back, sentences=sentences or [], has_errors=bool(form.errors),
    )  # fmt: skip
    return page, 400 if form.errors else 200


def _child(reference: str) -> Any:
    """Give the child beside whom the person may record a strategy discussion, or answer 404."""
    child = whole_child(reference)
    if not may(Permission.RECORD_STRATEGY, child) or child.merged_into_id is not None:
        abort(404)
    return found(find_child(db(), reference))


def _office() -> Office:
    return Office.of(settings(), partnership())
