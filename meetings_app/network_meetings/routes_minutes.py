"""Pages of the minutes of a network meeting, and its documents in Word: each reader gets what they may see."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.password_again import confirmed
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.minutes import locked_numbers
from meetings_app.meetings.minutes_audience import Audience, copies_for
from meetings_app.meetings.minutes_readers import draft_goes_to, versions_for
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.meetings.routes_arranging import STATE_WORDS
from meetings_app.minutes.answering import draft_answers
from meetings_app.network_meetings import minutes as kept
from meetings_app.network_meetings.agenda_word import agenda_word
from meetings_app.network_meetings.blueprint import BOTH, blueprint, holds, item_at, network_meeting, office
from meetings_app.network_meetings.corrections import asked_of
from meetings_app.network_meetings.forms import PutRightForm, SignForm
from meetings_app.network_meetings.minutes_changed import changed_since_issue
from meetings_app.network_meetings.minutes_copy import NetworkCopy
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting
from meetings_app.web.context import actor, db, found, now, saw, settings, today
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires
from meetings_app.web.word import word_answer, word_template


@blueprint.get("/networks/meetings/<reference>/agenda.docx")
@requires(Permission.SEE_NETWORKS)
def agenda_docx(reference: str) -> ResponseReturnValue:
    """Give the agenda as Word; until it is published, to the network chair alone."""
    meeting = network_meeting(reference)
    if meeting.state in BEFORE_PUBLISHING and not holds():
        abort(404)
    document = agenda_word(
        db(), actor(), now(), office(), meeting, marking=settings().marking, template=word_template("network-agenda")
    )
    return word_answer(document, f"{meeting.reference}-agenda")


@blueprint.get("/networks/meetings/<reference>/minutes")
@requires(Permission.SEE_NETWORKS)
def minutes(reference: str) -> ResponseReturnValue:
    """Show the minutes as the reader may see them; draft until the chair has signed."""
    meeting = network_meeting(reference)
    return _page(meeting, _version(meeting))


def _page(meeting: Meeting, version: Minutes, signing: SignForm | None = None) -> str:
    facts = kept.facts_for(db(), actor(), now(), office(), meeting, version, Audience(), marking=settings().marking)
    shown = NetworkCopy(db(), actor(), Audience(), meeting, version)
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(shown.children()), minutes=version.number)
    saw(EventKind.SUBJECTS_VIEWED, shown=len(shown.subjects()), subjects=shown.subjects())
    record_read(db(), actor(), now(), f"minutes of {meeting.reference}", shown.children())
    numbers = versions_for(db(), actor(), meeting)
    asked = asked_of(db(), actor(), meeting, today())
    return render_template(
        "network_meetings/minutes.html", meeting=meeting, facts=facts, number=version.number, numbers=numbers,
        newest=version.number == numbers[-1], locked=version.second_signed_at is not None, holds=holds(),
        state=STATE_WORDS[meeting.state], agencies=copies_for(db(), actor(), meeting),
        form=signing or SignForm(formdata=None, version=str(version.number)), today_date=today(),
        amends=bool(locked_numbers(db(), meeting.key)), asked=asked, plain=Form(),
        answers=draft_answers(db(), actor(), meeting, version.number, may_ask=asked.may_propose, staff=holds()),
        changed=changed_since_issue(db(), meeting, version) if holds() else (),
        goes_to=draft_goes_to(db(), meeting) if holds() else None,
    )  # fmt: skip


@blueprint.get("/networks/meetings/<reference>/minutes.docx")
@requires(Permission.SEE_NETWORKS)
def minutes_docx(reference: str) -> ResponseReturnValue:
    """Give the minutes as Word for an audience, narrowed to what the reader may see."""
    meeting = network_meeting(reference)
    version = _version(meeting)
    try:
        audience = Audience.read(request.args.get("audience", "full"))
        document = kept.minutes_word(
            db(), actor(), now(), office(), meeting, version, audience, marking=settings().marking,
            template=word_template("network-minutes"),
        )  # fmt: skip
    except DomainError:
        abort(404)
    return word_answer(document, audience.file_name(meeting.reference))


@blueprint.post("/networks/meetings/<reference>/minutes/sign")
@requires(Permission.DECIDE_NETWORKS)
@confirmed
def minutes_sign(reference: str) -> ResponseReturnValue:
    """Sign the version that was read."""
    meeting = network_meeting(reference)
    form = SignForm()
    try:
        kept.sign(db(), actor(), now(), office(), meeting, form.opened_at, form.despite.data or "")
    except RuleBroken as broken:
        form.refuse(broken)
        return _page(meeting, _version(meeting, form.opened_at), form), 400
    flash("The minutes are signed. This version is locked.", "success")
    return redirect(url_for("network_meetings.minutes", reference=reference))


@blueprint.post("/networks/meetings/<reference>/minutes/issue")
@requires(Permission.DECIDE_NETWORKS)
def minutes_issue(reference: str) -> ResponseReturnValue:
    """Tell those who attended that the minutes can be read."""
    meeting = network_meeting(reference)
    told = kept.issue(db(), actor(), now(), office(), meeting, SignForm().opened_at)
    nobody = "Nobody is told: nobody is recorded in the room who can open the minutes here. Give them the Word copy."
    flash({0: nobody, 1: "1 person is told."}.get(told, f"{told} people are told."), "success" if told else "warning")
    return redirect(url_for("network_meetings.minutes", reference=reference))


@blueprint.route("/networks/meetings/<reference>/minutes/items/<number>", methods=BOTH)
@requires(Permission.DECIDE_NETWORKS)
def minutes_put_right(reference: str, number: str) -> ResponseReturnValue:
    """Put the words of one item right: the next version; after the signature, an amendment."""
    meeting = network_meeting(reference)
    item_at(meeting, number)
    newest, form = found(kept.version_of(db(), actor(), meeting, None)), PutRightForm()
    apart, stands = apart_at(db(), actor(), meeting), _words_of(newest, number)
    back = url_for("network_meetings.minutes", reference=reference)
    if form.validate_on_submit():
        texts = {name: form[name].data or "" for name in kept.TEXTS}
        try:
            kept.put_right(db(), actor(), now(), meeting, form.opened_at, number, texts, form.reason.data or "")
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The next version of the minutes is made. Sign that one.", "success")
            return redirect(back)
    if not form.is_submitted():
        form.version.data = str(newest.number)
        for name, words in stands.items():
            form[name].data = words
    page = render_template(
        "network_meetings/put_right.html", form=form, heading=f"Put item {number} right", back=back,
        button="Make the next version", caption=meeting.reference, others_edit=apart.notice(*stands.values()),
        texts=[(label, apart.text(stands[name])) for name, label in kept.TEXTS.items()],
    )  # fmt: skip
    return page, 400 if form.errors else 200


def _words_of(version: Minutes, number: str) -> dict[str, str]:
    """Give the words of an item of a version that can be put right, by field."""
    item = next(each for each in version.facts["items"] if each["number"] == number)
    return {name: item[name] for name in kept.TEXTS}


def _version(meeting: Meeting, number: int | None = None) -> Minutes:
    asked = request.args.get("version", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 6):
        abort(404)
    number = int(asked) if asked else number
    return found(kept.version_of(db(), actor(), meeting, number))
