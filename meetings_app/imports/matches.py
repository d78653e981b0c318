"""Which child each row means: known for certain, new, or a question that only a person can answer."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.children.matching import likeness, name_key, sound_key
from meetings_app.imports.duplicates import possible_duplicates_within
from meetings_app.imports.models import ImportKind
from meetings_app.imports.queries import County, KnownChild, read_alike, read_by_id, read_county, rows_brought_in
from meetings_app.imports.rules import ListRow, ReferralRow
from meetings_app.spreadsheets.tables import Problem

DIFFERENT = "different"
"""The answer that a row is none of the children it looks like."""

Rows = Sequence[ListRow] | Sequence[ReferralRow]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A child, or an earlier row, that a row may mean as well; `why` follows “They have …”."""

    answer: str
    why: str
    strength: int
    child: KnownChild | None = None
    row: int | None = None


@dataclass(slots=True)
class Match:
    """What is known of one row: its child, the earlier row that means the same child, or who it may be."""

    row: ListRow | ReferralRow
    child: KnownChild | None = None
    same_as: int | None = None
    candidates: list[Candidate] = field(default_factory=list)
    answer: str = ""
    by_person: bool = False
    said_before: bool = False


@dataclass(frozen=True, slots=True)
class Matches:
    """Every row with what is known of it, in the order of the file, and what stands against it."""

    rows: list[Match]
    problems: list[Problem]
    brought_in: dict[str, Any]


def find_matches(session: Session, kind: ImportKind, rows: Rows, answers: Mapping[str, str]) -> Matches:
    """Find the child of every row. `answers` say, by the row's number, which candidate it is, or `DIFFERENT`.

    An answer that names none of the row's candidates counts as not given.
    """
    county = read_county(session, rows)
    brought_in = rows_brought_in(session, kind, [digest(row) for row in rows])
    said = {key: row.child_id or row.referred_id for key, row in brought_in.items()}
    read_by_id(session, county, said.values())
    problems: list[Problem] = []
    found = [_exactly(row, county, said, problems) for row in rows]
    if kind is ImportKind.REFERRALS:
        _mark_repeats(found)
    new = [match for match in found if match.child is None and match.same_as is None]
    read_alike(session, county, (match.row.name for match in new))
    for match in new:
        match.candidates = _alike_in_county(match.row, county)
    _alike_in_file(found)
    _answer(found, answers)
    if kind is ImportKind.LIST:
        problems += _meant_twice(found)
    else:
        _follow_repeats(found)
    return Matches(found, problems, brought_in)


def digest(row: ListRow | ReferralRow) -> str:
    """Give what tells a row from another: the child, and for a referral who referred on which day."""
    facts = [name_key(row.name), row.born.isoformat()]
    if isinstance(row, ReferralRow):
        facts += [row.agency, row.received_on.isoformat()]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _exactly(row: ListRow | ReferralRow, county: County, said: Mapping[str, int], problems: list[Problem]) -> Match:
    """Match by the reference in the other system, else by name and date of birth, else by what a person said."""
    by_reference = county.by_external.get(row.external_reference) if row.external_reference else None
    by_name = county.of_name(row.name, row.born)
    if by_reference is not None:
        child = county.whole(by_reference)
        if by_name and child not in by_name:
            others = ", ".join(other.reference for other in by_name)
            text = f"This reference belongs to {child.reference}, the name and date of birth to {others}. Check which"
            problems.append(Problem(row.number, "external_reference", row.external_reference, text))
        return Match(row, child)
    if len(by_name) > 1:
        others = " and ".join(other.reference for other in by_name)
        text = f"{others} have this name and date of birth. Enter the reference in your own system of the right one"
        problems.append(Problem(row.number, "name", row.name, text))
    if by_name:
        return Match(row, by_name[0])
    known = county.by_id.get(said.get(digest(row), 0)) if said else None
    return Match(row, county.whole(known), said_before=True) if known else Match(row)


def _alike_in_county(row: ListRow | ReferralRow, county: County) -> list[Candidate]:
    """Compare with those born the same day or whose names sound alike."""
    best: dict[int, Candidate] = {}
    seen: set[int] = set()
    for child in (*county.by_born.get(row.born, ()), *county.by_sound.get(sound_key(row.name), ())):
        if child.id in seen:
            continue
        seen.add(child.id)
        alike = likeness(row.name, row.born, child.name, child.born)
        if alike is None:
            continue
        whole = county.whole(child)
        if whole.id not in best or best[whole.id].strength < alike.strength:
            best[whole.id] = Candidate(whole.reference, alike.why, alike.strength, child=whole)
    return sorted(best.values(), key=lambda candidate: (-candidate.strength, candidate.answer))


def _alike_in_file(found: Sequence[Match]) -> None:
    """Ask, at the later of two new rows that look alike; where the earlier is known, its child is the candidate."""
    by_number = {match.row.number: match for match in found}
    for pair in possible_duplicates_within([match.row for match in found]):  # type: ignore[arg-type]
        first, second = by_number[pair.first], by_number[pair.second]
        if second.child is not None:
            first, second = second, first
        if second.child is not None or first.same_as is not None or second.same_as is not None:
            continue
        if first.child is not None:
            if all(candidate.child != first.child for candidate in second.candidates):
                why, strength = pair.likeness.why, pair.likeness.strength
                second.candidates.append(Candidate(first.child.reference, why, strength, child=first.child))
            continue
        number = first.row.number
        candidate = Candidate(f"row {number}", pair.likeness.why, pair.likeness.strength, row=number)
        second.candidates.append(candidate)


def digest_of_child(row: ListRow | ReferralRow) -> tuple[str, str]:
    """Give what says that two rows are written as the same child."""
    return name_key(row.name), row.born.isoformat()


def _answer(found: Iterable[Match], answers: Mapping[str, str]) -> None:
    """Follow what the person said, row by row; an earlier row has its answer already."""
    by_number: dict[int, Match] = {}
    for match in found:
        by_number[match.row.number] = match
        if not match.candidates:
            continue
        answer = answers.get(str(match.row.number), "")
        chosen = next((candidate for candidate in match.candidates if candidate.answer == answer), None)
        if answer == DIFFERENT:
            match.answer = answer
        elif chosen is not None:
            match.answer, match.by_person = answer, True
            if chosen.child is not None:
                match.child = chosen.child
            else:
                earlier = by_number[chosen.row or 0]
                match.child, match.same_as = earlier.child, earlier.same_as or earlier.row.number


def _meant_twice(found: Iterable[Match]) -> list[Problem]:
    """On the list a child stands once: two rows that mean one child without a person having said so."""
    first: dict[int, Match] = {}
    problems = []
    for match in found:
        if match.child is None or match.same_as is not None:
            continue
        earlier = first.setdefault(match.child.id, match)
        if earlier is match:
            continue
        if match.by_person or earlier.by_person or match.said_before or earlier.said_before:
            match.same_as = earlier.row.number
            continue
        text = f"The same child as row {earlier.row.number} ({match.child.reference}). Keep one of the two rows"
        problems.append(Problem(match.row.number, "name", match.row.name, text))
    return problems


def _mark_repeats(found: Iterable[Match]) -> None:
    """Two referrals of one new child, written the same way, are about the same child and are asked about once."""
    first: dict[tuple[str, str], int] = {}
    for match in found:
        if match.child is None:
            number = first.setdefault(digest_of_child(match.row), match.row.number)
            match.same_as = number if number != match.row.number else None


def _follow_repeats(found: Sequence[Match]) -> None:
    by_number = {match.row.number: match for match in found}
    for match in found:
        if match.same_as is not None and match.child is None:
            earlier = by_number[match.same_as]
            match.child, match.same_as = earlier.child, earlier.same_as or earlier.row.number
