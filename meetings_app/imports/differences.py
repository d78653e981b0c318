"""What a row says otherwise than the service: reported beside the row, never applied."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from meetings_app.accounts.queries import Reference
from meetings_app.imports.rules import EXPLOITATION, RATINGS, ListRow, ReferralRow
from meetings_app.text import day_in_words


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact: its column, what the service holds, what the file says."""

    column: str
    here: str
    file: str
    note: str = ""
    """Said instead of the two, where they are no two values of one fact."""


@dataclass(frozen=True)
class Names:
    """The reference data that codes of a file stand for."""

    areas: Sequence[Reference]
    agencies: Sequence[Reference]
    schools: Sequence[Reference]

    @staticmethod
    def by_code(references: Sequence[Reference]) -> Mapping[str, str]:
        """Give the names by code."""
        return {reference.code: reference.name for reference in references}

    @staticmethod
    def ids(references: Sequence[Reference]) -> Mapping[str, int]:
        """Give the ids by code."""
        return {reference.code: reference.id for reference in references}

    @staticmethod
    def name(references: Sequence[Reference], id_: int | None) -> str:
        """Give the name of an id, nothing for None."""
        return next((reference.name for reference in references if reference.id == id_), "")

    @staticmethod
    def name_of(references: Sequence[Reference], code: str) -> str:
        """Give the name of a code, the code itself where there is none."""
        return next((reference.name for reference in references if reference.code == code), code)


def entry_differences(row: ListRow, entry: Any, names: Names, seen: bool) -> tuple[Difference, ...]:
    """Compare a row with the live entry. Of a child in an area that the person does not `seen`, only the area."""
    area = (Difference("area", names.name(names.areas, entry.area_id), names.name_of(names.areas, row.area)),)
    if not seen:
        return area if area[0].here != area[0].file else ()
    found = [*area, *_of_entry(row, entry, names), *_of_child(row, entry, names)]
    return tuple(difference for difference in found if difference.file and difference.here != difference.file)


def ended_differences(row: ListRow, left_on: date, seen: bool) -> tuple[Difference, ...]:
    """Say that the stay of which the row tells has ended; nothing of a child whom the person does not `seen`."""
    note = f"left the list on {day_in_words(left_on)}; not put back"
    return (Difference("listed_on", "", _day(row.listed_on), note),) if seen else ()


def _of_entry(row: ListRow, entry: Any, names: Names) -> Iterator[Difference]:
    yield Difference("rating", RATINGS[entry.current_rating.value], RATINGS[row.rating])
    status = entry.exploitation_status.value if entry.exploitation_status else ""
    yield Difference(
        "exploitation_status", EXPLOITATION.get(status, ""), EXPLOITATION.get(row.exploitation_status or "", "")
    )
    yield Difference("listed_on", _day(entry.listed_on), _day(row.listed_on))
    yield Difference("last_rated_on", _day(entry.rated_on), _day(row.last_rated_on))
    lead_agency = names.name_of(names.agencies, row.lead_agency)
    yield Difference("lead_agency", names.name(names.agencies, entry.lead_agency_id), lead_agency)
    yield Difference("next_review", _day(entry.next_review_on), _day(row.next_review))


def _of_child(row: ListRow, entry: Any, names: Names) -> Iterator[Difference]:
    yield Difference("name", entry.name, row.name)
    yield Difference("date_of_birth", _day(entry.born), _day(row.born))
    yield Difference("external_reference", entry.external_reference or "", row.external_reference)
    yield Difference("gender", entry.gender, row.gender)
    yield Difference("ethnicity", entry.ethnicity, row.ethnicity)
    school = names.name(names.schools, entry.school_id) if row.school else entry.school_name
    yield Difference("school", school, names.name_of(names.schools, row.school) if row.school else row.school_name)
    if entry.lead_professional_id is None:
        yield Difference("lead_professional", entry.lead_professional_name, row.lead_professional)
    yield Difference("learning_disability", *_known(entry.learning_disability.value, row.learning_disability))
    yield Difference("looked_after", *_known(entry.looked_after.value, row.looked_after))
    yield Difference("legal_status", entry.legal_status, row.legal_status)


def referral_differences(row: ReferralRow, reason: str) -> tuple[Difference, ...]:
    """Compare a row with the referral that it brought in before."""
    return (Difference("reason", reason, row.reason),) if reason != row.reason else ()


def _known(here: str, file: str) -> tuple[str, str]:
    return here, "" if file == "unknown" else file


def _day(day: date | None) -> str:
    return day_in_words(day) if day else ""
