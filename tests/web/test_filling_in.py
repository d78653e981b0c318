"""What was typed goes back into the form it was typed into, whatever kind of field it is, and into no other form."""

import pytest
from bs4 import BeautifulSoup, Tag

from meetings_app.web.filling_in import Filled, fill_in
from tests.support.sent_forms import forms_of

HOSTILE = "</textarea><script>alert(\"1\")</script> & 'Zoë'\nsecond line"
PAGE = """<!DOCTYPE html><html><body><header><form method="post" action="/sign-out"><input type="hidden"
name="csrf_token" value="new"><button>Sign out</button></form></header><main id="m"><h1>A page</h1>
<form method="post" action="" novalidate><input type="hidden" name="csrf_token" value="new">
<input type="hidden" name="form_id" value="fresh"><input type="hidden" name="version" value="7">
<input type="hidden" name="listed" value="">
<input type="text" name="name" value="as it stands">
<details><summary>More</summary><textarea name="reason" rows="5">
as it stands</textarea></details>
<input type="radio" name="rating" value="high" checked><input type="radio" name="rating" value="low">
<input type="checkbox" name="agree"><input type="checkbox" name="agency" value="1" checked><input
type="checkbox" name="agency" value="2"><input type="checkbox" name="agency" value="3">
<select name="area"><option value="">Choose</option><option value="NE" selected>North East</option><option
value="NW">North West</option></select>
<input type="password" name="password"><button name="do" value="save">Save</button></form></main></body></html>"""
TYPED = [
    ("form_id", "of the first"), ("version", "3"), ("listed", "1,2"), ("name", 'Testy "the" O\'Sample'),
    ("reason", HOSTILE), ("rating", "low"), ("agree", "on"), ("agency", "2"), ("agency", "3"), ("area", "NW"),
    ("password", "never"), ("do", "save"),
]  # fmt: skip


def filled(page: str = PAGE, action: str = "/here", typed: list[tuple[str, str]] = TYPED) -> Filled:
    return fill_in(page, "/here", action, typed)


def fields(html: str) -> list[Tag]:
    return BeautifulSoup(html, "html5lib").select("main input, main textarea, main option")


def test_every_kind_of_field_holds_what_was_typed() -> None:
    page = filled()
    [form] = [one for one in forms_of(page.html) if one.action == ""]
    assert form.values | {"agency": ""} == {
        "csrf_token": "new", "form_id": "of the first", "version": "3", "listed": "", "name": 'Testy "the" O\'Sample',
        "reason": HOSTILE, "rating": "low", "agree": "on", "agency": "", "area": "NW", "password": "", "do": "save",
    }  # fmt: skip
    ticked = [one["value"] for one in fields(page.html) if one.get("name") == "agency" and one.has_attr("checked")]
    assert ticked == ["2", "3"]
    assert "<script>" not in page.html
    assert page.left_over == [("password", "never")]


def test_a_part_that_is_folded_away_is_opened_where_something_was_typed_in_it() -> None:
    assert "<details open>" in filled().html
    assert "<details>" in filled(typed=[("name", "Testy"), ("reason", " ")]).html


def test_the_place_for_the_notice_is_where_the_content_of_the_page_begins() -> None:
    page = filled()
    assert page.html[: page.content_at].endswith('<main id="m">')


def test_the_rest_of_the_page_stays_as_it_is() -> None:
    typed = [("name", "as it stands"), ("reason", ""), ("rating", "high"), ("agency", "1"), ("area", "NE")]
    before, after = fields(PAGE), fields(filled(typed=typed).html)
    assert [one.attrs for one in after] == [one.attrs for one in before]


@pytest.mark.parametrize("action", ["/elsewhere", "/sign-out"])
def test_what_was_sent_to_another_address_finds_no_place(action: str) -> None:
    assert filled(action=action) == (PAGE, PAGE.index("<h1>"), TYPED)


ROWS = "<main>" + "".join(
    f'<form method="post" action="/remove"><input type="hidden" name="who" value="{who}"><input name="why"></form>'
    for who in (1, 2)
)


def test_of_several_forms_only_the_one_about_the_same_thing_is_filled_in() -> None:
    second = fill_in(ROWS, "/here", "/remove", [("who", "2"), ("why", "Moved away")])
    assert [form.values["why"] for form in forms_of(second.html)] == ["", "Moved away"]
    gone = fill_in(ROWS, "/here", "/remove", [("who", "3"), ("why", "Moved away")])
    assert gone.html == ROWS
    assert ("why", "Moved away") in gone.left_over


def test_a_choice_that_is_not_offered_any_more_is_left_over() -> None:
    page = filled(typed=[("name", "Testy"), ("area", "SW"), ("rating", "medium")])
    assert page.left_over == [("area", "SW"), ("rating", "medium")]
