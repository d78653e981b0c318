"""The import on pages: upload, look, answer, confirm; nobody else sees an upload."""

import io
import re
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.cse_list.models import ListEntry
from meetings_app.imports.models import ImportBatch
from meetings_app.permissions import Role
from meetings_app.referrals.models import Referral
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, put_on_list
from tests.support.imports import list_row, referral_row, the_list, the_referrals
from tests.support.messy import AREAS, MISTAKES, SPELLED_TWO_WAYS, UNUSUAL_NAMES, mended_list_xlsx, messy_list_xlsx
from tests.support.world import add_account


@pytest.fixture
def coordinator(app: Flask, session: Session) -> FlaskClient:
    """The coordinator of the whole county, signed in, and the one of the North East beside."""
    add_account(session, "county", Role.COORDINATOR, "childrens-services", [])
    add_account(session, "north-east", Role.COORDINATOR, "childrens-services", ["NE"])
    add_account(session, "police", Role.REPRESENTATIVE, "police", ["NE"])
    session.commit()
    return browser(app, "county")


def hidden(html: str, action: str) -> dict[str, str]:
    """Give the hidden fields of the form that is sent to `action`."""
    form = re.search(rf'<form method="post" action="{re.escape(action)}".*?</form>', html, re.DOTALL)
    assert form, f"no form is sent to {action}"
    fields = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", form.group())
    names = [re.search(r'name="([^"]*)"', field) for field in fields]
    values = [re.search(r'value="([^"]*)"', field) for field in fields]
    return {name.group(1): value.group(1) for name, value in zip(names, values, strict=True) if name and value}


def upload(client: FlaskClient, content: bytes, kind: str = "list", name: str = "list.xlsx") -> Any:
    """Send a file as a browser would."""
    form = hidden(text_of(client, "/import"), "")
    return client.post("/import", data={**form, "kind": kind, "file": (io.BytesIO(content), name)})


def preview_of(client: FlaskClient, content: bytes, kind: str = "list") -> str:
    """Upload a file and give the address of its preview."""
    answer = upload(client, content, kind)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return str(answer.location)


def confirm(client: FlaskClient, address: str, html: str | None = None, **answers: str) -> Any:
    """Confirm what the page at `address` (or in `html`) shows."""
    form = hidden(html or text_of(client, address), f"{address}/confirm")
    named = {f"answer-{row.removeprefix('row')}": answer for row, answer in answers.items()}
    return client.post(f"{address}/confirm", data={**form, **named})


def how_many(session: Session, model: Any) -> int:
    """Count what stands in the database now."""
    found = session.execute(select(func.count()).select_from(model)).scalar_one()
    session.commit()
    return found


def test_a_messy_list_shows_what_to_mend_first_and_cannot_be_confirmed(
    coordinator: FlaskClient, session: Session, now: datetime
) -> None:
    address = preview_of(coordinator, messy_list_xlsx(now.date()))
    html = text_of(coordinator, address)
    for row, _column, _value in MISTAKES:
        assert f'data-label="Row">{row}</td>' in html
    assert html.index("Mend these first") < html.index("New children")
    assert "Import 1" not in html
    assert "Office notes" in html
    assert confirm(coordinator, address).status_code == 400
    assert how_many(session, Child) == 0


def test_the_file_to_mend_comes_back_marked_under_a_name_without_names(coordinator: FlaskClient, now: datetime) -> None:
    address = preview_of(coordinator, messy_list_xlsx(now.date()))
    answer = coordinator.get(f"{address}/to-mend")
    assert re.fullmatch(r'attachment; filename="import-U-\w{5}-to-mend.xlsx"', answer.headers["Content-Disposition"])
    assert load_workbook(io.BytesIO(answer.data)).worksheets[0].max_row == len(MISTAKES) + 1


def test_a_mended_list_is_imported_once_the_look_alikes_are_answered(
    coordinator: FlaskClient, session: Session, now: datetime
) -> None:
    address = preview_of(coordinator, mended_list_xlsx(now.date()))
    unanswered = confirm(coordinator, address)
    html = unanswered.get_data(as_text=True)
    assert unanswered.status_code == 400
    assert f"#answer-{SPELLED_TWO_WAYS[1]}" in html
    assert how_many(session, Child) == 0
    rows = {f"row{row}": "different" for row in re.findall(r'id="answer-(\d+)"', html)}
    assert confirm(coordinator, address, html, **rows).status_code == 303
    assert "Imported" in text_of(coordinator, address)
    assert how_many(session, ListEntry) == 120
    again = text_of(coordinator, preview_of(coordinator, mended_list_xlsx(now.date())))
    assert "Every row is here already" in again


def test_unusual_names_stand_on_the_preview_and_the_list_as_they_were_written(
    coordinator: FlaskClient, session: Session
) -> None:
    rows = [list_row(name, f"{day:02}/01/2011", list(AREAS)[day % 4]) for day, name in enumerate(UNUSUAL_NAMES, 1)]
    address = preview_of(coordinator, the_list(*rows))
    html = text_of(coordinator, address)
    confirm(coordinator, address)
    listed = text_of(coordinator, "/list")
    for name in UNUSUAL_NAMES:
        shown = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")
        assert f"<bdi>{shown}</bdi>" in html, name
        assert f"<bdi>{shown}</bdi>" in listed, name
    assert set(UNUSUAL_NAMES) == set(session.scalars(select(col(Child.name))))


def test_a_review_later_than_its_rating_allows_is_said_and_imported_as_it_stands(
    coordinator: FlaskClient, session: Session
) -> None:
    rows = (list_row("Testy McLong", next_review="12/01/2027"), list_row("Testy McShort", "06/01/2011"))
    address = preview_of(coordinator, the_list(*rows))
    html = text_of(coordinator, address)
    assert "Row 2: the review date is later than the longest time for high (42 days)" in html
    assert "Row 3: the review date" not in html
    confirm(coordinator, address)
    kept = session.scalars(select(col(ListEntry.next_review_on)).order_by(col(ListEntry.next_review_on))).all()
    assert kept[-1] == date(2027, 1, 12)


def test_differences_to_a_listed_child_are_shown_and_not_applied(coordinator: FlaskClient, session: Session) -> None:
    put_on_list(session, add_child(session, "Testy McExample"))
    session.commit()
    html = text_of(coordinator, preview_of(coordinator, the_list(list_row("Testy McExample", rating="low"))))
    assert "Here already: nothing changes (1)" in html
    assert "rating: <bdi>High</bdi> here, <bdi>Low</bdi> in the file" in html
    assert "Import 1" not in html


def test_the_same_child_is_what_a_person_says(coordinator: FlaskClient, session: Session) -> None:
    known = add_child(session, "Katelyn MacExample").reference
    session.commit()
    address = preview_of(coordinator, the_referrals(referral_row("Caitlin McExample")), "referrals")
    assert f"The same child as {known}" in text_of(coordinator, address)
    assert confirm(coordinator, address, row2=known).status_code == 303
    assert how_many(session, Child) == 1
    assert how_many(session, Referral) == 1
    assert "/referrals/R-" in text_of(coordinator, address)


def test_a_child_elsewhere_is_shown_by_reference_alone(app: Flask, coordinator: FlaskClient, session: Session) -> None:
    known = add_child(session, "Katelyn MacExample", area="NW").reference
    session.commit()
    client = browser(app, "north-east")
    html = text_of(client, preview_of(client, the_list(list_row("Caitlin McExample"))))
    assert known in html
    assert "Katelyn" not in html


def test_an_upload_is_there_for_its_uploader_alone(app: Flask, coordinator: FlaskClient, session: Session) -> None:
    address = preview_of(coordinator, the_list(list_row("Testy McExample")))
    form = hidden(text_of(coordinator, address), f"{address}/confirm")
    for other in ("north-east", "police"):
        client = browser(app, other)
        assert client.get(address).status_code == 404
        assert client.get(f"{address}/to-mend").status_code == 404
        token = re.search(r'name="csrf_token" value="([^"]+)"', text_of(client, "/list"))
        assert token
        for step in ("confirm", "discard"):
            data = {**form, "form_id": f"of {other} {step}", "csrf_token": token.group(1)}
            assert client.post(f"{address}/{step}", data=data).status_code == 404
    assert how_many(session, Child) == 0


def test_what_changed_after_the_preview_is_shown_before_anything_is_imported(
    coordinator: FlaskClient, session: Session
) -> None:
    address = preview_of(coordinator, the_list(list_row("Testy McExample")))
    seen = text_of(coordinator, address)
    put_on_list(session, add_child(session, "Testy McExample"))
    session.commit()
    assert confirm(coordinator, address, seen).status_code == 303
    html = text_of(coordinator, address)
    assert "The records changed after you opened this page" in html
    assert "Every row is here already" in html
    assert how_many(session, ListEntry) == 1


def test_a_confirmation_sent_twice_imports_once(coordinator: FlaskClient, session: Session) -> None:
    address = preview_of(coordinator, the_list(list_row("Testy McExample")))
    html = text_of(coordinator, address)
    for _ in range(2):
        assert confirm(coordinator, address, html).status_code in (302, 303)
    assert how_many(session, ListEntry) == 1


def test_a_discarded_upload_is_gone(coordinator: FlaskClient, session: Session) -> None:
    address = preview_of(coordinator, the_list(list_row("Testy McExample")))
    assert address in text_of(coordinator, "/import")
    form = hidden(text_of(coordinator, address), f"{address}/discard")
    assert coordinator.post(f"{address}/discard", data=form).status_code == 303
    assert address not in text_of(coordinator, "/import")
    assert "nothing of the file was kept" in text_of(coordinator, address)
    assert session.scalars(select(col(ImportBatch.content))).one() is None


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 broken", b"%PDF-1.7", b"\xd0\xcf\x11\xe0 old", b"\x00\x01\x02" * 500],
    ids=["empty", "broken", "pdf", "old", "binary"],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(
    coordinator: FlaskClient, session: Session, content: bytes
) -> None:
    answer = upload(coordinator, content)
    assert answer.status_code == 400
    assert 'id="file-error"' in answer.get_data(as_text=True)
    assert how_many(session, ImportBatch) == 0


def test_a_form_without_a_file_or_a_kind_says_what_to_choose(coordinator: FlaskClient) -> None:
    form = hidden(text_of(coordinator, "/import"), "")
    html = coordinator.post("/import", data=form).get_data(as_text=True)
    assert "Choose a file" in html
    assert "Choose what the file holds" in html


@pytest.mark.parametrize("kind", ["list", "referrals"])
def test_the_file_to_start_from_is_a_file_that_can_be_imported(coordinator: FlaskClient, kind: str) -> None:
    answer = coordinator.get(f"/import/template/{kind}.xlsx")
    assert answer.status_code == 200
    html = text_of(coordinator, preview_of(coordinator, answer.data, kind))
    assert "Testy McExample (take this row out)" in html
    assert "Mend these first" not in html


def test_a_long_list_is_shown_a_page_at_a_time(coordinator: FlaskClient) -> None:
    rows = [list_row(f"Testy Number{row:04}", f"{row % 28 + 1:02}/{row // 28 % 12 + 1:02}/2011") for row in range(250)]
    address = preview_of(coordinator, the_list(*rows))
    assert "All 250 rows" in text_of(coordinator, address)
    page = text_of(coordinator, f"{address}?rows=new&page=3")
    assert "201 to 250 of 250" in page
    assert page.count("<bdi>Testy Number") == 50


def test_whoever_may_not_import_finds_no_page(app: Flask, coordinator: FlaskClient) -> None:
    assert coordinator.get("/import").status_code == 200
    assert browser(app, "police").get("/import").status_code == 404


def test_a_referral_that_is_here_already_is_shown_with_its_reference(
    coordinator: FlaskClient, session: Session
) -> None:
    content = the_referrals(referral_row("Testy McExample", born="01/02/2012"))
    confirm(coordinator, preview_of(coordinator, content, "referrals"))
    referral = session.scalars(select(Referral)).one()
    session.commit()
    html = text_of(coordinator, preview_of(coordinator, content, "referrals"))
    assert referral.reference in html
    assert referral.received_at.date() == date(2026, 11, 18)
