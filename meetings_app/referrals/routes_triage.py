"""One referral: what was said, what stands beside it, the decision, and the referrer's answer."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from meetings_app.audit.events import EventKind
from meetings_app.errors import Conflict, DomainError, RuleBroken
from meetings_app.permissions import Permission
from meetings_app.referrals import assessing, identity, queries, rules, views
from meetings_app.referrals.beside import Beside, beside
from meetings_app.referrals.blueprint import blueprint, office
from meetings_app.referrals.forms import TOOLS, AnswerForm, DecisionForm, SameChildForm
from meetings_app.referrals.models import Referral, ReferralState
from meetings_app.referrals.service import Decision, answer_returned, decide
from meetings_app.web.context import actor, db, found, now, partnership, saw
from meetings_app.web.guard import requires


@blueprint.get("/referrals/<reference>")
@requires(Permission.SEE_REFERRALS)
def show(reference: str) -> ResponseReturnValue:
    """Show one referral to whoever triages it, made it, or works with the child."""
    referral = _to_read(reference)
    other = beside(db(), actor(), referral)
    saw(EventKind.REFERRAL_VIEWED, referral.child_id, referral=referral.reference)
    for child_id in other.children_shown:
        saw(EventKind.CHILD_VIEWED, child_id)
    return _page(referral, other)


@blueprint.post("/referrals/<reference>/decision")
@requires(Permission.TRIAGE)
def decision(reference: str) -> ResponseReturnValue:
    """Take triage's decision; a second person is told, and sees both texts."""
    referral = _to_read(reference)
    form = DecisionForm()
    form.offer(rules.OUTCOMES)
    if not form.validate():
        return _page(referral, form=form, status=400)
    decided = Decision(
        ReferralState(form.outcome.data), form.reason.data, form.transferred_to.data, form.transferred_contact.data
    )
    try:
        decide(db(), actor(), now(), office(), referral, form.opened_at, decided)
    except Conflict as conflict:
        return _page(referral, form=form, conflict=conflict, status=409)
    except RuleBroken as problem:
        form.refuse(problem)
        return _page(referral, form=form, status=400)
    flash(f"Referral {referral.reference}: {views.state_words(referral)}.", "success")
    return _back(referral.reference)


@blueprint.post("/referrals/<reference>/answer")
@requires(Permission.SEE_REFERRALS)
def answer(reference: str) -> ResponseReturnValue:
    """Take the referrer's answer to a returned referral."""
    referral, form = _to_read(reference), AnswerForm()
    if not form.validate():
        return _page(referral, answer_form=form, status=400)
    try:
        answer_returned(db(), actor(), now(), referral, form.opened_at, form.text.data)
    except Conflict as conflict:
        return _page(referral, answer_form=form, conflict=conflict, status=409)
    flash(f"Your answer to {referral.reference} was sent.", "success")
    return _back(reference)


@blueprint.post("/referrals/<reference>/assessments")
@requires(Permission.ASSESS)
def assess(reference: str) -> ResponseReturnValue:
    """Start an assessment for a referral, or go on with the draft that was started with the same tool."""
    referral = _to_read(reference)
    assessment = assessing.start_for(db(), actor(), now(), partnership(), referral, request.form.get("tool", ""))
    return redirect(f"/assessments/{assessment.reference}")


@blueprint.post("/referrals/<reference>/same/<child>")
@requires(Permission.TRIAGE)
def same_child(reference: str, child: str) -> ResponseReturnValue:
    """Take a coordinator's word on whether the referral is about a child who has a record already."""
    referral, form = _to_read(reference), SameChildForm()
    if not form.validate():
        return _page(referral, same_form=form, same_as=child, status=400)
    try:
        if form.resolution.data == "same":
            identity.say_same_child(
                db(), actor(), now(), office(), referral, form.opened_at, child, form.reason.data
            )  # fmt: skip
            flash(f"Referral {reference} moved to the record {child}.", "success")
        else:
            identity.say_different_child(db(), actor(), now(), referral, form.opened_at, child, form.reason.data)
            flash(f"{child} is recorded as another child.", "success")
    except Conflict as conflict:
        return _page(referral, same_form=form, same_as=child, conflict=conflict, status=409)
    except DomainError as problem:
        form.refuse(RuleBroken(getattr(problem, "field", ""), problem.message))
        return _page(referral, same_form=form, same_as=child, status=400)
    return _back(reference)


def _to_read(reference: str) -> Referral:
    referral = found(queries.find_referral(db(), reference))
    may = rules.may_read(actor(), referral.area_id, referral.referrer_id)
    return found(referral if may else None)


def _back(reference: str) -> Response:
    """Lead back to the referral or, where it moved to an area of somebody else, to the queue."""
    if queries.find_referral(db(), reference) is None:
        return redirect(url_for("referrals.index"))
    return redirect(url_for("referrals.show", reference=reference))


def _page(referral: Referral, other: Beside | None = None, *, status: int = 200, **forms: Any) -> ResponseReturnValue:
    other = other or beside(db(), actor(), referral)
    values = {"form": None, "answer_form": None, "same_form": None, "same_as": "", "conflict": None, **forms}
    for name, kind in (("form", DecisionForm), ("answer_form", AnswerForm), ("same_form", SameChildForm)):
        values[name] = _fresh(values[name] or kind(formdata=None), referral, values["conflict"])
    values["form"].offer(rules.outcomes_for(actor(), referral.area_id, referral.state, repeat=referral.repeat))
    carried = assessing.carried_by(db(), referral)
    awaits = referral.awaiting_assessment and not any(assessment.result for assessment in carried)
    return render_template(
        "referrals/show.html", referral=referral, other=other, tools=TOOLS, carried=carried, awaits_assessment=awaits,
        assess_with=partnership().tools if assessing.may_start(actor(), referral) else (),
        state=views.state_words(referral), marks=views.marks(referral, now(), office(), awaits_assessment=awaits),
        age=rules.age_in_words(referral.received_at, now()), waits_for=views.waits_for(referral, now(), office()),
        own=referral.referrer_id is not None and referral.referrer_id == actor().account_id,
        may_decide=rules.may_decide(actor(), referral.area_id), **values,
    ), status  # fmt: skip


def _fresh(form: Any, referral: Referral, conflict: Conflict | None) -> Any:
    """Let a form that is shown anew carry the present version: whoever was told of a conflict has seen both texts."""
    if conflict is not None or not form.version.raw_data:
        form.version.data = str(referral.version)
    return form
