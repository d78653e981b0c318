"""What every form shares: cleaned text, dates as people write them, an id against double sending, and a version."""

import re
from collections.abc import Iterable
from datetime import date, time
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import TextInput

from meetings_app.errors import RuleBroken
from meetings_app.spreadsheets.cells import CellProblem, parse_date
from meetings_app.text import UnreadableText, clean_text
from meetings_app.web.filters import clock_time
from meetings_app.web.submissions import FIELD, new_form_id
from meetings_app.web.words_sent import remember

LONGEST_TEXT = 20_000
LONGEST_LINE = 200
_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?")


def cleaned(text: str | None) -> str:
    """Clean typed text; a character that cannot be kept becomes an error of the field that names it."""
    try:
        return clean_text(text or "").strip()
    except UnreadableText as problem:
        raise ValueError(str(problem)) from None


def cleaned_line(text: str | None) -> str:
    """Clean typed text that stands on one line."""
    return " ".join(cleaned(text).split("\n"))


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF comes without type hints
    """The base of every form: a CSRF token and a fresh id each time it is shown empty."""

    form_id = HiddenField(default=new_form_id, name=FIELD)

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        remember(self)

    def refuse(self, problem: RuleBroken) -> None:
        """Show each broken rule beside the field it names, or above the form where it names none."""
        for broken in (problem, *problem.more):
            field = self._fields.get(broken.field)
            if field is None:
                self.form_errors.append(broken.message)
            else:
                field.errors = [*field.errors, broken.message]


LONGEST_NUMBER = 18
"""Digits of the longest number that is read: no version is longer, and reading one that is takes forever."""


class VersionedForm(Form):
    """A form on something that two people may change: it carries the version it was opened at."""

    version = HiddenField(default="0")

    @property
    def opened_at(self) -> int:
        """The version at which the form was opened; 0 for anything that is no number."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 0


class DateField(Field):  # type: ignore[misc] # WTForms comes without type hints
    """A date in one box: 31/12/2026, 31 Dec 2026 or 2026-12-31."""

    widget = TextInput()
    widget.input_type = "date"

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%d/%m/%Y}" if isinstance(self.data, date) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed. Raises `ValueError` with what to enter instead."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            try:
                self.data = parse_date(cleaned_line(text))
            except CellProblem as problem:
                raise ValueError(str(problem)) from None


class TimeField(Field):  # type: ignore[misc] # WTForms comes without type hints
    """A time of day in one box: 10:00, 10am or 2:30pm."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return clock_time(self.data) if isinstance(self.data, time) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed. Raises `ValueError` with what to enter instead."""
        self.data = parse_time(cleaned_line(valuelist[0] if valuelist else ""))


class OptionalTimeField(TimeField):
    """A time of day that may be left empty."""

    data: time | None  # type: ignore[assignment] # The field above it always has one once it is valid.

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; nothing is None. Raises `ValueError` with what to enter instead."""
        self.data = None
        if valuelist and valuelist[0].strip():
            super().process_formdata(valuelist)


def line(
    label: str, missing: str | None = None, *, hint: str = "", longest: int = LONGEST_LINE, **kwargs: Any
) -> StringField:
    """Give a one-line box; `missing` is what to say when it is empty, else it is optional."""
    return StringField(label, _needed(missing, longest), [cleaned_line], hint, **kwargs)


def text(
    label: str, missing: str | None = None, *, hint: str = "", longest: int = LONGEST_TEXT, **kwargs: Any
) -> TextAreaField:
    """Give a box for narrative; `missing` is what to say when it is empty, else it is optional."""
    return TextAreaField(label, _needed(missing, longest, quiet=True), [cleaned], hint, **kwargs)


def line_for_later(label: str, *, hint: str = "", longest: int = LONGEST_LINE) -> StringField:
    """Give a one-line box that may stay empty, and that is not called optional."""
    return StringField(label, [ForLater(), _needed(None, longest)[1]], [cleaned_line], hint)


def text_for_later(label: str, *, hint: str = "", longest: int = LONGEST_TEXT) -> TextAreaField:
    """Give a box for narrative that a draft may leave empty for now, and that is not called optional."""
    return TextAreaField(label, [ForLater(), _needed(None, longest, quiet=True)[1]], [cleaned], hint)


def day(label: str, missing: str | None = None, *, hint: str = "") -> DateField:
    """Give a date box; `missing` is what to say when it is empty, else it is optional."""
    return DateField(label, [_Present(missing)] if missing else [Optional()], description=hint)


def choice(
    label: str, choices: Iterable[tuple[str, str]] = (), missing: str | None = None, *, hint: str = "", **kwargs: Any
) -> SelectField:
    """Give a drop-down; with `missing` the empty first line is refused with those words."""
    return SelectField(
        label,
        [InputRequired(missing)] if missing else [Optional()],
        choices={"": "Choose", **dict(choices)},
        description=hint,
        **kwargs,
    )


def shown(field: Any) -> str:
    """Write what a field holds as people read it, such as two people’s answers beside each other."""
    data = field.data
    choices = dict(field.choices) if getattr(field, "choices", None) else None
    if choices is not None:
        chosen = data if isinstance(data, list) else [data]
        keys = [str(getattr(each, "value", each) or "") for each in chosen or []]
        return ", ".join(str(choices.get(key, "")) for key in keys if key)
    if data is True:
        return "Yes"
    return str(data or "").strip()


class ForLater(Optional):  # type: ignore[misc] # WTForms comes without type hints
    """An answer that may be missing while a draft is saved, and is asked for before it is finished."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags: dict[str, bool] = {}


class _Present:
    """A date must be there; a date that cannot be read has said so already."""

    field_flags = {"required": True}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        if field.data is None and not field.process_errors:
            raise ValidationError(self.message)


def _needed(missing: str | None, longest: int, *, quiet: bool = False) -> list[Any]:
    length = Length(max=longest, message=f"Enter no more than {longest:,} characters")
    if quiet:
        length.field_flags = {}
    return [DataRequired(missing), length] if missing else [Optional(), length]


def parse_time(typed: str) -> time:
    """Read a time of day as people write it. Raises `ValueError` with what to enter instead."""
    found = _TIME.fullmatch(typed.lower())
    if found is None:
        raise ValueError("Enter a time, like 10am or 2:30pm")
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        raise ValueError("Enter a time, like 10am or 2:30pm")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59 or (not half and found[2] is None):
        raise ValueError("Enter a time, like 10am or 2:30pm")
    return time(hour, minute)
