"""The password asked for on the page itself, before something that cannot be undone, so that no word typed is lost."""

from meetings_app.accounts import gate
from meetings_app.accounts.forms import ConfirmForm
from meetings_app.accounts.queries import profile_of
from meetings_app.accounts.routes_sign_in import checked_password
from meetings_app.web.context import actor, db, found, now

WRONG_PASSWORD = "The password is not right"  # noqa: S105 # This is a message.


def given_again(form: ConfirmForm) -> bool:
    """Say whether the person gave the password just now, or within `gate.CONFIRMED_FOR`; else the form says what is
    wrong. May answer 429. Whatever is written before is committed: ask first, then write.
    """
    if gate.confirmed_recently(now()):
        return True
    profile = found(profile_of(db(), actor().account_id))
    if form.validate_on_submit() and checked_password(profile.email, str(form.password.data)) is None:
        form.password.errors = [WRONG_PASSWORD]
    if form.errors:
        return False
    gate.confirm(db(), now())
    return True
