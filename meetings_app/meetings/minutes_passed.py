"""In spite of what a meeting was closed: kept with its minutes, and said in each copy as far as it holds the items.

Why may name a child: it is in the full and the chair’s copy of whoever records the meeting and sees every item.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from meetings_app.documents import facts as word
from meetings_app.meetings.doubts import Doubt
from meetings_app.meetings.minutes_audience import Audience

_TITLE = "Closed although this was pointed out"


def gone_past(doubts: Sequence[Doubt], reason: str) -> dict[str, Any]:
    """Give what the minutes keep of it; nothing where nothing asked for a reason."""
    if not doubts:
        return {}
    pointed = [{"why": doubt.why, "numbers": list(doubt.numbers)} for doubt in doubts]
    return {"gone_past": {"pointed": pointed, "reason": reason.strip()}}


def passed_lines(
    kept: Mapping[str, Any], audience: Audience, shown: Collection[str], text: Callable[[str], str], *, whole: bool
) -> tuple[word.Line, ...]:
    """Say in spite of what the meeting was closed, of the items that a copy shows, by their numbers.

    `whole` says that it shows every item, to somebody who records the meeting; the reason goes through `text`.
    """
    said = kept.get("gone_past")
    if said is None:
        return ()
    of_copy = [(each["why"], [number for number in each["numbers"] if number in shown]) for each in said["pointed"]]
    lines = [
        f"{why}: {'item' if len(numbers) == 1 else 'items'} {', '.join(numbers)}" for why, numbers in of_copy if numbers
    ]
    if not lines:
        return ()
    why = (
        f"Why: {text(said['reason'])}"
        if whole and audience.kind in ("full", "chair")
        else ("Why is recorded beside the minutes.")
    )
    return (word.Line(_TITLE, "\n".join([*lines, why])),)
