"""A chair who declared a conflict of interest finds nothing about the child in any page or copy of the minutes."""

import re

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.minutes.editing import save_text
from meetings_app.minutes.files import add_file
from meetings_app.minutes.issuing import issue, propose, refuse
from meetings_app.minutes.signing import reopen, sign_minutes
from tests.support.browsing import browser
from tests.support.documents import every_word_of
from tests.support.minutes_addresses import word_file
from tests.support.rmm import OFFICE, Rmm
from tests.support.world import NOW


def test_a_chair_with_a_conflict_finds_no_trace_of_the_child(app: Flask, day: Rmm, session: Session) -> None:
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    item, open_item = minutes.facts["items"]
    at, number = f"/meetings/{day.meeting.reference}/minutes", str(item["number"])
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    shown = frozenset({number})
    asked = propose(session, day.act("police"), NOW, day.meeting, number, "Canarycorrection", shown)
    refuse(session, day.act("chair_fs"), NOW, OFFICE, day.meeting, asked, "Canaryrefused")
    save_text(session, day.act("coordinator"), NOW, day.meeting, number, 0, "Canaryedited")
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    add_file(session, day.act("coordinator"), NOW, day.meeting, word_file("Canaryfile"), "")
    for chair in ("chair_cs", "chair_fs"):
        sign_minutes(session, day.act(chair), NOW, OFFICE, day.meeting, 2, "Canaryearly: nothing is to be corrected.")
    reopen(session, day.act("chair_fs"), NOW, OFFICE, day.meeting, "Canaryreopened: a date about the child is wrong.")
    day.operator()
    asked_key = asked.key
    session.add(
        ConflictOfInterest(
            account_id=day.world.chair_cs.key, child_id=item["child_id"], area_id=day.meeting.area_id or 0,
            meeting_id=day.meeting.key, reason="A neighbour.", declared_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    session.close()
    kept_from, other = browser(app, "chair-cs"), browser(app, "chair-fs")
    assert "Canaryreopened" in other.get(at).get_data(as_text=True)
    secret = re.compile(f"Canary|{item['name']}|{item['child']}")
    for address in (at, f"{at}?version=1", f"{at}/texts", f"{at}.docx", f"{at}.docx?audience=chair", f"{at}/files"):
        answer = kept_from.get(address)
        assert answer.status_code == 200, address
        assert not secret.search(every_word_of(answer.get_data())), address
        assert f"{number} " in every_word_of(answer.get_data()) or "docx" not in address, address
    for address in (
        f"{at}/texts/{number}", f"{at}/answers/{asked_key}", f"{at}/files/1.docx",
        f"{at}.docx?audience=child:{item['child']}",
    ):  # fmt: skip
        assert kept_from.get(address).status_code == 404, address
        assert other.get(address).status_code == 200, address
    assert kept_from.get(f"{at}/texts/{open_item['number']}").status_code == 200
    assert secret.search(every_word_of(other.get(f"{at}/texts").get_data()))
