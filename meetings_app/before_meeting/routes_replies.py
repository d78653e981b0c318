"""For chairs and coordinators: who has not answered, asking them again, and the chair's pack."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.before_meeting.pack_word import pack_word
from meetings_app.before_meeting.replies import AgencyReply, replies_of
from meetings_app.before_meeting.routes import blueprint
from meetings_app.before_meeting.standing_now import standing_now
from meetings_app.clock import LONDON
from meetings_app.meetings import plan_updates
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.plan_updates import may_be_asked, updates_missing
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.routes_arranging import office
from meetings_app.permissions import Permission
from meetings_app.preparing import chasing
from meetings_app.preparing.due import information_due
from meetings_app.preparing.rules import BEFORE
from meetings_app.web.context import actor, db, now, partnership, saw, settings, today
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires
from meetings_app.web.word import word_answer, word_template


@blueprint.get("/meetings/<reference>/replies")
@requires(Permission.PREPARE_AGENDA)
def replies(reference: str) -> ResponseReturnValue:
    """Show which agency has answered about which child, and how each attends."""
    meeting = rmm_of(reference, Permission.PREPARE_AGENDA)
    found = replies_of(db(), office(), meeting, now())
    children = [child.child_id for child in found.children]
    saw(EventKind.INFORMATION_VIEWED, meeting=meeting.reference, children=len(children))
    updates = updates_missing(db(), today(), office(), meeting)
    shown = [*children, *(each.child_id for each in updates)]
    record_read(db(), actor(), now(), f"list of who has answered before {meeting.reference}", sorted(set(shown)))
    due = information_due(meeting, office()).astimezone(LONDON)
    before, to_ask = meeting.state in BEFORE, _to_ask(found.missing)
    return render_template(
        "before_meeting/replies.html", meeting=meeting, replies=apart_at(db(), actor(), meeting).shown(found), due=due,
        late=now() > due, form=Form(), may_chase=before and bool(to_ask), before=before,
        rests=before and not to_ask and any(reply.chased_on == today() for reply in found.missing),
        today_date=today(), updates=updates, update_days=partnership().ratings.plans.update_working_days,
        may_ask=any(may_be_asked(each, today()) for each in updates), draft=meeting.state in BEFORE_PUBLISHING,
    )  # fmt: skip


@blueprint.post("/meetings/<reference>/replies/chase")
@requires(Permission.PREPARE_AGENDA)
def chase(reference: str) -> ResponseReturnValue:
    """Ask every agency that has not said everything again, at most once a day each."""
    meeting = rmm_of(reference, Permission.PREPARE_AGENDA)
    asked = [reply.agency_id for reply in replies_of(db(), office(), meeting, now()).missing]
    mails = chasing.chase(db(), actor(), now(), office(), meeting, asked)
    flash(f"{mails} {'person is' if mails == 1 else 'people are'} asked by mail.", "success")
    return redirect(url_for("before_meeting.replies", reference=reference))


@blueprint.post("/meetings/<reference>/replies/updates")
@requires(Permission.PREPARE_AGENDA)
def chase_updates(reference: str) -> ResponseReturnValue:
    """Ask every lead professional whose update on a safety plan is missing again, at most once a day each."""
    meeting = rmm_of(reference, Permission.PREPARE_AGENDA)
    mails = plan_updates.chase_updates(db(), actor(), now(), office(), meeting.reference)
    flash(f"{mails} {'lead professional is' if mails == 1 else 'lead professionals are'} asked by mail.", "success")
    return redirect(url_for("before_meeting.replies", reference=reference))


@blueprint.get("/meetings/<reference>/pack")
@requires(Permission.RECORD_MEETING)
def pack(reference: str) -> ResponseReturnValue:
    """Show chairs and the coordinator where each child stands, and everything that agencies sent."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    found = replies_of(db(), office(), meeting, now())
    children = [child.child_id for child in found.children]
    saw(EventKind.INFORMATION_VIEWED, meeting=meeting.reference, children=len(children))
    record_read(db(), actor(), now(), f"chair’s pack of {meeting.reference}", children)
    apart = apart_at(db(), actor(), meeting)
    return render_template(
        "before_meeting/pack.html", meeting=meeting, children=found.children, replies=apart.shown(found),
        standing=apart.shown(standing_now(db(), meeting, found.children)), today_date=today(),
    )  # fmt: skip


@blueprint.get("/meetings/<reference>/pack.docx")
@requires(Permission.RECORD_MEETING)
def pack_docx(reference: str) -> ResponseReturnValue:
    """Give the chair's pack as Word."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    document = pack_word(
        db(), actor(), now(), office(), meeting, marking=settings().marking, template=word_template("pack")
    )
    return word_answer(document, f"{meeting.reference}-pack")


def _to_ask(missing: Sequence[AgencyReply]) -> list[AgencyReply]:
    return [reply for reply in missing if reply.invited and reply.chased_on != today()]
