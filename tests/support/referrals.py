"""Builders of referrals, through the services the pages use."""

from sqlalchemy.orm import Session

from meetings_app.children.models import Child
from meetings_app.permissions import OPERATOR, Actor
from meetings_app.referrals.models import Referral
from meetings_app.referrals.service import ReferralDetails, make_referral
from tests.support.children import add_child, agency_id
from tests.support.meetings import office
from tests.support.world import NOW

CONCERN = "An adult waits outside the school & gives <presents>."
"""An invented concern, with the characters that pages must not trip over."""


def refer(
    session: Session, child: Child | None = None, *, by: Actor = OPERATOR, agency: str = "police", **details: object
) -> Referral:
    """Refer a child, by default a new one of the North East; the session must see the child."""
    child = child or add_child(session)
    values = {
        "agency_id": by.agency_id or agency_id(session, agency), "referrer_name": by.name, "reason": CONCERN, **details
    }  # fmt: skip
    return make_referral(session, by, NOW, office(), child, ReferralDetails(**values))  # type: ignore[arg-type]
