"""What happened to each mail: kept for every try, shown to those who look after the mail, and without its text."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.notices.models import MailState, MailTry, OutboxMail, TryOutcome
from meetings_app.notices.queries import MailFacts, facts_of, find_mail, looked_after
from meetings_app.permissions import Actor

PAGE = 50
_AT_ONCE = 500


def keep_tries(
    session: Session, now: datetime, mail_ids: Collection[int], outcome: TryOutcome, problem: str = ""
) -> None:
    """Keep what came of a try of some mails. Where the same came of the try before, that row counts one more."""
    every = sorted(mail_ids)
    for start in range(0, len(every), _AT_ONCE):
        ids = every[start : start + _AT_ONCE]
        last = select(sa.func.max(col(MailTry.id))).where(col(MailTry.mail_id).in_(ids)).group_by(col(MailTry.mail_id))
        same = session.execute(
            select(col(MailTry.id), col(MailTry.mail_id)).where(
                col(MailTry.id).in_(last), col(MailTry.outcome) == outcome, col(MailTry.problem) == problem
            )
        ).all()
        session.execute(
            sa.update(MailTry)
            .where(col(MailTry.id).in_([row.id for row in same]))
            .values(times=MailTry.times + 1, last_at=now)
            .execution_options(synchronize_session=False)
        )
        again = {row.mail_id for row in same}
        session.add_all(
            MailTry(mail_id=mail_id, outcome=outcome, problem=problem, first_at=now, last_at=now)
            for mail_id in ids if mail_id not in again
        )  # fmt: skip
    session.flush()


def tries_of(session: Session, mail_id: int) -> Sequence[MailTry]:
    """Give what happened to a mail, in order; whether the person may see it was asked with the mail."""
    wanted = select(MailTry).where(col(MailTry.mail_id) == mail_id)
    return session.scalars(wanted.order_by(col(MailTry.id))).all()


@dataclass(frozen=True)
class MailPage:
    """Up to fifty mails, newest first; `next_before` asks for those that follow, None on the last page."""

    mails: Sequence[MailFacts]
    next_before: str | None


def kept_mail(session: Session, by: Actor, state: MailState | None, *, before: str = "") -> MailPage:
    """Give the mails the person looks after, of one state where one is named, from before the mail `before` on."""
    wanted = [looked_after(session, by)]
    if state is not None:
        wanted.append(col(OutboxMail.state) == state)
    place = find_mail(session, by, before) if before else None
    if place is not None:
        wanted.append(col(OutboxMail.id) < place.key)
    statement = select(OutboxMail).where(*wanted).order_by(col(OutboxMail.id).desc()).limit(PAGE + 1)
    rows = [facts_of(mail) for mail in session.scalars(statement)]
    shown = rows[:PAGE]
    return MailPage(shown, shown[-1].reference if len(rows) > PAGE else None)
