"""What may be done with minutes and until when, and how an edited text differs from what was recorded. Pure."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Any, TypeVar

from meetings_app.errors import DomainError, RuleBroken
from meetings_app.schedule.working_days import WorkingCalendar
from meetings_app.text import day_in_words

Key = TypeVar("Key", bound=Hashable)

_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n")
_RATED = re.compile(
    r"\b(?:rated|rating(?: (?:is|of|remains|stays))?|risk (?:is|remains|stays)|remains|stays)(?: at| as)?"
    r" (high|medium|low)\b",
    re.IGNORECASE,
)
_OF_BEFORE = re.compile(r"\b(?:from|previous|previously|earlier|before|last|until|not|longer|since)\b", re.IGNORECASE)
_PIECES = re.compile(r"\s+|\w+|[^\w\s]")


class Part(StrEnum):
    """Whether a piece of text stands in both texts, or was left out or put in."""

    SAME = "same"
    LEFT_OUT = "left out"
    PUT_IN = "put in"


@dataclass(frozen=True)
class Piece:
    """A run of words."""

    part: Part
    text: str


def word_differences(recorded: str, edited: str) -> list[Piece]:
    """Give how `edited` differs from `recorded`, word by word; joining all but one side gives the other text again.

    Changed words with nothing but space between them are one change, so that they are read as a run of words.
    """
    before, after = _PIECES.findall(recorded), _PIECES.findall(edited)
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    runs = [("".join(before[from_:to]), "".join(after[begin:end])) for _, from_, to, begin, end in codes]
    pieces: list[Piece] = []
    for same, group in groupby(enumerate(runs), lambda each: _stays(each[0], each[1], len(runs))):
        left_out, put_in = ("".join(texts) for texts in zip(*(run for _, run in group), strict=True))
        if same:
            pieces.append(Piece(Part.SAME, left_out))
            continue
        pieces += [Piece(part, text) for part, text in ((Part.LEFT_OUT, left_out), (Part.PUT_IN, put_in)) if text]
    return pieces


def _stays(position: int, run: tuple[str, str], count: int) -> bool:
    """Whether a run stands in both texts, and is more than space between two changes."""
    before, after = run
    return before == after and not (before.isspace() and 0 < position < count - 1)


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> list[dict[str, str]]:
    """Give what an amendment changes: the number of each item whose text differs, with both texts."""
    return [
        {"item": number, "before": before[number], "after": after[number]}
        for number in before
        if before[number] != after[number]
    ]


@dataclass(frozen=True)
class Written:
    """One version of a text, and whether it was written by accepting a correction."""

    text: str
    accepted: bool


def rewritten(
    issued: Mapping[Key, str], signed: Mapping[Key, str], written: Mapping[Key, Sequence[Written]]
) -> list[Key]:
    """Give the texts that are to be signed in other words than were issued, but for accepted corrections.

    `written` are the versions of each text, oldest first; those from before the issue may be among them.
    """
    return [key for key, text in signed.items() if not _follows(issued[key], text, written.get(key, ()))]


def _follows(issued: str, text: str, written: Sequence[Written]) -> bool:
    """Whether a text is the one that was issued, or came of it by accepted corrections and nothing else."""
    if text == issued:
        return True
    for each in reversed(written):
        if each.text == issued:
            return True
        if not each.accepted:
            return False
    return True


def other_ratings(facts: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, str]:
    """Give by item the words of its text that name another rating than the one decided.

    It is advice, as no text changes a decision: what a sentence says of before is left alone, and much is not found
    (our default). `facts` are those of a version, `texts` by the number of the item.
    """
    said = {
        item["number"]: _other_rating(texts[item["number"]], item["rating"])
        for item in facts["items"] if item.get("rating")
    }  # fmt: skip
    return {number: words for number, words in said.items() if words}


def _other_rating(text: str, rating: str) -> str:
    for sentence in _SENTENCES.split(text):
        for found in () if _OF_BEFORE.search(sentence) else _RATED.finditer(sentence):
            if found[1].casefold() != rating:
                return " ".join(found[0].split())
    return ""


def issue_due(held_on: date, working_days: int, calendar: WorkingCalendar) -> date:
    """Give the day by which the draft is issued to those who attended; SUR gives no figure, so our default."""
    return calendar.add_working_days(held_on, working_days)


def corrections_until(issued_on: date, working_days: int, calendar: WorkingCalendar) -> date:
    """Give the last day on which a correction is taken; our default, kept with the issue."""
    return calendar.add_working_days(issued_on, working_days)


def check_correction(until: date | None, today: date, text: str) -> None:
    """Raise `DomainError` for a correction that comes before the draft is issued or after its time, or says nothing."""
    if until is None:
        raise DomainError("Corrections are asked for once the draft is issued.")
    if today > until:
        raise DomainError("The time for corrections of these minutes is over. Tell the chair what is wrong.")
    if not text.strip():
        raise DomainError("Enter what is to be corrected.")


def check_answer(issued: int | None, until: date | None, number: int, today: date) -> None:
    """Raise `DomainError` for an answer to another version than the one issued last, or after the time for it."""
    if issued != number:
        raise DomainError("Another version of these minutes was issued since, or none. Read that one, then answer.")
    if until is not None and today > until:
        raise DomainError("The time for corrections of these minutes is over.")


def check_signing(issued: int | None, until: date | None, today: date, reason: str, *, answered: bool = False) -> str:
    """Give why a draft is signed while corrections are still taken, empty once their time is over.

    Domain: the draft goes to those who attended, they have their time, then the chairs sign. That a chair may go on
    with a reason, or without one where everybody has `answered`, is our default. `issued` is the version that was
    issued last. Raises `DomainError` before the draft is issued, `RuleBroken` for `despite`.
    """
    if issued is None:
        raise DomainError("The draft was not issued yet. Issue it to those who attended before you sign.")
    if until is None or today > until or answered:
        return ""
    if not reason.strip():
        last = day_in_words(until)
        raise RuleBroken("despite", f"Enter why you sign before the time for corrections is over, on {last}")
    return reason.strip()


def check_as_issued(number: int, changed: Sequence[str]) -> None:
    """Raise `DomainError` where what is to be signed was rewritten since version `number` was sent for corrections.

    Those who attended see each word before it is signed, or asked for it themselves (our default). `changed` are the
    numbers of the items, empty for what is about none.
    """
    if not changed:
        return
    items = [number for number in changed if number]
    said = [*(["the notes"] if len(items) < len(changed) else []), *(f"item {each}" for each in items)]
    where = f"since version {number} was sent for corrections: {', '.join(said)}"
    raise DomainError(f"The text changed {where}. Send it again before you sign.")


def is_editable(*, signed: bool, reopened: bool) -> bool:
    """Whether the text may be edited: until both chairs have signed, and again once the minutes are reopened."""
    return reopened or not signed
