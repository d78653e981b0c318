"""The end of an account, a role, or work for an agency: what the person holds is shown, and goes to others."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries
from meetings_app.accounts.blueprint import blueprint
from meetings_app.accounts.password_again import confirmed
from meetings_app.errors import RuleBroken
from meetings_app.handing_over import service
from meetings_app.handing_over.forms import HandOverForm, hand_over_form
from meetings_app.handing_over.holdings import Holdings, holdings_of
from meetings_app.handing_over.service import Handed
from meetings_app.permissions import Permission
from meetings_app.schedule.office import Office
from meetings_app.web.context import actor, db, found, now, partnership, settings, today
from meetings_app.web.guard import requires


@blueprint.get("/accounts/<int:account_id>/disable")
@requires(Permission.MANAGE_ACCOUNTS)
@confirmed
def disabling(account_id: int) -> ResponseReturnValue:
    """Show what a person holds before the account is disabled, and ask who takes it over."""
    profile = found(queries.profile_of(db(), account_id))
    holdings = holdings_of(db(), account_id, today())
    return _page(account_id, holdings, hand_over_form(holdings, profile.version))


@blueprint.post("/accounts/<int:account_id>/disable")
@requires(Permission.MANAGE_ACCOUNTS)
@confirmed
def disable(account_id: int) -> ResponseReturnValue:
    """Stop a person from signing in, and hand over what they hold."""
    holdings = holdings_of(db(), account_id, today())
    form = hand_over_form(holdings)
    if form.validate_on_submit():
        try:
            handed = service.disable(db(), actor(), now(), _office(), account_id, form.opened_at, form.successors)
        except RuleBroken as problem:
            form.refuse(problem)
        else:
            return _done(account_id, f"The account was disabled. {_said(handed)}")
    return _page(account_id, holdings, form), 400


@blueprint.get("/accounts/<int:account_id>/agency")
@requires(Permission.MANAGE_ACCOUNTS)
@confirmed
def moving(account_id: int) -> ResponseReturnValue:
    """Ask for which agency a person works now, and who takes over at the one of before."""
    profile = found(queries.profile_of(db(), account_id))
    holdings = holdings_of(db(), account_id, today())
    return _page(account_id, holdings, hand_over_form(holdings, profile.version, _agencies()))


@blueprint.post("/accounts/<int:account_id>/agency")
@requires(Permission.MANAGE_ACCOUNTS)
@confirmed
def change_agency(account_id: int) -> ResponseReturnValue:
    """Let a person work for another agency, and hand over what they hold."""
    holdings = holdings_of(db(), account_id, today())
    form = hand_over_form(holdings, agencies=_agencies())
    if form.validate_on_submit():
        try:
            handed = service.change_agency(
                db(), actor(), now(), _office(), account_id, form.opened_at, form["agency"].data, form.successors
            )
        except RuleBroken as problem:
            form.refuse(problem)
        else:
            return _done(account_id, f"The agency was changed and every role ended: give new ones. {_said(handed)}")
    return _page(account_id, holdings, form), 400


@blueprint.get("/accounts/<int:account_id>/roles/<int:grant_id>/end")
@requires(Permission.MANAGE_ACCOUNTS)
@confirmed
def ending_role(account_id: int, grant_id: int) -> ResponseReturnValue:
    """Show what a person holds where the role is held, before it ends, and ask who takes it over."""
    profile = found(queries.profile_of(db(), account_id))
    grant = found(queries.grant_of(db(), account_id, grant_id))
    holdings = holdings_of(db(), account_id, today(), grant.area_id)
    return _page(account_id, holdings, hand_over_form(holdings, profile.version), grant_id)


@blueprint.post("/accounts/<int:account_id>/roles/<int:grant_id>/end")
@requires(Permission.MANAGE_ACCOUNTS)
@confirmed
def end_role(account_id: int, grant_id: int) -> ResponseReturnValue:
    """End a role of a person, and hand over what they may not hold without it."""
    grant = found(queries.grant_of(db(), account_id, grant_id))
    holdings = holdings_of(db(), account_id, today(), grant.area_id)
    form = hand_over_form(holdings)
    if form.validate_on_submit():
        try:
            handed = service.end_role(
                db(), actor(), now(), _office(), account_id, form.opened_at, grant_id, form.successors
            )
        except RuleBroken as problem:
            form.refuse(problem)
        else:
            return _done(account_id, f"The role was ended. {_said(handed)}")
    return _page(account_id, holdings, form, grant_id), 400


def _page(account_id: int, holdings: Holdings, form: HandOverForm, grant_id: int | None = None) -> str:
    profile = found(queries.profile_of(db(), account_id))
    grants = {grant.id: grant.text for grant in queries.grants_of(db(), account_id)}
    return render_template(
        "handing_over/leave.html", profile=profile, holdings=holdings, form=form, has_errors=bool(form.errors),
        role=grants.get(grant_id or 0, ""), grant_id=grant_id, moves="agency" in form,
        fields=[form[f"{kind}_{each.area_id}"] for kind, listed in form.kinds.items() for each in listed],
    )  # fmt: skip


def _agencies() -> dict[str, str]:
    return {agency.code: agency.name for agency in queries.agencies(db())}


def _office() -> Office:
    return Office.of(settings(), partnership())


def _said(handed: Handed) -> str:
    """Say what came of it in a sentence or two; nothing where there was nothing."""
    left = handed.actions_left + handed.children_left
    parts = [
        f"{handed.actions} actions have a new owner." if handed.actions else "",
        f"{handed.children} children have a new lead professional." if handed.children else "",
        f"{handed.invitations} invites were taken back." if handed.invitations else "",
        f"{left} could not be handed over: the coordinators’ home pages show them." if left else "",
    ]
    return " ".join(part for part in parts if part)


def _done(account_id: int, message: str) -> ResponseReturnValue:
    flash(message.strip(), "success")
    return redirect(url_for("accounts.account", account_id=account_id))
