"""The links at the top of every page: only what the person may open."""

from typing import NamedTuple

from flask import current_app, request

from meetings_app.permissions import Actor, Permission


class Link(NamedTuple):
    """One link of the navigation."""

    text: str
    href: str
    active: bool


# The addresses stand here, as in the frame of the page, because working them out took longer than printing them.
PLACES: tuple[tuple[str, str, str, Permission | None], ...] = (
    ("Home", "/", "home.home", None),
    ("CSE list", "/list", "cse_list.index", Permission.SEE_LIST),
    ("Referrals", "/referrals", "referrals.index", Permission.SEE_REFERRALS),
    ("Assessments", "/assessments", "assessment_record.index", Permission.ASSESS),
    ("Meetings", "/meetings", "meetings.index", Permission.SEE_MEETINGS),
    ("Networks", "/networks", "networks.index", Permission.SEE_NETWORKS),
    ("Actions", "/actions", "actions.index", Permission.SEE_ACTIONS),
    ("Import", "/import", "imports.index", Permission.IMPORT),
    ("Totals", "/totals", "reports.totals", Permission.SEE_TOTALS),
    ("Accounts", "/accounts", "accounts.index", Permission.MANAGE_ACCOUNTS),
    ("Rules", "/settings/rules", "rules_page.index", Permission.SEE_RULES),
    ("Audit trail", "/audit/", "audit.index", Permission.SEE_AUDIT),
    ("Mail", "/mail", "notices.index", Permission.SEE_OUTBOX),
    ("Timetable", "/timetable", "jobs.index", Permission.SEE_OUTBOX),
)


def navigation(actor: Actor | None) -> list[Link]:
    """Give the links for a person, the present section marked; none for somebody not signed in."""
    if actor is None:
        return []
    section, held, there = (request.endpoint or "").partition(".")[0], actor.permissions, current_app.view_functions
    return [
        Link(text, address, endpoint.partition(".")[0] == section)
        for text, address, endpoint, permission in PLACES
        if endpoint in there and (permission is None or permission in held)
    ]
