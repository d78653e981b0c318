"""The page that asks, of each thing still open at a record that is to be closed, whether it ends or goes on."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired

from meetings_app.audit.events import EventKind
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.network_meetings import settling
from meetings_app.network_meetings.blueprint import BOTH, blueprint, item_at, network_meeting
from meetings_app.network_meetings.items import decision_of
from meetings_app.network_meetings.settling import Becomes
from meetings_app.networks.queries import subject_reference
from meetings_app.networks.still_open import Kind, OpenThing
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now, saw
from meetings_app.web.forms import VersionedForm, line
from meetings_app.web.guard import requires

_GOES_ON = {
    Kind.RECORD: "It goes on: heard at the next network meeting",
    Kind.ORDER: "It goes on: it stays on the register, with its reminders",
    Kind.LINK: "It goes on: it stays on record as what is known",
    Kind.CHILD: "It goes on: it stays on record as what is known",
    Kind.PASSED: "It goes on: the RMM keeps the action, and the network chair still reads it",
}
_CHANGED = "Somebody saved this item after you opened this page. What you said of each is still here: save it again."
_ENDS = {
    Kind.RECORD: "It is closed as well", Kind.ORDER: "It ends", Kind.LINK: "It ends", Kind.CHILD: "It ends",
    Kind.PASSED: "It ends: the action is the RMM’s alone",
}  # fmt: skip


@blueprint.route("/networks/meetings/<reference>/items/<number>/still-open", methods=BOTH)
@requires(Permission.DECIDE_NETWORKS)
def still_open(reference: str, number: str) -> ResponseReturnValue:
    """Say of each thing that is still open what becomes of it if the record is closed."""
    meeting = network_meeting(reference)
    row = item_at(meeting, number)
    things = settling.open_things(db(), row)
    found(things or None)
    form, decided = _form(things), decision_of(db(), row)
    back = url_for("network_meetings.item", reference=reference, number=number)
    if form.validate_on_submit():
        try:
            settling.settle(db(), actor(), now(), meeting, row, form.opened_at, _said(form, things))
        except RuleBroken as broken:
            form.refuse(broken)
        except Conflict:
            form.form_errors += [_CHANGED, *_saved_meanwhile(things, decided.settled, _said(form, things))]
            form.version.data = str(decided.version)
        else:
            flash("It is recorded what becomes of each thing that is still open.", "success")
            return redirect(back + "#still-open")
    if not form.is_submitted():
        form.version.data = str(decided.version)
        _show(form, things, decided.settled)
    children = sorted({child for each in things for child in each.children})
    saw(EventKind.SUBJECT_VIEWED, subject=subject_reference(db(), row.subject_id), children=children)
    page = render_template(
        "networks/form.html", form=form, heading="What is still open", button="Save what becomes of each", back=back,
        caption=f"{meeting.reference}, item {number}: {', '.join(settling.counted(things))}",
    )  # fmt: skip
    return page, 400 if form.errors else 200


def _form(things: list[OpenThing]) -> Any:
    """Give a form with a choice and a reason for each thing."""
    fields: dict[str, Any] = {}
    for each in things:
        choices = {"on": _GOES_ON[each.kind]} if each.busy else {"on": _GOES_ON[each.kind], "ends": _ENDS[each.kind]}
        hint = f"It cannot end while {each.busy} is open." if each.busy else ""
        called = f"{each.words} ({each.called})" if each.called else each.words
        needed = [InputRequired(f"Choose what becomes of {each.words}")]
        fields[f"how_{each.key}"] = RadioField(called, needed, choices=choices, description=hint)
        fields[f"why_{each.key}"] = line(f"Why does {each.words} end, or go on?", hint="Needed where it ends.")
    return type("StillOpenForm", (VersionedForm,), fields)()


def _show(form: Any, things: list[OpenThing], settled: dict[str, Any]) -> None:
    for each in things:
        if each.key in settled:
            form[f"how_{each.key}"].data = "ends" if settled[each.key]["ends"] else "on"
            form[f"why_{each.key}"].data = settled[each.key]["why"]


def _said(form: Any, things: list[OpenThing]) -> dict[str, Becomes]:
    chosen = {each.key: form[f"how_{each.key}"].data for each in things}
    return {
        key: Becomes({"ends": True, "on": False}.get(how or ""), form[f"why_{key}"].data or "")
        for key, how in chosen.items()
    }


def _saved_meanwhile(things: list[OpenThing], settled: dict[str, Any], said: dict[str, Becomes]) -> list[str]:
    """Say of each thing what somebody else said of it, where that is not what is said here."""
    theirs = [(each, settled[each.key]) for each in things if each.key in settled]
    return [
        f"Saved meanwhile: {each.words} {'ends' if kept['ends'] else 'goes on'}. {kept['why']}".strip()
        for each, kept in theirs
        if (kept["ends"], kept["why"]) != (said[each.key].ends, said[each.key].why.strip())
    ]
