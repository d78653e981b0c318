"""Several changes soon after each other are one mail: what still waits on purpose gives way to what came after it."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.notices.models import MailState, OutboxMail


def supersede_waiting(session: Session, order_key: str, now: datetime) -> datetime | None:
    """Let no mail of this order leave that waits for its time and was never tried; give when the first was to leave.

    A mail that is due, or that a sender has begun with, is left alone: it may have arrived.
    """
    statement: Any = (
        update(OutboxMail)
        .where(
            col(OutboxMail.order_key) == order_key,
            col(OutboxMail.state) == MailState.WAITING,
            col(OutboxMail.not_before) > now,
            col(OutboxMail.attempts) == 0,
            col(OutboxMail.lease).is_(None),
        )
        .values(state=MailState.SUPERSEDED)
        .returning(col(OutboxMail.not_before))
        .execution_options(synchronize_session=False)
    )
    return min(session.scalars(statement).all(), default=None)
