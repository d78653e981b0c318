"""The mail that carries the link of an invitation to its person."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.accounts.models import Account
from meetings_app.clock import london_date
from meetings_app.notices.service import queue
from meetings_app.notices.templates import NoticeKind
from meetings_app.text import day_in_words


def queue_invitation(session: Session, now: datetime, account: Account, link: str) -> None:
    """Write the mail into the outbox; one link gives one mail, however often it is asked for."""
    ends_at = account.invitation_ends_at or now
    key = f"account_invited:{account.key}:{hashlib.sha256(link.encode()).hexdigest()[:16]}"
    queue(
        session, now, kind=NoticeKind.ACCOUNT_INVITED, recipient=account, dedupe_key=key,
        order_key=f"account:{account.key}", values={"link": link, "expires_text": day_in_words(london_date(ends_at))},
    )  # fmt: skip
