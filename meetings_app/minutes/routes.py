"""Pages of the minutes: to read any version, to download for each audience, to issue, sign and reopen."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.password_again import confirmed
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.meetings.aliases import aliases_ever
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.minutes import signatures_of
from meetings_app.meetings.minutes_audience import copies_for
from meetings_app.meetings.minutes_readers import draft_goes_to
from meetings_app.meetings.minutes_word import Audience, child_ids_shown, facts_for, minutes_word, telling
from meetings_app.meetings.overriding import given_at_closing, overrides_of
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.routes_arranging import STATE_WORDS, office
from meetings_app.meetings.signed_without import items_in_words, signed_without
from meetings_app.minutes import editing, issuing, signing
from meetings_app.minutes.answering import draft_answers
from meetings_app.minutes.approving import approve, hearing_now, version_to_approve
from meetings_app.minutes.forms import ApproveForm, IssueForm, ReopenForm, SignForm
from meetings_app.minutes.issuing_checks import checks_before_issuing, sees_every_item
from meetings_app.minutes.page import Standing, may_propose, standing_of
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting
from meetings_app.text import day_in_words
from meetings_app.web.context import actor, db, found, now, saw, settings, today
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires
from meetings_app.web.word import word_answer, word_template


@blueprint.get("/meetings/<reference>/minutes")
@requires(Permission.SEE_AGENDA)
def minutes(reference: str) -> ResponseReturnValue:
    """Show the minutes as the reader may see them; draft until both chairs have signed."""
    meeting = rmm_of(reference, Permission.SEE_AGENDA)
    return _page(meeting, standing_shown(meeting))


def _page(meeting: Meeting, standing: Standing, signing_form: SignForm | None = None) -> str:
    shown = standing.shown
    facts = facts_for(db(), actor(), now(), office(), meeting, shown, Audience(), marking=settings().marking)
    children = child_ids_shown(shown, facts)
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(children), minutes=shown.number)
    corrected = [each.correction.child_id for each in standing.corrections if each.correction.child_id is not None]
    record_read(db(), actor(), now(), f"minutes of {meeting.reference}", sorted({*children, *corrected}))
    staff, asks = actor().may(Permission.RECORD_MEETING, meeting.area_id), may_propose(db(), actor(), standing, today())
    hearing, hidden = hearing_now(db(), meeting) if staff else None, [one.number for one in facts.children if one.stub]
    signs = actor().may(Permission.SIGN_MINUTES, meeting.area_id) and standing.is_latest and not standing.is_locked
    return render_template(
        "minutes/minutes.html", meeting=meeting, minutes=shown, facts=facts, standing=standing, plain=Form(),
        form=signing_form or SignForm(formdata=None, number=str(shown.number)), state=STATE_WORDS[meeting.state],
        agencies=copies_for(db(), actor(), meeting), signatures=signatures_of(db(), shown), today_date=today(),
        may_sign=signs and shown.first_chair_id != actor().account_id,
        signed_by_me=signs and shown.first_chair_id == actor().account_id,
        chair=actor().may(Permission.SIGN_MINUTES, meeting.area_id),
        staff=staff, goes_to=draft_goes_to(db(), meeting) if staff and not standing.locked else None,
        whole=not hidden, kept_from=items_in_words(hidden, "without"),
        signed_without=signed_without(db(), actor(), shown, {child.number for child in facts.children} - set(hidden)),
        answers=draft_answers(db(), actor(), meeting, shown.number, may_ask=asks, staff=staff),
        may_propose=asks, hearing=hearing.reference if hearing else "",
        to_approve=version_to_approve(db(), meeting) if hearing else None,
        approving=ApproveForm(formdata=None, number=str(shown.number)), overrides=overrides_of(db(), meeting.key),
    )  # fmt: skip


@blueprint.get("/meetings/<reference>/minutes.docx")
@requires(Permission.SEE_AGENDA)
def minutes_docx(reference: str) -> ResponseReturnValue:
    """Give the minutes as Word for an audience, narrowed to what the reader may see."""
    meeting = rmm_of(reference, Permission.SEE_AGENDA)
    standing = standing_shown(meeting)
    try:
        audience = Audience.read(request.args.get("audience", "full"))
        document = minutes_word(
            db(), actor(), now(), office(), meeting, standing.shown, audience, marking=settings().marking,
            template=word_template("minutes"),
        )  # fmt: skip
    except DomainError:
        abort(404)
    return word_answer(document, audience.file_name(meeting.reference))


@blueprint.get("/meetings/<reference>/minutes/without-names")
@requires(Permission.SEE_AGENDA)
def minutes_without_names(reference: str) -> ResponseReturnValue:
    """Show what may still say who a child is, before the copy without names is downloaded."""
    meeting = rmm_of(reference, Permission.SEE_AGENDA)
    shown = standing_shown(meeting).shown
    facts = facts_for(
        db(), actor(), now(), office(), meeting, shown, Audience("anonymised"), marking=settings().marking
    )  # fmt: skip
    children = child_ids_shown(shown, facts)
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(children), minutes=shown.number)
    record_read(db(), actor(), now(), f"minutes of {meeting.reference}, without names", children)
    aliases = {alias.name for alias in aliases_ever(db(), {item["child_id"] for item in shown.facts["items"]})}
    return render_template("minutes/without_names.html", meeting=meeting, minutes=shown, words=telling(facts, aliases))


@blueprint.route("/meetings/<reference>/minutes/issue", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def minutes_issue(reference: str) -> ResponseReturnValue:
    """Say what is to be seen to first, then issue the draft to those who attended."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    latest = editing.found_minutes(db(), meeting)
    form = IssueForm()
    if form.validate_on_submit():
        try:
            step = issuing.issue(db(), actor(), now(), office(), meeting, form.despite.data or "")
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            until = day_in_words(step.until) if step.until else ""
            to = "to those who attended" if draft_goes_to(db(), meeting).sent else "to nobody"
            flash(f"Version {step.number} is issued {to}. Corrections are taken until {until}.", "success")
            return redirect(url_for("meetings.minutes", reference=reference))
    doubts = checks_before_issuing(db(), office(), meeting, latest, now())
    page = render_template(
        "minutes/issue.html", meeting=meeting, form=form, goes_to=draft_goes_to(db(), meeting), doubts=doubts,
        given=given_at_closing(db(), meeting, doubts), whole=sees_every_item(db(), latest),
    )  # fmt: skip
    return page, 400 if form.errors else 200


@blueprint.post("/meetings/<reference>/minutes/version")
@requires(Permission.RECORD_MEETING)
def minutes_version(reference: str) -> ResponseReturnValue:
    """Make the next version from the text as it is edited now, for the chairs to sign."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    made = editing.make_version(db(), actor(), now(), meeting)
    flash(f"Version {made.number} is made. Both chairs sign it.", "success")
    return redirect(url_for("meetings.minutes", reference=reference, version=made.number))


@blueprint.post("/meetings/<reference>/minutes/sign")
@requires(Permission.SIGN_MINUTES)
@confirmed
def minutes_sign(reference: str) -> ResponseReturnValue:
    """Sign the version that was read, as one of the two chairs."""
    meeting = rmm_of(reference, Permission.SIGN_MINUTES)
    form = SignForm()
    number = form.version_read
    try:
        signed = signing.sign_minutes(db(), actor(), now(), office(), meeting, number, form.why)
    except RuleBroken as broken:
        form.refuse(broken)
        return _page(meeting, standing_shown(meeting, number), form), 400
    if signed.second_signed_at is not None:
        flash("Both chairs have signed. This version of the minutes is locked.", "success")
    else:
        flash("Your signature is recorded. The other chair signs as well.", "success")
    return redirect(url_for("meetings.minutes", reference=reference, version=number))


@blueprint.post("/meetings/<reference>/minutes/approve")
@requires(Permission.RECORD_MEETING)
def minutes_approve(reference: str) -> ResponseReturnValue:
    """Record that the meeting that is being held approves the version that was read."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    form = ApproveForm()
    if not form.validate_on_submit():
        raise DomainError("The remark is too long: write it into the notes of the meeting.")
    step = approve(db(), actor(), now(), meeting, form.version_read, form.reason.data or "")
    flash(f"It is recorded that version {step.number} of the minutes of {reference} is approved.", "success")
    hearing = found(hearing_now(db(), meeting))
    return redirect(url_for("meetings.record", reference=hearing.reference) + "#minutes")


@blueprint.route("/meetings/<reference>/minutes/reopen", methods=["GET", "POST"])
@requires(Permission.SIGN_MINUTES)
def minutes_reopen(reference: str) -> ResponseReturnValue:
    """Reopen signed minutes with a reason, so that an amendment can be written."""
    meeting = rmm_of(reference, Permission.SIGN_MINUTES)
    editing.found_minutes(db(), meeting)
    form = ReopenForm()
    if form.validate_on_submit():
        try:
            signing.reopen(db(), actor(), now(), office(), meeting, form.reason.data)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The minutes are reopened. The signed version stays as it is.", "success")
            return redirect(url_for("meetings.minutes_texts", reference=reference))
    return render_template("minutes/reopen.html", meeting=meeting, form=form), 400 if form.errors else 200


def standing_shown(meeting: Meeting, number: int | None = None) -> Standing:
    """Give where the minutes stand, at a version or at the one that the address asks for, or answer 404."""
    asked = request.args.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else number
    if asked and number is None:
        abort(404)
    return found(standing_of(db(), actor(), office(), meeting, number))
