"""The forms of a child's page for the steps towards adult services."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.child_record.changes import child_for
from meetings_app.child_record.routes import blueprint as blueprint
from meetings_app.children.ages import TransitionStep
from meetings_app.children.forms import AdultContactForm, AdultServicesForm, PackageForm
from meetings_app.children.transition import Step, record_step
from meetings_app.errors import RuleBroken
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, now, partnership, saw
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires

_FORMS: dict[TransitionStep, tuple[type[Form], str, str]] = {
    TransitionStep.ADULT_CONTACT: (AdultContactForm, "Named contact in adult services", "Record the contact"),
    TransitionStep.ADULT_SERVICES: (AdultServicesForm, "Referral to adult services", "Record the decision"),
    TransitionStep.PACKAGE: (PackageForm, "Support package as an adult", "Record the package"),
}


_STEP = "<any(adult_contact, adult_services, package):step>"


@blueprint.route(f"/children/<reference>/transition/{_STEP}", methods=["GET", "POST"])
@requires(Permission.CHANGE_CHILD)
def transition_step(reference: str, step: str) -> ResponseReturnValue:
    """Record a step towards adult services; an earlier record of it stays, and this one counts."""
    child, kind = child_for(reference, Permission.CHANGE_CHILD), TransitionStep(step)
    form_type, heading, button = _FORMS[kind]
    form = form_type()
    if form.validate_on_submit():
        try:
            record_step(db(), actor(), now(), child.id, _step(kind, form), partnership().ratings.ages)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The step is recorded.", "success")
            return redirect(url_for("child_record.show", reference=child.reference, _anchor="transition"))
    if request.method == "GET":
        saw(EventKind.CHILD_VIEWED, child.id)
    page = render_template(
        "child_record/form.html", form=form, child=child, heading=heading, button=button,
        has_errors=bool(form.errors), conflicts=[],
    )  # fmt: skip
    return page, 400 if form.errors else 200


def _step(kind: TransitionStep, form: Form) -> Step:
    values: dict[str, Any] = {
        field.name: field.data for field in form if field.name in Step.__dataclass_fields__ and field.data is not None
    }
    if kind is TransitionStep.ADULT_SERVICES:
        values["referred"] = {"yes": True, "no": False}.get(str(values.get("referred", "")))
    return Step(kind, **values)
