"""What agencies sent before a meeting and said in it, as the minutes keep it, and which copy says how much of it.

The record keeps all of it. A copy says what its reader heard: not shared stays not shared, and what the police know is
in no copy for a child’s file and in none without names. That they disagree is on record there too, without their words,
and so is, in the copy of an agency, that another one disagrees.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from meetings_app.preparing.queries import SentShown
from meetings_app.preparing.rules import Answer

POLICE = "police"
NOT_IN_THEIR_WORDS = "what they say is not in this copy."
GOES_ON = ("child", "anonymised")
"""The kinds of copies that are passed on to others than those who were at the meeting."""


def information_facts(heard: Iterable[SentShown], agencies: Mapping[int, Any]) -> list[dict[str, Any]]:
    """Give what the agencies sent about a child and the meeting heard, `agencies` by their id."""
    return [
        {
            "agency": said.agency, "agency_code": agencies[said.agency_id].code, "answer": said.answer.value,
            "facts": said.facts, "opinion": said.opinion, "source": said.source, "reason": said.reason,
            "late": said.late,
        }
        for said in heard
    ]  # fmt: skip


def told_before(item: Mapping[str, Any], kind: str, own: str, text: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Give agency and words of what a copy of one `kind` of audience says of an item.

    `own` is the agency whose words alone it has, empty for all; each goes through `text`.

    Where the information comes from, and why something is not shared, stand in the chair’s copy. What was not reached
    was told to nobody: it does not go on, and that nothing is known of it says nothing (our default).
    """
    unheard = item.get("not_reached") is not None
    for said in item.get("information", ()):
        if unheard and (kind in GOES_ON or said["answer"] == Answer.NOTHING_KNOWN.value):
            continue
        if own and said["agency_code"] != own:
            continue
        if kind in GOES_ON and said["agency_code"] == POLICE:
            continue
        yield said["agency"], text(_words(said, whole=kind == "chair"))


def told_in_the_room(
    item: Mapping[str, Any], kind: str, own: str, text: Callable[[str], str]
) -> Iterator[tuple[str, str, bool]]:
    """Give agency, words and whether it dissents, of what was thought of an item, as a copy of one `kind` says it.

    `own` is the agency for whose people the copy is, empty for all: what another one told is not for those of its
    colleagues who were not in the room, but that it disagrees with the decision is. Each text goes through `text`.
    """
    for view in item.get("views", ()):
        of_another = bool(own) and view["agency_code"] != own
        if not of_another and (kind not in GOES_ON or view["agency_code"] != POLICE):
            yield view["agency"], text(view["text"]), view["dissents"]
        elif view["dissents"]:
            yield view["agency"], NOT_IN_THEIR_WORDS, True


def _words(said: Mapping[str, Any], *, whole: bool) -> str:
    when = "Sent during the meeting" if said["late"] else "Sent before the meeting"
    if said["answer"] == Answer.NOTHING_KNOWN.value:
        return f"{when}: nothing known."
    if said["answer"] == Answer.NOT_SHARED.value:
        why = f" Why: {said['reason']}" if whole else ""
        return f"{when}: there is information that is not shared.{why}"
    parts = [said["facts"], f"Opinion: {said['opinion']}" if said["opinion"] else ""]
    parts += [f"Source: {said['source']}"] if whole and said["source"] else []
    return f"{when}: " + "\n".join(part for part in parts if part)
