"""`python -m benchmarks [numbers…]`: measures the speed figures, all of them or those named."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence

import benchmarks
from benchmarks import harness


def load() -> None:
    """Import every module beside this one, so that each registers the figures it measures."""
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name != "__main__":
            importlib.import_module(f"benchmarks.{module.name}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the figures asked for and give the exit code; 2 when there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the speed figures.")
    parser.add_argument("numbers", nargs="*", type=int, help="the figures to measure (all of them if none)")
    wanted = parser.parse_args(arguments).numbers
    load()
    unknown = [str(number) for number in wanted if number not in harness.FIGURES]
    if unknown or not harness.FIGURES:
        known = ", ".join(str(number) for number in sorted(harness.FIGURES)) or "none yet"
        asked = f"figure {', '.join(unknown)}" if unknown else "any figure"
        print(f"Nothing measures {asked}. Measured: {known}.", file=sys.stderr)
        return 2
    return harness.run(wanted or sorted(harness.FIGURES))


if __name__ == "__main__":
    sys.exit(main())
