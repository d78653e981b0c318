"""The one way text gets into a Word document: cleaned, escaped, and never lost on the way."""

from datetime import date
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from meetings_app.text import clean_text


class UnknownField(StrictUndefined):
    """A field that a template asks for and the facts do not have: it stops the document."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return f"unknown field {self._undefined_name!r}"


def in_words(day: date) -> str:
    """Give a date as people write it: 24 November 2026."""
    return f"{day.day} {day:%B %Y}"


def short_date(day: date | None) -> str:
    """Give a date for a narrow column: 24 Nov 2026. No date gives nothing."""
    return "" if day is None else f"{day.day} {day:%b %Y}"


def word_text(text: str) -> Markup:
    """Give the text as XML that reads back exactly. Raises `UnreadableText` for what Word cannot hold.

    docxtpl afterwards replaces `{_{`, `{_%` and their mirror images, wherever they stand, by the braces of a
    template; someone who types them means what they type, so the underscore is written as a character number.
    """
    escaped = str(escape(clean_text(text)))
    return Markup(escaped.replace("{_", "{&#95;").replace("_}", "&#95;}"))  # noqa: S704 - escaped on the line above


def word_environment(finished: list[str] | None = None) -> ImmutableSandboxedEnvironment:
    """Give the sandbox that templates are rendered in; `finished` collects every text that was printed."""

    def finalize(value: Any) -> Any:
        if value is None:
            return ""
        if isinstance(value, Markup | UnknownField):
            return value
        text = in_words(value) if isinstance(value, date) else str(value)
        if finished is not None:
            finished.append(text)
        return word_text(text)

    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=UnknownField, finalize=finalize)
    for unsafe in ("safe", "tojson", "urlize", "xmlattr"):
        del environment.filters[unsafe]
    environment.filters["short_date"] = short_date
    return environment
