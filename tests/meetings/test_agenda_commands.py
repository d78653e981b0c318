"""`meetings agenda` and `meetings minutes`, as another program calls them."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from docx import Document
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.app import Service
from meetings_app.cli import RunningProgram, meetings
from meetings_app.config import Settings
from meetings_app.meetings.closing import close_meeting
from meetings_app.partnership import load
from meetings_app.ratings.models import RiskRating
from meetings_app.resources import folder
from tests.support.children import put_on_list
from tests.support.rmm import OFFICE, Rmm, child_of, deferred, due, rated, referred, rmm
from tests.support.world import NOW

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, sessions: sessionmaker[Session], engines: dict[str, sa.Engine], database: str) -> Run:
    program = RunningProgram(settings)
    program.__dict__["service"] = Service(settings, load(folder("agendas")), engines[database], sessions)
    program.__dict__["sessions"] = sessions

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(meetings, list(arguments), obj=program)

    return invoke


def words_of(path: Path) -> str:
    opened = Document(io.BytesIO(path.read_bytes()))
    words = {"br": " ", "tab": " ", "p": " "}
    pieces = []
    for element in opened.element.body.iter():
        kind = element.tag.rpartition("}")[2]
        pieces.append((element.text or "") if kind == "t" else words.get(kind, ""))
    return " ".join("".join(pieces).split())


def agenda(run: Run, day: Rmm) -> dict[str, Any]:
    answer = run("agenda", day.meeting.reference, "--json")
    assert answer.exit_code == 0, answer.output
    said: dict[str, Any] = json.loads(answer.output)
    return said


def test_the_agenda_as_json_keeps_the_contract_before_and_after_publishing(session: Session, run: Run) -> None:
    day = rmm(session)
    referral, review = referred(session), due(session, RiskRating.HIGH)
    later = child_of(session, put_on_list(session, review_on=day.later[1].held_on))
    session.commit()
    before = agenda(run, day)
    assert before["meeting"] == {
        "ref": day.meeting.reference, "type": "rmm", "area": "NE", "starts_at": "2026-11-24T10:00:00+00:00",
        "minutes": 120, "status": "announced",
    }  # fmt: skip
    items = {item["child"]: item for section in before["sections"] for item in section["items"]}
    assert set(items) == {referral.reference, review.reference}
    assert items[referral.reference]["reasons"] == [
        {"code": "new_referral", "text": "New referral received 18 November 2026"}
    ]
    assert (items[review.reference]["rating"], items[referral.reference]["rating"]) == ("high", None)
    assert (before["minutes_needed"], before["minutes_available"]) == (25, 120)
    assert before["not_on_agenda"] == [
        {"child": later.reference, "why": f"review due 8 December 2026, at {day.later[1].reference}"}
    ]
    day.publish()
    session.commit()
    after = agenda(run, day)
    assert after["meeting"]["status"] == "published"
    assert after["sections"] == before["sections"]
    assert after["not_on_agenda"] == before["not_on_agenda"]


def test_the_chairs_copy_has_the_history_and_the_members_copy_has_not(
    session: Session, run: Run, tmp_path: Path
) -> None:
    day = rmm(session)
    child = due(session, RiskRating.HIGH, born=NOW.date().replace(year=2010))
    session.commit()
    for name, more in (("members", ()), ("chair", ("--chair",))):
        answer = run("agenda", day.meeting.reference, "--word", str(tmp_path / f"{name}.docx"), *more)
        assert answer.exit_code == 0, answer.output
    members, chair = words_of(tmp_path / "members.docx"), words_of(tmp_path / "chair.docx")
    assert child.reference in members
    assert "High, decided 2 November 2026" in chair
    assert "High, decided 2 November 2026" not in members


def test_a_part_of_the_agenda_without_a_child_says_so(session: Session, run: Run, tmp_path: Path) -> None:
    day = rmm(session)
    due(session)
    session.commit()
    answer = run("agenda", day.meeting.reference, "--word", str(tmp_path / "agenda.docx"))
    assert answer.exit_code == 0, answer.output
    said = words_of(tmp_path / "agenda.docx")
    assert "4. New referrals No child. 5. Overdue actions No child. 6. Reviews No. Child Age" in said
    assert "9. Referrals onward 10. Changes to the list" in said
    assert said.endswith("13. Late items No child.")


@pytest.fixture
def held(session: Session) -> Rmm:
    day = rmm(session)
    first, second = due(session, name="Testy O’Malley-Example"), referred(session, name="Sample Person")
    day.open()
    day.decide(first, rated(session, RiskRating.HIGH, discussion="Testy O’Malley-Example said so; so did Testy."))
    day.decide(second, deferred(session, reason="A report about Sample is missing"))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    session.commit()
    day.children = (first, second)  # type: ignore[attr-defined]
    return day


@pytest.mark.parametrize(
    ("audience", "there", "missing"),
    [
        ("full", ["DRAFT", "Testy O’Malley-Example said so", "A report about Sample is missing"], []),
        ("anonymised", ["DRAFT", "An invented rationale."], ["O’Malley", "Testy said", "Sample"]),
        ("agency:childrens-services", ["Testy O’Malley-Example said so"], ["A report about Sample"]),
        ("child:FIRST", ["Testy O’Malley-Example said so"], ["A report about Sample", "SECOND"]),
    ],
)
def test_minutes_for_an_audience_say_what_it_may_read_and_no_more(
    held: Rmm, run: Run, tmp_path: Path, audience: str, there: list[str], missing: list[str]
) -> None:
    first, second = held.children  # type: ignore[attr-defined]
    path = tmp_path / "minutes.docx"
    wanted = audience.replace("FIRST", first.reference)
    answer = run("minutes", held.meeting.reference, "--word", str(path), "--audience", wanted)
    assert answer.exit_code == 0, answer.output
    text = words_of(path)
    for said in there:
        assert said in text
    for hidden in missing:
        assert hidden.replace("SECOND", second.reference) not in text


@pytest.mark.parametrize("audience", ["everybody", "child:C-NOBOD", "agency:nobody", "full:x"])
def test_an_audience_that_does_not_exist_is_refused(held: Rmm, run: Run, tmp_path: Path, audience: str) -> None:
    answer = run("minutes", held.meeting.reference, "--word", str(tmp_path / "m.docx"), "--audience", audience)
    assert answer.exit_code != 0
    assert not (tmp_path / "m.docx").exists()


def test_minutes_before_the_meeting_is_closed_are_refused(session: Session, run: Run, tmp_path: Path) -> None:
    day = rmm(session)
    session.commit()
    answer = run("minutes", day.meeting.reference, "--word", str(tmp_path / "m.docx"))
    assert answer.exit_code != 0
    assert run("agenda", "RMM-NE-1999-W01").exit_code != 0
