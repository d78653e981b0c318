"""What the chairs of the demonstration decide, item by item: drawn by lot, within the rules the service asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.cse_list.models import WarningCode
from meetings_app.cse_list.service import live_entry
from meetings_app.demo import names, words
from meetings_app.demo.county import County
from meetings_app.demo.leaving import make_ready
from meetings_app.demo.particular import ON_THE_WAY, Particular
from meetings_app.demo.particular import Drawn as _Drawn
from meetings_app.demo.plans import review_plan
from meetings_app.meetings import deciding
from meetings_app.meetings.agency_views import record_view
from meetings_app.meetings.cases import case_of
from meetings_app.meetings.decisions import Case, ClosureAnswers, Decided, asks_floor
from meetings_app.meetings.models import AgendaItem, ItemDecision, Outcome
from meetings_app.meetings.reasons import ReasonCode
from meetings_app.permissions import Actor
from meetings_app.ratings.models import ExploitationStatus, RiskRating
from meetings_app.ratings.rules import differs_from_tool
from meetings_app.schedule.models import Meeting

_FIRST: tuple[tuple[_Drawn, int], ...] = (
    (RiskRating.HIGH, 14), (RiskRating.MEDIUM, 34), (RiskRating.LOW, 30), (RiskRating.NONE, 15), (Outcome.DEFERRED, 7),
)  # fmt: skip
_REVIEW: dict[RiskRating | None, tuple[tuple[_Drawn, int], ...]] = {
    RiskRating.HIGH: ((RiskRating.HIGH, 55), (RiskRating.MEDIUM, 45)),
    RiskRating.MEDIUM: ((RiskRating.HIGH, 14), (RiskRating.MEDIUM, 50), (RiskRating.LOW, 36)),
    RiskRating.LOW: ((RiskRating.MEDIUM, 12), (RiskRating.LOW, 46), (Outcome.CLOSED, 42)),
}
_ASKS_FOR_A_RATING = {ReasonCode.NEW_REFERRAL, ReasonCode.REVIEW_DUE, ReasonCode.PROVISIONAL_RATING}
_ACTIONS = {RiskRating.HIGH: (2, 3), RiskRating.MEDIUM: (1, 2), RiskRating.LOW: (0, 1)}
_STATUS = {RiskRating.HIGH: ExploitationStatus.KNOWN, RiskRating.MEDIUM: ExploitationStatus.SUSPECTED}
_REACHED = 9
"""Of the items that are only noted, one in so many is not reached."""


@dataclass
class Decider:
    """Decides every item of a meeting in the order of its agenda."""

    county: County
    particular: Particular

    def decide_all(self, session: Session, chair: Actor, begins: datetime, meeting: Meeting) -> None:
        """Record a decision and the actions of each item; ten minutes an item by the clock of the story."""
        items = session.scalars(
            select(AgendaItem).where(col(AgendaItem.meeting_id) == meeting.key).order_by(col(AgendaItem.place))
        ).all()
        for place, item in enumerate(items):
            self._decide(session, chair, begins + timedelta(minutes=5 + place * 7), meeting, item)

    def _decide(self, session: Session, chair: Actor, now: datetime, meeting: Meeting, item: AgendaItem) -> None:
        case = case_of(session, self.county.office, meeting, item)
        child = session.get_one(Child, item.child_id)
        entry = live_entry(session, child.key)
        drawn = self.particular.instead(self._draw(case), case, child)
        if drawn is Outcome.NOTED and (child.key + meeting.key) % _REACHED == 0:
            drawn = Outcome.NOT_REACHED
        lead_agency_id = entry.lead_agency_id if entry else None
        decided = self.particular.said(self._decided(drawn, case, child, lead_agency_id), case)
        decision = session.scalars(select(ItemDecision).where(col(ItemDecision.item_id) == item.key)).one()
        closure = None
        if drawn is Outcome.CLOSED:
            closure = self._closure()
            make_ready(session, self.county, chair, now, meeting, child)
        deciding.record_decision(
            session, chair, now, self.county.office, meeting, item, decision.version, decided, closure
        )
        if decided.rating is RiskRating.MEDIUM and case.before is RiskRating.HIGH:
            health = self.county.agencies["health"]
            record_view(session, chair, now, meeting, item, health, words.DISSENT, dissents=True)
        if decided.rating is not None:
            review_plan(session, chair, now, meeting, item)
            self._actions(session, chair, now, meeting, item, decided.rating)

    def _draw(self, case: Case) -> _Drawn:
        """Draw what is decided, from what the rules allow for this child."""
        chance = self.county.chance
        asked = _ASKS_FOR_A_RATING & set(case.reasons)
        # A child who is not on the list and for whom no referral waits is here for an overdue action alone.
        if not asked and not case.listed and not case.referral_waits:
            return Outcome.NOTED
        if case.listed and not asked and chance.random() < 0.6:
            return Outcome.NOTED
        choices = dict(_REVIEW[case.before] if case.listed else _FIRST)
        if case.deferrals:
            choices.pop(Outcome.DEFERRED, None)
        if case.age >= ON_THE_WAY or case.reviews_since_high == 0:
            choices.pop(Outcome.CLOSED, None)
        return chance.choices(tuple(choices), tuple(choices.values()))[0]

    def _decided(self, drawn: _Drawn, case: Case, child: Child, lead_agency_id: int | None) -> Decided:
        chance, agencies = self.county.chance, self.county.agencies
        discussion = chance.choice(words.DISCUSSIONS)
        if drawn is Outcome.NOTED:
            return Decided(outcome=Outcome.NOTED, discussion=discussion)
        if drawn is Outcome.NOT_REACHED:
            return Decided(outcome=Outcome.NOT_REACHED, not_reached_reason=words.NO_TIME)
        if drawn is Outcome.DEFERRED:
            return Decided(
                outcome=Outcome.DEFERRED, discussion=discussion, deferred_reason=words.UNSURE,
                information_agency_id=agencies[chance.choice(("police", "childrens-services", "health"))],
            )  # fmt: skip
        rating = drawn if isinstance(drawn, RiskRating) else None
        involved = rating in (RiskRating.HIGH, RiskRating.MEDIUM)
        asked = asks_floor(case, self.county.office.partnership.ratings)
        lead = lead_agency_id or agencies[chance.choice(("childrens-services", "family-services"))]
        return Decided(
            outcome=Outcome.RATED if rating else Outcome.CLOSED,
            rating=rating,
            exploitation_status=_STATUS.get(rating, ExploitationStatus.INDICATORS) if rating else None,
            discussion=discussion,
            tool_difference_reason=words.MORE_IS_KNOWN if rating and differs_from_tool(rating, case.tool_level) else "",
            rationale=words.RATIONALES[rating.value if rating else RiskRating.NONE.value],
            lead_agency_id=lead if rating is not RiskRating.NONE else None,
            lead_professional_id=child.lead_professional_id,
            lead_professional_name=child.lead_professional_name,
            behaviours_indicate=_answer(involved) if asked else YesNoUnknown.UNKNOWN,
            behaviours_reason=(words.BEHAVIOURS_YES if involved else words.BEHAVIOURS) if asked else "",
        )

    def _closure(self) -> ClosureAnswers:
        onward = self.county.chance.random() < 0.4
        return ClosureAnswers(
            good_practice=words.GOOD_PRACTICE,
            onward_agency_id=self.county.agencies["family-services"] if onward else None,
            no_onward_need=not onward, child_view=words.CHILD_VIEW, parents_view=words.PARENTS_VIEW,
            section_47=YesNoUnknown.NO, seen_since_review=YesNoUnknown.YES, non_engagement_only=YesNoUnknown.NO,
            live_investigation=YesNoUnknown.NO, agency_dissents=YesNoUnknown.NO,
            reasons=dict.fromkeys(WarningCode, words.ALTHOUGH),
        )  # fmt: skip

    def _actions(
        self, session: Session, chair: Actor, now: datetime, meeting: Meeting, item: AgendaItem, rating: RiskRating
    ) -> None:
        if rating not in _ACTIONS:
            return
        chance, calendar = self.county.chance, self.county.office.calendar
        for agency in chance.sample(sorted(names.OWNERS), chance.randint(*_ACTIONS[rating])):
            owner = self.county.people[chance.choice(names.OWNERS[agency])]
            assert owner.account_id is not None
            due_on = calendar.working_day_on_or_after(meeting.held_on + timedelta(days=chance.randrange(6, 22)))
            deciding.add_action(
                session, chair, now, meeting, item, what=chance.choice(words.ACTIONS[agency]),
                agency_id=self.county.agencies[agency], owner_id=owner.account_id, due_on=due_on,
            )  # fmt: skip


def _answer(involved: bool) -> YesNoUnknown:
    return YesNoUnknown.YES if involved else YesNoUnknown.NO
