"""Sending a mail again by hand, after a person has mended what was wrong."""

from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.accounts.models import Account
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import DomainError
from meetings_app.notices.history import keep_tries
from meetings_app.notices.models import MailState, OutboxMail, TryOutcome
from meetings_app.notices.queries import later_mail
from meetings_app.notices.service import mail_reference
from meetings_app.permissions import Actor


def send_again(session: Session, by: Actor, now: datetime, mail: OutboxMail) -> None:
    """Let a mail that was given up wait once more, to the address that the person has now.

    Raises `DomainError` for a mail that was not given up, and for one that a later mail has replaced: an old invite
    must not follow its cancellation.
    """
    if mail.state is not MailState.GIVEN_UP:
        raise DomainError("Only mail that was given up can be sent again.")
    if later_mail(session, mail):
        raise DomainError("A later mail about the same meeting has taken the place of this one.")
    account = session.get(Account, mail.account_id) if mail.account_id is not None else None
    if account is not None and mail.invite is None:
        # An invite names its one attendee inside, so it keeps the address it was written for.
        mail.recipient_address = account.email
    mail.state, mail.not_before, mail.created_at = MailState.WAITING, now, now
    mail.attempts, mail.last_problem = 0, None
    session.flush()
    keep_tries(session, now, [mail.key], TryOutcome.SENT_AGAIN)
    record(session, by, now, EventKind.MAIL_RESENT, mail=mail_reference(mail.message_id))
