"""What the meeting may decide about a rating, and what follows from it (`domain.md`, "Ratings")."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from meetings_app.errors import RuleBroken
from meetings_app.partnership.definitions import Floor, RatingRules, Ratings
from meetings_app.ratings.levels import LEVELS, RiskRating, is_raised, levels_down, rule_of
from meetings_app.schedule.working_days import WorkingCalendar
from meetings_app.text import day_in_words


@dataclass(frozen=True)
class PresentRating:
    """The rating a child comes to the meeting with, and when its review is due; None for a first rating."""

    rating: RiskRating | None = None
    review_on: date | None = None


@dataclass(frozen=True)
class FloorAnswer:
    """What the meeting answered to "do behaviours indicate involvement in CSE?"; None where it did not."""

    involved: bool | None = None
    reasons: str = ""


@dataclass(frozen=True)
class DueDates:
    """By when what the rating raises must be there; None where the rating does not ask for it."""

    lead_professional: date | None
    safety_plan: date | None
    strategy_discussion: date | None


def default_review_date(
    rating: RiskRating, decided_on: date, rules: RatingRules, present: PresentRating
) -> date | None:
    """Give the date on which the review is due where the chair sets none; None for no CSE risk identified.

    Raising a rating shortens the review: it never puts off a review that was due earlier.
    """
    days = rule_of(rating, rules).review_days
    if days is None:
        return None
    due = decided_on + timedelta(days=days)
    if is_raised(present.rating, rating) and present.review_on and decided_on < present.review_on < due:
        return present.review_on
    return due


def review_date(
    rating: RiskRating,
    decided_on: date,
    rules: RatingRules,
    present: PresentRating,
    *,
    chosen: date | None = None,
    reason: str = "",
) -> date | None:
    """Give the date of the next review: the one the chair chose, or the default.

    An earlier one is free; a later one, up to the hard maximum of the rating, needs a reason.
    Raises `RuleBroken` for `next_review_on` or `review_reason`.
    """
    default = default_review_date(rating, decided_on, rules, present)
    if default is None:
        if chosen is not None:
            raise RuleBroken("next_review_on", "Leave the date of the review empty: no risk was identified")
        return None
    if chosen is None:
        return default
    if chosen <= decided_on:
        raise RuleBroken("next_review_on", "The date of the review must be after the date of the meeting")
    latest = latest_review_date(rating, decided_on, rules)
    if latest is not None and chosen > latest:
        raise RuleBroken("next_review_on", f"The review must be on or before {day_in_words(latest)}")
    if chosen > default and not reason.strip():
        raise RuleBroken("review_reason", f"Enter why the review is later than {day_in_words(default)}")
    return chosen


def latest_review_date(rating: RiskRating, decided_on: date, rules: RatingRules) -> date | None:
    """Give the hard maximum: the last date on which a review may be set; None where no review is due."""
    days = rule_of(rating, rules).maximum_days
    return None if days is None else decided_on + timedelta(days=days)


def is_lowered_fast(before: RiskRating | None, to: RiskRating, rules: Ratings) -> bool:
    """Say whether a rating is lowered by more levels than one meeting may without both chairs and a reason (own)."""
    return levels_down(before, to) > rules.stepping_down.levels_a_meeting


def check_step_down(
    before: RiskRating | None, to: RiskRating, rules: Ratings, *, both_chairs: bool, agreed: bool, reason: str
) -> None:
    """Refuse a rating lowered by more levels than one meeting may, unless both chairs agree and say why (own).

    `both_chairs` says that both are there, `agreed` that both agree: being in the room is no agreement. Raises
    `RuleBroken` for `rating`, `both_chairs_agree` or `step_down_reason`.
    """
    if not is_lowered_fast(before, to, rules):
        return
    if not both_chairs:
        raise RuleBroken("rating", "Both chairs must be there to lower the rating by more than one level")
    asked = (
        (agreed, "both_chairs_agree", "Tick that both chairs agree to lower the rating by more than one level"),
        (reason.strip(), "step_down_reason", "Enter why the rating is lowered by more than one level"),
    )
    _refuse_what_is_missing(asked)


def _refuse_what_is_missing(asked: Iterable[tuple[object, str, str]]) -> None:
    """Name everything at once that has no answer: answer, field and message of each."""
    missing = [RuleBroken(field, message) for answered, field, message in asked if not answered]
    if missing:
        raise RuleBroken(missing[0].field, missing[0].message, missing[1:])


def check_closure_after_high(reviews_since_high: int | None, rules: Ratings) -> None:
    """Refuse to close before a child rated high has had a further review.

    `reviews_since_high` counts the reviews at earlier meetings after the last rating of high; None means that
    the child was never rated high. Raises `RuleBroken` for `decision`.
    """
    if reviews_since_high is not None and reviews_since_high < rules.stepping_down.reviews_after_high:
        raise RuleBroken("decision", "A child who was rated high needs at least one further review before closure")


def floor_asks(age: int, learning_disability: bool, floor: Floor) -> bool:
    """Say whether the meeting must answer the floor's question for this child (KM)."""
    return age < floor.under_age or (learning_disability and floor.learning_disability)


def floor_holds(age: int, learning_disability: bool, answer: FloorAnswer, floor: Floor) -> bool:
    """Say whether the floor forbids a low rating and leaving the list; unanswered counts as yes (KM)."""
    return floor_asks(age, learning_disability, floor) and answer.involved is not False


def check_floor(
    to: RiskRating,
    age: int,
    learning_disability: bool,
    answer: FloorAnswer,
    floor: Floor,
    *,
    leaving: bool = False,
) -> None:
    """Refuse a rating below the floor, or leaving the list, until the meeting answers no, with its reasons.

    Raises `RuleBroken` for `floor_reasons`, `rating` or `decision`.
    """
    if not floor_asks(age, learning_disability, floor):
        return
    if answer.involved is not None and not answer.reasons.strip():
        raise RuleBroken("floor_reasons", "Enter the reasons for the answer about the child’s behaviours")
    if not floor_holds(age, learning_disability, answer, floor):
        return
    if leaving:
        raise RuleBroken("decision", f"The child stays on the list{_why_floor(answer)}")
    if LEVELS[to] < LEVELS[RiskRating(floor.lowest)]:
        raise RuleBroken("rating", f"The rating must be {floor.lowest} or above{_why_floor(answer)}")


def is_quorate(present_agencies: Collection[str], quorum_agencies: Collection[str]) -> bool:
    """Say whether every agency of the quorum takes part: by agency, not by head count (our default)."""
    return set(quorum_agencies) <= set(present_agencies)


def check_quorum(before: RiskRating | None, to: RiskRating, *, quorate: bool, leaving: bool = False) -> None:
    """Refuse what a meeting without quorum may not do (our default): it may list or raise, no more.

    Raises `RuleBroken` for `decision` or `rating`.
    """
    if quorate:
        return
    if leaving:
        raise RuleBroken("decision", "A meeting without quorum cannot take a child off the list")
    if levels_down(before, to) or to is RiskRating.NONE:
        raise RuleBroken("rating", "A meeting without quorum cannot lower a rating or find no risk")


def check_deferral(deferrals_so_far: int, agency: str, reason: str, rules: Ratings) -> None:
    """Refuse a deferral beyond the limit, or one that does not say who supplies what is missing.

    After the limit the meeting rates provisionally and escalates the agency.
    Raises `RuleBroken` for `decision`, `agency` or `reason`.
    """
    if deferrals_so_far >= rules.deferral.maximum:
        raise RuleBroken(
            "decision",
            f"This child was deferred {deferrals_so_far} times. Rate the child now, provisionally",
        )
    asked = (
        (agency.strip(), "agency", "Select the agency that supplies what is missing"),
        (reason.strip(), "reason", "Enter what is missing"),
    )
    _refuse_what_is_missing(asked)


def is_without_information(deferrals_so_far: int, supplied: bool, rules: Ratings) -> bool:
    """Say whether a rating is provisional because an agency, after the last deferral too, supplied nothing (own)."""
    return deferrals_so_far >= rules.deferral.maximum and not supplied


def check_without_information(
    before: RiskRating | None,
    to: RiskRating,
    deferrals_so_far: int,
    supplied: bool,
    rules: Ratings,
    *,
    leaving: bool = False,
) -> None:
    """Refuse to lower a rating while what was deferred for is still missing: provisional, it may only protect (own).

    A child not yet rated cannot be found without risk either: nothing would stay pending. Nobody is `leaving` the list
    meanwhile, handed over or not. Raises `RuleBroken` for `rating` or `information_supplied`.
    """
    if not is_without_information(deferrals_so_far, supplied, rules):
        return
    if leaving:
        raise RuleBroken(
            "information_supplied",
            "The child stays on the list while the information is still missing: say that it was supplied, or rate "
            "provisionally",
        )
    if before is None and to is RiskRating.NONE:
        raise RuleBroken("rating", "No risk cannot be found while the information is still missing: rate provisionally")
    if levels_down(before, to):
        raise RuleBroken("rating", "The rating cannot be lowered while the information is still missing")


def differs_from_tool(to: RiskRating, tool_level: RiskRating | None) -> bool:
    """Say whether the rating is another than the tool's level; a tool that reads as no level differs from none."""
    return tool_level is not None and tool_level is not to


def check_tool_difference(to: RiskRating, tool_level: RiskRating | None, reason: str) -> None:
    """Ask for a reason where the rating differs from the tool's level: the tool never sets the rating (SG).

    Raises `RuleBroken` for `tool_difference_reason`.
    """
    if differs_from_tool(to, tool_level) and not reason.strip():
        raise RuleBroken("tool_difference_reason", "Enter why the rating differs from the assessment tool")


def needs_lead_agency(rating: RiskRating, rules: RatingRules) -> bool:
    """Say whether confirming the rating asks for a lead agency."""
    return rule_of(rating, rules).lead_agency


def due_dates(rating: RiskRating, decided_on: date, rules: RatingRules, calendar: WorkingCalendar) -> DueDates:
    """Give by when the lead professional, the written safety plan and the strategy discussion are due."""
    rule = rule_of(rating, rules)

    def after(working_days: int | None) -> date | None:
        return None if working_days is None else calendar.add_working_days(decided_on, working_days)

    return DueDates(
        lead_professional=after(rule.lead_professional_working_days),
        safety_plan=after(rule.safety_plan_working_days),
        strategy_discussion=after(rule.strategy_discussion_working_days),
    )


def _why_floor(answer: FloorAnswer) -> str:
    if answer.involved is None:
        return " until the meeting answers whether behaviours indicate involvement"
    return ", because behaviours indicate involvement"
