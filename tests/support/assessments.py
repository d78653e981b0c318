"""Tools as they are shipped, and answers for them, made in the fewest words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from meetings_app.assessments.reading import read_answers
from meetings_app.assessments.scoring import Outcome, outcome_of
from meetings_app.partnership import ToolDefinition, load, read_tool
from meetings_app.resources import folder

TOOLS = {tool.code: tool for tool in load(folder("agendas")).tools}
SERAF, KENT_MEDWAY, CSE1, SURREY = (TOOLS[code] for code in ("seraf", "kent-medway", "cse1", "surrey"))

BORN = date(2011, 5, 1)
ASSESSED_ON = date(2026, 11, 24)
"""The child is 15."""

Ticks = Mapping[str, Iterable[str]]


def codes_of(tool: ToolDefinition, tier: str) -> list[str]:
    """The codes of the indicators of one tier, in the order of the tool."""
    return [indicator.code for each in tool.tiers if each.key == tier for indicator in each.indicators]


def ticked(codes: Iterable[str], *when: str) -> dict[str, tuple[str, ...]]:
    """The same times for each of some indicators; `current` where none is given."""
    return dict.fromkeys(codes, when or ("current",))


def document(ticks: Ticks | None = None, **fields: Any) -> dict[str, Any]:
    """A whole document as the contract has it."""
    indicators = [
        {"code": code, "when": list(when), "evidence": "Seen by the school."} for code, when in (ticks or {}).items()
    ]
    return {"born": BORN.isoformat(), "assessed_on": ASSESSED_ON.isoformat(), "indicators": indicators, **fields}


def assess(tool: ToolDefinition, ticks: Ticks | None = None, **fields: Any) -> Outcome:
    """What the tool makes of these ticks."""
    return outcome_of(tool, read_answers(tool, document(ticks, **fields)))


def edited(code: str, *replacements: tuple[str, str]) -> ToolDefinition:
    """The shipped tool after a partnership changed its file."""
    text = (folder("agendas") / "tools" / f"{code}.toml").read_text("utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    return read_tool(text, f"tools/{code}.toml")
