"""What is pointed out before an agenda or minutes are issued, and going on all the same with a reason."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import RuleBroken
from meetings_app.meetings.agency_views import record_view
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.closing_checks import checks_before_closing
from meetings_app.meetings.conflicts import declare
from meetings_app.meetings.models import CheckOverride, Stage
from meetings_app.meetings.presence import room_of, set_room
from meetings_app.meetings.publishing import publish
from meetings_app.meetings.publishing_checks import checks_before_publishing
from meetings_app.minutes.issuing import issue
from meetings_app.minutes.issuing_checks import checks_before_issuing
from meetings_app.preparing.models import Answer, Attending
from meetings_app.preparing.rules import Attendance, Information
from meetings_app.preparing.service import send, send_attendance
from meetings_app.ratings.models import RANK, RiskRating
from meetings_app.schedule.models import MeetingMember, MeetingState, Reply
from tests.support.browsing import browser, text_of
from tests.support.children import agency_id, put_on_list
from tests.support.rmm import OFFICE, Rmm, deferred, due, rated, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW


def pointed(session: Session, day: Rmm) -> dict[str, tuple[str, ...]]:
    day.act("coordinator")
    return {doubt.why: doubt.numbers for doubt in checks_before_publishing(session, OFFICE, day.meeting, NOW)}


def test_what_is_pointed_out_of_an_agenda_is_gone_past_with_a_reason_that_is_kept_and_shown(
    app: Flask, session: Session
) -> None:
    day = rmm(session)
    high = due(session, RiskRating.HIGH)
    entry = put_on_list(session, None, RiskRating.MEDIUM, review_on=day.meeting.held_on, lead=None)
    entry.next_meeting_id = None
    session.flush()
    low = put_on_list(session, None, RiskRating.LOW, review_on=day.meeting.held_on, lead=None)
    assert low.next_meeting_id
    police, apologies = day.act("police"), Attendance(Attending.APOLOGIES, None, "Nobody is free, as invented.")
    send(session, police, NOW, day.meeting, high.key, Information(Answer.NOTHING_KNOWN))
    send_attendance(session, police, NOW, day.meeting, apologies, ())
    found = pointed(session, day)
    # A rating of low asks for no lead agency. What is still to come asks for no reason.
    assert found["No lead agency"] == found["No meeting stands for the next review"] == ("6.2",)
    assert found["High or urgent, and the police send apologies"] == ("6.1",)
    assert found["Police has sent no information yet"] == ("6.2", "6.3")
    assert found["Health has sent no information yet"] == ("6.1", "6.2", "6.3")
    with pytest.raises(RuleBroken):
        publish(session, day.act("coordinator"), NOW, OFFICE, day.meeting, day.meeting.version, " ")
    assert day.meeting.state is MeetingState.ANNOUNCED
    assert session.scalars(select(CheckOverride)).all() == []
    day.keep_apart("chair_cs", high.key)
    session.commit()
    at = f"/meetings/{day.meeting.reference}/agenda"
    session.close()
    coordinator = browser(app, "coordinator")
    form = form_to(text_of(coordinator, f"{at}/publish"), f"{at}/publish")
    refused = coordinator.post(f"{at}/publish", data=form.values)
    assert (refused.status_code, "Enter why you go on" in refused.get_data(as_text=True)) == (400, True)
    sent = form.with_values(despite="Canarydespite, the police ring in.")
    assert coordinator.post(f"{at}/publish", data=sent).status_code == 302
    for who, sees in (("coordinator", True), ("chair-fs", True), ("chair-cs", False), ("police", False)):
        page = text_of(browser(app, who), at)
        assert ("Canarydespite" in page) is sees, who
        assert ("the police send apologies" in page) is sees, who
    # A chair who is kept from an item learns that somebody went on, and nothing of why.
    assert "Published all the same" in text_of(browser(app, "chair-cs"), at)
    day.operator()
    [event] = session.scalars(select(AuditEvent).where(col(AuditEvent.kind) == "checks_overridden")).all()
    assert event.facts["checks"] == "no_information, no_lead_agency, no_next_review, no_police, no_quorum"
    assert "Canary" not in str(event.facts)
    assert re.fullmatch("[0-9a-f]{64}", event.facts["sha256"])


def test_police_of_whom_nobody_is_invited_or_everybody_declined_are_pointed_out(session: Session) -> None:
    day = rmm(session)
    due(session, RiskRating.HIGH)
    assert not [why for why in pointed(session, day) if why.startswith("High")]
    day.operator()
    member = session.scalars(
        select(MeetingMember).where(
            col(MeetingMember.meeting_id) == day.meeting.key, col(MeetingMember.account_id) == day.world.police.key
        )
    ).one()
    member.reply, member.replied_at = Reply.DECLINED, NOW
    session.flush()
    assert pointed(session, day)["High or urgent, and everybody of the police has declined"] == ("6.1",)
    day.operator()
    member.removed_at = NOW
    session.flush()
    assert pointed(session, day)["High or urgent, and nobody of the police is invited"] == ("6.1",)


def test_what_is_pointed_out_of_the_minutes_is_gone_past_with_a_reason(session: Session) -> None:
    day = rmm(session)
    high, medium = due(session, RiskRating.HIGH), due(session)
    send(session, day.act("police"), NOW, day.meeting, high.key, Information(Answer.NOTHING_KNOWN))
    day.open()
    chair = day.act("chair_cs")
    for child in (high, medium):
        for agency in ("childrens-services", "health"):
            record_view(
                session, chair, NOW, day.meeting, day.item(child), agency_id(session, agency), "Told, as invented.",
                dissents=False,
            )  # fmt: skip
    room = room_of(session, day.meeting, day.item(high))
    police = [each.attendance_id for each in room.people if each.agency_code == "police"]
    set_room(session, chair, NOW, day.meeting, day.item(high), police, room.seen)
    day.decide(high, rated(session, RiskRating.HIGH))
    day.decide(medium, rated(session, RiskRating.MEDIUM))
    numbers = day.item(high).number, day.item(medium).number
    chair = day.act("chair_cs")
    doubts = checks_before_closing(session, OFFICE, day.meeting, NOW)
    # What the rating still asks for is to be taken up in the meeting, or later outside it.
    before = {doubt.why: doubt.numbers for doubt in doubts if doubt.code != "rating_asks"}
    minutes = close_meeting(
        session, chair, NOW, OFFICE, day.meeting, day.meeting.version, although="Rung, as invented."
    )  # fmt: skip
    found = {doubt.why: doubt.numbers for doubt in checks_before_issuing(session, OFFICE, day.meeting, minutes, NOW)}
    assert found == before, "what was pointed out before closing is pointed out before issuing"
    assert found == {
        "High risk before the meeting or after it, and the police were not in the room": numbers[:1],
        # Health and Children’s Services told it in the meeting; the police of the other child only, and before it.
        "Police told nothing": numbers[1:],
        # They are expected as well, and were asked.
        "Family Services told nothing about any child heard": (),
        "Education told nothing about any child heard": (),
    }
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Rung afterwards, as invented.")
    [closing, kept] = session.scalars(select(CheckOverride).order_by(col(CheckOverride.id))).all()
    assert (closing.stage, closing.reason) == (Stage.CLOSING, "Rung, as invented.")
    assert (kept.reason, kept.number, kept.by_id) == (
        "Rung afterwards, as invented.", 1, day.world.coordinator.key
    )  # fmt: skip
    assert [each["code"] for each in kept.pointed] == ["no_police", *["no_information"] * 3]
    day.act("police")
    assert session.scalars(select(CheckOverride)).all() == []


def closed_without_the_police(session: Session) -> tuple[Rmm, Child, Child]:
    """A meeting at which nobody of the police was, closed with a reason over a child at high risk."""
    day = rmm(session)
    high, low = due(session, RiskRating.HIGH, name="Canaryhigh McExample"), due(session, RiskRating.LOW)
    day.open(("chair_cs", "chair_fs", "health"))
    day.decide(high, deferred(session))
    day.decide(low, deferred(session))
    chair = day.act("chair_cs")
    close_meeting(session, chair, NOW, OFFICE, day.meeting, day.meeting.version, although="Canarywhy, as invented.")
    return day, high, low


def test_a_reason_given_at_the_close_is_shown_before_issuing_and_not_asked_for_again(
    app: Flask, session: Session
) -> None:
    day, high, _low = closed_without_the_police(session)
    day.keep_apart("chair_cs", high.key)
    session.commit()
    at = f"/meetings/{day.meeting.reference}/minutes/issue"
    for who, sees in (("coordinator", True), ("chair-fs", True), ("chair-cs", False)):
        page = text_of(browser(app, who), at)
        assert ("Canarywhy, as invented." in page) is sees, who
        assert "despite" not in form_to(page, at).values, who
    assert "Gone past at the close, because: Canarywhy" in words(text_of(browser(app, "coordinator"), at))
    coordinator = browser(app, "coordinator")
    assert coordinator.post(at, data=form_to(text_of(coordinator, at), at).values).status_code == 302
    session.close()
    day.operator()
    assert [each.stage for each in session.scalars(select(CheckOverride))] == [Stage.CLOSING]
    wanted = select(AuditEvent).where(col(AuditEvent.kind) == "checks_overridden").order_by(col(AuditEvent.id))
    [closing, issuing] = session.scalars(wanted).all()
    assert (issuing.facts["stage"], issuing.facts["given"]) == ("minutes", "closing")
    assert issuing.facts["sha256"] == closing.facts["sha256"]
    assert "no_police" in issuing.facts["checks"]


def test_what_is_pointed_out_only_since_the_close_asks_for_a_reason_before_issuing(
    app: Flask, session: Session
) -> None:
    day, _high, low = closed_without_the_police(session)
    day.operator()
    entry = live_entry(session, low.key)
    assert entry is not None
    entry.next_meeting_id = None
    session.commit()
    at = f"/meetings/{day.meeting.reference}/minutes/issue"
    page = text_of(browser(app, "coordinator"), at)
    assert "despite" in form_to(page, at).values
    assert "Gone past at the close" not in page
    assert "who was in the room closed" not in page
    with pytest.raises(RuleBroken):
        issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting)
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Arranged by hand, as invented.")
    day.operator()
    kept = session.scalars(select(CheckOverride).order_by(col(CheckOverride.id))).all()
    assert [each.stage for each in kept] == [Stage.CLOSING, Stage.MINUTES]


def words(page: str) -> str:
    """Give what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_what_the_meeting_did_not_rate_is_checked_as_it_stands_on_the_list(session: Session) -> None:
    day = rmm(session)
    child = due(session, RiskRating.LOW)
    day.open()
    day.decide(child, deferred(session))
    minutes = close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    number = day.item(child).number
    day.operator()
    entry = live_entry(session, child.key)
    assert entry is not None
    entry.current_rating, entry.rating_rank = RiskRating.MEDIUM, RANK[RiskRating.MEDIUM]
    entry.lead_agency_id = entry.next_meeting_id = None
    session.flush()
    day.act("coordinator")
    found = {doubt.why: doubt.numbers for doubt in checks_before_issuing(session, OFFICE, day.meeting, minutes, NOW)}
    assert found["No lead agency"] == found["No meeting stands for the next review"] == (number,)


def test_whoever_has_a_conflict_and_is_not_recorded_as_out_of_the_room_is_pointed_out_without_a_name(
    app: Flask, session: Session
) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    declare(session, day.act("chair_cs"), NOW, day.meeting, day.item(child), day.world.health.key, "A neighbour.")
    day.decide(child, rated(session, RiskRating.MEDIUM))
    chair, number = day.act("chair_cs"), day.item(child).number
    why = "Somebody with a conflict of interest is not recorded as having left the room"
    before = checks_before_closing(session, OFFICE, day.meeting, NOW)
    assert [(doubt.numbers, doubt.needs_reason) for doubt in before if doubt.why == why] == [((number,), False)]
    minutes = close_meeting(session, chair, NOW, OFFICE, day.meeting, day.meeting.version)
    assert checks_before_issuing(session, OFFICE, day.meeting, minutes, NOW) == before
    session.commit()
    at = f"/meetings/{day.meeting.reference}/minutes"
    page = text_of(browser(app, "coordinator"), f"{at}/issue")
    # The room is as it was when the meeting was closed, so what can still be done is said.
    assert "The record of who was in the room closed with the meeting." in page
    assert f'href="{at}/texts/{number}"' in page
    assert day.world.health.name not in words(page).partition("What you may also see to")[2]


def test_closing_without_attendance_and_over_what_is_pointed_out_asks_for_both_reasons_at_once(
    session: Session,
) -> None:
    day = rmm(session)
    child = due(session, RiskRating.HIGH)
    day.open(())
    day.decide(child, deferred(session))
    with pytest.raises(RuleBroken) as refused:
        close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    assert [refused.value.field, *(more.field for more in refused.value.more)] == ["despite", "although"]
    assert session.scalars(select(CheckOverride)).all() == []
