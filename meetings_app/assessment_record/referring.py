"""From a finished assessment to the RMM: the referral that carries it, in one step."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.assessments.answering import decide
from meetings_app.assessments.models import Assessment, DecisionKind
from meetings_app.children.models import Child
from meetings_app.db.session import unscoped
from meetings_app.errors import NotFound
from meetings_app.permissions import Actor
from meetings_app.referrals.models import Referral, ReferralAssessment, ReferralState
from meetings_app.referrals.rules import OPEN
from meetings_app.referrals.service import ReferralDetails, make_referral
from meetings_app.schedule.office import Office

_ON_ITS_WAY = (*OPEN, ReferralState.ACCEPTED)


def referrals_of(session: Session, assessment_id: int) -> list[Any]:
    """Give reference, state and moment of the referrals that carry an assessment the person sees, the first one first.

    Looked up past the actor's scope: whoever sees the assessment may know that it was referred, not read the referral.
    """
    statement = (
        select(col(Referral.reference), col(Referral.state), col(Referral.received_at))
        .join(ReferralAssessment, col(ReferralAssessment.referral_id) == col(Referral.id))
        .where(col(ReferralAssessment.assessment_id) == assessment_id)
        .order_by(col(Referral.id))
    )
    return list(session.execute(statement.execution_options(**unscoped())))


def on_its_way(referrals: list[Any]) -> str:
    """Give the reference of the referral that brings the assessment to the RMM already, or nothing."""
    return next((referral.reference for referral in referrals if referral.state in _ON_ITS_WAY), "")


def refer(
    session: Session, by: Actor, now: datetime, office: Office, assessment: Assessment, reason: str, *, urgent: bool
) -> str:
    """Decide that a finished assessment goes to the RMM, and refer the child with it. Gives the referral's reference.

    A referral that carries the assessment already and is not ended goes on alone: two for one concern help nobody.
    Raises as `assessments.answering.decide` and `referrals.service.make_referral` do.
    """
    decide(session, by, now, assessment, DecisionKind.REFERRED)
    waiting = on_its_way(referrals_of(session, assessment.key))
    if waiting:
        return waiting
    # Past the actor's scope: whoever made the assessment may refer a child whose record they may not see.
    child = session.get(Child, assessment.child_id, execution_options=unscoped())
    if child is None or by.agency_id is None:
        raise NotFound
    referral = make_referral(session, by, now, office, child, _details(by, by.agency_id, assessment, reason, urgent))
    # What the referrer knows of the child stands there, as in a referral by hand, and not what a hidden record says.
    referral.child_name, referral.child_born = assessment.child_name, assessment.born
    session.add(ReferralAssessment(referral_id=referral.key, assessment_id=assessment.key))
    session.flush()
    return referral.reference


def go_on_with_its_referral(session: Session, by: Actor, now: datetime, assessment: Assessment) -> str:
    """Let an assessment just finished go on with the referral that carries it; gives its reference, or nothing.

    The referral was the decision (SG), so nobody is asked for it again. Raises as `assessments.answering.decide` does.
    """
    waiting = on_its_way(referrals_of(session, assessment.key))
    if waiting:
        decide(session, by, now, assessment, DecisionKind.REFERRED)
    return waiting


def _details(by: Actor, agency_id: int, assessment: Assessment, reason: str, urgent: bool) -> ReferralDetails:
    return ReferralDetails(
        agency_id=agency_id, referrer_name=by.name, reason=reason, urgent=urgent, tool=assessment.tool_code
    )
