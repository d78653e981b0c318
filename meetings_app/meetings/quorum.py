"""What the people in the room for an item allow: said in words, beside the decision."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Quorum:
    """Which agencies of the quorum are not in the room, and which are expected there; each by its name."""

    recorded: bool
    missing: tuple[str, ...]
    expected: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What it allows, as one sentence. Our default: the quorum is asked of each item, by agency."""
        if not self.recorded:
            return "Attendance is not recorded yet: without a quorum a rating is provisional."
        if self.missing:
            return (
                f"No quorum for this item: nobody from {_listed(self.missing)} is in the room. "
                "A rating is provisional: it can list and raise, but not lower or close."
            )
        return "There is a quorum for this item: it can be rated, and closed."


def quorum_at(
    present: Collection[str], needed: Collection[str], expected: Collection[str], names: Mapping[str, str], *,
    recorded: bool = True,
) -> Quorum:  # fmt: skip
    """Give the quorum of an item by the codes of the agencies in the room; `names` says them in words."""
    return Quorum(
        recorded=recorded, missing=tuple(names.get(code, code) for code in needed if code not in present),
        expected=tuple(names.get(code, code) for code in expected if code not in present and code not in needed),
    )  # fmt: skip


def agencies_missing(apologies: Collection[str], needed: Collection[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Give by name the agencies of the quorum from which nobody comes; `apologies` are the codes of who sent them.

    Who has not said how they come is not among them: they may come.
    """
    return tuple(names.get(code, code) for code in needed if code in apologies)


def said_before(missing: Collection[str]) -> str:
    """Say before a meeting, while there is time to ask for a deputy, what it could not do; empty with a quorum."""
    if not missing:
        return ""
    return (
        f"No quorum as it stands: nobody from {_listed(missing)} comes. "
        "Ratings would be provisional: they can list and raise, but not lower or close."
    )


def _listed(names: Collection[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
