"""The pages of actions: what an agency is asked to do, and what it says was done."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from meetings_app.accounts import queries as accounts
from meetings_app.actions import board, pages, queries, service, views
from meetings_app.actions.escalating import escalations
from meetings_app.actions.filters import ActionView, When
from meetings_app.actions.forms import AnswerForm, ReassignForm
from meetings_app.actions.models import ActionEventKind, ActionState
from meetings_app.actions.owners import HELD
from meetings_app.actions.recommended_queries import assessment_of_action
from meetings_app.actions.rules import days_overdue, may_answer, needs_agreement
from meetings_app.audit.events import EventKind
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.partnership.definitions import ActionRules
from meetings_app.permissions import PERMISSIONS, Permission, Role
from meetings_app.web.context import actor, db, found, now, partnership, saw, today
from meetings_app.web.guard import requires

blueprint = Blueprint("actions", __name__)

_ROLES = frozenset(role for role in Role if Permission.SEE_ACTIONS in PERMISSIONS[role])
_LATELY = 10


@blueprint.get("/actions")
@requires(Permission.SEE_ACTIONS)
def index() -> ResponseReturnValue:
    """Show the actions the person may see: their agency's first, the overdue ones before all others."""
    view = ActionView.read(request.args, views.usual(actor()))
    after, before = request.args.get("after", ""), request.args.get("before", "")
    page = pages.read_page(db(), actor(), view, today(), after=after, before=before)
    numbers = dict(zip(When, pages.counts(db(), actor(), views.every_part(view), today()), strict=True))
    lately = _answered_lately(view) if view.when is When.OPEN and not page.earlier else []
    named = sorted({row.child_id for row in (*page.rows, *lately) if row.child_name is not None})
    saw(EventKind.ACTIONS_VIEWED, actions=len(page.rows) + len(lately), children=named, **view.address())
    own_areas = accounts.areas_of(db(), actor(), _ROLES)
    return render_template(
        "actions/index.html",
        view=view,
        escalated={} if view.answered else escalations(db(), page.rows, _rules()),
        parts=views.parts(page.rows, view, numbers, today()),
        lately=lately,
        tabs=views.tabs(view, numbers),
        choices=views.choices(actor(), own_areas),
        applied=views.applied(view, own_areas, views.usual(actor())),
        nothing=views.nothing(view),
        sees_escalated=actor().may(Permission.PREPARE_AGENDA),
        previous_href=views.link(view, before=page.rows[0].reference) if page.earlier and page.rows else None,
        next_href=views.link(view, after=page.rows[-1].reference) if page.later and page.rows else None,
    )


def _answered_lately(view: ActionView) -> Sequence[Any]:
    lately = ActionView(view.whose, When.ANSWERED, view.area)
    return pages.read_page(db(), actor(), lately, today(), limit=_LATELY).rows


@blueprint.get("/actions/escalated")
@requires(Permission.PREPARE_AGENDA)
def escalated() -> ResponseReturnValue:
    """Show to coordinators and chairs what goes to the strategic board and to single points of contact; no child."""
    found = board.escalated(db(), actor(), today(), partnership())
    saw(EventKind.ACTIONS_VIEWED, actions=len(found.board) + len(found.contact), children=[], escalated=True)
    return render_template(
        "actions/escalated.html", escalated=found, rules=_rules(), most=board.MOST, page_of="actions.show"
    )


@blueprint.get("/actions/<reference>")
@requires(Permission.SEE_ACTIONS)
def show(reference: str) -> ResponseReturnValue:
    """Show one action, what happened to it, and the form to answer it."""
    shown = found(pages.find_shown(db(), reference))
    return _page(shown, AnswerForm(version=str(shown.version)))


@blueprint.post("/actions/<reference>")
@requires(Permission.REPORT_ACTION)
def answer(reference: str) -> ResponseReturnValue:
    """Record what the agency says of its action."""
    action, form = found(queries.find_action(db(), reference)), AnswerForm()
    if not form.validate_on_submit():
        return _page(found(pages.find_shown(db(), reference)), form), 400
    try:
        service.answer(db(), actor(), now(), action, form.opened_at, form.answer(), _rules())
    except RuleBroken as problem:
        form.refuse(problem)
        return _page(found(pages.find_shown(db(), reference)), form), 400
    except (Conflict, StaleDataError):
        return _conflict(reference, form)
    flash(f"What you said about {action.reference} is saved.", "success")
    return redirect(url_for("actions.show", reference=action.reference))


@blueprint.get("/actions/<reference>/reassign")
@requires(Permission.REPORT_ACTION)
def reassign(reference: str) -> ResponseReturnValue:
    """Ask who does the action from now on."""
    shown = found(pages.find_shown(db(), reference))
    if not _may_change(shown) or shown.child_name is None:
        return found(None)
    return _reassign_page(shown, _with_owners(ReassignForm(version=str(shown.version)), shown))


@blueprint.post("/actions/<reference>/reassign", endpoint="reassigned")
@requires(Permission.REPORT_ACTION)
def reassigned(reference: str) -> ResponseReturnValue:
    """Give the action to another person of the same agency."""
    shown = found(pages.find_shown(db(), reference))
    action, form = found(queries.find_action(db(), reference)), _with_owners(ReassignForm(), shown)
    if not form.validate_on_submit():
        return _reassign_page(shown, form), 400
    try:
        service.reassign(db(), actor(), now(), action, form.opened_at, int(form.owner.data), form.reason.data)
    except RuleBroken as problem:
        form.refuse(problem)
        return _reassign_page(shown, form), 400
    except (Conflict, StaleDataError):
        return _reassign_conflict(reference, form)
    flash(f"{action.reference} is given to somebody else.", "success")
    return redirect(url_for("actions.show", reference=action.reference))


def _page(shown: Any, form: AnswerForm, **more: Any) -> str:
    """Render one action; a page that names the child is recorded as a view of the child."""
    saw(EventKind.ACTIONS_VIEWED, action=shown.reference)
    if shown.child_name is not None:
        saw(EventKind.CHILD_VIEWED, shown.child_id)
    events = queries.events_of(db(), shown.id)
    return render_template(
        "actions/show.html",
        shown=shown,
        overdue=days_overdue(shown.due_on, today()) if shown.state is ActionState.OPEN else 0,
        escalated=escalations(db(), [shown], _rules()).get(shown.id, "") if shown.state is ActionState.OPEN else "",
        history=views.history(events),
        new_dates=_without_agreement(events, shown.area_id),
        form=form,
        has_errors=bool(form.errors),
        may_answer=_may_change(shown),
        may_pass_on=shown.state in HELD and actor().may(Permission.RECORD_MEETING, shown.area_id),
        assessment=assessment_of_action(db(), shown.id) if shown.meeting_id is None else None,
        **more,
    )


def _without_agreement(events: Sequence[Any], area_id: int) -> int:
    """Give how often the date was moved, where the person cannot move it again; 0 where they can."""
    moved = sum(event.kind is ActionEventKind.NEW_DATE for event in events)
    return moved if needs_agreement(moved, _rules()) and not actor().may(Permission.RECORD_MEETING, area_id) else 0


def _rules() -> ActionRules:
    rules: ActionRules = partnership().ratings.actions
    return rules


def _may_change(shown: Any) -> bool:
    return shown.state is ActionState.OPEN and may_answer(actor(), shown.agency_id, shown.owner_id, shown.area_id)


def _conflict(reference: str, form: AnswerForm) -> ResponseReturnValue:
    """Show what the other person saved beside what this one typed; sent again, it is saved on top."""
    db().rollback()
    shown = found(pages.find_shown(db(), reference))
    form.version.data = str(shown.version)
    last = queries.events_of(db(), shown.id)[-1:]
    return _page(shown, form, theirs=views.history(last)[0] if last else None, mine=form.text.data), 409


def _reassign_conflict(reference: str, form: ReassignForm) -> ResponseReturnValue:
    db().rollback()
    shown = found(pages.find_shown(db(), reference))
    form.version.data = str(shown.version)
    last = queries.events_of(db(), shown.id)[-1:]
    theirs = views.history(last)[0] if last else None
    return _reassign_page(shown, _with_owners(form, shown), theirs=theirs, mine=form.reason.data), 409


def _with_owners(form: ReassignForm, shown: Any) -> ReassignForm:
    owners = queries.possible_owners(db(), shown.child_id or 0, shown.agency_id)
    others = {str(row.id): row.name for row in owners if row.id != shown.owner_id}
    form.owner.choices = {"": "Choose", **others}
    return form


def _reassign_page(shown: Any, form: ReassignForm, **more: Any) -> str:
    saw(EventKind.CHILD_VIEWED, shown.child_id)
    return render_template("actions/reassign.html", shown=shown, form=form, has_errors=bool(form.errors), **more)
