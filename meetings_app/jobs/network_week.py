"""What the clock says of networks: orders and tactics that are about to expire, actions that are open."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.clock import london_date
from meetings_app.jobs.people import Person, everybody, tell
from meetings_app.jobs.people_week import week_of
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
