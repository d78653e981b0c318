"""The blueprint of networks, and what its pages share."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries as accounts
from meetings_app.audit.events import EventKind
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.networks.checks import check_may_change
from meetings_app.networks.models import Subject
from meetings_app.networks.queries import find_subject
from meetings_app.web.context import actor, db, found, saw
from meetings_app.web.forms import Form

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
    subject: Subject, form: Form, heading: str, button: str, save: Callable[[], object], *, back: str = ""
) -> ResponseReturnValue:
    """Show a form about a subject and, when it was sent and holds, `save` and go back."""
    back = back or url_for("networks.show", reference=subject.reference)
    if form.validate_on_submit():
        try:
            save()
        except DomainError as problem:
            _refuse(form, problem)
        else:
            flash("Saved.", "success")
            return redirect(back)
    saw(EventKind.SUBJECT_VIEWED, subject=subject.reference)
    return form_page(form, heading, button, back, caption=f"{subject.name} {subject.reference}")


def form_page(
    form: Form, heading: str, button: str, back: str, *, caption: str = "", **more: Any
) -> ResponseReturnValue:
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
