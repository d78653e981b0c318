"""An agency's page before a meeting: what it knows of each child, who comes, saved as a draft or sent."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.before_meeting.page import AgencyPage, agency_page, answered
from meetings_app.before_meeting.saving import Saved, save_page
from meetings_app.before_meeting.unsaved import unsaved_words
from meetings_app.clock import LONDON
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.routes_arranging import office
from meetings_app.permissions import Permission
from meetings_app.preparing.due import information_due
from meetings_app.preparing.rules import BEFORE
from meetings_app.schedule.checks import lock
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.rules import agenda_issue_date
from meetings_app.web.context import actor, db, now, partnership, saw, today
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires

blueprint = Blueprint("before_meeting", __name__)


@blueprint.route("/meetings/<reference>/before", methods=["GET", "POST"])
@requires(Permission.ANSWER_FOR_AGENCY)
def before(reference: str) -> ResponseReturnValue:
    """Show the agency's page, and keep or send what is typed; two people of an agency lose nothing to each other."""
    meeting = rmm_of(reference, Permission.ANSWER_FOR_AGENCY)
    form = Form()
    if not form.is_submitted():
        return _page(meeting, form, _agency_page(meeting), Saved(), 200)
    lock(db(), meeting)
    page = _agency_page(meeting, submitted=True)
    unsaved = unsaved_words(page, request.form)
    if unsaved:
        return _page(meeting, form, page, Saved(unsaved=unsaved), 409)
    if not all([form.validate(), _validate(page)]):
        return _page(meeting, form, page, Saved(), 400)
    sending = request.form.get("do", "") == "send"
    saved = save_page(db(), actor(), now(), meeting, page, sending=sending)
    if not saved.whole:
        return _page(meeting, form, page, saved, 409 if saved.differences else 400)
    flash(_said(saved, sending), "success")
    return redirect(url_for("before_meeting.before", reference=reference))


@blueprint.post("/meetings/<reference>/before/draft")
@requires(Permission.ANSWER_FOR_AGENCY)
def draft(reference: str) -> ResponseReturnValue:
    """Keep a draft while somebody types, for the script of the page; says the versions from which to go on."""
    meeting = rmm_of(reference, Permission.ANSWER_FOR_AGENCY)
    form = Form()
    lock(db(), meeting)
    page = _agency_page(meeting, submitted=True)
    if unsaved_words(page, request.form):
        return jsonify(problem="Not saved: this page has changed. Press a button to see what you typed."), 409
    if not all([form.validate(), _validate(page)]):
        return jsonify(problem="Not saved: look at the page’s messages when you press a button."), 400
    # What the person did not touch keeps the version it was opened at: a colleague may have rewritten it since.
    touched = {part.form.version.name for part in page.parts if part.form.is_changed}
    saved = save_page(db(), actor(), now(), meeting, page, sending=False)
    if not saved.whole:
        return jsonify(problem="Not saved: somebody else of your agency has changed this. Save to see both texts."), 409
    kept = _agency_page(meeting)
    parts = [part.form for part in kept.parts if part.form.version.name in touched]
    return jsonify(versions={field.name: field.data for part in parts for field in (part.version, part.opened)})


def _agency_page(meeting: Meeting, *, submitted: bool = False) -> AgencyPage:
    return agency_page(db(), actor(), meeting, partnership(), now(), submitted=submitted)


def _validate(page: AgencyPage) -> bool:
    whole = all([*(part.form.validate() for part in page.parts)])
    return not any([*(part.is_refused() for part in page.parts)]) and whole


def _said(saved: Saved, sending: bool) -> str:
    return f"{_said_of_own(saved, sending)}{_said_of_left(saved)}"


def _said_of_left(saved: Saved) -> str:
    if not saved.left:
        return ""
    return f" Somebody else of your agency has rewritten this meanwhile, so it stays as it is: {', '.join(saved.left)}."


def _said_of_own(saved: Saved, sending: bool) -> str:
    if not sending:
        return "Your draft is saved. Only your agency sees it until you send it."
    if not saved.sent:
        return "Nothing was changed since you last sent it."
    return f"Sent: {saved.sent} {'answer' if saved.sent == 1 else 'answers'}."


def _page(meeting: Meeting, form: Form, page: AgencyPage, saved: Saved, status: int) -> ResponseReturnValue:
    children = [box.child.child_id for box in page.boxes]
    for part in page.parts:
        part.cover()
    saw(EventKind.INFORMATION_VIEWED, meeting=meeting.reference, children=len(children))
    record_read(db(), actor(), now(), f"agency’s page before {meeting.reference}", children)
    due = information_due(meeting, office()).astimezone(LONDON)
    rules = office().definition(meeting.type)
    issue = agenda_issue_date(meeting.held_on, office().calendar, rules.agenda_issued_working_days)
    html = render_template(
        "before_meeting/before.html", meeting=meeting, form=form, page=page, saved=saved, due=due,
        issue_on=issue if meeting.state in BEFORE_PUBLISHING else None,
        late=now() > due, began=meeting.state not in BEFORE,
        today_date=today(), answered=answered, read=page.apart.shown,
    )  # fmt: skip
    return html, status
