"""The links at the top of every page lead where they say."""

import pytest
from flask import Flask, url_for

from meetings_app.navigation import PLACES


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place[0])
def test_each_link_leads_to_its_page(app: Flask, place: tuple[str, str, str, object]) -> None:
    _text, address, endpoint, _permission = place
    with app.test_request_context():
        assert url_for(endpoint) == address


@pytest.mark.parametrize("name", ["vendor/govuk-frontend.min.css", "css/app.css", "js/app.js"])
def test_what_every_page_asks_for_is_where_the_frame_says(app: Flask, name: str) -> None:
    with app.test_request_context():
        assert url_for("static", filename=name) == f"/static/{name}"
