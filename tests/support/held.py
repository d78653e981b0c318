"""A meeting held through the services, for journeys that are about what stands before and after it."""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from meetings_app import access
from meetings_app.accounts.models import Account, AccountState, Agency
from meetings_app.audit.trail import use_key
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.db.engine import make_engine
from meetings_app.db.session import act_for, make_sessions
from meetings_app.meetings import queries
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.deciding import defer_the_rest, record_decision
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.models import Outcome, Presence
from meetings_app.meetings.publishing import publish
from meetings_app.meetings.running import AttendanceLine, set_attendance, start
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import ExploitationStatus, RiskRating
from meetings_app.schedule.models import MeetingState
from meetings_app.schedule.queries import find_meeting
from tests.support.assessments import finished
from tests.support.journey import HOLDING, MEETING, PREPARING, Installation, address
from tests.support.meetings import office
from tests.support.world import actor_for

_REVIEWS = {RiskRating.HIGH: "2026-12-29", RiskRating.MEDIUM: "2027-01-26"}
"""The usual dates after a meeting on 1 December: 28 and 56 days."""


def assess_before_closing(place: Installation, child: str) -> None:
    """Let a child have been assessed on the day of the meeting, as a closure asks."""
    use_key((place.folder / "audit_key").read_text())
    engine = make_engine(place.database_url)
    with make_sessions(engine, access.criteria).begin() as session:
        act_for(session, OPERATOR)
        found = session.scalars(select(Child).where(col(Child.reference) == child)).one()
        finished(session, OPERATOR, found, now=HOLDING)
    engine.dispose()


def hold_the_meeting(place: Installation) -> list[dict[str, str]]:
    """Publish, hold and close the meeting: three are rated, the rest deferred; gives what was decided."""
    use_key((place.folder / "audit_key").read_text())
    engine = make_engine(place.database_url)
    decided: list[dict[str, str]] = []
    with make_sessions(engine, access.criteria)() as session:
        act_for(session, OPERATOR)
        people = {row.email: row for row in session.scalars(select(Account))}
        for person in people.values():
            # As if each had followed the link of the invitation.
            person.state = AccountState.ACTIVE
        session.flush()
        agencies = {row.code: row.id for row in session.scalars(select(Agency))}
        coordinator, chair = (actor_for(session, people[address(who)]) for who in ("coordinator", "chair-cs"))
        meeting: Any = find_meeting(session, MEETING)
        publish(session, coordinator, PREPARING, office(), meeting, meeting.version)
        start(session, chair, HOLDING, meeting, meeting.version, "Testy O’Chair")
        there = [people[address(who)] for who in ("chair-cs", "chair-fs", "police", "health")]
        lines = [AttendanceLine(each.agency_id, each.name, Presence.PRESENT, each.key) for each in there]
        set_attendance(session, coordinator, HOLDING, meeting, lines)
        for state in queries.item_states(session, meeting.key)[:3]:
            item: Any = queries.find_item(session, meeting.key, state.number)
            child = session.get_one(Child, item.child_id)
            rating = RiskRating.MEDIUM if len(decided) else RiskRating.HIGH
            words = f"Invented rationale {len(decided)} about <him> & her\nand 测试 🙂"
            decision = Decided(
                outcome=Outcome.RATED, rating=rating, exploitation_status=ExploitationStatus.SUSPECTED,
                discussion="Invented discussion.", rationale=words,
                lead_agency_id=agencies["childrens-services"],
                behaviours_indicate=YesNoUnknown.YES, behaviours_reason="Invented reason.",
            )  # fmt: skip
            version = queries.decision_of(session, item.key).version
            record_decision(session, chair, HOLDING, office(), meeting, item, version, decision)
            decided.append(
                {"child": child.reference, "name": child.name, "words": words, "rating": rating.value,
                 "next_review": _REVIEWS[rating]}
            )  # fmt: skip
        police = agencies["police"]
        assert police is not None
        defer_the_rest(session, chair, HOLDING, office(), meeting, police, "Invented: no time was left.")
        close_meeting(session, chair, HOLDING, office(), meeting, meeting.version)
        assert meeting.state is MeetingState.CLOSED
        session.commit()
    engine.dispose()
    place.moment = HOLDING
    return decided
