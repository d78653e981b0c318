"""Whether a decision lowers the rating so far that both chairs must agree, and what else was said of it. Pure."""

from dataclasses import replace

from meetings_app.meetings.decisions import Case, ClosureAnswers, Decided, is_handed_over
from meetings_app.meetings.models import Outcome
from meetings_app.partnership.definitions import Ratings
from meetings_app.ratings.levels import RiskRating
from meetings_app.ratings.rules import is_lowered_fast


def without_idle_agreement(decided: Decided, closure: ClosureAnswers, case: Case, configuration: Ratings) -> Decided:
    """Give what is kept: both chairs' agreement and their reason only where the rating is lowered so far (our default).

    What is left from an earlier try would stand in the minutes as said. Without an outcome all that was typed is kept.
    """
    if decided.outcome is None or _is_lowered_fast(decided, closure, case, configuration):
        return decided
    return replace(decided, both_chairs_agree=False, step_down_reason="")


def _is_lowered_fast(decided: Decided, closure: ClosureAnswers, case: Case, configuration: Ratings) -> bool:
    to = {Outcome.RATED: decided.rating, Outcome.CLOSED: RiskRating.NONE}.get(decided.outcome or Outcome.NOTED)
    if to is None or (decided.outcome is Outcome.CLOSED and is_handed_over(closure, case, configuration)):
        return False
    return is_lowered_fast(case.before, to, configuration)
