"""What people decide on a finished assessment: whether to refer, what its flags ask for, what is not taken up."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from meetings_app.assessments import queries
from meetings_app.assessments.models import (
    Assessment,
    AssessmentDecision,
    AssessmentFlag,
    AssessmentState,
    DecisionKind,
    DeclinedRecommendation,
    FlagAnswer,
    FlagAnswerKind,
)
from meetings_app.assessments.service import may_fill_in, may_follow_up
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.permissions import Actor


@dataclass(frozen=True)
class FlagSaid:
    """What is answered to a flag: done, or why not; when; who took part or decided; and what came of it."""

    kind: FlagAnswerKind
    happened_on: date
    who: str
    text: str


def decide(
    session: Session, by: Actor, now: datetime, assessment: Assessment, kind: DecisionKind, reason: str = ""
) -> AssessmentDecision:
    """Record what is done after a finished assessment; it ends the 24 hours that run from the concern (SG).

    Any decision not to refer carries its reason (SUR). For whoever may assess the child; whoever made the assessment
    may refer. Raises `RuleBroken` for `reason`, `DomainError` where it is decided already or not finished, `NotFound`
    for whoever may not.
    """
    _lock_finished(session, by, assessment, refers=kind is DecisionKind.REFERRED)
    if queries.decision_of(session, assessment.key) is not None:
        raise DomainError("What follows from this assessment is decided already.")
    if kind is not DecisionKind.REFERRED and not reason.strip():
        raise RuleBroken("reason", "Enter why no referral is made")
    decision = AssessmentDecision(
        assessment_id=assessment.key, at=now, by_id=by.account_id, kind=kind, reason=reason.strip()
    )
    session.add(decision)
    session.flush()
    record(
        session, by, now, EventKind.ASSESSMENT_DECIDED, assessment.child_id,
        assessment=assessment.reference, decision=kind.value.replace("_", " "),
    )  # fmt: skip
    return decision


def answer_flag(
    session: Session, by: Actor, now: datetime, assessment: Assessment, flag: AssessmentFlag, said: FlagSaid
) -> FlagAnswer:
    """Answer what a flag asks for; the answer is kept, and a later one stands beside it.

    For whoever may assess the child. Raises `RuleBroken` for `happened_on`, `who` or `text`, `NotFound`.
    """
    _lock_finished(session, by, assessment)
    if flag.assessment_id != assessment.key:
        raise NotFound
    if said.happened_on > london_date(now):
        raise RuleBroken("happened_on", "The date must be today or in the past")
    if not said.who.strip():
        raise RuleBroken("who", "Enter who took part, or the manager who decided")
    if not said.text.strip():
        raise RuleBroken("text", "Enter what was decided and why")
    answer = FlagAnswer(
        flag_id=flag.key, at=now, by_id=by.account_id, kind=said.kind, happened_on=said.happened_on,
        who=said.who.strip(), text=said.text.strip(),
    )  # fmt: skip
    session.add(answer)
    if flag.answered_at is None:
        flag.answered_at = now
    session.flush()
    record(
        session, by, now, EventKind.FLAG_ANSWERED, assessment.child_id,
        assessment=assessment.reference, flag=flag.code.replace("_", " "),
    )  # fmt: skip
    return answer


def decline(
    session: Session, by: Actor, now: datetime, assessment: Assessment, number: int, reason: str
) -> DeclinedRecommendation:
    """Say why an action that the tool recommends is not taken up; the caller has asked whether `by` may.

    `number` counts from 1. Raises `RuleBroken` for `reason`, `NotFound` for an action the category does not have.
    """
    session.refresh(assessment, with_for_update=True)
    if number not in {offered.number for offered in queries.recommended(session, assessment)}:
        raise NotFound
    if number in queries.declined_numbers(session, assessment.key):
        raise DomainError("This action was declined already.")
    if not reason.strip():
        raise RuleBroken("reason", "Enter why it is not taken up")
    declined = DeclinedRecommendation(
        assessment_id=assessment.key, number=number, at=now, by_id=by.account_id, reason=reason.strip()
    )
    session.add(declined)
    session.flush()
    record(
        session, by, now, EventKind.RECOMMENDATION_DECLINED, assessment.child_id,
        assessment=assessment.reference, number=number,
    )  # fmt: skip
    return declined


def _lock_finished(session: Session, by: Actor, assessment: Assessment, *, refers: bool = False) -> None:
    may = may_fill_in if refers else may_follow_up
    if not may(session, by, assessment):
        raise NotFound
    session.refresh(assessment, with_for_update=True)
    if assessment.state is not AssessmentState.FINISHED:
        raise DomainError("This assessment is not finished.")
