"""What the lists of networks are narrowed by. Words are sent by form, for a name never stands in an address."""

from collections.abc import Mapping
from datetime import date

from meetings_app.networks.register import Asked
from meetings_app.networks.states import DisruptionState, SubjectKind
from meetings_app.spreadsheets.cells import CellProblem, parse_date

_LONGEST = 200


class SubjectFilter:
    """What a list of subjects is narrowed by."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self.kind = next((kind for kind in SubjectKind if kind.value == typed.get("kind")), None)
        self.words = typed.get("words", "")[:_LONGEST]
        self.also_closed = typed.get("closed") == "1"


class RegisterFilter:
    """What the register of disruption is narrowed by; a date that cannot be read is said, and narrows nothing."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        state = next((each for each in DisruptionState if each.value == typed.get("state")), None)
        self.before = typed.get("before", "")[:_LONGEST].strip()
        day = _day(self.before)
        self.wrong_date = bool(self.before) and day is None
        self.asked = Asked(
            typed.get("words", "")[:_LONGEST], typed.get("tactic", "")[:_LONGEST], state, day,
            typed.get("network", "")[:_LONGEST], typed.get("expires") == "soon",
        )  # fmt: skip

    @property
    def narrowed(self) -> bool:
        """Whether less than the whole register is asked for."""
        return self.asked != Asked()


def _day(typed: str) -> date | None:
    try:
        return parse_date(typed) if typed else None
    except CellProblem:
        return None
