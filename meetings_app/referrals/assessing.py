"""Assessments for a referral: who may start one, and how those it carries read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.assessments.models import Assessment, AssessmentState
from meetings_app.assessments.queries import kept_tools
from meetings_app.assessments.service import About, known, start_about
from meetings_app.assessments.words import result_in_words
from meetings_app.children.models import Child
from meetings_app.db.session import unscoped
from meetings_app.errors import DomainError, NotFound
from meetings_app.partnership import Partnership, ToolDefinition
from meetings_app.permissions import Actor, Permission
from meetings_app.referrals import rules
from meetings_app.referrals.models import Referral, ReferralAssessment, ReferralState

_MAY_BE_ASSESSED = (*rules.OPEN, ReferralState.ACCEPTED)


@dataclass(frozen=True)
class Carried:
    """An assessment that a referral carries. `seen` says whether the actor may open it.

    `result` is empty while it is a draft, and says no more than “finished” to whoever may not open it.
    """

    reference: str
    tool: str
    result: str
    started_at: datetime
    assessed_on: date
    seen: bool


def may_start(by: Actor, referral: Referral) -> bool:
    """Say whether `by`, who reads the referral, may fill in an assessment for it while it waits.

    That is whoever made it, though the child's record be hidden from them, and whoever triages the area.
    """
    own = referral.referrer_id is not None and referral.referrer_id == by.account_id
    return (
        referral.state in _MAY_BE_ASSESSED
        and by.may(Permission.ASSESS)
        and (own or rules.may_decide(by, referral.area_id))
    )


def start_for(
    session: Session, by: Actor, now: datetime, partnership: Partnership, referral: Referral, tool_code: str
) -> Assessment:
    """Start a draft for a referral, or give the one that was started with the same tool. The referral carries it.

    The time to decide runs from when the referral was received, unless triage has decided already. Raises `NotFound`
    for whoever may not, `RuleBroken` for `tool`, `DomainError` where somebody whom `by` does not see has a draft.
    """
    if not may_start(by, referral):
        raise NotFound
    # Two who press the button at once: the second waits here, and finds the draft of the first.
    session.refresh(referral, with_for_update=True)
    begun: Assessment | None = session.scalars(
        _of_referral(referral.key).where(
            col(Assessment.tool_code) == tool_code, col(Assessment.state) == AssessmentState.DRAFT
        ),
        execution_options=unscoped(),
    ).first()
    if begun is not None:
        if begun.key not in _seen(session, [begun.key]):
            raise DomainError("Somebody else fills in this tool for the referral already.")
        return begun
    about = _about(session, referral)
    received_at = referral.received_at if referral.state in rules.OPEN else None
    assessment = start_about(session, by, now, partnership, about, tool_code, received_at)
    session.add(ReferralAssessment(referral_id=referral.key, assessment_id=assessment.key))
    session.flush()
    return assessment


def carried_by(session: Session, referral: Referral) -> list[Carried]:
    """Give the assessments of a referral that the actor reads, the first one first, without those discarded.

    Looked up past the actor's scope: whoever reads the referral is told what it carries; only some may open it.
    """
    found: Sequence[Assessment] = session.scalars(
        _of_referral(referral.key).where(col(Assessment.state) != AssessmentState.DISCARDED),
        execution_options=unscoped(),
    ).all()
    seen = _seen(session, [assessment.key for assessment in found])
    tools = kept_tools(session, [(assessment.tool_file, assessment.tool_number) for assessment in found])
    return [
        _carried(tools[assessment.tool_file, assessment.tool_number], assessment, assessment.key in seen)
        for assessment in found
    ]


def _of_referral(referral_id: int) -> Any:
    return (
        select(Assessment)
        .join(ReferralAssessment, col(ReferralAssessment.assessment_id) == col(Assessment.id))
        .where(col(ReferralAssessment.referral_id) == referral_id)
        .order_by(col(Assessment.id))
    )


def _carried(tool: ToolDefinition, assessment: Assessment, seen: bool) -> Carried:
    finished = assessment.state is AssessmentState.FINISHED
    result = ""
    if finished:
        # Whoever may not open an assessment is told that it is there, and not what it found.
        result = result_in_words(tool, assessment.category, assessment.score) if seen else "finished"
    return Carried(
        assessment.reference, tool.name, result, assessment.started_at, assessment.assessed_on, seen
    )  # fmt: skip


def _seen(session: Session, assessment_ids: list[int]) -> set[int]:
    if not assessment_ids:
        return set()
    statement = select(col(Assessment.id)).where(col(Assessment.id).in_(assessment_ids))
    return {key for key in session.scalars(statement) if key is not None}


def _about(session: Session, referral: Referral) -> About:
    """Give whom it is about: as the record says where the actor sees it, else as the referrer said."""
    wanted = select(col(Child.name), col(Child.born), col(Child.learning_disability))
    child = session.execute(wanted.where(col(Child.id) == referral.child_id)).first()
    if child is not None:
        return About(referral.child_id, child.name, child.born, known(child.learning_disability))
    if referral.child_born is None:
        raise DomainError("The referral does not say when the child was born, and the tool needs it.")
    return About(referral.child_id, referral.child_name, referral.child_born)
