"""Forms to arrange meetings: a series, an extra meeting, another date, a cancellation, a person."""

from typing import Any

from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from meetings_app.schedule.models import MeetingType
from meetings_app.web.forms import Form, TimeField, VersionedForm, choice, cleaned_line, day, line, text


class NumberField(Field):  # type: ignore[misc] # WTForms comes without type hints
    """A whole number in one box; empty is None."""

    widget = TextInput()
    widget.input_type = "number"

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed. Raises `ValueError` with what to enter instead."""
        typed = cleaned_line(valuelist[0] if valuelist else "")
        self.data = None
        if typed:
            if not (typed.isascii() and typed.isdigit() and len(typed) < 6):
                raise ValueError(f"{self.label.text} must be a whole number, like 120")
            self.data = int(typed)


def number(label: str, missing: str | None = None, *, hint: str = "") -> NumberField:
    """Give a box for a whole number; `missing` is what to say when it is empty, else it is optional."""
    return NumberField(label, [_Given(missing)] if missing else [], description=hint)


class _Given:
    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        if field.data is None and not field.process_errors:
            raise ValidationError(self.message)


KINDS = ((MeetingType.RMM.value, "Risk Management Meeting"), (MeetingType.NETWORK.value, "CSE network meeting"))
"""The types of meeting in words; the RMM comes first."""


class WhenForm(VersionedForm):
    """When and where: shared by everything that sets a meeting's time. Wall clock in London."""

    start_time = TimeField("Start time", description="For example, 10am or 2:30pm")
    minutes = number("Length in minutes", "Enter how many minutes the meeting lasts")
    place = line("Place")
    joining_link = line("Link to join online")


class SeriesForm(WhenForm):
    """A series: the same rhythm from a first date on. `previewed` holds what the person saw before confirming."""

    kind = choice("Type of meeting", KINDS, "Choose the type of meeting")
    area = choice("Area", hint="Leave empty for a network meeting")
    start = day("Date of the first meeting", "Enter the date of the first meeting")
    count = number("Number of meetings", hint="Leave empty for a year")
    beside = BooleanField("Make one more series beside it")
    previewed = HiddenField()


WEEKDAYS = tuple(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")))


class SeriesChangeForm(WhenForm):
    """A series from a date on. `previewed` stands for the meetings as the person saw them before confirming."""

    from_on = day("From which date on?", "Enter the date from which the series changes")
    weekday = choice(
        "Weekday", [(str(number), name) for number, name in WEEKDAYS], "Choose the weekday",
        hint="Each meeting stays in its week",
    )  # fmt: skip
    previewed = HiddenField()


class SeriesEndForm(Form):
    """The end of a series."""

    from_on = day(
        "From which date on is there no meeting?", "Enter the date from which on there is no meeting of this series"
    )
    reason = text(
        "Why does the series end?",
        "Enter why the series ends",
        hint="Kept with each meeting. It is not mailed. Do not name a child.",
        longest=500,
    )
    previewed = HiddenField()


class ExtraForm(WhenForm):
    """One meeting beside the series. `previewed` holds what the person saw before confirming."""

    kind = choice("Type of meeting", KINDS, "Choose the type of meeting")
    area = choice("Area", hint="Leave empty for a network meeting")
    held_on = day("Date of the meeting", "Enter the date of the meeting")
    previewed = HiddenField()


class MoveForm(WhenForm):
    """Another date, time or place."""

    held_on = day("Date of the meeting", "Enter the date of the meeting")


class CancelForm(VersionedForm):
    """Why a meeting is cancelled."""

    reason = text(
        "Why is the meeting cancelled?",
        "Enter why the meeting is cancelled",
        hint="Kept in the record. It is not mailed. Do not name a child.",
        longest=500,
    )


class MemberForm(Form):
    """A person to invite to one meeting."""

    account = choice("Person", (), "Choose the person to invite", coerce=str)
