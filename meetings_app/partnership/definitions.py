"""The shape of the files in `agendas/`: every key, its type and its limits. An unknown key is refused.

Those of `agendas/tools/` are in `tools.py`.
"""

import tomllib
from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from meetings_app.partnership.ages import Ages
from meetings_app.partnership.clock import ClockRules
from meetings_app.partnership.closing import ClosingTexts
from meetings_app.partnership.disruption import DisruptionTactics
from meetings_app.partnership.language import LanguageRules
from meetings_app.partnership.plans import PlanRules
from meetings_app.partnership.raised import RaisedRules
from meetings_app.partnership.strategy import StrategyRules
from meetings_app.partnership.tools import ToolDefinition
from meetings_app.partnership.values import (
    Age,
    AgencyCode,
    AreaCode,
    Count,
    Days,
    Definition,
    EmailAddress,
    Minutes,
    PlainText,
    RatingCode,
    SectionKey,
    Weekday,
)  # fmt: skip
from meetings_app.resources import folder

MemberRole = Literal[
    "chair", "deputy-chair", "coordinator", "representative", "specialist", "network-chair", "list-holder"
]

CHILD_SECTIONS = ("new_referrals", "overdue_actions", "reviews", "transitions", "closures", "late_items")
NETWORK_SECTIONS = ("new_network_referrals", "network_reviews", "late_items")


class AreaDefinition(Definition):
    """A children's social care area with its own Risk Management Meeting."""

    code: AreaCode
    name: PlainText


class AgencyDefinition(Definition):
    """An agency that takes part; `contact` is the work email of its single point of contact, where it has one."""

    code: AgencyCode
    name: PlainText
    contact: EmailAddress | None = None


class ClosureDay(Definition):
    """A day on which the partnership's offices are closed, beside the bank holidays."""

    date: date
    name: PlainText


class PartnershipFile(Definition):
    """`partnership.toml`."""

    name: PlainText
    areas: Annotated[tuple[AreaDefinition, ...], Field(min_length=1)]
    agencies: Annotated[tuple[AgencyDefinition, ...], Field(min_length=1)]
    closure_days: tuple[ClosureDay, ...] = ()

    @field_validator("areas", "agencies")
    @classmethod
    def _each_code_once(
        cls, entries: tuple[AreaDefinition | AgencyDefinition, ...]
    ) -> tuple[AreaDefinition | AgencyDefinition, ...]:
        codes = [entry.code for entry in entries]
        for code in codes:
            if codes.count(code) > 1:
                raise ValueError(f"the code “{code}” stands there twice")
        return entries


class RatingRule(Definition):
    """What confirming one rating raises, and when the child is reviewed. No days means no review is due."""

    label: PlainText
    listed: bool
    lead_agency: bool
    strategy_discussion: Literal["held_or_reason", "considered", "not_asked"]
    review_days: Days | None = None
    maximum_days: Days | None = None
    lead_professional_working_days: Days | None = None
    safety_plan_working_days: Days | None = None
    strategy_discussion_working_days: Days | None = None
    held_by: str = ""

    @model_validator(mode="after")
    def _review_fits(self) -> Self:
        if self.listed and (self.review_days is None or self.maximum_days is None):
            raise ValueError("a rating that keeps a child on the list needs review_days and maximum_days")
        if self.review_days and self.maximum_days and self.maximum_days < self.review_days:
            raise ValueError("maximum_days must not be less than review_days")
        return self


class RatingRules(Definition):
    """The four ratings."""

    high: RatingRule
    medium: RatingRule
    low: RatingRule
    none: RatingRule

    @model_validator(mode="after")
    def _listed_as_the_law_of_the_list_says(self) -> Self:
        if not (self.high.listed and self.medium.listed and self.low.listed) or self.none.listed:
            raise ValueError("high, medium and low keep a child on the list, none does not")
        return self


class Floor(Definition):
    """Below which rating a young child, or one with a learning disability, may not go."""

    under_age: Age
    learning_disability: bool
    lowest: RatingCode


class SteppingDown(Definition):
    """How fast a rating may be lowered."""

    levels_a_meeting: Annotated[int, Field(ge=1, le=3, strict=True)]
    reviews_after_high: Count


class Deferral(Definition):
    """How often a decision may be put off for want of information."""

    maximum: Count


class ActionRules(Definition):
    """How far an action may be put off, and when a missed one goes higher up. What a file leaves out is the default."""

    new_date_days: Days = 84
    new_dates: Count = 2
    contact_meetings: Annotated[int, Field(ge=1, le=20, strict=True)] = 2
    board_meetings: Annotated[int, Field(ge=1, le=20, strict=True)] = 3

    @model_validator(mode="after")
    def _board_last(self) -> Self:
        if self.board_meetings <= self.contact_meetings:
            raise ValueError("board_meetings must be more than contact_meetings")
        return self


class Referrals(Definition):
    """Repeat referrals, returned referrals and the time for the first decision."""

    repeat_months: Annotated[int, Field(ge=1, le=120, strict=True)]
    answer_working_days: Days
    decision_hours: Annotated[int, Field(ge=1, le=168, strict=True)]


class Assessment(Definition):
    """When a tool is used again."""

    reassess_days: Days


class Closure(Definition):
    """The limits of the closure gate."""

    signature_working_days: Days
    reassessed_within_days: Days
    look_back_days: Days
    missing_days: Days
    recently_high_days: Days
    flag_agencies: tuple[AgencyCode, ...] = ("police", "health", "childrens-services")
    flag_working_days: Days = 5


def _shipped_strategy() -> StrategyRules:
    """Give the shipped rules: a file of before they existed has none, and must not stop the service."""
    shipped = tomllib.loads((folder("agendas") / "ratings.toml").read_text("utf-8"))
    return StrategyRules.model_validate(shipped["strategy"])


class Ratings(Definition):
    """`ratings.toml`."""

    ratings: RatingRules
    floor: Floor
    stepping_down: SteppingDown
    deferral: Deferral
    actions: ActionRules = ActionRules()
    referrals: Referrals
    assessment: Assessment
    closure: Closure
    plans: PlanRules = PlanRules()
    ages: Ages
    strategy: StrategyRules = Field(default_factory=_shipped_strategy)

    @model_validator(mode="after")
    def _a_discussion_that_is_asked_for_has_its_reason(self) -> Self:
        named = {rating for trigger in self.strategy.triggers for rating in trigger.ratings}
        for rating in ("high", "medium", "low", "none"):
            if getattr(self.ratings, rating).strategy_discussion == "held_or_reason" and rating not in named:
                raise ValueError(f"the rating “{rating}” asks for a strategy discussion: a trigger must name it")
        return self


class CutOff(Definition):
    """Until when, before the meeting, new items are taken."""

    working_days: Days
    time: time


class ItemMinutes(Definition):
    """How long each kind of item takes."""

    new_referral: Minutes
    closure: Minutes
    review: Minutes
    paper: Minutes


class SectionDefinition(Definition):
    """One numbered heading of the agenda."""

    key: SectionKey
    title: PlainText


class MeetingDefinition(Definition):
    """`rmm.toml` and `network.toml`: one type of meeting. Times are wall-clock times in Europe/London."""

    type: Literal["rmm", "network"]
    name: PlainText
    interval_days: Days
    weekday: Weekday
    time: time
    minutes: Minutes
    announce_weeks: Count
    stand_weeks: Count
    information_working_days: Days = 2
    agenda_issued_working_days: Days
    action_list_working_days: Days
    draft_minutes_working_days: Days
    corrections_working_days: Days
    chairing_agencies: Annotated[tuple[AgencyCode, ...], Field(min_length=1)]
    expected_agencies: Annotated[tuple[AgencyCode, ...], Field(min_length=1)]
    quorum_agencies: Annotated[tuple[AgencyCode, ...], Field(min_length=1)]
    member_roles: Annotated[tuple[MemberRole, ...], Field(min_length=1)]
    member_agencies: tuple[AgencyCode, ...] = ()
    statement: PlainText
    cut_off: CutOff
    item_minutes: ItemMinutes
    sections: Annotated[tuple[SectionDefinition, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _sections_are_whole(self) -> Self:
        keys = [section.key for section in self.sections]
        for key in CHILD_SECTIONS if self.type == "rmm" else NETWORK_SECTIONS:
            if key not in keys:
                raise ValueError(f"the section “{key}” is missing")
        if len(set(keys)) < len(keys):
            raise ValueError("a section stands there twice")
        if keys[-1] != "late_items":
            raise ValueError("the section “late_items” must be the last, so that numbers never shift")
        return self


class Partnership(Definition):
    """All that a partnership decides for itself, as read from one folder or kept in the database.

    `rules_version` is the number under which the database keeps these `ratings`; decisions name it.
    """

    name: str
    areas: tuple[AreaDefinition, ...]
    agencies: tuple[AgencyDefinition, ...]
    closure_days: tuple[ClosureDay, ...]
    ratings: Ratings
    rmm: MeetingDefinition
    network: MeetingDefinition
    tools: tuple[ToolDefinition, ...]
    language: LanguageRules
    disruption: DisruptionTactics
    closing: ClosingTexts
    raised: RaisedRules
    clock: ClockRules = ClockRules()
    rules_version: int = 1
