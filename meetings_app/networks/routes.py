"""The lists of networks and the page of one subject: what is known, what links it, and the picture."""

from datetime import timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.networks import queries, seen
from meetings_app.networks.blueprint import area_choices, blueprint, subject_at
from meetings_app.networks.forms import FilterForm
from meetings_app.networks.routes_referrals import STATES
from meetings_app.networks.rules import REMIND_BEFORE_EXPIRY, expires_soon
from meetings_app.networks.states import DISRUPTION_STATES, KINDS, DisruptionState
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, partnership, saw, today
from meetings_app.web.guard import requires


@blueprint.get("/networks")
@requires(Permission.SEE_NETWORKS)
def index() -> ResponseReturnValue:
    """Show the subjects that the person may see, and the referrals that wait."""
    asked = FilterForm(request.args)
    rows = queries.subjects(db(), asked.kind, asked.words, also_closed=asked.also_closed)
    waiting = queries.referrals(db(), waiting=True)
    saw(EventKind.SUBJECTS_VIEWED, shown=len(rows), subjects=[row.reference for row in rows])
    return render_template(
        "networks/index.html", rows=rows, waiting=waiting, asked=asked, kinds=KINDS, states=STATES, today=today(),
        may_work=actor().may(Permission.WORK_NETWORKS), most=queries.MOST,
    )  # fmt: skip


@blueprint.get("/networks/referrals")
@requires(Permission.REFER)
def referrals() -> ResponseReturnValue:
    """Show the referrals to the network meeting that the person may see, waiting ones first."""
    waiting, decided = (queries.referrals(db(), waiting=flag) for flag in (True, False))
    return render_template("networks/referrals.html", waiting=waiting, decided=decided, states=STATES)


@blueprint.get("/networks/<reference>")
@requires(Permission.SEE_NETWORKS)
def show(reference: str) -> ResponseReturnValue:
    """Show one subject with all that the person may see of it."""
    subject = subject_at(reference)
    facts = seen.of_subject(db(), subject, today())
    saw(EventKind.SUBJECT_VIEWED, subject=subject.reference, children=sorted({row.child_id for row in facts.children}))
    return render_template(
        "networks/show.html", subject=subject, facts=facts, kinds=KINDS, areas=area_choices(),
        tactics=partnership().disruption.labels, disruption_states=DISRUPTION_STATES,
        expires_soon=lambda row: expires_soon(row.state, row.expires_on, today()), today=today(),
        may=seen.may_work(db(), actor(), subject), opens_children=actor().may(Permission.SEE_CHILD),
    )  # fmt: skip


@blueprint.get("/networks/disruption")
@requires(Permission.SEE_NETWORKS)
def register() -> ResponseReturnValue:
    """Show the register of disruption, or the orders that expire soon."""
    state = next((each for each in DisruptionState if each.value == request.args.get("state")), None)
    soon = request.args.get("expires") == "soon"
    expires_by = today() + timedelta(days=REMIND_BEFORE_EXPIRY) if soon else None
    rows = queries.register(db(), DisruptionState.GRANTED if soon else state, expires_by)
    saw(EventKind.SUBJECTS_VIEWED, shown=len(rows), subjects=[row.subject for row in rows])
    return render_template(
        "networks/register.html", rows=rows, state=state, soon=soon, states=DISRUPTION_STATES, kinds=KINDS,
        tactics=partnership().disruption.labels, today=today(),
    )  # fmt: skip


@blueprint.get("/networks/disruption/<reference>")
@requires(Permission.SEE_NETWORKS)
def disruption(reference: str) -> ResponseReturnValue:
    """Show an order or a tactic with its steps."""
    row = found(queries.find_disruption(db(), reference))
    subject: Any = found(queries.subject_by_id(db(), row.subject_id))
    saw(EventKind.SUBJECT_VIEWED, subject=subject.reference)
    return render_template(
        "networks/disruption.html", row=row, subject=subject, steps=queries.steps_of(db(), row.key),
        tactic=partnership().disruption.labels.get(row.tactic, row.tactic), states=DISRUPTION_STATES,
        may=seen.may_work(db(), actor(), subject), soon=expires_soon(row.state, row.expires_on, today()),
    )  # fmt: skip
