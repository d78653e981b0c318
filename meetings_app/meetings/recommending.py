"""What a meeting does with an action that an assessment recommends: it proposes it on the item, or declines it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from meetings_app.actions.models import Action
from meetings_app.actions.recommended_queries import RecommendedAction, offered_actions
from meetings_app.actions.taking_up import Asked, check_offered, keep_taken_up
from meetings_app.assessments import answering
from meetings_app.assessments.models import Assessment, DeclinedRecommendation
from meetings_app.assessments.queries import find_assessment
from meetings_app.errors import NotFound
from meetings_app.meetings.deciding import add_action, open_for_recording
from meetings_app.meetings.item_scope import beside_items
from meetings_app.meetings.models import AgendaItem
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting


def offered_on_item(
    session: Session, meeting: Meeting, item: AgendaItem, reference: str, number: int, today: date
) -> RecommendedAction | None:
    """Give one recommended action of the item's child that still waits for an answer, or None."""
    with beside_items(session, meeting):
        offered = offered_actions(session, item.child_id, today)
    return next((each for each in offered if (each.assessment, each.number) == (reference, number)), None)


def propose_recommended(
    session: Session,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    item: AgendaItem,
    reference: str,
    number: int,
    asked: Asked,
) -> Action:
    """Propose on an item what an assessment of its child recommends; it is given when the meeting closes.

    Raises as `deciding.add_action` does, and `DomainError` where it is no longer offered.
    """
    open_for_recording(session, by, meeting)
    assessment = _assessment_of(session, meeting, item, reference)
    with beside_items(session, meeting):
        check_offered(session, assessment, number)
    action = add_action(
        session, by, now, meeting, item, what=asked.what, agency_id=asked.agency_id, owner_id=asked.owner_id,
        due_on=asked.due_on,
    )  # fmt: skip
    keep_taken_up(session, assessment, number, action)
    return action


def decline_recommended(
    session: Session,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    item: AgendaItem,
    reference: str,
    number: int,
    reason: str,
) -> DeclinedRecommendation:
    """Say why the meeting does not take a recommended action up. Raises as `propose_recommended`; `reason`."""
    open_for_recording(session, by, meeting)
    assessment = _assessment_of(session, meeting, item, reference)
    with beside_items(session, meeting):
        check_offered(session, assessment, number)
        return answering.decline(session, by, now, assessment, number, reason)


def _assessment_of(session: Session, meeting: Meeting, item: AgendaItem, reference: str) -> Assessment:
    """Give an assessment of the item's child, wherever the child lives now. Raises `NotFound`."""
    with beside_items(session, meeting):
        assessment = find_assessment(session, reference)
    if assessment is None or assessment.child_id != item.child_id:
        raise NotFound
    return assessment
