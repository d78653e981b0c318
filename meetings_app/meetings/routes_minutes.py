"""Pages of the minutes: to read, to download for each audience, and for both chairs to sign."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries as people
from meetings_app.accounts.gate import confirmed
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.errors import DomainError
from meetings_app.meetings import minutes as minutes_service
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.minutes_word import Audience, child_ids_shown, facts_for, minutes_word
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.routes_arranging import STATE_WORDS, office
from meetings_app.meetings.running_forms import SignForm
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.web.context import actor, db, found, now, saw, settings
from meetings_app.web.guard import requires
from meetings_app.web.word import word_answer, word_template


@blueprint.get("/meetings/<reference>/minutes")
@requires(Permission.SEE_AGENDA)
def minutes(reference: str) -> ResponseReturnValue:
    """Show the minutes as the reader may see them; draft until both chairs have signed."""
    meeting, latest = _minutes_of(reference)
    facts = facts_for(db(), now(), office(), meeting, latest, Audience(), marking=settings().marking)
    shown = [child for child in facts.children if not child.stub]
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(shown), minutes=latest.number)
    record_read(db(), actor(), now(), f"minutes of {meeting.reference}", child_ids_shown(latest, facts))
    form = SignForm(formdata=None, number=str(latest.number))
    may_sign = meeting.state is MeetingState.CLOSED and actor().may(Permission.SIGN_MINUTES, meeting.area_id)
    return render_template(
        "meetings/minutes/minutes.html", meeting=meeting, minutes=latest, facts=facts, form=form,
        state=STATE_WORDS[meeting.state], agencies=people.agencies(db()),
        may_sign=may_sign and latest.first_chair_id != actor().account_id,
        signed_by_me=may_sign and latest.first_chair_id == actor().account_id,
    )  # fmt: skip


@blueprint.get("/meetings/<reference>/minutes.docx")
@requires(Permission.SEE_AGENDA)
def minutes_docx(reference: str) -> ResponseReturnValue:
    """Give the minutes as Word for an audience, narrowed to what the reader may see."""
    meeting, latest = _minutes_of(reference)
    try:
        audience = Audience.read(request.args.get("audience", "full"))
        document = minutes_word(
            db(), actor(), now(), office(), meeting, latest, audience, marking=settings().marking,
            template=word_template("minutes"),
        )  # fmt: skip
    except DomainError:
        abort(404)
    return word_answer(document, audience.file_name(meeting.reference))


@blueprint.post("/meetings/<reference>/minutes/sign")
@requires(Permission.SIGN_MINUTES)
@confirmed
def minutes_sign(reference: str) -> ResponseReturnValue:
    """Sign the version that was read, as one of the two chairs."""
    meeting, _latest = _minutes_of(reference)
    form = SignForm()
    number = int(form.number.data) if str(form.number.data or "").isdigit() else 0
    minutes_service.sign_minutes(db(), actor(), now(), office(), meeting, number)
    if meeting.state is MeetingState.SIGNED:
        flash("Both chairs have signed. This version of the minutes is locked.", "success")
    else:
        flash("Your signature is recorded. The other chair signs as well.", "success")
    return redirect(url_for("meetings.minutes", reference=reference))


def _minutes_of(reference: str) -> tuple[Meeting, Minutes]:
    meeting = rmm_of(reference, Permission.SEE_AGENDA)
    return meeting, found(minutes_service.latest_minutes(db(), meeting.key))
