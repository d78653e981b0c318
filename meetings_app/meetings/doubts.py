"""What is pointed out of the items of a meeting, by the same rules before it closes and before its minutes are issued.

Pure; all of it is our default. What is serious takes a reason to go past, so that the reason does not become a dot: a
child at high risk whom the police did not discuss, a child without the lead agency that the rating asks for, a child on
the list whom no meeting will hear.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from meetings_app.meetings.models import Outcome
from meetings_app.partnership.definitions import RatingRules
from meetings_app.ratings.levels import RiskRating
from meetings_app.ratings.rules import needs_lead_agency

POLICE = "police"
POLICE_WORDS = "What the police know stands in the discussion or the rationale, which go into the child’s file"
_DISCUSSED = (Outcome.RATED, Outcome.CLOSED, Outcome.NOTED, Outcome.DEFERRED)
_HEARD = (Outcome.RATED, Outcome.CLOSED, Outcome.NOTED)


@dataclass(frozen=True)
class Doubt:
    """Something to see to first, with the numbers of the items on which it is so.

    `needs_reason` says that going on without seeing to it takes a reason. `part` is where on the page of an item it
    stands.
    """

    code: str
    why: str
    numbers: tuple[str, ...]
    needs_reason: bool = True
    part: str = ""


@dataclass(frozen=True)
class Checked:
    """One item as the checks read it: decided, or still open without an `outcome`.

    `before` is the rating with which the child came, `after` the one with which the child goes on the list, None for
    whoever is not on it then. `led` says that a lead agency is named, `homed` that a meeting will hear the child,
    `police` that they were in the room, `said` which agencies told something, before the meeting or in it, `to_leave`
    that somebody with a conflict of interest is not recorded as having left the room, `police_words` that a text which
    goes into the child’s file tells what the police know.
    """

    number: str
    outcome: Outcome | None
    before: RiskRating | None
    after: RiskRating | None
    led: bool
    homed: bool
    police: bool
    said: Collection[str]
    over: bool
    to_leave: bool
    police_words: bool


def doubts_in(
    numbers: Mapping[tuple[str, str], Sequence[str]], *, needs_reason: bool = True, part: str = ""
) -> list[Doubt]:
    """Give a doubt for each code and sentence that has items, in their order."""
    return [Doubt(code, why, tuple(items), needs_reason, part) for (code, why), items in numbers.items() if items]


def doubts_about(items: Sequence[Checked], rules: RatingRules, expected: Mapping[str, str]) -> list[Doubt]:
    """Give what is pointed out of the items; `expected` are the agencies asked to tell what they know, by code.

    What is serious comes first.
    """
    listed = [(item, item.after) for item in items if item.after not in (None, RiskRating.NONE)]
    return [
        *doubts_in({
            ("no_police", "High risk before the meeting or after it, and the police were not in the room"): [
                item.number for item in items
                if item.outcome in _DISCUSSED and RiskRating.HIGH in (item.before, item.after) and not item.police
            ],
            ("no_lead_agency", "No lead agency"): [
                item.number for item, after in listed if after and needs_lead_agency(after, rules) and not item.led
            ],
            ("no_next_review", "No meeting stands for the next review"): [
                item.number for item, _after in listed if not item.homed
            ],
        }),
        *doubts_in({("over_time", "Took longer than planned"): [item.number for item in items if item.over]},
                   needs_reason=False, part="time"),
        *doubts_in({
            ("not_left", "Somebody with a conflict of interest is not recorded as having left the room"): [
                item.number for item in items if item.outcome in _DISCUSSED and item.to_leave
            ],
        }, needs_reason=False),
        *doubts_in({
            ("police_words", POLICE_WORDS): [item.number for item in items if item.police_words],
        }, needs_reason=False, part="views"),
        *_silent([item for item in items if item.outcome in _HEARD], expected),
    ]  # fmt: skip


def _silent(heard: Sequence[Checked], expected: Mapping[str, str]) -> list[Doubt]:
    """Agencies that told nothing of a child who was heard: one line each, without numbers where it is so of all."""
    found = []
    for code, name in expected.items():
        numbers = tuple(item.number for item in heard if code not in item.said)
        if heard and len(numbers) == len(heard):
            found.append(Doubt("no_information", f"{name} told nothing about any child heard", (), needs_reason=False))
        elif numbers:
            found.append(Doubt("no_information", f"{name} told nothing", numbers, needs_reason=False))
    return found
