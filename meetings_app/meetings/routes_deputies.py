"""The page of the deputies: who may stand in for an agency, in which area."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries as people
from meetings_app.accounts.models import Account
from meetings_app.errors import RuleBroken
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.forms_answers import DeputyForm
from meetings_app.permissions import Permission
from meetings_app.schedule import queries
from meetings_app.schedule.deputies import deputies, end_deputy, name_deputy
from meetings_app.schedule.service import may_arrange
from meetings_app.web.context import actor, db, found, now
from meetings_app.web.guard import requires
from meetings_app.web.numbers import row_number


@blueprint.get("/meetings/deputies", endpoint="deputies")
@requires(Permission.ARRANGE_RMMS)
def show_deputies() -> ResponseReturnValue:
    """Show the deputies of the areas that the person arranges."""
    return _page(_form())


@blueprint.post("/meetings/deputies")
@requires(Permission.ARRANGE_RMMS)
def deputy_named() -> ResponseReturnValue:
    """Name one more deputy."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 400
    area = next((one for one in people.areas(db()) if one.code == form.area.data), None)
    person = found(db().get(Account, int(form.account.data)))
    try:
        name_deputy(db(), actor(), now(), person, area.id if area else None)
    except RuleBroken as problem:
        form.refuse(problem)
        return _page(form), 400
    flash("One deputy more is named.", "success")
    return redirect(url_for("meetings.deputies"))


@blueprint.post("/meetings/deputies/end")
@requires(Permission.ARRANGE_RMMS)
def deputy_ended() -> ResponseReturnValue:
    """Let somebody be a deputy no longer."""
    end_deputy(db(), actor(), now(), row_number(request.form.get("deputy")) or 0)
    flash("One deputy less is named.", "success")
    return redirect(url_for("meetings.deputies"))


def _form() -> DeputyForm:
    form = DeputyForm()
    form.account.choices = [
        ("", "Choose"), *((str(one.id), f"{one.name}, {one.agency}") for one in queries.everybody(db()))
    ]  # fmt: skip
    own = [(one.code, one.name) for one in people.areas(db()) if may_arrange(actor(), one.id)]
    form.area.choices = [*([("", "Every area")] if may_arrange(actor(), None) else []), *own]
    return form


def _page(form: DeputyForm) -> str:
    own = [one for one in deputies(db()) if may_arrange(actor(), one.area_id)]
    return render_template("meetings/answers/deputies.html", form=form, deputies=own, has_errors=bool(form.errors))
