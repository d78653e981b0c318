"""The tangled case: three RMMs’ items are referred onward, the first becomes a network, and what is known is recorded.

Three children of two areas, another authority, two suspects of whom one is 17, a takeaway, a car and an online name.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.meetings import publishing as of_rmm
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.network_models import NetworkItem
from meetings_app.meetings.running import set_attendance, start
from meetings_app.network_meetings import publishing
from meetings_app.network_meetings.items import items_of
from meetings_app.networks import borders, linking, referring, suspects
from meetings_app.networks.models import NetworkReferral, Subject
from meetings_app.networks.states import ChildTie, SubjectKind, Tie
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import Meeting
from tests.support.meetings import series
from tests.support.network_meetings import NetworkDay, line_of, network_day
from tests.support.networks import GROUNDS, open_subject, refer
from tests.support.rmm import OFFICE, referred
from tests.support.world import NOW

LATER = datetime(2027, 1, 27, 14, 30, tzinfo=NOW.tzinfo)
"""While the second network meeting is held, eight weeks on."""
ADULT, YOUNG = "Testy McAdult", "Testy McSeventeen"
TAKEAWAY, CAR, ONLINE = "Pretend Palace takeaway", "Plate TE57 1NG", "pretend.star.99"


@dataclass
class Case:
    """The day, the three children, their referrals, and what the police recorded, by name."""

    day: NetworkDay
    children: list[Child]
    referrals: list[NetworkReferral]
    known: dict[str, Subject]
    network: Subject


def from_three_rmms(session: Session) -> Case:
    """Publish the RMMs of two areas, and refer three of their items onward; the first becomes a network at once."""
    day = network_day(session)
    rmms = {area: series(session, area) for area in ("NE", "NW")}
    names = (("Testy McOne", "NE"), ("Testy McTwo", "NE"), ("Testy McThree", "NW"))
    children = [referred(session, name=name, area=area) for name, area in names]
    referrals = []
    for area in rmms:
        of_rmm.publish(session, OPERATOR, NOW, OFFICE, rmms[area][0], rmms[area][0].version)
    for child, (_name, area) in zip(children, names, strict=True):
        item = session.scalars(select(AgendaItem).where(col(AgendaItem.child_id) == child.key)).one()
        referrals.append(refer(session, areas=(area,), children=(child,), item_id=item.key))
    first = referrals[0]
    network = referring.accept(session, day.chair(), NOW, OFFICE, first, first.version, "Invented Amber")
    day.operator()
    return Case(day, children, referrals, _recorded(session, network, children), network)


def _recorded(session: Session, network: Subject, children: list[Child]) -> dict[str, Subject]:
    kinds = SubjectKind
    known = {
        name: open_subject(session, kind, name, ("NE", "NW"), by=OPERATOR, born=born)
        for kind, name, born in (
            (kinds.SUSPECT, ADULT, date(1996, 5, 5)),
            (kinds.SUSPECT, YOUNG, date(2009, 3, 15)),
            (kinds.PLACE, TAKEAWAY, None),
            (kinds.VEHICLE, CAR, None),
            (kinds.ONLINE, ONLINE, None),
        )
    }  # fmt: skip
    adult, young, place, car, online = known.values()
    for one, other, tie in (
        (adult, place, Tie.WORKS_AT), (adult, car, Tie.USES), (young, online, Tie.USES), (young, adult, Tie.KNOWS),
        (place, network, Tie.PART_OF),
    ):  # fmt: skip
        linking.link_subjects(session, OPERATOR, NOW, one, other, tie, GROUNDS)
    for child in children[:2]:
        linking.link_child(session, OPERATOR, NOW, place, child, ChildTie.TAKEN_TO, GROUNDS)
    linking.link_child(session, OPERATOR, NOW, online, children[2], ChildTie.CONTACTED_BY, GROUNDS)
    suspects.name_own_record(session, OPERATOR, NOW, young, referred(session, name="Testy McOwn"))
    contact = borders.Contact("Testy McNeighbour", "01632 960001")
    borders.add_authority(session, OPERATOR, NOW, network, "Invented Borough", contact)
    return known


def opened(day: NetworkDay, meeting: Meeting, at: datetime) -> dict[str, NetworkItem]:
    """Publish an agenda, open the meeting, say who is there; give its items by what they are about."""
    session, chair = day.session, day.chair()
    publishing.publish(session, chair, at, OFFICE, meeting, meeting.version)
    start(session, chair, at, meeting, meeting.version, "Testy McChair")
    there = [line_of(account) for account in (day.chair_account, day.people.coordinator)]
    set_attendance(session, chair, at, meeting, there)
    rows = {row.key: row.reference for row in session.scalars(select(Subject))}
    referred_as = {row.key: row.reference for row in session.scalars(select(NetworkReferral))}
    return {
        rows.get(item.subject_id or 0) or referred_as[item.referral_id or 0]: item
        for item in items_of(session, meeting)
    }
