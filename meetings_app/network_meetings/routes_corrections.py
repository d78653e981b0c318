"""Pages to ask for a correction of a network meeting’s minutes, for those who attended, and to answer one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.minutes_audience import Audience
from meetings_app.meetings.minutes_texts import NOTES
from meetings_app.minutes import issuing, queries
from meetings_app.minutes.answering import say_nothing_to_correct
from meetings_app.minutes.forms import CorrectionForm, RefuseForm, VersionReadForm
from meetings_app.minutes.models import MinutesCorrection
from meetings_app.minutes.routes_texts import item_in
from meetings_app.network_meetings import corrections
from meetings_app.network_meetings import minutes as kept
from meetings_app.network_meetings.blueprint import BOTH, blueprint, network_meeting, office
from meetings_app.network_meetings.forms import AcceptForm
from meetings_app.network_meetings.minutes_copy import NetworkCopy
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting
from meetings_app.web.context import actor, db, found, now, saw, today
from meetings_app.web.guard import requires


@blueprint.route("/networks/meetings/<reference>/minutes/corrections/<item>", methods=BOTH)
@requires(Permission.SEE_NETWORKS)
def minutes_correction(reference: str, item: str) -> ResponseReturnValue:
    """Ask for a correction of one item that the reader’s copy shows, or of the notes."""
    meeting, number, form = network_meeting(reference), item_in(item), CorrectionForm()
    newest = found(kept.version_of(db(), actor(), meeting, None))
    copy = NetworkCopy(db(), actor(), Audience(), meeting, newest)
    shown = {one.number: one for one in copy.items() if not one.stub}
    asked = corrections.asked_of(db(), actor(), meeting, today())
    found(True if asked.may_propose and (number == NOTES or number in shown) else None)
    back = url_for("network_meetings.minutes", reference=reference)
    if form.validate_on_submit():
        issuing.propose(db(), actor(), now(), meeting, number, form.text.data, frozenset(shown))
        flash("Your correction is with the chair. The answer stands on this page.", "success")
        return redirect(back + "#corrections")
    _read(meeting, newest.number, copy)
    page = render_template(
        "networks/form.html", form=form, button="Send to the chair", back=back, caption=meeting.reference,
        heading=f"Ask for a correction of item {number}" if number else "Ask for a correction of the notes",
        intro="network_meetings/_to_correct.html", one=shown.get(number), notes=copy.text(newest.facts["notes"]),
        until=asked.until,
    )  # fmt: skip
    return page, 400 if form.errors else 200


@blueprint.post("/networks/meetings/<reference>/minutes/nothing-to-correct")
@requires(Permission.SEE_NETWORKS)
def minutes_nothing_to_correct(reference: str) -> ResponseReturnValue:
    """Say, as one who attended, that there is nothing to correct in the version that was read."""
    meeting = network_meeting(reference)
    say_nothing_to_correct(db(), actor(), now(), meeting, VersionReadForm().version_read)
    flash("Your answer is recorded: you have no correction.", "success")
    return redirect(url_for("network_meetings.minutes", reference=reference))


@blueprint.route("/networks/meetings/<reference>/minutes/answers/<int:correction_id>", methods=BOTH)
@requires(Permission.DECIDE_NETWORKS)
def minutes_answer(reference: str, correction_id: int) -> ResponseReturnValue:
    """Accept a correction by writing it into the words, or refuse it with a reason."""
    meeting = network_meeting(reference)
    correction = found(queries.find_correction(db(), meeting.key, correction_id))
    accepting, refusing = AcceptForm(), RefuseForm()
    for name in kept.TEXTS if correction.item == NOTES else kept.OF_NOTES:
        del accepting[name]
    refuses = request.form.get("do") == "refuse"
    form, conflicting = refusing if refuses else accepting, False
    if form.validate_on_submit():
        try:
            _answer(meeting, correction, accepting, refusing, refuses=refuses)
        except RuleBroken as broken:
            form.refuse(broken)
        except Conflict as conflict:
            if correction.answered is not None:
                raise
            form.form_errors.append(f"{conflict.message} Your words are still here: put both together, then accept.")
            conflicting = True
        else:
            flash("The correction is refused." if refuses else "The correction is in the next version.", "success")
            return redirect(url_for("network_meetings.minutes", reference=reference) + "#corrections")
    return _answer_page(meeting, correction, accepting, refusing, conflicting=conflicting)


def _answer(
    meeting: Meeting, correction: MinutesCorrection, accepting: AcceptForm, refusing: RefuseForm, *, refuses: bool
) -> None:
    if refuses:
        issuing.refuse(db(), actor(), now(), office(), meeting, correction, refusing.reason.data)
        return
    names = kept.OF_NOTES if correction.item == NOTES else kept.TEXTS
    texts = {name: accepting[name].data or "" for name in names}
    corrections.accept(db(), actor(), now(), office(), meeting, correction, accepting.opened_at, texts)


def _answer_page(
    meeting: Meeting, correction: MinutesCorrection, accepting: AcceptForm, refusing: RefuseForm, *,
    conflicting: bool,
) -> ResponseReturnValue:  # fmt: skip
    newest = found(kept.version_of(db(), actor(), meeting, None))
    # Whichever button was refused, what was typed in every box stays, at the version that it was typed over; it goes on
    # from a newer one only where the words of that stand beside it.
    if request.method == "GET" or conflicting:
        accepting.version.data = str(newest.number)
    items = {each["number"]: each for each in newest.facts["items"]}
    stands = newest.facts if correction.item == NOTES else items[correction.item]
    apart, names = apart_at(db(), actor(), meeting), kept.OF_NOTES if correction.item == NOTES else kept.TEXTS
    for name in names:
        if request.method == "GET":
            accepting[name].data = apart.text(stands[name])
    _read(meeting, newest.number, NetworkCopy(db(), actor(), Audience(), meeting, newest))
    asked = queries.corrections_of(db(), meeting.key)
    shown = next(each for each in asked if each.correction.id == correction.id)
    page = render_template(
        "network_meetings/answer.html", meeting=meeting, shown=shown, correction=apart.shown(correction),
        accepting=accepting, refusing=refusing,
        theirs={name: apart.text(stands[name]) for name in names if conflicting},
        others_edit=apart.notice(correction.text, *(stands[name] for name in names)),
    )  # fmt: skip
    return page, 400 if accepting.errors or refusing.errors else 200


def _read(meeting: Meeting, version: int, copy: NetworkCopy) -> None:
    """Note that the minutes were read, with the records and the children that they tell of."""
    children = copy.children()
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(children), minutes=version)
    saw(EventKind.SUBJECTS_VIEWED, shown=len(copy.subjects()), subjects=copy.subjects())
    record_read(db(), actor(), now(), f"minutes of {meeting.reference}", children)
