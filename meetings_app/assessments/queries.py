"""Reads of assessments, and of the versions of the tools that the database keeps: each is read with its own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, literal_column, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import ImportedDefault
from meetings_app.assessments.answers import Answers
from meetings_app.assessments.models import (
    Assessment,
    AssessmentDecision,
    AssessmentFlag,
    AssessmentState,
    DeclinedRecommendation,
    FlagAnswer,
)
from meetings_app.assessments.reading import read_answers
from meetings_app.assessments.sections import Draft, document_of
from meetings_app.children.models import Child
from meetings_app.db.asked_once import asked_once
from meetings_app.errors import NotFound
from meetings_app.partnership import ToolDefinition, identity_of, is_tool, read_tool


@dataclass(frozen=True)
class KeptTool:
    """One version of a tool, with the file and the number under which the database keeps it."""

    file: str
    number: int
    definition: ToolDefinition


def is_finished(assessment: Any = Assessment) -> ColumnElement[bool]:
    """Give the condition of the partial index of finished assessments; `assessment` is another name for the table.

    Written out, because SQLite uses the index for no bound value, and plans a statement with one anew at each sending.
    """
    return col(assessment.state) == literal_column("'finished'")


def is_draft() -> ColumnElement[bool]:
    """Give the condition of the partial index of drafts; written out, as the other is."""
    return col(Assessment.state) == literal_column("'draft'")


def kept_tool(session: Session, file: str, number: int) -> ToolDefinition:
    """Give the definition kept as version `number` of `file`, such as `tools/seraf.toml`. Raises `NotFound`."""
    try:
        return kept_tools(session, {(file, number)})[file, number]
    except KeyError:
        raise NotFound from None


# Built once, for every page beside a child sends it.
_KEPT: Any = select(col(ImportedDefault.file), col(ImportedDefault.number), col(ImportedDefault.content)).where(
    col(ImportedDefault.file).in_(bindparam("files", expanding=True)),
    col(ImportedDefault.number).in_(bindparam("numbers", expanding=True)),
)
_DRAFTS = (
    select(col(Assessment.reference), col(Assessment.tool_code), col(Assessment.saved_at))
    .where(col(Assessment.child_id) == bindparam("child"), is_draft())
    .order_by(col(Assessment.id))
)


def kept_tools(session: Session, wanted: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], ToolDefinition]:
    """Give the definitions kept as these files and numbers, in one statement a page; what is no tool is left out."""
    return _kept_tools(session, tuple(sorted(set(wanted)))) if wanted else {}


@asked_once
def _kept_tools(session: Session, wanted: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], ToolDefinition]:
    files, numbers = sorted({file for file, _ in wanted}), sorted({number for _, number in wanted})
    rows = session.execute(_KEPT, {"files": files, "numbers": numbers})
    # Where several files are wanted, their versions that are not come too.
    return {
        (row.file, row.number): _read(row.content, row.file)
        for row in rows
        if (row.file, row.number) in wanted and row.content and is_tool(row.file)
    }


# A page reads the definition again each time, and to read the text takes longer than everything else it does.
@lru_cache(maxsize=32)
def _read(content: str, file: str) -> ToolDefinition:
    return read_tool(content, file)


def find_kept_tool(session: Session, code: str, version: str) -> KeptTool:
    """Give the tool with this code and version, whichever rules now. Raises `NotFound`.

    The two stand for one text for ever; where that text was applied more than once, the first is given.
    """
    rows = session.execute(
        select(col(ImportedDefault.file), col(ImportedDefault.number), col(ImportedDefault.content))
        .where(col(ImportedDefault.file).like("tools/%"), col(ImportedDefault.content) != "")
        .order_by(col(ImportedDefault.id))
    )
    for row in rows:
        if identity_of(row.content) == (code, version):
            return KeptTool(row.file, row.number, _read(row.content, row.file))
    raise NotFound


def find_assessment(session: Session, reference: str) -> Assessment | None:
    """Give the assessment with this reference, or None where there is none or the person may not see it."""
    return session.scalars(select(Assessment).where(col(Assessment.reference) == reference.strip().upper())).first()


def tool_of(session: Session, assessment: Assessment) -> ToolDefinition:
    """Give the definition that an assessment was made with."""
    return kept_tool(session, assessment.tool_file, assessment.tool_number)


def draft_of(assessment: Any) -> Draft:
    """Give what is filled in, as the rules of the sections take it; of an assessment or a row of its columns."""
    return Draft(
        assessment.born, assessment.assessed_on, assessment.answers, assessment.gone, assessment.before,
        assessment.sections,
    )  # fmt: skip


def answers_of(tool: ToolDefinition, assessment: Any) -> Answers:
    """Give the answers of a finished assessment. Raises `AnswersRefused` for a draft that is not right yet."""
    return read_answers(tool, document_of(draft_of(assessment)))


def last_finished(session: Session, child_id: int, tool_code: str | None = None) -> Assessment | None:
    """Give the last finished assessment of a child that the person may see, with one tool or with any."""
    wanted = [col(Assessment.tool_code) == tool_code] if tool_code is not None else []
    return session.scalars(
        select(Assessment)
        .where(col(Assessment.child_id) == child_id, col(Assessment.state) == AssessmentState.FINISHED, *wanted)
        .order_by(col(Assessment.assessed_on).desc(), col(Assessment.id).desc())
        .limit(1)
    ).first()


def finished_before(session: Session, assessment: Assessment) -> Assessment | None:
    """Give the assessment with the same tool that came before this one, where the person sees it."""
    return session.scalars(select(Assessment).where(col(Assessment.id) == assessment.previous_id)).one_or_none()


def drafts_of(session: Session, child_id: int) -> Sequence[Any]:
    """Give reference, tool and time of saving of the drafts of a child that the person sees, the oldest first."""
    return session.execute(_DRAFTS, {"child": child_id}).all()


def assessments_of(session: Session, child_id: int, limit: int = 50) -> Sequence[Assessment]:
    """Give the assessments of a child that are not discarded, the last date first, drafts among them."""
    return session.scalars(
        select(Assessment)
        .where(col(Assessment.child_id) == child_id, col(Assessment.state) != AssessmentState.DISCARDED)
        .order_by(col(Assessment.assessed_on).desc(), col(Assessment.id).desc())
        .limit(limit)
    ).all()


def flags_of(session: Session, assessment_id: int) -> Sequence[AssessmentFlag]:
    """Give the flags of an assessment that somebody must answer or has answered, in the order of the tool."""
    return session.scalars(
        select(AssessmentFlag)
        .where(col(AssessmentFlag.assessment_id) == assessment_id)
        .order_by(col(AssessmentFlag.id))
    ).all()


def place_of_child(session: Session, child_id: int) -> Any | None:
    """Give area and lead professional of a child whose record the person sees, or None."""
    return session.execute(
        select(col(Child.area_id), col(Child.lead_professional_id)).where(col(Child.id) == child_id)
    ).first()


def born_of_child(session: Session, child_id: int) -> date | None:
    """Give the date of birth in the record of a child whom the person sees, or None."""
    return session.execute(select(col(Child.born)).where(col(Child.id) == child_id)).scalar()


def decision_of(session: Session, assessment_id: int) -> AssessmentDecision | None:
    """Give what was decided after an assessment, or None while nothing is."""
    return session.scalars(
        select(AssessmentDecision).where(col(AssessmentDecision.assessment_id) == assessment_id)
    ).one_or_none()


def answers_to_flags(session: Session, assessment_id: int) -> dict[int, list[FlagAnswer]]:
    """Give the answers to the flags of an assessment by the flag's id, the first one first."""
    found: dict[int, list[FlagAnswer]] = {}
    for answer in session.scalars(
        select(FlagAnswer)
        .join(AssessmentFlag, col(AssessmentFlag.id) == col(FlagAnswer.flag_id))
        .where(col(AssessmentFlag.assessment_id) == assessment_id)
        .order_by(col(FlagAnswer.id))
    ):
        found.setdefault(answer.flag_id, []).append(answer)
    return found


@dataclass(frozen=True)
class Recommended:
    """An action that the tool recommends after an assessment: `number` from 1, `due_on` from its days."""

    number: int
    text: str
    agency: str
    due_on: date


def recommended(session: Session, assessment: Assessment) -> list[Recommended]:
    """Give what the tool recommends for the category that a finished assessment came to."""
    if assessment.category is None or assessment.state is not AssessmentState.FINISHED:
        return []
    actions = tool_of(session, assessment).category(assessment.category).actions
    return [
        Recommended(number, action.text, action.agency, assessment.assessed_on + timedelta(days=action.days))
        for number, action in enumerate(actions, start=1)
    ]


def declined_numbers(session: Session, assessment_id: int) -> dict[int, DeclinedRecommendation]:
    """Give what was declined of an assessment's recommended actions, by number."""
    rows = session.scalars(
        select(DeclinedRecommendation).where(col(DeclinedRecommendation.assessment_id) == assessment_id)
    )
    return {row.number: row for row in rows}
