"""The pages on which chairs take a child off the list besides the closure gate, take that back, or undo a merge."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.queries import names_of
from meetings_app.audit.events import EventKind
from meetings_app.child_record import leaving, queries
from meetings_app.child_record.changes import child_for
from meetings_app.child_record.forms import (
    AcknowledgeForm,
    AgreeForm,
    DeathForm,
    DuplicateForm,
    TakeBackForm,
    TransferForm,
)
from meetings_app.child_record.leaving_rules import Acknowledgement, Transfer
from meetings_app.child_record.merging import undo_merge
from meetings_app.child_record.routes import blueprint
from meetings_app.children.models import Child
from meetings_app.children.queries import find_child, open_duplicates
from meetings_app.cse_list.models import Departure, DepartureKind
from meetings_app.cse_list.queries import standing_departure
from meetings_app.db.session import unscoped
from meetings_app.errors import Conflict, DomainError, RuleBroken
from meetings_app.permissions import Permission
from meetings_app.schedule.office import Office
from meetings_app.web.context import actor, db, found, now, partnership, saw, settings
from meetings_app.web.forms import Form, VersionedForm
from meetings_app.web.guard import requires

_BOTH = ["GET", "POST"]
WAYS: dict[DepartureKind, tuple[type[Form], str, str, str]] = {
    DepartureKind.TRANSFER: (
        TransferForm, "Transfer to another authority", "Begin the transfer",
        "The child stays on the list as “transferring” until the other authority has acknowledged that it takes over.",
    ),
    DepartureKind.DEATH: (
        DeathForm, "The child has died", "Record this",
        "We are sorry. The other chair agrees as well; then the child is off the list, and nothing about the child is "
        "sent to anybody.",
    ),
    DepartureKind.DUPLICATE: (
        DuplicateForm, "The child is on the list twice", "Record this",
        "The other chair agrees as well; then this record points to the one that is kept. Both records stay readable, "
        "and the pointer can be undone.",
    ),
}  # fmt: skip
"""By way: its form, its heading, its button, and what it brings about."""


@blueprint.route("/children/<reference>/leave/<any(transfer, death, duplicate):way>", methods=_BOTH)
@requires(Permission.CLOSE_ENTRY)
def leave(reference: str, way: str) -> ResponseReturnValue:
    """Begin to take a child off the list, as the first chair."""
    shown, kind = child_for(reference, Permission.CLOSE_ENTRY), DepartureKind(way)
    form_type, heading, button, text = WAYS[kind]
    form, other_id = form_type(), None
    if form.validate_on_submit():
        child = found(find_child(db(), reference))
        other_id = _still_to_compare(form, child)
        if other_id is None and _did(form, lambda: _begin(form, kind, child)):
            return _back(reference, "It is recorded. The child is still on the list.")
    if other_id is not None:
        button = "Yes, these are one child: record this"
    return _page(form, shown, other_id=other_id, heading=heading, button=button, text=text)


@blueprint.route("/children/<reference>/leave/complete", methods=_BOTH)
@requires(Permission.CLOSE_ENTRY)
def complete_leaving(reference: str) -> ResponseReturnValue:
    """Complete it: the acknowledgement of the other authority, or the word of the other chair."""
    shown = child_for(reference, Permission.CLOSE_ENTRY)
    row = _waiting(shown)
    transfer = row.kind is DepartureKind.TRANSFER
    form: VersionedForm = AcknowledgeForm() if transfer else AgreeForm()
    if form.validate_on_submit() and _did(form, lambda: _complete(form, row)):
        return _back(reference, "The child is off the list.")
    heading = "The other authority has acknowledged" if transfer else WAYS[row.kind][1]
    return _page(form, shown, row, heading=heading, button="Take the child off the list", text=_follows(row))


@blueprint.route("/children/<reference>/leave/take-back", methods=_BOTH)
@requires(Permission.CLOSE_ENTRY)
def take_back_leaving(reference: str) -> ResponseReturnValue:
    """Take it back while it waits; the child stays on the list."""
    shown = child_for(reference, Permission.CLOSE_ENTRY)
    row, form = _waiting(shown), TakeBackForm()
    if form.validate_on_submit():
        done = _did(
            form, lambda: leaving.withdraw(db(), actor(), now(), _office(), row, form.opened_at, form.reason.data)
        )
        if done:
            return _back(reference, "It is taken back. The child stays on the list.")
    return _page(
        form, shown, row, heading="Keep the child on the list", button="Take it back",
        text="What was recorded stays readable in the trail of the record.",
    )  # fmt: skip


@blueprint.route("/children/<reference>/undo-merge", methods=_BOTH)
@requires(Permission.CHANGE_CHILD)
def undo(reference: str) -> ResponseReturnValue:
    """Remove the pointer from this record to another; one that was listed is on the list again."""
    shown = child_for(reference, Permission.CHANGE_CHILD)
    if shown.merged_into_id is None:
        abort(404)
    row, form = standing_departure(db(), shown.id), TakeBackForm()
    duplicate = row is not None and row.kind is DepartureKind.DUPLICATE
    if duplicate:
        child_for(reference, Permission.CLOSE_ENTRY)
    if form.validate_on_submit() and _did(form, lambda: _undo(form, reference, row if duplicate else None)):
        return _back(reference, "The pointer is undone, and what had moved has come back.")
    text = "Referrals, changes, assessments, strategy discussions and open actions that had moved come back."
    if duplicate:
        text += " The child is on the list again."
    return _page(form, shown, row if duplicate else None, heading="These are two children", button="Undo the pointer",
                 text=text)  # fmt: skip


def _begin(form: Any, kind: DepartureKind, child: Child) -> object:
    by, office = actor(), _office()
    if kind is DepartureKind.TRANSFER:
        transfer = Transfer(form.authority.data, form.contact.data, form.reason.data)
        return leaving.begin_transfer(db(), by, now(), office, child, transfer)
    if kind is DepartureKind.DEATH:
        return leaving.begin_death(db(), by, now(), office, child, form.reason.data)
    kept = _other(child, form.kept.data.strip().upper())
    return leaving.begin_duplicate(db(), by, now(), office, child, kept, form.reason.data)


def _still_to_compare(form: Form, child: Child) -> int | None:
    """Give the id of the other record where the two were not shown side by side yet, or None.

    A reference that was mistyped is then seen as another child's before anything is recorded.
    """
    if not isinstance(form, DuplicateForm):
        return None
    reference = (form.kept.data or "").strip().upper()
    if form.compared.data == reference:
        return None
    try:
        other = _other(child, reference)
    except RuleBroken:
        return None
    if other.key == child.key:
        return None
    form.compared.data = reference
    return other.key


def _complete(form: Any, row: Departure) -> None:
    if row.kind is DepartureKind.TRANSFER:
        said = Acknowledgement(form.acknowledged_by.data, found(form.acknowledged_on.data))
        leaving.acknowledge(db(), actor(), now(), _office(), row, form.opened_at, said)
    else:
        leaving.agree(db(), actor(), now(), _office(), row, form.opened_at)


def _undo(form: TakeBackForm, reference: str, row: Departure | None) -> None:
    if row is not None:
        leaving.undo_duplicate(db(), actor(), now(), _office(), row, form.opened_at, form.reason.data)
    else:
        child = found(find_child(db(), reference))
        undo_merge(db(), actor(), now(), child, form.opened_at, form.reason.data)


def _other(child: Child, reference: str) -> Child:
    """Give the other record: one that the person sees, or that looks like this child though it be of another area."""
    seen = find_child(db(), reference)
    if seen is not None:
        return seen
    alike = [
        pair.other_id if pair.child_id == child.key else pair.child_id for pair in open_duplicates(db(), child.key)
    ]
    for child_id, row in queries.compared(db(), alike).items():
        if row.reference == reference:
            return db().get_one(Child, child_id, execution_options=unscoped())
    raise RuleBroken("kept", "Enter the reference of a record that you see or that looks like this child")


def _waiting(shown: Any) -> Departure:
    row = standing_departure(db(), shown.id)
    if row is None or row.agreed_at is not None:
        abort(404)
    return row


def _follows(row: Departure) -> str:
    if row.kind is DepartureKind.TRANSFER:
        return "The child leaves the list. Open actions end, and referrals that wait are transferred with the child."
    if row.kind is DepartureKind.DEATH:
        return "The child is off the list. Actions and what waited end with the chairs’ words. Nobody is sent anything."
    return "This record leaves the list and points to the one that is kept, whose review comes to the next RMM."


def _did(form: Form, change: Callable[[], object]) -> bool:
    """Make the change, or say beside the form why not; says whether it was made."""
    try:
        change()
    except RuleBroken as problem:
        form.refuse(problem)
    except (Conflict, DomainError) as problem:
        form.form_errors.append(problem.message)
    else:
        return True
    return False


def _page(
    form: Form, child: Any, row: Departure | None = None, other_id: int | None = None, **words: str
) -> ResponseReturnValue:
    """Show the form; of a duplicate with both records side by side, which the trail says of the other one too."""
    other_id = row.kept_child_id if row is not None else other_id
    if request.method == "GET":
        saw(EventKind.CHILD_VIEWED, child.id)
    side_by_side = _side_by_side(child.id, other_id)
    if other_id is not None and "two" in side_by_side:
        saw(EventKind.CHILD_VIEWED, other_id)
    if isinstance(form, VersionedForm) and not form.is_submitted():
        form.version.data = str(row.version if row is not None else child.version)
    page = render_template(
        "child_record/leaving_form.html", form=form, child=child, row=row, has_errors=bool(form.errors),
        **side_by_side,
        first=names_of(db(), [row.begun_by_id]).get(row.begun_by_id, "") if row and row.begun_by_id else "", **words,
    )  # fmt: skip
    return page, 400 if form.errors else 200


def _side_by_side(child_id: int, other_id: int | None) -> dict[str, Any]:
    """Give both records; of one that a conflict of interest keeps the reader from, the reference alone."""
    if other_id is None:
        return {}
    records = queries.compared(db(), [child_id, other_id])
    one, two = records[child_id], records[other_id]
    if queries.is_kept_from(db(), actor().account_id, other_id):
        return {"kept": two.reference}
    parts = (("name", one.name, two.name), ("date of birth", one.born, two.born))
    return {
        "kept": two.reference,
        "one": one,
        "two": two,
        "differ": [part for part, here, there in parts if here != there],
    }


def _back(reference: str, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("child_record.show", reference=reference))


def _office() -> Office:
    return Office.of(settings(), partnership())
