"""`meetings tools` and `meetings assess`: the assessment tools from the command line. No child's record is read.

They use the definitions that rule, or the files of `agendas/` where there is no database yet.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click

from meetings_app.assessments.answers import Answers
from meetings_app.assessments.assessment_json import outcome_json, parse, tool_json, tools_json
from meetings_app.assessments.reading import read_answers
from meetings_app.assessments.rules import Reassessment, flag_texts, reassessment, tool_called
from meetings_app.assessments.scoring import Outcome, outcome_of
from meetings_app.errors import DomainError
from meetings_app.partnership import ToolDefinition
from meetings_app.program import Program
from meetings_app.text import day_in_words

_UNOFFICIAL = "Unofficial: the names of the indicators are ours, not those of the owner’s form."


@click.group()
def tools() -> None:
    """List the assessment tools, and show one."""


@tools.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_tools(program: Program, as_json: bool) -> None:
    """List the assessment tools."""
    there: tuple[ToolDefinition, ...] = program.partnership.tools
    if as_json:
        click.echo(json.dumps(tools_json(there), ensure_ascii=False))
        return
    for tool in there:
        click.echo(f"{tool.code}  {_title(tool)}, {len(tool.tier_of)} indicators")


@tools.command("show")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def show_tool(program: Program, code: str, as_json: bool) -> None:
    """Show the indicators and the categories of the tool with this CODE."""
    tool = tool_called(program.partnership.tools, code)
    if as_json:
        click.echo(json.dumps(tool_json(tool), ensure_ascii=False))
        return
    for line in _shown(tool):
        click.echo(line)


@click.command()
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE.json")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def assess(program: Program, code: str, file: Path, as_json: bool) -> None:
    """Say what the tool with this CODE makes of the answers in a file. Nothing is kept.

    The result never sets the risk rating: an RMM does that. Every problem in the file is named.
    """
    tool = tool_called(program.partnership.tools, code)
    answers = read_answers(tool, parse(_text_of(file)))
    outcome = outcome_of(tool, answers)
    default_days = program.partnership.ratings.assessment.reassess_days
    again = reassessment(tool, outcome.category, answers.assessed_on, default_days)
    if as_json:
        click.echo(json.dumps(outcome_json(tool, outcome, again), ensure_ascii=False))
        return
    for line in _said(tool, answers, outcome, again):
        click.echo(line)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DomainError("The file is not UTF-8 text.") from None


def _title(tool: ToolDefinition) -> str:
    return f"{tool.name}, version {tool.version}{' (unofficial)' if tool.unofficial else ''}"


def _shown(tool: ToolDefinition) -> Iterator[str]:
    yield _title(tool)
    if tool.unofficial:
        yield _UNOFFICIAL
    yield tool.licence
    for tier in tool.tiers:
        yield f"\n{tier.title} ({tier.key}; when: {', '.join(tool.windows_of(tier))})"
        for indicator in tier.indicators:
            yield f"  {indicator.code}: {indicator.label}"
        for question in tier.questions:
            yield f"  Asked beside each ({question.key}): {', '.join(choice.code for choice in question.choices)}"
    yield "\nCategories"
    for category in tool.categories:
        begins = f", from {category.from_score} points" if category.from_score is not None else ""
        yield f"  {category.number}: {category.label}{begins} (level: {category.level})"


def _said(tool: ToolDefinition, answers: Answers, outcome: Outcome, again: Reassessment) -> Iterator[str]:
    yield _title(tool)
    if tool.unofficial:
        yield _UNOFFICIAL
    score = "" if outcome.score is None else f"Score {outcome.score}. "
    category = outcome.category
    found = f"Category {category.number}, {category.label} (level: {category.level})" if category else "No level"
    parts = ", ".join(f"{name} {number}" for name, number in outcome.subtotals.items())
    yield f"{score}{found}: {parts}."
    words = flag_texts(tool)
    yield from (f"Note: {words[flag]}" for flag in outcome.flags)
    for action in outcome.actions:
        due = day_in_words(answers.assessed_on + timedelta(days=action.days))
        yield f"Usually: {action.text} ({action.agency}, by {due})"
    yield f"Use the tool again by {day_in_words(again.latest)}, and after every change in circumstances."
