"""Many people accept the same referral at the same moment: one does, the others are told. Both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.audit.trail import verify
from meetings_app.db.session import act_for, reading, writing
from meetings_app.errors import Conflict
from meetings_app.permissions import OPERATOR, Actor
from meetings_app.referrals import queries
from meetings_app.referrals.models import ReferralState
from meetings_app.referrals.service import Decision, decide
from tests.support.meetings import office
from tests.support.own_database import own_database
from tests.support.referrals import refer
from tests.support.world import NOW, actor_for, tiny_world

THREADS = 50
"""How many stand at the barrier together, more than the pool has connections."""


def accept(
    sessions: sessionmaker[Session], by: Actor, reference: str, version: int, barrier: Barrier
) -> tuple[str, str] | None:
    """Accept as a request does: the form was opened before; gives the two texts where somebody was first."""
    barrier.wait()
    try:
        with writing(sessions, by) as session:
            referral = queries.find_referral(session, reference)
            assert referral is not None
            decide(session, by, NOW, office(), referral, version, Decision(ReferralState.ACCEPTED, "One of many"))
    except Conflict as told:
        return (told.theirs, told.ours)
    return None


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_fifty_who_accept_one_referral_at_once_exactly_one_does(kind: str, tmp_path: Path) -> None:
    with own_database(kind, tmp_path) as sessions:
        with sessions() as session:
            act_for(session, OPERATOR)
            world = tiny_world(session)
            by, referral = actor_for(session, world.coordinator), refer(session)
            session.commit()
            reference, version = referral.reference, referral.version
        barrier = Barrier(THREADS)
        with ThreadPoolExecutor(THREADS) as pool:
            told = list(pool.map(lambda _: accept(sessions, by, reference, version, barrier), range(THREADS)))
        assert told.count(None) == 1
        assert set(told) == {None, ("Accepted: One of many", "One of many")}
        with reading(sessions, OPERATOR) as session:
            decided = select(col(AuditEvent.id)).where(col(AuditEvent.kind) == "referral_decided")
            assert len(session.scalars(decided).all()) == 1
            assert verify(session)[1] is None
            found = queries.find_referral(session, reference)
            assert found is not None
            assert (found.state, found.version) == (ReferralState.ACCEPTED, version + 1)
