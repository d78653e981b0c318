"""The fields of an item as a browser saves them one by one: which there are, what they hold, what they began from."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

from wtforms import TextAreaField

from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.item_page import CHAIRS_FIELDS
from meetings_app.meetings.live_fields import Typed
from meetings_app.meetings.live_queries import LiveShown
from meetings_app.meetings.models import Outcome
from meetings_app.meetings.running_forms import ActionForm, AgencyViewForm, DecisionForm
from meetings_app.text import UnreadableText, clean_text
from meetings_app.web.forms import LONGEST_TEXT, DateField, Form
from meetings_app.web.numbers import row_number

HIDDEN = frozenset({"csrf_token", "form_id", "version"})
MOST_AT_ONCE = 100
_CHAIRS_OUTCOMES = frozenset({("outcome", Outcome.RATED.value), ("outcome", Outcome.CLOSED.value)})
_OF_AN_AIM = re.compile(r"(effect|seen)_\d{1,4}")
_MARK = re.compile(r"[\w-]{0,40}")


@cache
def own_names() -> frozenset[str]:
    """Give the fields that everybody has for themselves: an action or a view that is not added yet is nobody else's."""
    return names_of(ActionForm) | names_of(AgencyViewForm)


@cache
def shared_names(*, chair: bool) -> frozenset[str]:
    """Give the fields of the decision that a person may fill in; those of the safety plan's aims come besides."""
    if chair:
        return names_of(DecisionForm)
    return frozenset(name.removesuffix("_id") for name in Decided.__dataclass_fields__) - frozenset(CHAIRS_FIELDS)


def names_of(kind: type[Form]) -> frozenset[str]:
    """Give the names of the fields of a kind of form that a person fills in."""
    return frozenset(field.name for field in kind(formdata=None)) - HIDDEN


def kept_name(name: str, account_id: int | None) -> str:
    """Give the name under which a person's field is kept."""
    return f"{name}@{account_id}" if name in own_names() else name


def shown_to(rows: Iterable[LiveShown], account_id: int | None, *, chair: bool) -> list[LiveShown]:
    """Give what a person's page shows: the fields of the decision and their own, by the names of the page.

    What a chair is about to decide is nothing that whoever else records could save, so they see it once it is saved.
    """
    end, known = f"@{account_id}", shared_names(chair=chair)
    return [
        row._replace(name=row.name.removesuffix(end))
        for row in rows
        if row.name.endswith(end)
        or _OF_AN_AIM.fullmatch(row.name)
        or (row.name in known and (chair or row.recorded or (row.name, row.value) not in _CHAIRS_OUTCOMES))
    ]


def typed_fields(sent: Any, account_id: int | None, *, chair: bool) -> tuple[list[Typed], dict[str, str]]:
    """Read what a browser sends; gives the fields, and by name what is wrong with those that cannot be kept.

    Whatever is no field of the item, or not this person's to fill in, is left out.
    """
    known = shared_names(chair=chair) | own_names()
    good, problems = read_fields(sent, lambda name: name in known or bool(_OF_AN_AIM.fullmatch(name)))
    return [replace(typed, name=kept_name(typed.name, account_id)) for typed in good], problems


def read_fields(sent: Any, known: Callable[[str], bool]) -> tuple[list[Typed], dict[str, str]]:
    """Read the fields that are `known` of what a browser sends, and by name what is wrong with the others of these."""
    good, problems = list[Typed](), dict[str, str]()
    fields = sent.get("fields") if isinstance(sent, dict) else None
    for each in (fields if isinstance(fields, list) else [])[:MOST_AT_ONCE]:
        typed = _typed(each)
        if typed is None or not known(typed.name):
            continue
        problem = _problem(typed.value)
        if problem:
            problems[typed.name] = problem
        else:
            good.append(typed)
    return good, problems


def _typed(each: Any) -> Typed | None:
    if not isinstance(each, dict):
        return None
    name, value, seen = each.get("name"), each.get("value"), each.get("seen")
    if not isinstance(name, str) or not isinstance(value, str):
        return None
    earlier = [mark for mark in each.get("earlier") or [] if isinstance(mark, str) and _MARK.fullmatch(mark)]
    save_id = each.get("save_id")
    with suppress(UnreadableText):
        value = clean_text(value)
    return Typed(
        name, value, seen if isinstance(seen, int) and not isinstance(seen, bool) else 0,
        save_id if isinstance(save_id, str) and _MARK.fullmatch(save_id) else "",
        tuple(earlier[:20]), instead=each.get("instead") is True,
    )  # fmt: skip


def _problem(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        return f"Enter no more than {LONGEST_TEXT:,} characters"
    try:
        clean_text(value)
    except UnreadableText as problem:
        return str(problem)
    return ""


def fields_of(forms: Iterable[Form]) -> dict[str, Any]:
    """Give the fields of these forms by name, as far as a person fills them in."""
    return {field.name: field for form in forms for field in form if field.name not in HIDDEN}


def narratives(fields: Mapping[str, Any]) -> dict[str, str]:
    """Give by name what stands in the fields of several lines, to which another text can be added."""
    return {name: value_of(field) for name, field in fields.items() if isinstance(field, TextAreaField)}


def value_of(field: Any) -> str:
    """Give what a field holds, as a browser would send it."""
    if isinstance(field, DateField):
        return str(field._value())
    if isinstance(field.data, bool):
        return "y" if field.data else ""
    return str(getattr(field.data, "value", field.data) or "")


def put(field: Any, value: str) -> None:
    """Let a field hold what somebody typed, also where it is no date yet."""
    if isinstance(field, DateField):
        field.raw_data = [value]
    try:
        field.process_formdata([value])
    except ValueError:
        field.data = None


def recorded_value(field: Any) -> str:
    """Give what a field holds as it is recorded: a date in its one form, text without outer white space."""
    if isinstance(field, DateField) and field.data is not None:
        return f"{field.data:%d/%m/%Y}"
    return value_of(field).strip()


def lay_over(fields: Mapping[str, Any], rows: Iterable[LiveShown]) -> None:
    """Show what is typed in place of what is recorded."""
    for row in rows:
        if row.name in fields:
            put(fields[row.name], row.value)


def seen_of(fields: Mapping[str, Any], rows: Iterable[LiveShown]) -> str:
    """Give what the form carries along: of each field its number, and a short digest of what it held."""
    numbers = {row.name: row.number for row in rows}
    return json.dumps({name: f"{numbers.get(name, 0)}.{digest(value_of(field))}" for name, field in fields.items()})


def mark_of(row: LiveShown) -> str:
    """Give the mark of a field as it stands: its number, and the digest of its text."""
    return f"{row.number}.{digest(row.value)}"


def read_seen(sent: str | None) -> dict[str, tuple[int, str]] | None:
    """Read what a form carried along; None where it carried nothing that can be read."""
    try:
        found = json.loads(sent or "")
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    parts = {name: str(mark).partition(".") for name, mark in found.items()}
    return {
        name: (number, held) for name, (sent, _dot, held) in parts.items()
        if held and (number := row_number(sent)) is not None
    }  # fmt: skip


def merge(fields: Mapping[str, Any], rows: Iterable[LiveShown], seen: Mapping[str, tuple[int, str]]) -> list[str]:
    """Take into a form what others have changed since it was shown; gives the fields that both have changed.

    A field that the person left as it was takes the other text, and a field that nobody else changed keeps theirs.
    """
    both = []
    for row in rows:
        if row.name not in fields or row.name not in seen or row.name in own_names():
            continue
        number, held = seen[row.name]
        sent = value_of(fields[row.name])
        if row.number == number or digest(sent) == digest(row.value):
            continue
        if digest(sent) == held:
            put(fields[row.name], row.value)
        else:
            both.append(row.name)
    return both


def digest(value: str) -> str:
    """Give a short digest of a text, by which it is seen whether a person changed it."""
    text = value.replace("\r\n", "\n").strip()
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:10]
