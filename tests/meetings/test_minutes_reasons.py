"""The minutes keep what was chosen and why, and print no reason that no longer applies."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from meetings_app.cse_list.service import live_entry
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.ratings.models import RANK, ExploitationStatus, RiskRating
from tests.support.rmm import ANSWERS, OFFICE, Rmm, closed, due, rated, rmm
from tests.support.world import NOW

HIGH, LOW = RiskRating.HIGH, RiskRating.LOW
FAST = {"step_down_reason": "An invented reason to lower.", "both_chairs_agree": True}


def close(day: Rmm) -> None:
    close_meeting(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()


def test_the_minutes_of_a_closed_child_keep_the_exploitation_status(session: Session) -> None:
    day = rmm(session)
    child = due(session, LOW, leaving=True)
    day.open()
    day.decide(child, closed(exploitation_status=ExploitationStatus.KNOWN), ANSWERS)
    close(day)
    assert item_in_minutes(day)["exploitation_status"] == "known"


@pytest.mark.parametrize(("then", "printed"), [(LOW, True), (HIGH, False)])
def test_the_reason_for_lowering_fast_is_printed_only_where_the_rating_is_lowered_fast(
    session: Session, then: RiskRating, printed: bool
) -> None:
    day = rmm(session)
    child = due(session, HIGH)
    day.open()
    day.decide(child, rated(session, LOW, **FAST))
    day.decide(child, rated(session, then, **FAST))
    close(day)
    texts = [line["text"] for line in item_in_minutes(day)["further"]]
    assert ("An invented reason to lower." in texts) is printed
    assert ("Both chairs agreed" in texts) is printed


def test_the_reason_for_lowering_fast_is_kept_where_the_child_was_raised_after_the_agenda_was_published(
    session: Session,
) -> None:
    day = rmm(session)
    child = due(session, LOW)
    day.open()
    entry = live_entry(session, child.key)
    assert entry is not None
    entry.current_rating, entry.rating_rank = HIGH, RANK[HIGH]
    session.flush()
    day.decide(child, rated(session, LOW, **FAST))
    close(day)
    assert "An invented reason to lower." in [line["text"] for line in item_in_minutes(day)["further"]]


def item_in_minutes(day: Rmm) -> dict[str, Any]:
    minutes = latest_minutes(day.session, day.meeting.key)
    assert minutes is not None
    item: dict[str, Any] = minutes.facts["items"][0]
    return item
