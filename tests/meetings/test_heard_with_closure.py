"""What a meeting heard when it closed a child: the referrer is told once that is final, and what came later waits."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.cse_list.service import live_entry, propose_closure
from meetings_app.meetings.checks import left_behind
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.closures import closure_of, sign
from meetings_app.meetings.drafting import draft_of
from meetings_app.meetings.unheard import on_no_agenda
from meetings_app.notices.models import OutboxMail
from meetings_app.notices.templates import NoticeKind
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.models import Referral, ReferralOutcome, ReferralState
from meetings_app.referrals.views import state_words
from meetings_app.schedule.models import Meeting
from tests.support.referrals import refer
from tests.support.rmm import ANSWERS, OFFICE, Rmm, closed, due, rated, rmm
from tests.support.world import NOW, actor_for

HANDED_OVER = replace(
    ANSWERS, still_at_risk=YesNoUnknown.YES, package_service="Invented service", package_contact="Testy McContact",
    package_starts_on=date(2026, 12, 1), package_agreed_by="Testy McAgreed", adult_at_risk=YesNoUnknown.NO,
    adult_at_risk_reason="An invented reason",
)  # fmt: skip


def told(session: Session) -> int:
    count = select(func.count()).select_from(OutboxMail).where(col(OutboxMail.kind) == NoticeKind.REFERRAL_OUTCOME)
    return session.scalar(count) or 0


def reasons(day: Rmm, meeting: Meeting, child: Child) -> list[str]:
    items = draft_of(day.session, meeting, OFFICE.partnership, NOW).items
    return [reason.code.value for item in items if item.child == child.reference for reason in item.reasons]


def closed_with_referral(day: Rmm, child: Child, *, adult: bool = False) -> Referral:
    """Let a meeting close a child about whom the police have referred again; nobody has signed."""
    session = day.session
    referral = refer(session, child, by=actor_for(session, day.world.police))
    referral.state, referral.decided_at = ReferralState.ACCEPTED, NOW
    session.flush()
    day.open()
    day.decide(child, closed(), HANDED_OVER if adult else ANSWERS)
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    return referral


def both_sign(day: Rmm, child: Child) -> None:
    closure = closure_of(day.session, day.meeting.key, child.key)
    assert closure is not None
    for who in ("chair_cs", "chair_fs"):
        sign(day.session, day.act(who), NOW, OFFICE, closure)
    day.operator()


@pytest.mark.parametrize("adult", [False, True])
def test_the_referrer_is_told_what_became_of_it_with_the_second_signature(session: Session, adult: bool) -> None:
    day = rmm(session)
    child = due(session, leaving=True, born=date(2008 if adult else 2011, 1, 5))
    referral = closed_with_referral(day, child, adult=adult)
    assert (state_words(referral), told(session)) == ("Heard at the RMM", 0)
    assert "new_referral" not in reasons(day, day.later[0], child)
    today = NOW.date()
    assert [*left_behind(session, today), *on_no_agenda(session, today, OFFICE.partnership)] == []
    both_sign(day, child)
    session.refresh(referral)
    ended = "Heard: handed over to adult services with a support package" if adult else "Heard: no CSE risk identified"
    assert (state_words(referral), told(session)) == (ended, 1)


def test_where_the_closure_returns_the_referrer_is_told_that_the_child_is_listed(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    referral = closed_with_referral(day, child)
    day.meeting, *day.later = day.later
    day.open()
    day.decide(child, rated(session, RiskRating.MEDIUM))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    session.refresh(referral)
    assert (referral.state, referral.outcome, told(session)) == (ReferralState.HEARD, ReferralOutcome.LISTED, 1)


def test_a_closure_proposed_after_the_decision_waits_for_the_next_meeting(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    entry = live_entry(session, child.key)
    assert entry is not None
    by = actor_for(session, day.world.chair_cs)
    entry.lead_agency_id = by.agency_id
    day.open()
    day.decide(child, rated(session, RiskRating.MEDIUM))
    day.operator()
    later = NOW + timedelta(hours=1)
    proposal = propose_closure(session, by, later, entry, "Invented: proposed the same afternoon.")
    close_meeting(session, day.act("chair_cs"), later + timedelta(hours=1), OFFICE, day.meeting, day.meeting.version)
    day.operator()
    assert proposal.heard_at_meeting_id is None
    assert "closure_proposed" in reasons(day, day.later[0], child)
