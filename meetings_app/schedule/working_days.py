"""Working days in England and Wales: weekends, bank holidays and the partnership's own closure days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from meetings_app.partnership.definitions import ClosureDay

_DAY = timedelta(days=1)
_WEEKEND = {5: "Saturday", 6: "Sunday"}


@dataclass(frozen=True)
class WorkingCalendar:
    """Knows which days are working days; `closures` gives the partnership's own closed days by date."""

    closures: Mapping[date, str] = field(default_factory=dict)

    def why_not_working(self, day: date) -> str | None:
        """Say why nobody works on `day`, for example "Boxing Day (substitute day)"; None on a working day.

        Bank holidays beyond the official list are computed and marked "expected".
        """
        if day.weekday() in _WEEKEND:
            return _WEEKEND[day.weekday()]
        return _bank_holiday(day) or self.closures.get(day)

    def is_working_day(self, day: date) -> bool:
        """Say whether `day` is a working day."""
        return self.why_not_working(day) is None

    def working_day_on_or_after(self, day: date) -> date:
        """Give `day` itself where it is a working day, else the first one after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def next_working_day(self, day: date) -> date:
        """Give the first working day after `day`, which is never `day` itself."""
        return self.working_day_on_or_after(day + _DAY)

    def add_working_days(self, day: date, count: int) -> date:
        """Count working days forward from `day`, or back where `count` is negative; 0 gives `day` itself."""
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day


def calendar_of(closure_days: Iterable[ClosureDay]) -> WorkingCalendar:
    """Make the calendar of a partnership from the closure days of `partnership.toml`."""
    return WorkingCalendar({closed.date: closed.name for closed in closure_days})


def _bank_holiday(day: date) -> str | None:
    official = _official_bank_holidays()
    if day.year <= max(official).year:
        return official.get(day)
    return _expected_bank_holidays(day.year).get(day)


@cache
def _official_bank_holidays() -> dict[date, str]:
    # Imported here because the module brings a web client with it, which few pages need.
    from govuk_bank_holidays.bank_holidays import BankHolidays

    published = BankHolidays(use_cached_holidays=True)
    return {
        holiday["date"]: f"{holiday['title']} (substitute day)"
        if holiday["notes"] == "Substitute day"
        else holiday["title"]
        for holiday in published.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    }


@cache
def _expected_bank_holidays(year: int) -> dict[date, str]:
    # Imported here because the module is large and only dates beyond the official list need it.
    import holidays

    computed = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return {day: _marked_expected(name) for day, name in computed.items()}


def _marked_expected(name: str) -> str:
    plain = name.replace("'", "’")
    if plain.endswith(" (observed)"):
        return f"{plain.removesuffix(' (observed)')} (substitute day, expected)"
    return f"{plain} (expected)"
