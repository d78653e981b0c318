"""Assessments as JSON: what the contract names, and beside it what other programs may want."""

import json
from typing import Any

from meetings_app.assessments.rules import Reassessment
from meetings_app.assessments.scoring import Outcome
from meetings_app.errors import DomainError
from meetings_app.partnership.tools import ToolDefinition


def parse(text: str) -> object:
    """Give the JSON document in `text`. Raises `DomainError` with one line; a field twice in one object is refused."""
    try:
        document: object = json.loads(text, object_pairs_hook=_each_field_once)
    except json.JSONDecodeError as error:
        raise DomainError(f"The file is not JSON: {error.msg} in line {error.lineno}.") from None
    except RecursionError:
        raise DomainError("The file is not JSON that can be read: too much stands inside one another.") from None
    return document


def _each_field_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise DomainError("A field stands twice in one JSON object. Nothing was assessed.")
    return fields


def outcome_json(tool: ToolDefinition, outcome: Outcome, again: Reassessment) -> dict[str, Any]:
    """Give an outcome as the contract has it. From `level_before_floors` on, the fields stand beside the contract."""
    category = outcome.category
    return {
        "tool": outcome.tool,
        "version": outcome.version,
        "score": outcome.score,
        "category": {"number": category.number, "label": category.label} if category else None,
        "level": outcome.level,
        "subtotals": dict(outcome.subtotals),
        "other_factors": list(outcome.other_factors),
        "flags": list(outcome.flags),
        "actions": [action.text for action in outcome.actions],
        "level_before_floors": outcome.level_before_floors,
        "recommended_actions": [action.model_dump() for action in outcome.actions],
        "reassess_from": again.earliest.isoformat(),
        "reassess_by": again.latest.isoformat(),
        "unofficial": tool.unofficial,
    }


def tools_json(tools: tuple[ToolDefinition, ...]) -> dict[str, Any]:
    """Give the tools there are, each with its version."""
    fields = {"code", "name", "version", "unofficial", "method"}
    return {"tools": [tool.model_dump(include=fields) for tool in tools]}


def tool_json(tool: ToolDefinition) -> dict[str, Any]:
    """Give the whole definition of a tool, its indicators as one list, each with its tier and when it may be ticked."""
    whole = tool.model_dump(exclude={"tiers"})
    tiers = [
        {**tier.model_dump(exclude={"indicators"}), "when": list(tool.windows_of(tier))} for tier in tool.tiers
    ]  # fmt: skip
    indicators = [
        {"code": each.code, "label": each.label, "tier": tier.key, "note": each.note}
        for tier in tool.tiers
        for each in tier.indicators
    ]
    return {**whole, "tiers": tiers, "indicators": indicators}
