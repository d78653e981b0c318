"""What the page of one section may submit: a field for each rule, as the file allows it, and the reason."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

from wtforms import Field, RadioField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import TextInput

from meetings_app.accounts.forms import Checkboxes
from meetings_app.errors import RuleBroken
from meetings_app.rules_page.catalogue import NEW, NEW_REASON, Rule, Section
from meetings_app.rules_page.values import TRIGGERS, Values
from meetings_app.rules_page.words import AN_AGENCY, NOBODY, OPTIONS, Shape, hint_of, shape_of
from meetings_app.web.forms import TimeField, VersionedForm, cleaned_line, line, text

_NO_CODE = re.compile(r"[^a-z0-9]+")
_YES_NO = (("yes", "Yes"), ("no", "No"))


class FigureField(Field):  # type: ignore[misc] # WTForms comes without type hints
    """A whole number in one box, within what the file allows."""

    widget = TextInput()
    widget.input_type = "number"

    def __init__(self, label: str, shape: Shape, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.shape = shape

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed. Raises `ValueError` with what to enter instead."""
        typed = cleaned_line(valuelist[0] if valuelist else "")
        self.data = None
        if not typed and self.shape.may_be_empty:
            return
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1
        if not self.shape.lowest <= number <= self.shape.highest:
            raise ValueError(f"Enter a whole number from {self.shape.lowest} to {self.shape.highest:,}")
        self.data = number


class RulesForm(VersionedForm):
    """The rules of one section; its fields are made from the catalogue."""

    reason: StringField


class RestoreForm(VersionedForm):
    """Why the rules of an earlier version rule again."""

    reason = text("Why do the rules go back?", "Enter why the rules go back", longest=2000,
                  hint="For example, who decided it and when. Do not name a child.")  # fmt: skip


def name_of(key: str) -> str:
    """Give the name of the field for a rule; dots would mean something to a style sheet."""
    return key.replace(".", "-")


def form_of(
    section: Section, agencies: Mapping[str, str], values: Values | None = None, version: int = 0, reason: str = ""
) -> RulesForm:
    """Give the form of a section, as it was sent or, with `values`, filled in with these and opened at `version`."""
    fields: dict[str, Any] = {name_of(rule.key): _field(section.file, rule, agencies) for rule in section.rules}
    hint = "For example, who decided it and when. Do not name a child."
    fields["reason"] = text("Why do these rules change?", "Enter why the rules change", longest=2000, hint=hint)
    made = type("SectionForm", (RulesForm,), fields)
    if values is None:
        form: RulesForm = made()
        return form
    data = {name_of(rule.key): _shown(values.get(rule.key), rule) for rule in section.rules}
    filled: RulesForm = made(formdata=None, data={**data, "version": str(version), "reason": reason})
    return filled


def figures_of(form: RulesForm, section: Section) -> dict[str, Any]:
    """Give what was entered, by key, as the file holds it."""
    figures = {rule.key: entered(form, section, rule) for rule in section.rules}
    return _with_code(figures) if section.slug == NEW_REASON else figures


def check_new(figures: Mapping[str, Any], values: Values) -> None:
    """Refuse a reason for a strategy discussion that has no name to go by, or is there already.

    Raises `RuleBroken` for its name.
    """
    field = f"{TRIGGERS}.{NEW}.label"
    if any(key.startswith(f"{TRIGGERS}..") for key in figures):
        raise RuleBroken(field, "Enter a name with letters or numbers in it")
    if any(key in values for key in figures):
        raise RuleBroken(field, "There is a reason of this name already")


def entered(form: RulesForm, section: Section, rule: Rule) -> Any:
    """Give what was entered for one rule, as the file holds it."""
    figure = _entered(form[name_of(rule.key)], shape_of(section.file, rule.key))
    return "" if rule.key.endswith(AN_AGENCY) and figure == NOBODY else figure


def _with_code(figures: dict[str, Any]) -> dict[str, Any]:
    """Give a reason that is added a code from its name, so that its record can still be read once it is out of use."""
    code = _NO_CODE.sub("_", str(figures[f"{TRIGGERS}.{NEW}.label"]).lower()).strip("_")[:40].strip("_")
    return {key.replace(f".{NEW}.", f".{code}."): value for key, value in figures.items()}


def carried(form: RulesForm, section: Section) -> list[tuple[str, str]]:
    """Give every answer of a form as hidden fields carry it to the next step."""
    answers = [(name, raw) for name in _names(section) for raw in form[name].raw_data or []]
    return [(name, str(raw)) for name, raw in answers]


def _names(section: Section) -> list[str]:
    return [*(name_of(rule.key) for rule in section.rules), "reason"]


def _field(file: str, rule: Rule, agencies: Mapping[str, str]) -> Any:
    shape = shape_of(file, rule.key)
    hint = hint_of(rule, shape)
    if shape.kind == "number":
        return FigureField(rule.words, shape, description=hint)
    if shape.kind == "yes_no":
        return RadioField(rule.words, [InputRequired("Choose yes or no")], choices=dict(_YES_NO))
    if shape.kind == "time":
        return TimeField(rule.words, description="For example, 12pm or 4:30pm")
    if shape.kind == "text":
        return line(rule.words, "Enter what it is called")
    names = {option: OPTIONS[option] for option in shape.options} or agencies
    if rule.key.endswith(AN_AGENCY):
        names = {**agencies, NOBODY: "No agency by itself"}
    if shape.kind == "one_of":
        return RadioField(rule.words, [InputRequired("Choose one")], choices=dict(names))
    return Checkboxes(rule.words, choices=dict(names))


def _shown(value: Any, rule: Rule) -> Any:
    if rule.key.endswith(AN_AGENCY):
        return value or NOBODY
    if isinstance(value, bool):
        return "yes" if value else "no"
    return list(value) if isinstance(value, tuple) else value


def _entered(field: Any, shape: Shape) -> Any:
    data = field.data
    if shape.kind == "yes_no":
        return data == "yes"
    if shape.kind == "several":
        chosen = data or []
        return tuple(value for value in dict(field.choices) if value in chosen)
    return data if isinstance(data, int | time | None) else str(data)
