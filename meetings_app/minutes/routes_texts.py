"""Pages to edit the text of the minutes beside the structured decisions, and to compare it with the record."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.minutes_texts import NOTES, recorded_texts
from meetings_app.meetings.minutes_word import Audience, facts_for
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.routes_arranging import office
from meetings_app.meetings.two_texts_page import begun_at, chosen_text, is_chosen, saved
from meetings_app.minutes import editing, queries
from meetings_app.minutes.forms import TextForm
from meetings_app.minutes.page import standing_of
from meetings_app.minutes.rules import other_ratings, word_differences
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting
from meetings_app.web.context import actor, db, found, now, saw, settings
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires

NOTES_ADDRESS = "notes"


def item_in(address: str) -> str:
    """Give the number of an item as the address names it; the notes stand there in a word."""
    return NOTES if address == NOTES_ADDRESS else address


@blueprint.get("/meetings/<reference>/minutes/texts")
@requires(Permission.RECORD_MEETING)
def minutes_texts(reference: str) -> ResponseReturnValue:
    """Show every text beside what the meeting recorded, and in which words they differ."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    latest = editing.found_minutes(db(), meeting)
    shown = _children(meeting, latest, None)
    apart, there = apart_at(db(), actor(), meeting), editing.working_texts(db(), latest)
    recorded, texts = (
        {number: apart.text(text) for number, text in each.items()} for each in (recorded_texts(latest.facts), there)
    )
    saved = queries.texts_saved(db(), meeting.key)
    rows = [
        (number, shown.get(number), texts[number], saved.get(number), word_differences(recorded[number], texts[number]))
        for number in recorded
        if number == NOTES or number in shown
    ]
    standing = standing_of(db(), actor(), office(), meeting)
    return render_template(
        "minutes/texts.html", meeting=meeting, rows=rows, recorded=recorded, standing=standing, plain=Form(),
        others=other_ratings(latest.facts, texts), others_edit={each: apart.notice(there[each]) for each in there},
    )  # fmt: skip


@blueprint.route("/meetings/<reference>/minutes/texts/<item>", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def minutes_text(reference: str, item: str) -> ResponseReturnValue:
    """Edit the text of one item; a second saver sees both texts and loses nothing."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    number, form = item_in(item), TextForm()
    status, theirs = 400 if request.method == "POST" else 200, None
    if request.method == "POST":
        _check_shown(meeting, number)
        standing = editing.working_texts(db(), editing.found_minutes(db(), meeting))[number]
        theirs = standing if is_chosen() else None
    if form.validate_on_submit():
        try:
            text = chosen_text(standing, _newest(meeting, number), form, form.text)
            kept = editing.save_text(db(), actor(), now(), meeting, number, begun_at(form), text)
        except Conflict as conflict:
            status, theirs = 409, conflict.theirs
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The text is saved." if kept else "Nothing was changed.", "success")
            address = url_for("meetings.minutes_texts", reference=reference) + f"#text-{item}"
            return saved(address, _newest(meeting, number), text)
    return _text_page(meeting, number, form, status, theirs)


def _newest(meeting: Meeting, number: str) -> int:
    """Give the version of a text that stands, 0 for what was recorded in the meeting."""
    versions = queries.versions_of_text(db(), meeting.key, number)
    return versions[-1].number if versions else 0


def _text_page(
    meeting: Meeting, number: str, form: TextForm, status: int, theirs: str | None
) -> ResponseReturnValue:  # fmt: skip
    latest, apart = editing.found_minutes(db(), meeting), apart_at(db(), actor(), meeting)
    texts = editing.working_texts(db(), latest)
    shown = _children(meeting, latest, number)
    found(texts.get(number) if number == NOTES or number in shown else None)
    if status == 200:
        form.text.data, form.version.data = texts[number], str(_newest(meeting, number))
    page = render_template(
        "minutes/text.html", meeting=meeting, number=number, one=shown.get(number), form=form,
        recorded=apart.text(recorded_texts(latest.facts)[number]), settles=_newest(meeting, number),
        versions=apart.shown(queries.versions_of_text(db(), meeting.key, number)),
        theirs=None if theirs is None else apart.text(theirs), standing=standing_of(db(), actor(), office(), meeting),
        other=other_ratings(latest.facts, texts).get(number), text=apart.text(texts[number]),
        others_edit=apart.notice(texts[number]),
    )  # fmt: skip
    return page, status


def _check_shown(meeting: Meeting, number: str) -> None:
    latest = editing.found_minutes(db(), meeting)
    found(True if number == NOTES or number in _children(meeting, latest, number) else None)


def _children(meeting: Meeting, latest: Minutes, number: str | None) -> dict[str, Any]:
    """Give the items as a full copy shows them, by number, and record who was shown."""
    facts = facts_for(db(), actor(), now(), office(), meeting, latest, Audience(), marking=settings().marking)
    shown = {child.number: child for child in facts.children if not child.stub}
    if number is not None:
        shown = {key: child for key, child in shown.items() if key == number}
    ids = {item["number"]: item["child_id"] for item in latest.facts["items"]}
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(shown), minutes=latest.number)
    record_read(db(), actor(), now(), f"text of the minutes of {meeting.reference}", [ids[each] for each in shown])
    return shown
