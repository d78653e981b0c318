"""What was chosen on the page of the attendance, beside what it was opened with and what stands now. Pure.

A choice that was left as the page showed it takes what somebody else saved meanwhile, as the fields of an item do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from meetings_app.meetings.models import Presence
from meetings_app.meetings.queries import Attendant
from meetings_app.meetings.running import AttendanceLine, attendance_digest

Member = tuple[int, str, str, int]
"""A member of the meeting: account, name, agency, and the id of the agency."""


@dataclass(frozen=True)
class Opened:
    """What a page was opened with, by account: how each was recorded, and what was proposed where nothing was.

    None where the page did not carry it along; then all that it holds counts as chosen.
    """

    recorded: Mapping[str, str] | None
    proposed: Mapping[str, str]

    def left(self, account_id: int, sent: str | None) -> bool:
        """Whether the choice for a member was left as the page showed it."""
        if self.recorded is None:
            return False
        key = str(account_id)
        return sent in (None, self.recorded.get(key) or self.proposed.get(key, ""))

    def stands(self, account_id: int, there: Attendant | None) -> bool:
        """Whether a member is recorded as they were when the page was opened."""
        return (self.recorded or {}).get(str(account_id), "") == (there.presence.value if there else "")


@dataclass(frozen=True)
class Chosen:
    """What was chosen for the members: how each attended, and who is set back to nothing being recorded.

    `left` are those left as the page showed them, `both` those whom somebody else has recorded otherwise meanwhile;
    `there` is the digest of what stood beside it.
    """

    lines: list[AttendanceLine] = field(default_factory=list)
    off: list[Attendant] = field(default_factory=list)
    left: set[int] = field(default_factory=set)
    both: set[int] = field(default_factory=set)
    there: str = ""

    @property
    def keys_off(self) -> list[tuple[int, str]]:
        """Agency and name of those who are set back."""
        return [(each.agency_id, each.name) for each in self.off]

    def beside(self, saved: Mapping[int, Presence]) -> dict[int | None, Presence]:
        """Give what a form that is shown again starts from: what was chosen here, and of the others what is saved."""
        off = {each.account_id for each in self.off}
        others: dict[int | None, Presence] = {each: saved[each] for each in saved if each not in off}
        return {**others, **{line.account_id: line.presence for line in self.lines}}


def chosen_of(
    members: Iterable[Member], there: Sequence[Attendant], sent: Mapping[str, str], opened: Opened
) -> Chosen:  # fmt: skip
    """Read what was chosen for each member, with the note that stands there.

    Only whoever was recorded when the form was opened is set back by being put at “Not recorded”. What was proposed
    and left is recorded as long as nobody has recorded anything.
    """
    recorded, chosen = {line.account_id: line for line in there}, Chosen(there=attendance_digest(there))
    for account_id, name, _agency, agency_id in members:
        line, value = recorded.get(account_id), sent.get(f"presence-{account_id}")
        is_left, stands = opened.left(account_id, value), opened.stands(account_id, line)
        if is_left:
            chosen.left.add(account_id)
            if not stands or (line is None and there):
                continue
        if value in {presence.value for presence in Presence}:
            note = line.note if line else ""
            chosen.lines.append(AttendanceLine(agency_id, name, Presence(value), account_id, note))
        elif value == "" and line is not None and str(account_id) in (opened.recorded or {}):
            chosen.off.append(line)
        else:
            continue
        if not stands and value != (line.presence.value if line else ""):
            chosen.both.add(account_id)
    return chosen


def written(shown: Mapping[Any, Presence]) -> str:
    """Write what a page shows of the members into one hidden field, such as “12.present 14.apologies”."""
    return " ".join(f"{account_id}.{presence.value}" for account_id, presence in shown.items())


def read_back(value: str | None) -> dict[str, str] | None:
    """Read what `written` wrote; None where nothing was carried along."""
    if value is None:
        return None
    parts = (each.partition(".") for each in value.split())
    return {account_id: presence for account_id, _dot, presence in parts}
