"""The agenda drafts itself from the database: everybody who is due, in a fixed number of statements."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.accounts.models import Account
from meetings_app.actions.models import Action, ActionState
from meetings_app.db.session import act_for
from meetings_app.meetings.drafting import draft_of
from meetings_app.meetings.models import AdjustmentKind, AgendaAdjustment
from meetings_app.partnership import load
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind, Referral, ReferralState
from meetings_app.resources import folder
from meetings_app.schedule.models import Meeting
from tests.support.children import add_child, agency_id, child_of, put_on_list
from tests.support.meetings import series
from tests.support.world import NOW, tiny_world

PARTNERSHIP = load(folder("agendas"))
FAR = date(2027, 2, 1)


@pytest.fixture
def meeting(session: Session) -> Meeting:
    tiny_world(session)
    act_for(session, OPERATOR)
    return series(session)[0]


def reasons(session: Session, meeting: Meeting) -> dict[str, list[str]]:
    agenda = draft_of(session, meeting, PARTNERSHIP, NOW)
    return {item.child: [reason.code.value for reason in item.reasons] for item in agenda.items}


def refer(session: Session, child_id: int, area_id: int, state: ReferralState = ReferralState.RECEIVED) -> Referral:
    referral = Referral(
        reference=f"R-{child_id:05}", child_id=child_id, area_id=area_id, agency_id=agency_id(session, "education"),
        referrer_name="Testy McReferrer", received_at=NOW - timedelta(days=5), reason="An invented reason.",
        state=state,
    )  # fmt: skip
    session.add(referral)
    session.flush()
    return referral


def _somebody(session: Session) -> int:
    return session.scalars(select(Account)).all()[0].key


def overdue(session: Session, child_id: int, area_id: int) -> Action:
    action = Action(
        reference=f"A-{child_id:05}", child_id=child_id, area_id=area_id, what="Call the school",
        agency_id=agency_id(session, "police"), owner_id=_somebody(session), due_on=date(2026, 11, 16),
        first_due_on=date(2026, 11, 16), state=ActionState.OPEN, created_at=NOW,
    )  # fmt: skip
    session.add(action)
    session.flush()
    return action


def test_a_review_due_before_the_following_meeting_is_on_the_agenda_and_a_later_one_is_not(
    session: Session, meeting: Meeting
) -> None:
    due = child_of(session, put_on_list(session, review_on=date(2026, 11, 30)))
    put_on_list(session, review_on=date(2026, 12, 1))
    assert reasons(session, meeting) == {due.reference: ["review_due"]}


def test_an_accepted_referral_a_change_and_an_overdue_action_each_bring_their_child(
    session: Session, meeting: Meeting
) -> None:
    referred = add_child(session)
    refer(session, referred.key, referred.area_id, state=ReferralState.ACCEPTED)
    waiting = add_child(session)
    refer(session, waiting.key, waiting.area_id)
    changed = put_on_list(session, review_on=FAR)
    session.add(
        ChangeInCircumstances(
            child_id=changed.child_id, kind=ChangeKind.MISSING_EPISODE, happened_on=date(2026, 11, 18),
            reported_at=NOW - timedelta(days=4), text="An invented change.",
        )
    )  # fmt: skip
    late_action = put_on_list(session, review_on=FAR)
    overdue(session, late_action.child_id, late_action.area_id)
    provisional = put_on_list(session, review_on=FAR, provisional=True, rating=RiskRating.LOW)
    assert reasons(session, meeting) == {
        referred.reference: ["new_referral"],
        child_of(session, changed).reference: ["change_in_circumstances"],
        child_of(session, late_action).reference: ["overdue_action"],
        child_of(session, provisional).reference: ["provisional_rating"],
    }


def test_whoever_turned_17_since_the_last_meeting_or_is_nearly_18_comes_with_the_transition(
    session: Session, meeting: Meeting
) -> None:
    today_17 = child_of(session, put_on_list(session, review_on=FAR, born=date(2009, 11, 24)))
    nearly_18 = child_of(session, put_on_list(session, review_on=FAR, born=date(2009, 2, 1)))
    put_on_list(session, review_on=FAR, born=date(2009, 11, 25))
    assert reasons(session, meeting) == {today_17.reference: ["transition"], nearly_18.reference: ["transition"]}


def test_a_child_of_another_area_is_not_on_it(session: Session, meeting: Meeting) -> None:
    series(session, "NW")
    put_on_list(session, review_on=date(2026, 11, 1), area="NW")
    assert reasons(session, meeting) == {}


def test_what_people_change_by_hand_counts_and_the_last_word_wins(session: Session, meeting: Meeting) -> None:
    added = put_on_list(session, review_on=FAR)
    deferred = put_on_list(session, review_on=date(2026, 11, 24))
    for entry, kind in ((added, "added"), (deferred, "deferred")):
        session.add(
            AgendaAdjustment(
                meeting_id=meeting.key, child_id=entry.child_id, kind=AdjustmentKind(kind), reason="An invented reason",
                made_at=NOW - timedelta(days=4),
            )
        )  # fmt: skip
    session.flush()
    agenda = draft_of(session, meeting, PARTNERSHIP, NOW)
    assert [item.child for item in agenda.items] == [child_of(session, added).reference]
    absent = {entry.child: entry.why for entry in agenda.not_on_agenda}
    assert absent[child_of(session, deferred).reference] == (
        "deferred from this agenda: An invented reason; waiting: Review due 24 November 2026"
    )


def statements_of(session: Session, meeting: Meeting) -> int:
    sent: list[str] = []
    engine = session.get_bind()

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        draft_of(session, meeting, PARTNERSHIP, NOW)
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    return len(sent)


def test_it_asks_as_few_statements_for_many_children_as_for_one(session: Session, meeting: Meeting) -> None:
    put_on_list(session, review_on=date(2026, 11, 24))
    one = statements_of(session, meeting)
    for _ in range(40):
        put_on_list(session, review_on=date(2026, 11, 24))
    assert statements_of(session, meeting) == one <= 15
