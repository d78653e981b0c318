"""Pages to ask for a correction, for those who attended, and to answer one, for the chairs."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.minutes_texts import NOTES
from meetings_app.meetings.minutes_word import Audience, facts_for
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.routes_arranging import office
from meetings_app.meetings.two_texts_page import begun_at, chosen_text
from meetings_app.minutes import editing, issuing, queries
from meetings_app.minutes.answering import say_nothing_to_correct
from meetings_app.minutes.forms import AcceptForm, CorrectionForm, RefuseForm, VersionReadForm
from meetings_app.minutes.models import MinutesCorrection
from meetings_app.minutes.page import may_propose
from meetings_app.minutes.routes import standing_shown
from meetings_app.minutes.routes_texts import item_in
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting
from meetings_app.web.context import actor, db, found, now, saw, settings, today
from meetings_app.web.guard import requires

SETTLES = "settles"
"""The field that comes from a page on which two texts stood, whichever of its buttons was pressed."""


@blueprint.route("/meetings/<reference>/minutes/corrections/<item>", methods=["GET", "POST"])
@requires(Permission.SEE_AGENDA)
def minutes_correction(reference: str, item: str) -> ResponseReturnValue:
    """Ask for a correction of one item that the reader's copy shows."""
    meeting = rmm_of(reference, Permission.SEE_AGENDA)
    standing, number = standing_shown(meeting), item_in(item)
    facts = facts_for(db(), actor(), now(), office(), meeting, standing.shown, Audience(), marking=settings().marking)
    shown = {child.number: child for child in facts.children if not child.stub}
    there = number == NOTES or number in shown
    found(True if there and may_propose(db(), actor(), standing, today()) else None)
    form = CorrectionForm()
    if form.validate_on_submit():
        issuing.propose(db(), actor(), now(), meeting, number, form.text.data, frozenset(shown))
        flash("Your correction is with the chairs. Their answer stands on this page.", "success")
        return redirect(url_for("meetings.minutes", reference=reference) + "#corrections")
    ids = [each["child_id"] for each in standing.shown.facts["items"] if each["number"] == number]
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(ids), minutes=standing.shown.number)
    record_read(db(), actor(), now(), f"minutes of {meeting.reference}", ids)
    page = render_template(
        "minutes/correction.html", meeting=meeting, number=number, one=shown.get(number), form=form,
        facts=facts, standing=standing,
    )  # fmt: skip
    return page, 400 if form.errors else 200


@blueprint.post("/meetings/<reference>/minutes/nothing-to-correct")
@requires(Permission.SEE_AGENDA)
def minutes_nothing_to_correct(reference: str) -> ResponseReturnValue:
    """Say, as one who attended, that there is nothing to correct in the version that was read."""
    meeting = rmm_of(reference, Permission.SEE_AGENDA)
    say_nothing_to_correct(db(), actor(), now(), meeting, VersionReadForm().version_read)
    flash("Your answer is recorded: you have no correction.", "success")
    return redirect(url_for("meetings.minutes", reference=reference))


@blueprint.route("/meetings/<reference>/minutes/answers/<int:correction_id>", methods=["GET", "POST"])
@requires(Permission.SIGN_MINUTES)
def minutes_answer(reference: str, correction_id: int) -> ResponseReturnValue:
    """Accept a correction by writing it into the text, or refuse it with a reason."""
    meeting = rmm_of(reference, Permission.SIGN_MINUTES)
    correction = found(queries.find_correction(db(), meeting.key, correction_id))
    accepting, refusing = AcceptForm(), RefuseForm()
    refuses = request.form.get("do") == "refuse"
    form = refusing if refuses else accepting
    theirs, status = None, 200
    if request.method == "POST":
        status, stands = 400, _standing(meeting, correction)
        # What was refused where two texts stood is answered where two texts stand.
        theirs = stands if SETTLES in request.form else None
        if form.validate():
            try:
                _answer(meeting, correction, stands, accepting, refusing, refuses=refuses)
            except RuleBroken as broken:
                form.refuse(broken)
            except Conflict as conflict:
                if not conflict.field:
                    raise
                theirs, status = conflict.theirs, 409
            else:
                flash("The correction is refused." if refuses else "The correction is in the text.", "success")
                return redirect(url_for("meetings.minutes", reference=reference) + "#corrections")
    return _answer_page(meeting, correction, accepting, refusing, status, theirs)


def _standing(meeting: Meeting, correction: MinutesCorrection) -> str:
    """Give the text that a correction is about, as it stands."""
    return editing.working_texts(db(), editing.found_minutes(db(), meeting))[correction.item]


def _newest(meeting: Meeting, correction: MinutesCorrection) -> int:
    """Give the version of that text, 0 for what was recorded in the meeting."""
    versions = queries.versions_of_text(db(), meeting.key, correction.item)
    return versions[-1].number if versions else 0


def _answer(
    meeting: Meeting, correction: MinutesCorrection, stands: str, accepting: AcceptForm, refusing: RefuseForm, *,
    refuses: bool,
) -> None:  # fmt: skip
    if refuses:
        issuing.refuse(db(), actor(), now(), office(), meeting, correction, refusing.reason.data)
        return
    text = chosen_text(stands, _newest(meeting, correction), accepting, accepting.text)
    issuing.accept(db(), actor(), now(), office(), meeting, correction, begun_at(accepting), text)


def _answer_page(
    meeting: Meeting, correction: MinutesCorrection, accepting: AcceptForm, refusing: RefuseForm, status: int,
    theirs: str | None,
) -> ResponseReturnValue:  # fmt: skip
    latest, apart = editing.found_minutes(db(), meeting), apart_at(db(), actor(), meeting)
    stands, newest = _standing(meeting, correction), _newest(meeting, correction)
    # Whichever button was refused, what was typed in both boxes stays, at the text that it was typed over.
    if request.method == "GET":
        accepting.version.data, accepting.text.data = str(newest), apart.text(stands)
    if request.method == "POST":
        accepting.form_id.data = refusing.form_id.data = AcceptForm(formdata=None).form_id.data
    ids = [correction.child_id] if correction.child_id is not None else []
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(ids), minutes=latest.number)
    record_read(db(), actor(), now(), f"minutes of {meeting.reference}", ids)
    shown = next(each for each in queries.corrections_of(db(), meeting.key) if each.correction.id == correction.id)
    page = render_template(
        "minutes/answer.html", meeting=meeting, shown=shown, correction=apart.shown(correction), accepting=accepting,
        refusing=refusing, theirs=None if theirs is None else apart.text(theirs), settles=newest,
        others_edit=apart.notice(stands, correction.text),
    )  # fmt: skip
    return page, status
