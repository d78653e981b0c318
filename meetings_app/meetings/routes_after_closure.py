"""Pages of what follows a closure: a task that nobody owns yet, and what was found on looking back."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from meetings_app.accounts.queries import agencies
from meetings_app.actions.forms import offer_owners
from meetings_app.actions.queries import possible_owners
from meetings_app.audit.events import EventKind
from meetings_app.children.queries import find_child
from meetings_app.children.service import check_may
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.meetings import after_closure
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.running_forms import LookBackForm, TaskForm
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now, partnership, saw
from meetings_app.web.guard import requires


@blueprint.route("/closures/<child_reference>/look-back", methods=["GET", "POST"])
@requires(Permission.PREPARE_AGENDA)
def look_back(child_reference: str) -> ResponseReturnValue:
    """Record what was found on looking back on a closure; a second saver sees both texts."""
    row = found(after_closure.find_look_back(db(), child_reference))
    child, form, conflict = found(find_child(db(), child_reference)), LookBackForm(), None
    if form.validate_on_submit():
        try:
            after_closure.record_look_back(db(), actor(), now(), row, form.opened_at, form.found.data)
        except RuleBroken as broken:
            form.refuse(broken)
        except Conflict as problem:
            conflict = problem
        else:
            flash("What was found is recorded.", "success")
            return redirect("/waiting/look-backs")
    if not form.is_submitted():
        form.version.data = str(row.version)
    saw(EventKind.CHILD_VIEWED, child.key)
    page = render_template(
        "meetings/closures/look_back.html", child=child, row=row, form=form, conflict=conflict,
        closure=after_closure.closure_facts(db(), row.closure_id),
    )  # fmt: skip
    return page, 409 if conflict else 400 if form.errors else 200


@blueprint.route("/closures/<child_reference>/tasks/<agency>", methods=["GET", "POST"])
@requires(Permission.PREPARE_AGENDA)
def closure_task(child_reference: str, agency: str) -> ResponseReturnValue:
    """Give a task that follows a closure, and that nobody owns, to a person of its agency."""
    row = found(after_closure.find_task(db(), child_reference, agency))
    child, form = found(find_child(db(), child_reference)), TaskForm()
    offer_owners(form.owner, possible_owners(db(), child.key, row.agency_id))
    if form.validate_on_submit():
        try:
            action = after_closure.give_task(
                db(), actor(), now(), row, form.opened_at, int(form.owner.data), found(form.due_on.data)
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash(f"Action {action.reference} is given.", "success")
            return redirect("/waiting/closure-tasks")
    if not form.is_submitted():
        form.version.data, form.due_on.data = str(row.version), row.due_on
    saw(EventKind.CHILD_VIEWED, child.key)
    page = render_template("meetings/closures/task.html", child=child, row=row, form=form)
    return page, 400 if form.errors else 200


@blueprint.get("/closures/<child_reference>/letter")
@requires(Permission.PREPARE_AGENDA)
def closure_letter(child_reference: str) -> ResponseReturnValue:
    """Show the text of the letters that follow a closure; nothing is sent."""
    child = found(find_child(db(), child_reference))
    check_may(db(), actor(), Permission.PREPARE_AGENDA, child.key)
    closure = found(after_closure.closed_child(db(), child.key))
    saw(EventKind.CHILD_VIEWED, child.key)
    agency = next((each.name for each in agencies(db()) if each.id == closure.onward_agency_id), "")
    letters = partnership().closing.letters(child.name, agency)
    return render_template("meetings/closures/letter.html", child=child, letters=letters)
