"""The parts of an assessment tool, as they stand in a file of `agendas/tools/`."""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StringConstraints, field_validator, model_validator

from meetings_app.partnership.values import Age, AgencyCode, Days, Definition, PlainText, RatingCode

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=40)]
Points = Annotated[int, Field(ge=0, le=100, strict=True)]
Months = Annotated[int, Field(ge=0, le=360, strict=True)]
Number = Annotated[int, Field(ge=1, le=9, strict=True)]
AtLeast = Annotated[int, Field(ge=1, le=200, strict=True)]
Asked = Literal["disability", "learning_disability"]
FlagCode = Literal[
    "manager_discussion", "consideration_recorded", "strategy_discussion_or_reason", "consider_for_list",
    "pathway_plan", "under_13", "assess_carefully", "immediate_referral",
]  # fmt: skip

FLOOR_APPLIED = "floor_applied"
"""The flag of an outcome that one of the floors has lifted; its words are those of the floor."""

LEVELS: tuple[RatingCode, ...] = ("none", "low", "medium", "high")
"""From the lowest to the highest."""

_FIELDS_OF_AN_INDICATOR = {"code", "when", "evidence", "source"}


def twice(names: Iterable[str | int]) -> str | int | None:
    """Give the first of `names` that has stood there before, or None."""
    seen: set[str | int] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


class Window(Definition):
    """A time in which an indicator may have been present, counted back in months from the assessment.

    Without months the window has no dates: a person says whether something is current or in the past.
    """

    key: Key
    label: PlainText
    from_months: Months = 0
    to_months: Months | None = None

    @model_validator(mode="after")
    def _goes_back(self) -> Self:
        if self.to_months is not None and self.to_months <= self.from_months:
            raise ValueError("to_months must be more than from_months")
        return self


class Choice(Definition):
    """One answer to a question. Where it does not count, the tick is kept and changes neither score nor level."""

    code: Key
    label: PlainText
    counts: StrictBool = True


class Question(Definition):
    """What is asked beside each ticked indicator of a tier. `default` is meant where nothing is answered.

    `required` ones, which have none, are answered before an assessment is finished.
    """

    key: Key
    text: PlainText
    help: str = ""
    choices: Annotated[tuple[Choice, ...], Field(min_length=2)]
    default: Key | None = None
    required: StrictBool = False

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        codes = [choice.code for choice in self.choices]
        if (code := twice(codes)) is not None:
            raise ValueError(f"the choice “{code}” stands there twice")
        if self.default is not None and self.default not in codes:
            raise ValueError(f"the default “{self.default}” is not one of the choices")
        if self.default is not None and self.required:
            raise ValueError("a required question has no default")
        if self.key in _FIELDS_OF_AN_INDICATOR:
            raise ValueError(f"the key “{self.key}” is a field of every indicator already")
        return self


class Indicator(Definition):
    """One thing that may be ticked: its label as the tool's form has it, and a note where the form has one."""

    code: Code
    label: PlainText
    note: str = ""


class Tier(Definition):
    """Indicators of one kind. `points`, in a tool that scores, are given once for each window that is ticked."""

    key: Key
    title: PlainText
    help: str = ""
    points: dict[Key, Points] | None = None
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]
    questions: tuple[Question, ...] = ()

    @field_validator("questions")
    @classmethod
    def _each_question_once(cls, questions: tuple[Question, ...]) -> tuple[Question, ...]:
        if (key := twice(question.key for question in questions)) is not None:
            raise ValueError(f"the key “{key}” stands there twice")
        return questions


class Bonus(Definition):
    """Points added once, where every condition that is given holds.

    `tier` asks for at least one indicator of that tier that scores; `asks` for a yes to that question about the child.
    """

    key: Key
    label: PlainText
    points: Points
    under_age: Age | None = None
    asks: Asked | None = None
    tier: Key | None = None

    @model_validator(mode="after")
    def _has_a_condition(self) -> Self:
        if self.under_age is None and self.asks is None and self.tier is None:
            raise ValueError("a bonus needs under_age, asks or tier")
        return self


class RecommendedAction(Definition):
    """What is usually done: who might do it, and within how many days of the assessment. People decide."""

    text: PlainText
    agency: AgencyCode
    days: Days


class Category(Definition):
    """One result of the tool, and the level it reads as. The level never sets the risk rating (SG).

    `from_score` or `tier` says where it begins, for a tool that scores or goes by tiers. `reassess_days` and
    `reassess_from_days` are the latest and the earliest time to use the tool again; without them the tool's hold.
    """

    number: Number
    label: PlainText
    level: RatingCode
    description: str = ""
    from_score: Points | None = None
    tier: Key | None = None
    reassess_days: Days | None = None
    reassess_from_days: Days | None = None
    actions: tuple[RecommendedAction, ...] = ()

    @model_validator(mode="after")
    def _the_earliest_is_not_the_latest(self) -> Self:
        if self.reassess_from_days is not None and self.reassess_from_days > (self.reassess_days or 0):
            raise ValueError("reassess_from_days needs a reassess_days that is not less")
        return self


class ToolFloor(Definition):
    """Below which category the outcome may not go once an indicator (of `tier`, where given) counts.

    With `under_age` or `learning_disability` it holds only for those children: either is enough.
    """

    category: Number
    text: PlainText
    tier: Key | None = None
    under_age: Age | None = None
    learning_disability: StrictBool = False

    @model_validator(mode="after")
    def _has_a_condition(self) -> Self:
        if self.tier is None and self.under_age is None and not self.learning_disability:
            raise ValueError("a floor needs tier, under_age or learning_disability")
        return self


class FlagRule(Definition):
    """What people must be told beside the outcome. Every condition that is given must hold.

    `tier` asks for `at_least` so many indicators of it that count; `without` for none of those tiers.
    """

    code: FlagCode
    text: PlainText
    categories: tuple[Number, ...] = ()
    tier: Key | None = None
    at_least: AtLeast = 1
    without: tuple[Key, ...] = ()
    under_age: Age | None = None
    from_age: Age | None = None

    @model_validator(mode="after")
    def _has_a_condition(self) -> Self:
        if not self.categories and self.tier is None and self.under_age is None and self.from_age is None:
            raise ValueError("a flag needs categories, tier, under_age or from_age")
        return self


class Heading(Definition):
    """A heading for free text. Required ones are filled in before an assessment is finished."""

    key: Key
    title: PlainText
    help: str = ""
    required: StrictBool = False
