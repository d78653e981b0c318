"""What becomes of an action that an assessment recommends: it is taken up once, or declined with the reason."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions import service
from meetings_app.actions.models import Action, RecommendationTakenUp
from meetings_app.assessments import answering
from meetings_app.assessments.models import Assessment, DeclinedRecommendation
from meetings_app.assessments.queries import declined_numbers, last_finished, recommended
from meetings_app.children.models import Child
from meetings_app.children.service import check_may
from meetings_app.errors import DomainError, NotFound
from meetings_app.permissions import Actor, Permission


@dataclass(frozen=True)
class Asked:
    """What is asked of whom, and by when."""

    what: str
    agency_id: int
    owner_id: int
    due_on: date


def take_up(session: Session, by: Actor, now: datetime, assessment: Assessment, number: int, asked: Asked) -> Action:
    """Give the action that an assessment recommends as `number`, outside a meeting.

    For coordinators, chairs and the child's lead professional. Raises `RuleBroken` for `what`, `owner` or `due_on`,
    `DomainError` where it is no longer offered, `NotFound` for whoever may not.
    """
    check_may(session, by, Permission.GIVE_ACTION, assessment.child_id)
    check_offered(session, assessment, number)
    child = session.scalars(select(Child).where(col(Child.id) == assessment.child_id)).one()
    action = service.give(
        session, by, now, child, asked.what, asked.agency_id, asked.owner_id, asked.due_on,
        assessment=assessment.reference,
    )  # fmt: skip
    keep_taken_up(session, assessment, number, action)
    return action


def decline(
    session: Session, by: Actor, now: datetime, assessment: Assessment, number: int, reason: str
) -> DeclinedRecommendation:
    """Say outside a meeting why a recommended action is not taken up. For whom and what it raises as `take_up`."""
    check_may(session, by, Permission.GIVE_ACTION, assessment.child_id)
    check_offered(session, assessment, number)
    return answering.decline(session, by, now, assessment, number, reason)


def check_offered(session: Session, assessment: Assessment, number: int) -> None:
    """Refuse an action that is taken up, declined or superseded; nobody else answers it until this is saved.

    Raises `DomainError`, and `NotFound` for an action that the category does not have.
    """
    session.refresh(assessment, with_for_update=True)
    if number not in {offered.number for offered in recommended(session, assessment)}:
        raise NotFound
    taken_up = select(col(RecommendationTakenUp.id)).where(
        col(RecommendationTakenUp.assessment_id) == assessment.key, col(RecommendationTakenUp.number) == number
    )
    if session.scalars(taken_up).first() is not None:
        raise DomainError("This recommended action was taken up already.")
    if number in declined_numbers(session, assessment.key):
        raise DomainError("This recommended action was declined already.")
    last = last_finished(session, assessment.child_id, assessment.tool_code)
    if last is not None and last.key != assessment.key:
        raise DomainError(
            f"The child was assessed again with the same tool. Take up what {last.reference} recommends instead."
        )


def keep_taken_up(session: Session, assessment: Assessment, number: int, action: Action) -> None:
    """Keep that a recommended action was taken up as `action`; the caller has asked whether it is still offered."""
    session.add(RecommendationTakenUp(assessment_id=assessment.key, number=number, action_id=action.key))
    session.flush()
