"""The numbers of a home page, by the conditions of the pages they link to, in as few statements as may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.actions import pages as actions
from meetings_app.actions.filters import ActionView, When, Whose
from meetings_app.assessment_record import work
from meetings_app.assessment_record.work import Moment, Show, WorkView
from meetings_app.cse_list import queries as cse_list
from meetings_app.cse_list.filters import ListFilter
from meetings_app.home import own_children, waiting
from meetings_app.home.asked import AskedOfAgency, asked_of_agency
from meetings_app.home.network_words import OfNetworks
from meetings_app.home.own_children import PlanAsked, PlanClock
from meetings_app.home.waiting import Part
from meetings_app.meetings.plan_updates import asking_now
from meetings_app.meetings.reassessments import clocks_of
from meetings_app.network_meetings import action_queries as network_actions
from meetings_app.network_meetings.action_queries import NetworkActionView
from meetings_app.networks import queries as networks
from meetings_app.networks import register as disruption
from meetings_app.networks.charmm import coming_back
from meetings_app.networks.extracts import waiting_for
from meetings_app.notices.models import MailState
from meetings_app.notices.queries import troubled
from meetings_app.permissions import AREA_ROLES, CHAIR_ROLES, Actor, Permission, Role
from meetings_app.referrals import queries as referrals
from meetings_app.referrals.queries import View
from meetings_app.schedule.office import Office
from meetings_app.weekly_list.models import WeeklyList
from meetings_app.weekly_list.queries import told_of, unopened

_NO_REFERENCES = cse_list.References((), ())
_PARTS: dict[Part, frozenset[Role]] = {
    Part.DUPLICATES: frozenset({Role.COORDINATOR}),
    Part.NO_MEETING: frozenset({Role.COORDINATOR}),
    Part.UPLOADS: frozenset({Role.COORDINATOR}),
    Part.INFORMATION: frozenset({Role.COORDINATOR}),
    Part.CLOSURES: CHAIR_ROLES,
    Part.CLOSURE_TASKS: frozenset({Role.COORDINATOR}),
    Part.LOOK_BACKS: frozenset({Role.COORDINATOR}),
    Part.INVITATIONS: frozenset({Role.ADMINISTRATOR}),
    Part.STRATEGY: AREA_ROLES,
    Part.PLANS: AREA_ROLES,
    Part.BREACHES: frozenset({Role.COORDINATOR}),
    Part.HANDS: frozenset({Role.COORDINATOR}),
    Part.LEADS: frozenset({Role.COORDINATOR}),
    Part.CHANGES: AREA_ROLES,
}


@dataclass(frozen=True)
class Numbers:
    """How many rows wait, by the view of the page that shows them. What a person has no part in is not counted."""

    actions: Mapping[ActionView, int]
    assessments: Mapping[WorkView, int]
    listed: Mapping[ListFilter, int]
    referrals: Mapping[View, int]
    waiting: Mapping[Part, int]
    own_children: int
    plans: Mapping[PlanAsked, int]
    mail_given_up: int
    networks: Mapping[OfNetworks, int]
    network_actions: Mapping[NetworkActionView, int]
    unopened_list: WeeklyList | None = None
    asked: Sequence[AskedOfAgency] = ()
    """The children whose rating asks something of the agency that a representative answers for."""


def read_numbers(session: Session, by: Actor, now: datetime, today: date, office: Office) -> Numbers:
    """Read every number of a person's home page; most of them in one statement."""
    asked: dict[Any, Any] = {view: actions.count_of(by, view, today) for view in _action_views(by)}
    asked |= {part: waiting.count_of(by, part, today) for part, roles in _PARTS.items() if _has(by, roles)}
    if _has(by, own_children.OWN_ROLES):
        clock = PlanClock(today, asking_now(session, today, office))
        asked["own"] = own_children.count_of(by, clock)
        asked |= {plan: own_children.count_of(by, clock, plan) for plan in PlanAsked}
    if by.may(Permission.SEE_LIST):
        asked["told"] = told_of(by.account_id)
    asked |= _assessments(session, by, now, today, office) | _networks(by, today)
    asked |= {view: network_actions.count_of(by, view, today) for view in _network_action_views(by)}
    found = _read_at_once(session, asked)
    counted = {view: cse_list.count(session, view, today, _NO_REFERENCES) for view in _list_views(by)}
    return Numbers(
        actions={key: number for key, number in found.items() if isinstance(key, ActionView)},
        assessments={key: number for key, number in found.items() if isinstance(key, WorkView)},
        listed=counted,
        referrals=_referrals(session, by, now, office),
        waiting={key: number for key, number in found.items() if isinstance(key, Part)},
        own_children=found.get("own", 0),
        plans={key: number for key, number in found.items() if isinstance(key, PlanAsked)},
        mail_given_up=len(troubled(session, by, MailState.GIVEN_UP)) if by.may(Permission.SEE_OUTBOX) else 0,
        networks={key: number for key, number in found.items() if isinstance(key, OfNetworks)},
        network_actions={key: number for key, number in found.items() if isinstance(key, NetworkActionView)},
        unopened_list=unopened(session, found["told"], by.account_id) if found.get("told") and by.account_id else None,
        asked=asked_of_agency(session, by, office.partnership, today) if by.has(Role.REPRESENTATIVE) else (),
    )


def _read_at_once(session: Session, asked: dict[Any, Any]) -> dict[Any, int]:
    if not asked:
        return {}
    row = session.execute(select(*(piece.label(f"n{place}") for place, piece in enumerate(asked.values())))).one()
    return dict(zip(asked, (int(number) for number in row), strict=True))


def _has(by: Actor, roles: frozenset[Role]) -> bool:
    return any(by.has(role) for role in roles)


def _networks(by: Actor, today: date) -> dict[Any, Any]:
    if not by.has(Role.NETWORK_CHAIR):
        return {}
    return {
        OfNetworks.REFERRALS: networks.waiting_referrals(),
        OfNetworks.EXPIRING: disruption.count_of(disruption.SOON, today),
        OfNetworks.CHARMM: coming_back(today),
        OfNetworks.EXTRACTS: waiting_for(by),
    }


def _assessments(session: Session, by: Actor, now: datetime, today: date, office: Office) -> dict[Any, Any]:
    """Give the pieces that count what waits in assessments: the areas' work, and what follows from the person's own."""
    if not by.may(Permission.ASSESS):
        return {}
    views = [WorkView(Show.DRAFTS), WorkView(Show.DECISIONS, mine=True), WorkView(Show.FLAGS, mine=True)]
    if _has(by, AREA_ROLES | {Role.LEAD_PROFESSIONAL}):
        views.append(WorkView(Show.DUE))
    if _has(by, AREA_ROLES):
        views += [WorkView(Show.DECISIONS), WorkView(Show.FLAGS)]
    partnership = office.partnership
    moment = Moment(now, clocks_of(session, today, partnership), partnership.ratings.referrals.decision_hours)
    return {view: work.count_of(by, view, moment) for view in views}


def _action_views(by: Actor) -> list[ActionView]:
    views = []
    if _has(by, AREA_ROLES):
        views.append(ActionView(Whose.ALL, When.OVERDUE))
    if by.has(Role.REPRESENTATIVE):
        views += [ActionView(Whose.AGENCY, when) for when in (When.OVERDUE, When.WEEK, When.LATER)]
    if by.may(Permission.SEE_ACTIONS):
        views += [ActionView(Whose.MINE, When.OVERDUE), ActionView(Whose.MINE, When.OPEN)]
    return views


def _network_action_views(by: Actor) -> list[NetworkActionView]:
    """Give the actions of network meetings that are the person's own, and for the network chair all that are late."""
    late = [NetworkActionView(overdue=True)] if by.has(Role.NETWORK_CHAIR) else []
    own = [NetworkActionView(mine=True, overdue=True), NetworkActionView(mine=True)]
    return [*late, *(own if by.may(Permission.SEE_ACTIONS) else [])]


def _list_views(by: Actor) -> list[ListFilter]:
    views = []
    if _has(by, AREA_ROLES | {Role.LIST_HOLDER}):
        views.append(ListFilter(overdue=True))
    if _has(by, CHAIR_ROLES):
        views.append(ListFilter(age="17-plus"))
    if by.has(Role.LIST_HOLDER):
        views.append(ListFilter())
    return views


def _referrals(session: Session, by: Actor, now: datetime, office: Office) -> dict[View, int]:
    if not by.may(Permission.SEE_REFERRALS):
        return {}
    counts = referrals.waiting_counts(session, by, now, office)
    return {
        View.LATE: counts.late, View.WAITING: counts.waiting, View.UNANSWERED: counts.unanswered,
        View.TO_ANSWER: counts.to_answer,
    }  # fmt: skip
