"""The one way text gets into a Word document: cleaned, escaped, and never lost on the way."""

from collections.abc import MutableMapping
from datetime import date
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.nodes import Template as ParsedTemplate
from jinja2.sandbox import SandboxedEnvironment
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


class WordEnvironment(SandboxedEnvironment):
    """The sandbox that templates are rendered in; `printed`, where given, collects every text they print.

    Frozen facts leave nothing for a template to change. A template's text is compiled once and kept: compiling
    takes longer than filling in the agenda of an ordinary meeting.
    """

    def __init__(self, printed: list[str] | None = None) -> None:
        super().__init__(autoescape=True, undefined=UnknownField, finalize=self._print)
        self._printed = printed
        self._compiled = lru_cache(maxsize=64)(super().from_string)
        for unsafe in ("safe", "tojson", "urlize", "xmlattr"):
            del self.filters[unsafe]
        self.filters["short_date"] = short_date

    def from_string(
        self,
        source: str | ParsedTemplate,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - jinja2's own name for it
        template_class: type[Template] | None = None,
    ) -> Template:
        """Give the compiled template, from the last time this source was seen where there was one."""
        if isinstance(source, str) and globals is None and template_class is None:
            return self._compiled(source)
        return super().from_string(source, globals, template_class)

    def _print(self, value: Any) -> Any:
        """Give what stands in the document for one value of a template."""
        if value is None:
            return ""
        if isinstance(value, Markup | UnknownField):
            return value
        text = in_words(value) if isinstance(value, date) else str(value)
        if self._printed is not None:
            self._printed.append(text)
        return word_text(text)


@lru_cache(maxsize=1)
def word_environment() -> WordEnvironment:
    """Give the one environment that documents are written with."""
    return WordEnvironment()
