"""How figures of the rules are written for people, and what a form may take for each. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from typing import Any

from meetings_app.rules_page.catalogue import Rule
from meetings_app.rules_page.values import IN_USE, MODELS
from meetings_app.text import capital_first, clock_time

OPTIONS: Mapping[str, str] = {
    "held_or_reason": "Held, or a named manager’s reason why not",
    "considered": "Considered, and the consideration recorded",
    "not_asked": "Not asked for",
    "high": "High",
    "medium": "Medium",
    "low": "Low",
    "none": "No CSE risk identified",
    "actions": "Actions that serve each aim",
    "contingency": "What happens if the plan does not work",
    "views": "The child’s and the parents’ or carers’ views, or why not sought",
    "school": "Whether the school gets its copy",
    "dated_aim": "A date for at least one aim",
    "missing": "Where the child went missing, what is done then",
    "discussion": "It is held, or a named manager says why not",
    "consideration": "The consideration is recorded",
    "placement_move": "placement move",
    "missing_episode": "missing episode",
    "incident": "incident",
    "disclosure": "disclosure",
    "new_intelligence": "new intelligence",
    "release_of_perpetrator": "release of a perpetrator",
    "repeat_referral": "repeat referral",
    "manager": "The discussion with the team manager is recorded",
}
"""What the codes that a file may hold mean."""


@dataclass(frozen=True)
class Shape:
    """What may stand in one place of a file: `kind` is whole number, yes or no, one of, several of, time or text."""

    kind: str
    lowest: int = 0
    highest: int = 0
    options: tuple[str, ...] = ()
    may_be_empty: bool = False


AN_AGENCY, NOBODY = ".held_by", "nobody"
"""How the key of a rule ends that names one agency, and what stands on a form for none."""

_KINDS = {"integer": "number", "boolean": "yes_no", "array": "several", "string": "text"}


@lru_cache(maxsize=512)
def shape_of(file: str, key: str) -> Shape:
    """Give what may stand in a place of a file, as the validator of the file has it."""
    if key.endswith(f".{IN_USE}"):
        return Shape("yes_no")
    if key.endswith(AN_AGENCY):
        return Shape("one_of", may_be_empty=True)
    schema = MODELS[file].model_json_schema()
    found: Any = schema
    for part in key.split("."):
        found = _resolved(found, schema)
        # What a list holds is named by its code, and every one of them has the same shape.
        found = found["items"] if found.get("type") == "array" else found["properties"][part]
    return _shape(found, schema)


def _shape(found: Mapping[str, Any], schema: Mapping[str, Any]) -> Shape:
    either = [_resolved(part, schema) for part in found.get("anyOf", [found])]
    present = next(part for part in either if part.get("type") != "null")
    listed = _resolved(present.get("items", {}), schema)
    kind = "time" if present.get("format") == "time" else _KINDS[present["type"]]
    return Shape(
        kind="one_of" if kind == "text" and "enum" in present else kind,
        lowest=present.get("minimum", 0), highest=present.get("maximum", 0),
        options=tuple(present.get("enum", listed.get("enum", ()))), may_be_empty=len(either) > 1,
    )  # fmt: skip


def _resolved(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = schema["$defs"][part["$ref"].rsplit("/", 1)[1]] if "$ref" in part else part
    return found


def in_words(value: Any, unit: str = "", names: Mapping[str, str] = OPTIONS) -> str:
    """Write a figure for people; `names` says what codes mean, such as the names of agencies."""
    if value is None:
        return "No time is set" if unit else "None"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, time):
        return clock_time(value)
    if isinstance(value, tuple | list):
        return "; ".join(names.get(str(each), str(each)) for each in value) or "None"
    if isinstance(value, int):
        return _counted(value, unit)
    return names.get(str(value), str(value))


def _counted(value: int, unit: str) -> str:
    text = f"{value} {unit[:-1] if value == 1 else unit}".strip()
    if unit == "months" and value > 24 and value % 3 == 0:
        return f"{text} ({value // 12}{ {0: '', 3: '¼', 6: '½', 9: '¾'}[value % 12] } years)"
    return text


def rule_in_words(rule: Rule, value: Any, agencies: Mapping[str, str]) -> str:
    """Write what a rule says now; `agencies` gives their names by code."""
    if rule.key.endswith(AN_AGENCY):
        return in_words(value, rule.unit, {**agencies, "": "No agency by itself"})
    return in_words(value, rule.unit, agencies if rule.key.endswith("_agencies") else OPTIONS)


def hint_of(rule: Rule, shape: Shape) -> str:
    """Say what may be entered for a rule."""
    if shape.kind != "number":
        return ""
    said = f"{rule.unit.capitalize() or 'A number'}, from {shape.lowest} to {shape.highest:,}"
    needed = rule.key.endswith((".review_days", ".maximum_days"))
    return f"{said}. Leave it empty for no time." if shape.may_be_empty and not needed else said


def agencies_of(named: Sequence[Any]) -> Mapping[str, str]:
    """Give the names of the agencies of a partnership by their codes."""
    return {agency.code: agency.name for agency in named}


def reason_in_words(part: Mapping[str, Any], tools: Mapping[str, str]) -> str:
    """Say when a reason for a strategy discussion is suggested; `part` holds its figures, `tools` names by code."""
    tool = tools.get(part.get("tool") or "", part.get("tool"))
    said = [
        f"rated {_either(part['ratings'])}" if part.get("ratings") else "",
        f"category {_either(part['categories'])} of {tool}" if part.get("categories") else "",
        f"a tick that counts in the tier {part['tier'].replace('_', ' ')}" if part.get("tier") else "",
        _changes_in_words(part) if part.get("changes") else "",
        f"under {part['under_age']}, with an indicator or a risk found" if part.get("under_age") else "",
        "last rated in another area" if part.get("moved_area") else "",
    ]
    said = [each for each in said if each]
    if not said:
        return "People say it; it is never suggested"
    return capital_first("; ".join([*said, *(["on the list"] if part.get("known") else [])]))


def _changes_in_words(part: Mapping[str, Any]) -> str:
    kinds, least = _either(part["changes"]), part.get("at_least", 1)
    times = f"{least} times " if least > 1 else ""
    days = part.get("within_days")
    return f"{kinds} {times}{f'in the last {days} days' if days else 'that no meeting has heard'}"


def _either(codes: Sequence[Any]) -> str:
    return " or ".join(
        OPTIONS.get(str(code), str(code)).lower() if code != "none" else OPTIONS["none"] for code in codes
    )
