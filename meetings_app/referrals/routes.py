"""Every page about referrals: making one, the queue, and one referral with what triage decides."""

from meetings_app.referrals import routes_intake, routes_queue, routes_triage
from meetings_app.referrals.blueprint import blueprint

__all__ = ["blueprint", "routes_intake", "routes_queue", "routes_triage"]
