"""Nothing falls off between two meetings: what one did not hear comes to the next, wherever the child lives then."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from meetings_app.child_record.service import edit_details
from meetings_app.children.models import Child
from meetings_app.children.service import ChildDetails
from meetings_app.db.session import act_for
from meetings_app.errors import RuleBroken
from meetings_app.meetings import adjusting, arranging
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.consequences import rehearse
from meetings_app.meetings.deciding import defer_the_rest
from meetings_app.meetings.drafting import draft_of
from meetings_app.meetings.publishing import add_late_item
from meetings_app.permissions import Role
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.models import ChangeKind, Referral, ReferralOutcome, ReferralState
from meetings_app.referrals.service import report_change
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.children import add_meeting, agency_id, area_id, put_on_list
from tests.support.rmm import OFFICE, Rmm, child_of, deferred, due, rated, rmm
from tests.support.world import NOW, actor_for, add_account

FAR = date(2027, 1, 20)
AFTER_THE_FIRST = NOW + timedelta(days=5)
"""A moment when the day of the first meeting of the series has passed, and the second is still to come."""


@pytest.fixture
def day(session: Session) -> Rmm:
    return rmm(session)


def quiet(day: Rmm, **details: object) -> Child:
    """A child on the list whom nothing brings to a meeting for a long time."""
    return child_of(day.session, put_on_list(day.session, None, RiskRating.MEDIUM, review_on=FAR, **details))  # type: ignore[arg-type]


def added(day: Rmm, child: Child, meeting: Meeting | None = None) -> None:
    adjusting.add_by_hand(
        day.session, day.act("coordinator"), NOW, meeting or day.meeting, child, "An invented call from the school"
    )


def reasons(session: Session, meeting: Meeting, child: Child, now: datetime = NOW) -> list[str]:
    agenda = draft_of(session, meeting, OFFICE.partnership, now)
    return [reason.text for item in agenda.items if item.child_id == child.key for reason in item.reasons]


def cancel(day: Rmm, meeting: Meeting, now: datetime = NOW) -> arranging.Arranged:
    return arranging.cancel_meeting(
        day.session, day.act("coordinator"), now, OFFICE, meeting, meeting.version, "The heating failed"
    )


def close(day: Rmm, now: datetime = NOW) -> None:
    close_meeting(day.session, day.act("chair_cs"), now, OFFICE, day.meeting, day.meeting.version)
    day.operator()


def move(day: Rmm, child: Child, area: str) -> None:
    details = ChildDetails(
        name=child.name, born=child.born, area_id=area_id(day.session, area), gender=child.gender,
        ethnicity=child.ethnicity, school_name=child.school_name, legal_status=child.legal_status,
        external_reference=child.external_reference, learning_disability=child.learning_disability,
        looked_after=child.looked_after,
    )  # fmt: skip
    edit_details(day.session, day.act("coordinator"), NOW, child, child.version, details)
    day.operator()


def test_a_child_added_by_hand_comes_to_the_next_meeting_when_this_one_is_cancelled_unpublished(day: Rmm) -> None:
    child = quiet(day)
    added(day, child)
    shown = rehearse(day.session, lambda: cancel(day, day.meeting))
    assert [(one.child, one.before, one.after, one.on_agenda) for one in shown] == [
        (child.reference, day.meeting.reference, day.later[0].reference, True)
    ]
    cancel(day, day.meeting)
    assert reasons(day.session, day.later[0], child) == [
        f"Not reached at {day.meeting.reference}: Added by hand: An invented call from the school"
    ]


def test_a_meeting_whose_day_has_passed_is_not_named_as_the_next_to_hear_a_child(day: Rmm) -> None:
    second, third = day.later[:2]
    child = quiet(day)
    added(day, child, second)
    shown = rehearse(day.session, lambda: cancel(day, second, AFTER_THE_FIRST))
    assert [(one.child, one.after) for one in shown] == [(child.reference, third.reference)]
    cancel(day, second, AFTER_THE_FIRST)
    assert len(reasons(day.session, third, child, AFTER_THE_FIRST)) == 1


def test_a_child_added_by_hand_to_a_published_agenda_keeps_the_reason_when_it_is_cancelled(day: Rmm) -> None:
    child, late = quiet(day), quiet(day)
    added(day, child)
    day.publish()
    add_late_item(day.session, day.act("coordinator"), NOW, OFFICE, day.meeting, late, "An invented late call")
    cancel(day, day.meeting)
    assert reasons(day.session, day.later[0], child) == [
        f"Not reached at {day.meeting.reference}: Added by hand: An invented call from the school"
    ]
    assert reasons(day.session, day.later[0], late) == [
        f"Not reached at {day.meeting.reference}: An invented late call"
    ]


@pytest.mark.parametrize("published", [False, True])
def test_a_meeting_that_nobody_opened_on_its_day_passes_its_children_on(day: Rmm, *, published: bool) -> None:
    child = quiet(day)
    added(day, child)
    if published:
        day.publish()
    day.operator()
    assert reasons(day.session, day.later[0], child) == [], "until its day is over the meeting can be held"
    assert reasons(day.session, day.later[0], child, AFTER_THE_FIRST) == [
        f"Not reached at {day.meeting.reference}: Added by hand: An invented call from the school"
    ]


def test_a_meeting_that_was_opened_holds_its_children_until_it_is_closed(day: Rmm) -> None:
    child = quiet(day)
    added(day, child)
    day.open()
    day.operator()
    assert reasons(day.session, day.later[0], child, AFTER_THE_FIRST) == []
    defer_the_rest(
        day.session, day.act("coordinator"), NOW, OFFICE, day.meeting, agency_id(day.session, "police"), "No time"
    )
    close(day)
    assert reasons(day.session, day.later[0], child, AFTER_THE_FIRST) == [
        f"Deferred at {day.meeting.reference}: No time"
    ]


def test_what_a_later_meeting_did_not_reach_is_heard_once_by_an_earlier_one_prepared_after_that(day: Rmm) -> None:
    child = quiet(day)
    added(day, child, day.later[1])
    cancel(day, day.later[1], NOW - timedelta(minutes=1))
    assert len(reasons(day.session, day.meeting, child)) == 1
    day.open()
    day.decide(child, rated(day.session, RiskRating.LOW))
    close(day)
    assert reasons(day.session, day.later[0], child) == []


def test_the_17th_birthday_is_not_skipped_when_the_meeting_after_it_was_never_held(day: Rmm) -> None:
    held = add_meeting(day.session, date(2026, 11, 17), state=MeetingState.CLOSED)
    child = quiet(day, born=date(2009, 11, 20))
    before = quiet(day, born=date(2009, 11, 10))
    birthday = ["Transition: 17th birthday 20 November 2026"]
    assert reasons(day.session, day.meeting, child) == birthday
    assert reasons(day.session, day.later[0], child) == [], "the first meeting is still to hear it"
    assert reasons(day.session, day.later[0], child, AFTER_THE_FIRST) == birthday
    assert reasons(day.session, day.later[0], before, AFTER_THE_FIRST) == [], f"heard at {held.reference}"


@pytest.mark.parametrize("passed_on", ["deferred", "deferred by hand", "cancelled", "cancelled unpublished"])
def test_what_one_area_passed_on_follows_the_child_to_another(day: Rmm, passed_on: str) -> None:
    session, child = day.session, quiet(day)
    elsewhere = add_meeting(session, date(2026, 12, 2), "NW")
    by_hand = "Added by hand: An invented call from the school"
    added(day, child)
    if passed_on == "deferred":
        day.open()
        day.decide(child, deferred(session))
        close(day)
        said = f"Deferred at {day.meeting.reference}: An invented report is missing."
    elif passed_on == "deferred by hand":
        adjusting.defer_by_hand(
            session, day.act("coordinator"), NOW, OFFICE.partnership, day.meeting, child, "A report is missing"
        )
        day.open()
        close(day)
        said = f"Deferred at {day.meeting.reference}: A report is missing"
    else:
        if passed_on == "cancelled":
            day.publish()
        cancel(day, day.meeting)
        said = f"Not reached at {day.meeting.reference}: {by_hand}"
    move(day, child, "NW")
    assert reasons(session, day.later[0], child) == []
    assert reasons(session, elsewhere, child) == [said]
    coordinator = add_account(session, "coordinator.nw", Role.COORDINATOR, "childrens-services", ["NW"])
    act_for(session, actor_for(session, coordinator))
    assert reasons(session, elsewhere, child) == [said], "whoever prepares the new area's agenda sees it too"


def test_a_child_added_by_hand_who_moves_before_the_meeting_comes_to_the_new_area_s(day: Rmm) -> None:
    child = quiet(day)
    elsewhere = add_meeting(day.session, date(2026, 12, 2), "NW")
    added(day, child)
    move(day, child, "NW")
    assert reasons(day.session, day.meeting, child) == []
    assert reasons(day.session, elsewhere, child) == [
        f"Not reached at {day.meeting.reference}: Added by hand: An invented call from the school"
    ]


def test_a_child_is_not_deferred_by_hand_more_often_than_the_rmm_may_defer(day: Rmm) -> None:
    child = due(day.session, RiskRating.HIGH)

    def defer(meeting: Meeting) -> None:
        coordinator = day.act("coordinator")
        adjusting.defer_by_hand(
            day.session, coordinator, NOW, OFFICE.partnership, meeting, child, "A report is missing"
        )

    defer(day.meeting)
    defer(day.later[0])
    with pytest.raises(RuleBroken, match="deferred from 2 meetings in a row"):
        defer(day.later[1])
    added(day, child, day.later[0])
    defer(day.later[1])


def test_a_disclosure_after_a_deferral_by_hand_brings_the_child_back(day: Rmm) -> None:
    child = due(day.session, RiskRating.HIGH)
    adjusting.defer_by_hand(
        day.session, day.act("coordinator"), NOW, OFFICE.partnership, day.meeting, child, "A report is missing"
    )
    day.operator()
    assert reasons(day.session, day.meeting, child) == []
    later = NOW + timedelta(minutes=5)
    report_change(
        day.session, day.act("coordinator"), later, child, ChangeKind.DISCLOSURE, date(2026, 11, 22), "Invented."
    )
    day.operator()
    back = reasons(day.session, day.meeting, child, later)
    assert any(
        "disclosure" in text and text.endswith("came after the deferral from this agenda: A report is missing")
        for text in back
    )


def test_a_child_who_came_back_and_was_heard_is_not_passed_on_as_deferred(day: Rmm) -> None:
    child = quiet(day)
    adjusting.defer_by_hand(
        day.session,
        day.act("coordinator"),
        NOW - timedelta(hours=1),
        OFFICE.partnership,
        day.meeting,
        child,
        "A report is missing",
    )
    report_change(
        day.session, day.act("coordinator"), NOW - timedelta(minutes=5), child, ChangeKind.DISCLOSURE,
        date(2026, 11, 22), "Invented.",
    )  # fmt: skip
    day.open()
    day.decide(child, rated(day.session, RiskRating.LOW))
    close(day)
    assert reasons(day.session, day.later[0], child) == []


@pytest.mark.parametrize(
    ("returned_at", "heard"),
    [(NOW - timedelta(days=1), False), (NOW - timedelta(days=20), True)],
    ids=["still in its time", "not answered in its time"],
)
def test_a_returned_referral_is_heard_once_its_time_for_an_answer_has_passed(
    day: Rmm, returned_at: datetime, *, heard: bool
) -> None:
    child = due(day.session)
    referral = Referral(
        reference="R-99999", child_id=child.key, area_id=child.area_id, referrer_name="Testy McReferrer",
        agency_id=agency_id(day.session, "education"), state=ReferralState.RETURNED, reason="An invented reason.",
        received_at=returned_at - timedelta(days=1), decided_at=returned_at,
    )  # fmt: skip
    day.session.add(referral)
    day.session.flush()
    day.open()
    day.decide(child, rated(day.session, RiskRating.MEDIUM))
    close(day)
    if heard:
        assert (referral.state, referral.outcome) == (ReferralState.HEARD, ReferralOutcome.LISTED)
    else:
        assert (referral.state, referral.outcome) == (ReferralState.RETURNED, None)


def test_what_came_after_the_decision_waits_for_the_next_meeting(day: Rmm) -> None:
    child = due(day.session)
    day.open()
    day.decide(child, rated(day.session, RiskRating.MEDIUM))
    later = NOW + timedelta(days=2)
    referral = Referral(
        reference="R-99998", child_id=child.key, area_id=child.area_id, referrer_name="Testy McReferrer",
        agency_id=agency_id(day.session, "education"), state=ReferralState.ACCEPTED, reason="An invented reason.",
        received_at=NOW - timedelta(days=1), decided_at=later,
    )  # fmt: skip
    day.session.add(referral)
    report_change(
        day.session, day.act("coordinator"), later, child, ChangeKind.DISCLOSURE, date(2026, 11, 25), "Invented."
    )
    close(day, later + timedelta(hours=1))
    assert referral.state is ReferralState.ACCEPTED
    said = reasons(day.session, day.later[0], child, AFTER_THE_FIRST)
    assert "New referral received 22 November 2026" in said
    assert any("disclosure, 25 November 2026" in text for text in said)
