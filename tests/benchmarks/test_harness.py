"""The benchmark harness, fed a clock of its own: what it measures, when it judges, what it says."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest

from benchmarks import __main__ as command
from benchmarks import harness
from benchmarks.harness import Result, compare, count, figure, run


class Bench:
    """A clock that only moves when work is done, by as much as each piece of work is said to cost."""

    def __init__(self) -> None:
        self.now = 0.0
        self.done: list[str] = []

    def clock(self) -> float:
        return self.now

    def work(self, name: str, *costs: float) -> Callable[[], None]:
        """Work that costs these seconds in turn, and the last of them ever after."""
        left = list(costs)

        def do() -> None:
            self.done.append(name)
            self.now += left.pop(0) if len(left) > 1 else left[0]

        return do


@pytest.fixture(autouse=True)
def little_to_collect() -> None:
    """Before each sample garbage is collected; what the other tests left would be looked through every time."""
    gc.freeze()


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty register, given back afterwards."""
    monkeypatch.setattr(harness, "FIGURES", {})


def test_the_ratio_is_numerator_over_denominator() -> None:
    bench = Bench()
    result = compare("x", bench.work("n", 6.0), bench.work("d", 2.0), limit=4, clock=bench.clock)
    assert result == Result("x", 3.0, 4, False, 1.0)


def test_the_ratio_is_the_same_whatever_number_of_calls_makes_a_sample() -> None:
    bench = Bench()
    result = compare("x", bench.work("n", 0.5), bench.work("d", 0.001), limit=1000, clock=bench.clock)
    assert result.ratio == pytest.approx(500)
    assert bench.done.count("d") > 2 * bench.done.count("n")


def test_the_variants_take_turns() -> None:
    bench = Bench()
    compare("x", bench.work("n", 1.0), bench.work("d", 1.0), limit=1, rounds=3, clock=bench.clock)
    assert bench.done[4:] == ["d", "n", "d"] * 3


def test_one_disturbed_round_does_not_change_the_median() -> None:
    bench = Bench()
    numerator = bench.work("n", 2.0, 2.0, 2.0, 90.0, 2.0)
    result = compare("x", numerator, bench.work("d", 1.0), limit=3, rounds=5, clock=bench.clock)
    assert result.ratio == 2.0


def test_drift_within_a_round_favours_neither_side() -> None:
    bench = Bench()
    denominator = bench.work("d", 1.0, 1.0, 1.0, 1.04)
    result = compare("x", bench.work("n", 1.02), denominator, limit=2, rounds=1, clock=bench.clock)
    assert result.ratio == pytest.approx(1.0)
    assert result.control == pytest.approx(1.04)


@pytest.mark.parametrize(
    ("control", "judged"),
    [(0.929, False), (0.93, True), (1.0, True), (1.07, True), (1.071, False), (float("nan"), False)],
)
def test_a_figure_is_judged_only_when_the_control_is_near_one(control: float, judged: bool) -> None:
    result = Result("x", 9.0, 2.0, control=control)
    assert result.judged is judged
    assert result.failed is judged
    assert result.verdict == ("over its limit" if judged else "noisy, not judged")


def test_a_machine_that_slows_down_during_every_round_is_noisy() -> None:
    bench = Bench()
    denominator = bench.work("d", 1.0, 1.0, *[1.0, 1.2] * 11)
    result = compare("x", bench.work("n", 50.0), denominator, limit=2, clock=bench.clock)
    assert result.verdict == "noisy, not judged"


@pytest.mark.parametrize(
    ("ratio", "at_least", "verdict"),
    [
        (2.0, False, "holds"),
        (2.001, False, "over its limit"),
        (float("nan"), False, "over its limit"),
        (2.0, True, "holds"),
        (1.999, True, "under its limit"),
        (float("nan"), True, "under its limit"),
    ],
)
def test_the_limit_itself_holds(ratio: float, at_least: bool, verdict: str) -> None:
    assert count("x", ratio, limit=2.0, at_least=at_least).verdict == verdict


def test_garbage_is_not_collected_inside_a_sample_and_is_again_afterwards() -> None:
    bench = Bench()
    seen: list[bool] = []

    def numerator() -> None:
        seen.append(gc.isenabled())
        bench.now += 1.0

    compare("x", numerator, bench.work("d", 1.0), limit=1, rounds=2, clock=bench.clock)
    assert seen[-2:] == [False, False]
    assert gc.isenabled()


def test_garbage_collection_comes_back_when_the_work_fails() -> None:
    bench = Bench()
    costs = [1.0, 1.0]

    def fails_in_the_end() -> None:
        bench.now += costs.pop()

    with pytest.raises(IndexError):
        compare("x", fails_in_the_end, bench.work("d", 1.0), limit=1, clock=bench.clock)
    assert gc.isenabled()


@pytest.mark.usefixtures("no_figures")
def test_a_run_says_a_row_a_figure_and_fails_when_one_is_over_its_limit() -> None:
    figure(3)(lambda: count("steps of the list", 1.01, limit=1.02))
    figure(4)(lambda: [count("four agendas", 20, limit=100, at_least=True), count("entities", 21, limit=20)])
    said: list[str] = []
    assert run([3, 4], said.append) == 1
    assert [line.split()[0] for line in said] == ["No", "3", "4", "4"]
    assert "steps of the list" in said[1]
    assert said[1].endswith("holds")
    assert said[2].endswith("under its limit")
    assert "at least 100" in said[2]
    assert said[3].endswith("over its limit")


@pytest.mark.usefixtures("no_figures")
def test_a_run_in_which_everything_holds_succeeds() -> None:
    figure(1)(lambda: count("x", 1.0, limit=2.0))
    assert run([1], lambda line: None) == 0


@pytest.mark.usefixtures("no_figures")
def test_a_noisy_figure_fails_nothing_but_is_said() -> None:
    figure(1)(lambda: Result("x", 9.0, 2.0, control=1.5))
    said: list[str] = []
    assert run([1], said.append) == 0
    assert said[-1] == "1 not judged: run again when the machine is quieter."


@pytest.mark.usefixtures("no_figures")
def test_a_number_is_measured_once() -> None:
    figure(1)(lambda: count("x", 1.0, limit=2.0))
    with pytest.raises(ValueError, match="Figure 1 is measured twice"):
        figure(1)(lambda: count("y", 1.0, limit=2.0))


@pytest.mark.usefixtures("no_figures")
def test_a_number_that_nothing_measures_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "load", lambda: None)
    figure(1)(lambda: count("x", 1.0, limit=2.0))
    assert command.main(["1", "99"]) == 2
    assert "figure 99. Measured: 1." in capsys.readouterr().err


@pytest.mark.usefixtures("no_figures")
def test_a_run_that_measures_nothing_is_no_success(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "load", lambda: None)
    assert command.main([]) == 2
    assert "Nothing measures any figure" in capsys.readouterr().err
