"""The forms of a child's page. Each keeps what was typed, and says beside the field what is wrong."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries as accounts
from meetings_app.audit.events import EventKind
from meetings_app.child_record import merging, queries, service
from meetings_app.child_record.forms import ChangeForm, InvolvementForm
from meetings_app.child_record.opened import may, merged_into, whole_child
from meetings_app.child_record.routes import blueprint
from meetings_app.children.forms import ComparisonForm, DetailsForm, LeadForm, NoteForm, ProposalForm
from meetings_app.children.models import PossibleDuplicate, Resolution, YesNoUnknown
from meetings_app.children.queries import find_child, open_duplicates
from meetings_app.children.service import ChildDetails, add_note
from meetings_app.cse_list.service import live_entry, propose_closure
from meetings_app.errors import Conflict, DomainError, RuleBroken
from meetings_app.permissions import Permission
from meetings_app.referrals.after_leaving import is_departed
from meetings_app.referrals.models import ChangeKind
from meetings_app.referrals.service import report_change
from meetings_app.schedule.office import Office
from meetings_app.web.context import actor, db, found, now, partnership, saw, settings
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires

_BOTH = ["GET", "POST"]
_REPORTED = {
    False: "The change is reported and goes to the next meeting.",
    True: "The change is reported. The child has left the list, so the coordinator decides what follows from it.",
}
"""By whether the child has left by transfer, death or as a duplicate."""


def child_for(reference: str, permission: Permission) -> Any:
    """Give the child beside whom the person may do this, or answer 404."""
    child = whole_child(reference)
    if not may(permission, child):
        abort(404)
    return child


def form_page(template: str, form: Form, child: Any, **more: Any) -> ResponseReturnValue:
    """Give the page of a form beside a child; looking at it is recorded."""
    if request.method == "GET":
        saw(EventKind.CHILD_VIEWED, child.id)
    status = 409 if more.get("conflicts") else 400 if form.errors else 200
    values = {"form": form, "child": child, "has_errors": bool(form.errors), "conflicts": [], **more}
    return render_template(f"child_record/{template}.html", **values), status


def back_to(child: Any, message: str) -> ResponseReturnValue:
    """Go back to the child's page, and say there what was saved."""
    flash(message, "success")
    return redirect(url_for("child_record.show", reference=child.reference))


def refuse(form: Form, problem: DomainError) -> None:
    """Say what is wrong beside the field that it names, or above the form."""
    if isinstance(problem, RuleBroken):
        form.refuse(problem)
    else:
        form.form_errors.append(problem.message)


@blueprint.route("/children/<reference>/note", methods=_BOTH)
@requires(Permission.WRITE_NOTE)
def note(reference: str) -> ResponseReturnValue:
    """Append a note."""
    child, form = child_for(reference, Permission.WRITE_NOTE), NoteForm()
    if form.validate_on_submit():
        add_note(db(), actor(), now(), child.id, form.text.data)
        return back_to(child, "The note is added to the record.")
    return form_page("form", form, child, heading="Add a note", button="Add the note")


@blueprint.route("/children/<reference>/change", methods=_BOTH)
@requires(Permission.WRITE_NOTE)
def change(reference: str) -> ResponseReturnValue:
    """Report a change in circumstances, which pulls the review to the next RMM."""
    shown, form = child_for(reference, Permission.WRITE_NOTE), ChangeForm()
    if form.validate_on_submit():
        kind, happened_on = ChangeKind(form.kind.data), found(form.happened_on.data)
        try:
            report_change(db(), actor(), now(), found(find_child(db(), reference)), kind, happened_on, form.text.data)
        except DomainError as problem:
            refuse(form, problem)
        else:
            return back_to(shown, _REPORTED[is_departed(db(), shown.id)])
    return form_page(
        "form", form, shown, heading="Report a change in circumstances", button="Report the change",
        points_to=merged_into(shown),
    )  # fmt: skip


@blueprint.route("/children/<reference>/details", methods=_BOTH)
@requires(Permission.CHANGE_CHILD)
def details(reference: str) -> ResponseReturnValue:
    """Change the identity; where somebody saved first, both texts are shown and none is lost."""
    shown = child_for(reference, Permission.CHANGE_CHILD)
    child = found(find_child(db(), reference))
    areas, schools = accounts.areas(db()), accounts.schools(db())
    saved = {
        "version": str(child.version), "name": child.name, "born": child.born, "area": shown.area_code,
        "external_reference": child.external_reference or "", "gender": child.gender, "ethnicity": child.ethnicity,
        "school": next((school.code for school in schools if school.id == child.school_id), ""),
        "school_name": child.school_name, "learning_disability": child.learning_disability.value,
        "looked_after": child.looked_after.value, "legal_status": child.legal_status,
    }  # fmt: skip
    form = DetailsForm(data=saved)
    form.area.choices = [("", "Choose"), *((area.code, area.name) for area in areas)]
    form.school.choices = [("", "None of these"), *((school.code, school.name) for school in schools)]
    conflicts: list[dict[str, Any]] = []
    if form.validate_on_submit():
        try:
            service.edit_details(db(), actor(), now(), child, form.opened_at, _details_of(form, areas, schools))
        except Conflict:
            conflicts = differing(form, saved)
        except DomainError as problem:
            refuse(form, problem)
        else:
            moved_away = not actor().may(Permission.SEE_CHILD, child.area_id)
            return redirect("/") if moved_away else back_to(child, "The details are saved.")
    return form_page("form", form, shown, heading="Change the details", button="Save", conflicts=conflicts)


def _details_of(form: DetailsForm, areas: Any, schools: Any) -> ChildDetails:
    return ChildDetails(
        name=form.name.data,
        born=found(form.born.data),
        area_id=next(area.id for area in areas if area.code == form.area.data),
        external_reference=form.external_reference.data or None,
        gender=form.gender.data or "",
        ethnicity=form.ethnicity.data or "",
        school_id=next((school.id for school in schools if school.code == form.school.data), None),
        school_name=form.school_name.data or "",
        learning_disability=YesNoUnknown(form.learning_disability.data),
        looked_after=YesNoUnknown(form.looked_after.data),
        legal_status=form.legal_status.data or "",
    )


def differing(form: Form, saved: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the fields in which what was typed and what is saved now differ, and carry the new version on."""
    differing = [
        {"label": form[name].label.text, "mine": _plain(form[name].data), "theirs": _plain(theirs)}
        for name, theirs in saved.items()
        if name != "version" and _plain(form[name].data) != _plain(theirs)
    ]
    form["version"].data = saved["version"]
    return differing or [{"label": "Record", "mine": "The same", "theirs": "The same"}]


def _plain(value: Any) -> str:
    return "" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@blueprint.route("/children/<reference>/lead", methods=_BOTH)
@requires(Permission.CHANGE_CHILD)
def lead(reference: str) -> ResponseReturnValue:
    """Set lead agency and lead professional."""
    shown = child_for(reference, Permission.CHANGE_CHILD)
    child, entry = found(find_child(db(), reference)), live_entry(db(), shown.id)
    agencies = accounts.agencies(db())
    people = accounts.possible_lead_professionals(db(), child.area_id, child.lead_professional_id)
    saved = {
        "version": str(child.version),
        "agency": next((each.code for each in agencies if entry and each.id == entry.lead_agency_id), ""),
        "professional": next((each.email for each in people if each.id == child.lead_professional_id), ""),
        "professional_name": child.lead_professional_name,
    }
    form, conflicts = LeadForm(data=saved), []
    form.agency.choices = [("", "None"), *((each.code, each.name) for each in agencies)]
    form.professional.choices = [
        ("", "Nobody in this list"),
        *((each.email, f"{each.name}, {each.agency}") for each in people),
    ]
    if form.validate_on_submit():
        chosen = service.Lead(
            agency_id=next((each.id for each in agencies if each.code == form.agency.data), None),
            professional_id=next((each.id for each in people if each.email == form.professional.data), None),
            professional_name=form.professional_name.data or "",
        )
        try:
            service.set_lead(db(), actor(), now(), child, form.opened_at, chosen)
        except Conflict:
            conflicts = differing(form, saved)
        except DomainError as problem:
            refuse(form, problem)
        else:
            return back_to(shown, "The lead agency and the lead professional are saved.")
    return form_page(
        "form", form, shown, heading="Lead agency and lead professional", button="Save", conflicts=conflicts
    )


@blueprint.route("/children/<reference>/specialists", methods=_BOTH)
@requires(Permission.CHANGE_CHILD)
def specialists(reference: str) -> ResponseReturnValue:
    """Say that somebody of the specialist service begins, or no longer goes on, to work with the child."""
    child, form = child_for(reference, Permission.CHANGE_CHILD), InvolvementForm()
    working = queries.specialists_of(db(), child.id)
    there = {person.id for person in working}
    begins = {f"begin {each.email}": each for each in accounts.specialists(db()) if each.id not in there}
    ends = {f"end {each.email}": each for each in accounts.specialists(db(), there) if each.id in there}
    form.change.choices = [
        ("", "Choose"),
        *((value, f"{each.name}, {each.agency}, begins to work with the child") for value, each in begins.items()),
        *((value, f"{each.name}, {each.agency}, no longer works with the child") for value, each in ends.items()),
    ]
    if form.validate_on_submit():
        whom = found({**begins, **ends}.get(form.change.data))
        change = service.end_involvement if form.change.data in ends else service.begin_involvement
        change(db(), actor(), now(), child.id, whom.id)
        return back_to(child, "Who works with the child is saved.")
    return form_page("form", form, child, heading="Who of the specialist service works with the child", button="Save")


@blueprint.route("/children/<reference>/propose-closure", methods=_BOTH)
@requires(Permission.SEE_CHILD)
def propose(reference: str) -> ResponseReturnValue:
    """Propose, for the lead agency, that the RMM considers closing."""
    child = whole_child(reference)
    entry = found(live_entry(db(), child.id))
    if actor().agency_id != entry.lead_agency_id:
        abort(404)
    form = ProposalForm()
    if form.validate_on_submit():
        try:
            propose_closure(db(), actor(), now(), entry, form.reason.data)
        except DomainError as problem:
            refuse(form, problem)
        else:
            return back_to(child, "The closure is proposed. The meeting decides.")
    return form_page("form", form, child, heading="Propose closing", button="Propose to the meeting")


@blueprint.route("/children/<reference>/duplicates/<other>", methods=_BOTH)
@requires(Permission.CHANGE_CHILD)
def compare(reference: str, other: str) -> ResponseReturnValue:
    """Compare two records that look alike, and say whether they are one child."""
    child = child_for(reference, Permission.CHANGE_CHILD)
    pairs = {pair.id: pair for pair in open_duplicates(db(), child.id)}
    ids = {pair.other_id if pair.child_id == child.id else pair.child_id: pair.id for pair in pairs.values()}
    records = queries.compared(db(), [child.id, *ids])
    other_id = found(next((key for key in ids if records[key].reference == other), None))
    pair = found(db().get(PossibleDuplicate, ids[other_id]))
    form = ComparisonForm()
    if form.validate_on_submit():
        try:
            merging.say_same_or_different(
                db(),
                actor(),
                now(),
                Office.of(settings(), partnership()),
                pair,
                Resolution(form.resolution.data),
                form.reason.data,
            )
        except DomainError as problem:
            refuse(form, problem)
        else:
            return back_to(child, "Your answer is saved with your reason.")
    if request.method == "GET":
        saw(EventKind.CHILD_VIEWED, other_id)
    return form_page("compare", form, child, why=pair.why, one=records[child.id], two=records[other_id])


__all__ = ["blueprint"]
