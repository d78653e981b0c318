"""After the meeting each agency has its own actions, and nobody else’s, as a page and as Word."""

import io
from datetime import date

import pytest
from docx import Document
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.actions.service import propose
from meetings_app.meetings.closing import close_meeting
from meetings_app.ratings.models import RiskRating
from tests.support.browsing import browser, text_of
from tests.support.rmm import OFFICE, Rmm, due, rated, rmm
from tests.support.world import NOW

ACTIONS = {"police": "Canarypolice", "health": "Canaryhealth"}


@pytest.fixture
def given(session: Session) -> Rmm:
    """A closed meeting that gave one action to the police and one to health."""
    day = rmm(session)
    child = due(session, name="Canaryname McExample")
    day.open()
    day.decide(child, rated(session, RiskRating.HIGH))
    for who, word in ACTIONS.items():
        person = getattr(day.world, who)
        propose(
            session, day.act("chair_cs"), NOW, day.meeting, child, word, person.agency_id, person.key, date(2026, 12, 4)
        )
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    return day


def words_of(document: bytes) -> str:
    opened = Document(io.BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def test_an_agency_gets_its_own_actions_and_no_others(app: Flask, given: Rmm, session: Session) -> None:
    at = f"/meetings/{given.meeting.reference}/actions"
    session.commit()
    session.close()
    for who, word in ACTIONS.items():
        client = browser(app, who)
        others = set(ACTIONS.values()) - {word}
        document = client.get(f"{at}.docx")
        assert document.headers["Content-Disposition"].endswith(f'{given.meeting.reference}-actions-{who}.docx"')
        for said in (text_of(client, at), words_of(document.get_data())):
            assert word in said
            assert not any(other in said for other in others)
            assert "Canaryname" not in said
        other = next(name for name in ACTIONS if name != who)
        assert client.get(f"{at}?agency={other}").status_code == 404
        assert client.get(f"{at}.docx?agency={other}").status_code == 404


def test_whoever_records_the_meeting_reads_every_list(app: Flask, given: Rmm, session: Session) -> None:
    at = f"/meetings/{given.meeting.reference}/actions"
    session.commit()
    session.close()
    coordinator = browser(app, "coordinator")
    for who, word in ACTIONS.items():
        assert word in text_of(coordinator, f"{at}?agency={who}")
    assert "The meeting gave this agency no action." in text_of(coordinator, f"{at}?agency=education")
    assert coordinator.get(f"{at}?agency=nobody").status_code == 404


def test_there_is_no_list_before_the_meeting_closes(app: Flask, session: Session) -> None:
    day = rmm(session)
    due(session)
    day.open()
    at = f"/meetings/{day.meeting.reference}/actions"
    session.commit()
    session.close()
    assert browser(app, "coordinator").get(at).status_code == 404
    assert browser(app, "police").get(f"{at}.docx").status_code == 404
