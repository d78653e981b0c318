"""The boxes of an item for somebody whom a conflict of interest keeps from another child, whom a text there may name.

They read such a box without the name, and what they send for it counts for nothing: it is for whoever sees every item.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from wtforms import StringField

from meetings_app.meetings.kept_apart import LEAVE_OUT, NOBODY, NOT_YOURS, Apart
from meetings_app.meetings.live_fields import Typed
from meetings_app.meetings.live_form import digest
from meetings_app.meetings.live_queries import AsideShown, LiveShown


def others_boxes(apart: Apart, fields: Mapping[str, Any]) -> frozenset[str]:
    """Give the boxes that hold more than the person reads, by name; `fields` are those of the item as it stands."""
    return frozenset() if apart is NOBODY else frozenset(_hiding(apart, fields))


def cover(apart: Apart, boxes: Collection[str], present: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
    """Let these boxes of a form show what the person reads of the text that is present, and take nothing."""
    for name in boxes:
        fields[name].data, fields[name].errors = apart.text(present[name].data), ()
        fields[name].render_kw = {**(fields[name].render_kw or {}), "readonly": True}


def typed_over(
    apart: Apart, boxes: Collection[str], present: Mapping[str, Any], fields: Mapping[str, Any]
) -> dict[str, str]:
    """Give what was sent for these boxes and is not what the person was shown there: a page that was open before."""
    sent = {name: fields[name].data or "" for name in boxes}
    return {
        name: text for name, text in sent.items() if text and digest(text) != digest(apart.text(present[name].data))
    }


def leave_as_recorded(boxes: Collection[str], recorded: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
    """Put what is recorded in place of whatever was sent for these boxes."""
    for name in boxes:
        fields[name].data = recorded[name].data


def refuse_naming(apart: Apart, boxes: Collection[str], fields: Mapping[str, Any]) -> bool:
    """Refuse beside each other box what the person typed about the child from whom they are kept; says whether any."""
    naming = [name for name in _hiding(apart, fields) if name not in boxes]
    for name in naming:
        fields[name].errors = [*fields[name].errors, LEAVE_OUT]
    return bool(naming)


def rows_read(apart: Apart, rows: Iterable[LiveShown]) -> list[LiveShown]:
    """Give what is typed as the person reads it; a box that is not theirs to fill in says so."""
    return [row._replace(value=apart.text(row.value), others=apart.notice(row.value)) for row in rows]


def asides_read(apart: Apart, rows: Iterable[AsideShown]) -> list[AsideShown]:
    """Give what was set aside as the person reads it."""
    return [row._replace(value=apart.text(row.value), others=apart.notice(row.value)) for row in rows]


def typed_apart(apart: Apart, boxes: Collection[str], typed: Iterable[Typed]) -> tuple[list[Typed], dict[str, str]]:
    """Give what may be kept of what a browser sends, and by the name of its box why the rest may not."""
    good, problems = list[Typed](), dict[str, str]()
    for each in typed:
        name = each.name.partition("@")[0]
        if name in boxes:
            problems[name] = NOT_YOURS
        elif apart.hides(each.value):
            problems[name] = LEAVE_OUT
        else:
            good.append(each)
    return good, problems


def _hiding(apart: Apart, fields: Mapping[str, Any]) -> list[str]:
    return [name for name, field in fields.items() if isinstance(field, StringField) and apart.hides(field.data or "")]
