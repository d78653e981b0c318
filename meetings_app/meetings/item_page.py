"""One item of a meeting as the people in the room see it: why it is here, what came before, and what to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.accounts import queries as people
from meetings_app.actions.escalating import escalations
from meetings_app.actions.forms import offer_owners
from meetings_app.actions.models import Action
from meetings_app.actions.queries import (
    actions_of_meeting,
    find_action,
    not_done_of,
    open_actions_of,
    possible_owners,
)
from meetings_app.actions.recommended_queries import RecommendedAction, offered_actions
from meetings_app.children.ages import TransitionStep
from meetings_app.children.models import Child
from meetings_app.children.transition import steps_of
from meetings_app.cse_list.models import Closure, ClosureState
from meetings_app.cse_list.service import live_entry
from meetings_app.meetings import item_queries, queries
from meetings_app.meetings.agency_views import ViewShown, views_of
from meetings_app.meetings.agenda_page import prompts_for
from meetings_app.meetings.cases import case_of
from meetings_app.meetings.closures import answered_of, answers_of
from meetings_app.meetings.deciding import stored_decision
from meetings_app.meetings.decisions import Case, Decided, asks_floor, offered_level, what_blocks
from meetings_app.meetings.gate import ClosureAnswers, GateWarning, warnings_of_record
from meetings_app.meetings.gate_queries import linked_high_seen
from meetings_app.meetings.history import History, history_of
from meetings_app.meetings.information_left import information_to_hear
from meetings_app.meetings.item_scope import beside_items, child_of
from meetings_app.meetings.minutes import signed_by
from meetings_app.meetings.models import AgendaItem, ItemDecision, Outcome
from meetings_app.meetings.plan_reviews import PlanSide, plan_side
from meetings_app.meetings.raising import raised_on_item
from meetings_app.meetings.running_forms import ActionForm, AgencyViewForm, DecisionForm
from meetings_app.meetings.standing import Standing, clocks_at, standing_of
from meetings_app.meetings.strategy_standing import StrategyStanding, strategy_standing_of
from meetings_app.preparing.queries import SentShown
from meetings_app.ratings.levels import RiskRating, rule_of
from meetings_app.ratings.queries import ratings_of
from meetings_app.ratings.rules import default_review_date, is_without_information, latest_review_date
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office

CHAIRS_FIELDS = (
    "rating", "exploitation_status", "next_review_on", "next_review_reason", "behaviours_indicate",
    "behaviours_reason", "lead_agency", "step_down_reason", "both_chairs_agree", "social_worker",
    "tool_difference_reason", "information_supplied",
)  # fmt: skip


@dataclass(frozen=True)
class GateView:
    """What keeps the child on the list now: what no answer mends, what is to be answered, and what warns."""

    blocks: list[str]
    to_answer: list[str]
    warnings: list[GateWarning]
    linked_high: Sequence[Any]


@dataclass(frozen=True)
class ItemView:
    """What stands beside the form of one item."""

    child: Child
    case: Case
    reasons: tuple[str, ...]
    prompts: tuple[str, ...]
    ratings: Any
    history: History
    plan: PlanSide
    open_actions: Any
    escalated: Mapping[int, str]
    not_done: Any
    new_actions: Any
    recommended: Sequence[RecommendedAction]
    raised: Sequence[RecommendedAction]
    referrals: Any
    changes: Any
    proposals: Any
    asks_floor: bool
    too_often_deferred: bool
    offered_level: RiskRating | None
    owing_agency: str
    low_held_by: str
    adult: bool
    usual_reviews: tuple[tuple[str, Any, Any], ...]
    standing: Standing
    assessment_due: list[str]
    gate: GateView
    strategy: StrategyStanding
    information: list[SentShown]
    views: list[ViewShown]
    closure: Closure | None
    set_aside: bool
    signatures: list[Any]
    states: list[queries.ItemState]
    previous: str | None
    following: str | None


def item_view(
    session: Session,
    office: Office,
    meeting: Meeting,
    item: AgendaItem,
    typed: tuple[Decided, ClosureAnswers] | None = None,
) -> ItemView:
    """Give what the page of one item shows. The case is that of the rules, with the attendance as it is now.

    The gate goes by what is recorded, or by what was `typed` and refused.
    """
    # Before anything is read past the reader’s scope: who is linked is named to those alone who may see both, and the
    # other items of the agenda are none of what stands beside this one.
    linked, decision = linked_high_seen(session, item.child_id), queries.decision_of(session, item.key)
    states = queries.item_states(session, meeting.key)
    with beside_items(session, meeting):
        return _view(session, office, meeting, item, decision, typed, linked, states)


def _view(
    session: Session,
    office: Office,
    meeting: Meeting,
    item: AgendaItem,
    decision: ItemDecision,
    typed: tuple[Decided, ClosureAnswers] | None,
    linked: Sequence[Any],
    states: list[queries.ItemState],
) -> ItemView:
    child, case = child_of(session, item), case_of(session, office, meeting, item)
    configuration, rules, held_on = office.partnership, office.partnership.ratings, meeting.held_on
    answered, beside = answered_of(session, meeting.key, child.key), _neighbours(states, item.number)
    closure = answered if answered and answered.state is not ClosureState.RETURNED else None
    still_open = open_actions_of(session, child.key)[:20]
    owing, low = _agency_names(session, case.owing_agency_id, rules.ratings.low.held_by)
    standing = standing_of(session, [child.key], clocks_at(meeting, configuration)).get(child.key, Standing())
    return ItemView(
        child=child, case=case, reasons=tuple(reason["text"] for reason in item.reasons),
        prompts=prompts_for(child, meeting, configuration, steps_of(session, child.key)),
        ratings=ratings_of(session, child.key)[:6], plan=plan_side(session, office, meeting, child.key),
        history=history_of(session, child.key, held_on, rules.closure.missing_days),
        changes=item_queries.unheard_changes(session, child.key),
        new_actions=actions_of_meeting(session, meeting.key, child.key),
        open_actions=still_open, escalated=escalations(session, still_open, configuration.ratings.actions),
        not_done=not_done_of(session, child.key, queries.last_held_before(session, meeting)),
        information=information_to_hear(session, meeting, child.key),
        recommended=offered_actions(session, child.key, held_on),
        raised=raised_on_item(session, configuration, meeting, item, decision),
        proposals=item_queries.proposals_waiting(session, [child.key]),
        referrals=item_queries.referrals_to_hear(session, child.key, office=office, meeting=meeting),
        too_often_deferred=is_without_information(case.deferrals, False, configuration.ratings),
        asks_floor=asks_floor(case, rules), offered_level=offered_level(case, rules),
        owing_agency=owing, low_held_by=low, adult=case.age >= rules.ages.adult, standing=standing,
        assessment_due=standing.due_lines(held_on), views=views_of(session, item.key), states=states,
        gate=_gate(office, case, linked, *(typed or _recorded(session, decision, answered))),
        strategy=strategy_standing_of(session, child, rules.strategy, meeting.held_on, listed=case.listed),
        usual_reviews=_usual_reviews(case, office), closure=closure, set_aside=answered is not None and closure is None,
        signatures=signatures_of(session, closure), previous=beside[0], following=beside[1],
    )  # fmt: skip


def _neighbours(states: Sequence[queries.ItemState], number: str) -> tuple[str | None, str | None]:
    """Give the numbers of the items before and after, of those the person may see."""
    seen = [state.number for state in states if not state.stub]
    place = seen.index(number)
    return seen[place - 1] if place else None, seen[place + 1] if place + 1 < len(seen) else None


def _recorded(session: Session, decision: ItemDecision, answered: Closure | None) -> tuple[Decided, ClosureAnswers]:
    return stored_decision(decision), answers_of(session, answered) if answered is not None else ClosureAnswers()


def _gate(office: Office, case: Case, linked: Sequence[Any], decided: Decided, answers: ClosureAnswers) -> GateView:
    """Give the gate as it stands at this moment, whatever outcome was chosen so far."""
    configuration = office.partnership.ratings
    blocks, to_answer = what_blocks(decided, answers, case, configuration)
    return GateView(blocks, to_answer, warnings_of_record(case.gate, case.held_on, configuration), linked)


def _agency_names(session: Session, agency_id: int | None, code: str) -> tuple[str, str]:
    """Give the names of an agency known by its id and of one known by its code, each "" where there is none."""
    agencies = people.agencies(session)
    return (
        next((agency.name for agency in agencies if agency.id == agency_id), ""),
        next((agency.name for agency in agencies if agency.code == code), ""),
    )


def signatures_of(session: Session, closure: Closure | None) -> list[Any]:
    """Give the signatures of a closure made so far: name, agency and moment."""
    if closure is None:
        return []
    made = [(closure.first_chair_id, closure.first_signed_at), (closure.second_chair_id, closure.second_signed_at)]
    return signed_by(session, made)


def fill_choices(session: Session, office: Office, meeting: Meeting, form: DecisionForm, *, chair: bool) -> None:
    """Give the form its choices: agencies, lead professionals, ratings, and the outcomes this person may record."""
    agencies = {str(agency.id): agency.name for agency in people.agencies(session)}
    for field in (form.lead_agency, form.information_agency, form.onward_agency):
        field.choices = {"": "Choose", **agencies}
    leads = people.possible_lead_professionals(session, meeting.area_id or 0)
    form.lead_professional.choices = {"": "Choose", **{str(row.id): row.name for row in leads}}
    if form.lead_professional.data and str(form.lead_professional.data) not in form.lead_professional.choices:
        form.lead_professional.choices[str(form.lead_professional.data)] = "As recorded"
    rules = office.partnership.ratings.ratings
    form.rating.choices = [(rating.value, rule_of(rating, rules).label) for rating in RiskRating]
    if not chair:
        form.outcome.choices = {
            code: words
            for code, words in dict(form.outcome.choices).items()
            if code in ("deferred", "not_reached", "noted") or code == str(form.outcome.data or "")
        }


def keep_the_chairs_part(form: DecisionForm, stored: Decided) -> None:
    """Whoever records without being a chair does not see these fields, so they stay as they are."""
    for name in CHAIRS_FIELDS:
        value = getattr(stored, name if hasattr(stored, name) else f"{name}_id")
        form[name].data = str(value) if name == "lead_agency" and value is not None else value
    if stored.outcome in (Outcome.RATED, Outcome.CLOSED) and not form.outcome.data:
        form.outcome.data = stored.outcome.value


def fill_agencies(session: Session, form: AgencyViewForm) -> None:
    """Give the form for an agency's view the agencies."""
    agencies = {str(agency.id): agency.name for agency in people.agencies(session)}
    form.view_agency.choices = {"": "Choose", **agencies}


def suggest(session: Session, office: Office, meeting: Meeting, item: AgendaItem, form: DecisionForm) -> None:
    """Fill a form on which nothing is decided yet with what holds for the child now.

    A child who was deferred too often is rated at once: the tool's level is offered.
    """
    with beside_items(session, meeting):
        form.suggest(live_entry(session, item.child_id), child_of(session, item))
        package = steps_of(session, item.child_id).get(TransitionStep.PACKAGE)
        if package is not None:
            form.suggest_package(package)
        case = case_of(session, office, meeting, item)
    form.rating.data = offered_level(case, office.partnership.ratings) or form.rating.data


def action_of_item(session: Session, meeting: Meeting, item: AgendaItem, reference: str) -> Action | None:
    """Give an action that this meeting gave or proposes on an item, or None."""
    with beside_items(session, meeting):
        action = find_action(session, reference)
    found = action is not None and (action.meeting_id, action.child_id) == (meeting.key, item.child_id)
    return action if found else None


def fill_owners(
    session: Session, meeting: Meeting, item: AgendaItem, form: ActionForm, row: RecommendedAction | None = None
) -> dict[int, int]:
    """Give the form those who may own an action, first those of the agency that `row` names; gives the agency of each.

    `row` is the recommended action that is to be proposed, where there is one.
    """
    with beside_items(session, meeting):
        owners = possible_owners(session, item.child_id)
    return offer_owners(form.owner, owners, row.agency_id, row.agency) if row else offer_owners(form.owner, owners)


def _usual_reviews(case: Case, office: Office) -> tuple[tuple[str, Any, Any], ...]:
    rules = office.partnership.ratings.ratings
    return tuple(
        (
            rule_of(rating, rules).label,
            default_review_date(rating, case.held_on, rules, case.present),
            latest_review_date(rating, case.held_on, rules),
        )
        for rating in (RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW)
    )
