"""Puts what a person typed back into the form of a page, in the page’s HTML: knows neither Flask nor the database.

Nothing of it depends on how a page makes its form, so that it holds for every form, and without scripts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

Pairs = Sequence[tuple[str, str]]

KEPT_AS_SHOWN = frozenset({"version", "seen", "opened", "number", "form_id"})
"""Hidden fields that say at which state the form was opened, or which one it is: they go back, so that what somebody
else saved since is asked about, and never written over."""
_NEVER = frozenset({"password", "file", "submit", "button", "reset", "image"})
_CHOICES = frozenset({"checkbox", "radio"})


class Filled(NamedTuple):
    """A page with what was typed in its form: where its own content begins, and what found no place."""

    html: str
    content_at: int
    left_over: list[tuple[str, str]]


@dataclass
class _Control:
    """One field of a form, and where it stands in the page."""

    tag: str
    attributes: dict[str, str | None]
    start: int
    end: int
    inside: list["_Control"]
    text_end: int = 0
    options: list["_Control"] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.attributes.get("name") or ""

    @property
    def value(self) -> str:
        value = self.attributes.get("value")
        return "on" if value is None and self.kind in _CHOICES else value or ""

    @property
    def kind(self) -> str:
        return (self.attributes.get("type") or "text").lower() if self.tag == "input" else self.tag

    @property
    def identifies(self) -> bool:
        """Whether it says which of several forms this is."""
        own = self.name == "csrf_token" or is_mark(self.name)
        return self.kind == "hidden" and bool(self.value) and not own

    def rewritten(self, **changes: str | bool) -> str:
        """Give its tag with some attributes changed; False takes one away, True has no value."""
        attributes: dict[str, str | None] = dict(self.attributes)
        for name, value in changes.items():
            attributes.pop(name, None)
            if value is not False:
                attributes[name] = None if value is True else str(value)
        words = (name if value is None else f'{name}="{escape(value)}"' for name, value in attributes.items())
        return f"<{' '.join((self.tag, *words))}>"


@dataclass
class _Form:
    method: str
    action: str
    controls: list[_Control] = field(default_factory=list)


def is_mark(name: str) -> bool:
    """Say whether a field says at which state the form was opened: also as the last part of a longer name."""
    return name in KEPT_AS_SHOWN or name.replace("-", "_").rpartition("_")[2] in KEPT_AS_SHOWN


def fill_in(html: str, page: str, action: str, typed: Pairs) -> Filled:
    """Give the page with `typed` in the form that is sent to `action`; `page` is the page’s own path.

    Of several such forms it is the one whose hidden fields say the same and that has most of the fields. Where there is
    none, the page stays as it is and everything is left over. A password and a file are never put back.
    """
    reader = _Reader(html)
    found = _best(reader.forms, page, action, typed)
    edits, left = _edits(found, typed) if found else ([], list(typed))
    content_at = reader.content_at
    for start, end, text in sorted(edits, reverse=True):
        html = html[:start] + text + html[end:]
        if end <= content_at:
            content_at += len(text) - (end - start)
    return Filled(html, content_at, left)


def _best(forms: Sequence[_Form], page: str, action: str, typed: Pairs) -> _Form | None:
    names = {name for name, _text in typed}
    there = [
        (len(names & {control.name for control in form.controls}), -place, form)
        for place, form in enumerate(forms)
        if form.method == "post" and urlsplit(urljoin(page, form.action)).path == action
        and all((control.name, control.value) in typed for control in form.controls if control.identifies)
    ]  # fmt: skip
    count, _place, form = max(there, key=lambda one: one[:2], default=(0, 0, None))
    return form if count else None


def _edits(form: _Form, typed: Pairs) -> tuple[list[tuple[int, int, str]], list[tuple[str, str]]]:
    """Give what to put where, each as start, end and text; and what was typed for no field of the form."""
    texts: dict[str, list[str]] = {}
    for name, text in typed:
        texts.setdefault(name, []).append(text)
    edits: dict[int, tuple[int, int, str]] = {}
    left = list(typed)
    for control in form.controls:
        for put, taken in _put(control, texts):
            edits |= {edit[0]: edit for edit in put}
            if taken in left:
                left.remove(taken)
            if put and taken[1].strip():
                # What is typed in a part that is folded away would not be seen.
                edits |= {one.start: (one.start, one.end, one.rewritten(open=True)) for one in control.inside}
    return list(edits.values()), left


def _put(
    control: _Control, texts: dict[str, list[str]]
) -> Iterator[tuple[list[tuple[int, int, str]], tuple[str, str]]]:
    """Give for one field what to put where, with what was typed that finds its place by it."""
    name, wanted = control.name, texts.get(control.name, [])
    if control.tag == "select" or control.kind in _CHOICES:
        mark = "checked" if control.kind in _CHOICES else "selected"
        for one in [control] if control.kind in _CHOICES else control.options if wanted else []:
            chosen = one.value in wanted
            yield [(one.start, one.end, one.rewritten(**{mark: chosen}))], (name, one.value if chosen else "")
    elif control.kind == "hidden" and not (is_mark(name) and wanted):
        yield from (([], (name, text)) for text in wanted)
    elif control.kind in ("submit", "button"):
        yield [], (name, control.value)
    elif wanted and control.kind not in _NEVER:
        text = wanted.pop(0)
        if control.tag == "textarea":
            # A browser leaves out the newline that stands directly behind the tag.
            yield [(control.end, control.text_end, "\n" + escape(text, quote=False))], (name, text)
        else:
            yield [(control.start, control.end, control.rewritten(value=text))], (name, text)


class _Reader(HTMLParser):
    """Finds the forms of a page with their fields, and where each stands."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[_Form] = []
        self.content_at = 0
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._by_id: dict[str, _Form] = {}
        self._form: _Form | None = None
        self._open: _Control | None = None
        self._folded: list[_Control] = []
        self.feed(html)
        self.close()

    @property
    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._at
        one = _Control(tag, dict(attrs), start, start + len(self.get_starttag_text() or ""), list(self._folded))
        if tag == "main":
            self.content_at = one.end
        elif tag == "details":
            self._folded.append(one)
        elif tag == "form":
            self._form = _Form((one.attributes.get("method") or "get").lower(), one.attributes.get("action") or "")
            self.forms.append(self._form)
            self._by_id[one.attributes.get("id") or ""] = self._form
        elif tag == "option" and self._open is not None:
            self._open.options.append(one)
        elif tag in ("input", "textarea", "select", "button") and one.name:
            form = self._by_id.get(one.attributes.get("form") or "") if "form" in one.attributes else self._form
            self._open = one if tag in ("textarea", "select") else None
            if form is not None and "disabled" not in one.attributes:
                form.controls.append(one)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "details" and self._folded:
            self._folded.pop()
        elif tag in ("textarea", "select") and self._open is not None:
            self._open.text_end = self._at
            self._open = None
