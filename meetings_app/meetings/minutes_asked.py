"""What a rating asks for, as the minutes keep it, and which copy says how much of it.

The record keeps all of it with what became of it by the close. The copy of an agency has what is asked of that agency,
as it has its own actions. Why the meeting sets aside what the police are asked for may tell what they know, which is in
no copy for a child’s file and in none without names.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from meetings_app.actions.recommended_queries import Fate, RecommendedAction
from meetings_app.meetings.minutes_information import GOES_ON, POLICE
from meetings_app.text import day_in_words

ASKS_FOR = "What the rating asks for"


def asked_facts(asked: Iterable[RecommendedAction], agencies: Mapping[int, Any]) -> list[dict[str, Any]]:
    """Give what a rating asks for and what became of it, `agencies` by their id."""
    return [
        {
            "text": row.text, "agency": row.agency,
            "agency_code": agencies[row.agency_id].code if row.agency_id else "",
            "due_on": row.due_on.isoformat(), "fate": row.fate.value, "action": row.action, "reason": row.reason,
        }
        for row in asked
    ]  # fmt: skip


def asked_lines(item: Mapping[str, Any], kind: str, own: str) -> list[dict[str, str]]:
    """Give what a copy of one `kind` of audience says of it, in one line; none where nothing is asked for.

    `own` is the agency of whose copy it is, empty for all of them.
    """
    rows = [_words(row, kind) for row in item.get("asked", ()) if not own or row["agency_code"] == own]
    return [{"label": ASKS_FOR, "text": "\n".join(rows)}] if rows else []


def _words(row: Mapping[str, Any], kind: str) -> str:
    became = "Not taken up by the close of the meeting."
    if row["fate"] == Fate.TAKEN_UP.value:
        became = f"Taken up as action {row['action']}."
    elif row["fate"] == Fate.DECLINED.value:
        hidden = kind in GOES_ON and row["agency_code"] == POLICE
        became = "Set aside." if hidden else f"Set aside: {row['reason']}"
    return f"{row['text']} {row['agency']}, by {day_in_words(date.fromisoformat(row['due_on']))}. {became}"
