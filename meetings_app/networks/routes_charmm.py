"""Suspects at CHaRMMs: the list, one referral with its outcomes, and what the police record of it."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.errors import NotFound
from meetings_app.networks import charmm, queries
from meetings_app.networks.blueprint import BOTH, blueprint, change, subject_to_change
from meetings_app.networks.models import Subject
from meetings_app.networks.record_forms import CharmmForm, CharmmOutcomeForm
from meetings_app.networks.record_models import CharmmReferral
from meetings_app.networks.suspects import check_police
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now, saw, today
from meetings_app.web.guard import requires


@blueprint.get("/networks/charmm")
@requires(Permission.SEE_NETWORKS)
def charmm_list() -> ResponseReturnValue:
    """Show the referrals to CHaRMMs of suspects whom the person may see; with `show=due` those that come back."""
    due = request.args.get("show") == "due"
    rows = charmm.open_referrals(db(), today() if due else None)
    over = [] if due else charmm.ended_referrals(db())
    saw(EventKind.SUBJECTS_VIEWED, shown=len(rows) + len(over), subjects=[row.subject for row in [*rows, *over]])
    return render_template("networks/charmm_list.html", rows=rows, over=over, due=due, today=today())


@blueprint.get("/networks/charmm/<reference>")
@requires(Permission.SEE_NETWORKS)
def charmm_referral(reference: str) -> ResponseReturnValue:
    """Show one referral to a CHaRMM with every outcome."""
    row, subject = _found(reference)
    saw(EventKind.SUBJECT_VIEWED, subject=subject.reference)
    return render_template(
        "networks/charmm.html", row=row, subject=subject, outcomes=charmm.outcomes_of(db(), row.key), today=today(),
        may=row.ended_at is None and records_charmm(subject),
    )  # fmt: skip


@blueprint.route("/networks/<reference>/charmm/new", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def charmm_new(reference: str) -> ResponseReturnValue:
    """Record that the police took a suspect to a CHaRMM."""
    subject, form = subject_to_change(reference), CharmmForm()
    check_police(db(), actor(), subject)
    if not form.is_submitted():
        form.referred_on.data = today()
    return change(
        subject, form, "Referral to a CHaRMM", "Record the referral",
        lambda: charmm.refer_suspect(db(), actor(), now(), subject, form.taken()),
    )  # fmt: skip


@blueprint.route("/networks/charmm/<reference>/outcome", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def charmm_outcome(reference: str) -> ResponseReturnValue:
    """Record what the CHaRMM said."""
    row, subject = _found(reference)
    check_police(db(), actor(), subject)
    form = CharmmOutcomeForm()
    if not form.is_submitted():
        form.version.data = str(row.version)
    return change(
        subject, form, "What the CHaRMM said", "Record it",
        lambda: charmm.record_outcome(db(), actor(), now(), subject, row, form.opened_at, form.heard()),
        back=url_for("networks.charmm_referral", reference=row.reference), row=row,
    )  # fmt: skip


def records_charmm(subject: Subject) -> bool:
    """Say whether the person is of the police, who record referrals to CHaRMMs."""
    try:
        check_police(db(), actor(), subject)
    except NotFound:
        return False
    return True


def _found(reference: str) -> tuple[CharmmReferral, Subject]:
    row = found(charmm.find_referral(db(), reference))
    subject: Any = found(queries.subject_by_id(db(), row.subject_id))
    return row, subject
