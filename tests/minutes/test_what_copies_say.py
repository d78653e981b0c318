"""What a copy says beside its items: no note that ties somebody to a child without names, and what is provisional."""

from datetime import date

from sqlalchemy.orm import Session

from meetings_app.actions.service import propose
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.minutes_asked import ASKS_FOR
from meetings_app.meetings.minutes_audience import Audience
from meetings_app.meetings.minutes_word import facts_for
from meetings_app.meetings.models import Presence
from meetings_app.meetings.running import AttendanceLine, set_attendance
from meetings_app.ratings.models import RiskRating
from tests.support.rmm import OFFICE, PRESENT, due, rated, rmm
from tests.support.world import NOW


def test_a_copy_without_names_says_nothing_of_how_somebody_attended(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    visitor = AttendanceLine(
        day.world.education.agency_id, "Testy McVisitor", Presence.PRESENT, note="Head of year, for 4.1"
    )
    set_attendance(session, day.act("coordinator"), NOW, day.meeting, [visitor])
    day.decide(child, rated(session, RiskRating.MEDIUM))
    minutes = close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)

    def attended(audience: str) -> str:
        by = day.act("coordinator")
        facts = facts_for(session, by, NOW, OFFICE, day.meeting, minutes, Audience.read(audience), marking="TEST")
        return str(facts.attendance)

    assert "Head of year" in attended("full")
    for audience in ("anonymised", f"child:{child.reference}"):
        assert "Head of year" not in attended(audience), audience


def test_a_change_to_the_list_that_a_meeting_without_quorum_made_is_called_provisional(session: Session) -> None:
    day = rmm(session)
    child = due(session, RiskRating.MEDIUM)
    day.open(present=tuple(who for who in PRESENT if who != "police"))
    day.decide(child, rated(session, RiskRating.HIGH))
    minutes = close_meeting(
        session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version, although="Why, invented."
    )
    by = day.act("coordinator")
    facts = facts_for(session, by, NOW, OFFICE, day.meeting, minutes, Audience(), marking="TEST")
    assert [change.change for change in facts.list_changes] == ["Raised from Medium to High, provisional"]


def test_each_copy_says_what_a_rating_of_high_asks_for_and_that_of_an_agency_what_it_asks_of_it(
    session: Session,
) -> None:
    day = rmm(session)
    child = due(session, RiskRating.MEDIUM)
    other = due(session, RiskRating.LOW)
    day.open()
    police = day.world.police
    day.decide(child, rated(session, RiskRating.HIGH, lead_agency_id=police.agency_id))
    day.decide(other, rated(session, RiskRating.LOW))
    alert = next(row.text for row in OFFICE.partnership.raised.high if "records of the police" in row.text)
    given = propose(
        session, day.act("chair_cs"), NOW, day.meeting, child, alert, police.agency_id, police.key, date(2026, 12, 4)
    )
    minutes = close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)

    def said(audience: str) -> list[str]:
        by = day.act("coordinator")
        facts = facts_for(session, by, NOW, OFFICE, day.meeting, minutes, Audience.read(audience), marking="TEST")
        decided = [each.decision for each in facts.children if each.decision]
        lines = [line.text for one in decided for line in one.further if line.label == ASKS_FOR]
        assert len(lines) == 1, "a rating of low asks for nothing"
        return lines[0].split("\n")

    asked = [row for row in OFFICE.partnership.raised.high if not row.only_if_missing]
    for audience in ("full", "chair", "anonymised", f"child:{child.reference}"):
        assert len(said(audience)) == len(asked)
        assert any("National Referral Mechanism" in each for each in said(audience))
    of_police = [row.text for row in asked if row.agency == "police"]
    assert len(said("agency:police")) == len(of_police)
    assert all(each.startswith(text) for each, text in zip(said("agency:police"), of_police, strict=True))
    became = {each.startswith(alert): each.rpartition(". ")[2] for each in said("agency:police")}
    assert became == {
        True: f"Taken up as action {given.reference}.", False: "Not taken up by the close of the meeting.",
    }  # fmt: skip
