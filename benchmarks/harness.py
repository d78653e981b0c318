"""A small paired harness: the variants take turns, and the median of the paired ratios is the figure.

A machine that is busy, or changes its clock, slows both sides of a pair alike, so a ratio holds where a time
would not. The denominator is measured twice in every round: the ratio of the two (the control) must come out
near 1, else the machine is too noisy and the figure is not judged.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

Work = Callable[[], object]
Clock = Callable[[], float]

QUIET = (0.93, 1.07)
SHORTEST_SAMPLE = 0.05
MOST_REPEATS = 100_000


@dataclass(frozen=True)
class Result:
    """One figure as measured.

    `control` is the ratio of the denominator to itself; None for a count, which no noise can touch.
    `limit` is the most the ratio may be, or the least where `at_least` is set.
    """

    name: str
    ratio: float
    limit: float
    at_least: bool = False
    control: float | None = None

    @property
    def judged(self) -> bool:
        """Whether the machine was quiet enough for the figure to mean anything."""
        return self.control is None or QUIET[0] <= self.control <= QUIET[1]

    @property
    def holds(self) -> bool:
        """Whether the ratio is within its limit; a ratio that is no number is not."""
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit

    @property
    def failed(self) -> bool:
        """Whether the figure was judged and is outside its limit."""
        return self.judged and not self.holds

    @property
    def verdict(self) -> str:
        """The judgement in words."""
        if not self.judged:
            return "noisy, not judged"
        if self.holds:
            return "holds"
        return "under its limit" if self.at_least else "over its limit"


Figure = Callable[[], Result | Iterable[Result]]
FIGURES: dict[int, Figure] = {}


def figure(number: int) -> Callable[[Figure], Figure]:
    """Register the function that measures the figure of this number; it gives one result or several.

    Raises ValueError when the number is taken.
    """

    def register(measure: Figure) -> Figure:
        if number in FIGURES:
            raise ValueError(f"Figure {number} is measured twice")
        FIGURES[number] = measure
        return measure

    return register


def compare(
    name: str,
    numerator: Work,
    denominator: Work,
    *,
    limit: float,
    at_least: bool = False,
    rounds: int = 11,
    clock: Clock = time.process_time,
) -> Result:
    """Measure numerator / denominator in CPU time of this process, over so many paired rounds.

    Each is called before, so that caches are warm, and then often enough a sample for the clock to be read
    well. The numerator stands between its two denominators, so that what drifts in a round favours neither.
    """
    above, below = _repeats(numerator, clock), _repeats(denominator, clock)
    ratios, controls = [], []
    with _collected_by_hand():
        for _ in range(rounds):
            turns = [(denominator, below), (numerator, above), (denominator, below)]
            first, middle, last = (_sample(work, times, clock) for work, times in turns)
            ratios.append(2 * middle / (first + last))
            controls.append(last / first)
    return Result(name, median(ratios), limit, at_least, median(controls))


def count(name: str, value: float, *, limit: float, at_least: bool = False) -> Result:
    """Give the result of a figure that needs no clock: a ratio of steps, of bytes, of statements."""
    return Result(name, value, limit, at_least)


def _sample(work: Work, times: int, clock: Clock) -> float:
    gc.collect()
    started = clock()
    for _ in range(times):
        work()
    return (clock() - started) / times


def _repeats(work: Work, clock: Clock) -> int:
    """Give how many calls make a sample that the clock reads well."""
    work()
    once = _sample(work, 1, clock)
    if once <= 0:
        return MOST_REPEATS
    return min(MOST_REPEATS, max(1, math.ceil(SHORTEST_SAMPLE / once)))


@contextmanager
def _collected_by_hand() -> Iterator[None]:
    """Keep the garbage collector from running inside one sample and not in its pair."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def row(number: int, result: Result) -> str:
    """Give one figure as a line of the table."""
    control = "count" if result.control is None else f"{result.control:.3f}"
    bound = ("at least " if result.at_least else "at most ") + f"{result.limit:g}"
    return f"{number:>3}  {result.name:<64} {result.ratio:>9.3f}  {bound:<14} {control:>7}  {result.verdict}"


HEADING = f"{'No':>3}  {'What':<64} {'Ratio':>9}  {'Limit':<14} {'Control':>7}  Verdict"


def run(numbers: Iterable[int], say: Callable[[str], None] = print) -> int:
    """Measure these figures, say each as a row, and give the exit code: 1 when one is outside its limit.

    Raises KeyError for a number that nothing measures.
    """
    say(HEADING)
    results: list[Result] = []
    for number in numbers:
        measured = FIGURES[number]()
        for result in [measured] if isinstance(measured, Result) else measured:
            results.append(result)
            say(row(number, result))
    unjudged = sum(not result.judged for result in results)
    if unjudged:
        say(f"{unjudged} not judged: run again when the machine is quieter.")
    return 1 if any(result.failed for result in results) else 0
