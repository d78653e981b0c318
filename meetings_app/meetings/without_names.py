"""Taking out of texts that people wrote what says who a child is, and finding what may still say it. Pure."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from meetings_app.meetings.parts_of_names import parts_of, said_alone
from meetings_app.meetings.usual_words import ALSO_WORDS, BEGINNINGS, KNOWN, MONTHS

Text = Callable[[str], str]
Named = tuple[str, str]
"""A child’s name and reference."""


class PersonsName(Named):
    """Another name that is a person’s, of which parts may be said alone, and what stands in its place."""


class AsWritten(Named):
    """A name, or a part of one, that goes only as it is written, and what stands in its place."""


ANOTHER_CHILD, A_CHILD, RECORD = "[another child]", "[a child]", "[a restricted record]"
_SCHOOL, _BORN = "[school]", "[date of birth]"
_WORD, _NUMBER = re.compile(r"\w+"), re.compile(r"\d+")
# A word with a capital within a sentence, and what follows it with one; at the start of a sentence it says nothing.
_CAPITALS = re.compile(r"(?<![\w’'])[A-Z][\w’'-]*(?:[ ‑-](?:of the |of |the |upon )?[A-Z][\w’'-]*)*")
_TELLING = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b"  # a postcode
    r"|\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b"  # a registration plate
    r"|\+?\d[\d ()-]{8,}\d"  # a telephone number
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)*|@\w{2,}|https?://\S+"  # an address of mail, a name online
)
_REFERENCE = re.compile(r"^(?:[A-Z]{1,4}-[A-Z0-9-]+|[A-Z]{2,6})$")
_NOT_A_START = re.compile(r"[^\s.!?:;•\"“”‘(\[–-]\s+$|(?<![.!?])[,;]\s*$")


@dataclass(frozen=True)
class Telling:
    """A word of a text that may still say who a child is, where it stands, and some of what is around it first."""

    items: tuple[str, ...]
    word: str
    around: str


def without_names(
    shown: Collection[Named], schools: Iterable[str] = (), born: Iterable[date] = (), others: Iterable[Named] = (),
    aliases: Collection[Named] = (),
) -> Text:  # fmt: skip
    """Give what takes the children's names, schools and dates of birth out of a text that people wrote.

    The reference stands in place of the name of a child who is `shown`; of `others` it goes too. `aliases` are other
    names with what stands in their place: not whose they are. Of a `PersonsName` the parts go last, as what is
    `AsWritten` does, for a school or a date may hold one.
    """
    taken = _aliases(aliases, shown)
    taken += _others(others, shown, any_case=True)
    taken += [_names_taken(_names(name), reference) for name, reference in shown]
    taken += [_names_taken([school], _SCHOOL) for school in sorted(set(schools), key=len, reverse=True)]
    taken += [_day_taken(day) for day in sorted(set(born))]
    taken += _alias_parts(aliases, shown, any_case=True)
    return _replacing(taken)


def without_others(
    others: Iterable[Named], shown: Collection[Named], aliases: Collection[Named] = (), *, own: bool = False
) -> Text:
    """Give what takes names and references of children whose items are not shown out of the texts of those that are.

    A part of a name that a child who is shown bears too, as brothers and sisters do, stays. A single part goes only as
    it is written with its capital, for many a first name is a word of the language. Of the reader's `own` words such a
    first name stays where it stands alone: a sentence that begins with it would be taken from them. `aliases` as in
    `without_names`.
    """
    usual = ALSO_WORDS if own else frozenset[str]()
    taken = _aliases(aliases, shown, usual) + _others(others, shown, any_case=False, usual=usual)
    return _replacing(taken + _alias_parts(aliases, shown, any_case=False, usual=usual))


def without_whole(others: Iterable[Named], aliases: Iterable[Named] = ()) -> Text:
    """Give what takes the whole names, the aliases and the references of children out of a reader's own words.

    No part of a name goes alone, nor a name of one part that is a word of the language.
    """
    return _replacing([*_aliases(aliases, (), ALSO_WORDS), *_whole(others, ALSO_WORDS)])


def in_place_of(names: Iterable[Named], capitals: Iterable[Named] = ()) -> Text:
    """Give what puts in the place of each name what is given with it, in their order and whatever their case.

    Of `capitals`, which come last, only as they are written: of a child or a suspect a copy does not show, a first name
    may be a word.
    """
    taken = [_names_taken([name], instead) for name, instead in names]
    return _replacing([*taken, *(_names_taken([part], instead, any_case=False) for part, instead in capitals)])


def telling_words(
    texts: Iterable[tuple[str, str]], known: Collection[str] = (), listed: Collection[str] = ()
) -> list[Telling]:
    """Give what may still say who a child is in texts, each word once with the numbers of its items.

    Those are names of places and people, postcodes, numbers, names online, and what is `listed`; `known` are words that
    the copy prints anyway. It is advice: rare words without a capital, and what only those who know the child
    understand, no program finds.
    """
    usual = KNOWN | BEGINNINGS | {part.casefold() for word in known for part in re.split(r"[\s,.]+", word)}
    found, short = [], _pattern(sorted(listed), any_case=True) if listed else None
    for item, text in texts:
        spans = [match.span() for match in _TELLING.finditer(text)]
        spans += [match.span() for match in short.finditer(text)] if short else []
        covered = tuple(spans)
        spans += [
            (match.start(), match.end())
            for match in _CAPITALS.finditer(text)
            if _tells(text, match, usual)
            and not any(start < match.end() and match.start() < end for start, end in covered)
        ]
        found += [
            Telling((item,), text[start:end], " ".join(text[max(0, start - 40) : end + 40].split()))
            for start, end in sorted(spans)
        ]
    once: dict[str, Telling] = {}
    for each in found:
        first = once.setdefault(each.word, each)
        once[each.word] = replace(first, items=tuple(dict.fromkeys((*first.items, *each.items))))
    return list(once.values())


def _tells(text: str, match: re.Match[str], usual: Collection[str]) -> bool:
    words = [word for word in re.split(r"[ ‑]", match.group()) if word[:1].isupper()]
    if not _NOT_A_START.search(text[max(0, match.start() - 20) : match.start()]):
        words = words[1:]
    return any(
        word.removesuffix("’s").removesuffix("'s").casefold() not in usual and not _REFERENCE.match(word)
        for word in words
    )


class _Taken:
    """What is taken out of a text, and what stands in its place.

    A pattern is slow to search with, and most texts hold none of what is taken out: so it is made, and searched with,
    only where a text has one of the `words` without which it finds nothing.
    """

    def __init__(self, words: Iterable[str], instead: str, make: Callable[[], re.Pattern[str]]) -> None:
        self.words, self.instead, self._make = frozenset(words), instead, make

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return self._make()


def _names_taken(names: Iterable[str], instead: str, *, any_case: bool = True) -> _Taken:
    """Take names out: each begins with a word, or has none at all."""
    given = [name for name in names if name.strip()]
    words = (next(iter(_WORD.findall(_folded(name))), "") for name in given)
    return _Taken(words, instead, lambda: _pattern(given, any_case=any_case))


def _reference_taken(reference: str) -> _Taken:
    """Take a reference out: its parts stand each for itself, or together."""
    parts = _folded(reference).split("-")
    words = ("".join(parts[place:]) for place in range(len(parts)) if reference)
    return _Taken(words, ANOTHER_CHILD, lambda: _reference_pattern(reference))


def _day_taken(day: date) -> _Taken:
    """Take a date of birth out: each way to write it has its year."""
    return _Taken((f"{day:%Y}", f"{day:%y}"), _BORN, lambda: _date_pattern(day))


def _aliases(aliases: Iterable[Named], shown: Iterable[Named], usual: Collection[str] = frozenset()) -> list[_Taken]:
    """Take other names out, each as a whole; what a child who is shown bears as a name is taken as that."""
    known = {each.casefold() for name, _reference in shown for each in _names(name)}.union(usual)
    longest_first = sorted(aliases, key=lambda alias: (-len(alias[0]), alias))
    return [
        _names_taken([alias[0]], alias[1])
        for alias in longest_first
        if alias[0].casefold() not in known and not isinstance(alias, AsWritten)
    ]


def _alias_parts(
    aliases: Collection[Named], shown: Iterable[Named], *, any_case: bool, usual: Collection[str] = frozenset()
) -> list[_Taken]:
    """Take out the parts of other names that are a person’s; the usual words of a description stay."""
    known = _borne(shown)
    taken = [
        _names_taken(_single(alias[0], known, usual, said_alone(alias[0])), alias[1], any_case=any_case)
        for alias in aliases
        if isinstance(alias, PersonsName)
    ]
    written = sorted({alias for alias in aliases if isinstance(alias, AsWritten)}, key=lambda alias: -len(alias[0]))
    return taken + [_names_taken([name], to, any_case=False) for name, to in written if name.casefold() not in known]


def _others(
    others: Iterable[Named], shown: Iterable[Named], *, any_case: bool, usual: Collection[str] = frozenset()
) -> list[_Taken]:
    """Take names out, whole and in parts; of first names not those that are `usual` words."""
    known = _borne(shown)
    taken = list[_Taken]()
    for name, reference in others:
        taken += _whole([(name, reference)], usual)
        taken.append(_names_taken(_single(name, known, usual, parts_of(name)), ANOTHER_CHILD, any_case=any_case))
    return taken


def _borne(shown: Iterable[Named]) -> set[str]:
    return {part.casefold() for name, _reference in shown for part in parts_of(name)}


def _single(name: str, known: Collection[str], usual: Collection[str], parts: Iterable[str]) -> list[str]:
    """Give which `parts` of a name are taken out alone: none that is `known`, no first name that is a `usual` word."""
    first = {part.casefold() for part in parts_of(name.rpartition(" ")[0] or name)}
    stays = first.intersection(usual).union(known)
    return [part for part in parts if part.casefold() not in stays]


def _whole(others: Iterable[Named], usual: Collection[str]) -> list[_Taken]:
    taken = list[_Taken]()
    for name, reference in others:
        taken.append(_reference_taken(reference))
        if name.casefold() not in usual:
            taken.append(_names_taken([name], ANOTHER_CHILD))
    return taken


def _replacing(taken: Collection[_Taken]) -> Text:
    def replaced(text: str) -> str:
        words = _words(text)
        for each in taken:
            if not each.words.isdisjoint(words):
                text = each.pattern.sub(each.instead, text)
                words = _words(text)
        return text

    return replaced


def _words(text: str) -> set[str]:
    """Give the words and the numbers of a text; "" stands for a name without either."""
    folded = _folded(text)
    return {"", *_WORD.findall(folded), *_NUMBER.findall(folded)}


def _folded(text: str) -> str:
    """Give a text as it is compared in any case; a pattern takes an i without a dot, or with one more, for an i."""
    return text.casefold().replace("ı", "i").replace("i\N{COMBINING DOT ABOVE}", "i")


def _names(name: str) -> list[str]:
    return [name, *parts_of(name)]


def _pattern(words: Iterable[str], *, any_case: bool) -> re.Pattern[str]:
    alternatives = "|".join(rf"(?<!\w){_written(word)}(?!\w)" for word in words)
    return re.compile(alternatives, re.IGNORECASE if any_case else 0)


def _written(word: str) -> str:
    """Give a name as people write it: straight or curly apostrophes, a hyphen or a space, any space between parts."""
    said = re.sub(r"\\?[‐‑–-]", r"[\\s‐‑–-]", re.escape(" ".join(word.split())).replace(r"\ ", r"\s+"))
    return re.sub(r"['’ʼ`´]", "['’ʼ`´]", said)


def _reference_pattern(reference: str) -> re.Pattern[str]:
    """Give a reference as people write it: in small letters too, with a space for its hyphen, or with neither."""
    written = r"[\s‐‑–-]*".join(re.escape(part) for part in reference.split("-"))
    return re.compile(rf"(?<!\w){written}(?!\w)", re.IGNORECASE)


def _date_pattern(day: date) -> re.Pattern[str]:
    """Give a date as people write it. Only with its year: without one it is as likely a day on which something was."""
    month, year, number = MONTHS[day.month - 1], f"(?:{day.year}|{day:%y})", f"0?{day.day}(?:st|nd|rd|th)?"
    name = rf"{month[:3]}(?:{month[3:]})?\.?"
    ways = (
        day.isoformat(), rf"0?{day.day}[./ -]0?{day.month}[./ -]{year}", rf"{number}(?: of)?\s+{name},?\s+{year}",
        rf"{name}\s+{number},?\s+{year}",
    )  # fmt: skip
    return re.compile(rf"(?<!\d)(?:{'|'.join(ways)})(?!\d)", re.IGNORECASE)
