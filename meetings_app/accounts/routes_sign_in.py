"""Signing in and out. Each page is open to everybody; what it does depends on how far the person has come."""

from typing import NoReturn

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from meetings_app.accounts import gate, passwords, sign_in, throttle
from meetings_app.accounts.blueprint import blueprint
from meetings_app.accounts.browser import guess_at, remember_browser, safe_target
from meetings_app.accounts.forms import CodeForm, SignInForm
from meetings_app.accounts.models import Account
from meetings_app.accounts.second_factor import key_in_groups, qr_code
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.web import unsent
from meetings_app.web.context import actor, db, now, partnership, settings
from meetings_app.web.guard import public

WRONG = "The email address or the password is not right"
WRONG_CODE = "The code is not right, or has been used. Wait for the next one and enter it"


def too_many() -> NoReturn:
    """Answer that there were too many guesses."""
    abort(429)


def checked_password(email: str, password: str) -> sign_in.Candidate | None:
    """Count a guess, then check it outside any transaction. Gives whose password it is, or None. May answer 429."""
    guess, key = guess_at("password", email), settings().secret_key
    allowed = throttle.count(db(), guess, key, now())
    found = sign_in.candidate(db(), email)
    # The guess counts whatever happens next, and nobody waits for the database while the password is hashed.
    db().commit()
    if not allowed:
        too_many()
    if not passwords.matches(found.password_hash, password):
        sign_in.record_failure(db(), found.account_id, now())
        # The answer is an error, after which the guard rolls back; the failure stays on record.
        db().commit()
        return None
    throttle.forget(db(), guess, key)
    return found


@blueprint.get("/sign-in", endpoint="sign_in")
@public
def sign_in_page() -> ResponseReturnValue:
    """Ask for email address and password."""
    if actor_or_none() is not None:
        return redirect(safe_target(request.args.get("next")))
    return render_template("accounts/sign_in.html", form=SignInForm())


@blueprint.post("/sign-in", endpoint="sign_in_sent")
@public
def sign_in_sent() -> ResponseReturnValue:
    """Check email address and password; unknown and known accounts are answered alike."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form, has_errors=True), 400
    found = checked_password(form.address, str(form.password.data))
    account = sign_in.active_account(db(), found.account_id) if found else None
    if found is None or account is None or not sign_in.same_password(account, found):
        form.form_errors.append(WRONG)
        return render_template("accounts/sign_in.html", form=form, has_errors=True), 400
    return after_password(account, request.args.get("next"))


def after_password(account: Account, target: str | None) -> Response:
    """Begin a session; where a second factor is asked for it opens nothing but the next step."""
    asked = settings().second_factor_required
    gate.end_session(db(), now())
    gate.begin_session(db(), account, now(), second_factor=not asked)
    throttle.prune(db(), now())
    unsent.prune(db(), now())
    if not asked:
        return _signed_in(account, target)
    sign_in.prepare_second_factor(account)
    step = "accounts.code_page" if sign_in.has_second_factor(account) else "accounts.set_up_page"
    return redirect(url_for(step, next=target))  # type: ignore[return-value]


def _signed_in(account: Account, target: str | None) -> Response:
    sign_in.record_success(db(), account.key, now())
    kept, target = unsent.unsent_of(db(), account.key, now()), safe_target(target)
    if kept and not any(target == one.again for one in kept):
        flash(
            Markup('<a class="govuk-link" href="{}">Something you typed is not sent yet</a>.').format(
                url_for("accounts.not_sent")
            ),
            "warning",
        )
    response: Response = redirect(target)  # type: ignore[assignment]
    remember_browser(response, account.email)
    return response


def actor_or_none() -> object:
    """Give the person signed in, if there is one."""
    return g.get("actor")


def halfway(*, enrolled: bool) -> Account | None:
    """Give the person who has given the password and not yet a code, if the app is (or is not) set up."""
    session: Session = db()
    account = sign_in.active_account(session, g.get("halfway_account_id"))
    return account if account and sign_in.has_second_factor(account) is enrolled else None


@blueprint.get("/sign-in/code")
@public
def code_page() -> ResponseReturnValue:
    """Ask for the code from the person's app."""
    if halfway(enrolled=True) is None:
        return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/code.html", form=CodeForm())


@blueprint.post("/sign-in/code", endpoint="code_sent")
@public
def code_sent() -> ResponseReturnValue:
    """Check the code; a code works once."""
    account = halfway(enrolled=True)
    if account is None:
        return redirect(url_for("accounts.sign_in"))
    form = CodeForm()
    if form.validate_on_submit() and _right_code(account, form):
        return _second_step_done(account)
    return render_template("accounts/code.html", form=form, has_errors=True), 400


@blueprint.get("/sign-in/set-up")
@public
def set_up_page() -> ResponseReturnValue:
    """Show the key for the person's app, once, before its first code."""
    account = halfway(enrolled=False)
    if account is None or account.totp_secret is None:
        return redirect(url_for("accounts.sign_in"))
    return _set_up(account, CodeForm())


@blueprint.post("/sign-in/set-up", endpoint="set_up_sent")
@public
def set_up_sent() -> ResponseReturnValue:
    """Take the first code, which sets the second factor up."""
    account = halfway(enrolled=False)
    if account is None:
        return redirect(url_for("accounts.sign_in"))
    form = CodeForm()
    if form.validate_on_submit() and _right_code(account, form):
        return _second_step_done(account)
    return _set_up(account, form), 400


def _set_up(account: Account, form: CodeForm) -> str:
    secret = account.totp_secret or ""
    return render_template(
        "accounts/set_up.html",
        form=form,
        has_errors=bool(form.errors),
        key=key_in_groups(secret),
        qr=qr_code(secret, account.email, partnership().name),
    )


def _right_code(account: Account, form: CodeForm) -> bool:
    guess, key = guess_at("code", account.email), settings().secret_key
    allowed = throttle.count(db(), guess, key, now())
    # The guess counts whatever happens next.
    db().commit()
    if not allowed:
        too_many()
    if sign_in.use_code(db(), account, str(form.code.data), now()):
        throttle.forget(db(), guess, key)
        return True
    sign_in.record_failure(db(), account.key, now())
    db().commit()
    form.code.errors = [WRONG_CODE]
    return False


def _second_step_done(account: Account) -> Response:
    gate.end_session(db(), now())
    gate.begin_session(db(), account, now(), second_factor=True)
    return _signed_in(account, request.args.get("next"))


@blueprint.get("/sign-out", endpoint="sign_out")
@public
def sign_out_page() -> ResponseReturnValue:
    """Ask whether to sign out, for a browser that followed a link."""
    return render_template("accounts/sign_out.html")


@blueprint.post("/sign-out", endpoint="sign_out_sent")
@public
def sign_out_sent() -> ResponseReturnValue:
    """End the session on the server and in the browser."""
    if actor_or_none() is not None:
        record(db(), actor(), now(), EventKind.SIGNED_OUT)
    gate.end_session(db(), now())
    flash("You have signed out.", "success")
    return redirect(url_for("accounts.sign_in"))
