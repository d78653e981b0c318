"""One's own account: accepting an invitation, changing the password, signing out everywhere, confirming."""

from typing import Any

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import gate, passwords, service
from meetings_app.accounts.blueprint import blueprint
from meetings_app.accounts.browser import safe_target
from meetings_app.accounts.forms import ChangePasswordForm, ChoosePasswordForm, ConfirmForm
from meetings_app.accounts.password_again import WRONG_PASSWORD, is_right
from meetings_app.accounts.queries import account_of_invitation, profile_of
from meetings_app.accounts.routes_sign_in import after_password, checked_password
from meetings_app.errors import RuleBroken
from meetings_app.web.context import actor, db, found, now, partnership
from meetings_app.web.forms import Form
from meetings_app.web.guard import keeps_nobody_signed_in, only_reads, public, signed_in


@blueprint.get("/invitation/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """Show an invitation, if it can still be accepted."""
    account = account_of_invitation(db(), gate.hash_of(token), now())
    if account is None:
        return render_template("accounts/invitation_over.html"), 404
    return render_template("accounts/invitation.html", form=ChoosePasswordForm(), email=account.email)


@blueprint.post("/invitation/<token>", endpoint="invitation_sent")
@public
def invitation_sent(token: str) -> ResponseReturnValue:
    """Take the password a person chose; the invitation is then used up and the person signed in."""
    account = account_of_invitation(db(), gate.hash_of(token), now())
    if account is None:
        return render_template("accounts/invitation_over.html"), 404
    form = ChoosePasswordForm()
    # Nobody waits for the database while the password is judged and hashed.
    db().commit()
    chosen = _hash_of_choice(form, account.name, account.email)
    # The invitation may have been used or withdrawn meanwhile.
    again = account_of_invitation(db(), gate.hash_of(token), now())
    if chosen is None or again is None:
        return render_template("accounts/invitation.html", form=form, email=account.email, has_errors=True), 400
    service.accept_invitation(db(), now(), again, chosen)
    return after_password(again, None)


def _hash_of_choice(form: Any, *about: str) -> str | None:
    """Give the hash of the password chosen, or None with the reason beside the field."""
    if not form.validate_on_submit():
        return None
    try:
        passwords.check_choice(form.password.data, [*about, partnership().name])
    except RuleBroken as problem:
        form.refuse(problem)
        return None
    return passwords.hash_password(form.password.data)


@blueprint.get("/account")
@signed_in
def own() -> ResponseReturnValue:
    """Show one's own account."""
    return _own_page(ChangePasswordForm())


def _own_page(form: ChangePasswordForm) -> str:
    profile = found(profile_of(db(), actor().account_id))
    return render_template(
        "accounts/own.html", form=form, profile=profile, has_errors=bool(form.errors), everywhere=Form()
    )


@blueprint.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Change one's own password; other browsers are signed out."""
    form = ChangePasswordForm()
    profile = found(profile_of(db(), actor().account_id))
    if form.validate_on_submit() and checked_password(profile.email, str(form.present_password.data)) is None:
        form.present_password.errors = [WRONG_PASSWORD]
    db().commit()
    chosen = None if form.errors else _hash_of_choice(form, profile.name, profile.email)
    if chosen is None:
        return _own_page(form), 400
    service.change_password(db(), actor(), now(), chosen)
    _begin_again()
    flash("Your password was changed. Other browsers were signed out.", "success")
    return redirect(url_for("accounts.own"))


def _begin_again() -> None:
    """Give this browser a new session in place of the one that ended with all the others."""
    account = service.own_account(db(), actor())
    gate.begin_session(db(), account, now(), second_factor=True)
    g.pop("last_seen_at", None)


@blueprint.post("/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of one's own account."""
    service.sign_out_everywhere(db(), actor(), now())
    gate.end_session(db(), now())
    flash("You have signed out in every browser.", "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.get("/signed-in")
@keeps_nobody_signed_in
@signed_in
def signed_in_for() -> ResponseReturnValue:
    """Say to a script for how many seconds the person stays signed in; asking lengthens nothing."""
    return jsonify(left=int(gate.time_left(now()).total_seconds()))


@blueprint.post("/signed-in")
@only_reads
@signed_in
def stay_signed_in() -> ResponseReturnValue:
    """Keep the person signed in, who said so; within the ten hours of one sign-in."""
    return "", 204


@blueprint.get("/confirm")
@signed_in
def confirm() -> ResponseReturnValue:
    """Ask for the password again, before something that cannot be undone."""
    return render_template("accounts/confirm.html", form=ConfirmForm())


@blueprint.post("/confirm", endpoint="confirm_sent")
@signed_in
def confirm_sent() -> ResponseReturnValue:
    """Check the password and go on to what was wanted."""
    form = ConfirmForm()
    if not is_right(form):
        return render_template("accounts/confirm.html", form=form, has_errors=True), 400
    return redirect(safe_target(request.args.get("next")))
