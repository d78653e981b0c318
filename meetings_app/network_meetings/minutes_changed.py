"""What of the minutes of a network meeting can be put right, and what was since they were issued."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.meetings.minutes import locked_numbers
from meetings_app.meetings.minutes_texts import NOTES
from meetings_app.meetings.models import Minutes
from meetings_app.minutes.queries import last_issue, version_of
from meetings_app.minutes.rules import Written, rewritten
from meetings_app.schedule.models import Meeting

TEXTS = {"discussion": "Discussion", "about_suspects": "About suspects", "rationale": "Reasons for the decision"}
"""What of an item can be put right; the decision itself took effect and stays."""
OF_NOTES = {"notes": "Notes"}
"""What can be put right beside the items."""


def changed_since(issued: Mapping[str, Any], facts: Mapping[str, Any]) -> list[str]:
    """Give the items, `NOTES` among them, whose words were put right after a version was issued.

    What accepts a correction is none: whoever attended asked for it.
    """
    written: dict[tuple[str, str], list[Written]] = {}
    for each in facts.get("changes", ())[len(issued.get("changes", ())) :]:
        written.setdefault((each["item"], each["name"]), []).append(Written(each["after"], "correction" in each))
    return list(dict.fromkeys(item for item, _name in rewritten(_words(issued), _words(facts), written)))


def changed_since_issue(session: Session, meeting: Meeting, minutes: Minutes) -> list[str]:
    """Give the same for a version of a draft since the last issue; nothing before there is one, and of an amendment."""
    last = last_issue(session, meeting.key)
    issued = version_of(session, meeting.key, last.number) if last else None
    if issued is None or locked_numbers(session, meeting.key):
        return []
    return changed_since(issued.facts, minutes.facts)


def _words(facts: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    of_items = {(item["number"], name): item[name] for item in facts["items"] for name in TEXTS}
    return {(NOTES, name): facts[name] for name in OF_NOTES} | of_items
