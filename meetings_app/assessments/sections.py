"""The sections in which an assessment is filled in, and how far each is. Pure.

A draft holds the document of the contract, which need not be right yet; each section is one part of it.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from meetings_app.assessments.answers import Answers, AnswersRefused, Problem, Tick
from meetings_app.assessments.reading import read_answers
from meetings_app.assessments.rules import unanswered
from meetings_app.partnership.tools import ToolDefinition

ABOUT = "about"
WORDS = "words"
ASKED = {
    "learning_disability": "say whether the child has a learning disability",
    "disability": "say whether the child has a disability",
}
"""What is asked about the child with yes or no, and what is said while it is not answered."""


class Progress(StrEnum):
    """How far a section is."""

    EMPTY = "Not started"
    INCOMPLETE = "Incomplete"
    COMPLETE = "Complete"


@dataclass(frozen=True)
class Draft:
    """What is filled in so far. `answers` is the document of the contract without `born` and `assessed_on`.

    `gone` holds the codes said to be there no longer, `before` those that were ticked in the last assessment, and
    `been` the keys of the sections that somebody has been through.
    """

    born: date
    assessed_on: date
    answers: Mapping[str, Any]
    gone: Sequence[str] = ()
    before: Sequence[str] = ()
    been: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    """One section with its title, how far it is, and what is still wrong in it."""

    key: str
    title: str
    progress: Progress
    problems: tuple[Problem, ...]


def keys_of(tool: ToolDefinition) -> list[str]:
    """Give the keys of the sections in their order: about the child, one for each tier, then the views in words."""
    return [ABOUT, *(tier.key for tier in tool.tiers), WORDS]


def title_of(tool: ToolDefinition, key: str) -> str:
    """Give the title of a section."""
    titles = {tier.key: tier.title for tier in tool.tiers}
    return {ABOUT: "The child and the date", WORDS: "Views and judgement", **titles}[key]


def document_of(draft: Draft) -> dict[str, Any]:
    """Give the whole document of the contract."""
    return {**draft.answers, "born": draft.born.isoformat(), "assessed_on": draft.assessed_on.isoformat()}


def part_of(tool: ToolDefinition, draft: Draft, key: str) -> dict[str, Any]:
    """Give what one section holds: a part of the answers, and for a tier which codes are gone."""
    if key == ABOUT:
        kept = {name: draft.answers.get(name) for name in ASKED}
        return {"assessed_on": draft.assessed_on.isoformat(), **kept}
    if key == WORDS:
        return {
            "other_factors": draft.answers.get("other_factors", []),
            "headings": draft.answers.get("headings", {}),
            "level": draft.answers.get("level"),
        }
    own = _codes(tool, key)
    ticks = [tick for tick in draft.answers.get("indicators", []) if tick["code"] in own]
    return {"indicators": ticks, "gone": [code for code in draft.gone if code in own]}


def with_part(tool: ToolDefinition, draft: Draft, key: str, part: Mapping[str, Any]) -> Draft:
    """Give the draft with one section replaced by `part`, shaped as `part_of` gives it."""
    answers = dict(draft.answers)
    if key == ABOUT:
        answers = {name: answer for name, answer in answers.items() if name not in ASKED}
        answers |= {name: part[name] for name in ASKED if part[name] is not None}
        return _replaced(draft, answers, draft.gone, date.fromisoformat(part["assessed_on"]))
    if key == WORDS:
        answers |= {"other_factors": list(part["other_factors"]), "headings": dict(part["headings"])}
        answers.pop("level", None)
        if part["level"] is not None:
            answers["level"] = part["level"]
        return _replaced(draft, answers, draft.gone, draft.assessed_on)
    own = _codes(tool, key)
    others = [tick for tick in draft.answers.get("indicators", []) if tick["code"] not in own]
    answers["indicators"] = [*others, *part["indicators"]]
    gone = [*(code for code in draft.gone if code not in own), *part["gone"]]
    return _replaced(draft, answers, gone, draft.assessed_on)


def mark_of(part: Mapping[str, Any]) -> int:
    """Give a number that changes with a section's content: so a form knows whether somebody saved it since."""
    return zlib.crc32(json.dumps(part, sort_keys=True, ensure_ascii=False).encode())


def problems_of(tool: ToolDefinition, draft: Draft, today: date) -> list[Problem]:
    """Give everything that stands in the way of finishing, each with the field of the document it is about."""
    problems = [*_not_said(tool, draft), *_asked_again(draft), *unanswered(tool, _filled_in(tool, draft))]
    if draft.assessed_on > today:
        problems.append(Problem("assessed_on", "the date of the assessment is in the future"))
    try:
        read_answers(tool, document_of(draft))
    except AnswersRefused as refused:
        problems += refused.problems
    return [*_not_been(tool, draft, problems), *problems]


def checked(tool: ToolDefinition, draft: Draft, today: date) -> Answers:
    """Give the answers of a draft that can be finished. Raises `AnswersRefused` with every problem."""
    problems = problems_of(tool, draft, today)
    if problems:
        raise AnswersRefused(problems)
    return read_answers(tool, document_of(draft))


def sections_of(tool: ToolDefinition, problems: Iterable[Problem], saved: Iterable[str]) -> list[Section]:
    """Give the sections with their progress. `saved` holds the keys of those that somebody has been through."""
    by_section: dict[str, list[Problem]] = {}
    for problem in problems:
        by_section.setdefault(section_of_field(tool, problem.field), []).append(problem)
    been, sections = set(saved), []
    for key in keys_of(tool):
        wrong = by_section.get(key, [])
        sections.append(Section(key, title_of(tool, key), _progress(key in been, wrong), tuple(wrong)))
    return sections


def section_of_field(tool: ToolDefinition, field: str) -> str:
    """Give the section in which a field of the document is filled in."""
    head, _, rest = field.partition(".")
    if head == "sections":
        return rest
    if head == "indicators":
        tier = tool.tier_of.get(rest.partition(".")[0])
        return tier.key if tier is not None else ABOUT
    return WORDS if head in ("other_factors", "headings", "level") else ABOUT


def _progress(been: bool, problems: Sequence[Problem]) -> Progress:
    if not been:
        return Progress.EMPTY
    return Progress.INCOMPLETE if problems else Progress.COMPLETE


def asks_for_disability(tool: ToolDefinition) -> bool:
    """Say whether the tool asks for a disability, beside the learning disability that every tool asks for."""
    return any(bonus.asks == "disability" for bonus in tool.bonuses)


def _not_said(tool: ToolDefinition, draft: Draft) -> list[Problem]:
    """What is asked about the child is answered by somebody: a level may rise with it, so none is taken for no."""
    asked = [name for name in ASKED if name != "disability" or asks_for_disability(tool)]
    return [Problem(name, ASKED[name]) for name in asked if name not in draft.answers]


def _asked_again(draft: Draft) -> list[Problem]:
    """What was ticked last time is asked again: it is ticked anew, or said to be gone, and not both."""
    ticked = {tick["code"] for tick in draft.answers.get("indicators", [])}
    open_still = [code for code in draft.before if code not in ticked and code not in draft.gone]
    both = [code for code in draft.gone if code in ticked]
    return [
        *(Problem(f"indicators.{code}.when", "say whether this is still so") for code in open_still),
        *(
            Problem(
                f"indicators.{code}.when", "you said that it is so no longer: clear the reason, or tick when it was so"
            )
            for code in both
        ),
    ]


def _not_been(tool: ToolDefinition, draft: Draft, problems: Sequence[Problem]) -> list[Problem]:
    """Name the sections nobody has looked at: that nothing is ticked there is no answer yet."""
    named = {section_of_field(tool, problem.field) for problem in problems}
    return [
        Problem(f"sections.{key}", f"look through “{title_of(tool, key)}” and save it")
        for key in keys_of(tool)
        if key not in draft.been and key not in named
    ]


def _filled_in(tool: ToolDefinition, draft: Draft) -> Answers:
    """Give what is filled in, right or not, so that everything still missing can be said at once."""
    ticks = []
    for tick in draft.answers.get("indicators", []):
        asked = [question.key for question in tool.tier_of[tick["code"]].questions if tick.get(question.key)]
        ticks.append(Tick(tick["code"], tuple(tick["when"]), tick["evidence"], {key: tick[key] for key in asked}))
    return Answers(
        draft.born, draft.assessed_on, tuple(ticks),
        level=draft.answers.get("level"), headings=draft.answers.get("headings", {}),
    )  # fmt: skip


def _codes(tool: ToolDefinition, key: str) -> set[str]:
    return {indicator.code for tier in tool.tiers if tier.key == key for indicator in tier.indicators}


def _replaced(draft: Draft, answers: Mapping[str, Any], gone: Sequence[str], assessed_on: date) -> Draft:
    return Draft(draft.born, assessed_on, answers, gone, draft.before, draft.been)
