"""The second factor: a code of six digits from an app, valid for half a minute either side, and once only."""

import io
from datetime import datetime

import pyotp
import segno
from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account

_STEP_SECONDS = 30
_DRIFT = (0, -1, 1)


def new_secret() -> str:
    """Give a fresh key for a person's app."""
    return pyotp.random_base32()


def key_in_groups(secret: str) -> str:
    """Write the key in groups of four, for a person who types it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def qr_code(secret: str, email: str, issuer: str) -> str:
    """Give the QR code of the key as inline SVG, which the content policy allows."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)
    svg = io.BytesIO()
    segno.make(address, error="m").save(svg, kind="svg", scale=4, xmldecl=False, svgns=True, light="#fff")
    return svg.getvalue().decode()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Give the step of time whose code this is, or None. Anything but digits in `code` is left out first."""
    digits = "".join(character for character in code if character.isascii() and character.isdigit())
    present = int(now.timestamp()) // _STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for drift in _DRIFT:
        step = present + drift
        if pyotp.utils.strings_equal(totp.generate_otp(step), digits):
            return step
    return None


def spend(session: Session, account_id: int, step: int) -> bool:
    """Use the code of a step up; of many who send the same code at once, one is told True."""
    statement = (
        update(Account)
        .where(
            col(Account.id) == account_id,
            col(Account.totp_last_step).is_(None) | (col(Account.totp_last_step) < step),
        )
        .values(totp_last_step=step)
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).rowcount == 1  # type: ignore[attr-defined,no-any-return]
