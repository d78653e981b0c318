"""Two records that are one subject: saying so, and taking it back."""

from flask import abort
from flask.typing import ResponseReturnValue

from meetings_app.errors import RuleBroken
from meetings_app.networks import merging, queries
from meetings_app.networks.blueprint import BOTH, blueprint, change, subject_to_change
from meetings_app.networks.record_forms import MergeForm, UndoMergeForm
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, now
from meetings_app.web.guard import requires


@blueprint.route("/networks/<reference>/same", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def same(reference: str) -> ResponseReturnValue:
    """Say that the record is the same subject as another one, which is kept."""
    subject, form = subject_to_change(reference), MergeForm()
    if not form.is_submitted():
        form.version.data = str(subject.version)

    def save() -> None:
        kept = queries.find_subject(db(), form.other.data or "")
        if kept is None:
            raise RuleBroken("other", "There is no record with this reference that you may see")
        merging.merge(db(), actor(), now(), subject, form.opened_at, kept, form.reason.data or "")

    return change(subject, form, "The same as another record", "They are the same", save)


@blueprint.route("/networks/<reference>/not-same", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def not_same(reference: str) -> ResponseReturnValue:
    """Say that the record stands for itself after all."""
    subject, form = subject_to_change(reference), UndoMergeForm()
    if queries.subject_by_id(db(), subject.merged_into_id) is None:
        abort(404)
    if not form.is_submitted():
        form.version.data = str(subject.version)
    return change(
        subject, form, "Not the same as the other record", "They are two",
        lambda: merging.undo_merge(db(), actor(), now(), subject, form.opened_at, form.reason.data or ""),
    )  # fmt: skip
