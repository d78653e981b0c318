"""Builders of uploads, and the program's commands run on the database of a test."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import Workbook
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.app import Service
from meetings_app.cli import RunningProgram, meetings
from meetings_app.config import Settings
from meetings_app.errors import MeetingsError
from meetings_app.partnership import load
from meetings_app.resources import folder
from meetings_app.schedule.office import Office

HEADINGS = ("name", "date_of_birth", "area", "rating", "listed_on", "lead_agency", "next_review")
REFERRAL_HEADINGS = ("name", "date_of_birth", "area", "agency", "referrer", "received_on", "reason")


def workbook(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Give an .xlsx file."""
    book = Workbook()
    sheet: Any = book.active
    for row in [list(headings), *(list(row) for row in rows)]:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def list_row(name: str, born: str = "05/01/2011", area: str = "NE", **more: Any) -> list[Any]:
    """Give a row under `HEADINGS`."""
    values = {"rating": "high", "listed_on": "02/11/2026", "lead_agency": "police", "next_review": "08/12/2026", **more}
    return [name, born, area, *(values[heading] for heading in HEADINGS[3:])]


def referral_row(name: str, born: str = "05/01/2011", area: str = "NE", **more: Any) -> list[Any]:
    """Give a row under `REFERRAL_HEADINGS`."""
    values = {
        "agency": "police", "referrer": "Pat Invented", "received_on": "18/11/2026", "reason": "An invented reason",
        **more,
    }  # fmt: skip
    return [name, born, area, *(values[heading] for heading in REFERRAL_HEADINGS[3:])]


def the_list(*rows: list[Any]) -> bytes:
    """Give a file of the list."""
    return workbook(HEADINGS, rows)


def the_referrals(*rows: list[Any]) -> bytes:
    """Give a file of referrals."""
    return workbook(REFERRAL_HEADINGS, rows)


def office(settings: Settings) -> Office:
    """Give the partnership that ships."""
    return Office.of(settings, load(folder("agendas")))


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str


class Commands:
    """Runs `meetings …` on the database of a test, as the operator of the machine would."""

    def __init__(
        self,
        settings: Settings,
        engine: sa.Engine,
        sessions: sessionmaker[Session],
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self._program = RunningProgram(settings)
        self._program.__dict__["service"] = Service(settings, load(folder("agendas")), engine, sessions)
        self._program.__dict__["sessions"] = sessions
        self._capsys = capsys

    def run(self, *arguments: str) -> Said:
        """Run one command and give its exit code and what it said."""
        self._capsys.readouterr()
        try:
            code = meetings.main(list(arguments), obj=self._program, standalone_mode=False)
        except MeetingsError as problem:
            code, message = 1, problem.message
            return Said(code, self._capsys.readouterr().out, message)
        said = self._capsys.readouterr()
        return Said(code if isinstance(code, int) else 0, said.out, said.err)
