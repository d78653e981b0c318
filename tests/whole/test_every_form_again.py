"""Whatever form a person fills in on whatever page can be filled in again as it was, and no other form of the page."""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.web.filling_in import fill_in
from tests.support.browsing import browser
from tests.support.guarded_county import PEOPLE, GuardedCounty, guarded_county
from tests.support.remembered import remembered
from tests.whole.test_who_sees_what import LETTERS, SEES, address_of

TEXT = "\nTyped: \"one\" & <two>,\n'three' – Zoë"
KINDS = ("checkbox", "radio")
NOT_TYPED = ("password", "file", "submit", "button")


@pytest.fixture
@remembered
def county(session: Session) -> GuardedCounty:
    return guarded_county(session)


def posted_forms(html: str) -> list[Tag]:
    return BeautifulSoup(html, "lxml").select("form[method=post]")


def controls(form: Tag) -> Iterator[tuple[Tag, str, str]]:
    for one in form.select("input[name], textarea[name], select[name]"):
        kind = str(one.get("type", "text")) if one.name == "input" else one.name
        if kind not in NOT_TYPED:
            yield one, str(one["name"]), kind


def typed_into(form: Tag) -> list[tuple[str, str]]:
    """Give what a browser would send of the form, with something else in every field than stands there."""
    sent, last = [], {}
    for one, name, kind in controls(form):
        if kind == "hidden":
            sent.append((name, str(one["value"])))
        elif kind == "radio":
            last[name] = str(one["value"])
        elif kind == "checkbox":
            sent += [] if one.has_attr("checked") else [(name, str(one.get("value", "on")))]
        elif kind == "select":
            sent.append((name, str(one.select("option")[-1]["value"])))
        else:
            sent.append((name, TEXT if kind == "textarea" else TEXT.replace("\n", " ")))
    return [*sent, *last.items()]


def standing_in(form: Tag) -> list[tuple[str, str]]:
    """Give what a browser would send of the form as it stands."""
    sent = []
    for one, name, kind in controls(form):
        if kind == "select":
            chosen = one.select("option[selected]") or one.select("option")[:1]
            sent += [(name, str(option["value"])) for option in chosen]
        elif kind == "textarea":
            # As browsers read it: the line break that a text area begins with is none of its text.
            sent.append((name, one.get_text().removeprefix("\n")))
        elif kind not in KINDS or one.has_attr("checked"):
            sent.append((name, str(one.get("value", "on" if kind in KINDS else ""))))
    return sent


def kind_of(form: Tag) -> frozenset[tuple[str, str]]:
    """Give what makes a form the same for two people: the names of what is typed into it, and how."""
    return frozenset((name, kind) for _one, name, kind in controls(form))


def wrong_on(html: str, page: str, seen: set[object]) -> Iterator[str]:
    """Fill every form of a page in again; give what does not stand in it then, and every other form that changed.

    A form that was `seen` is left out: it is the same form for somebody else.
    """
    forms = posted_forms(html)
    before = [standing_in(form) for form in forms]
    for place, form in enumerate(forms):
        action = urlsplit(urljoin(page, str(form.get("action", "")))).path
        typed, kind_of_form = typed_into(form), (page, action, kind_of(form))
        if kind_of_form in seen or all(kind == "hidden" for _one, _name, kind in controls(form)):
            continue
        seen.add(kind_of_form)
        filled = fill_in(html, page, action, typed)
        after = [standing_in(one) for one in posted_forms(filled.html)]
        if sorted(after[place]) != sorted(typed) or filled.left_over:
            yield f"{page} {action}: {sorted(set(typed) ^ set(after[place]))[:4]} {filled.left_over[:2]}"
        if [*after[:place], *after[place + 1 :]] != [*before[:place], *before[place + 1 :]]:
            yield f"{page} {action}: another form changed"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_form_of_every_page_is_filled_in_again(app: Flask, county: GuardedCounty) -> None:
    seen, wrong = set(), []
    forms: set[object] = set()
    for letter in "CHNRSPM":
        client = browser(app, PEOPLE[LETTERS[letter]])
        for pattern in (pattern for pattern, roles in SEES.items() if letter in roles):
            answer = client.get(address_of(pattern, county.objects))
            if answer.mimetype == "text/html" and answer.status_code == 200:
                wrong += [f"{letter} {one}" for one in wrong_on(answer.text, answer.request.path, forms)]
                seen |= {pattern for form in posted_forms(answer.text) if form.select("textarea")}
    assert wrong == [], "\n".join(wrong)
    assert len(seen) > 80
