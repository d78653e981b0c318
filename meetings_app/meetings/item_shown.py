"""The page of one item: its forms as they are recorded and typed, and what stands beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from meetings_app.actions.models import ActionState
from meetings_app.actions.owners import HELD
from meetings_app.audit.events import EventKind
from meetings_app.children.ages import WIDER
from meetings_app.clock import london_date
from meetings_app.cse_list.models import Closure
from meetings_app.errors import RuleBroken
from meetings_app.meetings import deciding, live_form, plan_reviews, queries
from meetings_app.meetings.bringing_up import openings_of, time_at
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.gate import ClosureAnswers
from meetings_app.meetings.item_addresses import item_address
from meetings_app.meetings.item_apart import asides_read, cover, others_boxes
from meetings_app.meetings.item_page import ItemView, fill_agencies, fill_choices, fill_owners, item_view, suggest
from meetings_app.meetings.kept_apart import NOT_YOURS, apart_at
from meetings_app.meetings.live_page import live_page
from meetings_app.meetings.live_queries import LiveShown, live_fields_of, set_aside_of
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.not_added import NotAdded, not_added
from meetings_app.meetings.presence import quorum_of, room_of
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.routes_arranging import office
from meetings_app.meetings.running_forms import ActionForm, AgencyViewForm, DecisionForm
from meetings_app.meetings.signing_checks import what_keeps
from meetings_app.meetings.statement import still_to_be_read_to
from meetings_app.permissions import Permission
from meetings_app.plans.forms import ReviewForm
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.web.context import actor, db, found, now, partnership, saw
from meetings_app.web.forms import shown

_SIGNATURES = 2


@dataclass(frozen=True)
class ItemForms:
    """The forms that stand on the page of an item and are sent together."""

    decision: DecisionForm
    review: ReviewForm
    action: ActionForm
    view: AgencyViewForm

    def refuse(self, broken: RuleBroken) -> None:
        """Show every broken rule beside the field it names, whichever of the forms has it.

        Of a field that is typed wrong nothing more is said.
        """
        wrong = {name for form in (self.decision, self.review, self.action, self.view) for name in form.errors}
        for one in (broken, *broken.more):
            if one.field not in wrong:
                beside = (each for each in (self.action, self.review, self.view) if one.field in each)
                next(beside, self.decision).refuse(RuleBroken(one.field, one.message))

    def fields(self, *, chair: bool) -> dict[str, Any]:
        """Give the fields that the person fills in, by name."""
        hidden = frozenset() if chair else live_form.shared_names(chair=True) - live_form.shared_names(chair=False)
        everything = live_form.fields_of((self.decision, self.review, self.action, self.view))
        return {name: field for name, field in everything.items() if name not in hidden}


def item_of(reference: str, number: str) -> tuple[Meeting, AgendaItem]:
    """Give a meeting that the person records and one of its items, or answer 404."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    return meeting, found(queries.find_item(db(), meeting.key, number))


def is_chair(meeting: Meeting) -> bool:
    """Whether the person records ratings at this meeting."""
    return actor().may(Permission.DECIDE, meeting.area_id)


def live_rows(meeting: Meeting, entry: AgendaItem) -> list[LiveShown]:
    """Give what is typed on an item, as far as the person's page shows it; nothing once the meeting is over."""
    return _own_rows(meeting, live_fields_of(db(), entry))


def _own_rows(meeting: Meeting, rows: list[LiveShown]) -> list[LiveShown]:
    if meeting.state is not MeetingState.IN_PROGRESS:
        return []
    return live_form.shown_to(rows, actor().account_id, chair=is_chair(meeting))


def recorded_forms(meeting: Meeting, entry: AgendaItem) -> ItemForms:
    """Give the forms as they are recorded."""
    decision = queries.decision_of(db(), entry.key)
    form = DecisionForm(formdata=None)
    form.show(deciding.stored_decision(decision), deciding.stored_answers(db(), meeting, entry))
    form.version.data = str(decision.version)
    action, view = ActionForm(formdata=None), AgencyViewForm(formdata=None)
    fill_owners(db(), meeting, entry, action)
    fill_agencies(db(), view)
    return ItemForms(form, plan_reviews.form_for(db(), meeting, entry, stored=True), action, view)


def present_forms(meeting: Meeting, entry: AgendaItem, rows: list[LiveShown]) -> ItemForms:
    """Give the forms as they stand now: what is recorded, what holds for the child now, and over it what is typed."""
    forms, decision = recorded_forms(meeting, entry), queries.decision_of(db(), entry.key)
    if decision.changed_by_id is None and decision.outcome is None:
        suggest(db(), office(), meeting, entry, forms.decision)
    live_form.lay_over(forms.fields(chair=is_chair(meeting)), rows)
    fill_choices(db(), office(), meeting, forms.decision, chair=is_chair(meeting))
    return forms


def standing_texts(meeting: Meeting, entry: AgendaItem, present: ItemForms | None = None) -> dict[str, str]:
    """Give by the name it is kept under each narrative the person fills in, to which another text can be added."""
    forms, apart = present or present_forms(meeting, entry, live_rows(meeting, entry)), apart_at(db(), actor(), meeting)
    me, texts = actor().account_id, live_form.narratives(forms.fields(chair=is_chair(meeting)))
    return {live_form.kept_name(name, me): value for name, value in texts.items() if not apart.hides(value)}


def _ask_widely(forms: ItemForms, view: ItemView) -> ItemView:
    """Let the form ask of a child with a learning disability in the wider form (KM); gives what stands beside it."""
    if view.case.learning_disability:
        forms.decision.behaviours_indicate.label.text = WIDER
    return view


def show_item(
    meeting: Meeting,
    entry: AgendaItem,
    status: int = 200,
    forms: ItemForms | None = None,
    *,
    differences: list[tuple[str, str, str]] | None = None,
    instead: str = "",
    typed: tuple[Decided, ClosureAnswers] | None = None,
    unsaved: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """Give the page of an item, with `forms` where something was sent that is not saved.

    `unsaved` is what was typed, by its box, where the box has become somebody else’s to fill in.
    """
    chair, everything = is_chair(meeting), live_fields_of(db(), entry)
    rows = _own_rows(meeting, everything)
    present = present_forms(meeting, entry, rows)
    forms, apart, fields = forms or present, apart_at(db(), actor(), meeting), present.fields(chair=chair)
    others, narratives = others_boxes(apart, fields), standing_texts(meeting, entry, present)
    seen = live_form.seen_of({name: field for name, field in fields.items() if name not in others}, rows)
    cover(apart, others, fields, forms.fields(chair=chair))
    fill_choices(db(), office(), meeting, forms.decision, chair=chair)
    view = _ask_widely(forms, _view(meeting, entry, typed))
    room = room_of(db(), meeting, entry)
    labels = {name: field.label.text for name, field in present.fields(chair=True).items()}
    page = render_template(
        "meetings/running/item.html", meeting=meeting, item=entry, form=forms.decision, action_form=forms.action,
        view_form=forms.view, review_form=forms.review, view=apart.shown(view), chair=chair,
        differences=differences or [], not_yours=NOT_YOURS,
        others_edit=[(labels[name], (unsaved or {}).get(name, "")) for name in fields if name in others],
        open=meeting.state is MeetingState.IN_PROGRESS, proposed=ActionState.PROPOSED, running=HELD, instead=instead,
        decided=sum(1 for state in view.states if state.outcome is not None),
        live=live_page(item_address(meeting, entry), rows), seen=seen, quorum=quorum_of(db(), room, office()),
        set_aside=asides_read(apart, set_aside_of(db(), entry)), narratives=narratives, labels=labels, room=room,
        **_room_at(meeting, entry), not_added=apart.shown(_not_added(meeting, everything, present)),
        adult_safeguarding=partnership().closing.adult_safeguarding,
        kept=apart.shown(_kept_from_signing(view.closure) if len(view.signatures) < _SIGNATURES else []),
    )  # fmt: skip
    return page, status


def _view(meeting: Meeting, entry: AgendaItem, typed: tuple[Decided, ClosureAnswers] | None) -> ItemView:
    """Give what stands beside the form, and record who was shown."""
    view = item_view(db(), office(), meeting, entry, typed)
    named = [row.other_id for row in view.gate.linked_high]
    saw(EventKind.CHILD_VIEWED, entry.child_id, meeting=meeting.reference, children=named)
    return view


def _kept_from_signing(closure: Closure | None) -> list[str]:
    """Give why the closure cannot be signed as it is, to be read before a chair tries."""
    if closure is None:
        return []
    return what_keeps(db(), partnership().ratings, [closure.key], london_date(now())).get(closure.key, [])


def _room_at(meeting: Meeting, entry: AgendaItem) -> dict[str, Any]:
    """Give how long the room has been at the item, at which item it is now, and who is still to hear the statement."""
    openings = openings_of(db(), meeting.key)
    held = meeting.state is MeetingState.IN_PROGRESS
    return {
        "time": time_at(openings, meeting, entry, now()), "room_at": openings[-1].number if openings else "",
        "counted_on": meeting.opened_on or london_date(now()),
        "statement_waits": still_to_be_read_to(db(), meeting) if held else (),
    }  # fmt: skip


def _not_added(meeting: Meeting, rows: list[LiveShown], forms: ItemForms) -> list[NotAdded]:
    """Give what others typed and did not add though the item is decided; after the meeting, what the person typed too.

    While nothing is decided it is nobody else’s.
    """
    held = meeting.state is MeetingState.IN_PROGRESS
    if held and not forms.decision.outcome.data:
        return []
    fields = live_form.fields_of((forms.action, forms.view))
    return not_added(rows, fields, actor().account_id if held else None)


def show_conflict(
    meeting: Meeting, entry: AgendaItem, forms: ItemForms, both: list[str] | None = None
) -> ResponseReturnValue:
    """Show both: what somebody else saved, and what was typed here, which the form still holds.

    `both` names the fields that two people changed; where nobody knows, every field that differs is shown.
    """
    theirs = present_forms(meeting, entry, live_rows(meeting, entry))
    fill_choices(db(), office(), meeting, theirs.decision, chair=True)
    fill_choices(db(), office(), meeting, forms.decision, chair=is_chair(meeting))
    other = {**live_form.fields_of((theirs.decision,)), **live_form.fields_of((theirs.review,))}
    mine = live_form.fields_of((forms.decision, forms.review))
    others = others_boxes(apart_at(db(), actor(), meeting), other)
    names = [name for name in mine if name in other and name not in others and shown(mine[name]) != shown(other[name])]
    differences = [
        (_label(mine[name]), shown(mine[name]), shown(other[name])) for name in names if both is None or name in both
    ]
    forms.decision.version.data = theirs.decision.version.data
    forms.decision.form_id.data = theirs.decision.form_id.data
    return show_item(meeting, entry, 409, forms, differences=differences, instead=",".join(both or names))


def _label(field: Any) -> str:
    part, _underscore, number = str(field.name).rpartition("_")
    text = str(field.label.text)
    return f"Safety plan, aim {number}: {text}" if part in ("effect", "seen") and number.isdigit() else text
