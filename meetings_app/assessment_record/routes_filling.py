"""Filling an assessment in: started, saved as a draft at every step, checked, and then finished or discarded."""

from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.assessment_record.blueprint import assessment_to_read, blueprint
from meetings_app.assessment_record.filling import (
    checked_sections,
    last_time,
    overview,
    problem_links,
    section_form,
)
from meetings_app.assessment_record.filling_forms import DiscardForm, SectionForm, StartForm
from meetings_app.assessment_record.referring import go_on_with_its_referral
from meetings_app.assessments import service
from meetings_app.assessments.answers import AnswersRefused
from meetings_app.assessments.models import Assessment, AssessmentState
from meetings_app.assessments.queries import drafts_of, tool_of
from meetings_app.assessments.rules import window_dates
from meetings_app.assessments.sections import ABOUT, WORDS, Section, keys_of, title_of
from meetings_app.audit.events import EventKind
from meetings_app.children.models import Child
from meetings_app.children.queries import find_child
from meetings_app.children.rules import may_for_child
from meetings_app.clock import at_london
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.partnership import ToolDefinition
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now, partnership, saw
from meetings_app.web.forms import VersionedForm, shown
from meetings_app.web.guard import requires

_BOTH = ["GET", "POST"]


@blueprint.route("/children/<reference>/assessments/new", methods=_BOTH)
@requires(Permission.ASSESS)
def new(reference: str) -> ResponseReturnValue:
    """Start an assessment of a child whose record the person may see."""
    child, form = _child_to_assess(reference), StartForm()
    form.tool.choices = {tool.code: _tool_name(tool) for tool in partnership().tools}
    if form.validate_on_submit():
        try:
            received_at = _received_at(form)
            started = service.start(db(), actor(), now(), partnership(), child, form.tool.data, received_at)
        except RuleBroken as problem:
            form.refuse(problem)
        else:
            return redirect(_address(started))
    drafts = drafts_of(db(), child.key)
    saw(EventKind.CHILD_VIEWED, child.key)
    page = render_template(
        "assessment_record/new.html", form=form, child=child, drafts=drafts, has_errors=bool(form.errors)
    )
    return page, 400 if form.errors else 200


@blueprint.route("/assessments/<reference>/section/<key>", methods=_BOTH)
@requires(Permission.ASSESS)
def section(reference: str, key: str) -> ResponseReturnValue:
    """Show one section of a draft, and save it whether it is right yet or not."""
    assessment, tool = _draft(reference)
    if key not in keys_of(tool):
        abort(404)
    if request.method == "GET":
        form = section_form(assessment, tool, key, stored=True)
        if "check" in request.args:
            form.say(_section_of(assessment, tool, key).problems)
        return _section_page(assessment, tool, key, form)
    form = section_form(assessment, tool, key, stored=False)
    if not form.validate():
        return _section_page(assessment, tool, key, form, 400)
    try:
        service.save_section(db(), actor(), now(), assessment, tool, key, form.opened_at, form.part())
    except Conflict:
        return _conflict(assessment, tool, key, form)
    return redirect(_next_address(assessment, tool, key))


@blueprint.get("/assessments/<reference>/check")
@requires(Permission.ASSESS)
def check(reference: str) -> ResponseReturnValue:
    """Show every answer before the assessment is finished, and what still stands in the way."""
    assessment, tool = _draft(reference)
    form = VersionedForm(formdata=None)
    form.version.data = str(assessment.version)
    return _check_page(assessment, tool, form, 200)


@blueprint.post("/assessments/<reference>/finish")
@requires(Permission.ASSESS)
def finish(reference: str) -> ResponseReturnValue:
    """Finish the assessment for good, at the version that was checked."""
    assessment, tool = _draft(reference)
    form = VersionedForm()
    try:
        service.finish(db(), actor(), now(), partnership(), assessment, tool, form.opened_at)
    except AnswersRefused:
        return _check_page(assessment, tool, form, 400)
    carried = go_on_with_its_referral(db(), actor(), now(), assessment)
    along = f" It goes on with referral {carried}." if carried else ""
    flash(f"Assessment {assessment.reference} is finished. It can no longer be changed.{along}", "success")
    return redirect(_address(assessment))


@blueprint.route("/assessments/<reference>/discard", methods=_BOTH)
@requires(Permission.ASSESS)
def discard(reference: str) -> ResponseReturnValue:
    """Discard a draft that is not wanted, with the reason."""
    assessment, tool = _draft(reference)
    form = DiscardForm()
    if form.validate_on_submit():
        service.discard(db(), actor(), now(), assessment, form.reason.data)
        flash(f"The draft {assessment.reference} is discarded.", "success")
        return redirect("/")
    page = render_template(
        "assessment_record/discard.html", assessment=assessment, tool=tool, form=form, has_errors=bool(form.errors)
    )
    return page, 400 if form.errors else 200


def _child_to_assess(reference: str) -> Child:
    child = found(find_child(db(), reference))
    if not may_for_child(actor(), Permission.ASSESS, child.area_id, child.lead_professional_id):
        abort(404)
    return child


def _draft(reference: str) -> tuple[Assessment, ToolDefinition]:
    """Give a draft that the person may fill in, with its tool; a finished one leads to its page as not found."""
    assessment = assessment_to_read(reference)
    if assessment.state is not AssessmentState.DRAFT or not service.may_fill_in(db(), actor(), assessment):
        abort(404)
    saw(EventKind.ASSESSMENT_VIEWED, assessment.child_id, assessment=assessment.reference)
    return assessment, tool_of(db(), assessment)


def _tool_name(tool: ToolDefinition) -> str:
    return f"{tool.name} (unofficial names)" if tool.unofficial else tool.name


def _received_at(form: StartForm) -> datetime | None:
    """Give when the concern came in, UTC. Raises `RuleBroken` for half an answer or for the future."""
    on, at = form.concern_on.data, form.concern_at.data
    if on is None and at is None:
        return None
    if on is None:
        raise RuleBroken("concern_on", "Enter the date the concern was received")
    if at is None:
        raise RuleBroken("concern_at", "Enter the time the concern was received")
    received_at = at_london(on, at)
    if received_at > now():
        raise RuleBroken("concern_on", "The concern must have been received by now")
    return received_at


def _section_of(assessment: Assessment, tool: ToolDefinition, key: str) -> Section:
    sections: list[Section] = overview(assessment, tool)["sections"]
    return next(section for section in sections if section.key == key)


def _section_page(
    assessment: Assessment,
    tool: ToolDefinition,
    key: str,
    form: SectionForm,
    status: int = 200,
    differences: list[tuple[str, str, str]] | None = None,
) -> ResponseReturnValue:
    names = {ABOUT: "about", WORDS: "words"}
    page = render_template(
        f"assessment_record/section_{names.get(key, 'tier')}.html",
        assessment=assessment, tool=tool, form=form, key=key, title=title_of(tool, key), keys=keys_of(tool),
        tier=next((tier for tier in tool.tiers if tier.key == key), None), differences=differences or [],
        last_time=last_time(assessment), windows=window_dates(tool, assessment.assessed_on),
        has_errors=bool(form.errors or form.form_errors),
    )  # fmt: skip
    return page, status


def _conflict(assessment: Assessment, tool: ToolDefinition, key: str, form: SectionForm) -> ResponseReturnValue:
    """Show both: what somebody else saved, and what was typed here, which the form still holds."""
    theirs = section_form(assessment, tool, key, stored=True)
    differences = [
        (_label(tool, field), shown(field), shown(theirs[field.name]))
        for field in form
        if field.name not in ("csrf_token", "form_id", "version") and shown(field) != shown(theirs[field.name])
    ]
    form.version.data, form.form_id.data = theirs.version.data, theirs.form_id.data
    return _section_page(assessment, tool, key, form, 409, differences)


def _label(tool: ToolDefinition, field: Any) -> str:
    """Name a field on its own: that of an indicator with the indicator."""
    _, _, code = field.name.partition("-")
    labels = {indicator.code: indicator.label for tier in tool.tiers for indicator in tier.indicators}
    return f"{labels[code]}: {field.label.text}" if code in labels else str(field.label.text)


def _check_page(assessment: Assessment, tool: ToolDefinition, form: VersionedForm, status: int) -> ResponseReturnValue:
    checked = checked_sections(assessment, tool)
    problems = problem_links(assessment, tool, [each.section for each in checked])
    page = render_template(
        "assessment_record/check.html", assessment=assessment, tool=tool, form=form, checked=checked,
        problems=problems, has_errors=status == 400,
    )  # fmt: skip
    return page, status


def _next_address(assessment: Assessment, tool: ToolDefinition, key: str) -> str:
    """Go on to the next section, stay where something is missing, or go back to the overview if that was asked."""
    if request.form.get("go") == "later":
        flash("The draft is saved.", "success")
        return _address(assessment)
    if _section_of(assessment, tool, key).problems:
        flash("The draft is saved. Some of it is still to be filled in.", "information")
        return f"{url_for('assessment_record.section', reference=assessment.reference, key=key)}?check=1"
    keys = keys_of(tool)
    if key == keys[-1]:
        return url_for("assessment_record.check", reference=assessment.reference)
    following = keys[keys.index(key) + 1]
    return url_for("assessment_record.section", reference=assessment.reference, key=following)


def _address(assessment: Assessment) -> str:
    return url_for("assessment_record.show", reference=assessment.reference)
