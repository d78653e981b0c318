"""A number in an address that no row can have is no address, and no error of the database."""

import re

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound

from meetings_app.web.numbers import LARGEST


def addresses(app: Flask, number: int) -> dict[str, str]:
    """Give every address with numbers in it, filled in, and how it is asked for."""
    found = {}
    for rule in app.url_map.iter_rules():
        if "<int:" in rule.rule:
            address = re.sub(r"<any\((\w+)[^>]*>", r"\1", re.sub(r"<int:\w+>", str(number), rule.rule))
            found[re.sub(r"<[^>]+>", "x", address)] = "GET" if "GET" in (rule.methods or ()) else "POST"
    return found


def is_one(app: Flask, address: str, method: str) -> bool:
    try:
        app.url_map.bind("localhost").match(address, method=method)
    except (NotFound, MethodNotAllowed):
        return False
    return True


def test_a_number_larger_than_any_key_is_no_address(app: Flask) -> None:
    assert [each for each in addresses(app, LARGEST).items() if not is_one(app, *each)] == []
    assert [each for each in addresses(app, LARGEST + 1).items() if is_one(app, *each)] == []


@pytest.mark.parametrize("number", [LARGEST + 1, 10**30])
def test_it_looks_like_any_other_page_that_is_not_there(app: Flask, number: int) -> None:
    client = app.test_client()
    for address in (f"/weekly-lists/{number}", f"/meetings/RMM-NE-2026-W48/minutes/answers/{number}"):
        there_is_none = client.get("/no-such-page")
        answer = client.get(address)
        assert (answer.status_code, answer.location) == (there_is_none.status_code, there_is_none.location)
