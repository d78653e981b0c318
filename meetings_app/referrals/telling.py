"""Telling referrers what became of their referrals (SUR): by reference and link only."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.accounts.models import Account
from meetings_app.notices.service import queue
from meetings_app.notices.templates import NoticeKind
from meetings_app.permissions import Actor
from meetings_app.referrals.models import Referral, ReferralOutcome
from meetings_app.schedule.office import Office


def settle(
    session: Session, by: Actor, now: datetime, office: Office, referrals: Iterable[Referral],
    outcome: ReferralOutcome | None,
) -> None:  # fmt: skip
    """Say what became of referrals that a meeting heard when it closed the child (`unsettled`), and tell the referrers.

    Called when the closure is final, or when an RMM rated the child instead; None: handed over to adult services.
    """
    for referral in referrals:
        referral.outcome, referral.handed_over = outcome, outcome is None
        session.flush()
        tell_referrer(session, by, now, office, referral)


def tell_referrer(session: Session, by: Actor, now: datetime, office: Office, referral: Referral) -> None:
    """Queue the notice that there is an answer: reference and link only. Nobody is told of their own decision."""
    if referral.referrer_id is None or referral.referrer_id == by.account_id:
        return
    referrer = session.get_one(Account, referral.referrer_id)
    queue(
        session, now, kind=NoticeKind.REFERRAL_OUTCOME, recipient=referrer,
        dedupe_key=f"referral-outcome:{referral.reference}:{referral.version}",
        order_key=f"referral:{referral.reference}",
        values={"reference": referral.reference, "link": f"{office.base_url}/referrals/{referral.reference}"},
    )  # fmt: skip
