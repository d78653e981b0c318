"""Saying what the trail records, an entry a sentence."""

from typing import Any

from meetings_app.audit.event_words import SENTENCES
from meetings_app.audit.events import EventKind


def sentence(kind: str, facts: dict[str, Any]) -> str:
    """Say an entry as a sentence without its subject, for a page that names the person before it.

    A fact that an older entry lacks is said as “not recorded”; an unknown kind is shown as it stands.
    """
    try:
        text = SENTENCES[EventKind(kind)]
    except ValueError:
        return kind
    return text.format_map(_Facts(facts))


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        # An entry of the list once held the number of children where it now holds who they were.
        if key == "shown" and isinstance(self.get("children"), int):
            return str(self["children"])
        return "not recorded"
