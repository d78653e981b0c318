"""What the clock says of networks: orders and tactics that expire soon, actions that are open or were missed."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.contacts import contacts_of
from meetings_app.accounts.models import Agency
from meetings_app.accounts.queries import actor_of
from meetings_app.actions.rules import Escalation
from meetings_app.clock import london_date
from meetings_app.db.session import acting_for
from meetings_app.jobs.people import Person, everybody, tell
from meetings_app.jobs.people_week import week_of
from meetings_app.meetings.network_models import NetworkAction
from meetings_app.network_meetings.action_queries import ADDRESS, is_open, steps_of
from meetings_app.network_meetings.telling import send_digests
from meetings_app.networks.models import Disruption
from meetings_app.networks.rules import reminder_due
from meetings_app.networks.states import DisruptionState
from meetings_app.notices.templates import NoticeKind
from meetings_app.permissions import Role
from meetings_app.schedule.office import Office


def remind_of_expiry(session: Session, now: datetime, office: Office) -> str:
    """Remind the network chair and the police of an order that expires: 28 days before, 7 days before, and once past.

    Each is told once for a date; an order that was renewed is told of again before it expires again. The mail holds
    the reference of the order and a link.
    """
    mails, people, today = 0, everybody(session), london_date(now)
    police = session.scalar(select(col(Agency.id)).where(col(Agency.code) == "police"))
    told = [person for person in people if _works_on_networks(person, police)]
    granted = select(col(Disruption.reference), col(Disruption.state), col(Disruption.expires_on)).where(
        col(Disruption.state) == DisruptionState.GRANTED, col(Disruption.expires_on).is_not(None)
    )
    for reference, state, expires_on in session.execute(granted.order_by(col(Disruption.id))):
        stage = reminder_due(state, expires_on, today)
        if stage is None:
            continue
        for person in told:
            mails += tell(
                session, now, NoticeKind.ORDER_EXPIRES, person.account, f"{reference}:{expires_on}:{stage}",
                reference=reference, link=f"{office.base_url}/networks/disruption/{reference}",
            )  # fmt: skip
    return f"people reminded: {mails}"


def _works_on_networks(person: Person, police: int | None) -> bool:
    roles = {grant.role for grant in person.grants}
    return Role.NETWORK_CHAIR in roles or (Role.REPRESENTATIVE in roles and person.account.agency_id == police)


def send_action_digests(session: Session, now: datetime, office: Office) -> str:
    """Tell the owners of actions of network meetings once a week how many are new, due this week and overdue."""
    return f"people told: {send_digests(session, now, office, week_of(london_date(now)))}"


def escalate_actions(session: Session, now: datetime, office: Office) -> str:
    """Tell once a week of actions that were missed at network meetings, by the rules of the actions of RMMs.

    The agency's single point of contact is told of all of theirs; where it has named none, the owner and those of its
    representatives who may see the action stand in (own). The network chair is told of those for the board.
    """
    late = {action.key: action for action in session.scalars(select(NetworkAction).where(is_open()))}
    steps = steps_of(session, late.values(), office.partnership.ratings.actions)
    contacts, mails = contacts_of(session, office.partnership.agencies), 0
    for person in everybody(session) if steps else ():
        chairs = person.holds({Role.NETWORK_CHAIR}, None)
        stands_in = _stands_in(session, person, [late[action] for action in steps])
        told: Counter[Escalation] = Counter()
        for action, (step, _missed) in steps.items():
            contact = contacts.get(late[action].agency_id)
            answers = contact.account_id == person.account.key if contact else action in stands_in
            told[step] += answers or (chairs and step is Escalation.BOARD)
        if told.total():
            mails += tell(
                session, now, NoticeKind.ACTIONS_ESCALATED, person.account, f"networks:{week_of(london_date(now))}",
                link=f"{office.base_url}{ADDRESS}{'/escalated' if chairs else '?when=overdue'}",
                contact_count=told[Escalation.CONTACT], board_count=told[Escalation.BOARD],
            )  # fmt: skip
    return f"people told: {mails}"


def _stands_in(session: Session, person: Person, actions: Collection[NetworkAction]) -> frozenset[int]:
    """Give the actions for which a person answers where their agency has named nobody: their own, and what they see."""
    own = {action.key for action in actions if action.owner_id == person.account.key}
    others = [action.key for action in actions if action.agency_id == person.account.agency_id]
    represents = any(grant.role is Role.REPRESENTATIVE for grant in person.grants)
    by = actor_of(session, person.account.key) if represents and others else None
    if by is None:
        return frozenset(own)
    with acting_for(session, by):
        seen = session.scalars(select(col(NetworkAction.id)).where(col(NetworkAction.id).in_(others)))
        return frozenset(own | {key for key in seen if key is not None})
