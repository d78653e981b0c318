"""What the clock tells people each week: their open actions, what was missed at meetings, what waits in their areas."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.contacts import contacts_of
from meetings_app.actions.escalating import steps_of
from meetings_app.actions.filters import WEEK
from meetings_app.actions.models import Action
from meetings_app.actions.queries import is_open
from meetings_app.actions.rules import Escalation
from meetings_app.children.ages import is_step_due
from meetings_app.children.models import Child
from meetings_app.children.transition import recorded_kinds
from meetings_app.clock import london_date
from meetings_app.cse_list.models import Closure, ClosureState, ListEntry, LookBack
from meetings_app.cse_list.queries import is_live
from meetings_app.cse_list.rules import latest_birth
from meetings_app.jobs.people import Person, everybody, tell
from meetings_app.meetings.reassessments import clocks_of, due_statement
from meetings_app.notices.templates import NoticeKind
from meetings_app.partnership import Ages
from meetings_app.permissions import CHAIR_ROLES, SCHEDULER, Role
from meetings_app.schedule.office import Office

_REPRESENTATIVES = frozenset({Role.REPRESENTATIVE})


def week_of(day: date) -> str:
    """Give the week of a day, which a weekly mail is written once for."""
    return f"{day:%G}-W{day:%V}"


def send_action_digests(session: Session, now: datetime, office: Office) -> str:
    """Tell each person once a week how many open actions are new, due this week and overdue; nobody of none."""
    today, mails, actions = london_date(now), 0, _open_actions(session)
    for person in everybody(session):
        own = [action for action in actions if action.owner_id == person.account.key or _represents(person, action)]
        counts = _counted(own, now, today)
        if counts["due_this_week_count"] or counts["overdue_count"]:
            mails += tell(
                session, now, NoticeKind.ACTIONS_TO_DO, person.account, week_of(today),
                link=f"{office.base_url}/actions", **counts,
            )  # fmt: skip
    return f"people told: {mails}"


def _counted(actions: Iterable[Any], now: datetime, today: date) -> dict[str, int]:
    counts = {"new_count": 0, "due_this_week_count": 0, "overdue_count": 0}
    for action in actions:
        counts["new_count"] += action.created_at >= now - timedelta(days=7)
        counts["overdue_count"] += action.due_on < today
        counts["due_this_week_count"] += today <= action.due_on < today + WEEK
    return counts


def escalate_actions(session: Session, now: datetime, office: Office) -> str:
    """Tell once a week of actions that were missed at meetings (own: two, three).

    The agency's single point of contact is told of all of theirs; where it has named none, its representatives of the
    area stand in. The chairs of the area are told of those for the board.
    """
    contacts = contacts_of(session, office.partnership.agencies)
    actions, mails, week = _open_actions(session), 0, week_of(london_date(now))
    steps = steps_of(session, actions, office.partnership.ratings.actions)
    for person in everybody(session):
        told: Counter[Escalation] = Counter()
        for action in (action for action in actions if action.id in steps):
            step, _missed = steps[action.id]
            chairs = step is Escalation.BOARD and person.holds(CHAIR_ROLES, action.area_id)
            contact = contacts.get(action.agency_id)
            answers = contact.account_id == person.account.key if contact else _represents(person, action)
            told[step] += chairs or answers
        if told.total():
            mails += tell(
                session, now, NoticeKind.ACTIONS_ESCALATED, person.account, week,
                link=f"{office.base_url}/actions", contact_count=told[Escalation.CONTACT],
                board_count=told[Escalation.BOARD],
            )  # fmt: skip
    return f"people told: {mails}"


def _represents(person: Person, action: Any) -> bool:
    return person.account.agency_id == action.agency_id and person.holds(_REPRESENTATIVES, action.area_id)


def _open_actions(session: Session) -> Sequence[Any]:
    """Give every open action, as far as mails count them: columns alone, for there may be thousands."""
    return session.execute(
        select(
            col(Action.id), col(Action.area_id), col(Action.agency_id), col(Action.owner_id), col(Action.due_on),
            col(Action.created_at),
        ).where(is_open())
    ).all()  # fmt: skip


def say_what_waits(session: Session, now: datetime, office: Office) -> str:
    """Tell chairs and coordinators once a week what waits in their areas.

    Signatures (of chairs alone), reassessments, steps towards adult services (SUR), look-backs.
    """
    today, mails, signatures = london_date(now), 0, _unsigned(session)
    of_staff = {
        "assessment_count": _to_assess(session, today, office),
        "transition_count": _in_transition(session, today, office.partnership.ratings.ages),
        "look_back_count": _to_look_back(session, today),
    }
    for person in everybody(session):
        chairs, staff = _areas(person, CHAIR_ROLES), _areas(person, CHAIR_ROLES | {Role.COORDINATOR})
        counts = {
            "signature_count": _in(signatures, chairs),
            **{name: _in(found, staff) for name, found in of_staff.items()},
        }
        if any(counts.values()):
            mails += tell(
                session, now, NoticeKind.WORK_DUE, person.account, week_of(today), link=f"{office.base_url}/", **counts
            )
    return f"people told: {mails}"


def remind_of_signatures(session: Session, now: datetime, office: Office) -> str:
    """Tell the chairs of an area each day of a closure whose second signature is due by today."""
    today, mails, due = london_date(now), 0, _unsigned(session, london_date(now))
    for person in everybody(session):
        waiting = _in(due, _areas(person, CHAIR_ROLES))
        if waiting:
            mails += tell(
                session, now, NoticeKind.WORK_DUE, person.account, today.isoformat(),
                link=f"{office.base_url}/closures", signature_count=waiting, assessment_count=0,
                transition_count=0, look_back_count=0,
            )  # fmt: skip
    return f"people told: {mails}"


def _areas(person: Person, roles: Iterable[Role]) -> frozenset[int] | None:
    """Give the areas of some roles; None is the whole county."""
    held = {grant.area_id for grant in person.grants if grant.role in roles}
    return None if None in held else frozenset(area for area in held if area is not None)


def _in(counted: Counter[int], areas: frozenset[int] | None) -> int:
    return counted.total() if areas is None else sum(counted[area] for area in areas)


def _unsigned(session: Session, due: date | None = None) -> Counter[int]:
    """Count the closures that wait for a signature, by area; those due by a day alone, where one is given."""
    wanted = [col(Closure.state) == ClosureState.CLOSING]
    if due is not None:
        wanted.append(col(Closure.second_due_on) <= due)
    return _by_area(
        session,
        select(col(ListEntry.area_id)).join(Closure, col(Closure.entry_id) == col(ListEntry.id)).where(*wanted),
    )


def _to_assess(session: Session, today: date, office: Office) -> Counter[int]:
    statement, _day, _key = due_statement(SCHEDULER, clocks_of(session, today, office.partnership))
    return Counter(row.area_id for row in session.execute(statement))


def _in_transition(session: Session, today: date, ages: Ages) -> Counter[int]:
    """Count the children on the list with a step towards adult services due and not recorded, by area."""
    rows = session.execute(
        select(col(ListEntry.child_id), col(ListEntry.area_id), col(ListEntry.born)).where(
            is_live(), col(ListEntry.born) <= latest_birth(ages.transition_planning, today)
        )
    ).all()
    recorded = recorded_kinds(session, [row.child_id for row in rows])
    return Counter(row.area_id for row in rows if is_step_due(row.born, today, ages, recorded.get(row.child_id, ())))


def _to_look_back(session: Session, today: date) -> Counter[int]:
    wanted = (
        select(col(Child.area_id))
        .join(LookBack, col(LookBack.child_id) == col(Child.id))
        .where(col(LookBack.found_at).is_(None), col(LookBack.due_on) <= today)
    )
    return _by_area(session, wanted)


def _by_area(session: Session, statement: sa.Select[Any]) -> Counter[int]:
    return Counter(session.scalars(statement))
