"""The agenda as other programs read it (`contracts.md`, "Agenda as JSON")."""

from collections.abc import Sequence
from typing import Any

from meetings_app.meetings.agenda import Draft
from meetings_app.meetings.minutes_earlier import EarlierMinutes
from meetings_app.meetings.sections import DraftItem


def agenda_as_json(agenda: Draft, meeting: dict[str, Any], earlier: Sequence[EarlierMinutes] = ()) -> dict[str, Any]:
    """Give the agenda as plain values, with `meeting` as its head; every section is there, also an empty one.

    `earlier` are the minutes that the meeting hears for approval, newest first.
    """
    return {
        "meeting": meeting,
        "sections": [
            {"key": section.key, "title": section.title, "items": [_item(item) for item in section.items]}
            for section in agenda.sections
        ],
        "earlier_minutes": [
            {"ref": each.meeting, "held_on": each.held_on.isoformat(), "signed": each.signed} for each in earlier
        ],
        "minutes_needed": agenda.minutes_needed,
        "minutes_available": agenda.minutes_available,
        "not_on_agenda": [{"child": entry.child, "why": entry.why} for entry in agenda.not_on_agenda],
    }


def _item(item: DraftItem) -> dict[str, Any]:
    return {
        "number": item.number,
        "child": item.child,
        "minutes": item.minutes,
        "rating": item.rating.value if item.rating else None,
        "provisional": item.provisional,
        "urgent": item.urgent,
        "late": item.late,
        "fits": item.fits,
        "reasons": [{"code": reason.code.value, "text": reason.text} for reason in item.reasons],
    }
