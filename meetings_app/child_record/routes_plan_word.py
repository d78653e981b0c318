"""The safety plan as Word: the whole of a version for who reads the record, and the school's copy of it."""

from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue

from meetings_app.accounts.queries import names_of
from meetings_app.audit.events import EventKind
from meetings_app.child_record.opened import child_to_read, plans_read
from meetings_app.child_record.plan_word import facts_of
from meetings_app.child_record.routes import blueprint
from meetings_app.children.reading import Reading
from meetings_app.documents.render import plan_document
from meetings_app.permissions import Permission
from meetings_app.plans.queries import PlanNow, aims_of, plan_now, versions_for_school
from meetings_app.web.context import actor, db, found, now, partnership, saw, settings
from meetings_app.web.guard import requires
from meetings_app.web.word import word_answer, word_template


@blueprint.get("/children/<reference>/plan/<int:number>/word")
@requires(Permission.SEE_CHILD)
def plan_word(reference: str, number: int) -> ResponseReturnValue:
    """Give one version of the safety plan as Word, to whoever reads the whole record."""
    child, reading = child_to_read(reference)
    if reading is not Reading.WHOLE:
        abort(404)
    return _document(child, number, school_copy=False)


@blueprint.get("/children/<reference>/plan/<int:number>/school-copy")
@requires(Permission.SEE_CHILD)
def plan_school_copy(reference: str, number: int) -> ResponseReturnValue:
    """Give the school's copy of one version as Word: to the school, and to whoever passes it on."""
    child, _reading = child_to_read(reference)
    return _document(child, number, school_copy=True)


def _document(child: Any, number: int, *, school_copy: bool) -> ResponseReturnValue:
    plans = versions_for_school(db(), child.id) if school_copy else plans_read(child, Reading.WHOLE)
    plan = found(next((plan for plan in plans if plan.number == number), None))
    stands = PlanNow() if school_copy or plan is not plans[0] else plan_now(db(), plan.id)
    people = {plan.written_by_id, stands.update.written_by_id if stands.update else None}
    names = names_of(db(), [person for person in people if person is not None])
    facts = facts_of(
        actor(), now(), child, plan, aims_of(db(), plan.id), plans[0].number, names, stands, school_copy=school_copy,
        partnership=partnership().name, marking=settings().marking,
    )  # fmt: skip
    kind = "school’s copy of the safety plan" if school_copy else "safety plan"
    saw(EventKind.DOCUMENT_MADE, child.id, document=f"{kind} of {child.reference}, version {number}")
    name = f"{child.reference}-safety-plan-{number}{'-school' if school_copy else ''}"
    return word_answer(plan_document(facts, word_template("plan")), name)
