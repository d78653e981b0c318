"""The lists of networks and the page of one subject: what is known, what links it, and the picture."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from meetings_app.audit.events import EventKind
from meetings_app.networks import history, queries, seen
from meetings_app.networks import register as register_of
from meetings_app.networks.blueprint import BOTH, area_choices, blueprint, subject_at
from meetings_app.networks.ending import may_close
from meetings_app.networks.filters import RegisterFilter, SubjectFilter
from meetings_app.networks.homing import home_of, meetings_ahead
from meetings_app.networks.routes_charmm import records_charmm
from meetings_app.networks.routes_referrals import STATES
from meetings_app.networks.rules import expires_soon
from meetings_app.networks.states import DISRUPTION_STATES, KINDS, SubjectKind
from meetings_app.networks.young import kind_words, kinds_of
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, partnership, saw, today
from meetings_app.web.guard import requires


@blueprint.route("/networks", methods=BOTH)
@requires(Permission.SEE_NETWORKS)
def index() -> ResponseReturnValue:
    """Show the subjects that the person may see, and the referrals that wait; a search is sent as a form."""
    asked = SubjectFilter(request.values)
    rows = queries.subjects(db(), asked.kind, asked.words, also_closed=asked.also_closed)
    waiting = queries.referrals(db(), waiting=True)
    saw(EventKind.SUBJECTS_VIEWED, shown=len(rows), subjects=[row.reference for row in rows])
    return render_template(
        "networks/index.html", rows=rows, waiting=waiting, asked=asked, kinds=KINDS, states=STATES, today=today(),
        words=kinds_of(db(), rows, today()), may_work=actor().may(Permission.WORK_NETWORKS), most=queries.MOST,
    )  # fmt: skip


@blueprint.get("/networks/referrals")
@requires(Permission.REFER)
def referrals() -> ResponseReturnValue:
    """Show the referrals to the network meeting that the person may see, waiting ones first."""
    only = request.args.get("show") == "waiting"
    waiting, decided = queries.referrals(db(), waiting=True), [] if only else queries.referrals(db(), waiting=False)
    return render_template("networks/referrals.html", waiting=waiting, decided=decided, states=STATES, only=only)


@blueprint.get("/networks/<reference>")
@requires(Permission.SEE_NETWORKS)
def show(reference: str) -> ResponseReturnValue:
    """Show one subject with all that the person may see of it."""
    subject = subject_at(reference)
    facts, areas = seen.of_subject(db(), subject, today()), area_choices()
    saw(EventKind.SUBJECT_VIEWED, subject=subject.reference, children=sorted({row.child_id for row in facts.children}))
    return render_template(
        "networks/show.html", subject=subject, facts=facts, kind=kind_words(subject.kind, facts.is_child), areas=areas,
        earlier=history.earlier(db(), subject, areas),
        tactics=partnership().disruption.labels, disruption_states=DISRUPTION_STATES,
        expires_soon=lambda row: expires_soon(row.state, row.expires_on, today()), today=today(),
        home=home_of(subject.review_on, meetings_ahead(db(), today()), today()),
        may=seen.may_work(db(), actor(), subject), refers_to_charmm=records_charmm(subject),
        undoes=seen.may_undo(db(), actor(), subject, facts.kept), closes_here=may_close(subject),
        opens_children=actor().may(Permission.SEE_CHILD),
    )  # fmt: skip


@blueprint.route("/networks/disruption", methods=BOTH)
@requires(Permission.SEE_NETWORKS)
def register() -> ResponseReturnValue:
    """Show the register of disruption, as it is narrowed by the address."""
    form = RegisterFilter(request.values)
    rows = register_of.register(db(), form.asked, today())
    total = db().scalar(select(register_of.count_of(form.asked, today())))
    saw(EventKind.SUBJECTS_VIEWED, shown=len(rows), subjects=[row.subject for row in rows])
    return render_template(
        "networks/register.html", rows=rows, total=total, form=form, asked=form.asked, states=DISRUPTION_STATES,
        choices=_register_choices(), tactics=partnership().disruption.labels, today=today(),
    )  # fmt: skip


def _register_choices() -> dict[str, list[tuple[str, str]]]:
    """Give what each part of the search may be; the networks are those that the person may see."""
    networks = queries.subjects(db(), SubjectKind.NETWORK, "", also_closed=True)
    return {
        "tactic": [("", "All"), *partnership().disruption.labels.items()],
        "state": [("", "All"), *((each.value, text) for each, text in DISRUPTION_STATES.items())],
        "network": [("", "All"), *((row.reference, f"{row.name} {row.reference}") for row in networks)],
    }


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
