"""The shape of a file in `agendas/tools/`: one assessment tool. Every number stands in the file, none in the code."""

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StringConstraints, ValidationInfo, field_validator

from meetings_app.partnership.tool_parts import (
    LEVELS,
    Bonus,
    Category,
    Code,
    FlagRule,
    Heading,
    Tier,
    ToolFloor,
    Window,
    twice,
)  # fmt: skip
from meetings_app.partnership.values import Days, Definition, PlainText

Version = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]
Method = Literal["score", "tiers", "judged"]


class ToolDefinition(Definition):
    """One version of one assessment tool.

    `method` says how the category is found: by the score, by the highest tier with a tick, or by a person's judgement.
    """

    code: Code
    name: PlainText
    version: Version
    licence: PlainText
    unofficial: StrictBool = False
    method: Method
    help: str = ""
    reassess_days: Days | None = None
    windows: Annotated[tuple[Window, ...], Field(min_length=1)]
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    bonuses: tuple[Bonus, ...] = ()
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    floors: tuple[ToolFloor, ...] = ()
    flags: tuple[FlagRule, ...] = ()
    headings: Annotated[tuple[Heading, ...], Field(min_length=1)]

    @field_validator("windows", "headings")
    @classmethod
    def _each_key_once(cls, parts: tuple[Window | Heading, ...]) -> tuple[Window | Heading, ...]:
        if (key := twice(part.key for part in parts)) is not None:
            raise ValueError(f"the key “{key}” stands there twice")
        return parts

    @field_validator("tiers")
    @classmethod
    def _tiers_fit(cls, tiers: tuple[Tier, ...], info: ValidationInfo) -> tuple[Tier, ...]:
        if (name := twice(tier.key for tier in tiers)) is not None:
            raise ValueError(f"the key “{name}” stands there twice")
        if (name := twice(indicator.code for tier in tiers for indicator in tier.indicators)) is not None:
            raise ValueError(f"the code “{name}” stands there twice")
        windows = {window.key for window in info.data.get("windows", ())}
        for tier in tiers:
            if (info.data.get("method") == "score") != bool(tier.points):
                raise ValueError(f"“{tier.key}”: points are for every tier of a tool that scores, and for no other")
            if unknown := sorted(set(tier.points or ()) - windows):
                raise ValueError(f"“{tier.key}”: points: “{unknown[0]}” is not a window of this file")
        return tiers

    @field_validator("bonuses")
    @classmethod
    def _bonuses_fit(cls, bonuses: tuple[Bonus, ...], info: ValidationInfo) -> tuple[Bonus, ...]:
        if bonuses and info.data.get("method") != "score":
            raise ValueError("only a tool that scores has bonuses")
        tiers = [tier.key for tier in info.data.get("tiers", ())]
        if (key := twice([*tiers, *(bonus.key for bonus in bonuses)])) is not None:
            raise ValueError(f"the key “{key}” stands there twice, or is that of a tier")
        _check_tiers((bonus.tier for bonus in bonuses), info)
        return bonuses

    @field_validator("categories")
    @classmethod
    def _categories_rise(cls, categories: tuple[Category, ...], info: ValidationInfo) -> tuple[Category, ...]:
        if [category.number for category in categories] != list(range(1, len(categories) + 1)):
            raise ValueError("the numbers must be 1, 2, 3 and so on, the lowest first")
        levels = [LEVELS.index(category.level) for category in categories]
        if levels != sorted(levels):
            raise ValueError("no level may be below the one before")
        method = info.data.get("method")
        if method == "judged" and twice(levels) is not None:
            raise ValueError("a tool that is judged has one category for each level")
        _check_scores([category.from_score for category in categories], scored=method == "score")
        tiers = [category.tier for category in categories]
        if None in tiers if method == "tiers" else any(tiers):
            raise ValueError("tier is for every category of a tool that goes by tiers, and for no other")
        _check_tiers(tiers, info)
        return categories

    @field_validator("floors")
    @classmethod
    def _floors_fit(cls, floors: tuple[ToolFloor, ...], info: ValidationInfo) -> tuple[ToolFloor, ...]:
        _check_tiers((floor.tier for floor in floors), info)
        _check_categories((floor.category for floor in floors), info)
        return floors

    @field_validator("flags")
    @classmethod
    def _flags_fit(cls, flags: tuple[FlagRule, ...], info: ValidationInfo) -> tuple[FlagRule, ...]:
        if (code := twice(flag.code for flag in flags)) is not None:
            raise ValueError(f"the code “{code}” stands there twice")
        _check_tiers((tier for flag in flags for tier in (flag.tier, *flag.without)), info)
        _check_categories((number for flag in flags for number in flag.categories), info)
        return flags

    @cached_property
    def tier_of(self) -> dict[str, Tier]:
        """Give the tier of each indicator, by the indicator's code."""
        return {indicator.code: tier for tier in self.tiers for indicator in tier.indicators}

    def windows_of(self, tier: Tier) -> tuple[str, ...]:
        """Give the keys of the windows in which indicators of `tier` may be ticked."""
        return tuple(window.key for window in self.windows if tier.points is None or window.key in tier.points)

    def category(self, number: int) -> Category:
        """Give the category with this number, such as an assessment keeps it."""
        return self.categories[number - 1]


def _check_scores(scores: list[int | None], *, scored: bool) -> None:
    given = [score for score in scores if score is not None]
    if not scored and given:
        raise ValueError("from_score is for a tool that scores")
    if scored and (len(given) < len(scores) or given[0] != 0 or given != sorted(set(given))):
        raise ValueError("from_score must be 0 for the first, and more for each that follows")


def _check_tiers(keys: Iterable[str | None], info: ValidationInfo) -> None:
    if "tiers" in info.data:
        known = {None, *(tier.key for tier in info.data["tiers"])}
        if unknown := [key for key in keys if key not in known]:
            raise ValueError(f"“{unknown[0]}” is not a tier of this file")


def _check_categories(numbers: Iterable[int], info: ValidationInfo) -> None:
    if unknown := [number for number in numbers if number > len(info.data.get("categories", ())) > 0]:
        raise ValueError(f"{unknown[0]} is not the number of a category of this file")
