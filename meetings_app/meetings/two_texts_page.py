"""What the pages of the notes and of the minutes’ text share: which of two texts was chosen, and what answers."""

from collections.abc import Callable
from typing import Any

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from meetings_app.errors import Conflict, RuleBroken
from meetings_app.meetings.notes import write_notes
from meetings_app.meetings.running_forms import NotesForm
from meetings_app.meetings.two_texts import settled
from meetings_app.schedule.models import Meeting
from meetings_app.web.context import actor, db, now
from meetings_app.web.forms import LONGEST_NUMBER, LONGEST_TEXT, VersionedForm

_CHOICES = frozenset({"both", "mine", "theirs"})


def is_chosen() -> bool:
    """Whether the form came from a page that showed two texts, by one of its buttons."""
    return request.form.get("do") in _CHOICES


def begun_at(form: VersionedForm) -> int:
    """Give the version over which a text is saved: the one it began from, or theirs that was shown beside it.

    A form keeps the version that its text began from until a person has chosen. So whoever leaves the page of two texts
    and saves elsewhere, or comes back to it signed in anew, is asked again, and nobody’s words go unseen.
    """
    shown = request.form.get("settles", "")
    return int(shown) if is_chosen() and shown.isdecimal() and len(shown) <= LONGEST_NUMBER else form.opened_at


def chosen_text(standing: str, newest: int, form: VersionedForm, box: Any) -> str:
    """Give the text to save of what was sent in a box, by the button that was pressed where two texts were shown.

    `standing` is what is saved by now, and `newest` its version. Raises `RuleBroken` for the box where both together
    are too long, and `Conflict` where one's own gives way to a text that was not the one shown.
    """
    if request.form.get("do") == "theirs" and begun_at(form) != newest:
        raise Conflict("Somebody else saved this in between.", field=box.name, theirs=standing, ours=box.data)
    return settled(request.form.get("do", ""), standing, box.data, field=box.name, longest=LONGEST_TEXT)


def saved(address: str, version: int, text: str) -> ResponseReturnValue:
    """Lead on to a page once a text is saved; a script is told so, and what is saved, on which it is typed on."""
    if request.headers.get("Accept") != "application/json":
        return redirect(address)
    answer = jsonify(to=address, version=version, text=text)
    answer.status_code, answer.location = 201, address
    return answer


def save_notes(
    meeting: Meeting, address: str, page: Callable[[NotesForm, int, str | None], ResponseReturnValue]
) -> ResponseReturnValue:
    """Keep the notes of a meeting and lead on to `address`; else show `page`, with theirs where there are two texts.

    The caller has asked whether the person records the meeting.
    """
    form = NotesForm()
    status, theirs = 400, meeting.notes if is_chosen() else None
    if form.validate_on_submit():
        try:
            text = chosen_text(meeting.notes, meeting.version, form, form.notes)
            write_notes(db(), actor(), now(), meeting, begun_at(form), text)
        except Conflict as conflict:
            status, theirs = 409, conflict.theirs
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The notes are saved.", "success")
            return saved(address, meeting.version, meeting.notes)
    return page(form, status, theirs)
