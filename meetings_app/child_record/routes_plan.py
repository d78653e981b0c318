"""Pages of the safety plan: its versions, beside each other, and writing the next one."""

from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from meetings_app.accounts.queries import names_of
from meetings_app.actions.queries import actions_named, open_actions_of
from meetings_app.audit.events import EventKind
from meetings_app.child_record import service
from meetings_app.child_record.changes import back_to, child_for, differing, form_page, refuse
from meetings_app.child_record.opened import child_to_read, plans_read
from meetings_app.child_record.routes import blueprint
from meetings_app.children.reading import Reading
from meetings_app.errors import Conflict, DomainError
from meetings_app.permissions import Permission
from meetings_app.plans.comparing import compare_aims, compare_text
from meetings_app.plans.forms import PlanForm, references_in, saved_aims, update_form
from meetings_app.plans.queries import aims_of, last_plan, versions_of
from meetings_app.plans.rules import is_missing, needs_of
from meetings_app.plans.service import write_update
from meetings_app.ratings.queries import last_rating
from meetings_app.web.context import actor, db, found, now, partnership, saw, today
from meetings_app.web.filters import words
from meetings_app.web.guard import requires

_KINDS = ("child_view_kind", "parents_view_kind", "school_copy")
_TEXTS = ("contingency", "missing_plan", "child_view", "parents_view", "school_copy_note", "police_intelligence")
_COMPARED = {
    "contingency": "Contingency", "missing_plan": "If the child goes missing", "child_view": "The child’s view",
    "parents_view": "The parents’ or carers’ view", "school_copy_note": "The school’s copy",
    "police_intelligence": "Police intelligence (not for schools)",
}  # fmt: skip
_NOT_FOR_SCHOOLS = frozenset({"school_copy_note", "police_intelligence"})


@blueprint.get("/children/<reference>/plan/<int:number>")
@requires(Permission.SEE_CHILD)
def plan_version(reference: str, number: int) -> ResponseReturnValue:
    """Show one version of the safety plan as it was written."""
    child, reading = child_to_read(reference)
    plans = plans_read(child, reading)
    plan = _version(plans, number)
    saw(EventKind.CHILD_VIEWED, child.id, plan=number)
    return render_template(
        "child_record/plan_version.html", child=child, plan=plan, aims=aims_of(db(), plan.id), plans=plans,
        newest=plans[0].number, authors=_authors([plan]), whole=reading is Reading.WHOLE,
    )  # fmt: skip


@blueprint.get("/children/<reference>/plan/compare")
@requires(Permission.SEE_CHILD)
def plan_compare(reference: str) -> ResponseReturnValue:
    """Show two versions beside each other, aim by aim: what is new, gone, changed and still there."""
    child, reading = child_to_read(reference)
    plans = plans_read(child, reading)
    if len(plans) < 2:
        abort(404)
    before = _version(plans, request.args.get("before", plans[1].number))
    after = _version(plans, request.args.get("after", plans[0].number))
    if before.number > after.number:
        before, after = after, before
    saw(EventKind.CHILD_VIEWED, child.id, plan=after.number)
    whole = reading is Reading.WHOLE
    compared = {name: label for name, label in _COMPARED.items() if whole or name not in _NOT_FOR_SCHOOLS}
    rows = [compare_text(label, getattr(before, name), getattr(after, name)) for name, label in compared.items()]
    return render_template(
        "child_record/plan_compare.html", child=child, plans=plans, before=before, after=after,
        aims=compare_aims(aims_of(db(), before.id), aims_of(db(), after.id), with_references=whole),
        rows=[row for row in rows if row.pieces], authors=_authors([before, after]),
    )  # fmt: skip


@blueprint.route("/children/<reference>/plan/write", methods=["GET", "POST"])
@requires(Permission.WRITE_PLAN)
def write_plan(reference: str) -> ResponseReturnValue:
    """Write the next version of the safety plan, beginning from the present one."""
    child = child_for(reference, Permission.WRITE_PLAN)
    saved: dict[str, Any] = _saved_plan(child)
    form, conflicts = PlanForm(data=saved), []
    offered = _offered(child, references_in(saved), form.references)
    form.offer_actions(offered)
    more = "more" in request.form
    if form.validate_on_submit() and not more:
        try:
            service.write_plan(
                db(), actor(), now(), child.id, form.plan, partnership().ratings.plans, opened_at=form.opened_at
            )
        except Conflict:
            # Read again: the version that stands now may be younger than this request.
            conflicts = differing(form, _saved_plan(child))
        except DomainError as problem:
            refuse(form, problem)
            form.put_errors_at_places()
        else:
            return back_to(child, "The safety plan is saved as a new version.")
    if request.method == "GET":
        saw(EventKind.CHILD_VIEWED, child.id)
    page = render_template(
        "child_record/plan_form.html", form=form, child=child, conflicts=conflicts, offered=offered,
        has_errors=bool(form.errors), places=form.shown_places(more), needs=_needs(child),
    )  # fmt: skip
    return page, 409 if conflicts else 400 if form.errors else 200


@blueprint.route("/children/<reference>/plan/update", methods=["GET", "POST"])
@requires(Permission.WRITE_PLAN)
def plan_update(reference: str) -> ResponseReturnValue:
    """Say between two meetings what happened with the plan, and how each aim goes."""
    child = child_for(reference, Permission.WRITE_PLAN)
    plan = found(last_plan(db(), child.id))
    form = update_form(aims_of(db(), plan.key))
    if form.validate_on_submit():
        try:
            write_update(db(), actor(), now(), child.id, form.happened.data, form.progress)
        except DomainError as problem:
            refuse(form, problem)
        else:
            return back_to(child, "The update on the safety plan is saved.")
    return form_page("form", form, child, heading="Write an update on the safety plan", button="Save the update")


def _needs(child: Any) -> frozenset[str]:
    """Give what the child’s rating asks for, to say it before anything is refused."""
    rules, rating = partnership().ratings.plans, last_rating(db(), child.id)
    missing = is_missing(service.went_missing_on(db(), child.id), today(), rules)
    return needs_of(rating.rating if rating else None, rules, missing=missing)


def _saved_plan(child: Any) -> dict[str, Any]:
    """Give the texts of the newest version, and its number as the version the form is opened at."""
    plans = versions_of(db(), child.id, with_intelligence=True, limit=1)
    if not plans:
        return {**dict.fromkeys((*_TEXTS, *_KINDS), ""), "aim1": "", "version": "0"}
    plan = plans[0]
    kinds = {name: kind.value if (kind := getattr(plan, name)) else "" for name in _KINDS}
    texts = {name: getattr(plan, name) for name in _TEXTS}
    return {**saved_aims(aims_of(db(), plan.id)), **texts, **kinds, "version": str(plan.number)}


def _offered(child: Any, saved: set[str], chosen: set[str]) -> list[tuple[str, str]]:
    """Give the actions that may serve an aim: the open ones, and those the plan has, whatever became of them.

    `chosen` may come from a version before the present one, or from anywhere: only actions of the child are offered.
    """
    still_open = open_actions_of(db(), child.id)[:40]
    offered = {row.reference: f"{row.reference}: {row.what}" for row in still_open}
    for row in actions_named(db(), child.id, (saved | chosen) - offered.keys()):
        offered[row.reference] = f"{row.reference}: {row.what} ({words(row.state).lower()})"
    return [*offered.items(), *((reference, reference) for reference in sorted(saved - offered.keys()))]


def _version(plans: Any, number: Any) -> Any:
    return found(next((plan for plan in plans if str(plan.number) == str(number)), None))


def _authors(plans: list[Any]) -> dict[int, str]:
    return names_of(db(), [plan.written_by_id for plan in plans if plan.written_by_id is not None])
