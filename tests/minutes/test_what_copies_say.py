"""What a copy says beside its items: no note that ties somebody to a child without names, and what is provisional."""

from sqlalchemy.orm import Session

from meetings_app.meetings.closing import close_meeting
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
