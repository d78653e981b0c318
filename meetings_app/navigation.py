"""The links at the top of every page: only what the person may open."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from meetings_app.permissions import Actor, Permission


@dataclass(frozen=True)
class Link:
    """One link of the navigation."""

    text: str
    href: str
    active: bool


_PLACES: tuple[tuple[str, str, Permission | None], ...] = (
    ("Home", "home.home", None),
    ("CSE list", "cse_list.index", Permission.SEE_LIST),
    ("Referrals", "referrals.index", Permission.SEE_REFERRALS),
    ("Meetings", "meetings.index", Permission.SEE_MEETINGS),
    ("Actions", "actions.index", Permission.SEE_ACTIONS),
    ("Import", "imports.index", Permission.IMPORT),
    ("Totals", "reports.totals", Permission.SEE_TOTALS),
    ("Accounts", "accounts.index", Permission.MANAGE_ACCOUNTS),
    ("Audit trail", "audit.index", Permission.SEE_AUDIT),
    ("Mail", "notices.index", Permission.SEE_OUTBOX),
)


def navigation(actor: Actor | None) -> list[Link]:
    """Give the links for a person, the present section marked; none for somebody not signed in."""
    if actor is None:
        return []
    section = (request.endpoint or "").split(".")[0]
    return [
        Link(text=text, href=url_for(endpoint), active=endpoint.split(".")[0] == section)
        for text, endpoint, permission in _PLACES
        if endpoint in current_app.view_functions and (permission is None or actor.may(permission))
    ]
