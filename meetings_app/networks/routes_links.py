"""Recording what links subjects with each other and with children, and what is done to disrupt."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlmodel import col

from meetings_app.children.queries import find_child
from meetings_app.errors import RuleBroken
from meetings_app.networks import disrupting, linking, queries
from meetings_app.networks.blueprint import BOTH, agency_choices, blueprint, change, subject_to_change
from meetings_app.networks.checks import check_may_change
from meetings_app.networks.following import records
from meetings_app.networks.forms import ChildLinkForm, DisruptionForm, LinkForm, WhyForm
from meetings_app.networks.models import Subject, SubjectChild, SubjectLink
from meetings_app.networks.states import ChildTie, DisruptionState, Tie
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now, partnership, today
from meetings_app.web.guard import requires


@blueprint.route("/networks/<reference>/links/new", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def link_new(reference: str) -> ResponseReturnValue:
    """Record a link with another subject that the person may see."""
    subject, form = subject_to_change(reference), LinkForm()

    def save() -> None:
        other = queries.find_subject(db(), form.other.data or "")
        if other is None:
            raise RuleBroken("other", "There is no record with this reference that you may see")
        linking.link_subjects(db(), actor(), now(), subject, other, Tie(form.tie.data), form.grounds())

    return change(subject, form, "Link with another record", "Record the link", save)


@blueprint.route("/networks/<reference>/children/new", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def child_new(reference: str) -> ResponseReturnValue:
    """Record a link with a child whom the person may see."""
    subject, form = subject_to_change(reference), ChildLinkForm()

    def save() -> None:
        child = find_child(db(), form.child.data or "")
        if child is None:
            raise RuleBroken("child", "There is no child with this reference whom you may see")
        linking.link_child(db(), actor(), now(), subject, child, ChildTie(form.tie.data), form.grounds())

    return change(subject, form, "Link with a child", "Record the link", save)


@blueprint.route("/networks/<reference>/links/<int:number>/end", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def link_end(reference: str, number: int) -> ResponseReturnValue:
    """Say that a link with another subject has ended."""
    subject = subject_to_change(reference)
    same = records(db(), subject.key)
    either = col(SubjectLink.first_id).in_(same) | col(SubjectLink.second_id).in_(same)
    return _end(subject, select(SubjectLink).where(col(SubjectLink.id) == number, either))


@blueprint.route("/networks/<reference>/children/<int:number>/end", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def child_end(reference: str, number: int) -> ResponseReturnValue:
    """Say that a link with a child has ended."""
    subject = subject_to_change(reference)
    of = col(SubjectChild.subject_id).in_(records(db(), subject.key))
    return _end(subject, select(SubjectChild).where(col(SubjectChild.id) == number, of))


def _end(subject: Subject, statement: Any) -> ResponseReturnValue:
    link, form = found(db().scalars(statement).first()), WhyForm()
    return change(
        subject, form, "End the link", "End the link",
        lambda: linking.end_link(db(), actor(), now(), subject, link, form.why.data or ""),
    )  # fmt: skip


@blueprint.route("/networks/<reference>/disruption/new", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def disruption_new(reference: str) -> ResponseReturnValue:
    """Put an order or a tactic on the register."""
    subject, form = subject_to_change(reference), DisruptionForm()
    fitting = [each for each in partnership().disruption.tactics if not each.only or subject.kind.value in each.only]
    form.tactic.choices = {"": "Choose", **{each.code: each.label for each in fitting}}
    form.agency.choices = agency_choices()
    return change(
        subject, form, "Order or tactic", "Record it",
        lambda: disrupting.begin_disruption(
            db(), actor(), now(), subject, form.tactic.data, int(form.agency.data), _step(form)
        ),
    )  # fmt: skip


@blueprint.route("/networks/disruption/<reference>/step", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def disruption_step(reference: str) -> ResponseReturnValue:
    """Say what became of an order or a tactic."""
    row = found(queries.find_disruption(db(), reference))
    subject = found(queries.subject_by_id(db(), row.subject_id))
    check_may_change(db(), actor(), subject)
    form = DisruptionForm()
    del form.tactic, form.agency
    if not form.is_submitted():
        form.version.data, form.happened_on.data = str(row.version), today()
        # A day that is past is not offered again: what ran out has ended.
        form.expires_on.data = row.expires_on if row.expires_on and row.expires_on >= today() else None

    def stands() -> DisruptionForm:
        fresh, last = DisruptionForm(formdata=None), queries.steps_of(db(), row.key)[-1]
        fresh.state.data, fresh.happened_on.data, fresh.text.data = row.state.value, last.happened_on, last.text
        fresh.conditions.data, fresh.expires_on.data = row.conditions, row.expires_on
        return fresh

    return change(
        subject, form, "What became of it", "Record it",
        lambda: disrupting.take_step(db(), actor(), now(), subject, row, form.opened_at, _step(form)),
        back=url_for("networks.disruption", reference=row.reference), row=row, stands=stands,
    )  # fmt: skip


def _step(form: DisruptionForm) -> disrupting.Step:
    return disrupting.Step(
        DisruptionState(form.state.data), form.happened_on.data or today(), form.text.data or "", form.expires_on.data,
        form.conditions.data or "",
    )  # fmt: skip
