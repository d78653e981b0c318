"""What chairs decide on purpose in the demonstration: situations that a lot might not draw, each of them once."""

from dataclasses import dataclass, field, replace

from meetings_app.children.models import Child
from meetings_app.demo import words
from meetings_app.demo.county import County
from meetings_app.meetings.decisions import Case, Decided, asks_floor
from meetings_app.meetings.models import Outcome
from meetings_app.meetings.reasons import ReasonCode
from meetings_app.ratings.models import RiskRating

Drawn = RiskRating | Outcome
_WEEK = 7
ON_THE_WAY = 17
"""From here on a child is shown on the way to adult services, and is not closed."""


@dataclass
class Particular:
    """What the chairs decide on purpose, once each: whom they defer, lower fast, close, or rate without information."""

    county: County
    withheld: int | None = None
    done: set[str] = field(default_factory=set)
    unsigned: int | None = None

    def instead(self, drawn: Drawn, case: Case, child: Child) -> Drawn:
        """Give what is decided instead of what was drawn; mostly what was drawn."""
        weeks_ago = (self.county.today - case.held_on).days // _WEEK
        first = case.referral_waits and not case.listed
        if child.key == self.withheld:
            return Outcome.DEFERRED if case.deferrals < 2 else RiskRating.MEDIUM
        if first and weeks_ago == 2 and self._once("withheld"):
            self.withheld = child.key
            return Outcome.DEFERRED
        if first and not case.deferrals and weeks_ago == 0 and self._once("deferred"):
            return Outcome.DEFERRED
        if self._lowers_fast(case) and weeks_ago <= 1 and self._once("lowered"):
            return RiskRating.LOW
        if self._closes(drawn, case) and weeks_ago == 0 and self._once("unsigned"):
            self.unsigned = child.key
            return Outcome.CLOSED
        return drawn

    def said(self, decided: Decided, case: Case) -> Decided:
        """Give the decision with what a rating lowered by two levels asks for besides."""
        if case.before is RiskRating.HIGH and decided.rating is RiskRating.LOW:
            return replace(decided, both_chairs_agree=True, step_down_reason=words.LOWERED_FAST)
        return decided

    def _lowers_fast(self, case: Case) -> bool:
        reviewed = case.before is RiskRating.HIGH and ReasonCode.REVIEW_DUE in case.reasons
        return reviewed and not asks_floor(case, self.county.office.partnership.ratings)

    def _closes(self, drawn: Drawn, case: Case) -> bool:
        asked = drawn is not Outcome.NOTED and case.before is RiskRating.LOW and case.reviews_since_high != 0
        due = self.county.office.calendar.add_working_days(case.held_on, 2)
        return asked and case.age < ON_THE_WAY and due >= self.county.today

    def _once(self, what: str) -> bool:
        first = what not in self.done
        self.done.add(what)
        return first
