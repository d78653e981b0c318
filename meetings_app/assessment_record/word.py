"""A finished assessment as a Word document: the result, what it asks for with the answers, then every answer given."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.accounts.queries import names_of
from meetings_app.assessment_record.telling import (
    DECISION_WORDS,
    FLAG_WORDS,
    INFORMS,
    UNOFFICIAL,
    TickTold,
    Told,
    corrected_birth,
    name_of,
    told,
)
from meetings_app.assessments import queries
from meetings_app.assessments.models import Assessment, AssessmentDecision, FlagAnswer
from meetings_app.children.ages import age_on
from meetings_app.children.models import Child
from meetings_app.documents.assessment_facts import AssessmentFacts, AssessmentTick, AssessmentTier
from meetings_app.documents.assessment_facts import AssessmentFlag as FlagShown
from meetings_app.documents.facts import Line
from meetings_app.partnership import ToolDefinition
from meetings_app.permissions import Actor
from meetings_app.text import day_in_words
from meetings_app.web.filters import moment


def facts_of(
    session: Session,
    by: Actor,
    now: datetime,
    assessment: Assessment,
    child: Child | None,
    *,
    partnership: str,
    marking: str,
) -> AssessmentFacts:
    """Give what the document says. `child` is the record where `by` reads the whole of it, else None."""
    tool = queries.tool_of(session, assessment)
    said = told(tool, assessment)
    answers = _answers(session, assessment)
    decision = queries.decision_of(session, assessment.key)
    names = _names(session, assessment, decision, answers)
    return AssessmentFacts(
        partnership=partnership, marking=marking, title=f"{tool.name} assessment", area="",
        version=assessment.tool_version, reader=f"Copy made by {by.name}, {moment(now)}", produced_at=now,
        reference=assessment.reference, tool=tool.name, unofficial=UNOFFICIAL if tool.unofficial else "",
        child=child.reference if child else None, name=assessment.child_name,
        about=tuple(_about(assessment, tool, said, names)), result=tuple(_result(said)),
        notes=tuple(_notes(assessment, tool, said, child)),
        flags=tuple(_flag(text, answers.get(code, ()), names) for code, text in said.flags.items()),
        decision=tuple(_decision(decision, names)) if decision else (),
        tiers=tuple(AssessmentTier(tier.title, tuple(map(_tick, tier.ticks))) for tier in said.tiers),
        gone=said.gone, other_factors=said.other_factors,
        texts=tuple(Line(title, text) for title, text in said.headings),
    )  # fmt: skip


def _answers(session: Session, assessment: Assessment) -> dict[str, list[FlagAnswer]]:
    """Give the answers by the code of the flag."""
    codes = {flag.key: flag.code for flag in queries.flags_of(session, assessment.key)}
    answers = queries.answers_to_flags(session, assessment.key)
    return {code: answers.get(key, []) for key, code in codes.items()}


def _names(
    session: Session,
    assessment: Assessment,
    decision: AssessmentDecision | None,
    answers: Mapping[str, Sequence[FlagAnswer]],
) -> dict[int, str]:
    people = [assessment.started_by_id, assessment.finished_by_id, decision.by_id if decision else None]
    people += [answer.by_id for of_flag in answers.values() for answer in of_flag]
    return names_of(session, [person for person in people if person is not None])


def _about(assessment: Assessment, tool: ToolDefinition, said: Told, names: Mapping[int, str]) -> list[Line]:
    age = age_on(assessment.born, assessment.assessed_on)
    lines = [
        Line("Assessment", assessment.reference),
        Line("Tool", f"{tool.name}, version {assessment.tool_version}"),
        Line("Date of birth at that time", f"{day_in_words(assessment.born)} ({age})"),
        *(Line(label, answer) for label, answer in said.asked),
        Line("Assessed on", day_in_words(assessment.assessed_on)),
        Line("Assessed by", name_of(names, assessment.started_by_id)),
        Line("Finished", f"{moment(assessment.finished_at)} by {name_of(names, assessment.finished_by_id)}"),
        Line("Use the tool again", said.again),
    ]
    if assessment.concern_received_at is not None:
        lines.append(Line("Concern received", moment(assessment.concern_received_at)))
    return [*lines, Line("Licence", tool.licence)]


def _result(said: Told) -> list[Line]:
    lines = [Line("Result", said.result), Line("Level", said.level)]
    if said.score is not None:
        lines.append(Line("Score", str(said.score)))
    counted = "indicators that count" if said.score is None else "points"
    return [*lines, *(Line(f"{label}: {counted}", str(number)) for label, number in said.subtotals)]


def _notes(assessment: Assessment, tool: ToolDefinition, said: Told, child: Child | None) -> list[str]:
    notes = [said.means] if said.means else []
    if said.floor:
        notes.append(f"The level was lifted. Before: {said.floor.level_before.lower()}. {said.floor.text}")
    if child is not None and (born := corrected_birth(tool, assessment, child.born)):
        notes.append(
            f"The date of birth was corrected. The record now says {day_in_words(born)}, and with that date the "
            "outcome would be another. What was finished stays as it is: use the tool again."
        )
    return [*notes, INFORMS]


def _flag(text: str, answers: Sequence[FlagAnswer], names: Mapping[int, str]) -> FlagShown:
    return FlagShown(
        text,
        tuple(
            f"{FLAG_WORDS[each.kind]}, {day_in_words(each.happened_on)}. Who: {each.who}\n{each.text}\n"
            f"Answered by {name_of(names, each.by_id)}, {moment(each.at)}."
            for each in answers
        ),
    )


def _decision(decision: AssessmentDecision, names: Mapping[int, str]) -> Iterator[str]:
    yield DECISION_WORDS[decision.kind]
    if decision.reason:
        yield f"Reason: {decision.reason}"
    yield f"Decided by {name_of(names, decision.by_id)}, {moment(decision.at)}."


def _tick(tick: TickTold) -> AssessmentTick:
    return AssessmentTick(
        label=f"{tick.label} {tick.note}".strip(), when=tick.when, evidence=tick.evidence, source=tick.source,
        asked=tuple(Line(question, answer) for question, answer in tick.asked), points=tick.points,
    )  # fmt: skip
