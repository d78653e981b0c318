"""Every blueprint, one line a feature."""

from flask import Blueprint

from meetings_app.actions.routes import blueprint as actions
from meetings_app.assessment_record.routes import blueprint as assessment_record
from meetings_app.before_meeting.every_page import blueprint as before_meeting
from meetings_app.child_record.every_page import blueprint as child_record
from meetings_app.cse_list.routes import blueprint as cse_list
from meetings_app.handing_over.every_page import blueprint as accounts
from meetings_app.home.routes import blueprint as home
from meetings_app.imports.routes import blueprint as imports
from meetings_app.jobs.routes import blueprint as jobs
from meetings_app.language.pages import blueprint as language
from meetings_app.meetings.routes_feed import blueprint as calendar_feed
from meetings_app.minutes.every_page import blueprint as meetings
from meetings_app.network_meetings.every_page import blueprint as network_meetings
from meetings_app.networks.every_page import blueprint as networks
from meetings_app.notices.routes import blueprint as notices
from meetings_app.oversight.routes import blueprint as audit
from meetings_app.referrals.routes import blueprint as referrals
from meetings_app.reports.routes import blueprint as reports
from meetings_app.rules_page.every_page import blueprint as rules_page
from meetings_app.weekly_list.routes import blueprint as weekly_list

BLUEPRINTS: tuple[Blueprint, ...] = (
    home,
    accounts,
    audit,
    actions,
    assessment_record,
    before_meeting,
    child_record,
    cse_list,
    imports,
    jobs,
    language,
    meetings,
    calendar_feed,
    network_meetings,
    networks,
    referrals,
    reports,
    rules_page,
    notices,
    weekly_list,
)
