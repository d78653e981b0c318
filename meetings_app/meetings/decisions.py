"""What may be decided on an item, and what a decision must say. Pure; the fields are those of the form."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from meetings_app.children.models import YesNoUnknown
from meetings_app.errors import RuleBroken
from meetings_app.meetings.closure_answers import check_adult, check_answers
from meetings_app.meetings.gate import ClosureAnswers as ClosureAnswers
from meetings_app.meetings.gate import GateFacts, counted_reasons, gate_checks
from meetings_app.meetings.models import Outcome
from meetings_app.meetings.needed import check_all, need
from meetings_app.meetings.reasons import ReasonCode
from meetings_app.partnership.definitions import Ratings
from meetings_app.ratings import rules
from meetings_app.ratings.levels import ExploitationStatus, RiskRating

_NEEDS_DECISION = frozenset({ReasonCode.NEW_REFERRAL, ReasonCode.REVIEW_DUE, ReasonCode.PROVISIONAL_RATING})
_LISTS_WITHOUT_REFERRAL = frozenset({ReasonCode.NEW_REFERRAL, ReasonCode.ADDED_BY_HAND, ReasonCode.CARRIED_OVER})
_SETTLED_ELSEWHERE = frozenset({"outcome", "rating"})
"""What a rule says beside these fields no further answer mends: who is there, the record, earlier reviews."""
_FIELDS = {
    "floor_reasons": "behaviours_reason", "decision": "outcome", "review_reason": "next_review_reason",
    "agency": "information_agency", "reason": "deferred_reason",
}  # fmt: skip


@dataclass(frozen=True)
class Decided:
    """What is recorded on an item. Without an outcome it is only the discussion so far."""

    outcome: Outcome | None = None
    rating: RiskRating | None = None
    exploitation_status: ExploitationStatus | None = None
    discussion: str = ""
    rationale: str = ""
    lead_agency_id: int | None = None
    lead_professional_id: int | None = None
    lead_professional_name: str = ""
    next_review_on: date | None = None
    next_review_reason: str = ""
    behaviours_indicate: YesNoUnknown = YesNoUnknown.UNKNOWN
    behaviours_reason: str = ""
    step_down_reason: str = ""
    both_chairs_agree: bool = False
    social_worker: YesNoUnknown = YesNoUnknown.UNKNOWN
    tool_difference_reason: str = ""
    deferred_reason: str = ""
    information_agency_id: int | None = None
    information_supplied: bool = False
    not_reached_reason: str = ""


@dataclass(frozen=True)
class Case:
    """What the rules must know of the child and of the meeting. `quorate` None: attendance is not recorded yet.

    `tool_level` is that of the last assessment that reads as one; `owing_agency_id` the agency that the last of the
    `deferrals` waits for; from `package_from` on a support package may start.
    """

    held_on: date
    age: int
    learning_disability: bool
    listed: bool
    before: RiskRating | None
    review_on: date | None
    reasons: Collection[ReasonCode]
    quorate: bool | None
    both_chairs: bool
    deferrals: int
    reviews_since_high: int | None
    merged: bool
    referral_waits: bool
    decided_later: bool
    gate: GateFacts = field(default_factory=GateFacts)
    strategy_open: bool = False
    tool_level: RiskRating | None = None
    owing_agency_id: int | None = None
    package_from: date = date.min

    @property
    def asks_decision(self) -> bool:
        """Whether noting is too little: not where another record or meeting decides, or the child left the list."""
        elsewhere = self.merged or self.decided_later or not (self.listed or self.referral_waits)
        return not elsewhere and bool(_NEEDS_DECISION & set(self.reasons))

    @property
    def present(self) -> rules.PresentRating:
        """The rating the child comes with, and a review that is still to come: the one heard now is done."""
        still_to_come = None if ReasonCode.REVIEW_DUE in self.reasons else self.review_on
        return rules.PresentRating(self.before, still_to_come)


def check_decision(decided: Decided, closure: ClosureAnswers, case: Case, configuration: Ratings) -> None:
    """Refuse a decision that breaks a rule or lacks something. Raises `RuleBroken` for a field of the form.

    Without an outcome nothing is asked: the discussion is saved, and the item stays undecided.
    """
    with fields_of_the_form():
        if decided.outcome in (Outcome.RATED, Outcome.CLOSED):
            _check_decided_here(case)
        if decided.outcome is Outcome.RATED:
            _check_rated(decided, case, configuration)
        elif decided.outcome is Outcome.CLOSED:
            _check_closed(decided, closure, case, configuration)
        elif decided.outcome is Outcome.DEFERRED:
            agency = str(decided.information_agency_id or "")
            rules.check_deferral(case.deferrals, agency, decided.deferred_reason, configuration)
        elif decided.outcome is Outcome.NOTED and case.asks_decision:
            raise RuleBroken("outcome", "Rate this child, close or defer: the agenda asks for a decision")


def what_blocks(
    decided: Decided, closure: ClosureAnswers, case: Case, configuration: Ratings
) -> tuple[list[str], list[str]]:
    """Give all that keeps a child on the list as things stand: what no answer mends, and what is not answered yet.

    It is what `check_decision` would refuse a closure with, so that the chairs read it before they decide.
    """
    try:
        check_decision(replace(decided, outcome=Outcome.CLOSED), closure, case, configuration)
    except RuleBroken as broken:
        found = (broken, *broken.more)
        first = [one.message for one in found if one.field in _SETTLED_ELSEWHERE]
        return first, [one.message for one in found if one.field not in _SETTLED_ELSEWHERE]
    return [], []


def next_review(decided: Decided, case: Case, configuration: Ratings) -> date | None:
    """Give the date of the next review: the one chosen, or the rating's own. Raises `RuleBroken`."""
    if decided.rating is None:
        return None
    with fields_of_the_form():
        return rules.review_date(
            decided.rating, case.held_on, configuration.ratings, case.present,
            chosen=decided.next_review_on, reason=decided.next_review_reason,
        )  # fmt: skip


def asks_floor(case: Case, configuration: Ratings) -> bool:
    """Say whether the meeting answers "do behaviours indicate involvement in CSE?" for this child (KM)."""
    return rules.floor_asks(case.age, case.learning_disability, configuration.floor)


def offered_level(case: Case, configuration: Ratings) -> RiskRating | None:
    """Give the tool's level for a child deferred too often (own), or None where a rule would refuse that rating."""
    level = case.tool_level
    if level is None or not rules.is_without_information(case.deferrals, False, configuration):
        return None
    try:
        rules.check_without_information(case.before, level, case.deferrals, False, configuration)
        _check_floor(Decided(), level, case, configuration)
    except RuleBroken:
        return None
    return level


def is_handed_over(closure: ClosureAnswers, case: Case, configuration: Ratings) -> bool:
    """Say whether the child is an adult still at risk, who leaves the list with a support package (SUR)."""
    return case.age >= configuration.ages.adult and closure.still_at_risk is YesNoUnknown.YES


def counted(closure: ClosureAnswers, case: Case, configuration: Ratings) -> ClosureAnswers:
    """Give the answers that count: whether still at risk is asked at 18 or over (SUR), a reason where one warns."""
    closure = replace(closure, reasons=counted_reasons(closure, case.gate, case.held_on, configuration))
    if case.age >= configuration.ages.adult:
        return closure
    return replace(closure, still_at_risk=YesNoUnknown.UNKNOWN)


def _check_decided_here(case: Case) -> None:
    """Refuse to decide what another record of the child, or a meeting held later, decides."""
    if case.merged:
        raise RuleBroken("outcome", "Note or defer this item: the child has another record, and is rated there")
    if case.decided_later:
        raise RuleBroken("outcome", "Note or defer this item: a meeting held later has decided about this child")


def _check_rated(decided: Decided, case: Case, configuration: Ratings) -> None:
    rating = decided.rating
    why = partial(need, decided.rationale, "rationale", "Enter why the meeting decided this rating")
    if rating is None:
        return check_all(partial(need, None, "rating", "Choose a rating"), why)
    if rating is RiskRating.NONE and case.listed:
        raise RuleBroken("outcome", "A child on the list leaves it by a closure: choose “Closed”")
    if rating is not RiskRating.NONE and not (case.listed or _may_be_listed(case)):
        raise RuleBroken("outcome", "This child is not on the list and no referral waits: make a referral first")
    return check_all(
        partial(_check_status, decided, rating),
        why,
        partial(_check_floor, decided, rating, case, configuration),
        partial(
            rules.check_step_down, case.before, rating, configuration,
            both_chairs=case.both_chairs, agreed=decided.both_chairs_agree, reason=decided.step_down_reason,
        ),
        partial(rules.check_tool_difference, rating, case.tool_level, decided.tool_difference_reason),
        partial(
            rules.check_without_information, case.before, rating, case.deferrals, decided.information_supplied,
            configuration,
        ),
        partial(_check_quorum, case, rating),
        partial(next_review, decided, case, configuration),
        partial(_check_lead_agency, decided, rating, configuration),
    )  # fmt: skip


def _check_status(decided: Decided, rating: RiskRating) -> None:
    if rating is not RiskRating.NONE:
        need(decided.exploitation_status, "exploitation_status", "Choose the exploitation status")


def _check_lead_agency(decided: Decided, rating: RiskRating, configuration: Ratings) -> None:
    if rules.needs_lead_agency(rating, configuration.ratings):
        need(decided.lead_agency_id, "lead_agency", "Choose the lead agency: a rating of high or medium needs one")
    elif rating is not RiskRating.NONE and decided.social_worker is YesNoUnknown.YES:
        need(
            decided.lead_agency_id,
            "lead_agency",
            "Choose the lead agency: a social worker already works with the child",
        )


def _may_be_listed(case: Case) -> bool:
    """Say whether something asks the meeting to rate a child who is not on the list."""
    return case.referral_waits or bool(_LISTS_WITHOUT_REFERRAL & set(case.reasons))


def _check_closed(decided: Decided, closure: ClosureAnswers, case: Case, configuration: Ratings) -> None:
    if not case.listed:
        raise RuleBroken("outcome", "This child is not on the list: rate “No CSE risk identified” instead")
    check_all(
        partial(need, decided.rationale, "rationale", "Enter what changed, the evidence and the protective factors"),
        partial(_check_quorum, case, RiskRating.NONE, leaving=True),
        partial(_check_floor, decided, RiskRating.NONE, case, configuration, leaving=True),
        partial(_check_no_risk_left, decided, closure, case, configuration),
        partial(_check_closed_tool, decided, closure, case, configuration),
        partial(_check_informed, decided, case, configuration),
        *gate_checks(closure, case.gate, case.held_on, configuration),
        partial(_check_strategy, case),
        partial(check_answers, closure),
        partial(check_adult, closure, case.age, configuration, decided.rating, case.package_from),
    )


def _check_informed(decided: Decided, case: Case, configuration: Ratings) -> None:
    supplied = decided.information_supplied
    rules.check_without_information(
        case.before, RiskRating.NONE, case.deferrals, supplied, configuration, leaving=True
    )  # fmt: skip


def _check_quorum(case: Case, rating: RiskRating, *, leaving: bool = False) -> None:
    if case.quorate is not None:
        rules.check_quorum(case.before, rating, quorate=case.quorate, leaving=leaving)


def _check_no_risk_left(decided: Decided, closure: ClosureAnswers, case: Case, configuration: Ratings) -> None:
    if is_handed_over(closure, case, configuration):
        return
    rules.check_closure_after_high(case.reviews_since_high, configuration)
    rules.check_step_down(
        case.before, RiskRating.NONE, configuration, both_chairs=case.both_chairs, agreed=decided.both_chairs_agree,
        reason=decided.step_down_reason,
    )  # fmt: skip


def _check_closed_tool(decided: Decided, closure: ClosureAnswers, case: Case, configuration: Ratings) -> None:
    """Ask why no risk is left although the tool reads another; who is handed over keeps the rating."""
    if not is_handed_over(closure, case, configuration):
        rules.check_tool_difference(RiskRating.NONE, case.tool_level, decided.tool_difference_reason)


def _check_floor(
    decided: Decided, to: RiskRating, case: Case, configuration: Ratings, *, leaving: bool = False
) -> None:
    involved = {YesNoUnknown.YES: True, YesNoUnknown.NO: False}.get(decided.behaviours_indicate)
    rules.check_floor(
        to, case.age, case.learning_disability, rules.FloorAnswer(involved, decided.behaviours_reason),
        configuration.floor, leaving=leaving,
    )  # fmt: skip


def _check_strategy(case: Case) -> None:
    if case.strategy_open:
        raise RuleBroken("outcome", "A strategy discussion is open: record its outcome, or why it is not held, first")


@contextmanager
def fields_of_the_form() -> Iterator[None]:
    """Name the field of the form where a rule of ratings names its own."""
    try:
        yield
    except RuleBroken as broken:
        named, *more = (RuleBroken(_FIELDS.get(one.field, one.field), one.message) for one in (broken, *broken.more))
        raise RuleBroken(named.field, named.message, more) from None
