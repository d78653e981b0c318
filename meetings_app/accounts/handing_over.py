"""How the link of an invitation reaches its person besides the administrator's own hands.

Mail stands above accounts, so it says at start-up how it wants to be told (`app.make_service`).
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.accounts.models import Account

Way = Callable[[Session, datetime, Account, str], None]
_ways: list[Way] = []


def use(way: Way) -> None:
    """Say which way (a function of session, now, account and link) invitations go out in this process."""
    _ways[:] = [way]


def hand_over(session: Session, now: datetime, account: Account, link: str) -> None:
    """Send the link on its way, in the transaction of the invitation; without a way nothing is sent."""
    for way in _ways:
        way(session, now, account, link)
