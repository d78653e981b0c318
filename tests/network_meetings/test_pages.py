"""The pages of a network meeting, as its chair and its members use them, without a script."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from tests.support.browsing import browser
from tests.support.meetings import series
from tests.support.network_meetings import NetworkDay, Tangled, network_day, tangled
from tests.support.networks import refer
from tests.support.sent_forms import form_to
from tests.support.world import send

Post = Callable[..., Any]


@pytest.fixture
def day(session: Session) -> NetworkDay:
    return network_day(session)


@pytest.fixture
def known(session: Session, day: NetworkDay) -> Tangled:
    made = tangled(session)
    refer(session)
    series(session)
    session.commit()
    return made


class Chair:
    """The network chair at the pages of the first meeting."""

    def __init__(self, client: FlaskClient, reference: str) -> None:
        self.client, self.here = client, f"/networks/meetings/{reference}"

    def get(self, page: str = "", status: int = 200) -> str:
        answer = self.client.get(self.here + page)
        assert answer.status_code == status, (page, answer.status_code)
        return str(answer.text)

    def post(self, page: str, status: Any = 302, shown: Any = None, **values: Any) -> str:
        form = self.get(shown if shown is not None else page)
        hidden = dict(re.findall(r'name="(csrf_token|version|seen)"[^>]*value="([^"]*)"', form))
        answer = self.client.post(self.here + page, data={**hidden, **values})
        assert answer.status_code == status, (page, answer.status_code, re.sub(r"<[^>]+>", " ", answer.text)[:2000])
        return str(answer.text)


def test_a_network_meeting_is_held_through_its_pages(app: Flask, day: NetworkDay, known: Tangled) -> None:
    chair = Chair(browser(app, "chair-police"), day.first.reference)
    child, network = known.children[0].reference, known.network.reference
    names = {account.name: str(account.key) for account in (day.people.coordinator, day.people.police)}
    assert network in chair.get()
    chair.post("/publish")
    assert "Item 4.1" not in chair.get("/items/4.1", 404)
    early = chair.post("/record/start", 400, shown="/record", read_by="Testy McChair")
    assert "This meeting is planned for 2 December 2026. Choose to start it today, or wait" in early
    chair.post("/record/start", shown="/record", read_by="Testy McChair", early="y")
    there = {f"presence-{account.key}": "present" for account in (day.chair_account, day.people.coordinator)}
    chair.post("/attendance", members="1", **there)
    assert "There is a quorum" in chair.get("/items/4.2")
    refused = chair.post("/items/4.2", 400, outcome="continues", discussion="Invented words that stay")
    assert "Enter why the meeting decides this" in refused
    assert "Invented words that stay" in refused
    chair.post("/items/4.2", outcome="continues", discussion="Invented.", rationale="Invented reason.")
    values = {"what": "Visit", "owner": names[day.people.police.name], "about": str(known.suspect.key)}
    chair.post("/items/4.2/actions", shown="/items/4.2", due_on="16/12/2026", **values)
    chair.post(f"/items/4.2/children/{child}", kind="item", text="Invented: seen near the school")
    chair.get(f"/items/4.2/children/{child.replace('C-', 'C-9')}", 404)
    assert "nothing is decided" in chair.get("/close")
    chair.post("/items/4.1", outcome="taken_up", network_name="Invented Amber", rationale="Invented.")
    chair.post("/close")
    assert "Continues, heard again" in chair.get()
    assert "Invented reason." in chair.get("/minutes")
    reader = browser(app, "coordinator")
    assert reader.get(f"{chair.here}/minutes").status_code == 404
    assert "once the draft is issued" in reader.get(chair.here).text
    assert "This draft was not issued yet" in chair.get("/minutes")
    chair.post("/minutes/issue", shown="/minutes")
    assert "audience=agency:health" not in reader.get(f"{chair.here}/minutes").text
    assert reader.get(f"{chair.here}/minutes.docx?audience=agency:health").status_code == 404
    chair.post("/minutes/items/4.2", discussion="Invented, put right.", rationale="Invented reason.", reason="A slip")
    assert "Invented, put right." in chair.get("/minutes")
    for document in ("/minutes.docx", "/agenda.docx"):
        assert chair.client.get(chair.here + document).data[:2] == b"PK"
    police = browser(app, "police").get("/networks/actions").text
    assert "Visit" in police
    coordinator = browser(app, "coordinator")
    assert "Visit" not in coordinator.get("/networks/actions").text
    assert coordinator.get(chair.here).status_code == 200
    assert coordinator.get(f"{chair.here}/record").status_code == 404
    assert "Invented: seen near the school" in coordinator.get("/meetings/RMM-NE-2026-W48/agenda").text


def test_the_second_saver_of_the_attendance_sees_both_and_loses_nothing(
    app: Flask, day: NetworkDay, known: Tangled
) -> None:
    first, second = (Chair(browser(app, "chair-police"), day.first.reference) for _window in range(2))
    key = day.people.police.key
    first.post("/publish")
    first.post("/record/start", shown="/record", read_by="Testy McChair", early="y")
    opened = dict(re.findall(r'name="(seen)"[^>]*value="([^"]*)"', second.get("/attendance")))
    first.post("/attendance", members="1", **{f"presence-{key}": "apologies"})
    choice = {"members": "1", f"presence-{key}": "report_only"}
    page = second.post("/attendance", 409, **opened, **choice)
    told = page.partition("<table")[0]
    assert "Somebody else saved the attendance after you opened it" in told
    assert "Apologies" in told
    assert "Report only" in told
    assert 'value="report_only" selected' in page
    second.post("/attendance", **choice)


def test_of_what_is_still_open_two_who_save_see_both_and_the_trail_names_the_record(
    app: Flask, session: Session, day: NetworkDay, known: Tangled
) -> None:
    chair, page = Chair(browser(app, "chair-police"), day.first.reference), "/items/4.2/still-open"
    chair.post("/publish")
    chair.post("/record/start", shown="/record", read_by="Testy McChair", early="y")
    hows = sorted(set(re.findall(r'name="(how_\w+)"', chair.get(page))))
    goes_on, why = dict.fromkeys(hows, "on"), hows[0].replace("how_", "why_")
    chair.post(page, **{**goes_on, why: "Invented: it goes on."})
    mine = {**goes_on, hows[0]: "ends", why: "Invented: it is over."}
    refused = chair.post(page, 400, **{**mine, "version": "0"})
    assert "Somebody saved this item after you opened this page" in refused
    assert "goes on. Invented: it goes on." in refused
    assert "Invented: it is over." in refused
    chair.post(page, **mine)
    viewed = session.scalars(select(AuditEvent).where(col(AuditEvent.kind) == "subject_viewed")).all()
    assert viewed
    assert {event.facts["subject"] for event in viewed} == {known.network.reference}


def test_the_network_chair_arranges_the_network_meeting_and_no_rmm(
    app: Flask, session: Session, day: NetworkDay, known: Tangled
) -> None:
    client, moved = browser(app, "chair-police"), day.second.reference
    assert f'href="/meetings/{moved}"' in client.get(f"/networks/meetings/{moved}").text
    assert 'href="/meetings/series"' in client.get("/networks/meetings").text
    values = {"held_on": "28/01/2027", "start_time": "2pm", "minutes": "90", "confirmed": "1"}
    values["version"] = str(day.second.version)
    assert send(client, f"/meetings/{moved}/move", values).location == f"/meetings/{moved}"
    extra = {"kind": "network", "held_on": "16/12/2026", "start_time": "2pm", "minutes": "60"}
    asked = send(client, "/meetings/extra", extra)
    assert "invites are sent" in asked.text
    assert "Area" not in re.sub(r"<[^>]+>", " ", asked.text[asked.text.index("<main") :])
    series_of = {**extra, "start": "20/01/2027", "count": "2"}
    preview = send(client, "/meetings/series", series_of).text
    assert "already has a series on Wednesdays" in preview
    for page in ("move", "cancel", "members", "series"):
        assert client.get(f"/meetings/RMM-NE-2026-W48/{page}").status_code == 404
    assert client.get("/meetings/deputies").status_code == 404
    refused = send(client, "/meetings/extra", {**extra, "kind": "rmm", "area": "NE"})
    assert refused.status_code == 400


def test_the_network_chair_sees_who_has_not_answered_and_a_member_does_not(
    app: Flask, day: NetworkDay, known: Tangled
) -> None:
    page = f"/meetings/{day.first.reference}"
    for who, sees in (("chair-police", True), ("police", False)):
        answer = browser(app, who).get(page)
        assert (answer.status_code, "people have not answered yet" in answer.text) == (200, sees), who
        assert (day.people.coordinator.name in answer.text) is sees


def test_the_second_saver_of_the_notes_sees_both_and_keeps_both(
    app: Flask, day: NetworkDay, known: Tangled, session: Session
) -> None:
    chair = Chair(browser(app, "chair-police"), day.first.reference)
    chair.post("/publish", early_reason="Invented")
    chair.post("/record/start", shown="/record", read_by="Testy Reader", early="y")
    opened = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]*)"', chair.get("/record")))
    chair.post("/notes", shown="/record", notes="Theirs.")
    answer = chair.client.post(f"{chair.here}/notes", data={**opened, "notes": "Mine."})
    assert answer.status_code == 409
    assert "Somebody else saved the notes" in answer.text
    both = form_to(answer.text, f"{chair.here}/notes")
    assert both.values["notes"] == "Mine."
    assert chair.client.post(f"{chair.here}/notes", data=both.values).status_code == 302
    assert form_to(chair.get("/record"), f"{chair.here}/notes").values["notes"] == "Theirs.\n\nMine."
