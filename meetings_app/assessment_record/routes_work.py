"""The page of what waits in assessments: own drafts, decisions, flags, and children to be assessed again."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.assessment_record import work
from meetings_app.assessment_record.blueprint import blueprint
from meetings_app.assessment_record.work import Moment, Show, WorkView
from meetings_app.audit.events import EventKind
from meetings_app.meetings.reassessments import clocks_of
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, now, partnership, saw, today
from meetings_app.web.guard import requires

_TABS = {
    Show.DRAFTS: ("Your drafts", "You have no draft."),
    Show.DECISIONS: ("Decisions", "No decision is waited for."),
    Show.FLAGS: ("To answer", "Nothing that an assessment asks for is open."),
    Show.DUE: ("Due to be assessed", "No child on the list is due to be assessed."),
}


@blueprint.get("/assessments")
@requires(Permission.ASSESS)
def index() -> ResponseReturnValue:
    """Show one part of what waits, the longest first; anything unknown shows the person's drafts."""
    asked = request.args.get("show", "")
    show = next((part for part in Show if part.value == asked), Show.DRAFTS)
    view = WorkView(show, mine=show in (Show.DECISIONS, Show.FLAGS) and request.args.get("whose", "") == "mine")
    hours = partnership().ratings.referrals.decision_hours
    moment = Moment(now(), clocks_of(db(), today(), partnership()), hours)
    page = work.read(db(), actor(), view, moment, request.args.get("after", ""))
    children = sorted({row.child_id for row in page.rows})
    saw(EventKind.ASSESSMENTS_VIEWED, shown=len(page.rows), children=children)
    tabs = [{"text": _TABS[part][0], "href": WorkView(part).address, "active": part is show} for part in Show]
    return render_template(
        "assessment_record/work.html", view=view, tabs=tabs, title=_TABS[show][0], nothing=_TABS[show][1],
        rows=page.rows, next_href=_next(view, page.after) if page.after else None,
        others=WorkView(show, mine=not view.mine).address if show in (Show.DECISIONS, Show.FLAGS) else "",
    )  # fmt: skip


def _next(view: WorkView, after: str) -> str:
    return url_for(
        "assessment_record.index", show=view.show.value, whose="mine" if view.mine else None, after=after
    )  # fmt: skip
