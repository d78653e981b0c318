"""What follows from a finished assessment: to refer or not, and to answer what its flags ask for."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from meetings_app.assessment_record.blueprint import assessment_to_read, blueprint
from meetings_app.assessment_record.following_part import clock_of, decision_forms
from meetings_app.assessment_record.forms import FlagForm, NoReferralForm, ReferForm
from meetings_app.assessment_record.referring import on_its_way, refer, referrals_of
from meetings_app.assessments import queries
from meetings_app.assessments.answering import FlagSaid, answer_flag, decide
from meetings_app.assessments.models import Assessment, AssessmentState, DecisionKind, FlagAnswerKind
from meetings_app.assessments.rules import flag_texts
from meetings_app.assessments.service import may_fill_in, may_follow_up
from meetings_app.audit.events import EventKind
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import RuleBroken
from meetings_app.permissions import Permission
from meetings_app.schedule.office import Office
from meetings_app.web.context import actor, db, found, now, partnership, saw, settings
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires


def _finished_to_follow(reference: str, *, refers: bool = False) -> Assessment:
    """Give a finished assessment on which the person may decide, or answer 404."""
    assessment, may = assessment_to_read(reference), may_fill_in if refers else may_follow_up
    if assessment.state is not AssessmentState.FINISHED or not may(db(), actor(), assessment):
        abort(404)
    return assessment


@blueprint.post("/assessments/<reference>/refer")
@requires(Permission.ASSESS)
def refer_child(reference: str) -> ResponseReturnValue:
    """Refer the child to the RMM with this assessment; one that a referral carries already goes on with that."""
    assessment, form = _finished_to_follow(reference, refers=True), ReferForm()
    if on_its_way(referrals_of(db(), assessment.key)):
        form.reason.validators = []
    if not form.validate():
        return _decide_page(assessment, refer_form=form)
    office = Office.of(settings(), partnership())
    try:
        made = refer(db(), actor(), now(), office, assessment, form.reason.data or "", urgent=form.urgent.data)
    except RuleBroken as problem:
        form.refuse(problem)
        return _decide_page(assessment, refer_form=form)
    return _back(assessment, f"Referral {made} takes the assessment to the RMM.")


@blueprint.post("/assessments/<reference>/no-referral")
@requires(Permission.ASSESS)
def no_referral(reference: str) -> ResponseReturnValue:
    """Record that no referral follows, with the reason."""
    assessment, form = _finished_to_follow(reference), NoReferralForm()
    form.offer(listed=live_entry(db(), assessment.child_id) is not None)
    if not form.validate():
        return _decide_page(assessment, no_referral_form=form)
    try:
        decide(db(), actor(), now(), assessment, DecisionKind(form.kind.data), form.reason.data)
    except RuleBroken as problem:
        form.refuse(problem)
        return _decide_page(assessment, no_referral_form=form)
    return _back(assessment, "Your decision is recorded with its reason.")


@blueprint.route("/assessments/<reference>/flags/<code>", methods=["GET", "POST"])
@requires(Permission.ASSESS)
def flag(reference: str, code: str) -> ResponseReturnValue:
    """Answer what a flag asks for; a later answer stands beside the earlier ones."""
    assessment = _finished_to_follow(reference)
    asked = found(next((each for each in queries.flags_of(db(), assessment.key) if each.code == code), None))
    form = FlagForm()
    if form.validate_on_submit():
        said = FlagSaid(FlagAnswerKind(form.kind.data), found(form.happened_on.data), form.who.data, form.text.data)
        try:
            answer_flag(db(), actor(), now(), assessment, asked, said)
        except RuleBroken as problem:
            form.refuse(problem)
        else:
            return _back(assessment, "Your answer is recorded.")
    tool = queries.tool_of(db(), assessment)
    words = flag_texts(tool).get(code, code)
    return _page("flag", form, assessment, tool=tool, words=words, answered=asked.answered_at is not None)


def _decide_page(assessment: Assessment, **wrong: Form) -> ResponseReturnValue:
    """Show a form of the decision again, alone, with what is wrong and what was typed."""
    [form] = wrong.values()
    tool = queries.tool_of(db(), assessment)
    values = {**decision_forms(assessment), **wrong, "on_its_way": "", "open_form": form}
    return _page("decide", form, assessment, tool=tool, clock=clock_of(assessment), **values)


def _page(template: str, form: Form, assessment: Assessment, **more: Any) -> ResponseReturnValue:
    saw(EventKind.ASSESSMENT_VIEWED, assessment.child_id, assessment=assessment.reference)
    values = {"form": form, "assessment": assessment, "has_errors": bool(form.errors), **more}
    return render_template(f"assessment_record/{template}.html", **values), 400 if form.errors else 200


def _back(assessment: Assessment, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("assessment_record.show", reference=assessment.reference))
