"""The shape of `[strategy]` in `ratings.toml`: when a strategy discussion is suggested, and who takes part."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from meetings_app.partnership.values import Age, AgencyCode, Days, Definition, PlainText, RatingCode, SectionKey

ChangeCode = Literal[
    "placement_move", "missing_episode", "incident", "disclosure", "new_intelligence", "release_of_perpetrator",
    "repeat_referral",
]  # fmt: skip
TriggerCode = Annotated[str, Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=40)]


class StrategyTrigger(Definition):
    """One reason to hold a strategy discussion. All the conditions given must hold; with none, people say it.

    `asks`: `discussion` (held, or a named manager’s reason), `consideration` (recorded), `manager` (the discussion with
    the team manager recorded). `separate`: it concerns a young person who is an alleged perpetrator, on their own
    record.
    """

    code: TriggerCode
    label: PlainText
    asks: Literal["discussion", "consideration", "manager"]
    ratings: tuple[RatingCode, ...] = ()
    tool: AgencyCode | None = None
    categories: tuple[int, ...] = ()
    tier: SectionKey | None = None
    changes: tuple[ChangeCode, ...] = ()
    at_least: Annotated[int, Field(ge=1, le=50, strict=True)] = 1
    within_days: Days | None = None
    known: bool = False
    under_age: Age | None = None
    moved_area: bool = False
    separate: bool = False

    @property
    def said_by_people(self) -> bool:
        """Whether nothing on record shows it, so that people say it."""
        return not (self.ratings or self.categories or self.tier or self.changes or self.under_age or self.moved_area)

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        if self.categories and self.tool is None:
            raise ValueError("categories need the tool whose categories they are")
        if (self.at_least > 1 or self.within_days is not None) and not self.changes:
            raise ValueError("at_least and within_days count changes: name their kinds in changes")
        return self


class Participant(Definition):
    """Somebody who takes part in a strategy discussion; `needed` for the minimum."""

    code: SectionKey
    label: PlainText
    needed: bool = False


class StrategyRules(Definition):
    """`[strategy]` of `ratings.toml`."""

    request_working_days: Days
    answered_by_days: Days = 28
    participants: Annotated[tuple[Participant, ...], Field(min_length=1)]
    triggers: Annotated[tuple[StrategyTrigger, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_code_once(self) -> Self:
        for codes in ([one.code for one in self.participants], [one.code for one in self.triggers]):
            for code in codes:
                if codes.count(code) > 1:
                    raise ValueError(f"the code “{code}” stands there twice")
        return self
