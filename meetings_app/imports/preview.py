"""What an import would do, row by row, before anything is written. The page and the command use the same."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from meetings_app.accounts.queries import agencies, areas, schools
from meetings_app.clock import london_date
from meetings_app.imports.columns import COLUMNS
from meetings_app.imports.differences import (
    Difference,
    Names,
    ended_differences,
    entry_differences,
    referral_differences,
)
from meetings_app.imports.matches import Match, Matches, digest, find_matches
from meetings_app.imports.models import ImportKind
from meetings_app.imports.queries import ended_stays, live_entries
from meetings_app.imports.rules import ListRow, ReferralRow, check_table
from meetings_app.permissions import Actor, Permission
from meetings_app.spreadsheets.headings import recognise
from meetings_app.spreadsheets.reading import read_table
from meetings_app.spreadsheets.tables import Problem, Table
from meetings_app.text import day_in_words


class Outcome(StrEnum):
    """What becomes of a row: a new child, something new for a known child, or nothing because it is here already."""

    NEW = "new"
    KNOWN = "known"
    MATCHED = "matched"


@dataclass(slots=True)
class PreviewRow:
    """One row that can be taken, and what becomes of it."""

    match: Match
    outcome: Outcome
    differences: tuple[Difference, ...] = ()
    referral: str = ""

    @property
    def number(self) -> int:
        """The number of the row as a spreadsheet program shows it."""
        return self.match.row.number


@dataclass(frozen=True)
class Preview:
    """Everything a person decides on before confirming."""

    kind: ImportKind
    total: int
    rows: tuple[PreviewRow, ...]
    problems: tuple[Problem, ...]
    recognised: tuple[str, ...]
    unknown_headings: tuple[str, ...]
    names: Names

    def of(self, outcome: Outcome) -> list[PreviewRow]:
        """Give the rows with this outcome, in the order of the file."""
        return [row for row in self.rows if row.outcome is outcome]

    @property
    def possible_duplicates(self) -> list[PreviewRow]:
        """The rows that look like another child or another row; shown, never guessed."""
        return [row for row in self.rows if row.match.candidates]

    @property
    def unanswered(self) -> list[PreviewRow]:
        """The possible duplicates about which nobody has said anything yet."""
        return [row for row in self.possible_duplicates if not row.match.answer]

    @property
    def created(self) -> int:
        """How many rows bring something in."""
        return sum(row.outcome is not Outcome.MATCHED for row in self.rows)

    @property
    def matched(self) -> int:
        """How many rows are here already."""
        return sum(row.outcome is Outcome.MATCHED for row in self.rows)

    @property
    def fingerprint(self) -> str:
        """What the person saw, short: a confirmation of something else is not taken."""
        said = hashlib.sha256()
        for row in self.rows:
            child = row.match.child.reference if row.match.child else row.match.same_as
            asked = [candidate.answer for candidate in row.match.candidates]
            # The answers themselves are left out, for they come with the confirmation.
            settled = None if asked else (row.outcome.value, child)
            said.update(repr((row.number, settled, asked, row.differences)).encode())
        said.update(repr([(problem.row, problem.column, problem.problem) for problem in self.problems]).encode())
        return said.hexdigest()[:32]


def make_preview(
    session: Session, by: Actor, now: datetime, content: bytes, kind: ImportKind, answers: Mapping[str, str]
) -> Preview:
    """Say what the import of `content` would do. `answers` is by row number what a person said of look-alikes.

    Raises `UnreadableSpreadsheet`, whose message is for the person.
    """
    columns = COLUMNS[kind.value]
    table = read_table(content, [column.code for column in columns])
    names = Names(areas(session), agencies(session), schools(session))
    checked = check_table(
        table, kind.value, names.by_code(names.areas), names.by_code(names.agencies), names.by_code(names.schools),
        london_date(now),
    )  # fmt: skip
    matches = find_matches(session, kind, checked.rows, answers)
    problems = [*checked.problems, *matches.problems]
    if kind is ImportKind.LIST:
        rows, back = _list_rows(session, by, matches, names)
        problems += back
    else:
        rows = _referral_rows(matches)
    problems += _area_problems(by, rows, names, kind)
    refused = {problem.row for problem in problems}
    return Preview(
        kind, checked.total, tuple(row for row in rows if row.number not in refused),
        tuple(sorted(problems, key=lambda problem: problem.row)), _recognised(table, kind), checked.unknown_headings,
        names,
    )  # fmt: skip


def _recognised(table: Table, kind: ImportKind) -> tuple[str, ...]:
    found = recognise(table.headings, COLUMNS[kind.value])
    return tuple(column.code for column in COLUMNS[kind.value] if column.code in found.by_column)


def _list_rows(session: Session, by: Actor, matches: Matches, names: Names) -> tuple[list[PreviewRow], list[Problem]]:
    """A child with a live entry is here already; a known child without one gets an entry; the others are new.

    A child who left the list comes back only by a new referral: a row about the stay that ended is here already, one
    about another stay is refused.
    """
    known = {match.child.id for match in matches.rows if match.child is not None}
    live = live_entries(session, known)
    ended = ended_stays(session, known - live.keys())
    rows, problems = [], []
    for match in matches.rows:
        row, child = match.row, match.child
        assert isinstance(row, ListRow)
        seen = child is not None and by.may(Permission.IMPORT, child.area_id)
        stays = ended.get(child.id, []) if child is not None else []
        the_same = next((stay for stay in stays if stay.listed_on == row.listed_on), None)
        if child is not None and child.id in live:
            differences = entry_differences(row, live[child.id], names, seen)
            rows.append(PreviewRow(match, Outcome.MATCHED, differences))
        elif match.same_as is not None:
            rows.append(PreviewRow(match, Outcome.MATCHED))
        elif the_same is not None:
            rows.append(PreviewRow(match, Outcome.MATCHED, ended_differences(row, the_same.closed_on, seen)))
        else:
            rows.append(PreviewRow(match, Outcome.KNOWN if child else Outcome.NEW))
            # Of a child elsewhere the person learns the area alone, by the check of the areas.
            if stays and seen:
                problems.append(_left_the_list(row, stays[0].closed_on))
    return rows, problems


def _left_the_list(row: ListRow, left_on: date) -> Problem:
    text = (
        f"This child left the list on {day_in_words(left_on)}. Make a referral: a child comes back only by a new "
        "referral. Take the row out"
    )
    return Problem(row.number, "listed_on", day_in_words(row.listed_on), text)


def _referral_rows(matches: Matches) -> list[PreviewRow]:
    """A referral of the same child by the same agency on the same day is here already."""
    rows = []
    for match in matches.rows:
        assert isinstance(match.row, ReferralRow)
        before = matches.brought_in.get(digest(match.row))
        if before is not None and before.referral_id is not None:
            differences = referral_differences(match.row, before.reason)
            rows.append(PreviewRow(match, Outcome.MATCHED, differences, before.reference))
        else:
            known = match.child is not None or match.same_as is not None
            rows.append(PreviewRow(match, Outcome.KNOWN if known else Outcome.NEW))
    return rows


def _area_problems(by: Actor, rows: Iterable[PreviewRow], names: Names, kind: ImportKind) -> Iterator[Problem]:
    """A coordinator brings in rows of their own areas alone; the operator of the machine any."""
    own = {area.code for area in names.areas if by.may(Permission.IMPORT, area.id)}
    what = "list entry" if kind is ImportKind.LIST else "referral"
    for row in rows:
        asked, child = row.match.row.area, row.match.child
        if asked not in own:
            text = "You are not the coordinator of this area. Take the row out and send it to that area’s coordinator"
            yield Problem(row.number, "area", asked, text)
        elif child and row.outcome is not Outcome.MATCHED and not by.may(Permission.IMPORT, child.area_id):
            where = names.name(names.areas, child.area_id)
            text = (
                f"The record of this child ({child.reference}) is in {where}. "
                f"Take the row out and give the {what} to {where}"
            )
            yield Problem(row.number, "area", asked, text)
