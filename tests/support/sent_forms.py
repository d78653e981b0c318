"""Forms of a page, filled in as a browser without scripts would send them; for any client that gives HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class SentForm:
    """One form: where it goes, and what it would send as it stands."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)

    def with_values(self, **values: str) -> dict[str, str]:
        """Give what is sent once a person has filled these in."""
        return {**self.values, **values}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[SentForm] = []
        self._form: SentForm | None = None
        self._text: str | None = None
        self._choice: str | None = None
        self._pressed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "form":
            self._form = SentForm(values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self._form)
            self._pressed = False
        elif self._form is None:
            return
        elif tag == "input":
            self._input(name, values)
        elif tag == "button":
            self._button(name, values)
        elif tag == "textarea":
            self._text = name
            self._form.values[name] = ""
        elif tag == "select":
            self._choice = name
        elif tag == "option" and self._choice and ("selected" in values or self._choice not in self._form.values):
            self._form.values[self._choice] = values.get("value", "")

    def _button(self, name: str, values: dict[str, str]) -> None:
        """Whoever presses Enter presses the first button, and no other."""
        assert self._form is not None
        if name and not self._pressed:
            self._form.values[name] = values.get("value", "")
        self._pressed = True

    def _input(self, name: str, values: dict[str, str]) -> None:
        assert self._form is not None
        kind = values.get("type", "text")
        if kind in ("radio", "checkbox") and "checked" not in values:
            return
        if name and kind not in ("submit", "button", "file"):
            self._form.values[name] = values.get("value", "on" if kind == "checkbox" else "")

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._text is not None:
            self._form.values[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            if self._form is not None and self._text is not None:
                # A browser leaves out the newline that stands directly behind the tag.
                self._form.values[self._text] = self._form.values[self._text].removeprefix("\n")
            self._text = None
        elif tag == "select":
            self._choice = None


def forms_of(page: str) -> list[SentForm]:
    """Give every form of a page, in the order in which they stand."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def form_to(page: str, address: str) -> SentForm:
    """Give the form of a page that is sent to `address`; a form without an address is sent to its own page."""
    posted = [form for form in forms_of(page) if form.method == "post"]
    for form in posted:
        if form.action.partition("?")[0] == address:
            return form
    own = [form for form in posted if not form.action]
    assert own, f"there is no form for {address}; there are {[form.action for form in posted]}"
    return own[0]
