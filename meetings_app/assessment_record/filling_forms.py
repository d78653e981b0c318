"""The forms in which an assessment is filled in; those of a tool's tiers and headings are made from its definition.

Each gives and takes one section as `sections.part_of` shapes it. Nothing is required while a draft is saved.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Optional, ValidationError

from meetings_app.assessments.answers import Problem
from meetings_app.assessments.reading import FIRST_YEAR, LAST_YEAR
from meetings_app.assessments.sections import ABOUT, ASKED, WORDS, asks_for_disability
from meetings_app.partnership import ToolDefinition
from meetings_app.partnership.tool_parts import Tier
from meetings_app.text import capital_first
from meetings_app.web.forms import ForLater, Form, OptionalTimeField, VersionedForm, day, line, text, text_for_later

GONE = "gone"
"""The box that says of an indicator that was ticked last time that it is so no longer."""

_YES_NO = {"yes": "Yes", "no": "No"}
_ANSWERS = {"yes": True, "no": False}
_LONGEST_SOURCE = 300
_LONGEST_REASON = 4_000


class StartForm(Form):
    """Which tool is used, and when the concern came in where one has just come in."""

    tool = RadioField("Assessment tool", [InputRequired("Choose the assessment tool")], validate_choice=False)
    concern_on = day(
        "Date the concern was received",
        hint="Only where a concern has just come in: the 24 hours in which to decide run from then.",
    )
    concern_at = OptionalTimeField("Time it was received", [Optional()], description="For example, 10am or 2:30pm")


class DiscardForm(Form):
    """A draft that is not wanted."""

    reason = line(
        "Why is the draft discarded?",
        "Enter why you discard the draft",
        hint="For example: started for the wrong child.",
    )


class SectionForm(VersionedForm):
    """One section; `version` carries the mark of what it held when it was opened.

    `in_summary` holds by the name of the field how its problem is said away from it.
    """

    in_summary: Mapping[str, str] = {}

    def show(self, part: Mapping[str, Any]) -> None:
        """Fill in what the section holds."""
        raise NotImplementedError

    def part(self) -> dict[str, Any]:
        """Give what was filled in."""
        raise NotImplementedError

    def place_of(self, problem: Problem) -> str:
        """Give the name of the field that a problem is about."""
        raise NotImplementedError

    def named(self, problem: Problem) -> str:
        """Say a problem away from its field."""
        return sentence_of(problem)

    def say(self, problems: Iterable[Problem]) -> None:
        """Show what is still wrong, each beside its field."""
        said: dict[str, str] = {}
        self.in_summary = said
        for problem in problems:
            name = self.place_of(problem)
            said.setdefault(name, self.named(problem))
            field = self._fields.get(name)
            if field is None:
                self.form_errors.append(sentence_of(problem))
            else:
                field.errors = [*field.errors, sentence_of(problem)]


def sentence_of(problem: Problem) -> str:
    """Say a problem as a page says it: without the names that the files use."""
    field, _, _ = problem.field.rpartition(".")
    if problem.field.endswith(".when") and problem.text.startswith("must be"):
        return "Tick when this was so"
    if field.startswith("indicators.") and problem.text.startswith("must be one of"):
        return "Choose one of the answers"
    return capital_first(problem.text)


class AboutForm(SectionForm):
    """The child and the date."""

    assessed_on = day(
        "Date of the assessment",
        "Enter the date of the assessment",
        hint="The times that are asked for are counted back from this day.",
    )
    learning_disability = RadioField(
        "Does the child have a learning disability?", [ForLater()], validate_choice=False, choices=_YES_NO
    )
    disability = RadioField("Does the child have a disability?", [ForLater()], validate_choice=False, choices=_YES_NO)

    def validate_assessed_on(self, field: Any) -> None:
        """Refuse a date from which no months can be counted back: a draft that holds it could not be opened again."""
        if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(f"Enter a date between {FIRST_YEAR} and {LAST_YEAR}")

    def show(self, part: Mapping[str, Any]) -> None:
        """Fill in what the section holds."""
        self.assessed_on.data = date.fromisoformat(part["assessed_on"])
        for name in ASKED:
            if name in self and part[name] is not None:
                self[name].data = "yes" if part[name] else "no"

    def part(self) -> dict[str, Any]:
        """Give what was filled in; the date is there once the form is valid."""
        return {
            "assessed_on": self.assessed_on.data.isoformat() if self.assessed_on.data else "",
            **{name: _ANSWERS.get(self[name].data) if name in self else None for name in ASKED},
        }

    def place_of(self, problem: Problem) -> str:
        """Give the name of the field that a problem is about."""
        return problem.field


class TierForm(SectionForm):
    """The indicators of one tier; subclasses are made from a definition and say which."""

    tier: Tier
    before: Sequence[str]

    def show(self, part: Mapping[str, Any]) -> None:
        """Fill in what the section holds."""
        for code in part["gone"]:
            self[f"when-{code}"].data = [GONE]
        for tick in part["indicators"]:
            code = tick["code"]
            self[f"when-{code}"].data = [*(self[f"when-{code}"].data or []), *tick["when"]]
            self[f"evidence-{code}"].data, self[f"source-{code}"].data = tick["evidence"], tick.get("source", "")
            for question in self.tier.questions:
                self[f"{question.key}-{code}"].data = tick.get(question.key)

    def part(self) -> dict[str, Any]:
        """Give every indicator of which anything is filled in, and the codes that are gone."""
        gone = [indicator.code for indicator in self.tier.indicators if GONE in self._when(indicator.code)]
        ticks = [self._tick(indicator.code) for indicator in self.tier.indicators]
        return {"indicators": [tick for tick in ticks if tick is not None], "gone": gone}

    def place_of(self, problem: Problem) -> str:
        """Give the name of the field that a problem is about."""
        _, code, place = (*problem.field.split("."), "", "")[:3]
        return f"{place}-{code}"

    def named(self, problem: Problem) -> str:
        """Say a problem with the indicator it is about: many indicators have the same one."""
        said, code = sentence_of(problem), problem.field.split(".")[1]
        label = next((each.label for each in self.tier.indicators if each.code == code), "")
        has_field = problem.field.startswith("indicators.") and label
        return f"{label}: {said[:1].lower()}{said[1:]}" if has_field else said

    def _when(self, code: str) -> list[str]:
        return list(self[f"when-{code}"].data or [])

    def _tick(self, code: str) -> dict[str, Any] | None:
        when = [window for window in self._when(code) if window != GONE]
        evidence, source = self[f"evidence-{code}"].data or "", self[f"source-{code}"].data or ""
        asked = {question.key: self[f"{question.key}-{code}"].data for question in self.tier.questions}
        asked = {key: answer for key, answer in asked.items() if answer}
        if not (when or evidence or source):
            return None
        return {"code": code, "when": when, "evidence": evidence, **({"source": source} if source else {}), **asked}


class WordsForm(SectionForm):
    """Views and judgement; subclasses are made from a definition and say which headings there are."""

    tool: ToolDefinition
    other_factors = text(
        "Other factors", hint="What worries you and is not on the list. One on each line. It is kept and never scores."
    )
    level = RadioField("The level you judge", [ForLater()], validate_choice=False)

    def show(self, part: Mapping[str, Any]) -> None:
        """Fill in what the section holds."""
        self.other_factors.data = "\n".join(part["other_factors"])
        for key, words in part["headings"].items():
            self[f"heading-{key}"].data = words
        if "level" in self:
            self.level.data = part["level"]

    def part(self) -> dict[str, Any]:
        """Give what was filled in; empty texts are left out."""
        headings = {heading.key: self[f"heading-{heading.key}"].data for heading in self.tool.headings}
        lines = (factor.strip() for factor in (self.other_factors.data or "").split("\n"))
        return {
            "other_factors": [factor for factor in lines if factor],
            "headings": {key: words for key, words in headings.items() if words},
            "level": (self.level.data or None) if "level" in self else None,
        }

    def place_of(self, problem: Problem) -> str:
        """Give the name of the field that a problem is about."""
        head, _, rest = problem.field.partition(".")
        return f"heading-{rest}" if head == "headings" else head


def form_for(tool: ToolDefinition, key: str, before: Sequence[str], **options: Any) -> SectionForm:
    """Give the form of one section of a tool. `before` holds the codes that were ticked last time."""
    if key == ABOUT:
        form = AboutForm(**options)
        if not asks_for_disability(tool):
            del form.disability
        return form
    if key == WORDS:
        return _words_form(tool)(**options)
    return _tier_form(tool, next(tier for tier in tool.tiers if tier.key == key), before)(**options)


def _tier_form(tool: ToolDefinition, tier: Tier, before: Sequence[str]) -> type[TierForm]:
    own = tool.windows_of(tier)
    offered = {window.key: window.label for window in tool.windows if window.key in own}
    if len(own) == 1:
        # Where only one time is asked for, the tier's own words say what is meant.
        offered = {own[0]: "Yes"}
    fields: dict[str, Any] = {"tier": tier, "before": before}
    for indicator in tier.indicators:
        code = indicator.code
        choices = {**offered, GONE: "No longer so"} if code in before else offered
        fields[f"when-{code}"] = SelectMultipleField("When?", choices=choices)
        fields[f"evidence-{code}"] = text_for_later("Why? What was seen or said", longest=_LONGEST_REASON)
        fields[f"source-{code}"] = line("Source: who said so, or where it is recorded", longest=_LONGEST_SOURCE)
        for question in tier.questions:
            fields[f"{question.key}-{code}"] = RadioField(
                question.text, [ForLater()], validate_choice=False, description=question.help,
                choices={each.code: each.label for each in question.choices}, default=question.default,
            )  # fmt: skip
    return type("TierFormOfTool", (TierForm,), fields)


def _words_form(tool: ToolDefinition) -> type[WordsForm]:
    fields: dict[str, Any] = {"tool": tool}
    for heading in tool.headings:
        box = text_for_later if heading.required else text
        fields[f"heading-{heading.key}"] = box(heading.title, hint=heading.help)
    if tool.method == "judged":
        levels = {category.level: capital_first(category.label) for category in tool.categories}
        fields["level"] = RadioField("The level you judge", [ForLater()], validate_choice=False, choices=levels)
    else:
        fields["level"] = None
    return type("WordsFormOfTool", (WordsForm,), fields)
