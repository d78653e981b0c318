"""Says plainly what this machine lacks for the tests, and how to install it; exit 1 if anything is missing.

Written in the Python that old machines have, and importing nothing but the standard library at the top,
because it is what tells people that their Python is too old.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Lack(NamedTuple):
    """One thing that is missing, and the command that installs it."""

    what: str
    install: str


MINIMUM_PYTHON = (3, 11)
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
OFFICES = ("soffice", "libreoffice")
DEFAULT_POSTGRESQL = "postgresql:///postgres"
FONTS = (
    ("DejaVu Sans", "fonts-dejavu"),
    ("Liberation Sans", "fonts-liberation"),
    ("Noto Sans Arabic", "fonts-noto-core"),
    ("Noto Sans CJK", "fonts-noto-cjk"),
    ("Noto Color Emoji", "fonts-noto-color-emoji"),
)


def lacking_python(version: Sequence[int | str]) -> list[Lack]:
    """Give what to say when this Python is older than the product takes, or cannot make environments."""
    if tuple(version[:2]) < MINIMUM_PYTHON:
        found = ".".join(str(part) for part in version[:3])
        return [
            Lack(
                "Python 3.11 or later (this one is " + found + ")",
                "sudo apt install python3.11 python3.11-venv, then make PYTHON=python3.11 …",
            )
        ]
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return [Lack("Python's venv module", "sudo apt install python3-venv")]
    return []


def lacking_program(what: str, names: Iterable[str], package: str) -> list[Lack]:
    """Give what to say when none of these programs is on the PATH."""
    if any(shutil.which(name) for name in names):
        return []
    return [Lack(what, "sudo apt install " + package)]


def lacking_fonts(families: str) -> list[Lack]:
    """Give the fonts not among these installed families; the pages and documents are looked at with them."""
    return [Lack("the font " + font, "sudo apt install " + package) for font, package in FONTS if font not in families]


def font_families() -> str:
    """Give the installed font families as one text, empty when fontconfig is not there to ask."""
    if not shutil.which("fc-list"):
        return ""
    return subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout


def lacking_postgresql(addresses: Iterable[str]) -> list[Lack]:
    """Give what to say when none of these servers answers and lets this account create databases."""
    import psycopg

    problem = "PostgreSQL (none answers)"
    for address in addresses:
        try:
            with psycopg.connect(address, connect_timeout=5) as connection:
                row = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.OperationalError:
            continue
        if row and row[0]:
            return []
        problem = "a PostgreSQL account that may create databases"
    return [
        Lack(
            problem,
            "sudo apt install postgresql && sudo service postgresql start"
            ' && sudo -u postgres createuser --superuser "$USER"'
            "\n      or set MEETINGS_TEST_POSTGRESQL_URL to a server where databases may be created",
        )
    ]


def postgresql_addresses(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Give the servers to try: the one the environment names, else the local one, as psycopg writes them."""
    named = environment.get("MEETINGS_TEST_POSTGRESQL_URL")
    if named:
        return (named.replace("postgresql+psycopg://", "postgresql://", 1),)
    return (DEFAULT_POSTGRESQL,)


def lacking_for_tests() -> list[Lack]:
    """Give everything the tests need that this machine lacks."""
    return [
        *lacking_program("Chromium", BROWSERS, "chromium-headless-shell"),
        *lacking_program("LibreOffice Writer", OFFICES, "libreoffice-writer-nogui"),
        *lacking_program("pdftotext", ["pdftotext"], "poppler-utils"),
        *lacking_program("fc-list", ["fc-list"], "fontconfig"),
        *lacking_fonts(font_families()),
        *lacking_postgresql(postgresql_addresses(os.environ)),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is missing and give the exit code."""
    parser = argparse.ArgumentParser(description="Say what this machine lacks, and how to install it.")
    parser.add_argument("what", nargs="?", choices=("python", "tests"), default="tests")
    wanted = parser.parse_args(arguments).what
    missing = lacking_python(sys.version_info)
    if wanted == "tests" and not missing:
        missing = lacking_for_tests()
    for lack in missing:
        print("Missing: " + lack.what + "\n      " + lack.install, file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
