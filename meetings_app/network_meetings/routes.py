"""Pages of the network meetings and of an agenda: as it drafts itself, changed by hand, and published."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.clock import LONDON
from meetings_app.errors import RuleBroken
from meetings_app.meetings.minutes_readers import versions_for
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.meetings.routes_arranging import STATE_WORDS, answers_waiting
from meetings_app.network_meetings import publishing
from meetings_app.network_meetings.agenda import arrived_since
from meetings_app.network_meetings.blueprint import BOTH, blueprint, holds, network_meeting, office
from meetings_app.network_meetings.drafting import cut_off_moment, draft_of
from meetings_app.network_meetings.forms import AddForm, DeferForm, LateForm, MoveForm, PublishForm
from meetings_app.network_meetings.items import agenda_of, seen_of_items
from meetings_app.network_meetings.page import OUTCOME_WORDS, Row, row_of, view_of
from meetings_app.networks.queries import find_referral, find_subject
from meetings_app.permissions import Permission
from meetings_app.preparing.who_comes import WhoComes, who_comes_to
from meetings_app.schedule.checks import may_arrange
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.schedule.queries import invited_who_may
from meetings_app.schedule.queries import members as meeting_members
from meetings_app.web.context import actor, db, found, now, saw, today
from meetings_app.web.guard import requires

_SHOWN = 40


@blueprint.get("/networks/meetings")
@requires(Permission.SEE_NETWORKS)
def index() -> ResponseReturnValue:
    """List the network meetings that the person may see, the next one first, then those that are past."""
    statement = select(Meeting).where(col(Meeting.type) == MeetingType.NETWORK).order_by(col(Meeting.held_on))
    meetings = db().scalars(statement).all()
    over = (MeetingState.CLOSED, MeetingState.SIGNED, MeetingState.CANCELLED)
    ahead = [each for each in meetings if each.state not in over]
    past = [each for each in reversed(meetings) if each.state in over]
    return render_template(
        "network_meetings/index.html",
        ahead=ahead[:_SHOWN],
        past=past[:_SHOWN],
        states=STATE_WORDS,
        today=today(),
        arranges=may_arrange(actor(), None),
    )


@blueprint.get("/networks/meetings/<reference>")
@requires(Permission.SEE_NETWORKS)
def agenda(reference: str) -> ResponseReturnValue:
    """Show the agenda as it stands; until it is published, only to the network chair."""
    meeting = network_meeting(reference)
    draft, view, arrived = meeting.state in BEFORE_PUBLISHING, None, []
    if holds() or not draft:
        view = view_of(db(), office(), meeting, now())
        saw(EventKind.AGENDA_VIEWED, meeting=meeting.reference, children=len(view.children))
        record_read(db(), actor(), now(), f"agenda of {meeting.reference}", view.children)
        saw(EventKind.SUBJECTS_VIEWED, shown=len(view.subjects), subjects=list(view.subjects))
        if holds() and meeting.state in publishing.TAKES_LATE:
            arrived = _arrived(meeting)
    cut_off, arranges = cut_off_moment(office(), meeting), may_arrange(actor(), None)
    members = meeting_members(db(), meeting.key) if arranges else ()
    comes = who_comes_to(db(), meeting.key) if arranges else WhoComes()
    return render_template(
        "network_meetings/agenda.html", meeting=meeting, view=view, draft=draft, arrived=arrived, holds=holds(),
        arranges=arranges, **answers_waiting(meeting, members, comes, arranges=arranges),
        state=STATE_WORDS[meeting.state], cut_off=cut_off.astimezone(LONDON), past_cut_off=now() > cut_off,
        words=OUTCOME_WORDS, late=LateForm(formdata=None),
        reads_minutes=bool(versions_for(db(), actor(), meeting)),
    )  # fmt: skip


def _arrived(meeting: Meeting) -> list[Row]:
    """Give what is due since the agenda was published, as the person may see it."""
    published = agenda_of(db(), office(), meeting, now()).items
    items = arrived_since(draft_of(db(), office(), meeting, now()), published)
    seen = seen_of_items(db(), meeting, items)
    return [row for row in (row_of(item, seen) for item in items) if not row.stub]


@blueprint.route("/networks/meetings/<reference>/add", methods=BOTH)
@requires(Permission.DECIDE_NETWORKS)
def add(reference: str) -> ResponseReturnValue:
    """Put a record on the agenda by hand, with a reason; on a published one as a late item."""
    meeting, form = network_meeting(reference), AddForm()
    if form.validate_on_submit():
        try:
            subject = find_subject(db(), form.subject.data or "")
            if subject is None:
                raise RuleBroken("subject", "There is no record with this reference that you may see")
            publishing.add_by_hand(db(), actor(), now(), office(), meeting, subject, form.reason.data or "")
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash(f"{subject.reference} is on the agenda.", "success")
            return redirect(url_for("network_meetings.agenda", reference=reference))
    return _form_page(meeting, form, "Add to the agenda", "Add to the agenda")


@blueprint.post("/networks/meetings/<reference>/referrals/<referral>/late")
@requires(Permission.DECIDE_NETWORKS)
def add_referral(reference: str, referral: str) -> ResponseReturnValue:
    """Take a referral that came after publishing on as a late item."""
    meeting, row = network_meeting(reference), found(find_referral(db(), referral))
    publishing.add_referral_late(db(), actor(), now(), office(), meeting, row)
    flash(f"{row.reference} is on the agenda as a late item.", "success")
    return redirect(url_for("network_meetings.agenda", reference=reference))


@blueprint.route("/networks/meetings/<reference>/defer/<about>", methods=BOTH)
@requires(Permission.DECIDE_NETWORKS)
def defer(reference: str, about: str) -> ResponseReturnValue:
    """Take a record or a referral off the draft, with a reason; the next network meeting hears of it."""
    meeting, form = network_meeting(reference), DeferForm()
    subject = find_subject(db(), about)
    referral = None if subject else find_referral(db(), about)
    if subject is None and referral is None:
        abort(404)
    if form.validate_on_submit():
        try:
            publishing.defer_by_hand(
                db(), actor(), now(), office(), meeting, subject.key if subject else None,
                referral.key if referral else None, form.reason.data or "",
            )  # fmt: skip
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash(f"{about} is deferred from this agenda.", "success")
            return redirect(url_for("network_meetings.agenda", reference=reference))
    return _form_page(meeting, form, f"Defer {about}", "Defer it")


@blueprint.route("/networks/meetings/<reference>/move/<about>", methods=BOTH)
@requires(Permission.DECIDE_NETWORKS)
def move(reference: str, about: str) -> ResponseReturnValue:
    """Give a record or a referral another place in its section of the draft, with a reason."""
    meeting, form = network_meeting(reference), MoveForm()
    drafted = draft_of(db(), office(), meeting, now()) if meeting.state in BEFORE_PUBLISHING else None
    item = next((each for each in drafted.items if each.reference == about), None) if drafted else None
    if drafted is None or item is None or not seen_of_items(db(), meeting, [item]).shows(*item.key):
        abort(404)
    beside = publishing.items_beside(drafted, item)
    form.place.choices = {"": "Choose", **{str(place): each.number for place, each in enumerate(beside, 1)}}
    if form.validate_on_submit():
        try:
            place, reason = int(form.place.data), form.reason.data or ""
            publishing.move(db(), actor(), now(), office(), meeting, item, place, reason)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash(f"{about} is moved.", "success")
            return redirect(url_for("network_meetings.agenda", reference=reference))
    return _form_page(meeting, form, f"Move {about}, which is number {item.number}", "Move it")


@blueprint.route("/networks/meetings/<reference>/publish", methods=BOTH)
@requires(Permission.DECIDE_NETWORKS)
def publish(reference: str) -> ResponseReturnValue:
    """Ask once more, then publish: the numbers freeze and each member is told."""
    meeting, form = network_meeting(reference), PublishForm()
    if form.validate_on_submit():
        items = publishing.publish(db(), actor(), now(), office(), meeting, form.opened_at)
        flash(f"The agenda is published with {items} items. Each member who may read it gets a notice.", "success")
        return redirect(url_for("network_meetings.agenda", reference=reference))
    form.version.data = str(meeting.version)
    drafted = agenda_of(db(), office(), meeting, now())
    return render_template(
        "network_meetings/publish.html", meeting=meeting, form=form, agenda=drafted,
        members=len(invited_who_may(db(), meeting, Permission.SEE_NETWORKS)),
        may_publish=meeting.state is MeetingState.ANNOUNCED,
    )  # fmt: skip


def _form_page(
    meeting: Meeting, form: AddForm | DeferForm | MoveForm, heading: str, button: str
) -> ResponseReturnValue:
    page = render_template(
        "networks/form.html", form=form, heading=heading, button=button, caption=meeting.reference,
        back=url_for("network_meetings.agenda", reference=meeting.reference),
    )  # fmt: skip
    return page, 400 if form.errors else 200
