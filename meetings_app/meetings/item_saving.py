"""Saving the page of an item: the decision, how the plan works, an action and a view, whichever button is pressed."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from meetings_app.errors import Conflict, RuleBroken
from meetings_app.meetings import agency_views, deciding, live_form, plan_reviews, queries
from meetings_app.meetings.cases import case_of
from meetings_app.meetings.decisions import check_decision, counted
from meetings_app.meetings.gate import ClosureAnswers
from meetings_app.meetings.item_addresses import item_address, next_address, recommended_address, strategy_address
from meetings_app.meetings.item_apart import leave_as_recorded, others_boxes, refuse_naming, typed_over
from meetings_app.meetings.item_page import fill_agencies, fill_choices, fill_owners, keep_the_chairs_part
from meetings_app.meetings.item_shown import (
    ItemForms,
    is_chair,
    live_rows,
    present_forms,
    recorded_forms,
    show_conflict,
    show_item,
)
from meetings_app.meetings.kept_apart import NOBODY, Apart, apart_at
from meetings_app.meetings.live_rows import settle
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.needed import check_all
from meetings_app.meetings.routes_arranging import office
from meetings_app.meetings.running_forms import ActionForm, AgencyViewForm, DecisionForm
from meetings_app.schedule.models import Meeting
from meetings_app.web.context import actor, db, now
from meetings_app.web.forms import Form


def save_item(meeting: Meeting, entry: AgendaItem, *, adding: str = "", removing: str = "") -> ResponseReturnValue:
    """Keep the decision with the action and the view typed beside it: whichever button is pressed, no word is lost.

    `adding` is the part of the page whose button was pressed, and to which the person comes back; `removing` the
    agency whose view is taken back. What others changed since the page was shown is taken where this person left it
    as it was; where both changed it, both are shown. Whoever does not see the chairs' part leaves it as it is.
    """
    action, chair = ActionForm(), is_chair(meeting)
    owners = fill_owners(db(), meeting, entry, action)
    forms = ItemForms(DecisionForm(), plan_reviews.form_for(db(), meeting, entry), action, AgencyViewForm())
    fill_agencies(db(), forms.view)
    both = _take_what_others_changed(meeting, entry, forms)
    apart, others, unsaved = _leave_to_others(meeting, entry, forms)
    answers = _answers(meeting, entry, forms.decision)
    fill_choices(db(), office(), meeting, forms.decision, chair=chair)
    typed, viewed = adding == "actions" or action.is_typed, adding == "views" or forms.view.is_typed
    asked = (forms.decision, forms.review, *([action] if typed else []), *([forms.view] if viewed else []))
    instead, valid = request.form.get("instead", ""), [form.validate() for form in asked]
    rest = _rest(meeting, entry, forms, owners, typed=typed, viewed=viewed)
    if refuse_naming(apart, others, forms.fields(chair=chair)) or not all(valid):
        _refuse_by_the_rules(meeting, entry, forms, answers, rest)
        return show_item(meeting, entry, 400, forms, instead=instead)
    if unsaved:
        return show_item(meeting, entry, 409, forms, instead=instead, unsaved=unsaved)
    if both:
        return show_conflict(meeting, entry, forms, both)
    before = _values(recorded_forms(meeting, entry), chair=chair)
    try:
        # What is refused is shown as it is recorded: nothing of it stands on the page as if it were kept.
        with db().begin_nested():
            check_all(partial(_record, meeting, entry, forms, answers), *(step for _form, step in rest))
            if removing:
                agency_views.remove_view(db(), actor(), now(), meeting, entry, removing)
    except RuleBroken as broken:
        forms.refuse(broken)
        return show_item(meeting, entry, 400, forms, instead=instead, typed=(forms.decision.decided(), answers))
    except Conflict:
        return show_conflict(meeting, entry, forms)
    _settle(meeting, entry, forms, before, instead, others)
    return _led_on(meeting, entry, forms.decision, adding or ("views" if removing else ""))


def _leave_to_others(
    meeting: Meeting, entry: AgendaItem, forms: ItemForms
) -> tuple[Apart, frozenset[str], dict[str, str]]:
    """Let boxes that hold more than the person reads stay as they are recorded; gives which, and what was sent."""
    apart, chair = apart_at(db(), actor(), meeting), is_chair(meeting)
    if apart is NOBODY:
        return apart, frozenset(), {}
    present = present_forms(meeting, entry, live_rows(meeting, entry)).fields(chair=chair)
    others, fields = others_boxes(apart, present), forms.fields(chair=chair)
    unsaved = typed_over(apart, others, present, fields)
    leave_as_recorded(others, recorded_forms(meeting, entry).fields(chair=chair), fields)
    return apart, others, unsaved


def _answers(meeting: Meeting, entry: AgendaItem, form: DecisionForm) -> ClosureAnswers:
    """Give the answers of a closure; whoever does not see the chairs' part leaves the whole of it as it is."""
    if is_chair(meeting):
        return form.answers()
    keep_the_chairs_part(form, deciding.stored_decision(queries.decision_of(db(), entry.key)))
    return deciding.stored_answers(db(), meeting, entry)


def _record(meeting: Meeting, entry: AgendaItem, forms: ItemForms, answers: ClosureAnswers) -> None:
    decided = forms.decision.decided()
    deciding.record_decision(
        db(), actor(), now(), office(), meeting, entry, forms.decision.opened_at, decided, answers
    )  # fmt: skip


def _rest(
    meeting: Meeting, entry: AgendaItem, forms: ItemForms, owners: Mapping[int, int], *, typed: bool, viewed: bool
) -> list[tuple[Form, Callable[[], None]]]:
    """Give what is kept beside the decision, each with the form that it is typed in."""
    steps: list[tuple[Form, Callable[[], None]]] = [(forms.review, partial(_record_reviews, meeting, entry, forms))]
    if typed:
        steps.append((forms.action, partial(add_action, meeting, entry, forms.action, owners)))
    if viewed:
        steps.append((forms.view, partial(_record_view, meeting, entry, forms.view)))
    return steps


def _refuse_by_the_rules(
    meeting: Meeting, entry: AgendaItem, forms: ItemForms, answers: ClosureAnswers,
    rest: Sequence[tuple[Form, Callable[[], None]]],
) -> None:  # fmt: skip
    """Name what the rules refuse, too, where something is typed wrong: nobody is sent back for one thing at a time."""
    case, rules = case_of(db(), office(), meeting, entry), office().partnership.ratings
    decided = partial(check_decision, forms.decision.decided(), counted(answers, case, rules), case, rules)
    place = db().begin_nested()
    try:
        check_all(decided, *(step for form, step in rest if not form.errors))
    except RuleBroken as broken:
        forms.refuse(broken)
    finally:
        place.rollback()


def _record_reviews(meeting: Meeting, entry: AgendaItem, forms: ItemForms) -> None:
    plan_reviews.record_reviews(db(), actor(), now(), meeting, entry, forms.review.found())


def _record_view(meeting: Meeting, entry: AgendaItem, form: AgencyViewForm) -> None:
    agency_views.record_view(db(), actor(), now(), meeting, entry, *form.view(), dissents=form.dissents)


def _take_what_others_changed(meeting: Meeting, entry: AgendaItem, forms: ItemForms) -> list[str]:
    """Take what this person left as it was; gives the fields that both have changed.

    Field by field everything is settled here, so the version of the whole item is asked only of a page without marks.
    """
    seen = live_form.read_seen(request.form.get("seen"))
    if seen is None:
        return []
    deciding.open_for_recording(db(), actor(), meeting)
    both = live_form.merge(forms.fields(chair=is_chair(meeting)), live_rows(meeting, entry), seen)
    decision = queries.decision_of(db(), entry.key)
    db().refresh(decision)
    forms.decision.version.data = str(decision.version)
    return both


def _values(forms: ItemForms, *, chair: bool) -> dict[str, str]:
    """Give what is recorded by field; what is to be added, an action or a view, is empty once it is."""
    return {
        name: "" if name in live_form.own_names() else live_form.recorded_value(field)
        for name, field in forms.fields(chair=chair).items()
    }


def _settle(
    meeting: Meeting, entry: AgendaItem, forms: ItemForms, before: dict[str, str], instead: str, others: frozenset[str]
) -> None:
    """Note field by field what is recorded now. What a chair is about to decide, and nobody else sees, stays.

    So does what is typed in a box of `others`.
    """
    after = _values(forms, chair=is_chair(meeting))
    if not is_chair(meeting) and after["outcome"] == before["outcome"]:
        del after["outcome"]
    me = actor().account_id
    kept = {live_form.kept_name(name, me): value for name, value in after.items() if name not in others}
    settle(db(), actor(), now(), entry, before, kept, instead.split(","))


def _led_on(meeting: Meeting, entry: AgendaItem, form: DecisionForm, part: str) -> ResponseReturnValue:
    """Lead back to the part of the page that the person was at, or on to what is next."""
    if part:
        return redirect(f"{item_address(meeting, entry)}#{part}")
    undecided = "" if form.outcome.data else " It is not decided yet."
    flash(f"Item {entry.number} is saved.{undecided}", "success")
    chosen = recommended_address(meeting, entry) or strategy_address(meeting, entry)
    return redirect(chosen or next_address(meeting, entry, form))


def add_action(meeting: Meeting, entry: AgendaItem, form: ActionForm, agency_of: Mapping[int, int]) -> None:
    """Propose the action; the person chosen says the agency. Raises `RuleBroken` for a field of the form."""
    owner, due_on = int(form.owner.data), form.due_on.data
    if due_on is None:
        raise RuleBroken("due_on", "Enter the date by which it is done")
    deciding.add_action(
        db(), actor(), now(), meeting, entry, what=form.what.data, agency_id=agency_of[owner], owner_id=owner,
        due_on=due_on,
    )  # fmt: skip
