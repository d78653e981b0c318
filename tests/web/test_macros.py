"""The looks: one heading a page, states in words, errors beside their fields, and text that stays text."""

from collections.abc import Iterator
from html import unescape
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, render_template, render_template_string
from flask_wtf import CSRFProtect
from jinja2 import FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from meetings_app.errors import Conflict
from meetings_app.resources import folder
from meetings_app.web import filters

HOSTILE = '<script>alert(1)</script> & "Zoë" O\'Sample'


class ReferralForm(Form):  # type: ignore[misc]
    name = StringField("Full name", [InputRequired("Enter the child’s full name")])
    born = DateField("Date of birth", [InputRequired("Enter the date of birth")], format="%d/%m/%Y")
    area = SelectField("Area", choices={"NE": "North East", "NW": "North West"})
    rating = RadioField("Rating", [InputRequired("Choose a rating")], choices={"high": "High", "low": "Low"})
    agencies = SelectMultipleField("Agencies", choices={"police": "Police", "health": "Health"})
    reason = TextAreaField("Reason", [Length(max=2000)], description="What others have done")
    school = StringField("School", [Optional()], render_kw={"autocomplete": "off"})
    password = PasswordField("Password")
    urgent = BooleanField("Urgent")


class Missing(StrictUndefined):
    """As in the service: a name that a page was not given may be asked for, but not shown."""

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


@pytest.fixture
def application() -> Iterator[Flask]:
    application = Flask("looks", static_folder=str(folder("static")))
    application.secret_key = "not a secret, only for this test"
    application.jinja_env.undefined = Missing
    application.jinja_env.trim_blocks = application.jinja_env.lstrip_blocks = True
    application.jinja_loader = FileSystemLoader(folder("templates"))
    filters.install(application)
    CSRFProtect(application)
    application.context_processor(
        lambda: {
            "service_name": "Risk Management Meetings",
            "partnership_name": "Exampleshire",
            "marking": "OFFICIAL-SENSITIVE",
            "csp_nonce": "abc123",
            "typed_mark": lambda: "0123456789ab",
            "actor": SimpleNamespace(name=HOSTILE),
            "navigation": [{"text": "CSE list", "href": "/list", "active": True}],
        }
    )
    with application.test_request_context("/"):
        yield application


def _page(source: str, **values: object) -> BeautifulSoup:
    return BeautifulSoup(render_template_string(source, **values), "html.parser")


def _form_page(form: Form) -> BeautifulSoup:
    source = "{% from 'macros/forms.html' import error_summary, fields %}{{ error_summary(form) }}{{ fields(form) }}"
    return _page(source, form=form)


def _only(found: object) -> Tag:
    assert isinstance(found, Tag)
    return found


PAGE = "{% extends 'layout.html' %}{% block page_title %}{{ heading }}{% endblock %}"


def test_the_title_of_the_window_is_the_heading_and_the_service(application: Flask) -> None:
    page = _page(PAGE, heading=HOSTILE)
    heading = _only(page.h1).get_text().strip()
    assert heading == HOSTILE
    assert unescape(_only(page.title).get_text()) == f"{HOSTILE} – Risk Management Meetings"
    assert len(page.find_all("h1")) == 1


def test_a_page_headed_by_a_name_can_keep_the_name_out_of_the_title(application: Flask) -> None:
    page = _page(PAGE + "{% block window_title %}Child C-7Q4KD{% endblock %}", heading="Testy McTestface")
    assert _only(page.h1).get_text().strip() == "Testy McTestface"
    assert _only(page.title).get_text() == "Child C-7Q4KD – Risk Management Meetings"


def test_a_title_says_first_that_there_is_an_error(application: Flask) -> None:
    page = _page("{% set has_errors = true %}" + PAGE, heading="Refer a child")
    assert _only(page.title).get_text().startswith("Error: Refer a child")


def test_every_page_bears_the_marking_and_every_script_the_nonce(application: Flask) -> None:
    page = _page(PAGE, heading="Home")
    assert _only(page.select_one(".app-marking")).get_text() == "OFFICIAL-SENSITIVE"
    assert {script["nonce"] for script in page.find_all("script")} == {"abc123"}
    assert not page.find_all(style=True)
    assert not page.find_all("style")


def test_signing_out_is_a_form_with_a_token_and_only_for_who_is_signed_in(application: Flask) -> None:
    form = _only(_page(PAGE, heading="Home").select_one("form[action='/sign-out']"))
    assert form["method"] == "post"
    assert _only(form.select_one("input[name=csrf_token]"))["value"]
    assert _page(PAGE, heading="Home", actor=None).select_one("form[action='/sign-out']") is None


def test_a_message_is_shown_once_and_as_text(application: Flask) -> None:
    from flask import flash

    flash(HOSTILE, "success")
    alert = _only(_page(PAGE, heading="Home").select_one(".moj-alert--success"))
    assert HOSTILE in alert.get_text()
    assert alert.script is None


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 429, 500, 503])
def test_an_error_page_says_in_words_what_to_do_next(application: Flask, code: int) -> None:
    page = BeautifulSoup(render_template(f"errors/{code}.html"), "html.parser")
    assert str(code) not in _only(page.main).get_text()
    assert len(page.select("main p.govuk-body")) >= 2
    assert (page.select_one("form") is None) == (code in (500, 503))


def test_a_refusal_says_the_rule_and_a_conflict_shows_both_texts(application: Flask) -> None:
    refused = BeautifulSoup(render_template("errors/400.html", problem="Enter the date of the review"), "html.parser")
    assert "Enter the date of the review" in _only(refused.main).get_text()
    conflict = Conflict("The plan was changed.", field="aims", theirs="their text", ours=HOSTILE)
    main = _only(BeautifulSoup(render_template("errors/409.html", conflict=conflict), "html.parser").main)
    assert [text.get_text() for text in main.select(".app-conflict__text")] == ["their text", HOSTILE]
    assert "The plan was changed." in main.get_text()


def test_every_problem_is_said_above_and_beside_its_field(application: Flask) -> None:
    form = ReferralForm(MultiDict({"name": "", "born": "31/02/2012"}))
    assert not form.validate()
    page = _form_page(form)
    links = {str(a["href"]): a.get_text() for a in page.select(".govuk-error-summary a")}
    assert {"#name", "#born", "#rating"} <= set(links)
    assert links["#name"] == "Enter the child’s full name"
    for target, text in links.items():
        field = _only(page.select_one(target))
        group = _only(field.find_parent(class_="govuk-form-group--error"))
        assert text in _only(group.select_one(".govuk-error-message")).get_text()
        described = field.get("aria-describedby") or _only(group.fieldset)["aria-describedby"]
        assert all(page.find(id=part) for part in str(described).split())


def test_what_was_typed_is_kept_and_stays_text_but_a_password_is_not_sent_back(application: Flask) -> None:
    typed = {"name": HOSTILE, "reason": f"\nfirst\n{HOSTILE}", "born": "31/02/2012", "password": "secret words"}
    page = _form_page(ReferralForm(MultiDict({**typed, "rating": "low", "area": "NW", "urgent": "y"})))
    assert _only(page.select_one("#name"))["value"] == HOSTILE
    assert _only(page.select_one("#born"))["value"] == "31/02/2012"
    assert _only(page.select_one("#reason")).get_text().removeprefix("\n") == typed["reason"]
    assert _only(page.select_one("option[selected]"))["value"] == "NW"
    assert [box["value"] for box in page.select("input[checked]")] == ["low", "y"]
    assert "secret words" not in str(page)
    assert page.script is None


def test_every_field_has_a_label_and_says_its_hint_and_whether_it_may_stay_empty(application: Flask) -> None:
    page = _form_page(ReferralForm())
    for box in page.select("input, select, textarea"):
        assert page.select_one(f"label[for='{box['id']}']") is not None
    assert _only(page.select_one("label[for=school]")).get_text() == "School (optional)"
    assert _only(page.select_one("#school"))["autocomplete"] == "off"
    assert _only(page.select_one("#reason-hint")).get_text() == "What others have done"
    assert _only(page.select_one("#born"))["type"] == "text"
    assert "31/12/2026" in _only(page.select_one("#born-hint")).get_text()
    assert not page.select("[required], [maxlength]")


@pytest.mark.parametrize(
    ("code", "provisional", "words"),
    [
        ("high", False, "High"),
        ("high", True, "High (provisional)"),
        ("none", False, "No CSE risk identified"),
        (None, True, "Not yet rated"),
    ],
)
def test_a_rating_is_said_in_words(application: Flask, code: str | None, provisional: bool, words: str) -> None:
    source = "{% from 'macros/rating.html' import rating %}{{ rating(code, provisional) }}"
    assert _page(source, code=code, provisional=provisional).get_text().strip() == words


@pytest.mark.parametrize(
    ("days", "words"), [(None, ""), (-2, ""), (0, ""), (1, "Overdue by 1 day"), (3, "Overdue by 3 days")]
)
def test_lateness_is_said_in_words(application: Flask, days: int | None, words: str) -> None:
    source = "{% from 'macros/status.html' import overdue %}{{ overdue(days) }}"
    assert _page(source, days=days).get_text().strip() == words


def test_both_texts_of_a_conflict_are_shown_whole(application: Flask) -> None:
    source = (
        "{% from 'macros/conflict.html' import conflict %}"
        "{{ conflict('Reason', mine, theirs, 'Pat', '10:42', 'keep') }}"
    )
    page = _page(source, mine=f"one\n{HOSTILE}", theirs="two\nthree")
    assert [side.get_text() for side in page.select(".app-conflict__text")] == ["two\nthree", f"one\n{HOSTILE}"]
    assert [choice["value"] for choice in page.select("input[name=keep]")] == ["theirs", "mine"]


def test_a_childs_name_is_kept_apart_and_hidden_where_it_may_not_be_seen(application: Flask) -> None:
    source = "{% from 'macros/names.html' import child %}{{ child('C-7Q4KD', name) }}"
    assert _only(_page(source, name="محمد نموذج").bdi).get_text() == "محمد نموذج"
    assert _page(source, name=None).get_text().strip() == "C-7Q4KD"
