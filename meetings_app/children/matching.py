"""Who may be the same child: shown to a person with the reason, never guessed.

Names are compared without case, accents, apostrophes, hyphens and invisible characters. Letters of every
script and digits stay, so that `Test Child 001` and `Test Child 002` are two children.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import jellyfish
from rapidfuzz import fuzz

# Letters that no decomposition turns into the plain letter people type instead.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
# Accents, vowel points and lengthening strokes. Marks of other scripts carry meaning and stay.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\ufe00-\ufe0f]")
_APOSTROPHES = re.compile("['`´‘’ʻʼʹ′＇]")
_ALIKE = 86.0


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two records may be one child, in words that follow “They have …”; 100 is the greatest strength."""

    why: str
    strength: int


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """Give the form in which names are compared. `McExample, Testy` is `testy mcexample`."""
    first = _reduced(name)
    again = _reduced(first)
    while again != first:
        first, again = again, _reduced(again)
    return first


def _reduced(name: str) -> str:
    family, comma, given = name.partition(",")
    if comma and family.strip() and given.strip() and "," not in given:
        name = f"{given} {family}"
    if name.isascii():
        plain = name.casefold().replace("'", "").replace("`", "")
    else:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
        plain = unicodedata.normalize("NFKC", _MARKS.sub("", _APOSTROPHES.sub("", folded)).translate(_PLAIN))
    kept = "".join(_kept(character) for character in plain)
    return " ".join(kept.split()) or " ".join(name.split())


@lru_cache(maxsize=4_096)
def _kept(character: str) -> str:
    """Give a character of a name, a space for punctuation, nothing for what cannot be seen."""
    category = unicodedata.category(character)
    if category[0] in "PZ" or category == "Cc":
        return " "
    return "" if category == "Cf" else character


def sound_key(name: str) -> str:
    """Give what the name sounds like in English, in any order of its words; digits and other scripts stay."""
    return _compared(name).sound


@dataclass(frozen=True, slots=True)
class _Compared:
    """A name in every form that one comparison or another needs, worked out once however often it is compared."""

    key: str
    words: frozenset[str]
    sorted_words: str
    digits: list[str]
    sound: str


@lru_cache(maxsize=50_000)
def _compared(name: str) -> _Compared:
    key = name_key(name)
    words = sorted(key.split())
    digits = sorted(re.findall(r"\d+", key))
    return _Compared(key, frozenset(words), " ".join(words), digits, " ".join(sorted(map(_sound, words))))


def _sound(word: str) -> str:
    if not (word.isascii() and word.isalpha()):
        return word
    return jellyfish.metaphone(word) or word.upper()


def likeness(name: str, born: date, other_name: str, other_born: date) -> Likeness | None:
    """Say why the two may be one child, or give None. The order of the two does not matter."""
    one, two = _compared(name), _compared(other_name)
    if one.sorted_words == two.sorted_words:
        return _same_name_likeness(one.key == two.key, born, other_born)
    sounds_alike = one.sound == two.sound
    if born == other_born:
        if sounds_alike:
            return Likeness("the same date of birth and names that sound alike", 90)
        if _spelled_alike(one, two):
            return Likeness("the same date of birth and names spelled alike", 85)
        return None
    if not sounds_alike:
        return None
    near = near_date(born, other_born)
    return Likeness(f"names that sound alike, and {near}", 70) if near else None


def names_alike(name: str, other: str) -> bool:
    """Say whether two names may be those of one person: for a person to decide who it is, and never enough by itself.

    They sound or are spelled alike, in any order of their words, or share the family name (our default).
    """
    one, two = _compared(name), _compared(other)
    family, other_family = (_sound(each.key.rpartition(" ")[2]) for each in (one, two))
    return one.sound == two.sound or family == other_family or _spelled_alike(one, two)


def _same_name_likeness(in_order: bool, born: date, other_born: date) -> Likeness | None:
    name = "the same name" if in_order else "the same names in another order"
    if born == other_born:
        return Likeness(f"{name} and the same date of birth", 100 if in_order else 95)
    near = near_date(born, other_born)
    return Likeness(f"{name}, and {near}", 80) if near else None


def near_date(born: date, other: date) -> str:
    """Say in plain words how one date could be a slip of the other; empty where it could not."""
    if born == other:
        return ""
    if born.year == other.year and (born.day, born.month) == (other.month, other.day):
        return "dates of birth with day and month changed over"
    if abs(born.year - other.year) == 1 and (born.day, born.month) == (other.day, other.month):
        return "dates of birth one year apart"
    pairs = zip(_digits(born), _digits(other), strict=True)
    return "dates of birth that differ in one digit" if sum(one != two for one, two in pairs) == 1 else ""


def near_dates(born: date) -> frozenset[date]:
    """Give every date that `near_date` finds near this one, for a search by index."""
    return frozenset(_candidates(born)) - {born}


def _candidates(born: date) -> Iterator[date]:
    digits = _digits(born)
    texts = [digits[2:4] + digits[:2] + digits[4:]]
    texts += [f"{digits[:4]}{born.year + step:04}" for step in (-1, 1)]
    texts += [digits[:at] + new + digits[at + 1 :] for at in range(8) for new in "0123456789"]
    for text in texts:
        try:
            yield date(int(text[4:]), int(text[2:4]), int(text[:2]))
        except ValueError:
            continue


def _digits(day: date) -> str:
    return f"{day.day:02}{day.month:02}{day.year:04}"


def _spelled_alike(one: _Compared, two: _Compared) -> bool:
    """Say whether one is a slip of the other, or one leaves out a middle name that the other has."""
    fewer = min(len(one.words), len(two.words))
    alike = (
        (fewer > 1 and (one.words <= two.words or two.words <= one.words))
        or fuzz.ratio(one.key, two.key, score_cutoff=_ALIKE) > 0
        or fuzz.ratio(one.sorted_words, two.sorted_words, score_cutoff=_ALIKE) > 0
    )
    return alike and one.digits == two.digits
