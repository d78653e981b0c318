"""Ages, always computed from the date of birth, and what follows from them (`domain.md`, "Ages")."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from meetings_app.errors import RuleBroken
from meetings_app.partnership.ages import Ages
from meetings_app.partnership.definitions import Ratings
from meetings_app.text import day_in_words


class TransitionStep(StrEnum):
    """The steps towards adult services that are recorded (SUR)."""

    ADULT_CONTACT = "adult_contact"
    ADULT_SERVICES = "adult_services"
    PACKAGE = "package"


@dataclass(frozen=True)
class AgeNote:
    """One thing the meeting must bear in mind because of a child's age: a code, and a sentence for people."""

    code: str
    text: str


@dataclass(frozen=True)
class TransitionDates:
    """The days on which the steps towards adult services fall due for one child."""

    planning_on: date
    adult_services_on: date
    weekly_from: date
    adult_on: date


def after_months(day: date, months: int) -> date:
    """Give the same day of the month, `months` later.

    Where that month is too short, the first day of the month after: whoever is born on 29 February turns
    a year older on 1 March of a common year.
    """
    years, month = divmod(day.month - 1 + months, 12)
    try:
        return day.replace(year=day.year + years, month=month + 1)
    except ValueError:
        start = day.replace(year=day.year + years, month=month + 1, day=28)
        return (start + timedelta(days=4)).replace(day=1)


def birthday(born: date, age: int) -> date:
    """Give the day on which a child born on `born` reaches `age` years."""
    return after_months(born, 12 * age)


def check_package_start(starts_on: date | None, first: date, field: str) -> None:
    """Refuse a support package that starts before transition planning does, at the 17th birthday (our default).

    Raises `RuleBroken` for `field`.
    """
    if starts_on is not None and starts_on < first:
        raise RuleBroken(field, f"Enter a date on or after {day_in_words(first)}: transition planning starts then")


def age_on(born: date, day: date) -> int:
    """Give the age in whole years on `day`. Raises `ValueError` for a day before the birth."""
    if day < born:
        raise ValueError("The day is before the birth.")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def is_under(age: int, born: date, day: date) -> bool:
    """Say whether somebody born on `born` is under `age` on `day`."""
    return day < birthday(born, age)


def transition_dates(born: date, ages: Ages) -> TransitionDates:
    """Give the days on which a child's transition steps fall due (SUR; 17½ and 17¾ are our defaults)."""
    return TransitionDates(
        planning_on=birthday(born, ages.transition_planning),
        adult_services_on=after_months(born, ages.adult_services_months),
        weekly_from=after_months(born, ages.weekly_months),
        adult_on=birthday(born, ages.adult),
    )


def is_step_due(born: date, today: date, ages: Ages, steps: Collection[TransitionStep]) -> bool:
    """Say whether a step towards adult services is due on `today` and not recorded (SUR; 17½ and 17¾ own).

    At 17 the contact in adult services, at 17½ the decision on a referral, from 17¾ the support package; once the
    package is agreed, nothing.
    """
    due = transition_dates(born, ages)
    if TransitionStep.PACKAGE in steps:
        return False
    return (
        today >= due.weekly_from
        or (today >= due.adult_services_on and TransitionStep.ADULT_SERVICES not in steps)
        or (today >= due.planning_on and TransitionStep.ADULT_CONTACT not in steps)
    )


_UNDER_AGE = "Under {age}: a strategy discussion must be recorded, and whether behaviours indicate involvement in CSE."
_LEARNING_DISABILITY = (
    "Learning disability: at any age, whether behaviours indicate involvement in CSE, or risk of it, must be recorded."
)


BEHAVIOURS, WIDER = (
    "Do behaviours indicate involvement in CSE?",
    "Do behaviours indicate involvement in CSE, or risk of it?",
)
"""What an RMM answers of a child whom the floor holds; the wider form with a learning disability (KM)."""


def age_notes(
    born: date,
    today: date,
    rules: Ratings,
    *,
    looked_after: bool = False,
    care_leaver: bool = False,
    learning_disability: bool = False,
    additional_needs: bool = False,
    steps: Collection[TransitionStep] = (),
) -> list[AgeNote]:
    """Give what must be borne in mind on `today` because of a child's age, youngest rule first.

    A learning disability counts at any age. `looked_after` children become care leavers at 18. `steps` towards adult
    services that are recorded are not asked for again.
    """
    ages = rules.ages
    under_age = rules.floor.under_age
    age = age_on(born, today)
    adult = age >= ages.adult
    notes: list[AgeNote] = []
    if age < under_age:
        notes.append(AgeNote(f"under_{under_age}", _UNDER_AGE.format(age=under_age)))
    if learning_disability:
        notes.append(AgeNote("learning_disability", _LEARNING_DISABILITY))
    if ages.consent_is_no_safety <= age and not adult:
        notes.append(
            AgeNote("consent_is_no_safety", "16 or 17: being over the age of consent does not make a child safe.")
        )
    if age >= ages.transition_planning:
        notes += _transition_notes(born, today, ages, steps)
    if adult and age <= ages.additional_needs_last_age and (additional_needs or learning_disability):
        notes.append(AgeNote("additional_needs", "Additional needs: special consideration up to the age of 21."))
    if adult and age <= ages.care_leaver_last_age and (care_leaver or looked_after):
        notes.append(AgeNote("care_leaver", "Care leaver: support goes on through the pathway plan."))
    return notes


def _transition_notes(born: date, today: date, ages: Ages, steps: Collection[TransitionStep]) -> list[AgeNote]:
    due = transition_dates(born, ages)
    if today >= due.adult_on and TransitionStep.PACKAGE in steps:
        text = f"18 since {day_in_words(due.adult_on)}: the support package with adult services is recorded."
        return [AgeNote("adult", text)]
    if today >= due.adult_on:
        return [
            AgeNote(
                "adult",
                f"18 since {day_in_words(due.adult_on)}: closure needs the support package agreed with adult services.",
            )
        ]
    contact = "" if TransitionStep.ADULT_CONTACT in steps else " Name the contact in adult services."
    planning = f"17 since {day_in_words(due.planning_on)}: transition planning is due.{contact}"
    notes = [AgeNote("transition_planning", planning)]
    if TransitionStep.PACKAGE in steps:
        return notes
    if today >= due.adult_services_on and TransitionStep.ADULT_SERVICES not in steps:
        notes.append(
            AgeNote(
                "adult_services",
                f"17½ since {day_in_words(due.adult_services_on)}: decide on a referral to adult services.",
            )
        )
    if today >= due.weekly_from:
        notes.append(
            AgeNote(
                "transition_weekly",
                f"17¾ since {day_in_words(due.weekly_from)}: on every agenda until the support package is agreed.",
            )
        )
    return notes
