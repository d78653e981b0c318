"""An action or a view that somebody typed on an item and did not add: it is no part of the record, and never unseen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meetings_app.meetings.live_queries import LiveShown

_OWN = "@"
"""Stands between the name of a field that is one person’s alone and the account of the person."""


@dataclass(frozen=True)
class NotAdded:
    """What one person typed and did not add: each box that is not empty, by its label, and when they last typed."""

    by: str
    at: datetime
    parts: tuple[tuple[str, str], ...]


def not_added(rows: Iterable[LiveShown], fields: Mapping[str, Any], except_of: int | None = None) -> list[NotAdded]:
    """Give what each person typed on an item and did not add, in the order of the boxes.

    `fields` are the form’s, for labels and the words of choices. `except_of` is the account whose own boxes show it
    anyway, None once nobody has such boxes.
    """
    by_person: dict[str, dict[str, LiveShown]] = {}
    for row in rows:
        name, own, account = row.name.partition(_OWN)
        if own and row.value.strip() and name in fields and account != str(except_of):
            by_person.setdefault(account, {})[name] = row
    found = []
    for typed in by_person.values():
        parts = tuple(
            (field.label.text, _words(field, typed[name].value)) for name, field in fields.items() if name in typed
        )
        last = max(typed.values(), key=lambda row: row.at)
        found.append(NotAdded(last.by or "Somebody", last.at, parts))
    return sorted(found, key=lambda each: each.at)


def _words(field: Any, value: str) -> str:
    """Say a choice in its words, and a text as it was typed."""
    choices = getattr(field, "choices", None)
    if isinstance(choices, dict):
        return str(choices.get(value, value))
    return "Yes" if field.type == "BooleanField" else value
