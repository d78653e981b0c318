"""The children: their details, and those who were on the county's list before the service began."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from sqlalchemy.orm import Session

from meetings_app.child_record.service import write_plan
from meetings_app.children.ages import after_months
from meetings_app.children.models import Involvement, YesNoUnknown
from meetings_app.children.service import ChildDetails, create_child
from meetings_app.clock import london_date
from meetings_app.cse_list.service import open_entry
from meetings_app.db.session import writing
from meetings_app.demo import names, words
from meetings_app.demo.county import County
from meetings_app.permissions import OPERATOR
from meetings_app.plans.rules import PLANNED
from meetings_app.ratings.levels import rule_of
from meetings_app.ratings.models import ExploitationStatus, RiskRating
from meetings_app.ratings.service import record_rating

CHILDREN = 160
_RATINGS = (RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW)
_HOW_MANY = (18, 40, 42)
_WITH_PLAN = 0.85
_ETHNICITIES = ("White British", "White British", "White Irish", "Black African", "Black Caribbean", "Indian",
                "Pakistani", "Bangladeshi", "Chinese", "Mixed", "Any other", "")  # fmt: skip
_LEGAL = ("Child in need plan", "Child protection plan", "Interim care order", "Care order", "", "")


class Newcomers:
    """Gives the details of one child after another; the few with a special age come first."""

    def __init__(self, county: County) -> None:
        self._county = county
        self._chance = Random(county.chance.random())  # noqa: S311 # The same children each time, no secret.
        self._names = iter(names.children_names(self._chance, CHILDREN, sum(_HOW_MANY)))
        self._births = iter(_special_births(county.today))

    def next(self, area: str, name: str | None = None, born: date | None = None) -> ChildDetails:
        """Give the details of the next child, who lives in `area`; name and birth are drawn where none is given."""
        chance, county = self._chance, self._county
        school = chance.choice([*names.SCHOOLS, None])
        has_account = chance.random() < 0.55
        return ChildDetails(
            name=name or next(self._names),
            born=born or next(self._births, None) or _usual_birth(chance, county.today),
            area_id=county.areas[area],
            external_reference=f"EX{chance.randrange(10**6):06}",
            gender=chance.choices(("Girl", "Boy", "Non-binary"), (70, 26, 4))[0],
            ethnicity=chance.choice(_ETHNICITIES),
            school_id=county.schools[school[0]] if school else None,
            school_name="" if school else "A school outside Exampleshire",
            learning_disability=_answer(chance, 0.12),
            looked_after=_answer(chance, 0.3),
            legal_status=chance.choice(_LEGAL),
            lead_professional_id=county.people[chance.choice(names.LEADS)].account_id if has_account else None,
            lead_professional_name="" if has_account else "Wanda Workerton",
        )


def _usual_birth(chance: Random, today: date) -> date:
    return today - timedelta(days=chance.randrange(12 * 366, 17 * 366 - 400))


def _special_births(today: date) -> Iterator[date]:
    """Give births that a rule asks about: 17 since the last meeting, 17½, 17¾, 18, and under 13."""
    for months in (204, 204, 210, 211, 213, 214, 216):
        yield after_months(today - timedelta(days=3), -months)
    for months in (143, 150, 154):
        yield after_months(today, -months)


def _answer(chance: Random, yes: float) -> YesNoUnknown:
    drawn = chance.random()
    if drawn < yes:
        return YesNoUnknown.YES
    return YesNoUnknown.UNKNOWN if drawn > 0.95 else YesNoUnknown.NO


def bring_list_in(county: County, newcomers: Newcomers) -> int:
    """Put the county's old list into the service, as its first import does; gives how many."""
    children = []
    areas = sorted(county.areas)
    ratings = [rating for rating, count in zip(_RATINGS, _HOW_MANY, strict=True) for _ in range(count)]
    county.chance.shuffle(ratings)
    with writing(county.sessions, OPERATOR) as session:
        for place, rating in enumerate(ratings):
            details = newcomers.next(areas[place % len(areas)])
            children.append(_listed_before(county, session, details, rating))
        for child_id in children[:: len(children) // 12]:
            worker = county.people["specialist"].account_id
            assert worker is not None
            session.add(Involvement(child_id=child_id, account_id=worker, began_at=county.begins))
    return len(children)


def _listed_before(county: County, session: Session, details: ChildDetails, rating: RiskRating) -> int:
    """Put one child on the list with the rating of the time before the service; the review is spread over its weeks."""
    now, chance = county.begins, county.chance
    began = london_date(now)
    days = rule_of(rating, county.office.partnership.ratings.ratings).review_days or 0
    review_on = began + timedelta(days=chance.randrange(5, days))
    rated_on = review_on - timedelta(days=days)
    child = create_child(session, OPERATOR, now, details)
    decided = record_rating(
        session, OPERATOR, now, child.key, rating, rationale=words.RATIONALES[rating.value], decided_on=rated_on,
        exploitation_status=_status(chance, rating), before_service=True, next_review_on=review_on,
    )  # fmt: skip
    lead = chance.choice(("childrens-services", "childrens-services", "family-services", "police"))
    open_entry(
        session, OPERATOR, now, child, decided, review_on, county.agencies[lead],
        listed_on=rated_on - timedelta(days=chance.randrange(0, 300)), before_service=True,
    )  # fmt: skip
    if rating in PLANNED and chance.random() < _WITH_PLAN:
        write_plan(session, OPERATOR, now, child.key, words.plan(began))
    return child.key


def _status(chance: Random, rating: RiskRating) -> ExploitationStatus:
    weights = {RiskRating.HIGH: (1, 4, 5), RiskRating.MEDIUM: (4, 5, 1)}.get(rating, (8, 2, 0))
    return chance.choices(tuple(ExploitationStatus), weights)[0]
