"""Tools as they are shipped, and answers for them, made in the fewest words."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import draft_of, tool_of
from meetings_app.assessments.reading import read_answers
from meetings_app.assessments.scoring import Outcome, outcome_of
from meetings_app.assessments.sections import Draft, keys_of, mark_of, part_of
from meetings_app.assessments.service import finish, save_section, start
from meetings_app.children.models import Child
from meetings_app.partnership import ToolDefinition, load, read_tool
from meetings_app.permissions import Actor
from meetings_app.resources import folder
from tests.support.world import NOW

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


def fill_in(
    session: Session,
    by: Actor,
    child: Child,
    tool: str = "seraf",
    ticks: Ticks | None = None,
    *,
    now: datetime = NOW,
    **fields: Any,
) -> Assessment:
    """Start an assessment and fill in every section, as the pages do: what is ticked, and every text."""
    assessment = start(session, by, now, load(folder("agendas")), child, tool)
    fill_sections(session, by, assessment, ticks, now=now, **fields)
    return assessment


def fill_sections(
    session: Session, by: Actor, assessment: Assessment, ticks: Ticks | None = None, *, now: datetime = NOW,
    **fields: Any,
) -> None:  # fmt: skip
    """Fill in every section of a draft."""
    definition = tool_of(session, assessment)
    draft = Draft(
        assessment.born, fields.get("assessed_on", assessment.assessed_on), _answers(definition, ticks, fields)
    )
    for key in keys_of(definition):
        part = part_of(definition, draft, key)
        if "gone" in part:
            ticked_now = {tick["code"] for tick in part["indicators"]}
            own = [code for code in assessment.before if definition.tier_of[code].key == key]
            part["gone"] = [code for code in own if code not in ticked_now]
        mark = mark_of(part_of(definition, draft_of(assessment), key))
        save_section(session, by, now, assessment, definition, key, mark, part)


def finished(
    session: Session,
    by: Actor,
    child: Child,
    tool: str = "seraf",
    ticks: Ticks | None = None,
    *,
    now: datetime = NOW,
    **fields: Any,
) -> Assessment:
    """A finished assessment of the child."""
    assessment = fill_in(session, by, child, tool, ticks, now=now, **fields)
    finish(session, by, now, load(folder("agendas")), assessment, tool_of(session, assessment), assessment.version)
    return assessment


def _answers(tool: ToolDefinition, ticks: Ticks | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Answers that can be finished: every question and heading is answered, and a judged tool has a level."""
    indicators = []
    for code, when in (ticks or {}).items():
        asked = {question.key: question.choices[0].code for question in tool.tier_of[code].questions}
        indicators.append({"code": code, "when": list(when), "evidence": "Seen by the school.", **asked})
    level = {"level": fields.get("level", "low")} if tool.method == "judged" else {}
    return {
        "learning_disability": fields.get("learning_disability", False), "disability": False,
        "indicators": indicators, "other_factors": fields.get("other_factors", []),
        "headings": {heading.key: f"{heading.title}: plainly invented words." for heading in tool.headings}, **level,
    }  # fmt: skip
