"""What a safety plan holds, how much a rating asks of it, and when an update is asked for. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from meetings_app.errors import RuleBroken
from meetings_app.partnership.plans import PlanRules
from meetings_app.ratings.levels import RiskRating
from meetings_app.schedule.working_days import WorkingCalendar

PLANNED = frozenset({RiskRating.HIGH, RiskRating.MEDIUM})
"""The ratings that ask for a safety plan (SUR). For low none is asked for, and one that is there may go on."""

MOST_AIMS = 12


class ViewKind(StrEnum):
    """Whether a view stands in the plan, or why it was not sought."""

    VIEW = "view"
    NOT_SOUGHT = "not_sought"


class SchoolCopy(StrEnum):
    """Whether the school gets the plan through the education representative."""

    GIVEN = "given"
    NOT_GIVEN = "not_given"


class Effect(StrEnum):
    """What the RMM found about one aim."""

    WORKING = "working"
    PARTLY = "partly"
    NOT_WORKING = "not_working"
    ACHIEVED = "achieved"


EFFECTS = {
    Effect.WORKING: "Working", Effect.PARTLY: "Partly working", Effect.NOT_WORKING: "Not working",
    Effect.ACHIEVED: "Achieved",
}  # fmt: skip


@dataclass(frozen=True)
class Aim:
    """What should be different, the actions that serve it, and by when.

    `number` says which aim of the earlier versions it carries on; None is a new one. `references` are those of actions
    that the record holds already.
    """

    aim: str
    actions: str = ""
    references: tuple[str, ...] = ()
    due_on: date | None = None
    number: int | None = None


@dataclass(frozen=True)
class PlanText:
    """What a version says. Each view is the view, or why it was not sought, as its kind says."""

    aims: tuple[Aim, ...]
    contingency: str = ""
    child_view: str = ""
    child_view_kind: ViewKind | None = None
    parents_view: str = ""
    parents_view_kind: ViewKind | None = None
    missing_plan: str = ""
    school_copy: SchoolCopy | None = None
    school_copy_note: str = ""
    police_intelligence: str = ""


def needs_of(rating: RiskRating | None, rules: PlanRules, *, missing: bool) -> frozenset[str]:
    """Give what a plan must hold besides an aim and the actions that serve it, in proportion to the rating (own).

    `missing` says that the child went missing lately: only then a plan for that is asked for.
    """
    asked = {RiskRating.HIGH: rules.high, RiskRating.MEDIUM: rules.medium, RiskRating.LOW: rules.low}
    needs = frozenset[str](asked.get(rating, rules.low) if rating is not None else rules.low)
    return needs if missing else needs - {"missing"}


def check_plan(plan: PlanText, needs: Collection[str]) -> None:
    """Refuse a plan that lacks what the rating asks for, everything at once.

    Raises `RuleBroken` for `aim1`, `contingency`, `child_view_kind` and the other fields.
    """
    broken = [*_aims(plan, needs), *_views(plan, needs), *_copy(plan, needs)]
    if "contingency" in needs and not plan.contingency.strip():
        broken.append(RuleBroken("contingency", "Enter what happens if the plan does not work"))
    if "missing" in needs and not plan.missing_plan.strip():
        broken.append(RuleBroken("missing_plan", "Enter what is done when the child goes missing"))
    if broken:
        raise RuleBroken(broken[0].field, broken[0].message, broken[1:])


def check_is_new(plan: PlanText, before: PlanText) -> None:
    """Refuse a version that says what the present one says: what is due after a rating is not met by saving it again.

    Our default. An aim that carries no number on is a new one. Raises `RuleBroken` for the first aim.
    """
    if _in_order(plan) == _in_order(before):
        raise RuleBroken("aim1", "Change the plan: nothing in it is different from the version that stands")


def _in_order(plan: PlanText) -> PlanText:
    """Give the plan with the references of each aim sorted: a form sends them in its own order."""
    return replace(plan, aims=tuple(replace(aim, references=tuple(sorted(aim.references))) for aim in plan.aims))


def _aims(plan: PlanText, needs: Collection[str]) -> list[RuleBroken]:
    if not any(aim.aim.strip() for aim in plan.aims):
        return [RuleBroken("aim1", "Enter the first aim of the plan")]
    broken = []
    for place, aim in enumerate(plan.aims, start=1):
        if not aim.aim.strip():
            broken.append(RuleBroken(f"aim{place}", "Enter what should be different, or empty the whole aim"))
        elif "actions" in needs and not aim.actions.strip() and not aim.references:
            broken.append(RuleBroken(f"aim{place}_actions", "Enter the actions that serve this aim, or choose them"))
    if "dated_aim" in needs and not any(aim.due_on for aim in plan.aims):
        broken.append(RuleBroken("aim1_due_on", "Enter the date of at least one aim"))
    return broken


def _views(plan: PlanText, needs: Collection[str]) -> list[RuleBroken]:
    if "views" not in needs:
        return []
    broken = []
    for name, whose, kind, view in (
        ("child_view", "the child’s view", plan.child_view_kind, plan.child_view),
        ("parents_view", "the parents’ or carers’ view", plan.parents_view_kind, plan.parents_view),
    ):
        if kind is None:
            broken.append(RuleBroken(f"{name}_kind", f"Choose whether {whose} was sought"))
        if not view.strip():
            missing = f"why {whose} was not sought" if kind is ViewKind.NOT_SOUGHT else whose
            broken.append(RuleBroken(name, f"Enter {missing}"))
    return broken


def _copy(plan: PlanText, needs: Collection[str]) -> list[RuleBroken]:
    if "school" in needs and plan.school_copy is None:
        return [RuleBroken("school_copy", "Choose whether the school gets a copy")]
    if plan.school_copy is SchoolCopy.NOT_GIVEN and not plan.school_copy_note.strip():
        return [RuleBroken("school_copy_note", "Enter why the school gets no copy")]
    return []


def numbered(aims: Sequence[Aim], known: Collection[int], last: int) -> list[tuple[int, Aim]]:
    """Give each aim its number: an aim that goes on keeps it, a new one gets the next, and none is given twice.

    `known` are the numbers of the present version, `last` the highest ever given to this child’s aims.
    """
    made, used = [], set()
    for aim in aims:
        if aim.number in known and aim.number not in used and aim.number is not None:
            number = aim.number
        else:
            last += 1
            number = last
        used.add(number)
        made.append((number, aim))
    return made


def working_days_late(due_on: date | None, today: date, calendar: WorkingCalendar) -> int:
    """Count the working days since a plan was due, 0 where it is not late: its time is counted in them too."""
    if due_on is None or due_on >= today:
        return 0
    days = (due_on + timedelta(days=ahead) for ahead in range(1, (today - due_on).days + 1))
    return sum(1 for day in days if calendar.is_working_day(day)) or 1


def is_missing(went_missing_on: date | None, today: date, rules: PlanRules) -> bool:
    """Say whether the child went missing so lately that the plan says what is done when it happens again (own)."""
    return went_missing_on is not None and went_missing_on >= today - timedelta(days=rules.missing_days)


def update_asked_on(held_on: date, rules: PlanRules, calendar: WorkingCalendar) -> date:
    """Give the day on which the lead professional is asked for an update before a meeting (SUR: 2 working days)."""
    return calendar.add_working_days(held_on, -rules.update_working_days)


def recent_since(today: date, rules: PlanRules) -> date:
    """Give the day since which an update says how things are now, so that none is asked for (own)."""
    return today - timedelta(days=rules.update_recent_days)


def asked_for_days(today: date, rules: PlanRules, calendar: WorkingCalendar) -> list[date]:
    """Give the days of RMMs, today and later, before which an update is asked for on this day already."""
    days, day = [], today
    while update_asked_on(day, rules, calendar) <= today:
        days.append(day)
        day += timedelta(days=1)
    return days


def update_is_asked(
    held_on: date, today: date, written_on: date | None, updated_on: date | None, rules: PlanRules,
    calendar: WorkingCalendar,
) -> bool:  # fmt: skip
    """Say whether an update is asked for today before the RMM of a day, and not given.

    `written_on` is the day of the present version, None where no plan is written; `updated_on` that of the last update.
    What was written shortly before says how things are, so that nothing is asked for (own).
    """
    asked_on = update_asked_on(held_on, rules, calendar)
    if written_on is None or not asked_on <= today <= held_on:
        return False
    return max(written_on, updated_on or written_on) < recent_since(asked_on, rules)
