"""The page and the Word file of the actions that a meeting gave to one agency."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record, record_read
from meetings_app.documents.render import actions_document
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.routes_arranging import office
from meetings_app.minutes.action_lists import actions_given, agencies_given, agency_read, list_facts
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, now, saw, settings
from meetings_app.web.guard import requires
from meetings_app.web.word import word_answer, word_template


@blueprint.get("/meetings/<reference>/actions")
@requires(Permission.SEE_AGENDA)
def meeting_actions(reference: str) -> ResponseReturnValue:
    """Show what the meeting gave to the reader’s agency; who records the meeting can look at every agency’s list."""
    meeting = rmm_of(reference, Permission.SEE_AGENDA)
    agency = agency_read(db(), actor(), meeting, request.args.get("agency", ""))
    rows = actions_given(db(), meeting, agency)
    staff = actor().may(Permission.RECORD_MEETING, meeting.area_id)
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, actions=len(rows), agency=agency.code)
    return render_template(
        "minutes/actions.html", meeting=meeting, agency=agency, rows=apart_at(db(), actor(), meeting).shown(rows),
        agencies=agencies_given(db(), meeting) if staff else [],
    )  # fmt: skip


@blueprint.get("/meetings/<reference>/actions.docx")
@requires(Permission.SEE_AGENDA)
def meeting_actions_docx(reference: str) -> ResponseReturnValue:
    """Give one agency’s list of actions as Word."""
    meeting = rmm_of(reference, Permission.SEE_AGENDA)
    agency = agency_read(db(), actor(), meeting, request.args.get("agency", ""))
    facts = list_facts(db(), actor(), now(), office(), meeting, agency, marking=settings().marking)
    rows = actions_given(db(), meeting, agency)
    record(
        db(), actor(), now(), EventKind.DOCUMENT_MADE, document=f"actions of {meeting.reference}", code=agency.code,
        actions=len(rows),
    )  # fmt: skip
    ids = sorted({row.child_id for row in rows if row.child_id is not None})
    record_read(db(), actor(), now(), f"actions of {meeting.reference}, as Word", ids)
    return word_answer(actions_document(facts, word_template("actions")), f"{meeting.reference}-actions-{agency.code}")
