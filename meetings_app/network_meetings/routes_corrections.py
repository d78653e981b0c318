"""Pages to ask for a correction of a network meeting’s minutes, for those who attended, and to answer one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.minutes_audience import Audience
from meetings_app.meetings.minutes_texts import NOTES
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.two_texts import settled
from meetings_app.meetings.two_texts_page import begun_at
from meetings_app.minutes import issuing, queries
from meetings_app.minutes.answering import say_nothing_to_correct
from meetings_app.minutes.forms import CorrectionForm, RefuseForm, VersionReadForm
from meetings_app.minutes.models import MinutesCorrection
from meetings_app.minutes.routes_corrections import SETTLES
from meetings_app.minutes.routes_texts import item_in
from meetings_app.network_meetings import corrections
from meetings_app.network_meetings import minutes as kept
from meetings_app.network_meetings.blueprint import BOTH, blueprint, network_meeting, office
from meetings_app.network_meetings.forms import AcceptForm
from meetings_app.network_meetings.minutes_copy import NetworkCopy
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting
from meetings_app.web.context import actor, db, found, now, saw, today
from meetings_app.web.forms import LONGEST_TEXT
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
    # What was refused where two texts stood is answered where two texts stand.
    form, status = refusing if refuses else accepting, 400 if request.method == "POST" else 200
    conflicting = SETTLES in request.form
    if form.validate_on_submit():
        try:
            _answer(meeting, correction, accepting, refusing, refuses=refuses)
        except RuleBroken as broken:
            form.refuse(broken)
        except Conflict as conflict:
            if correction.answered is not None:
                raise
            form.form_errors.append(f"{conflict.message} Your words are still here, and nothing of them is saved yet.")
            conflicting, status = True, 409
        else:
            flash("The correction is refused." if refuses else "The correction is in the next version.", "success")
            return redirect(url_for("network_meetings.minutes", reference=reference) + "#corrections")
    return _answer_page(meeting, correction, accepting, refusing, status, conflicting=conflicting)


def _answer(
    meeting: Meeting, correction: MinutesCorrection, accepting: AcceptForm, refusing: RefuseForm, *, refuses: bool
) -> None:
    if refuses:
        issuing.refuse(db(), actor(), now(), office(), meeting, correction, refusing.reason.data)
        return
    texts = _texts(meeting, correction, accepting)
    corrections.accept(db(), actor(), now(), office(), meeting, correction, begun_at(accepting), texts)


def _texts(meeting: Meeting, correction: MinutesCorrection, accepting: AcceptForm) -> dict[str, str]:
    """Give the words to save of what was sent, by the button that was pressed where two texts were shown.

    Of words that one of two has not changed, the other’s stand. Raises `RuleBroken` for a box where both are too long.
    """
    versions = (kept.version_of(db(), actor(), meeting, number) for number in (accepting.opened_at, None))
    began, stands = ({} if version is None else _words(version, correction) for version in versions)
    texts, choice = {}, request.form.get("do", "")
    for name, standing in stands.items():
        mine = accepting[name].data or ""
        one = "mine" if standing == began.get(name) else "theirs" if mine == began.get(name) else "both"
        texts[name] = settled(one if choice == "both" else choice, standing, mine, field=name, longest=LONGEST_TEXT)
    return texts


def _words(version: Minutes, correction: MinutesCorrection) -> dict[str, str]:
    """Give the words of a version that a correction is about, by field."""
    if correction.item == NOTES:
        return {name: version.facts[name] for name in kept.OF_NOTES}
    item = next(each for each in version.facts["items"] if each["number"] == correction.item)
    return {name: item[name] for name in kept.TEXTS}


def _answer_page(
    meeting: Meeting, correction: MinutesCorrection, accepting: AcceptForm, refusing: RefuseForm, status: int, *,
    conflicting: bool,
) -> ResponseReturnValue:  # fmt: skip
    newest = found(kept.version_of(db(), actor(), meeting, None))
    stands, apart = _words(newest, correction), apart_at(db(), actor(), meeting)
    # Whichever button was refused, what was typed in every box stays, at the version that it was typed over.
    if request.method == "GET":
        accepting.version.data = str(newest.number)
        for name, words in stands.items():
            accepting[name].data = apart.text(words)
    _read(meeting, newest.number, NetworkCopy(db(), actor(), Audience(), meeting, newest))
    asked = queries.corrections_of(db(), meeting.key)
    shown = next(each for each in asked if each.correction.id == correction.id)
    page = render_template(
        "network_meetings/answer.html", meeting=meeting, shown=shown, correction=apart.shown(correction),
        accepting=accepting, refusing=refusing,
        theirs={name: apart.text(words) for name, words in stands.items()} if conflicting else None,
        settles=newest.number, others_edit=apart.notice(correction.text, *stands.values()),
    )  # fmt: skip
    return page, status


def _read(meeting: Meeting, version: int, copy: NetworkCopy) -> None:
    """Note that the minutes were read, with the records and the children that they tell of."""
    children = copy.children()
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(children), minutes=version)
    saw(EventKind.SUBJECTS_VIEWED, shown=len(copy.subjects()), subjects=copy.subjects())
    record_read(db(), actor(), now(), f"minutes of {meeting.reference}", children)
