"""Accounts, for administrators. No child is shown here."""

from typing import TypeVar

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries, service
from meetings_app.accounts.blueprint import blueprint
from meetings_app.accounts.forms import WHOLE_COUNTY, InviteForm, RoleForm
from meetings_app.accounts.gate import hash_of
from meetings_app.accounts.handing_over import hand_over
from meetings_app.accounts.models import Account
from meetings_app.accounts.password_again import confirmed
from meetings_app.errors import RuleBroken
from meetings_app.permissions import Permission, Role
from meetings_app.web.context import actor, db, found, now, settings
from meetings_app.web.filters import words
from meetings_app.web.forms import VersionedForm
from meetings_app.web.guard import requires

ChosenForm = TypeVar("ChosenForm", InviteForm, RoleForm)
_SHOWN_ONCE = "invitation shown once"


@blueprint.get("/accounts")
@requires(Permission.MANAGE_ACCOUNTS)
def index() -> ResponseReturnValue:
    """List every account."""
    return render_template("accounts/index.html", people=queries.everybody(db()))


@blueprint.get("/accounts/invite")
@requires(Permission.MANAGE_ACCOUNTS)
@confirmed
def invite() -> ResponseReturnValue:
    """Ask whom to invite."""
    return render_template("accounts/invite.html", form=_with_choices(InviteForm()))


@blueprint.post("/accounts/invite", endpoint="invite_sent")
@requires(Permission.MANAGE_ACCOUNTS)
@confirmed
def invite_sent() -> ResponseReturnValue:
    """Invite a person, and show the link once."""
    form = _with_choices(InviteForm())
    if form.validate_on_submit():
        try:
            account, token = service.invite(
                db(), actor(), now(), email=form.email.data, name=form.name.data, role=form.role.data,
                agency_code=form.agency.data, area_codes=form.area_codes, school_code=form.school.data or None,
            )  # fmt: skip
        except RuleBroken as problem:
            form.refuse(problem)
        else:
            return _with_link(account, token)
    return render_template("accounts/invite.html", form=form, has_errors=True), 400


@blueprint.get("/accounts/<int:account_id>")
@requires(Permission.MANAGE_ACCOUNTS)
def account(account_id: int) -> ResponseReturnValue:
    """Show one account; the link of a fresh invitation is shown this once."""
    token = cookie.pop(_SHOWN_ONCE, None)
    return _account_page(account_id, None, _link(token) if token else None)


def _account_page(account_id: int, form: RoleForm | None, link: str | None = None) -> str:
    profile = found(queries.profile_of(db(), account_id))
    form = form or _with_choices(RoleForm(version=str(profile.version)))
    return render_template(
        "accounts/account.html", profile=profile, form=form, link=link, has_errors=bool(form.errors),
        fresh_form=lambda: VersionedForm(version=str(profile.version)), grants=queries.grants_of(db(), account_id),
        own=account_id == actor().account_id,
    )  # fmt: skip


@blueprint.post("/accounts/<int:account_id>/roles")
@requires(Permission.MANAGE_ACCOUNTS)
@confirmed
def add_role(account_id: int) -> ResponseReturnValue:
    """Give a person one more role."""
    form = _with_choices(RoleForm())
    if form.validate_on_submit():
        try:
            service.add_role(db(), actor(), now(), account_id, form.opened_at, form.role.data, form.area_codes)
        except RuleBroken as problem:
            form.refuse(problem)
        else:
            return _done(account_id, "The role was given.")
    return _account_page(account_id, form), 400


@blueprint.post("/accounts/<int:account_id>/reset")
@requires(Permission.MANAGE_ACCOUNTS)
@confirmed
def reset(account_id: int) -> ResponseReturnValue:
    """Invite a person again, with a new password and second factor, and show the link once."""
    token = service.reset(db(), actor(), now(), account_id, VersionedForm().opened_at)
    return _with_link(found(queries.account_of_invitation(db(), hash_of(token), now())), token)


def _with_link(account: Account, token: str) -> ResponseReturnValue:
    """Send the link by mail, and show it once to the administrator, who may hand it over first."""
    hand_over(db(), now(), account, _link(token))
    cookie[_SHOWN_ONCE] = token
    return redirect(url_for("accounts.account", account_id=account.key))


def _link(token: str) -> str:
    return f"{settings().base_url}{url_for('accounts.invitation', token=token)}"


def _done(account_id: int, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("accounts.account", account_id=account_id))


def _with_choices(form: ChosenForm) -> ChosenForm:
    """Fill the drop-downs in: every role, and the areas, agencies and schools of the partnership."""
    form.role.choices = [("", "Choose"), *((role.value, words(role)) for role in Role)]
    form.areas.choices = [*((area.code, area.name) for area in queries.areas(db())), (WHOLE_COUNTY, "The whole county")]
    if isinstance(form, InviteForm):
        form.agency.choices = [("", "Choose"), *((agency.code, agency.name) for agency in queries.agencies(db()))]
        form.school.choices = [("", "None"), *((school.code, school.name) for school in queries.schools(db()))]
    return form
