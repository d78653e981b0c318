"""Which of several processes runs which test: what is dear to set up is set up in one of them only."""

from pathlib import PurePath

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/browser", "tests/demo")
"""Folders whose tests share a fictional county or a browser: one process runs them all."""

FIRST = (*TOGETHER, "tests/nothing_falls_off", "tests/whole")
"""Folders that take long: they are begun first, so that no process ends long after the others."""


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Gives each process whole files, in the order of the tests."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return next((folder for folder in TOGETHER if path.startswith(f"{folder}/")), path)


def long_ones_first(items: list[pytest.Item]) -> None:
    """Move the tests of the folders that take long to the beginning; the others keep their order."""

    def place(item: pytest.Item) -> int:
        path = PurePath(item.nodeid.partition("::")[0])
        return next((number for number, folder in enumerate(FIRST) if path.is_relative_to(folder)), len(FIRST))

    items.sort(key=place)
