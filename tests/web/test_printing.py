"""What somebody typed is shown on a page and never becomes part of it, however a value is printed."""

from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup, escape

from meetings_app.web import printing


class _Hostile:
    def __str__(self) -> str:
        return "<b>Invented</b>"


class _Html:
    def __html__(self) -> str:
        return "<i>Invented</i>"


class _Text(str):
    """A text of its own kind, as codes of an enum are."""


@pytest.mark.parametrize("autoescape", [True, lambda _name: True])
@pytest.mark.parametrize(
    "value", ['<script>"it\'s" & more</script>', _Text("<b>"), Markup("<b>"), _Html(), _Hostile(), 7, None, ["<b>"]]
)
def test_a_value_is_printed_as_jinja_would_print_it(value: object, autoescape: Any) -> None:
    environment = Environment(autoescape=autoescape)
    plain = Environment(autoescape=True)
    printing.install(environment)
    for text in (
        "{{ value }}",
        "{% macro cell(value) %}<td>{{ value }}</td>{% endmacro %}{{ cell(value) }}",
        "{% set kept %}{{ value }}{% endset %}{{ kept }}{{ kept ~ '<' }}",
        "{% for each in [value] %}{{ each }}{% endfor %}{{ value | string | upper }}",
    ):
        assert environment.from_string(text).render(value=value) == plain.from_string(text).render(value=value)
    assert environment.from_string("{{ value }}").render(value=value) == str(escape(value))


def test_a_template_that_escapes_nothing_is_left_as_it_is() -> None:
    environment = Environment(autoescape=False)
    printing.install(environment)
    assert environment.from_string("{{ value }}").render(value="Testy & Sample") == "Testy & Sample"


def test_blocks_of_a_page_and_what_all_templates_know_are_printed_as_jinja_would_print_them() -> None:
    sources = {
        "frame": "<{% block first %}{{ value }}{% endblock %}{% block last %}of {{ everywhere }}{% endblock %}>",
        "words": "{% macro said(text) %}{{ text }}, {{ everywhere }}{% endmacro %}",
        "page": (
            "{% extends 'frame' %}{% from 'words' import said %}{% set kept = value %}"
            "{% block first %}{{ super() }}{% for each in [1, 2] %}{{ each }}{{ said(kept) }}{% endfor %}"
            "{% if not value %}{% block inner %}{% endblock %}{% endif %}{{ self.last() }}{% endblock %}"
        ),
    }
    printed, plain = (Environment(autoescape=True, loader=DictLoader(sources)) for _ in range(2))
    printing.install(printed)
    for environment in (printed, plain):
        environment.globals["everywhere"] = "<everywhere>"
    page = printed.get_template("page").render(value="<b>")
    assert page == plain.get_template("page").render(value="<b>")
    assert page.count("&lt;everywhere&gt;") == 4


class _Named:
    name, inner, nothing = "<Testy>", {"items": 1, "words": {"said": "<b>"}}, None

    @property
    def broken(self) -> str:
        raise AttributeError("Invented")


@pytest.mark.parametrize(
    "text",
    [
        "{{ thing.name }}", "{{ thing.inner.words.said }}", "{{ thing.inner.items }}", "{{ thing.nothing is none }}",
        "{{ thing.missing is defined }}{{ thing.broken is defined }}", "{{ (thing.inner.words or thing).said }}",
        "{% for each in [thing, thing] if each.name %}{{ each.name ~ each.inner.words.said }}{% endfor %}",
        "{{ [thing] | map(attribute='name') | first }}", "{{ thing.name.upper() }}{{ thing.inner.words.said.title() }}",
    ],
)  # fmt: skip
def test_a_field_is_read_as_jinja_would_read_it(text: str) -> None:
    environment, plain = Environment(autoescape=True), Environment(autoescape=True)
    printing.install(environment)
    assert environment.from_string(text).render(thing=_Named()) == plain.from_string(text).render(thing=_Named())


def test_a_field_of_what_a_page_was_not_given_is_refused_as_ever() -> None:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    printing.install(environment)
    for text in ("{{ thing.name }}", "{{ known.name.first }}"):
        with pytest.raises(UndefinedError):
            environment.from_string(text).render(known={})
