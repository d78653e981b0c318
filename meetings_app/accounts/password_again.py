"""The password asked for again before something that cannot be undone; what was typed goes with the question."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import gate
from meetings_app.accounts.forms import ConfirmForm
from meetings_app.accounts.queries import profile_of
from meetings_app.accounts.routes_sign_in import checked_password
from meetings_app.web import unsent
from meetings_app.web.context import actor, db, found, now

View = TypeVar("View", bound=Callable[..., Any])

WRONG_PASSWORD = "The password is not right"  # noqa: S105 # This is a message.
_ASKED = "password_asked"
_NOT_CARRIED = frozenset({_ASKED, "password", "csrf_token", "form_id", unsent.PAGE})
"""What the page that asks has of its own; it goes on with the id of the form that was sent."""


def confirmed(view: View) -> View:
    """Ask for the password again before a view that signs, exports or changes accounts."""

    @wraps(view)
    def run(**values: Any) -> ResponseReturnValue:
        answer: ResponseReturnValue = password_asked() or view(**values)
        return answer

    return cast(View, run)


def password_asked() -> ResponseReturnValue | None:
    """Give the page that asks for the password again, or None when it was given just now.

    A form that was sent stands on that page, hidden, and is sent with the password: no word of it is typed twice. May
    answer 429. Whatever is written before is committed: ask first, then write.
    """
    if gate.confirmed_recently(now()):
        return None
    if request.method != "POST":
        return redirect(url_for("accounts.confirm", next=request.full_path.rstrip("?")))
    form = ConfirmForm()
    if _ASKED in request.form and is_right(form):
        return None
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_CARRIED]
    page = render_template(
        "accounts/confirm.html", form=form, carried=[*carried, (_ASKED, "1")], has_errors=bool(form.errors),
        back=urlsplit(request.referrer or "/").path or "/",
    )  # fmt: skip
    return page, 400 if form.errors else 200


def is_right(form: ConfirmForm) -> bool:
    """Say whether the password is the person’s own, and note that they gave it; else the form says what is wrong.

    Kept at once, so that it need not be given again where the form itself is refused. May answer 429.
    """
    profile = found(profile_of(db(), actor().account_id))
    if form.validate_on_submit() and checked_password(profile.email, str(form.password.data)) is None:
        form.password.errors = [WRONG_PASSWORD]
    if form.errors:
        return False
    gate.confirm(db(), now())
    db().commit()
    return True
