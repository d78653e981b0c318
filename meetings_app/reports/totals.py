"""The totals a board asks for, made safe to show: rows of numbers in which what is hidden is None."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from meetings_app.accounts import queries as accounts
from meetings_app.clock import at_london
from meetings_app.cse_list.rules import latest_birth
from meetings_app.permissions import Actor
from meetings_app.reports import queries
from meetings_app.reports.suppression import safe_row, safe_table

_RATINGS = (("high", "High"), ("medium", "Medium"), ("low", "Low"))
_AGES = ("Under 13", "13 to 15", "16 and 17", "18 and over")
_GENDERS = {"female": "Female", "girl": "Female", "f": "Female", "male": "Male", "boy": "Male", "m": "Male"}
_NO_GENDER, _OTHER_GENDER = "Not recorded", "Another term"
_WAITING, _ACCEPTED, _LISTED, _NO_RISK = "Waiting", "Accepted, not heard", "Put on the list", "No CSE risk identified"
_OUTCOMES = {
    "received": _WAITING,
    "returned": _WAITING,
    "accepted": _ACCEPTED,
    "heard": "Heard",
    "already_known": "Already known",
    "transferred": "Transferred",
    "no_further_action": "No further action",
}
_HEARD = {"listed": _LISTED, "no_risk_identified": _NO_RISK}


@dataclass(frozen=True)
class Shown:
    """One table: its headings, its rows with their totals, and the row of totals. None is a number not shown."""

    title: str
    first: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    totals: tuple[int | None, ...]


def totals_of(session: Session, by: Actor, today: date) -> list[Shown]:
    """Give every table of the totals, as far as each may be shown."""
    listed = [_ratings(session, by), _ages(session, by, today), _genders(session, by)]
    if any(table.totals[-1] is None for table in listed):
        # All tell of the same children, so a total hidden in one must not stand in another.
        listed = [_all_hidden(table) for table in listed]
    return [*listed, _referrals(session, by, today)]


def _ratings(session: Session, by: Actor) -> Shown:
    counted, held = queries.by_area_and_rating(session, by), queries.areas_of_totals(by)
    areas = [area for area in accounts.areas(session) if held is None or area.id in held]
    values = [[counted[area.id, code] for code, _ in _RATINGS] for area in areas]
    return _two_ways(
        "On the list by area and rating", "Area", [name for _, name in _RATINGS], [area.name for area in areas], values
    )


def _ages(session: Session, by: Actor, today: date) -> Shown:
    counted = queries.by_age(session, by, today)
    return _one_way("On the list by age", _AGES, [counted[place] for place in range(len(_AGES))])


def _genders(session: Session, by: Actor) -> Shown:
    found: Counter[str] = Counter()
    for typed, number in queries.by_gender(session, by).items():
        found[_GENDERS.get(typed.strip(), _OTHER_GENDER if typed.strip() else _NO_GENDER)] += number
    names = ("Female", "Male", _OTHER_GENDER, _NO_GENDER)
    return _one_way("On the list by gender", names, [found[name] for name in names])


def _referrals(session: Session, by: Actor, today: date) -> Shown:
    since = _year_before(today)
    found: Counter[tuple[int, str]] = Counter()
    for (agency_id, state, outcome), number in queries.referrals_by_agency(session, by, since).items():
        found[agency_id, _HEARD.get(outcome, _OUTCOMES[state])] += number
    names = (_WAITING, _ACCEPTED, _LISTED, _NO_RISK, "Already known", "Transferred", "No further action", "Heard")
    agencies = accounts.agencies(session)
    values = [[found[agency.id, name] for name in names] for agency in agencies]
    return _two_ways(
        "Referrals of the last 12 months by source and outcome",
        "Source",
        names,
        [each.name for each in agencies],
        values,
    )


def _year_before(today: date) -> datetime:
    return at_london(latest_birth(1, today), datetime.min.time())


def _two_ways(
    title: str, first: str, headings: Sequence[str], names: Sequence[str], values: Sequence[Sequence[int]]
) -> Shown:
    """Make a table safe. A row or column without anybody is left out: of nobody there is nothing to tell."""
    columns = [column for column in range(len(headings)) if any(numbers[column] for numbers in values)]
    kept = [(name, [numbers[column] for column in columns]) for name, numbers in zip(names, values, strict=True)]
    kept = [(name, numbers) for name, numbers in kept if any(numbers)]
    safe = safe_table([numbers for _, numbers in kept])
    lines = zip(kept, safe.cells, safe.row_totals, strict=True)
    rows = tuple((name, (*cells, total)) for (name, _), cells, total in lines)
    return Shown(
        title, first, (*(headings[column] for column in columns), "All"), rows, (*safe.column_totals, safe.total)
    )


def _one_way(title: str, names: Sequence[str], values: Sequence[int]) -> Shown:
    kept = [(name, number) for name, number in zip(names, values, strict=True) if number]
    shown, total = safe_row([number for _, number in kept])
    rows = tuple((name, (number,)) for (name, _), number in zip(kept, shown, strict=True))
    return Shown(title, title.rsplit(" ", 1)[-1].capitalize(), ("Children",), rows, (total,))


def _all_hidden(table: Shown) -> Shown:
    rows = tuple((name, tuple(None for _ in numbers)) for name, numbers in table.rows)
    return Shown(table.title, table.first, table.headings, rows, tuple(None for _ in table.totals))
