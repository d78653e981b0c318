"""What the pages on which an assessment is filled in show: how far each section is, and the answers to be checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meetings_app.assessment_record.filling_forms import SectionForm, form_for
from meetings_app.assessment_record.telling import times_of
from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import draft_of, finished_before, tool_of
from meetings_app.assessments.sections import (
    ABOUT,
    WORDS,
    Draft,
    Progress,
    Section,
    asks_for_disability,
    mark_of,
    part_of,
    problems_of,
    sections_of,
)
from meetings_app.assessments.service import may_fill_in
from meetings_app.children.ages import age_on
from meetings_app.partnership import ToolDefinition
from meetings_app.partnership.tool_parts import Tier
from meetings_app.text import capital_first, day_in_words
from meetings_app.web.context import actor, db, today

_YES_NO = {True: "Yes", False: "No", None: ""}


@dataclass(frozen=True)
class Checked:
    """One section as it is checked before the assessment is finished."""

    section: Section
    rows: tuple[Mapping[str, str], ...]


def overview(assessment: Assessment, tool: ToolDefinition) -> dict[str, Any]:
    """Give the sections of a draft with how far each is, and whether the person may fill them in."""
    sections = sections_of(tool, problems_of(tool, draft_of(assessment), today()), assessment.sections)
    return {
        "sections": sections,
        "complete": sum(section.progress is Progress.COMPLETE for section in sections),
        "following": next((section for section in sections if section.progress is not Progress.COMPLETE), None),
        "may_fill_in": may_fill_in(db(), actor(), assessment),
        "age": age_on(assessment.born, assessment.assessed_on) if assessment.born <= assessment.assessed_on else None,
    }


def section_form(assessment: Assessment, tool: ToolDefinition, key: str, *, stored: bool) -> SectionForm:
    """Give the form of a section: with what is stored, or with what was sent."""
    options = {"formdata": None} if stored else {}
    form = form_for(tool, key, assessment.before, **options)
    if stored:
        part = part_of(tool, draft_of(assessment), key)
        form.show(part)
        form.version.data = str(mark_of(part))
    return form


def last_time(assessment: Assessment) -> dict[str, str]:
    """Say by code what the last assessment said of each indicator that was ticked then, where the person sees it."""
    previous = finished_before(db(), assessment)
    if previous is None:
        return {}
    made_with = tool_of(db(), previous)
    labels = {window.key: window.label for window in made_with.windows}
    said = {}
    for tick in previous.answers["indicators"]:
        tier = made_with.tier_of[tick["code"]]
        when = ", ".join(times_of(made_with, tier, tick["when"], labels))
        said[tick["code"]] = f"Last time, {day_in_words(previous.assessed_on)}: {when}. {tick['evidence']}"
    return said


def checked_sections(assessment: Assessment, tool: ToolDefinition) -> list[Checked]:
    """Give every section with its answers, and what is still wrong in it."""
    draft = draft_of(assessment)
    sections = sections_of(tool, problems_of(tool, draft, today()), assessment.sections)
    return [Checked(section, tuple(_rows(assessment, tool, draft, section.key))) for section in sections]


def problem_links(assessment: Assessment, tool: ToolDefinition, sections: list[Section]) -> list[dict[str, str]]:
    """Give what stands in the way of finishing, each with the address of its field."""
    links = []
    for section in sections:
        form = section_form(assessment, tool, section.key, stored=True)
        for problem in section.problems:
            where = f"/assessments/{assessment.reference}/section/{section.key}?check=1#{form.place_of(problem)}"
            links.append({"text": form.named(problem), "href": where})
    return links


def _rows(assessment: Assessment, tool: ToolDefinition, draft: Draft, key: str) -> list[dict[str, str]]:
    if key == ABOUT:
        return _about_rows(assessment, tool, draft)
    if key == WORDS:
        return _word_rows(tool, draft)
    return _tick_rows(next(tier for tier in tool.tiers if tier.key == key), tool, part_of(tool, draft, key))


def _about_rows(assessment: Assessment, tool: ToolDefinition, draft: Draft) -> list[dict[str, str]]:
    part = part_of(tool, draft, ABOUT)
    rows = [
        ("Child", assessment.child_name),
        ("Date of birth", day_in_words(assessment.born)),
        ("Date of the assessment", day_in_words(assessment.assessed_on)),
        ("Learning disability", _YES_NO[part["learning_disability"]]),
    ]
    if asks_for_disability(tool):
        rows.append(("Disability", _YES_NO[part["disability"]]))
    return [{"key": key, "value": value} for key, value in rows]


def _word_rows(tool: ToolDefinition, draft: Draft) -> list[dict[str, str]]:
    part = part_of(tool, draft, WORDS)
    rows = [("Other factors", "\n".join(part["other_factors"]))]
    rows += [(heading.title, part["headings"].get(heading.key, "")) for heading in tool.headings]
    if tool.method == "judged":
        labels = {category.level: capital_first(category.label) for category in tool.categories}
        rows.append(("The level you judge", labels.get(part["level"], "")))
    return [{"key": key, "value": value} for key, value in rows]


def _tick_rows(tier: Tier, tool: ToolDefinition, part: Mapping[str, Any]) -> list[dict[str, str]]:
    windows = {window.key: window.label for window in tool.windows}
    ticks = {tick["code"]: tick for tick in part["indicators"]}
    rows = []
    for indicator in tier.indicators:
        lines = []
        if indicator.code in ticks:
            tick = ticks[indicator.code]
            lines = [", ".join(times_of(tool, tier, tick["when"], windows)), tick["evidence"]]
            lines.append(f"Source: {tick['source']}" if tick.get("source") else "")
            for question in tier.questions:
                answers = {choice.code: choice.label for choice in question.choices}
                answer = answers.get(tick.get(question.key, question.default or ""), "")
                lines.append(f"{question.text} {answer}" if answer else "")
        if indicator.code in part["gone"]:
            lines.append("No longer so.")
        if lines:
            rows.append({"key": indicator.label, "value": "\n".join(line for line in lines if line)})
    return rows or [{"key": "Ticked", "value": "Nothing"}]
