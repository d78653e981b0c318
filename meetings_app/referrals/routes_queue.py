"""The queue of referrals: what waits for triage, and for each referrer their own."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.queries import areas_of
from meetings_app.audit.events import EventKind
from meetings_app.permissions import AREA_ROLES, Permission
from meetings_app.referrals import queries, views
from meetings_app.referrals.blueprint import blueprint, office
from meetings_app.referrals.queries import QueueFilter, View
from meetings_app.referrals.rules import Moments
from meetings_app.web.context import actor, db, now, saw
from meetings_app.web.guard import requires

_OF_THE_AREAS = {
    View.WAITING: "Waiting for a decision",
    View.URGENT: "Urgent",
    View.LATE: "No decision in time",
    View.RETURNED: "Returned",
    View.UNANSWERED: "Returned, no answer in time",
    View.ACCEPTED: "Accepted, not heard yet",
    View.DECIDED: "Decided",
}
_OWN = {View.MINE: "Made by me", View.TO_ANSWER: "I need to answer"}


@blueprint.get("/referrals")
@requires(Permission.SEE_REFERRALS)
def index() -> ResponseReturnValue:
    """Show a page of the referrals the person triages, or of their own."""
    choices = {**_OF_THE_AREAS, **_OWN} if actor().may(Permission.TRIAGE) else _OWN
    view, late = _filter(choices), queries.moments(office(), now())
    page = queries.page_of(
        db(), actor(), view, late, after=request.args.get("after", ""), before=request.args.get("before", "")
    )
    rows = [views.printed(row, now(), office()) for row in page.rows]
    saw(EventKind.REFERRALS_VIEWED, referrals=len(rows), children=_children(page.rows), show=view.show.value)
    return render_template(
        "referrals/index.html", view=view, rows=rows, choices=choices, areas=_areas(),
        own=view.show in _OWN, total=_total(page, view, late),
        previous_href=_link(view, before=rows[0].reference) if page.earlier and rows else None,
        next_href=_link(view, after=rows[-1].reference) if page.later and rows else None,
    )  # fmt: skip


def _filter(choices: dict[View, str]) -> QueueFilter:
    """Read what is asked for; anything unknown shows the first choice."""
    asked = request.args.get("show", "")
    show = next((view for view in choices if view.value == asked), next(iter(choices)))
    area = request.args.get("area", "")
    return QueueFilter(show, area if any(each.code == area for each in _areas()) else "")


def _areas() -> list[Any]:
    """Give the areas the person may choose between; none where there is only one."""
    own = areas_of(db(), actor(), AREA_ROLES)
    return own if len(own) > 1 else []


def _children(rows: Any) -> list[int]:
    return sorted({row.child_id for row in rows if row.child_reference is not None})


def _link(view: QueueFilter, **more: str) -> str:
    values: dict[str, Any] = {"show": view.show.value, "area": view.area or None, **more}
    return url_for("referrals.index", **values)


def _total(page: queries.Page, view: QueueFilter, late: Moments) -> str:
    """Say how many referrals the view holds; one page that holds them all needs no counting."""
    whole = not page.earlier and not page.later
    number = len(page.rows) if whole else queries.count(db(), actor(), view, late)
    if number > queries.MOST_COUNTED:
        return f"More than {queries.MOST_COUNTED:,} referrals"
    return f"{number:,} {'referral' if number == 1 else 'referrals'}"
