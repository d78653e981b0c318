"""The form of an item of a network meeting: as it is recorded, as it is being typed, and as somebody sent it."""

from dataclasses import replace
from typing import Any

from flask import request

from meetings_app.meetings import live_form
from meetings_app.meetings.deciding import open_for_recording
from meetings_app.meetings.live_queries import LiveShown, live_fields_of
from meetings_app.meetings.live_rows import settle
from meetings_app.meetings.network_models import NetworkItem, NetworkOutcome
from meetings_app.network_meetings import deciding
from meetings_app.network_meetings.forms import OF_REFERRAL, OF_SUBJECT, DecisionForm
from meetings_app.network_meetings.items import decision_of
from meetings_app.networks import queries as networks
from meetings_app.networks.states import SubjectKind
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.web.context import actor, db, now
from meetings_app.web.forms import shown

_OF_REFERRAL = ("network_name", "known")


def live_names(row: NetworkItem) -> frozenset[str]:
    """Give the fields of an item that are saved as they are typed."""
    left_out = () if row.subject_id is None else _OF_REFERRAL
    return live_form.names_of(DecisionForm) - frozenset(left_out)


def sent_form(row: NetworkItem) -> DecisionForm:
    """Give the form as it was sent."""
    return _fitted(DecisionForm(), row)


def recorded_form(row: NetworkItem) -> DecisionForm:
    """Give the form as it is recorded."""
    form, decided = _fitted(DecisionForm(formdata=None), row), decision_of(db(), row)
    form.version.data = str(decided.version)
    form.outcome.data = decided.outcome.value if decided.outcome else None
    for name in (*deciding.TEXTS, *(("network_name",) if row.subject_id is None else ())):
        form[name].data = getattr(decided, name)
    if row.subject_id is None:
        form.known.data = str(decided.known_id or "")
    return form


def live_rows(meeting: Meeting, row: NetworkItem) -> list[LiveShown]:
    """Give what is typed on an item; nothing once the meeting is over."""
    return live_fields_of(db(), row) if meeting.state is MeetingState.IN_PROGRESS else []


def present_form(row: NetworkItem, rows: list[LiveShown]) -> DecisionForm:
    """Give the form as it stands now: what is recorded, and over it what is typed."""
    form = recorded_form(row)
    live_form.lay_over(fields_of(form), rows)
    return form


def fields_of(form: DecisionForm) -> dict[str, Any]:
    """Give the fields that a person fills in, by name."""
    return live_form.fields_of((form,))


def take_what_others_changed(meeting: Meeting, row: NetworkItem, form: DecisionForm) -> list[str]:
    """Take what this person left as it was; gives the fields that both have changed.

    Field by field everything is settled here, so the version of the whole item is asked only of a page without marks.
    """
    seen = live_form.read_seen(request.form.get("seen"))
    if seen is None:
        return []
    open_for_recording(db(), actor(), meeting)
    both = live_form.merge(fields_of(form), live_rows(meeting, row), seen)
    decided = decision_of(db(), row)
    db().refresh(decided)
    form.version.data = str(decided.version)
    return both


def differences(form: DecisionForm, theirs: DecisionForm, names: list[str]) -> list[tuple[str, str, str]]:
    """Give, of the fields named, the label, what was typed here and what stands, as people read them."""
    mine, other = fields_of(form), fields_of(theirs)
    return [(str(mine[name].label.text), shown(mine[name]), shown(other[name])) for name in names]


def keep_as_recorded(row: NetworkItem, form: DecisionForm, before: dict[str, str], instead: str) -> None:
    """Note field by field what is recorded now, so that every open page of the item sees it."""
    settle(db(), actor(), now(), row, before, values_of(form), instead.split(","))


def values_of(form: DecisionForm) -> dict[str, str]:
    """Give by name what the fields hold, as it is recorded."""
    return {name: live_form.recorded_value(field) for name, field in fields_of(form).items()}


def said(form: DecisionForm) -> deciding.Decided:
    """Give what the form says."""
    outcome = form.outcome.data
    decided = deciding.Decided(
        NetworkOutcome(outcome) if outcome in {each.value for each in NetworkOutcome} else None,
        form.discussion.data or "", form.about_suspects.data or "", form.rationale.data or "",
        put_off_reason=form.put_off_reason.data or "",
    )  # fmt: skip
    if "known" not in form:
        return decided
    known = str(form.known.data or "")
    return replace(decided, network_name=form.network_name.data or "", known_id=int(known) if known.isdigit() else None)


def _fitted(form: DecisionForm, row: NetworkItem) -> DecisionForm:
    """Give the form with the choices of this item, and without what does not belong to it."""
    form.outcome.choices = OF_SUBJECT if row.subject_id is not None else OF_REFERRAL
    known = networks.subjects(db(), SubjectKind.NETWORK, "")
    form.known.choices = {"": "A new network", **{str(each.id): f"{each.name}, {each.reference}" for each in known}}
    if row.subject_id is not None:
        del form.network_name, form.known
    return form
