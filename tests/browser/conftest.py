"""Chromium, and the fictional county served to it, once for all tests of pages."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.notices.mail_servers import free_port
from tests.support.journey import Installation, answers, wait_until
from tests.support.person import PASSWORD

# The first is Chromium without its windows, which costs a third; any of them does.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
MOMENT = datetime.fromisoformat("2026-11-24T10:05:00+00:00")
"""The Tuesday on which the county's meetings are held."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    assert path, "Chromium is missing: install it (apt-get install chromium-headless-shell)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the fictional county as `make demo` builds it, which nobody changes."""
    place = county_in(tmp_path_factory.mktemp("built"))
    place.run("demo", "--no-serve")
    return place.folder / "demo.db"


def county_in(folder: Path) -> Installation:
    """Give an installation of the fictional county in a folder, on the day of its meetings."""
    return Installation(folder, f"sqlite:///{folder / 'demo.db'}", MOMENT, {"MEETINGS_DEMO_PASSWORD": PASSWORD})


def copied(built: Path, folder: Path) -> Installation:
    """Give an installation with a county of its own, which may be changed."""
    shutil.copytree(built.parent, folder, ignore=shutil.ignore_patterns("demo.db*"), dirs_exist_ok=True)
    with closing(sqlite3.connect(built)) as source, closing(sqlite3.connect(folder / "demo.db")) as copy:
        source.backup(copy)
    return county_in(folder)


@pytest.fixture(scope="session")
def county(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the fictional county, served as `make demo` serves it."""
    place, port = copied(built, tmp_path_factory.mktemp("county")), free_port()
    with place.running("demo", "--port", port) as process:
        base = f"http://127.0.0.1:{port}"
        wait_until(lambda: process.poll() is None and answers(f"{base}/healthz"))
        yield base


@pytest.fixture(autouse=True)
def closed_windows(request: pytest.FixtureRequest) -> Iterator[None]:
    """Close what a test opened: a page of a meeting asks for what is new for as long as it is open."""
    if "chromium" not in request.fixturenames:
        yield
        return
    browser: Browser = request.getfixturevalue("chromium")
    before = list(browser.contexts)
    yield
    for context in browser.contexts:
        if context not in before:
            context.close()
