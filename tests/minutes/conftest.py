"""What the tests of minutes share: a closed meeting with two children."""

import pytest
from sqlalchemy.orm import Session

from meetings_app.meetings.closing import close_meeting
from meetings_app.ratings.models import RiskRating
from tests.support.rmm import OFFICE, Rmm, due, rated, rmm
from tests.support.world import NOW


@pytest.fixture
def day(session: Session) -> Rmm:
    """The North East's RMM, held and closed: two children rated, with a discussion each."""
    day = rmm(session)
    for name in ("Testy O'Example", "Testy McSecond"):
        child = due(session, name=name)
        day.children = [*getattr(day, "children", []), child]  # type: ignore[attr-defined]
    day.open()
    for child in day.children:  # type: ignore[attr-defined]
        day.decide(child, rated(session, RiskRating.HIGH, discussion=f"Recorded about {child.reference}."))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    return day
