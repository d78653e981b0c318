"""The agenda of a network meeting as other programs read it (`contracts.md`): items carry `subject`, not `child`."""

from typing import Any

from meetings_app.network_meetings.agenda import Draft, DraftItem


def agenda_as_json(agenda: Draft, meeting: dict[str, Any]) -> dict[str, Any]:
    """Give the agenda as plain values. A referral that is not taken up yet stands with its own reference."""
    return {
        "meeting": meeting,
        "sections": [
            {"key": section.key, "title": section.title, "items": [_item(item) for item in section.items]}
            for section in agenda.sections
        ],
        "minutes_needed": agenda.minutes_needed,
        "minutes_available": agenda.minutes_available,
        "not_on_agenda": [{"subject": each.reference, "why": each.why} for each in agenda.absent],
    }


def _item(item: DraftItem) -> dict[str, Any]:
    return {
        "number": item.number,
        "subject": item.reference,
        "minutes": item.minutes,
        "late": item.late,
        "fits": item.fits,
        "reasons": [{"code": reason.code.value, "text": reason.text} for reason in item.reasons],
    }
