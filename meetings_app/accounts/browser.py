"""What a sign-in knows of the browser: where it calls from, and whether the account's owner has used it before."""

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer

from meetings_app.accounts.throttle import Guess
from meetings_app.web.context import settings

_REMEMBERED = timedelta(days=180)
_MOST_ACCOUNTS = 5


def guess_at(purpose: str, email: str) -> Guess:
    """Give the guess that this request makes at the account with this address."""
    browser, accounts = _known()
    return Guess(
        purpose=purpose,
        account=email,
        address=request.remote_addr or "",
        known_browser=browser if _short(email) in accounts else None,
    )


def remember_browser(response: Response, email: str) -> None:
    """Note in the browser that the owner of this account has signed in here."""
    browser, accounts = _known()
    newest = [_short(email), *(account for account in accounts if account != _short(email))]
    response.set_cookie(
        _cookie_name(),
        _signer().dumps([browser or secrets.token_urlsafe(18), newest[:_MOST_ACCOUNTS]]),
        max_age=_REMEMBERED,
        secure=settings().production,
        httponly=True,
        samesite="Lax",
    )


def safe_target(address: str | None) -> str:
    """Give where to go after signing in: a page of this service, else the home page."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\", "/sign-")):
        return "/"
    parts = urlsplit(address)
    plain = all(character.isprintable() and character != "\\" for character in address)
    return address if plain and not parts.scheme and not parts.netloc else "/"


def _known() -> tuple[str | None, list[str]]:
    try:
        browser, accounts = _signer().loads(request.cookies.get(_cookie_name(), ""))
    except (BadSignature, ValueError, TypeError):
        return None, []
    return str(browser), [str(account) for account in accounts]


def _cookie_name() -> str:
    return "__Host-meetings-browser" if settings().production else "meetings-browser"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="known browser")


def _short(email: str) -> str:
    return hashlib.sha256(email.encode("utf-8", "replace")).hexdigest()[:24]
