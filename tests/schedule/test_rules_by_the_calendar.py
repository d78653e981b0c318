"""Every rule that counts days, at the boundaries: month ends, clock changes, bank holidays, Christmas, 29 February.

The days stand here as they stand in a printed calendar; the figures are those of the shipped files.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from meetings_app.actions.rules import ActionAnswer, AnswerKind, check_answer
from meetings_app.clock import LONDON
from meetings_app.errors import RuleBroken
from meetings_app.minutes.rules import corrections_until, issue_due
from meetings_app.plans.rules import update_asked_on
from meetings_app.preparing.due import due_on
from meetings_app.ratings.models import RiskRating
from meetings_app.ratings.rules import PresentRating, default_review_date, due_dates, latest_review_date
from meetings_app.referrals.rules import answer_due_on, decide_by, is_repeat
from meetings_app.schedule.rules import agenda_issue_date, cut_off
from meetings_app.schedule.working_days import WorkingCalendar
from tests.support.meetings import office

CALENDAR, OWN = WorkingCalendar(), office().partnership
RATINGS, RMM = OWN.ratings, OWN.rmm
HIGH, MEDIUM, LOW = RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW

AROUND = {
    # The day: one and two working days before it; one, five and ten after it.
    "a month’s end, a Monday": ("2026-11-30", "2026-11-27", "2026-11-26", "2026-12-01", "2026-12-07", "2026-12-14"),
    "a month’s end, a Friday": ("2026-10-30", "2026-10-29", "2026-10-28", "2026-11-02", "2026-11-06", "2026-11-13"),
    "two days before Christmas": ("2026-12-23", "2026-12-22", "2026-12-21", "2026-12-24", "2027-01-04", "2027-01-11"),
    "Christmas Eve": ("2026-12-24", "2026-12-23", "2026-12-22", "2026-12-29", "2027-01-05", "2027-01-12"),
    "the first day of the year": ("2027-01-04", "2026-12-31", "2026-12-30", "2027-01-05", "2027-01-11", "2027-01-18"),
    "Maundy Thursday": ("2027-03-25", "2027-03-24", "2027-03-23", "2027-03-30", "2027-04-05", "2027-04-12"),
    "the Tuesday after Easter": ("2027-03-30", "2027-03-25", "2027-03-24", "2027-03-31", "2027-04-06", "2027-04-13"),
    "before the May bank holiday": ("2027-04-30", "2027-04-29", "2027-04-28", "2027-05-04", "2027-05-10", "2027-05-17"),
    "before the August one": ("2027-08-27", "2027-08-26", "2027-08-25", "2027-08-31", "2027-09-06", "2027-09-13"),
    "before the clocks go back": ("2026-10-23", "2026-10-22", "2026-10-21", "2026-10-26", "2026-10-30", "2026-11-06"),
    "after they went back": ("2026-10-26", "2026-10-23", "2026-10-22", "2026-10-27", "2026-11-02", "2026-11-09"),
    "before they go forward": ("2026-03-27", "2026-03-26", "2026-03-25", "2026-03-30", "2026-04-07", "2026-04-14"),
    "before 29 February": ("2028-02-28", "2028-02-25", "2028-02-24", "2028-02-29", "2028-03-06", "2028-03-13"),
    "29 February": ("2028-02-29", "2028-02-28", "2028-02-25", "2028-03-01", "2028-03-07", "2028-03-14"),
    "1 March without one": ("2027-03-01", "2027-02-26", "2027-02-25", "2027-03-02", "2027-03-08", "2027-03-15"),
    "a Saturday": ("2026-11-21", "2026-11-20", "2026-11-19", "2026-11-23", "2026-11-27", "2026-12-04"),
}  # fmt: skip
ONE_BEFORE, TWO_BEFORE, ONE_AFTER, FIVE_AFTER, TEN_AFTER = range(1, 6)
Rule = Callable[[date], date | None]
RULES: dict[str, tuple[int, Rule]] = {
    "high: a lead professional is named": (
        ONE_AFTER, lambda day: due_dates(HIGH, day, RATINGS.ratings, CALENDAR).lead_professional),
    "high: the strategy discussion": (
        ONE_AFTER, lambda day: due_dates(HIGH, day, RATINGS.ratings, CALENDAR).strategy_discussion),
    "high: the safety plan is written": (
        FIVE_AFTER, lambda day: due_dates(HIGH, day, RATINGS.ratings, CALENDAR).safety_plan),
    "medium: the safety plan is written": (
        TEN_AFTER, lambda day: due_dates(MEDIUM, day, RATINGS.ratings, CALENDAR).safety_plan),
    "a returned referral is answered": (
        FIVE_AFTER, lambda day: answer_due_on(day, CALENDAR, RATINGS.referrals.answer_working_days)),
    "the draft minutes go out": (FIVE_AFTER, lambda day: issue_due(day, RMM.draft_minutes_working_days, CALENDAR)),
    "corrections are taken": (TEN_AFTER, lambda day: corrections_until(day, RMM.corrections_working_days, CALENDAR)),
    "the agenda goes out": (
        ONE_BEFORE, lambda day: agenda_issue_date(day, CALENDAR, RMM.agenda_issued_working_days)),
    "new items are taken": (
        TWO_BEFORE, lambda day: cut_off(day, CALENDAR, RMM.cut_off.working_days, RMM.cut_off.time)[0]),
    "agencies send their information": (TWO_BEFORE, lambda day: due_on(day, RMM, CALENDAR).astimezone(LONDON).date()),
    "an update of the plan is asked for": (TWO_BEFORE, lambda day: update_asked_on(day, RATINGS.plans, CALENDAR)),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_counts_working_days_past_every_boundary(rule: str) -> None:
    place, asked = RULES[rule]
    days = {name: [date.fromisoformat(day) for day in around] for name, around in AROUND.items()}
    assert {name: asked(around[0]) for name, around in days.items()} == {
        name: around[place] for name, around in days.items()
    }


@pytest.mark.parametrize(
    ("held_on", "until"),
    [
        ("2026-10-27", "2026-10-23 11:00"), ("2026-10-28", "2026-10-26 12:00"),
        ("2026-03-31", "2026-03-27 12:00"), ("2026-04-01", "2026-03-30 11:00"), ("2027-01-04", "2026-12-30 12:00"),
    ],
)  # fmt: skip
def test_the_cut_off_is_at_noon_in_london_before_and_after_the_clocks_change(held_on: str, until: str) -> None:
    moment = datetime.fromisoformat(until).replace(tzinfo=UTC)
    assert due_on(date.fromisoformat(held_on), RMM, CALENDAR) == moment
    assert f"{moment.astimezone(LONDON):%H:%M}" == "12:00"


@pytest.mark.parametrize(
    ("rating", "decided_on", "review_on", "latest"),
    [
        (HIGH, "2028-02-01", "2028-02-29", "2028-03-14"), (HIGH, "2027-02-01", "2027-03-01", "2027-03-15"),
        (HIGH, "2026-10-06", "2026-11-03", "2026-11-17"), (HIGH, "2026-03-03", "2026-03-31", "2026-04-14"),
        (HIGH, "2026-12-29", "2027-01-26", "2027-02-09"), (MEDIUM, "2028-01-04", "2028-02-29", "2028-03-28"),
        (MEDIUM, "2026-11-30", "2027-01-25", "2027-02-22"), (LOW, "2027-12-07", "2028-02-29", "2028-02-29"),
        (LOW, "2026-12-31", "2027-03-25", "2027-03-25"),
    ],
)  # fmt: skip
def test_a_review_is_due_so_many_days_on_over_month_ends_leap_days_and_clock_changes(
    rating: RiskRating, decided_on: str, review_on: str, latest: str
) -> None:
    decided = date.fromisoformat(decided_on)
    usual = default_review_date(rating, decided, RATINGS.ratings, PresentRating())
    assert usual == date.fromisoformat(review_on)
    assert latest_review_date(rating, decided, RATINGS.ratings) == date.fromisoformat(latest)


@pytest.mark.parametrize(
    ("today", "last"), [("2026-12-31", "2027-03-25"), ("2027-12-07", "2028-02-29"), ("2026-08-31", "2026-11-23")]
)
def test_a_new_date_of_an_action_is_at_most_84_days_on(today: str, last: str) -> None:
    now, latest = date.fromisoformat(today), date.fromisoformat(last)
    for day, taken in ((latest, True), (latest + timedelta(days=1), False)):
        said = ActionAnswer(AnswerKind.NEW_DATE, "Invented.", day)
        if taken:
            check_answer(said, now, now, RATINGS.actions)
        else:
            with pytest.raises(RuleBroken):
                check_answer(said, now, now, RATINGS.actions)


@pytest.mark.parametrize(
    ("closed_on", "last"),
    [
        ("2026-11-30", "2027-11-30"), ("2026-12-31", "2027-12-31"), ("2027-02-28", "2028-02-28"),
        # The years that have no 29 February end with the day after, which errs towards hearing the child.
        ("2028-02-29", "2029-03-01"),
    ],
)  # fmt: skip
def test_a_referral_is_a_repeat_up_to_the_day_twelve_months_after_a_closure(closed_on: str, last: str) -> None:
    closed, day = [date.fromisoformat(closed_on)], date.fromisoformat(last)
    months = RATINGS.referrals.repeat_months
    assert [is_repeat(each, closed, months) for each in (day, day + timedelta(days=1))] == [True, False]


@pytest.mark.parametrize(
    ("received", "decided"),
    [
        ("2026-10-24 12:00", "2026-10-25 11:00"), ("2026-03-28 12:00", "2026-03-29 13:00"),
        ("2026-12-31 23:30", "2027-01-01 23:30"), ("2028-02-28 09:00", "2028-02-29 09:00"),
    ],
)  # fmt: skip
def test_the_first_decision_is_due_24_hours_after_the_concern_whatever_the_clocks_show(
    received: str, decided: str
) -> None:
    moment = datetime.fromisoformat(received).replace(tzinfo=LONDON).astimezone(UTC)
    due = decide_by(moment, RATINGS.referrals.decision_hours)
    assert f"{due.astimezone(LONDON):%Y-%m-%d %H:%M}" == decided
