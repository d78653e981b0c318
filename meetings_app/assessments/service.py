"""Changes to assessments: started, saved section by section, finished or discarded. A finished one never changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.assessments import queries
from meetings_app.assessments.models import Assessment, AssessmentFlag, AssessmentState
from meetings_app.assessments.rules import asks_for_answer, reassessment, tool_called
from meetings_app.assessments.scoring import Outcome, outcome_of
from meetings_app.assessments.sections import ABOUT, checked, mark_of, part_of, with_part
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.children.rules import may_for_child
from meetings_app.children.service import check_may
from meetings_app.clock import london_date
from meetings_app.db.references import unused_reference
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.partnership import Partnership, ToolDefinition
from meetings_app.permissions import Actor, Permission


@dataclass(frozen=True)
class About:
    """Whom an assessment is about, as the person who starts it knows the child; None where they do not know.

    A learning disability lifts the level of some tools, so what the record says of it stands in the draft already.
    """

    child_id: int
    name: str
    born: date
    learning_disability: bool | None = None


def start(
    session: Session,
    by: Actor,
    now: datetime,
    partnership: Partnership,
    child: Child,
    tool_code: str,
    concern_received_at: datetime | None = None,
) -> Assessment:
    """Start a draft for a child whose record `by` may see, with the version of the tool that rules now.

    Raises `NotFound` for whoever may not, `RuleBroken` for `tool` or `concern_received_at`.
    """
    check_may(session, by, Permission.ASSESS, child.key)
    if child.merged_into_id is not None:
        raise DomainError("This record points to another. Use the tool on that one.")
    about = About(child.key, child.name, child.born, known(child.learning_disability))
    return start_about(session, by, now, partnership, about, tool_code, concern_received_at)


def known(answer: YesNoUnknown) -> bool | None:
    """Give an answer of the record as a draft holds it: None where it is not known."""
    return None if answer is YesNoUnknown.UNKNOWN else answer is YesNoUnknown.YES


def start_about(
    session: Session,
    by: Actor,
    now: datetime,
    partnership: Partnership,
    about: About,
    tool_code: str,
    concern_received_at: datetime | None = None,
) -> Assessment:
    """Start a draft about a child whose record `by` need not see; the caller has asked whether they may.

    What was ticked in the last assessment with the same tool that `by` may see is asked again. Raises as `start` does.
    """
    if tool_code not in {tool.code for tool in partnership.tools}:
        raise RuleBroken("tool", "Choose the assessment tool")
    if concern_received_at is not None and concern_received_at > now:
        raise RuleBroken("concern_received_at", "The concern must have been received by now")
    tool = tool_called(partnership.tools, tool_code)
    kept = queries.find_kept_tool(session, tool.code, tool.version)
    last = queries.last_finished(session, about.child_id, tool.code)
    ticked = [tick["code"] for tick in last.answers["indicators"]] if last is not None else []
    assessment = Assessment(
        reference=unused_reference(session, col(Assessment.reference), "S"),
        child_id=about.child_id, child_name=about.name, born=about.born,
        tool_code=tool.code, tool_version=tool.version, tool_file=kept.file, tool_number=kept.number,
        previous_id=last.key if last is not None else None,
        concern_received_at=concern_received_at, assessed_on=london_date(now),
        answers={"indicators": [], **_known_of(about)}, gone=[], sections=[],
        before=[code for code in ticked if code in tool.tier_of],
        started_at=now, started_by_id=by.account_id, saved_at=now, saved_by_id=by.account_id,
    )  # fmt: skip
    session.add(assessment)
    session.flush()
    record(session, by, now, EventKind.ASSESSMENT_STARTED, about.child_id, assessment=assessment.reference)
    return assessment


def may_fill_in(session: Session, by: Actor, assessment: Assessment) -> bool:
    """Say whether `by`, who sees the draft, may fill it in: whoever started it, and whoever may assess the child.

    Whoever started it may also refer the child with it once it is finished.
    """
    if by.account_id is not None and assessment.started_by_id == by.account_id:
        return by.may(Permission.ASSESS)
    return may_follow_up(session, by, assessment)


def may_follow_up(session: Session, by: Actor, assessment: Assessment) -> bool:
    """Say whether `by` may say what follows from a finished assessment: whoever may assess the child now.

    A lead professional who was, and a referrer who never saw the record, do not.
    """
    if by.everything:
        return True
    place = queries.place_of_child(session, assessment.child_id)
    return place is not None and may_for_child(by, Permission.ASSESS, place.area_id, place.lead_professional_id)


def save_section(
    session: Session,
    by: Actor,
    now: datetime,
    assessment: Assessment,
    tool: ToolDefinition,
    key: str,
    mark: int,
    part: Mapping[str, Any],
) -> None:
    """Save one section of a draft, right or not: what is still wrong is said before it is finished.

    `mark` is that of the section as the form was opened. Raises `Conflict` where somebody saved other content since,
    `DomainError` once it is no draft, `NotFound` for whoever may not.
    """
    _lock_draft(session, by, assessment)
    draft = queries.draft_of(assessment)
    stored = part_of(tool, draft, key)
    if mark_of(stored) != mark and mark_of(stored) != mark_of(part):
        raise Conflict("Somebody else saved this section after you opened it.")
    changed = with_part(tool, draft, key, part)
    assessment.answers, assessment.gone = dict(changed.answers), list(changed.gone)
    assessment.assessed_on = changed.assessed_on
    if key == ABOUT:
        assessment.born = queries.born_of_child(session, assessment.child_id) or assessment.born
    assessment.sections = sorted({*assessment.sections, key})
    assessment.saved_at, assessment.saved_by_id = now, by.account_id
    session.flush()
    record(
        session, by, now, EventKind.ASSESSMENT_SAVED, assessment.child_id,
        assessment=assessment.reference, section=key,
    )  # fmt: skip


def finish(
    session: Session,
    by: Actor,
    now: datetime,
    partnership: Partnership,
    assessment: Assessment,
    tool: ToolDefinition,
    version: int,
) -> Outcome:
    """Finish a draft for good, keep its outcome, and raise what its flags ask for. The rating stays as it is (SG).

    `version` is that of the answers as they were checked. Raises `AnswersRefused` with every problem, `Conflict` where
    somebody saved since, `DomainError` once it is no draft or where the date of birth in a record that `by` sees is
    another by now, for ages decide about the outcome, `NotFound` for whoever may not.
    """
    _lock_draft(session, by, assessment)
    if assessment.version != version:
        raise Conflict("Somebody else saved this assessment after you checked it. Check the answers again.")
    born = queries.born_of_child(session, assessment.child_id)
    if born is not None and born != assessment.born:
        raise DomainError(
            "The date of birth was corrected in the child’s record after this was filled in. "
            "Save “The child and the date” again, and check the answers again."
        )
    answers = checked(tool, queries.draft_of(assessment), london_date(now))
    outcome = outcome_of(tool, answers)
    again = reassessment(tool, outcome.category, answers.assessed_on, partnership.ratings.assessment.reassess_days)
    assessment.score, assessment.level = outcome.score, outcome.level
    assessment.category = outcome.category.number if outcome.category else None
    assessment.reassess_from, assessment.reassess_by = again.earliest, again.latest
    assessment.state = AssessmentState.FINISHED
    assessment.finished_at = assessment.saved_at = now
    assessment.finished_by_id = by.account_id
    _raise_flags(session, now, assessment, outcome.flags)
    session.flush()
    record(session, by, now, EventKind.ASSESSMENT_FINISHED, assessment.child_id, assessment=assessment.reference)
    return outcome


def discard(session: Session, by: Actor, now: datetime, assessment: Assessment, reason: str) -> None:
    """Discard a draft with the reason; it is kept. Raises `RuleBroken` for `reason`, else as `finish` does."""
    _lock_draft(session, by, assessment)
    if not reason.strip():
        raise RuleBroken("reason", "Enter why you discard the draft")
    assessment.state, assessment.discarded_reason = AssessmentState.DISCARDED, reason.strip()
    assessment.saved_at, assessment.saved_by_id = now, by.account_id
    session.flush()
    record(session, by, now, EventKind.ASSESSMENT_DISCARDED, assessment.child_id, assessment=assessment.reference)


def _lock_draft(session: Session, by: Actor, assessment: Assessment) -> None:
    if not may_fill_in(session, by, assessment):
        raise NotFound
    session.refresh(assessment, with_for_update=True)
    if assessment.state is not AssessmentState.DRAFT:
        raise DomainError("This assessment is no longer a draft. Start a new one to change something.")


def _known_of(about: About) -> dict[str, bool]:
    return {} if about.learning_disability is None else {"learning_disability": about.learning_disability}


def _raise_flags(session: Session, now: datetime, assessment: Assessment, flags: Iterable[str]) -> None:
    for code in flags:
        if asks_for_answer(code):
            session.add(AssessmentFlag(assessment_id=assessment.key, code=code, raised_at=now))
