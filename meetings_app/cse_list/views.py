"""The rows of the list as people read them: ages, how late, and what to bear in mind, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from meetings_app.accounts import queries as accounts
from meetings_app.accounts.queries import Reference
from meetings_app.children.ages import age_on
from meetings_app.cse_list.homes_today import homed_today
from meetings_app.cse_list.models import DepartureKind, EntryState
from meetings_app.cse_list.queries import EntryRow, References

ADULT = 18
"""The age in law from which a child on the list is shown as in transition (SUR)."""

_UNDER = 13
_SEVENTEEN = 17


class Mark(NamedTuple):
    """A short mark beside a name, and its colour."""

    text: str
    tone: str


class ListRow(NamedTuple):
    """One child on the list, ready to be printed."""

    reference: str
    name: str
    born: date
    age: int
    area: str
    rating: str
    provisional: bool
    marks: Sequence[Mark]
    next_review_on: date
    overdue_days: int
    meeting: str
    meeting_on: date | None
    heard_late_days: int
    lead_agency: str
    lead_agency_code: str | None
    lead_professional: str
    listed_on: date
    overdue_actions: int


@dataclass(frozen=True)
class Lookups:
    """What rows name by id, read once a page."""

    areas: Mapping[int, str]
    agencies: Mapping[int, Reference]
    professionals: Mapping[int, str]


def references_of(session: Session) -> References:
    """Read the areas and agencies."""
    return References(tuple(accounts.areas(session)), tuple(accounts.agencies(session)))


def printed(
    session: Session, rows: Sequence[EntryRow], today: date, references: References, *, professionals: bool = False
) -> list[ListRow]:
    """Turn rows of the list into what is printed, with no statement a row: one for the names of professionals.

    A review that no job has tied again since its meeting passed has the meeting that hears it today.
    """
    rows = homed_today(session, rows, today)
    people = {row.lead_professional_id for row in rows if row.lead_professional_id is not None} if professionals else ()
    lookups = Lookups(
        {area.id: area.code for area in references.areas},
        {agency.id: agency for agency in references.agencies},
        accounts.names_of(session, list(people)) if people else {},
    )
    return [_row(row, today, lookups) for row in rows]


def _row(row: EntryRow, today: date, lookups: Lookups) -> ListRow:
    age, agency = age_on(row.born, today), lookups.agencies.get(row.lead_agency_id or 0)
    # An area that was added since the service started has no code here yet.
    area = lookups.areas.get(row.area_id, "")
    overdue = max(0, (today - row.next_review_on).days)
    late = max(0, (row.held_on - row.next_review_on).days) if row.held_on and not overdue else 0
    professional = lookups.professionals.get(row.lead_professional_id or 0) or row.lead_professional_name
    # In the order of the fields: with their names, making the rows took as long as reading them.
    return ListRow(
        row.reference, row.name, row.born, age, area, row.current_rating.value, row.provisional,
        marks(age, row.state, row.leaving, before_service=row.before_service), row.next_review_on, overdue,
        row.meeting or "", row.held_on, late, agency.name if agency else "", agency.code if agency else None,
        professional, row.listed_on, row.overdue_actions,
    )  # fmt: skip


LEAVING = {
    DepartureKind.TRANSFER: "Transferring: not acknowledged yet",
    DepartureKind.DEATH: "Waits for the second chair",
    DepartureKind.DUPLICATE: "Listed twice: waits for the second chair",
}
"""What is said of a child who is still on the list and is about to leave it besides the closure gate."""


def marks(age: int, state: EntryState, leaving: DepartureKind | None = None, *, before_service: bool) -> list[Mark]:
    """Give the short marks of an entry: its state, how it is about to end, and what the age asks for."""
    found = []
    if leaving is not None:
        found.append(Mark(LEAVING[leaving], "purple"))
    if state is EntryState.CLOSING:
        found.append(Mark("Closing: waits to be signed", "purple"))
    if before_service:
        found.append(Mark("Decided before this service", "grey"))
    if age < _UNDER:
        found.append(Mark("Under 13", "red"))
    elif age >= ADULT:
        found.append(Mark("18+ in transition", "purple"))
    elif age >= _SEVENTEEN:
        found.append(Mark("17: transition planning", "blue"))
    return found


def notes(row: ListRow) -> list[str]:
    """Give what is said beside a row in documents and spreadsheets, where there is no colour."""
    said = [f"Review overdue by {row.overdue_days} {days(row.overdue_days)}"] if row.overdue_days else []
    if row.heard_late_days:
        said.append(f"Heard {row.heard_late_days} {days(row.heard_late_days)} after the review is due")
    if row.provisional:
        said.append("Provisional rating")
    if not row.meeting:
        said.append("No meeting yet")
    if row.overdue_actions:
        said.append(f"{row.overdue_actions} overdue {'action' if row.overdue_actions == 1 else 'actions'}")
    return [*said, *(mark.text for mark in row.marks)]


def days(number: int) -> str:
    """Give “day” or “days”."""
    return "day" if number == 1 else "days"
