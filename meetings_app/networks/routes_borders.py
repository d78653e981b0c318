"""Other authorities that a subject touches: whom to reach there, and the children they look after."""

from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlmodel import col

from meetings_app.networks import borders
from meetings_app.networks.blueprint import BOTH, blueprint, change, subject_to_change
from meetings_app.networks.following import records
from meetings_app.networks.forms import WhyForm
from meetings_app.networks.models import Subject, SubjectAuthority
from meetings_app.networks.record_forms import AuthorityForm, ContactForm, OutsideChildForm
from meetings_app.networks.record_models import OutsideChild
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now
from meetings_app.web.guard import requires


@blueprint.route("/networks/<reference>/authority", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def authority(reference: str) -> ResponseReturnValue:
    """Record another authority that it touches."""
    subject, form = subject_to_change(reference), AuthorityForm()
    return change(
        subject, form, "Another authority", "Record the authority",
        lambda: borders.add_authority(db(), actor(), now(), subject, form.authority.data or "", form.reached()),
    )  # fmt: skip


@blueprint.route("/networks/<reference>/authority/<int:number>/contact", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def authority_contact(reference: str, number: int) -> ResponseReturnValue:
    """Say whom to reach at another authority from now on."""
    subject, form = subject_to_change(reference), ContactForm()
    other = _authority(subject, number)
    return change(
        subject, form, f"Whom to reach at {other.authority}", "Save",
        lambda: borders.change_contact(db(), actor(), now(), subject, other, form.reached()),
    )  # fmt: skip


@blueprint.route("/networks/<reference>/authority/<int:number>/child", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def outside_child(reference: str, number: int) -> ResponseReturnValue:
    """Record a link with a child of another authority."""
    subject, form = subject_to_change(reference), OutsideChildForm()
    other = _authority(subject, number)
    return change(
        subject, form, f"Link with a child of {other.authority}", "Record the link",
        lambda: borders.add_outside_child(db(), actor(), now(), subject, other, form.said()),
    )  # fmt: skip


@blueprint.route("/networks/<reference>/outside-children/<int:number>/end", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def outside_child_end(reference: str, number: int) -> ResponseReturnValue:
    """Say that a link with a child of another authority has ended."""
    subject, form = subject_to_change(reference), WhyForm()
    wanted = (col(OutsideChild.id) == number, col(OutsideChild.subject_id).in_(records(db(), subject.key)))
    child = found(db().scalars(select(OutsideChild).where(*wanted)).first())
    return change(
        subject, form, "End the link", "End the link",
        lambda: borders.end_outside_child(db(), actor(), now(), subject, child, form.why.data or ""),
    )  # fmt: skip


def _authority(subject: Subject, number: int) -> SubjectAuthority:
    return found(borders.find_authority(db(), subject, number))
