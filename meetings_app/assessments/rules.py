"""What follows from an assessment: when the next is due, what changed since the last, what is still to be filled in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from meetings_app.assessments.answers import Answers, Problem
from meetings_app.assessments.scoring import outcome_of
from meetings_app.children.ages import after_months
from meetings_app.errors import DomainError
from meetings_app.partnership.tool_parts import FLOOR_APPLIED, Category
from meetings_app.partnership.tools import ToolDefinition


@dataclass(frozen=True)
class Reassessment:
    """When a tool is used again: from the earliest day on, and by the last at the latest."""

    earliest: date
    latest: date


@dataclass(frozen=True)
class Comparison:
    """Codes of indicators in two assessments. Of those still there, `moved` are ticked for other times than before."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    still: tuple[str, ...]
    moved: tuple[str, ...]


@dataclass(frozen=True)
class WindowDates:
    """What a window means on the day of an assessment; no dates where the tool gives it no months."""

    key: str
    label: str
    since: date | None
    until: date | None


def tool_called(tools: Iterable[ToolDefinition], code: str) -> ToolDefinition:
    """Give the tool with this code. Raises `DomainError` that names those there are."""
    known = {tool.code: tool for tool in tools}
    if code not in known:
        there = f"The tools are: {', '.join(sorted(known))}." if known else "There are no assessment tools."
        raise DomainError(f"There is no assessment tool with this code. {there}")
    return known[code]


def reassessment(tool: ToolDefinition, category: Category | None, assessed_on: date, default_days: int) -> Reassessment:
    """Say when `tool` is used again after an assessment that came to `category` (SG: at least every three months).

    The days of the category hold, else those of the tool, else `default_days`, which is `assessment.reassess_days` of
    the ratings. Kent & Medway's lowest tier is assessed again after four to six weeks (KM). A change in circumstances
    asks for it at once, whatever this says.
    """
    latest = (category and category.reassess_days) or tool.reassess_days or default_days
    earliest = (category and category.reassess_from_days) or latest
    return Reassessment(assessed_on + timedelta(days=earliest), assessed_on + timedelta(days=latest))


def would_change(tool: ToolDefinition, answers: Answers, born: date) -> bool:
    """Say whether the outcome would be another for a child born on `born`, after a date of birth was corrected.

    An assessment before that birth would be no assessment, so it is changed as well.
    """
    if born > answers.assessed_on:
        return True
    return outcome_of(tool, answers) != outcome_of(tool, replace(answers, born=born))


def compare(before: Answers, now: Answers) -> Comparison:
    """Say which indicators are new, gone and still there, in the order of the later assessment."""
    earlier = {tick.code: tick for tick in before.ticks}
    later = {tick.code: tick for tick in now.ticks}
    return Comparison(
        new=tuple(code for code in later if code not in earlier),
        gone=tuple(code for code in earlier if code not in later),
        still=tuple(code for code in later if code in earlier),
        moved=tuple(code for code in later if code in earlier and later[code].when != earlier[code].when),
    )


def unanswered(tool: ToolDefinition, answers: Answers) -> list[Problem]:
    """Give what must be filled in before the assessment is finished; a draft may leave it open.

    That is the level of a tool that is judged, each required question of a ticked indicator and each required heading.
    """
    problems = []
    if tool.method == "judged" and answers.level is None:
        problems.append(Problem("level", "say which level you judge"))
    for tick in answers.ticks:
        for question in tool.tier_of[tick.code].questions:
            if question.required and question.key not in tick.asked:
                problems.append(Problem(f"indicators.{tick.code}.{question.key}", f"answer “{question.text}”"))
    for heading in tool.headings:
        if heading.required and heading.key not in answers.headings:
            problems.append(Problem(f"headings.{heading.key}", f"fill in “{heading.title}”"))
    return problems


def window_dates(tool: ToolDefinition, assessed_on: date) -> list[WindowDates]:
    """Give each window of `tool` with the days it means for an assessment on `assessed_on`."""
    return [
        WindowDates(
            window.key,
            window.label,
            since=after_months(assessed_on, -window.to_months) if window.to_months is not None else None,
            until=after_months(assessed_on, -window.from_months) if window.to_months is not None else None,
        )
        for window in tool.windows
    ]


def flag_texts(tool: ToolDefinition) -> dict[str, str]:
    """Give what each flag of `tool` says to people, by its code."""
    texts: dict[str, str] = {flag.code: flag.text for flag in tool.flags}
    if tool.floors:
        texts[FLOOR_APPLIED] = " ".join(floor.text for floor in tool.floors)
    return texts


def asks_for_answer(flag: str) -> bool:
    """Say whether a flag is work that somebody must answer; that a floor lifted the level is only said."""
    return flag != FLOOR_APPLIED
