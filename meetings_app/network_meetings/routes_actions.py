"""Pages of the actions that network meetings gave: one’s own and those one may see, and answering one."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.accounts.queries import names_of
from meetings_app.actions.board import MOST
from meetings_app.actions.forms import AnswerForm
from meetings_app.actions.models import ActionState
from meetings_app.audit.events import EventKind
from meetings_app.errors import RuleBroken
from meetings_app.meetings.network_models import NetworkActionEvent
from meetings_app.network_meetings import actions
from meetings_app.network_meetings.action_queries import NetworkActionView, escalated, escalations, rows_of
from meetings_app.network_meetings.blueprint import BOTH, blueprint, holds
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now, partnership, saw, today
from meetings_app.web.guard import requires


@blueprint.get("/networks/actions")
@requires(Permission.SEE_ACTIONS)
def action_list() -> ResponseReturnValue:
    """List the open actions of network meetings that the person may see, earliest date first: all, own or overdue."""
    view = NetworkActionView.read(request.args)
    found_rows = rows_of(db(), actor(), view, today())
    rows = found_rows[:MOST]
    saw(EventKind.ACTIONS_VIEWED)
    return render_template(
        "network_meetings/actions.html", rows=rows, owners=names_of(db(), [row.owner_id for row in rows]),
        today=today(), mine=actor().account_id, view=view, more=len(found_rows) > MOST, most=MOST,
        escalated=escalations(db(), rows, partnership().ratings.actions), holds=holds(),
        views=[
            (words, NetworkActionView(mine, late))
            for words, mine, late in (
                ("All open", False, False), ("Overdue", False, True), ("My own", True, False),
                ("My own, overdue", True, True),
            )
        ],
    )  # fmt: skip


@blueprint.get("/networks/actions/escalated")
@requires(Permission.DECIDE_NETWORKS)
def action_escalated() -> ResponseReturnValue:
    """Show to the network chair what goes to the strategic board and to single points of contact, by reference."""
    shown = escalated(db(), today(), partnership())
    saw(EventKind.ACTIONS_VIEWED, actions=len(shown.board) + len(shown.contact), children=[], escalated=True)
    return render_template(
        "network_meetings/escalated.html",
        escalated=shown,
        rules=partnership().ratings.actions,
        most=MOST,
        page_of="network_meetings.action",
    )


@blueprint.route("/networks/actions/<reference>", methods=BOTH)
@requires(Permission.SEE_ACTIONS)
def action(reference: str) -> ResponseReturnValue:
    """Show one action with its history; its owner and the network chair say what became of it."""
    row, form = found(actions.find(db(), reference)), AnswerForm()
    may = row.owner_id == actor().account_id or holds()
    if form.is_submitted() and not may:
        abort(404)
    if form.validate_on_submit():
        try:
            actions.answer(db(), actor(), now(), row, form.opened_at, form.answer(), partnership().ratings.actions)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The answer is saved.", "success")
            return redirect(url_for("network_meetings.action", reference=row.reference))
    if not form.is_submitted():
        form.version.data = str(row.version)
    events = db().execute(
        select(NetworkActionEvent, col(Account.name))
        .outerjoin(Account, col(Account.id) == col(NetworkActionEvent.by_id))
        .where(col(NetworkActionEvent.action_id) == row.key)
        .order_by(col(NetworkActionEvent.id))
    )
    is_open = row.state is ActionState.OPEN
    saw(EventKind.ACTIONS_VIEWED)
    page = render_template(
        "network_meetings/action.html", row=row, form=form, events=events.all(), today=today(),
        escalated=escalations(db(), [row], partnership().ratings.actions).get(row.key, "") if is_open else "",
        owner=names_of(db(), [row.owner_id]).get(row.owner_id, ""), may=may and is_open,
    )  # fmt: skip
    return page, 400 if form.errors else 200
