"""What a closure must answer: good practice, ongoing needs, the views, and at 18 or over the support package. Pure."""

from collections.abc import Callable
from datetime import date
from functools import partial

from meetings_app.children.ages import check_package_start
from meetings_app.children.models import YesNoUnknown
from meetings_app.errors import RuleBroken
from meetings_app.meetings.gate import ClosureAnswers
from meetings_app.meetings.needed import check_all, need
from meetings_app.partnership.definitions import Ratings
from meetings_app.ratings.levels import RiskRating


def check_answers(closure: ClosureAnswers) -> None:
    """Refuse a closure that leaves good practice, ongoing needs or the views open (SUR). Raises `RuleBroken`."""
    check_all(
        partial(need, closure.good_practice, "good_practice", "Enter the areas of good practice"),
        partial(_check_onward, closure),
        partial(need, closure.child_view, "child_view", "Enter the child’s views, or why they were not sought"),
        partial(
            need, closure.parents_view, "parents_view",
            "Enter the parents’ or carers’ views, or why they were not sought",
        ),
    )  # fmt: skip


def _check_onward(closure: ClosureAnswers) -> None:
    if closure.onward_agency_id is None and not closure.no_onward_need:
        raise RuleBroken("onward_agency", "Choose the agency the child is referred to, or tick that there is no need")
    if closure.onward_agency_id is not None and closure.no_onward_need:
        raise RuleBroken("onward_agency", "Choose an agency or tick that there is no need, not both")


def check_adult(
    closure: ClosureAnswers,
    age: int,
    configuration: Ratings,
    rating: RiskRating | None = None,
    package_from: date = date.min,
) -> None:
    """Refuse a closure at 18 or over without the support package, or “no ongoing need” (SUR). Raises `RuleBroken`.

    `rating` is what is chosen beside the closure, None for nothing: it must not contradict the answers. No package
    starts before `package_from`.
    """
    if age < configuration.ages.adult:
        return
    if closure.still_at_risk is YesNoUnknown.UNKNOWN:
        raise RuleBroken("still_at_risk", "Answer whether the young person is still at risk")
    at_risk = closure.still_at_risk is YesNoUnknown.YES
    check_all(
        partial(check_rating_left, rating, at_risk=at_risk),
        *(_package_checks(closure, package_from) if at_risk or not closure.no_package_needed else ()),
        *(_adult_at_risk_checks(closure) if at_risk else ()),
    )


def check_rating_left(rating: RiskRating | None, *, at_risk: bool) -> None:
    """Refuse a closure at 18 or over whose rating says another thing than whether there is still a risk (SUR).

    Handed over still at risk, the young person keeps a rating; otherwise no risk is left. Without a rating chosen
    nothing contradicts. Raises `RuleBroken` for `still_at_risk`.
    """
    if at_risk and rating is RiskRating.NONE:
        raise RuleBroken("still_at_risk", "Choose another rating than “No CSE risk identified”, or answer “No” here")
    if not at_risk and rating not in (None, RiskRating.NONE):
        raise RuleBroken("still_at_risk", "Choose the rating “No CSE risk identified”, or answer “Yes” here")


def _package_checks(closure: ClosureAnswers, first: date) -> tuple[Callable[[], object], ...]:
    return (
        partial(need, closure.package_service, "package_service", "Enter the service that takes over"),
        partial(need, closure.package_contact, "package_contact", "Enter the contact there"),
        partial(need, closure.package_starts_on, "package_starts_on", "Enter when the support starts"),
        partial(check_package_start, closure.package_starts_on, first, "package_starts_on"),
        partial(need, closure.package_agreed_by, "package_agreed_by", "Enter who agreed the package"),
    )


def _adult_at_risk_checks(closure: ClosureAnswers) -> tuple[Callable[[], object], ...]:
    answered = None if closure.adult_at_risk is YesNoUnknown.UNKNOWN else closure.adult_at_risk
    return (
        partial(need, answered, "adult_at_risk", "Answer whether this is an adult at risk (Care Act, section 42)"),
        partial(need, closure.adult_at_risk_reason, "adult_at_risk_reason", "Enter why"),
    )
