"""What each person may see, row by row: the one place that turns roles and areas into SQL.

Every ORM statement of a session is narrowed by these criteria (see `db.session`), so lists, counts, searches,
agendas, exports and documents cannot forget them. Sources: `domain.md`, "Confidentiality".
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import Any

import sqlalchemy as sa

from meetings_app import access_calendar, access_minutes, access_networks, access_own, access_preparing, access_weekly
from meetings_app.access_apart import criteria_apart
from meetings_app.access_clauses import Clause, Narrowed, beside_both_children
from meetings_app.access_clauses import exists as _exists
from meetings_app.access_clauses import in_areas as _in_areas
from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.actions.models import Action, ActionEvent, RaisedSetAside, RecommendationTakenUp
from meetings_app.assessments.models import (
    Assessment,
    AssessmentDecision,
    AssessmentFlag,
    DeclinedRecommendation,
    FlagAnswer,
)
from meetings_app.children.models import (
    Child,
    ChildBefore,
    ChildLink,
    ChildNote,
    Involvement,
    MovedRow,
    PossibleDuplicate,
    TransitionRecord,
)
from meetings_app.cse_list.models import (
    Closure,
    ClosureProposal,
    ClosureTask,
    ClosureWarning,
    Departure,
    ListEntry,
    LookBack,
)
from meetings_app.db.session import Scope
from meetings_app.imports.models import ImportBatch
from meetings_app.jobs.models import BreachFound
from meetings_app.meetings.live_models import ItemOpening, LiveField, SetAside
from meetings_app.meetings.models import (
    AgencyView,
    AgendaAdjustment,
    AgendaItem,
    ItemAbsence,
    ItemDecision,
    Minutes,
    StatementReading,
)
from meetings_app.minutes.models import MinutesCorrection, MinutesStep
from meetings_app.permissions import AREA_ROLES, LIST_ROLES, Actor, Role
from meetings_app.plans.models import AimReview, PlanAim, PlanUpdate, SafetyPlan
from meetings_app.ratings.models import InformationOwed, Rating
from meetings_app.referrals.models import ChangeAnswer, ChangeInCircumstances, Referral, ReferralAssessment
from meetings_app.schedule.models import Meeting, MeetingMember, MeetingState
from meetings_app.strategy.models import StrategyDiscussion, StrategyRecord

# Constants are written into the SQL rather than bound: partial indexes are only used that way, and it is quicker.
_OPEN_MEETINGS: list[sa.ColumnElement[str]] = [
    sa.literal_column(f"'{state.value}'")
    for state in (MeetingState.PUBLISHED, MeetingState.IN_PROGRESS, MeetingState.CLOSED)
]
_CLOSED: sa.ColumnElement[str] = sa.literal_column("'closed'")
_child, _entry = Child.__table__, ListEntry.__table__  # type: ignore[attr-defined]
_item, _meeting = AgendaItem.__table__, Meeting.__table__  # type: ignore[attr-defined]
_action = Action.__table__  # type: ignore[attr-defined]
_involvement, _member = Involvement.__table__, MeetingMember.__table__  # type: ignore[attr-defined]

_PARTS = (access_weekly, access_calendar, access_own)
"""Modules that say who may see what of the tables of one feature."""


# A school reads the plan of its pupils, and nothing else that stands beside a child.
_BESIDE_WHOLE_RECORD: tuple[type[Any], ...] = (
    ChildNote, ChildBefore, Rating, InformationOwed, ChangeInCircumstances, Closure, ClosureProposal, ClosureTask,
    LookBack, Departure, Involvement, MovedRow, TransitionRecord, PlanUpdate, RaisedSetAside,
)  # fmt: skip


# Building them takes longer than a page's statements, and one person opens many pages.
@lru_cache(maxsize=1024)
def criteria(actor: Actor) -> Scope:
    """Give, by table, the criteria that narrow every statement to what `actor` may see. No role: nothing at all."""
    whole_records = [_area_staff(actor, Child), *_listed_children(actor), *_followed_children(actor)]
    children = [*whole_records, *_pupils(actor)]
    actions = [_area_staff(actor, Action), *_answered_actions(actor), _beside_child(Action, whole_records, actor)]
    items = [_area_staff(actor, AgendaItem), *_items(actor)]
    meetings = [_area_staff(actor, Meeting), *_meetings(actor)]
    own_referrals = _made_by(actor, Referral.referrer_id)
    referrals = [_area_staff(actor, Referral), *own_referrals, _beside_child(Referral, whole_records, actor)]
    return criteria_apart(
        actor,
        (
            _narrow(Child, children),
            _narrow(ListEntry, [_area_staff(actor, ListEntry), *_listed(actor, LIST_ROLES), *_entries_of_own(actor)]),
            _narrow(Referral, referrals),
            *(_narrow(model, [_beside_child(model, children, actor)]) for model in (SafetyPlan, PlanAim)),
            _narrow(AimReview, _aim_reviews(actor, whole_records)),
            *_assessments(actor, whole_records),
            *_strategy(actor, whole_records),
            *_preparing(actor, whole_records),
            *(_narrow(model, seen) for part in _PARTS for model, seen in part.clauses(actor)),
            _narrow(Action, actions),
            _narrow(ActionEvent, [_through(ActionEvent, "action_id", Action, actions)]),
            _narrow(Meeting, meetings),
            _narrow(AgendaItem, items),
            _narrow(StatementReading, [_through(StatementReading, "meeting_id", Meeting, meetings[:1])]),
            *_recorded(items[:1]),
            _narrow(ConflictOfInterest, [_area_staff(actor, ConflictOfInterest)]),
            _narrow(AgendaAdjustment, [_through(AgendaAdjustment, "child_id", Child, children[:1])]),
            *_pairs(actor, whole_records, children[:1]),
            *_minutes(actor, whole_records, meetings),
            _narrow(ClosureWarning, [_row_beside(ClosureWarning, "closure_id", Closure, whole_records, actor)]),
            _narrow(
                ChangeAnswer, [_row_beside(ChangeAnswer, "change_id", ChangeInCircumstances, whole_records, actor)]
            ),
            _narrow(BreachFound, _breaches(actor)),
            _narrow(ImportBatch, _made_by(actor, ImportBatch.uploaded_by_id)),
            *(_narrow(model, [_beside_child(model, whole_records, actor)]) for model in _BESIDE_WHOLE_RECORD),
        ),
    )


def _recorded(of_staff: Sequence[Clause]) -> Iterator[Narrowed]:
    """What is typed and decided on an item is for those who record the meeting; others read the minutes."""
    for model in (ItemDecision, AgencyView, LiveField, SetAside, ItemAbsence, ItemOpening):
        yield _narrow(model, [_through(model, "item_id", AgendaItem, of_staff)])


def _assessments(actor: Actor, whole_records: Sequence[Clause]) -> Iterator[Narrowed]:
    """Assessments follow the whole record of the child, and what belongs to one follows it.

    Whoever made one keeps seeing it, as a referrer the referral, though the child's record be hidden; what others
    wrote on it later, such as what came of a strategy discussion, they do not see.
    """
    whole = [_beside_child(Assessment, whole_records, actor)]
    seen = [*_made_by(actor, Assessment.started_by_id), *whole]
    yield _narrow(Assessment, seen)
    for model in (AssessmentFlag, AssessmentDecision, RecommendationTakenUp, ReferralAssessment):
        yield _narrow(model, [_through(model, "assessment_id", Assessment, seen)])
    declined = _through(DeclinedRecommendation, "assessment_id", Assessment, whole)
    yield _narrow(DeclinedRecommendation, [*_made_by(actor, DeclinedRecommendation.by_id), declined])
    flags = [_through(AssessmentFlag, "assessment_id", Assessment, whole)]
    answers = _through(FlagAnswer, "flag_id", AssessmentFlag, flags)
    yield _narrow(FlagAnswer, [*_made_by(actor, FlagAnswer.by_id), answers])


def _aim_reviews(actor: Actor, whole_records: Sequence[Clause]) -> list[Clause]:
    """What RMMs found about an aim follows the whole record once it took effect; before, those who run the meeting."""
    review: sa.Table = AimReview.__table__  # type: ignore[attr-defined]
    in_effect = sa.and_(review.c.took_effect_at.is_not(None), _beside_child(AimReview, whole_records, actor))
    return [in_effect, _through(AimReview, "child_id", Child, [_area_staff(actor, Child)])]


def _strategy(actor: Actor, whole_records: Sequence[Clause]) -> Iterator[Narrowed]:
    """Strategy discussions follow the whole record of the child, and what is recorded of one follows it."""
    seen = [_beside_child(StrategyDiscussion, whole_records, actor)]
    yield _narrow(StrategyDiscussion, seen)
    yield _narrow(StrategyRecord, [_through(StrategyRecord, "discussion_id", StrategyDiscussion, seen)])


def _preparing(actor: Actor, whole_records: Sequence[Clause]) -> Iterator[Narrowed]:
    of_child = partial(_beside_child, children=whole_records, actor=actor)
    for model, seen in access_preparing.clauses(actor, of_child):
        yield _narrow(model, seen)


def _minutes(actor: Actor, whole_records: Sequence[Clause], meetings: Sequence[Clause]) -> Iterator[Narrowed]:
    of_child = _beside_child(MinutesCorrection, whole_records, actor)
    of_item = access_networks.of_network_items(actor, MinutesCorrection, "network_item_id", whole_records)
    of_meeting = _through(MinutesStep, "meeting_id", Meeting, meetings)
    yield _narrow(Minutes, [_through(Minutes, "meeting_id", Meeting, meetings)])
    for model, seen in access_minutes.clauses(actor, of_child, of_item, of_meeting):
        yield _narrow(model, seen)


def _row_beside(model: type[Any], column: str, parent: type[Any], whole_records: Sequence[Clause], by: Actor) -> Clause:
    return _through(model, column, parent, [_beside_child(parent, whole_records, by)])


def _pairs(actor: Actor, whole_records: Sequence[Clause], of_areas: Sequence[Clause]) -> Iterator[Narrowed]:
    """A link is for who may see both children; that two records look alike, for the staff of either’s area.

    So are networks: what links a child is for who may see both ends.
    """
    for model, seen in access_networks.clauses(actor, whole_records):
        yield _narrow(model, seen)
    yield _narrow(ChildLink, [beside_both_children(ChildLink, _child, whole_records, actor)])
    ends = ("child_id", "other_id")
    yield _narrow(PossibleDuplicate, [_through(PossibleDuplicate, column, Child, of_areas) for column in ends])


def _breaches(actor: Actor) -> list[Clause]:
    """What is about a child goes to the staff of the area where the child lives now, the rest to that of its area."""
    of_child = _through(BreachFound, "child_id", Child, [_area_staff(actor, Child)])
    return [of_child, sa.and_(_area_staff(actor, BreachFound), BreachFound.__table__.c.child_id.is_(None))]  # type: ignore[attr-defined]


def _narrow(model: type[Any], clauses: Sequence[Clause]) -> Narrowed:
    return model, sa.or_(sa.false(), *clauses)


def _area_staff(actor: Actor, model: type[Any]) -> Clause:
    """Coordinators and chairs: everything of their areas."""
    return _in_areas(model.__table__.c.area_id, actor.areas(AREA_ROLES))


def _listed(actor: Actor, roles: frozenset[Role]) -> list[Clause]:
    """Give the entries on the list of the areas held through any of `roles`."""
    areas = actor.areas(roles)
    if areas is not None and not areas:
        return []
    return [sa.and_(_in_areas(_entry.c.area_id, areas), _entry.c.state != _CLOSED)]


def _listed_children(actor: Actor) -> list[Clause]:
    """Representatives: the records of the children on the list of their areas. A list holder sees the list alone."""
    entries = _listed(actor, frozenset({Role.REPRESENTATIVE}))
    listed = [_exists(_child, _entry, _entry.c.child_id == _child.c.id, clause) for clause in entries]
    agendas = [_exists(_child, _item, _item.c.child_id == _child.c.id, clause) for clause in _items(actor)]
    return [*listed, *agendas]


def _items(actor: Actor) -> list[Clause]:
    """Representatives: the items of a published agenda of their areas until those minutes are signed."""
    areas = actor.areas(frozenset({Role.REPRESENTATIVE}))
    if areas is not None and not areas:
        return []
    still_open = _exists(_item, _meeting, _meeting.c.id == _item.c.meeting_id, _meeting.c.state.in_(_OPEN_MEETINGS))
    return [sa.and_(_in_areas(_item.c.area_id, areas), still_open)]


def _meetings(actor: Actor) -> list[Clause]:
    """Members see the meetings they are invited to, representatives all of their areas, the network chair its own."""
    invited = (_member.c.account_id == actor.account_id, _member.c.removed_at.is_(None))
    clauses: list[Clause] = [_exists(_meeting, _member, _member.c.meeting_id == _meeting.c.id, *invited)]
    areas = actor.areas(frozenset({Role.REPRESENTATIVE}))
    if areas is None or areas:
        clauses.append(sa.and_(_in_areas(_meeting.c.area_id, areas), _meeting.c.area_id.is_not(None)))
    return [*clauses, _meeting.c.area_id.is_(None)] if actor.has(Role.NETWORK_CHAIR) else clauses


def _followed_children(actor: Actor) -> list[Clause]:
    """Lead professionals: their own children; specialists: the children they work with."""
    clauses: list[Clause] = []
    if actor.has(Role.LEAD_PROFESSIONAL):
        clauses.append(_child.c.lead_professional_id == actor.account_id)
    if actor.has(Role.SPECIALIST):
        worked_with = (_involvement.c.account_id == actor.account_id, _involvement.c.ended_at.is_(None))
        clauses.append(_exists(_child, _involvement, _involvement.c.child_id == _child.c.id, *worked_with))
    return clauses


def _pupils(actor: Actor) -> list[Clause]:
    """Schools: their pupils on the list."""
    if not actor.has(Role.SCHOOL) or actor.school_id is None:
        return []
    live = _exists(_child, _entry, _entry.c.child_id == _child.c.id, _entry.c.state != _CLOSED)
    return [sa.and_(_child.c.school_id == actor.school_id, live)]


def _entries_of_own(actor: Actor) -> list[Clause]:
    own = [*_followed_children(actor), *_pupils(actor)]
    return [_exists(_entry, _child, _child.c.id == _entry.c.child_id, sa.or_(*own))] if own else []


def _answered_actions(actor: Actor) -> list[Clause]:
    """Whoever answers actions: their own, their agency's in their areas, what is passed on; the child may be hidden."""
    clauses: list[Clause] = [_action.c.owner_id == actor.account_id]
    areas = actor.areas(frozenset({Role.REPRESENTATIVE}) | AREA_ROLES)
    if areas is None or areas:
        clauses.append(sa.and_(_action.c.agency_id == actor.agency_id, _in_areas(_action.c.area_id, areas)))
    return [*clauses, *access_networks.passed_actions(actor, _action)]


def _made_by(actor: Actor, column: Any) -> list[Clause]:
    return [column == actor.account_id] if actor.account_id is not None else []


def _beside_child(model: type[Any], children: Sequence[Clause], actor: Actor) -> Clause:
    """Rows beside a child follow the child; for staff of the whole county that is every row."""
    if actor.areas(AREA_ROLES) is None:
        return sa.true()
    return _through(model, "child_id", Child, children)


def _through(model: type[Any], column: str, parent: type[Any], clauses: Sequence[Clause]) -> Clause:
    """Rows of `model` that belong to a row of `parent` that may be seen."""
    own, other = model.__table__, parent.__table__
    return _exists(own, other, other.c.id == own.c[column], sa.or_(sa.false(), *clauses))
