"""What a finished assessment says, in words, for the page, the comparison and the Word document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from meetings_app.assessments.answers import Tick
from meetings_app.assessments.models import Assessment, DecisionKind, FlagAnswerKind
from meetings_app.assessments.queries import answers_of
from meetings_app.assessments.rules import WindowDates, flag_texts, window_dates, would_change
from meetings_app.assessments.scoring import Outcome, outcome_of, points_of
from meetings_app.partnership import ToolDefinition
from meetings_app.partnership.tool_parts import FLOOR_APPLIED, Question, Tier
from meetings_app.text import day_in_words

INFORMS = "This informs the RMM. It never sets the risk rating: a meeting decides that."
UNOFFICIAL = "Unofficial: the names of the indicators are ours, not those of the owner’s form."
DECISION_WORDS = {
    DecisionKind.REFERRED: "A referral to the RMM is made.",
    DecisionKind.AT_RMM: "The child is before the RMM already.",
    DecisionKind.NO_REFERRAL: "No referral is made.",
}
FLAG_WORDS = {FlagAnswerKind.DONE: "Done", FlagAnswerKind.NOT_DONE: "Not done, with the reason"}


@dataclass(frozen=True)
class TickTold:
    """One ticked indicator. `when` holds a text for each time; `points` is None where the tool does not score."""

    code: str
    label: str
    note: str
    when: tuple[str, ...]
    evidence: str
    source: str
    asked: tuple[tuple[str, str], ...]
    points: int | None


@dataclass(frozen=True)
class TierTold:
    """The ticked indicators of one tier, of how many there are."""

    title: str
    ticks: tuple[TickTold, ...]
    there_are: int


@dataclass(frozen=True)
class FloorTold:
    """Why the level was lifted, and from which."""

    text: str
    level_before: str


@dataclass(frozen=True)
class Told:
    """A finished assessment in words. `score` is None where the tool does not score.

    `subtotals` holds (label, number): points by tier and bonus, or how many ticked indicators count by tier.
    `asked` holds what was asked about the child, `flags` the texts of the flags by code without that of a floor,
    `headings` every heading with its text, `gone` what was ticked last time and was said to be there no longer, and
    `again` when the tool is used again.
    """

    result: str
    level: str
    score: int | None
    means: str
    subtotals: tuple[tuple[str, int], ...]
    flags: Mapping[str, str]
    floor: FloorTold | None
    asked: tuple[tuple[str, str], ...]
    tiers: tuple[TierTold, ...]
    other_factors: tuple[str, ...]
    headings: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    again: str


def told(tool: ToolDefinition, assessment: Assessment) -> Told:
    """Say what a finished assessment says. Its result is the one that was kept; the rest follows from its answers."""
    answers = answers_of(tool, assessment)
    outcome = outcome_of(tool, answers)
    windows = {window.key: _window(window) for window in window_dates(tool, assessment.assessed_on)}
    ticks = {tick.code: _tick(tool, tick, windows) for tick in answers.ticks}
    texts = flag_texts(tool)
    return Told(
        result=result_of(tool, assessment), level=level_of(assessment.level), score=assessment.score,
        means=tool.category(assessment.category).description if assessment.category else "",
        subtotals=_subtotals(tool, outcome),
        flags={flag: texts[flag] for flag in outcome.flags if flag != FLOOR_APPLIED},
        floor=_floor(outcome, texts),
        asked=_asked(tool, answers.learning_disability, answers.disability),
        tiers=tuple(
            TierTold(
                tier.title, tuple(ticks[each.code] for each in tier.indicators if each.code in ticks),
                len(tier.indicators),
            )
            for tier in tool.tiers
        ),
        other_factors=answers.other_factors,
        headings=tuple((heading.title, answers.headings.get(heading.key, "")) for heading in tool.headings),
        gone=tuple(label_of(tool, code) for code in assessment.gone), again=_again(assessment),
    )  # fmt: skip


def result_of(tool: ToolDefinition, assessment: Assessment) -> str:
    """Give the category in words, or that there is none."""
    if assessment.category is None:
        return "No level: nothing that counts is ticked"
    return f"Category {assessment.category}: {tool.category(assessment.category).label}"


def level_of(code: str | None) -> str:
    """Give a level in words. It is the tool's, and no risk rating."""
    return code.capitalize() if code else "No level"


def label_of(tool: ToolDefinition, code: str) -> str:
    """Give the label of an indicator."""
    return next(each.label for each in tool.tier_of[code].indicators if each.code == code)


def times_of(tool: ToolDefinition, tier: Tier, when: Iterable[str], labels: Mapping[str, str]) -> tuple[str, ...]:
    """Give a text for each time for which an indicator of `tier` is ticked, by `labels`.

    Where the tier asks for one time only, its own words say what is meant, as on the form: the days of the window
    would be a time that nobody was asked for.
    """
    return ("Ticked",) if len(tool.windows_of(tier)) == 1 else tuple(labels[window] for window in when)


def name_of(names: Mapping[int, str], account_id: int | None) -> str:
    """Give who did something; whatever no account did, the operator of the machine did."""
    return names.get(account_id, "") if account_id is not None else "the operator of the machine"


def corrected_birth(tool: ToolDefinition, assessment: Assessment, born: date) -> date | None:
    """Give the date of birth that the record has by now, where it would make the outcome another."""
    changed = born != assessment.born and would_change(tool, answers_of(tool, assessment), born)
    return born if changed else None


def _again(assessment: Assessment) -> str:
    earliest, latest = assessment.reassess_from, assessment.reassess_by
    if earliest is None or latest is None:
        return "Not set"
    latest_in_words = day_in_words(latest)
    return f"By {latest_in_words}" if earliest == latest else f"{day_in_words(earliest)} to {latest_in_words}"


def _window(window: WindowDates) -> str:
    if window.since is None or window.until is None:
        return window.label
    return f"{window.label} ({day_in_words(window.since)} to {day_in_words(window.until)})"


def _tick(tool: ToolDefinition, tick: Tick, windows: Mapping[str, str]) -> TickTold:
    tier = tool.tier_of[tick.code]
    indicator = next(each for each in tier.indicators if each.code == tick.code)
    return TickTold(
        code=tick.code, label=indicator.label, note=indicator.note,
        when=times_of(tool, tier, tick.when, windows), evidence=tick.evidence, source=tick.source,
        asked=tuple(_answer(question, tick) for question in tier.questions),
        points=points_of(tool, tick) if tool.method == "score" else None,
    )  # fmt: skip


def _answer(question: Question, tick: Tick) -> tuple[str, str]:
    """Give a question with its answer; where nothing was answered, with what is meant then."""
    labels = {choice.code: choice.label for choice in question.choices}
    if question.key in tick.asked:
        return question.text, labels[tick.asked[question.key]]
    return question.text, f"{labels[question.default]} (not answered)" if question.default else "Not answered"


def _subtotals(tool: ToolDefinition, outcome: Outcome) -> tuple[tuple[str, int], ...]:
    labels = {tier.key: tier.title for tier in tool.tiers} | {each.key: each.label for each in tool.bonuses}
    return tuple((labels[key], number) for key, number in outcome.subtotals.items())


def _floor(outcome: Outcome, texts: Mapping[str, str]) -> FloorTold | None:
    if FLOOR_APPLIED not in outcome.flags:
        return None
    return FloorTold(texts[FLOOR_APPLIED], level_of(outcome.level_before_floors))


def _asked(tool: ToolDefinition, learning_disability: bool, disability: bool) -> tuple[tuple[str, str], ...]:
    """Give what was asked about the child: a disability only where the tool asks, or somebody said yes."""
    asked = [("Learning disability", learning_disability)]
    if disability or any(bonus.asks == "disability" for bonus in tool.bonuses):
        asked.append(("Disability", disability))
    return tuple((label, "Yes" if yes else "No") for label, yes in asked)
