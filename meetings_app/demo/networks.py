"""One tangled network of the demonstration: three children of two areas, two suspects, a takeaway, a car, an account.

Told through the services that the pages use. Everything in it is plainly invented.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.demo.county import County
from meetings_app.demo.network_meeting import plan_network_meeting
from meetings_app.demo.story import Story
from meetings_app.networks import borders, charmm, disrupting, extracts, linking, referring, subjects, suspects
from meetings_app.networks.borders import Contact, OutsideSaid
from meetings_app.networks.charmm import Heard, Taken
from meetings_app.networks.disrupting import Step
from meetings_app.networks.extract_lines import ExtractLine
from meetings_app.networks.linking import Grounds
from meetings_app.networks.models import Subject
from meetings_app.networks.referring import ReferralSaid
from meetings_app.networks.states import (
    Basis,
    ChildTie,
    Confidence,
    Criterion,
    DisruptionState,
    ExtractState,
    SubjectKind,
    Tie,
)
from meetings_app.networks.subjects import SubjectSaid
from meetings_app.permissions import Actor

_GROUNDS = Grounds("Invented: a report of the night bus driver", Basis.FACT, Confidence.LIKELY)
_HEARD = Grounds("Invented: said by a friend of one of the children", Basis.OPINION, Confidence.POSSIBLE)
_AREAS = ("NE", "NW")


def plan_network(story: Story) -> None:
    """Let a referral be taken up, what is known be recorded, a network meeting hear it, and another referral wait."""
    network, held_on = _Network(story.county), story.county.held_on(story.county.first_network_meeting)
    story.on(held_on - timedelta(days=5), time(11), network.refer)
    story.on(held_on - timedelta(days=4), time(10), network.record)
    plan_network_meeting(story, held_on)
    story.on(story.county.today - timedelta(days=14), time(15), network.disrupt)
    story.on(story.county.today - timedelta(days=7), time(11), network.extract)
    story.on(story.county.today - timedelta(days=2), time(9), network.again)


class _Network:
    def __init__(self, county: County) -> None:
        self._county = county
        self._areas = frozenset(county.areas[code] for code in _AREAS)

    def refer(self, session: Session, moment: datetime) -> None:
        """The police refer; the network chair takes it up."""
        with self._county.acting(session, "police") as police:
            said = self._said("Three children were collected from a takeaway by the same car on several nights.")
            agency = self._county.agencies["police"]
            referral = referring.refer(session, police, moment, agency, said, tuple(self._children(session)))
        with self._county.acting(session, "chair-police") as chair:
            referring.accept(session, chair, moment, self._county.office, referral, referral.version, "Amber")

    def record(self, session: Session, moment: datetime) -> None:
        """The police record who and what is part of it."""
        kinds = SubjectKind
        with self._county.acting(session, "police") as police:
            network = session.scalars(select(Subject).where(col(Subject.kind) == kinds.NETWORK)).one()
            young = date(moment.year - 17, 1, 15)
            said = [
                SubjectSaid(kind, name, about, self._areas, born=born)
                for kind, name, about, born in (
                    (kinds.SUSPECT, "Testy McSuspect", "", date(1996, 5, 5)),
                    (kinds.SUSPECT, "Testy McSeventeen", "", young),
                    (kinds.PLACE, "Pretend Palace takeaway", "Open until two at night.", None),
                    (kinds.VEHICLE, "Silver car, plate TE57 1NG", "", None),
                    (kinds.ONLINE, "pretend.star.99", "A name on a made-up service.", None),
                )
            ]  # fmt: skip
            opened = [subjects.open_subject(session, police, moment, each) for each in said]
            first, second, place, car, online = opened
            for one, other, tie in (
                (first, network, Tie.PART_OF), (second, network, Tie.PART_OF), (first, place, Tie.WORKS_AT),
                (first, car, Tie.USES), (second, online, Tie.USES), (second, first, Tie.KNOWS),
                (car, place, Tie.SEEN_AT), (place, network, Tie.PART_OF),
            ):  # fmt: skip
                linking.link_subjects(session, police, moment, one, other, tie, _GROUNDS)
            children = self._children(session)
            for child in children[:2]:
                linking.link_child(session, police, moment, place, child, ChildTie.TAKEN_TO, _GROUNDS)
            linking.link_child(session, police, moment, online, children[2], ChildTie.CONTACTED_BY, _HEARD)
            subjects.add_alias(session, police, moment, first, "Big Pretender", "Invented: heard by outreach")
            self._across_borders(session, police, moment, network)
            own = self._listed(session, "NE", 3)[2]
            suspects.name_own_record(session, police, moment, second, own)

    def _across_borders(self, session: Session, police: Actor, moment: datetime, network: Subject) -> None:
        borough = borders.add_authority(
            session,
            police,
            moment,
            network,
            "Invented Borough",
            Contact("Testy McNeighbour", "Duty desk, 01632 960001"),
        )
        elsewhere = OutsideSaid("Testy McElsewhere", ChildTie.CONTACTED_BY, _HEARD, "IB-1042")
        borders.add_outside_child(session, police, moment, network, borough, elsewhere)

    def disrupt(self, session: Session, moment: datetime) -> None:
        """A warning notice is served, and soon expires; a licence is under review."""
        today = london_date(moment)
        with self._county.acting(session, "police") as police:
            agency = self._county.agencies["police"]
            found = {
                row.name: row
                for row in session.scalars(select(Subject).where(col(Subject.kind) != SubjectKind.NETWORK))
            }
            suspect, place = found["Testy McSuspect"], found["Pretend Palace takeaway"]
            sought = Step(DisruptionState.SOUGHT, today, "Asked for by the team.")
            notice = disrupting.begin_disruption(session, police, moment, suspect, "abduction_warning", agency, sought)
            served = Step(
                DisruptionState.GRANTED, today, "Served in person.", today + timedelta(days=35),
                "No contact with the three children named in it.",
            )  # fmt: skip
            disrupting.take_step(session, police, moment, suspect, notice, notice.version, served)
            taken = Taken("Pretend district", today - timedelta(days=9), "Late nights at the takeaway.", today)
            referral = charmm.refer_suspect(session, police, moment, suspect, taken)
            heard = Heard(today, "Visits by the team at night. Heard again in four weeks.", today + timedelta(days=28))
            charmm.record_outcome(session, police, moment, suspect, referral, referral.version, heard)
            review = Step(DisruptionState.SOUGHT, today, "The licensing team looks at the late licence.")
            disrupting.begin_disruption(session, police, moment, place, "licence_review", agency, review)

    def extract(self, session: Session, moment: datetime) -> None:
        """One extract for the neighbouring authority is approved and issued, another waits for the network chair."""
        with self._county.acting(session, "police") as police:
            network = session.scalars(select(Subject).where(col(Subject.kind) == SubjectKind.NETWORK)).one()
            (borough,) = borders.authorities_of(session, [network.key])
            known = ExtractLine("about", "What is known", network.about)
            called = ExtractLine("name", "Network", f"{network.name} ({network.reference})")
            first, _second = (
                extracts.propose(session, police, moment, network, borough, lines, purpose)
                for lines, purpose in (
                    ([called, known], "To compare with what is known there."),
                    ([called], "To agree who leads on the network."),
                )
            )
        with self._county.acting(session, "chair-police") as chair:
            extracts.decide(session, chair, moment, first, first.version, ExtractState.APPROVED, "")
        with self._county.acting(session, "police") as police:
            extracts.issue(session, police, moment, network, first, first.version, borough.contact)

    def again(self, session: Session, moment: datetime) -> None:
        """Health refers something else, which waits for the network chair."""
        with self._county.acting(session, "health") as health:
            said = self._said("Two children named the same flat, in different words, within a week.")
            referring.refer(session, health, moment, self._county.agencies["health"], said)

    def _said(self, known: str) -> ReferralSaid:
        criteria = frozenset({Criterion.SEVERAL_CHILDREN, Criterion.LOCATION})
        return ReferralSaid(
            criteria, known, "Invented: three separate reports", Basis.FACT, Confidence.LIKELY, self._areas
        )

    def _children(self, session: Session) -> list[Child]:
        return [*self._listed(session, "NE", 2), *self._listed(session, "NW", 1)]

    def _listed(self, session: Session, area: str, how_many: int) -> list[Child]:
        statement = (
            select(Child)
            .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
            .where(is_live(), col(ListEntry.area_id) == self._county.areas[area])
        )
        return list(session.scalars(statement.order_by(col(Child.id)).limit(how_many)))
