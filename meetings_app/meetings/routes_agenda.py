"""Pages of an agenda: as it drafts itself, changed by hand, published, as Word, and who is not on it."""

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.children.models import Child
from meetings_app.children.queries import find_child, search
from meetings_app.clock import LONDON
from meetings_app.errors import RuleBroken
from meetings_app.meetings import adjusting, publishing, queries
from meetings_app.meetings.absent import absent_page
from meetings_app.meetings.agenda_page import agenda_view
from meetings_app.meetings.agenda_word import agenda_word
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.drafting import cut_off_moment
from meetings_app.meetings.forms import AddChildForm, MoveForm, PublishForm, ReasonForm
from meetings_app.meetings.item_addresses import item_address
from meetings_app.meetings.minutes_readers import minutes_to_open
from meetings_app.meetings.overriding import overrides_of
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.meetings.publishing_checks import check_cut_off, checks_before_publishing, early_words
from meetings_app.meetings.routes_arranging import STATE_WORDS, found_meeting, office
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.queries import invited_who_may, read_meeting
from meetings_app.web.context import actor, db, found, now, saw, settings
from meetings_app.web.guard import requires
from meetings_app.web.word import word_answer, word_template


def rmm_of(reference: str, permission: Permission, *, only_read: bool = False) -> Meeting:
    """Give an RMM in whose area the person may do this, or answer 404; where it is `only_read`, as a row."""
    meeting = found(read_meeting(db(), reference)) if only_read else found_meeting(reference)
    if meeting.area_id is None or not actor().may(permission, meeting.area_id):
        abort(404)
    return meeting


STILL_ADDED_TO = (*BEFORE_PUBLISHING, MeetingState.PUBLISHED, MeetingState.IN_PROGRESS)
"""States of a meeting whose agenda takes another child: by hand before it is published, then as a late item."""


@blueprint.get("/meetings/<reference>/agenda")
@requires(Permission.SEE_AGENDA)
def agenda(reference: str) -> ResponseReturnValue:
    """Show the agenda as it stands; until it is published, only to those who prepare it."""
    meeting = rmm_of(reference, Permission.SEE_AGENDA, only_read=True)
    prepares = actor().may(Permission.PREPARE_AGENDA, meeting.area_id)
    draft = meeting.state in BEFORE_PUBLISHING
    view = arrived = None
    if prepares or not draft:
        view = agenda_view(
            db(), meeting, office().partnership, now(), for_chair=actor().may(Permission.DECIDE, meeting.area_id)
        )
        there = {item.child_id for item in view.agenda.items}
        arrived = publishing.arrived_since(db(), meeting, there, office().partnership, now()) if prepares else []
    shown = view.child_ids if view else ()
    saw(EventKind.AGENDA_VIEWED, meeting=meeting.reference, children=len(shown))
    record_read(db(), actor(), now(), f"agenda of {meeting.reference}", shown)
    cut_off = cut_off_moment(meeting, office().partnership, office().calendar)
    return render_template(
        "meetings/agenda/agenda.html", meeting=meeting, view=view, draft=draft, prepares=prepares, arrived=arrived,
        state=STATE_WORDS[meeting.state], cut_off=cut_off.astimezone(LONDON), past_cut_off=now() > cut_off,
        may_publish=prepares and meeting.state is MeetingState.ANNOUNCED,
        may_add=prepares and meeting.state in STILL_ADDED_TO,
        records=actor().may(Permission.RECORD_MEETING, meeting.area_id),
        chair=actor().may(Permission.DECIDE, meeting.area_id),
        overrides=overrides_of(db(), meeting.key) if prepares and not draft else [],
        minutes_to_open=minutes_to_open(db(), actor(), [each.meeting for each in view.earlier]) if view else (),
    )  # fmt: skip


@blueprint.get("/meetings/<reference>/agenda/others")
@requires(Permission.PREPARE_AGENDA)
def agenda_others(reference: str) -> ResponseReturnValue:
    """Show who is not on the agenda and why not, fifty at a time."""
    meeting = rmm_of(reference, Permission.PREPARE_AGENDA)
    page = absent_page(db(), meeting, office().partnership, now(), after=_after(request.args.get("after", "")))
    children = queries.children_of(db(), [row.child_id for row in page.rows])
    seen = [row.child_id for row in page.rows]
    record_read(db(), actor(), now(), f"list of who is not on the agenda of {meeting.reference}", seen)
    saw(EventKind.AGENDA_VIEWED, meeting=meeting.reference, children=len(seen))
    following = f"{page.after[0].isoformat()}.{page.after[1]}" if page.after else None
    return render_template(
        "meetings/agenda/others.html", meeting=meeting, page=page, children=children, following=following,
        may_add=meeting.state in STILL_ADDED_TO,
    )  # fmt: skip


@blueprint.route("/meetings/<reference>/agenda/add", methods=["GET", "POST"])
@requires(Permission.PREPARE_AGENDA)
def agenda_add(reference: str) -> ResponseReturnValue:
    """Put a child on the agenda by hand, with a reason; on a published one as a late item."""
    meeting = rmm_of(reference, Permission.PREPARE_AGENDA)
    # A name is searched for by POST, so that it never stands in an address. A link names a child by reference.
    linked = find_child(db(), request.args.get("q", "")) if request.method == "GET" else None
    asked = linked.reference if linked else request.form.get("q", "").strip()
    searching = linked is not None or "search" in request.form
    form = AddChildForm()
    found_there = [child for child in search(db(), asked) if child.area_id == meeting.area_id] if asked else []
    # A published agenda takes nobody twice; to a draft a reason may be added.
    there = set() if meeting.state in BEFORE_PUBLISHING or not found_there else _on_agenda(meeting)
    matches = [child for child in found_there if child.id not in there]
    form.child.choices = [(child.reference, f"{child.name}, {child.reference}") for child in matches]
    if searching and len(matches) == 1:
        form.child.data = matches[0].reference
    if searching:
        saw(EventKind.SEARCHED, matches=len(found_there), children=[child.id for child in found_there])
    elif form.validate_on_submit():
        child = found(find_child(db(), form.child.data))
        try:
            return redirect(_put_on_agenda(meeting, child, form.reason.data))
        except RuleBroken as broken:
            form.refuse(broken)
    empty = searching and not asked
    page = render_template(
        "meetings/agenda/add.html", meeting=meeting, form=form, asked=asked, matches=matches, empty=empty,
        already=[child for child in found_there if child.id in there],
    )  # fmt: skip
    return page, 400 if form.errors or empty else 200


def _put_on_agenda(meeting: Meeting, child: Child, reason: str) -> str:
    """Add a child; gives where the person goes on: in the meeting to the new item, which the room is about to hear."""
    if meeting.state in BEFORE_PUBLISHING:
        adjusting.add_by_hand(db(), actor(), now(), meeting, child, reason)
        flash(f"{child.reference} is on the agenda.", "success")
        return url_for("meetings.agenda", reference=meeting.reference)
    added = publishing.add_late_item(db(), actor(), now(), office(), meeting, child, reason)
    flash(f"{child.reference} is on the agenda as item {added.number}.", "success")
    if meeting.state is MeetingState.IN_PROGRESS and actor().may(Permission.RECORD_MEETING, meeting.area_id):
        return item_address(meeting, added)
    return url_for("meetings.agenda", reference=meeting.reference)


def _on_agenda(meeting: Meeting) -> set[int]:
    return {item.child_id for item in queries.stored_items(db(), meeting.key)}


@blueprint.route("/meetings/<reference>/agenda/<child_reference>/defer", methods=["GET", "POST"])
@requires(Permission.PREPARE_AGENDA)
def agenda_defer(reference: str, child_reference: str) -> ResponseReturnValue:
    """Take a child off the draft, with a reason; the next RMM of the area hears of it."""
    meeting = rmm_of(reference, Permission.PREPARE_AGENDA)
    child: Child = found(find_child(db(), child_reference))
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            adjusting.defer_by_hand(db(), actor(), now(), office().partnership, meeting, child, form.reason.data)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash(f"{child.reference} is deferred from this agenda.", "success")
            return redirect(url_for("meetings.agenda", reference=reference))
    page = render_template("meetings/agenda/defer.html", meeting=meeting, child=child, form=form)
    return page, 400 if form.errors else 200


@blueprint.post("/meetings/<reference>/agenda/move")
@requires(Permission.PREPARE_AGENDA)
def agenda_move(reference: str) -> ResponseReturnValue:
    """Move a child one place up or down within the section."""
    meeting = rmm_of(reference, Permission.PREPARE_AGENDA)
    form = MoveForm()
    child = found(find_child(db(), str(form.child.data)))
    adjusting.move_item(db(), actor(), now(), office().partnership, meeting, child, up=form.direction.data == "up")
    return redirect(url_for("meetings.agenda", reference=reference) + f"#{child.reference}")


@blueprint.route("/meetings/<reference>/agenda/publish", methods=["GET", "POST"])
@requires(Permission.PREPARE_AGENDA)
def agenda_publish(reference: str) -> ResponseReturnValue:
    """Ask once more, then publish: the numbers freeze and each member is told."""
    meeting = rmm_of(reference, Permission.PREPARE_AGENDA)
    form = PublishForm()
    if form.validate_on_submit():
        try:
            why = form.despite.data or ""
            check_cut_off(meeting, office().partnership, office().calendar, now(), confirmed=bool(form.early.data))
            items = publishing.publish(db(), actor(), now(), office(), meeting, form.opened_at, why)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash(f"The agenda is published with {items} items. Each member who may read it gets a notice.", "success")
            return redirect(url_for("meetings.agenda", reference=reference))
    form.version.data = str(meeting.version)
    may_publish = meeting.state is MeetingState.ANNOUNCED
    agenda = publishing.agenda_of(db(), meeting, office().partnership, now())
    page = render_template(
        "meetings/agenda/publish.html", meeting=meeting, form=form, agenda=agenda,
        members=len(invited_who_may(db(), meeting, Permission.SEE_AGENDA)), may_publish=may_publish,
        early=early_words(meeting, office().partnership, office().calendar, now()),
        doubts=checks_before_publishing(db(), office(), meeting, now()) if may_publish else [],
    )  # fmt: skip
    return page, 400 if form.errors else 200


@blueprint.get("/meetings/<reference>/agenda.docx")
@requires(Permission.SEE_AGENDA)
def agenda_docx(reference: str) -> ResponseReturnValue:
    """Give the agenda as Word: the members' copy, or for chairs who ask for it their own."""
    meeting = rmm_of(reference, Permission.SEE_AGENDA)
    if meeting.state in BEFORE_PUBLISHING and not actor().may(Permission.PREPARE_AGENDA, meeting.area_id):
        abort(404)
    for_chair = "chair" in request.args
    if for_chair and not actor().may(Permission.DECIDE, meeting.area_id):
        abort(404)
    document = agenda_word(
        db(), actor(), now(), office(), meeting, marking=settings().marking, for_chair=for_chair,
        template=word_template("agenda"),
    )  # fmt: skip
    return word_answer(document, f"{meeting.reference}-agenda-chair" if for_chair else f"{meeting.reference}-agenda")


def _after(text: str) -> tuple[date, int] | None:
    day, _, row = text.partition(".")
    try:
        return date.fromisoformat(day), int(row)
    except ValueError:
        return None
