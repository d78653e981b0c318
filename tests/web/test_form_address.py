"""An address that a refused form left behind leads to the page of the form, once it is opened anew."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.support.browsing import browser
from tests.support.rmm import due, rmm


@pytest.mark.parametrize(
    ("left", "page"),
    [
        ("{at}/record/start", "{at}/record"), ("{at}/notes", "{at}"),
        ("{at}/items/{number}/actions", "{at}/items/{number}"),
        ("{at}/replies/chase", "{at}/replies"), ("/not-sent/0123456789abcdef/discard", "/not-sent"),
    ],
)  # fmt: skip
def test_the_address_of_a_refused_form_leads_to_its_page(app: Flask, session: Session, left: str, page: str) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    number = day.item(child).number
    session.commit()
    at = f"/meetings/{day.meeting.reference}"
    client = browser(app, "chair-cs")
    answer = client.get(left.format(at=at, number=number))
    assert (answer.status_code, answer.location) == (302, page.format(at=at, number=number))
    assert client.get(answer.location).status_code == 200


def test_another_method_is_refused_as_before(app: Flask, session: Session) -> None:
    rmm(session)
    session.commit()
    assert browser(app, "chair-cs").delete("/list").status_code in (400, 405)
