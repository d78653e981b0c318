"""The page of one item of a network meeting: decided, with its actions, who is in the room, and what goes to RMMs."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlmodel import col

from meetings_app.accounts.queries import names_of
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.errors import RuleBroken
from meetings_app.meetings import live_form
from meetings_app.meetings.live_page import live_page
from meetings_app.meetings.live_queries import set_aside_of
from meetings_app.meetings.network_models import MatterKind, NetworkItem, NetworkMatter
from meetings_app.network_meetings import actions, deciding, item_form, matters, presence, settling
from meetings_app.network_meetings.blueprint import BOTH, blueprint, item_at, network_meeting, office
from meetings_app.network_meetings.forms import DecisionForm, MatterForm, NetworkActionForm, RestForm
from meetings_app.network_meetings.items import decision_of, group_of, seen_of_items, stored_items
from meetings_app.network_meetings.page import Row, row_of
from meetings_app.networks import following, passing_on
from meetings_app.networks import queries as networks
from meetings_app.networks.models import NetworkReferral
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.web.context import actor, db, found, now, saw
from meetings_app.web.guard import requires
from meetings_app.web.numbers import row_number


@blueprint.route("/networks/meetings/<reference>/items/<number>", methods=BOTH)
@requires(Permission.DECIDE_NETWORKS)
def item(reference: str, number: str) -> ResponseReturnValue:
    """Show one item with all that belongs to it, and record what the meeting decides."""
    meeting = network_meeting(reference)
    row = item_at(meeting, number)
    if request.method != "POST":
        return _page(meeting, row)
    form, instead = item_form.sent_form(row), request.form.get("instead", "")
    both = item_form.take_what_others_changed(meeting, row, form)
    if not form.validate():
        return _page(meeting, row, form, instead=instead)
    if both:
        return _page(meeting, row, form, instead=",".join(both), both=both)
    before = item_form.values_of(item_form.recorded_form(row))
    try:
        said = item_form.said(form)
        deciding.record_decision(db(), actor(), now(), office(), meeting, row, form.opened_at, said)
    except RuleBroken as broken:
        form.refuse(broken)
        return _page(meeting, row, form, instead=instead)
    item_form.keep_as_recorded(row, form, before, instead)
    flash(f"Item {number} is saved.", "success")
    return redirect(url_for("network_meetings.item", reference=reference, number=number))


@blueprint.post("/networks/meetings/<reference>/items/<number>/actions")
@requires(Permission.DECIDE_NETWORKS)
def action_add(reference: str, number: str) -> ResponseReturnValue:
    """Write an action down; it is given when the meeting closes."""
    meeting = network_meeting(reference)
    row = item_at(meeting, number)
    form = _action_form(meeting, row)
    if form.validate_on_submit() and form.due_on.data is not None:
        about = row_number(form.about.data)
        try:
            said = actions.Proposal(form.what.data or "", int(form.owner.data), form.due_on.data, about)
            actions.propose(db(), actor(), now(), meeting, row, said)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The action is written down.", "success")
            return redirect(url_for("network_meetings.item", reference=reference, number=number) + "#actions")
    return _page(meeting, row, action=form)


@blueprint.post("/networks/meetings/<reference>/items/<number>/actions/<action>/remove")
@requires(Permission.DECIDE_NETWORKS)
def action_remove(reference: str, number: str, action: str) -> ResponseReturnValue:
    """Take back an action that is not given yet, or withdraw an open one with a reason."""
    meeting = network_meeting(reference)
    item, row = item_at(meeting, number), found(actions.find(db(), action))
    reason = RestForm().reason.data or ""
    if row.state.value == "proposed":
        actions.take_back(db(), actor(), now(), meeting, item, row)
    else:
        actions.withdraw(db(), actor(), now(), meeting, row, row.version, reason)
    flash("The action is taken back.", "success")
    return redirect(url_for("network_meetings.item", reference=reference, number=number) + "#actions")


@blueprint.post("/networks/meetings/<reference>/items/<number>/room")
@requires(Permission.DECIDE_NETWORKS)
def room(reference: str, number: str) -> ResponseReturnValue:
    """Record who of those who attend is not in the room for this item."""
    meeting = network_meeting(reference)
    row = item_at(meeting, number)
    away = [int(each) for each in request.form.getlist("away") if each.isdigit()]
    presence.set_room(db(), actor(), now(), meeting, row, away, request.form.get("seen", ""))
    flash("Who is in the room is saved.", "success")
    return redirect(url_for("network_meetings.item", reference=reference, number=number) + "#room")


@blueprint.route("/networks/meetings/<reference>/items/<number>/children/<child>", methods=BOTH)
@requires(Permission.DECIDE_NETWORKS)
def pass_on(reference: str, number: str, child: str) -> ResponseReturnValue:
    """Let a decision go on to a child’s RMM: as an item there, or as an action."""
    meeting = network_meeting(reference)
    row, form = item_at(meeting, number), MatterForm()
    about = found(matters.children_at(db(), row).get(child))
    form.owner.choices = {"": "Choose", **{str(key): name for key, name in matters.owners_for(db(), child)}}
    back = url_for("network_meetings.item", reference=reference, number=number)
    if form.validate_on_submit():
        owner = int(form.owner.data) if str(form.owner.data).isdigit() else None
        try:
            said = matters.MatterSaid(MatterKind(form.kind.data), form.text.data or "", owner, form.due_on.data)
            matters.pass_on(db(), actor(), now(), meeting, row, child, said)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("It goes on to the RMM when this meeting closes.", "success")
            return redirect(back + "#children")
    record_read(db(), actor(), now(), f"item {number} of {meeting.reference}", [_child_id(about)])
    page = render_template(
        "networks/form.html", form=form, heading="Pass on to the child’s RMM", button="Pass it on", back=back,
        caption=f"{meeting.reference}, item {number}: {child}",
    )  # fmt: skip
    return page, 400 if form.errors else 200


@blueprint.post("/networks/meetings/<reference>/items/<number>/matters/<int:matter>/remove")
@requires(Permission.DECIDE_NETWORKS)
def matter_remove(reference: str, number: str, matter: int) -> ResponseReturnValue:
    """Take back what was to go on to an RMM."""
    meeting = network_meeting(reference)
    row = item_at(meeting, number)
    wanted = select(NetworkMatter).where(col(NetworkMatter.id) == matter, col(NetworkMatter.item_id) == row.key)
    matters.take_back(db(), actor(), now(), meeting, row, found(db().scalars(wanted).first()))
    flash("It is taken back.", "success")
    return redirect(url_for("network_meetings.item", reference=reference, number=number) + "#children")


def _page(
    meeting: Meeting, row: NetworkItem, form: DecisionForm | None = None, *, action: NetworkActionForm | None = None,
    instead: str = "", both: Sequence[str] = (),
) -> ResponseReturnValue:  # fmt: skip
    """Give the page of an item; `form` where something was sent that is not saved, `both` what two people changed."""
    if meeting.started_at is None:
        abort(404)
    rows = item_form.live_rows(meeting, row)
    present = item_form.present_form(row, rows)
    differs = item_form.differences(form, present, list(both)) if form else []
    form, action = form or present, action or _action_form(meeting, row, empty=True)
    form.version.data = present.version.data
    fields = item_form.fields_of(present)
    kept = next(each for each in stored_items(db(), meeting) if each.number == row.number)
    shown: Row = row_of(kept, seen_of_items(db(), meeting, [kept]))
    children = matters.children_at(db(), row)
    here = presence.room_of(db(), meeting, row)
    held = actions.of_item(db(), row)
    earlier = [each for each in actions.open_about(db(), row) if each.item_id != row.key] if row.subject_id else []
    passed = passing_on.passed_to(db(), [*following.alike(db(), group_of(row))])
    told = {*(_child_id(each) for each in children.values()), *(each.child_id for each in passed if each.child_id)}
    saw(EventKind.SUBJECT_VIEWED, subject=shown.reference, children=sorted(told))
    page = render_template(
        "network_meetings/item.html", meeting=meeting, item=row, row=shown, form=form, action=action,
        running=meeting.state is MeetingState.IN_PROGRESS, room=here, children=children,
        missing=presence.missing_of(db(), office(), here), held=held, earlier=earlier,
        owners=names_of(db(), [each.owner_id for each in (*held, *earlier)]),
        matters=matters.of_item(db(), row), references={_child_id(each): key for key, each in children.items()},
        referral=_referral(row), rest=RestForm(formdata=None), still_open=_still_open(row),
        passed=passed, differences=differs, instead=instead,
        seen=live_form.seen_of(fields, rows), live=live_page(_address(meeting, row), rows),
        set_aside=set_aside_of(db(), row), narratives=live_form.narratives(fields),
        labels={name: field.label.text for name, field in fields.items()},
    )  # fmt: skip
    return page, 409 if differs else 400 if form.errors or action.errors else 200


def _still_open(row: NetworkItem) -> tuple[list[str], int]:
    """Give what is still open at a record, counted by kind, and of how many nothing is said yet."""
    things = settling.open_things(db(), row)
    return settling.counted(things), len(settling.unsettled(db(), row, decision_of(db(), row)))


def _address(meeting: Meeting, row: NetworkItem) -> str:
    return url_for("network_meetings.item", reference=meeting.reference, number=row.number)


def _referral(row: NetworkItem) -> NetworkReferral | None:
    return db().get(NetworkReferral, row.referral_id) if row.referral_id is not None else None


def _child_id(row: Any) -> int:
    """Give the id of a child out of a row of links, or of a referral."""
    return int(row.child_id if "child_id" in row._fields else row.id)


def _action_form(meeting: Meeting, row: NetworkItem, *, empty: bool = False) -> NetworkActionForm:
    form = NetworkActionForm(formdata=None) if empty else NetworkActionForm()
    owners = actions.possible_owners(db(), meeting)
    form.owner.choices = {"": "Choose", **{str(key): name for key, name in owners}}
    subjects = {each.id: each for each in networks.subjects_by_id(db(), group_of(row))}
    about = {str(key): f"{subjects[key].name}, {subjects[key].reference}" for key in group_of(row) if key in subjects}
    form.about.choices = {"": "Choose", **about} if row.subject_id is not None else {"referral": "The referral"}
    if row.subject_id is None and (empty or not form.is_submitted()):
        form.about.data = "referral"
    return form
