"""Holding meetings in the county of any order: publishing, opening, deciding and closing."""

from datetime import timedelta
from typing import Any

from meetings_app.children.models import YesNoUnknown
from meetings_app.errors import DomainError
from meetings_app.meetings import queries
from meetings_app.meetings.closing import close_meeting, obstacles_to_closing
from meetings_app.meetings.deciding import leave_the_rest, record_decision, stored_decision
from meetings_app.meetings.decisions import ClosureAnswers, Decided
from meetings_app.meetings.item_queries import items_of
from meetings_app.meetings.models import Outcome, Presence
from meetings_app.meetings.publishing import publish
from meetings_app.meetings.running import AttendanceLine, set_attendance, start
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import MeetingState
from tests.nothing_falls_off.county import OFFICE, County, pick
from tests.support.rmm import ANSWERS, closed, deferred, rated

PRESENT = ("chair_cs", "chair_fs", "police", "health")


def decision(county: County, what: str) -> Decided:
    """Give a complete decision by its name: a rating, `closed`, `deferred`, `not_reached` or `noted`."""
    if what in {rating.value for rating in RiskRating}:
        return rated(
            county.session, RiskRating(what), behaviours_indicate=YesNoUnknown.NO, behaviours_reason="Invented.",
            step_down_reason="Invented.", both_chairs_agree=True,
        )  # fmt: skip
    if what == "closed":
        return closed(behaviours_indicate=YesNoUnknown.NO, behaviours_reason="Invented.")
    if what == "deferred":
        return deferred(county.session)
    return Decided(outcome=Outcome(what), not_reached_reason="Invented.")


def first_meeting(county: County) -> Any:
    """Give the meeting that is the next to be held to its end, of either area."""
    return pick(county.meetings(), 0)


def publish_next(county: County) -> None:
    """Publish the next agenda."""
    meeting = first_meeting(county)
    publish(county.session, county.act("coordinator"), county.now, OFFICE, meeting, meeting.version, "Invented.")


def open_next(county: County, *, quorate: bool) -> None:
    """Come to the day of the next meeting, and open it with enough people or with one chair alone."""
    meeting = first_meeting(county)
    county.go_to(meeting.held_on)
    if meeting.state is MeetingState.ANNOUNCED:
        publish_next(county)
    start(county.session, county.act("chair_cs"), county.now, meeting, meeting.version, "Testy McChair")
    there = [county.people[who] for who in (PRESENT if quorate else PRESENT[:1])]
    lines = [AttendanceLine(one.agency_id, one.name, Presence.PRESENT, one.key) for one in there]
    set_attendance(county.session, county.act("coordinator"), county.now, meeting, lines)


def decide_one(county: County, which: int, what: str, answers: ClosureAnswers = ANSWERS) -> None:
    """Decide on one item of the meeting that is being held."""
    meeting = first_meeting(county)
    item = pick(items_of(county.session, meeting.key), which)
    if item is not None and meeting.state is MeetingState.IN_PROGRESS:
        before = queries.decision_of(county.session, item.key)
        record_decision(
            county.session, county.act("chair_cs"), county.now, OFFICE, meeting, item, before.version,
            decision(county, what), answers,
        )  # fmt: skip


def decide_all(county: County, closing_child: int | None) -> bool:
    """Rate every child of the meeting low, but close the one named; say whether that child was heard."""
    items = items_of(county.session, first_meeting(county).key)
    for which, item in enumerate(items):
        with county.step():
            decide_one(county, which, "closed" if item.child_id == closing_child else "low")
    return any(item.child_id == closing_child for item in items)


def close_next(county: County) -> None:
    """Close the meeting; whatever is undecided, or may not stand, was not reached. The model follows its decisions."""
    meeting = first_meeting(county)
    if meeting.state is not MeetingState.IN_PROGRESS:
        raise DomainError("Nobody is meeting.")
    county.now += timedelta(hours=1)
    by = county.act("chair_cs")
    leave_the_rest(county.session, by, county.now, OFFICE, meeting)
    broken = {obstacle.number for obstacle in obstacles_to_closing(county.session, OFFICE, meeting)}
    for item in items_of(county.session, meeting.key):
        if item.number in broken:
            before = queries.decision_of(county.session, item.key)
            record_decision(
                county.session, by, county.now, OFFICE, meeting, item, before.version, decision(county, "not_reached")
            )
    close_meeting(county.session, by, county.now, OFFICE, meeting, meeting.version)
    for item in items_of(county.session, meeting.key):
        said = stored_decision(queries.decision_of(county.session, item.key))
        if said.outcome is Outcome.RATED and said.rating is not RiskRating.NONE:
            county.on(item.child_id)
