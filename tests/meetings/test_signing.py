"""Between the meeting that closed a child and the second signature something may happen: then the child stays."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.actions.rules import ActionAnswer, AnswerKind
from meetings_app.actions.service import answer, give
from meetings_app.children.models import Child
from meetings_app.cse_list.models import Closure, ClosureState
from meetings_app.cse_list.service import live_entry
from meetings_app.db.session import act_for
from meetings_app.errors import DomainError
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.closures import closure_of, sign
from meetings_app.meetings.deciding import add_action
from meetings_app.meetings.drafting import draft_of
from meetings_app.permissions import OPERATOR
from meetings_app.referrals.models import ChangeKind, ReferralState
from meetings_app.referrals.service import Decision, decide, report_change
from tests.support.browsing import browser
from tests.support.children import agency_id
from tests.support.referrals import refer
from tests.support.rmm import ANSWERS, OFFICE, Rmm, closed, due, rmm
from tests.support.world import NOW

DUE_ON = date(2026, 12, 16)


def signed_once(day: Rmm, child: Child) -> Closure:
    """Let the meeting close a child, give one action with it, and let the first chair sign."""
    day.open()
    day.decide(child, closed(), ANSWERS)
    chair = day.act("chair_cs")
    police = day.world.police
    add_action(
        day.session, chair, NOW, day.meeting, day.item(child), what="Follow up, as invented",
        agency_id=police.agency_id, owner_id=police.key, due_on=DUE_ON,
    )  # fmt: skip
    close_meeting(day.session, chair, NOW, OFFICE, day.meeting, day.meeting.version)
    closure = closure_of(day.session, day.meeting.key, child.key)
    assert closure is not None
    sign(day.session, chair, NOW, OFFICE, closure)
    day.operator()
    return closure


def goes_missing(day: Rmm, child: Child) -> None:
    report_change(day.session, OPERATOR, NOW, child, ChangeKind.MISSING_EPISODE, NOW.date(), "Missing, as invented")


def is_referred_again(day: Rmm, child: Child) -> None:
    referral = refer(day.session, child)
    known = Decision(ReferralState.ALREADY_KNOWN, "On the list, as invented")
    decide(day.session, OPERATOR, NOW, OFFICE, referral, referral.version, known)


def is_referred_anew(day: Rmm, child: Child) -> None:
    refer(day.session, child)


def is_referred_and_accepted(day: Rmm, child: Child) -> None:
    referral = refer(day.session, child)
    decide(day.session, OPERATOR, NOW, OFFICE, referral, referral.version, Decision(ReferralState.ACCEPTED))


def turns_18(day: Rmm, child: Child) -> None:
    child.born = date(2008, 11, 23)
    day.session.flush()


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (goes_missing, "change in circumstances was reported after the meeting decided"),
        (is_referred_again, "change in circumstances was reported after the meeting decided"),
        (is_referred_anew, "referral that the meeting did not hear with this closure waits: R-"),
        (is_referred_and_accepted, "referral that the meeting did not hear with this closure waits: R-"),
        (turns_18, "is 18 now, and the closure does not say what support follows"),
    ],
)
def test_what_happens_before_the_second_signature_keeps_the_child_and_brings_the_closure_back(
    session: Session, happens: Callable[[Rmm, Child], None], said: str
) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    closure = signed_once(day, child)
    happens(day, child)
    with pytest.raises(DomainError, match=said):
        sign(session, day.act("chair_fs"), NOW, OFFICE, closure, closure.version)
    day.operator()
    entry = live_entry(session, child.key)
    assert entry is not None
    assert (closure.state, closure.second_signed_at) == (ClosureState.CLOSING, None)
    following = day.later[0]
    assert entry.next_meeting_id == following.key, "the next RMM decides again"
    assert child.reference in {item.child for item in draft_of(session, following, OFFICE.partnership, NOW).items}


def test_an_action_given_after_the_meeting_is_answered_first_and_one_that_it_gave_follows(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    closure = signed_once(day, child)
    police, owner = agency_id(session, "police"), day.world.police.key
    given = give(session, OPERATOR, NOW, child, "Given since, as invented", police, owner, DUE_ON)
    with pytest.raises(DomainError, match=f"open: {given.reference}. Record the answer first"):
        sign(session, day.act("chair_fs"), NOW, OFFICE, closure, closure.version)
    day.operator()
    done = ActionAnswer(AnswerKind.DONE, "Done, as invented")
    answer(session, OPERATOR, NOW, given, given.version, done, OFFICE.partnership.ratings.actions)
    assert sign(session, day.act("chair_fs"), NOW, OFFICE, closure, closure.version)


def test_a_referral_that_ends_in_triage_or_that_the_meeting_heard_holds_up_no_signature(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    heard = refer(session, child)
    decide(session, OPERATOR, NOW, OFFICE, heard, heard.version, Decision(ReferralState.ACCEPTED))
    closure = signed_once(day, child)
    later = refer(session, child)
    with pytest.raises(DomainError, match=f"waits: {later.reference}\\."):
        sign(session, day.act("chair_fs"), NOW, OFFICE, closure, closure.version)
    day.operator()
    ended = Decision(ReferralState.TRANSFERRED, "Invented.", "Invented Borough", "Testy McContact")
    decide(session, OPERATOR, NOW, OFFICE, later, later.version, ended)
    assert sign(session, day.act("chair_fs"), NOW, OFFICE, closure, closure.version)


def test_the_pages_on_which_chairs_sign_say_it_before_it_is_met(app: Flask, sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        act_for(session, OPERATOR)
        day = rmm(session)
        child = due(session, leaving=True)
        signed_once(day, child)
        reference, item = day.meeting.reference, day.item(child).number
        other = browser(app, "chair-fs")
        session.commit()
        for address in ("/closures", f"/meetings/{reference}/items/{item}"):
            assert f"/closures/{child.reference}/sign" in other.get(address).text
        goes_missing(day, child)
        session.commit()
    for address in ("/closures", f"/meetings/{reference}/items/{item}"):
        page = other.get(address).text
        assert "change in circumstances was reported after the meeting decided this closure" in page
        assert "the next RMM hears the child and decides again" in page
        assert f"/closures/{child.reference}/sign" not in page
