"""The versions of the rules: who made each, when and why, what it changed, what was decided under it; going back."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.password_again import password_asked
from meetings_app.accounts.reference import change_on_page
from meetings_app.errors import ConfigurationError, Conflict
from meetings_app.permissions import Permission
from meetings_app.rules_page import queries, showing
from meetings_app.rules_page.forms import RestoreForm
from meetings_app.rules_page.meaning import Change, changes
from meetings_app.rules_page.queries import Version
from meetings_app.rules_page.routes import blueprint, may_change
from meetings_app.rules_page.values import MODELS, differences
from meetings_app.rules_page.words import agencies_of
from meetings_app.web.context import actor, db, found, now, partnership
from meetings_app.web.guard import requires


@blueprint.get("/history")
@requires(Permission.SEE_RULES)
def history() -> ResponseReturnValue:
    """List every version, newest first."""
    every = [version for versions in queries.every_version(db()).values() for version in versions]
    every.sort(key=lambda version: (version.at, version.number), reverse=True)
    return render_template("rules/history.html", versions=every)


@blueprint.get("/history/<stem>/<int:number>")
@requires(Permission.SEE_RULES)
def version(stem: str, number: int) -> ResponseReturnValue:
    """Show one version: what it changed, what was decided under it, and the rules as they were."""
    versions, shown = _found(stem, number)
    as_of = [each for each in versions if each.number <= number]
    before = as_of[1] if len(as_of) > 1 else None
    changed = _changes(before, shown) if before else []
    agencies = agencies_of(partnership().agencies)
    return render_template(
        "rules/version.html", version=shown, before=before, changed=changed, newest=versions[0],
        sections=showing.in_force({shown.file: as_of}, agencies), decided=queries.decided_under(db(), actor(), shown),
        may_change=may_change(actor()),
    )  # fmt: skip


@blueprint.get("/history/<stem>/<int:number>/restore")
@requires(Permission.CHANGE_RULES)
def restore(stem: str, number: int) -> ResponseReturnValue:
    """Show what going back to a version would change."""
    versions, wanted = _to_restore(stem, number)
    return _restore_page(versions, wanted, RestoreForm(version=str(versions[0].number)))


@blueprint.post("/history/<stem>/<int:number>/restore", endpoint="restore_sent")
@requires(Permission.CHANGE_RULES)
def restore_sent(stem: str, number: int) -> ResponseReturnValue:
    """Let the rules of a version rule again, as a new version."""
    versions, wanted = _to_restore(stem, number)
    form = RestoreForm()
    if not form.validate_on_submit():
        return _restore_page(versions, wanted, form)
    asked = password_asked()
    if asked is not None:
        return asked
    try:
        made = change_on_page(
            db(), actor(), now(), wanted.file, wanted.text, str(form.reason.data), form.opened_at, wanted.number
        )
    except Conflict:
        fresh = RestoreForm(formdata=None, version=str(versions[0].number), reason=form.reason.data)
        return _restore_page(versions, wanted, fresh, newest=versions[0])
    except ConfigurationError as problem:
        form.form_errors.append(problem.message)
        return _restore_page(versions, wanted, form)
    flash(f"The rules of version {wanted.number} rule again, as version {made}.", "success")
    return redirect(url_for("rules_page.version", stem=wanted.stem, number=made))


def _restore_page(
    versions: Sequence[Version], wanted: Version, form: RestoreForm, newest: Version | None = None
) -> ResponseReturnValue:
    wrong = bool(form.errors)
    page = render_template(
        "rules/restore.html", version=wanted, planned=_changes(versions[0], wanted), form=form, newest=newest,
        has_errors=wrong,
    )  # fmt: skip
    return page, 409 if newest else 400 if wrong else 200


def _changes(before: Version, after: Version) -> Sequence[Change]:
    found_ones = differences(before.values, after.values)
    return changes(db(), actor(), after.file, found_ones, agencies_of(partnership().agencies))


def _found(stem: str, number: int) -> tuple[Sequence[Version], Version]:
    """Give all versions of a file, the newest first, and the one of a number; 404 where there is none."""
    file = f"{stem}.toml"
    versions = queries.versions_of(db(), file) if file in MODELS else []
    return versions, found(next((each for each in versions if each.number == number), None))


def _to_restore(stem: str, number: int) -> tuple[Sequence[Version], Version]:
    """Give the same, for who changes the rules, and for a version that does not rule already."""
    versions, wanted = _found(stem, number)
    return versions, found(wanted if may_change(actor()) and wanted.number != versions[0].number else None)
