"""One action that an assessment recommends: taken up with a person and a date, or declined with the reason."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from meetings_app.actions.forms import DeclineForm, offer_owners
from meetings_app.actions.models import ActionState
from meetings_app.actions.queries import possible_owners
from meetings_app.actions.recommended_queries import Fate, RecommendedAction, recommended_actions
from meetings_app.actions.taking_up import Asked, decline, take_up
from meetings_app.assessment_record.blueprint import assessment_to_read, blueprint
from meetings_app.assessment_record.recommended_part import may_take_up
from meetings_app.assessments.models import Assessment
from meetings_app.audit.events import EventKind
from meetings_app.errors import RuleBroken
from meetings_app.meetings.running_forms import ActionForm
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now, saw, today
from meetings_app.web.guard import requires


@blueprint.route("/assessments/<reference>/actions/<int:number>", methods=["GET", "POST"])
@requires(Permission.GIVE_ACTION)
def recommended_action(reference: str, number: int) -> ResponseReturnValue:
    """Ask who does a recommended action and by when, and give it; what was answered before is only shown."""
    assessment, row = _recommended(reference, number)
    form = ActionForm(what=row.text, due_on=row.due_on)
    agency_of = _offer_owners(form, assessment, row)
    if form.validate_on_submit() and form.due_on.data is not None:
        owner = int(form.owner.data)
        try:
            action = take_up(
                db(), actor(), now(), assessment, number,
                Asked(form.what.data, agency_of[owner], owner, form.due_on.data),
            )  # fmt: skip
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return _back(assessment, f"Action {action.reference} is given.")
    return _page(assessment, row, form, DeclineForm(formdata=None))


@blueprint.post("/assessments/<reference>/actions/<int:number>/decline")
@requires(Permission.GIVE_ACTION)
def recommended_action_decline(reference: str, number: int) -> ResponseReturnValue:
    """Record why a recommended action is not taken up."""
    assessment, row = _recommended(reference, number)
    form = DeclineForm()
    if form.validate():
        decline(db(), actor(), now(), assessment, number, form.reason.data)
        return _back(assessment, "The recommended action is declined. The reason is kept with it.")
    action_form = ActionForm(formdata=None, what=row.text, due_on=row.due_on)
    _offer_owners(action_form, assessment, row)
    return _page(assessment, row, action_form, form)


def _recommended(reference: str, number: int) -> tuple[Assessment, RecommendedAction]:
    """Give the assessment and its recommended action, or answer 404 to whoever may not give actions for the child."""
    assessment = assessment_to_read(reference)
    if not may_take_up(assessment):
        abort(404)
    rows = recommended_actions(db(), [assessment], today())
    return assessment, found(next((row for row in rows if row.number == number), None))


def _offer_owners(form: ActionForm, assessment: Assessment, row: RecommendedAction) -> dict[int, int]:
    return offer_owners(form.owner, possible_owners(db(), assessment.child_id), row.agency_id, row.agency)


def _page(
    assessment: Assessment, row: RecommendedAction, form: ActionForm, decline_form: DeclineForm
) -> ResponseReturnValue:
    saw(EventKind.ASSESSMENT_VIEWED, assessment.child_id, assessment=assessment.reference)
    wrong = bool(form.errors or decline_form.errors)
    page = render_template(
        "assessment_record/recommended_action.html", assessment=assessment, row=row, form=form,
        decline_form=decline_form, has_errors=wrong, fates=Fate, proposed=ActionState.PROPOSED,
    )  # fmt: skip
    return page, 400 if wrong else 200


def _back(assessment: Assessment, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("assessment_record.show", reference=assessment.reference, _anchor="recommended"))
