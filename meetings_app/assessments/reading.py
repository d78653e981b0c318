"""Checks answers given as JSON (or as a form that makes the same of them), and names every problem at once.

The document is that of the contract, “Assessment as JSON”: `born`, `assessed_on`, `learning_disability` and
`indicators`, each of them with `code`, `when` and `evidence`. These may stand beside them:

- `disability`: true or false, asked where a tool has a bonus for it;
- `level`: what a person judged, for a tool that is judged;
- `other_factors`: a list of texts, recorded and never scored;
- `headings`: the free texts, by the key of their heading;
- in an indicator, `source`: who said so, or where it is recorded;
- in an indicator, the key of each question of its tier, with the code of a choice. SERAF asks `by` of its significant
  indicators: `outside_family` (meant where nothing is said), `family_facilitated`, or `family`, which is kept and
  scores nothing (SG). Kent & Medway asks `severity` of its high ones: `detrimental`, `multiple` or `urgent` (KM).

Anything else is refused, so that a slip of the pen is never dropped in silence.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from meetings_app.assessments.answers import Answers, AnswersRefused, Problem, Tick
from meetings_app.partnership.tools import ToolDefinition
from meetings_app.partnership.values import RatingCode
from meetings_app.text import UnreadableText, clean_text

_FIELDS = {
    "born", "assessed_on", "learning_disability", "disability", "indicators", "level", "other_factors", "headings",
}  # fmt: skip
_TICK_FIELDS = {"code", "when", "evidence", "source"}
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST_YEAR, LAST_YEAR = 1900, 2199
_CODE = re.compile(r"[a-z0-9_-]{1,60}", re.IGNORECASE)


def read_answers(tool: ToolDefinition, document: object) -> Answers:
    """Check a document against `tool` and give its answers.

    The order of the indicators and of `when` does not matter, and a time named twice in one `when` counts once.
    Raises `AnswersRefused` with every problem; no text that was entered is repeated in it, save codes.
    """
    reader = _Reader(tool)
    answers = reader.read(document)
    if reader.problems or answers is None:
        raise AnswersRefused(reader.problems)
    return answers


class _Reader:
    """Reads one document and keeps what is wrong with it."""

    def __init__(self, tool: ToolDefinition) -> None:
        self.tool = tool
        self.problems: list[Problem] = []

    def read(self, document: object) -> Answers | None:
        given = self._fields("assessment", document, _FIELDS)
        if given is None:
            return None
        born, assessed_on = self._day("born", given), self._day("assessed_on", given)
        if born and assessed_on and assessed_on < born:
            self._refuse("assessed_on", "the assessment is before the birth")
        answers = Answers(
            born=born or date.min,
            assessed_on=assessed_on or date.min,
            ticks=self._ticks(given.get("indicators")),
            learning_disability=self._yes_or_no("learning_disability", given),
            disability=self._yes_or_no("disability", given),
            level=self._level(given.get("level")),
            other_factors=self._other_factors(given.get("other_factors", [])),
            headings=self._headings(given.get("headings", {})),
        )
        return answers if born and assessed_on else None

    def _refuse(self, place: str, text: str) -> None:
        self.problems.append(Problem(place, text))

    def _fields(self, place: str, value: object, known: Collection[str]) -> Mapping[str, object] | None:
        """Give a JSON object after refusing the fields it should not have; None for anything else."""
        if not isinstance(value, Mapping):
            self._refuse(place, "must be a JSON object")
            return None
        self._refuse_unknown(place, value, known)
        return value

    def _refuse_unknown(self, place: str, given: Iterable[object], known: Collection[str]) -> None:
        for name in given:
            if name not in known:
                self._refuse(place, f"{_named(name)} is not a field of it")

    def _day(self, key: str, given: Mapping[str, object]) -> date | None:
        value = given.get(key)
        try:
            day = date.fromisoformat(value) if isinstance(value, str) and _ISO_DAY.fullmatch(value) else None
        except ValueError:
            day = None
        if day is None:
            self._refuse(key, "enter a date such as 2026-11-24")
        elif not FIRST_YEAR <= day.year <= LAST_YEAR:
            self._refuse(key, f"enter a date between {FIRST_YEAR} and {LAST_YEAR}")
            day = None
        return day

    def _yes_or_no(self, key: str, given: Mapping[str, object]) -> bool:
        value = given.get(key, False)
        if not isinstance(value, bool):
            self._refuse(key, "must be true or false")
            return False
        return value

    def _text(self, place: str, value: object, missing: str) -> str:
        """Give a text cleaned; `missing` is what to say where there is none."""
        if not isinstance(value, str) or not value.strip():
            self._refuse(place, missing)
            return ""
        try:
            return clean_text(value).strip()
        except UnreadableText as problem:
            self._refuse(place, str(problem))
            return ""

    def _level(self, value: object) -> RatingCode | None:
        if value is None:
            return None
        if self.tool.method != "judged":
            self._refuse("level", "this tool finds the level itself; leave it out")
            return None
        levels = [category.level for category in self.tool.categories]
        if value not in levels:
            self._refuse("level", f"must be one of: {', '.join(levels)}")
            return None
        return value

    def _other_factors(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            self._refuse("other_factors", "must be a list of texts")
            return ()
        return tuple(
            self._text(f"other_factors.{number}", text, "enter a text, or leave it out")
            for number, text in enumerate(value, start=1)
        )

    def _headings(self, value: object) -> dict[str, str]:
        known = [heading.key for heading in self.tool.headings]
        given = self._fields("headings", value, known) or {}
        return {
            key: self._text(f"headings.{key}", given[key], "enter a text, or leave it out")
            for key in known
            if key in given
        }

    def _ticks(self, value: object) -> tuple[Tick, ...]:
        if not isinstance(value, list):
            self._refuse("indicators", "must be a list, empty where nothing is ticked")
            return ()
        ticks: dict[str, Tick] = {}
        for number, given in enumerate(value, start=1):
            code = self._code(number, given)
            if code is None:
                continue
            if code in ticks:
                self._refuse(f"indicators.{code}", "stands there twice")
                continue
            ticks[code] = self._tick(code, given)
        return tuple(ticks[code] for code in self.tool.tier_of if code in ticks)

    def _code(self, number: int, given: object) -> str | None:
        """Give the code of an entry that can be looked at further."""
        place = f"indicators.{number}"
        if not isinstance(given, Mapping):
            self._refuse(place, "must be a JSON object")
            return None
        code = given.get("code")
        if not isinstance(code, str) or code not in self.tool.tier_of:
            self._refuse(place, f"{_named(code)} is not the code of an indicator of this tool")
            return None
        return code

    def _tick(self, code: str, given: Mapping[str, object]) -> Tick:
        place, tier = f"indicators.{code}", self.tool.tier_of[code]
        asked = {question.key: [choice.code for choice in question.choices] for question in tier.questions}
        self._refuse_unknown(place, given, {*_TICK_FIELDS, *asked})
        for key, choices in asked.items():
            if key in given and given[key] not in choices:
                self._refuse(f"{place}.{key}", f"must be one of: {', '.join(choices)}")
        return Tick(
            code=code,
            when=self._when(f"{place}.when", given.get("when"), self.tool.windows_of(tier)),
            evidence=self._text(f"{place}.evidence", given.get("evidence"), "enter the reason for this indicator"),
            asked={key: str(given[key]) for key in asked if key in given},
            source=self._source(f"{place}.source", given),
        )

    def _source(self, place: str, given: Mapping[str, object]) -> str:
        return self._text(place, given["source"], "enter a text, or leave it out") if "source" in given else ""

    def _when(self, place: str, value: object, windows: tuple[str, ...]) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            self._refuse(place, f"must be a list of one or more of: {', '.join(windows)}")
            return ()
        for window in value:
            if window not in windows:
                self._refuse(place, f"{_named(window)} is not one of: {', '.join(windows)}")
        return tuple(window for window in windows if window in value)


def _named(value: object) -> str:
    """Repeat what was given only where it looks like a code: anything else might be about a person."""
    return f"“{value}”" if isinstance(value, str) and _CODE.fullmatch(value) else "what stands there"
