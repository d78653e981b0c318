"""Two versions of a safety plan beside each other: what is new, gone, changed and still there. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

_WORD = re.compile(r"\s+|[^\s]+")
_LONGEST = 4_000
"""Beyond so many words a text is not compared word by word, which would take long: all of it is marked."""


class Change(StrEnum):
    """What became of a part of the plan between two versions."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class Piece:
    """Some words: in both versions, or only in the earlier (`gone`) or the later one (`new`)."""

    text: str
    change: Change = Change.SAME


@dataclass(frozen=True)
class Row:
    """One labelled text in both versions, with its words marked."""

    label: str
    change: Change
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class AimCompared:
    """One aim in both versions, in its parts."""

    number: int
    change: Change
    rows: tuple[Row, ...]


def compare_aims(before: Sequence[Any], after: Sequence[Any], *, with_references: bool = True) -> list[AimCompared]:
    """Compare the aims of two versions by their numbers: in the order of the later one, then those that are gone.

    The school’s copy is compared without the references of actions.
    """
    old = {aim.number: aim for aim in before}
    new = {aim.number: aim for aim in after}
    order = [*new, *(number for number in old if number not in new)]
    return [_aim(number, old.get(number), new.get(number), with_references) for number in order]


def compare_text(label: str, before: str, after: str) -> Row:
    """Compare one text of two versions, word by word."""
    if before == after:
        return Row(label, Change.SAME, (Piece(after),) if after else ())
    change = Change.NEW if not before else Change.GONE if not after else Change.CHANGED
    return Row(label, change, tuple(_pieces(before, after)))


def _aim(number: int, old: Any, new: Any, with_references: bool) -> AimCompared:
    parts = zip(_parts(old, with_references), _parts(new, with_references), strict=True)
    rows = tuple(compare_text(label, before, after) for (label, before), (_label, after) in parts)
    if old is None or new is None:
        return AimCompared(number, Change.NEW if old is None else Change.GONE, rows)
    changed = any(row.change is not Change.SAME for row in rows)
    return AimCompared(number, Change.CHANGED if changed else Change.SAME, rows)


def _parts(aim: Any, with_references: bool) -> list[tuple[str, str]]:
    labels = ("What should be different", "Actions", "Actions on record", "By when")
    if aim is None:
        return [(label, "") for label in labels]
    due = f"{aim.due_on:%d/%m/%Y}" if aim.due_on else ""
    references = ", ".join(aim.action_references) if with_references else ""
    return list(zip(labels, (aim.aim, aim.actions, references, due), strict=True))


def _pieces(before: str, after: str) -> list[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > _LONGEST:
        return [piece for piece in (Piece(before, Change.GONE), Piece(after, Change.NEW)) if piece.text]
    made = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            made.append(Piece("".join(old[i1:i2])))
            continue
        if i2 > i1:
            made.append(Piece("".join(old[i1:i2]), Change.GONE))
        if j2 > j1:
            made.append(Piece("".join(new[j1:j2]), Change.NEW))
    return made
