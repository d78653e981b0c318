"""Triage from the command line: all or none, one line a problem, one JSON document."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.app import Service
from meetings_app.audit.models import AuditEvent
from meetings_app.cli import RunningProgram, meetings
from meetings_app.config import Settings
from meetings_app.db.session import reading
from meetings_app.errors import DomainError
from meetings_app.partnership import load
from meetings_app.permissions import OPERATOR
from meetings_app.referrals.models import Referral, ReferralState
from meetings_app.resources import folder
from tests.support.children import add_child
from tests.support.referrals import refer
from tests.support.world import NOW

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, sessions: sessionmaker[Session], engines: dict[str, sa.Engine], database: str) -> Run:
    """Runs `meetings referrals …` on the test's database."""
    program = RunningProgram(settings)
    program.__dict__["service"] = Service(settings, load(folder("agendas")), engines[database], sessions)
    program.__dict__["sessions"] = sessions

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(meetings, ["referrals", *arguments], obj=program)

    return invoke


@pytest.fixture
def references(session: Session) -> list[str]:
    """Three referrals: one of now, one three days old, and an urgent one of the North West."""
    older = refer(session, add_child(session, "Zoë O’Example"), received_at=NOW - timedelta(days=3))
    made = [refer(session), older, refer(session, add_child(session, area="NW"), urgent=True)]
    session.commit()
    found = [referral.reference for referral in made]
    session.close()
    return found


def states(sessions: sessionmaker[Session]) -> set[ReferralState]:
    """Give in which states the referrals are."""
    with reading(sessions, OPERATOR) as session:
        return set(session.scalars(select(col(Referral.state))))


def test_accepts_all_that_are_named(run: Run, references: list[str], sessions: sessionmaker[Session]) -> None:
    result = run("accept", *references, references[0].lower(), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"accepted": sorted(references), "refused": []}
    assert states(sessions) == {ReferralState.ACCEPTED}
    with reading(sessions, OPERATOR) as session:
        ran = session.scalars(select(AuditEvent).where(col(AuditEvent.kind) == "command_run")).one()
        assert ran.facts == {"command": "referrals accept"}


def test_accepts_none_where_one_cannot_be(run: Run, references: list[str], sessions: sessionmaker[Session]) -> None:
    assert run("accept", references[0]).exit_code == 0
    result = run("accept", *references, "R-NONE1", "--json")
    assert isinstance(result.exception, DomainError)
    assert sorted(result.exception.message.splitlines()) == sorted(
        [
            f"{references[0]}: cannot be accepted, it stands as: Accepted for the next RMM",
            "R-NONE1: there is no such referral",
        ]
    )
    said = json.loads(result.stdout)
    assert said["accepted"] == []
    assert {each["reference"] for each in said["refused"]} == {references[0], "R-NONE1"}
    assert states(sessions) == {ReferralState.ACCEPTED, ReferralState.RECEIVED}


def test_says_how_it_is_used(run: Run, references: list[str], sessions: sessionmaker[Session]) -> None:
    assert run("accept").exit_code == 2
    assert run("list", "--show", "nonsense").exit_code == 2
    refused = run("list", "--area", "XX").exception
    assert isinstance(refused, DomainError)
    assert "The areas are: NE, NW, SE, SW." in refused.message
    assert len(references) == 3
    assert states(sessions) == {ReferralState.RECEIVED}


def test_lists_what_waits_urgent_first_then_oldest(run: Run, references: list[str]) -> None:
    newest, oldest, urgent = references
    rows = json.loads(run("list", "--json").stdout)["referrals"]
    assert [row["referral"] for row in rows] == [urgent, oldest, newest]
    assert rows[1]["name"] == "Zoë O’Example"
    assert (rows[1]["age_days"], rows[1]["area"], rows[1]["agency"]) == (3, "NE", "police")
    said = run("list", "--area", "nw").stdout
    assert urgent in said
    assert newest not in said
