"""Imports every models module, so that the metadata is whole wherever it is needed."""

from meetings_app.accounts import models as accounts
from meetings_app.actions import models as actions
from meetings_app.assessments import models as assessments
from meetings_app.audit import models as audit
from meetings_app.children import models as children
from meetings_app.cse_list import models as cse_list
from meetings_app.imports import models as imports
from meetings_app.jobs import models as jobs
from meetings_app.meetings import live_models as live
from meetings_app.meetings import models as meetings
from meetings_app.meetings import network_models as network_meetings
from meetings_app.minutes import models as minutes
from meetings_app.networks import models as networks
from meetings_app.networks import record_models as network_records
from meetings_app.notices import models as notices
from meetings_app.plans import models as plans
from meetings_app.preparing import models as preparing
from meetings_app.ratings import models as ratings
from meetings_app.referrals import models as referrals
from meetings_app.schedule import models as schedule
from meetings_app.strategy import models as strategy
from meetings_app.web import models as web
from meetings_app.weekly_list import models as weekly_list

__all__ = [
    "accounts", "actions", "assessments", "audit", "children", "cse_list", "imports", "jobs", "live", "meetings",
    "minutes", "network_meetings", "network_records", "networks", "notices", "plans", "preparing", "ratings",
    "referrals", "schedule", "strategy", "web", "weekly_list",
]  # fmt: skip
