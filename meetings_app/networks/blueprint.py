"""The blueprint of networks, and what its pages share."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries as accounts
from meetings_app.audit.events import EventKind
from meetings_app.errors import Conflict, DomainError, RuleBroken
from meetings_app.networks.both_texts import Both, differing
from meetings_app.networks.checks import check_may_change
from meetings_app.networks.models import Subject
from meetings_app.networks.queries import find_subject
from meetings_app.web.context import actor, db, found, saw
from meetings_app.web.forms import Form, VersionedForm

blueprint = Blueprint("networks", __name__)
BOTH = ["GET", "POST"]


def subject_at(reference: str) -> Subject:
    """Give the subject of an address, or answer 404."""
    return found(find_subject(db(), reference))


def subject_to_change(reference: str) -> Subject:
    """Give the subject of an address to whoever works on it, or answer 404."""
    subject = subject_at(reference)
    check_may_change(db(), actor(), subject)
    return subject


def change(
    subject: Subject, form: Form, heading: str, button: str, save: Callable[[], object], *, back: str = "",
    row: Any = None, stands: Callable[[], Form] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """Show a form about a subject and, when it was sent and holds, `save` and go back.

    Where somebody else saved `row` (else the subject) first, what they saved is shown beside what was typed: `stands`
    gives the form as it would be opened now. Sent again, it is meant for what the person has seen.
    """
    back = back or url_for("networks.show", reference=subject.reference)
    caption = f"{subject.name} {subject.reference}"
    if form.validate_on_submit():
        try:
            save()
        except Conflict as told:
            saw(EventKind.SUBJECT_VIEWED, subject=subject.reference)
            conflicts = _taken_in(form, told, subject if row is None else row, stands)
            return form_page(form, heading, button, back, caption=caption, conflicts=conflicts)[0], 409
        except DomainError as problem:
            _refuse(form, problem)
        else:
            flash("Saved.", "success")
            return redirect(back)
    saw(EventKind.SUBJECT_VIEWED, subject=subject.reference)
    return form_page(form, heading, button, back, caption=caption)


def _taken_in(form: Form, told: Conflict, row: Any, stands: Callable[[], Form] | None) -> Sequence[Both]:
    """Say that somebody was first, mean the form for what stands now, and give both texts."""
    form.form_errors.append(told.message)
    if isinstance(form, VersionedForm):
        form.version.process(None, str(row.version))
    return differing(form, stands()) if stands is not None else []


def form_page(form: Form, heading: str, button: str, back: str, *, caption: str = "", **more: Any) -> tuple[str, int]:
    """Show a page that is one form; 400 where something in it must be mended."""
    page = render_template(
        "networks/form.html", form=form, heading=heading, button=button, back=back, caption=caption, **more
    )
    return page, 400 if form.errors else 200


def area_choices() -> dict[int, str]:
    """Give the areas to choose from."""
    return {area.id: area.name for area in accounts.areas(db())}


def agency_choices() -> dict[str, str]:
    """Give the agencies to choose from, by id, with the empty first line."""
    return {"": "Choose", **{str(agency.id): agency.name for agency in accounts.agencies(db())}}


def _refuse(form: Form, problem: DomainError) -> None:
    if isinstance(problem, RuleBroken):
        form.refuse(problem)
    else:
        form.form_errors.append(problem.message)
