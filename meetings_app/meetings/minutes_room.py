"""Who was in the room for an item, and what that allowed, as a copy of the minutes says it. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any


def room_lines(item: Mapping[str, Any], reader: int | None, *, named: bool) -> Iterator[str]:
    """Say who was not in the room for an item, and which agencies of the quorum were not.

    Whoever had a conflict of interest is not told so by a copy of their own: `reader` is their account. Without `named`
    nobody with a conflict is named, nor their agency, of which one person may have attended: the conflict may be that
    of a relative, whose name says who the child is. Nor is the agency then told by who was missing.
    """
    out = item.get("out_of_room", ())
    for person in out:
        if person["conflict"] and is_reader(person, reader):
            continue
        who = f"{person['name'] if named else 'one person'} ({person['agency']})"
        yield f"{_why_out(person)}: {who if named or not person['conflict'] else 'one person'}."
    missing = _missing(item)
    if missing:
        tells = not named and any(person["conflict"] for person in out)
        who = "" if tells else f": nobody from {' or '.join(missing)} was in the room"
        yield f"No quorum for this item{who}."


def is_reader(person: Mapping[str, Any], reader: int | None) -> bool:
    """Say whether somebody who was out of the room is who reads, by account: a person without one is never a reader."""
    return reader is not None and person["account_id"] == reader


def quorum_words(kept: Mapping[str, Any], shown: Collection[str]) -> str:
    """Say whether the meeting was quorate, and for which of the items that are `shown` it was not."""
    if not kept["quorate"]:
        return f"Not quorate: nobody present from {', '.join(kept['quorum_missing'])}"
    without = [item["number"] for item in kept["items"] if item["number"] in shown and _missing(item)]
    if not without:
        return "Quorate"
    return f"Quorate, except for {'item' if len(without) == 1 else 'items'} {' and '.join(without)}"


def _why_out(person: Mapping[str, Any]) -> str:
    if not person["conflict"]:
        return "Not in the room"
    # Minutes that were made before this was kept say of nobody that they stayed.
    if person.get("left", True):
        return "Not in the room because of a conflict of interest"
    return "Has a conflict of interest, and is not recorded as having left the room"


def _missing(item: Mapping[str, Any]) -> Sequence[str]:
    """Give the agencies whose absence counts: for an item that was not reached nobody was in the room at all."""
    missing: Sequence[str] = () if item["outcome"] == "not_reached" else item.get("quorum_missing", ())
    return missing
