"""Builders of a whole RMM for tests: its people, children who are due, and the steps from agenda to closed meeting."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.cse_list.models import ListEntry, WarningCode
from meetings_app.db.session import act_for
from meetings_app.meetings import queries
from meetings_app.meetings.deciding import record_decision
from meetings_app.meetings.decisions import ClosureAnswers, Decided
from meetings_app.meetings.models import AgendaItem, ItemDecision, Outcome, Presence
from meetings_app.meetings.publishing import publish
from meetings_app.meetings.running import AttendanceLine, set_attendance, start
from meetings_app.permissions import OPERATOR, Actor
from meetings_app.ratings.models import ExploitationStatus, RiskRating
from meetings_app.referrals.models import Referral, ReferralState
from meetings_app.schedule.models import Meeting
from tests.support.assessments import finished
from tests.support.children import add_child, agency_id, put_on_list
from tests.support.meetings import office, series
from tests.support.remembered import remembered
from tests.support.world import NOW, TinyWorld, actor_for, tiny_world

PRESENT = ("chair_cs", "chair_fs", "police", "health")
OFFICE = office()


@dataclass
class Rmm:
    """The North East's next RMM with its people; `later` are the meetings after it."""

    session: Session
    world: TinyWorld
    meeting: Meeting
    later: list[Meeting]

    def act(self, who: str) -> Actor:
        """Let one of the people act: their scope holds from now on."""
        actor = actor_for(self.session, getattr(self.world, who))
        act_for(self.session, actor)
        return actor

    def operator(self) -> None:
        """Look past every scope again."""
        act_for(self.session, OPERATOR)

    def item(self, child: Child) -> AgendaItem:
        """Give the item of a child."""
        for state in queries.item_states(self.session, self.meeting.key):
            if state.child_id == child.key:
                found = queries.find_item(self.session, self.meeting.key, state.number)
                assert found is not None
                return found
        raise AssertionError("the child is not on the agenda")

    def decision(self, child: Child) -> ItemDecision:
        """Give what is recorded for a child."""
        return queries.decision_of(self.session, self.item(child).key)

    def keep_apart(self, who: str, child_id: int, since: datetime = NOW) -> None:
        """Let one of the people have a conflict of interest about a child."""
        self.session.add(
            ConflictOfInterest(
                account_id=getattr(self.world, who).key, child_id=child_id, area_id=self.meeting.area_id or 0,
                meeting_id=self.meeting.key, reason="A neighbour, as invented.", declared_at=since,
            )
        )  # fmt: skip

    def publish(self) -> None:
        """Publish the agenda."""
        publish(self.session, self.act("coordinator"), NOW, OFFICE, self.meeting, self.meeting.version)

    def open(self, present: tuple[str, ...] = PRESENT) -> None:
        """Publish the agenda, open the meeting and record who is present."""
        self.publish()
        start(self.session, self.act("chair_cs"), NOW, self.meeting, self.meeting.version, "Testy McChair")
        lines = [
            AttendanceLine(account.agency_id, account.name, Presence.PRESENT, account.key)
            for account in (getattr(self.world, who) for who in present)
        ]
        set_attendance(self.session, self.act("coordinator"), NOW, self.meeting, lines)

    def decide(
        self, child: Child, decided: Decided, closure: ClosureAnswers | None = None, who: str = "chair_cs"
    ) -> ItemDecision:
        """Record a decision, at the version that is there now."""
        item = self.item(child)
        version = queries.decision_of(self.session, item.key).version
        return record_decision(self.session, self.act(who), NOW, OFFICE, self.meeting, item, version, decided, closure)


@remembered
def rmm(session: Session) -> Rmm:
    """Make the people of the North East, a series of its RMM, and give the first meeting."""
    world = tiny_world(session)
    act_for(session, OPERATOR)
    meetings = series(session)
    return Rmm(session, world, meetings[0], meetings[1:])


def due(session: Session, rating: RiskRating = RiskRating.MEDIUM, *, leaving: bool = False, **details: object) -> Child:
    """Add a child on the list whose review is due at the meeting; one that is `leaving` may be closed there."""
    entry = put_on_list(session, None, rating, review_on=date(2026, 11, 25), **details)  # type: ignore[arg-type]
    child = child_of(session, entry)
    if leaving:
        ready_to_close(session, child)
    return child


def child_of(session: Session, entry: ListEntry) -> Child:
    """Give the child of an entry."""
    return session.get_one(Child, entry.child_id)


def referred(session: Session, referrer_id: int | None = None, **details: object) -> Child:
    """Add a child with an accepted referral received before the cut-off."""
    child = add_child(session, **details)  # type: ignore[arg-type]
    session.add(
        Referral(
            reference=f"R-{child.key:05}", child_id=child.key, area_id=child.area_id, referrer_id=referrer_id,
            agency_id=agency_id(session, "education"), referrer_name="Testy McReferrer", state=ReferralState.ACCEPTED,
            received_at=NOW - timedelta(days=5), reason="An invented reason.",
        )
    )  # fmt: skip
    session.flush()
    return child


def rated(session: Session, rating: RiskRating, **changes: object) -> Decided:
    """Give a complete decision on a rating."""
    decided = Decided(
        outcome=Outcome.RATED, rating=rating, exploitation_status=ExploitationStatus.SUSPECTED,
        discussion="An invented discussion.", rationale="An invented rationale.",
        lead_agency_id=agency_id(session, "childrens-services"), tool_difference_reason="An invented difference.",
    )  # fmt: skip
    return replace(decided, **changes)  # type: ignore[arg-type]


def closed(**changes: object) -> Decided:
    """Give a complete decision to close."""
    decided = Decided(
        outcome=Outcome.CLOSED, discussion="An invented discussion.", rationale="What changed, as invented.",
        step_down_reason="An invented reason.", both_chairs_agree=True,
    )  # fmt: skip
    return replace(decided, **changes)  # type: ignore[arg-type]


def deferred(session: Session, agency: str = "police", reason: str = "An invented report is missing.") -> Decided:
    """Give a deferral with the agency that owes the information."""
    return Decided(outcome=Outcome.DEFERRED, deferred_reason=reason, information_agency_id=agency_id(session, agency))


NO_WARNING: dict[str, Any] = {
    "section_47": YesNoUnknown.NO, "seen_since_review": YesNoUnknown.YES, "non_engagement_only": YesNoUnknown.NO,
    "live_investigation": YesNoUnknown.NO, "agency_dissents": YesNoUnknown.NO,
}  # fmt: skip
"""What the gate asks, answered so that nothing warns."""

ANSWERS = ClosureAnswers(
    good_practice="Invented good practice.", no_onward_need=True, child_view="Invented: the child agrees.",
    parents_view="Not sought: invented.", reasons=dict.fromkeys(WarningCode, "An invented reason."), **NO_WARNING,
)  # fmt: skip
"""What closing asks for, of a child under 18; with a reason for every warning that the record may raise."""


def ready_to_close(session: Session, *children: Child) -> None:
    """Let nothing in the record block the closure of these children: each was assessed today."""
    for child in children:
        finished(session, OPERATOR, child)
