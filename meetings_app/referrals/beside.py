"""What stands beside a referral on its page: the child, the earlier ratings and closures, and who may be the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency, Area
from meetings_app.children.models import Child
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.permissions import Actor
from meetings_app.ratings.models import Rating
from meetings_app.referrals import queries, rules
from meetings_app.referrals.models import Referral

MOST_RATINGS = 20
MOST_REFERRALS = 20


@dataclass(frozen=True)
class Beside:
    """What a reader is shown beside a referral; everything but the names is empty where they may not see the child."""

    area: str
    agency: str
    decided_by: str
    referrer_account: str
    child: Any | None
    live: Any | None
    stays: Sequence[Any]
    ratings: Sequence[Any]
    referrals: Sequence[Any]
    pairs: Sequence[queries.Pair]

    @property
    def children_shown(self) -> list[int]:
        """The children whose record this shows something of, for the trail."""
        own = [self.child.id] if self.child is not None else []
        return own + [pair.id for pair in self.pairs]


def beside(session: Session, by: Actor, referral: Referral) -> Beside:
    """Read what stands beside a referral, in a fixed number of statements."""
    triages = rules.may_decide(by, referral.area_id)
    people = _names(session, referral)
    child = session.execute(
        select(col(Child.id), col(Child.reference), col(Child.name), col(Child.born)).where(
            col(Child.id) == referral.child_id
        )
    ).first()
    history = triages and child is not None
    stays = _stays(session, referral.child_id) if history else []
    return Beside(
        area=session.scalar(select(col(Area.name)).where(col(Area.id) == referral.area_id)) or "",
        agency=session.scalar(select(col(Agency.name)).where(col(Agency.id) == referral.agency_id)) or "",
        decided_by=people.get(referral.decided_by_id or 0, ""),
        referrer_account=people.get(referral.referrer_id or 0, ""),
        child=child,
        live=next((stay for stay in stays if stay.state is not EntryState.CLOSED), None),
        stays=[stay for stay in stays if stay.state is EntryState.CLOSED],
        ratings=_ratings(session, referral.child_id) if history else [],
        referrals=_others(session, referral) if history else [],
        pairs=queries.pairs_of(session, referral.child_id) if triages and referral.state in rules.OPEN else [],
    )


def _names(session: Session, referral: Referral) -> dict[int, str]:
    wanted = {referral.decided_by_id, referral.referrer_id} - {None}
    rows = session.execute(select(col(Account.id), col(Account.name)).where(col(Account.id).in_(wanted)))
    return {row.id or 0: row.name for row in rows}


def _stays(session: Session, child_id: int) -> Sequence[Any]:
    return session.execute(
        select(
            col(ListEntry.state), col(ListEntry.listed_on), col(ListEntry.closed_on), col(ListEntry.closed_because),
            col(ListEntry.current_rating), col(ListEntry.provisional), col(ListEntry.next_review_on),
        )
        .where(col(ListEntry.child_id) == child_id)
        .order_by(col(ListEntry.id).desc())
    ).all()  # fmt: skip


def _ratings(session: Session, child_id: int) -> Sequence[Any]:
    return session.execute(
        select(col(Rating.rating), col(Rating.provisional), col(Rating.decided_on), col(Rating.rationale))
        .where(col(Rating.child_id) == child_id)
        .order_by(col(Rating.id).desc())
        .limit(MOST_RATINGS)
    ).all()


def _others(session: Session, referral: Referral) -> Sequence[Any]:
    return session.execute(
        select(
            col(Referral.reference), col(Referral.received_at), col(Referral.state), col(Referral.outcome),
            col(Referral.reason), col(Referral.decision_reason),
        )
        .where(col(Referral.child_id) == referral.child_id, col(Referral.id) != referral.key)
        .order_by(col(Referral.received_at).desc(), col(Referral.id).desc())
        .limit(MOST_REFERRALS)
    ).all()  # fmt: skip
