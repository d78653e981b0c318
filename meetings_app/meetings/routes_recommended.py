"""An action that an assessment of the item's child recommends, or its rating asks for: proposed here, or declined."""

from typing import Any, NamedTuple

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from meetings_app.actions.forms import DeclineForm
from meetings_app.actions.recommended_queries import RecommendedAction
from meetings_app.actions.taking_up import Asked
from meetings_app.audit.events import EventKind
from meetings_app.errors import RuleBroken
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.item_addresses import item_address
from meetings_app.meetings.item_page import fill_owners
from meetings_app.meetings.item_scope import child_of
from meetings_app.meetings.item_shown import item_of
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.queries import decision_of
from meetings_app.meetings.raising import ASKING, propose_raised, raised_on_item, set_aside_raised
from meetings_app.meetings.recommending import decline_recommended, offered_on_item, propose_recommended
from meetings_app.meetings.running_forms import ActionForm
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting
from meetings_app.web.context import actor, db, found, now, partnership, saw, today
from meetings_app.web.guard import requires


class _Offered(NamedTuple):
    meeting: Meeting
    item: AgendaItem
    row: RecommendedAction


@blueprint.route("/meetings/<reference>/items/<number>/recommended/<assessment>/<int:which>", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def item_recommended(reference: str, number: str, assessment: str, which: int) -> ResponseReturnValue:
    """Ask who does a recommended action and by when, and propose it on the item.

    `assessment` is a rating for what a rating asks for.
    """
    offered = _offered(reference, number, assessment, which)
    form = ActionForm(what=offered.row.text, due_on=max(offered.row.due_on, offered.meeting.held_on))
    agency_of = fill_owners(db(), offered.meeting, offered.item, form, offered.row)
    if form.validate_on_submit() and form.due_on.data is not None:
        owner = int(form.owner.data)
        asked = Asked(form.what.data, agency_of[owner], owner, form.due_on.data)
        try:
            _propose(offered, asked)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return redirect(item_address(offered.meeting, offered.item) + "#actions")
    return _page(offered, form, DeclineForm(formdata=None))


@blueprint.post("/meetings/<reference>/items/<number>/recommended/<assessment>/<int:which>/decline")
@requires(Permission.RECORD_MEETING)
def item_recommended_decline(reference: str, number: str, assessment: str, which: int) -> ResponseReturnValue:
    """Record why the meeting does not take a recommended action up."""
    offered = _offered(reference, number, assessment, which)
    form = DeclineForm()
    if form.validate():
        _decline(offered, form.reason.data)
        done = "It is set aside" if offered.row.by_rating else "The recommended action is declined"
        flash(f"{done}. The reason is kept with it.", "success")
        return redirect(item_address(offered.meeting, offered.item) + "#actions")
    held_on = max(offered.row.due_on, offered.meeting.held_on)
    action_form = ActionForm(formdata=None, what=offered.row.text, due_on=held_on)
    fill_owners(db(), offered.meeting, offered.item, action_form, offered.row)
    return _page(offered, action_form, form)


def _offered(reference: str, number: str, assessment: str, which: int) -> _Offered:
    """Give a recommended action that the item's child still has to be answered, or answer 404."""
    meeting, item = item_of(reference, number)
    if assessment in ASKING:
        rows = raised_on_item(db(), partnership(), meeting, item, decision_of(db(), item.key))
        asked = next((row for row in rows if (row.assessment, row.number) == (assessment, which)), None)
        return _Offered(meeting, item, found(asked))
    return _Offered(meeting, item, found(offered_on_item(db(), meeting, item, assessment, which, today())))


def _propose(offered: _Offered, asked: Asked) -> None:
    meeting, item, row = offered
    if row.by_rating:
        propose_raised(db(), actor(), now(), partnership(), meeting, item, row, asked)
    else:
        propose_recommended(db(), actor(), now(), meeting, item, row.assessment, row.number, asked)


def _decline(offered: _Offered, reason: str) -> None:
    meeting, item, row = offered
    if row.by_rating:
        set_aside_raised(db(), actor(), now(), partnership(), meeting, item, row, reason)
    else:
        decline_recommended(db(), actor(), now(), meeting, item, row.assessment, row.number, reason)


def _page(offered: _Offered, form: ActionForm, decline_form: DeclineForm) -> ResponseReturnValue:
    meeting, item, row = offered
    child = child_of(db(), item)
    if row.by_rating:
        saw(EventKind.CHILD_VIEWED, item.child_id)
    else:
        saw(EventKind.ASSESSMENT_VIEWED, item.child_id, assessment=row.assessment)
    where: Any = {
        "reference": meeting.reference,
        "number": item.number,
        "assessment": row.assessment,
        "which": row.number,
    }
    wrong = bool(form.errors or decline_form.errors)
    page = render_template(
        "meetings/running/recommended.html", meeting=meeting, item=item, row=row, child=child, form=form,
        decline_form=decline_form, has_errors=wrong, take_up_at=url_for("meetings.item_recommended", **where),
        decline_at=url_for("meetings.item_recommended_decline", **where),
    )  # fmt: skip
    return page, 400 if wrong else 200
