"""A change about a child who is no longer listed: the coordinator or a chair says what follows from it."""

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.child_record.changes import child_for, refuse
from meetings_app.child_record.forms import ANSWERS, ANSWERS_AFTER_A_DEATH, ChangeAnswerForm
from meetings_app.child_record.opened import may
from meetings_app.child_record.routes import blueprint
from meetings_app.children.queries import find_child
from meetings_app.cse_list.models import DepartureKind
from meetings_app.errors import DomainError
from meetings_app.permissions import Permission
from meetings_app.referrals.after_leaving import answer_change, find_unanswered
from meetings_app.referrals.models import ChangeAnswerKind
from meetings_app.schedule.office import Office
from meetings_app.web.context import actor, db, found, now, partnership, saw, settings
from meetings_app.web.guard import requires


@blueprint.route("/children/<reference>/changes/<int:change_id>/answer", methods=["GET", "POST"])
@requires(Permission.TRIAGE)
def answer_late_change(reference: str, change_id: int) -> ResponseReturnValue:
    """Show the change and take the decision; one that is decided or heard by an RMM is not there."""
    child = child_for(reference, Permission.TRIAGE)
    if change_id > _MOST:
        abort(404)
    change, form = found(find_unanswered(db(), child.id, change_id)), ChangeAnswerForm()
    chair, died = may(Permission.REFUSE_REFERRAL, child), change.way is DepartureKind.DEATH
    form.kind.choices = [
        (kind.value, words)
        for kind, words in (ANSWERS_AFTER_A_DEATH if died else ANSWERS).items()
        if chair or kind is not ChangeAnswerKind.NO_FURTHER_ACTION
    ]
    if died:
        form.text.label.text, form.text.description = "Why?", ""
    if form.validate_on_submit():
        office, whole = Office.of(settings(), partnership()), found(find_child(db(), reference))
        kind = ChangeAnswerKind(form.kind.data)
        try:
            answer_change(db(), actor(), now(), office, whole, change_id, kind, form.text.data or "")
        except DomainError as problem:
            refuse(form, problem)
        else:
            flash("What follows from the change is saved.", "success")
            return redirect("/waiting/changes")
    saw(EventKind.CHILD_VIEWED, child.id)
    page = render_template(
        "child_record/late_change.html", child=child, change=change, form=form, chair=chair, died=died,
        has_errors=bool(form.errors),
    )  # fmt: skip
    return page, 400 if form.errors else 200


_MOST = 2**31 - 1
"""Beyond it no row has an id, and PostgreSQL takes no number."""
