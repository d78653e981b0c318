"""What somebody typed beside what somebody else saved meanwhile, field by field, so that neither text is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from meetings_app.text import day_in_words
from meetings_app.web.forms import Form


@dataclass(frozen=True)
class Both:
    """One field: what stands there now, and what was typed and is not saved."""

    label: str
    mine: str
    theirs: str


def differing(typed: Form, stands: Form) -> Sequence[Both]:
    """Give the fields in which a form as it was sent differs from one that was opened now."""
    pairs = ((field, stands[name]) for name, field in typed._fields.items() if name in stands and _is_asked(field))
    both = (Both(field.label.text, _words(field), _words(other)) for field, other in pairs)
    return [each for each in both if each.mine != each.theirs]


def _is_asked(field: Any) -> bool:
    return getattr(field.widget, "input_type", "") != "hidden"


def _words(field: Any) -> str:
    if getattr(field, "iter_choices", None) is not None and field.choices:
        chosen = field.data if isinstance(field.data, list) else [field.data]
        choices = field.choices.items() if isinstance(field.choices, dict) else field.choices
        return ", ".join(str(label) for value, label in choices if value in chosen)
    return day_in_words(field.data) if isinstance(field.data, date) else str(field.data or "").strip()
