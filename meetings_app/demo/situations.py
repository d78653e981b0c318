"""What happened outside meetings in the demonstration and a lot might not draw: links, ways off the list, a merge."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.child_record import leaving
from meetings_app.child_record.leaving_rules import Acknowledgement, Transfer
from meetings_app.child_record.merging import say_same_or_different
from meetings_app.children.links import Said, add_link
from meetings_app.children.models import Child, ChildLink, LinkKind, PossibleDuplicate, Resolution
from meetings_app.children.service import ChildDetails, create_child
from meetings_app.clock import london_date
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.demo import names, words
from meetings_app.demo.county import County
from meetings_app.demo.story import Story
from meetings_app.errors import DomainError
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.identity import refuse_while_on_an_agenda
from meetings_app.strategy.queries import has_open
from meetings_app.strategy.rules import About
from meetings_app.strategy.service import Asked, request


class Situations:
    """Puts them on the calendar of the story, as the last things of it: nothing planned for a child is disturbed."""

    def __init__(self, story: Story) -> None:
        self._story, self._county = story, story.county

    def plan(self) -> None:
        """Let each happen this morning."""
        for minutes, event in ((55, self._link), (50, self._ask), (45, self._depart), (40, self._merge)):
            self._story.at(self._county.now - timedelta(minutes=minutes), event)

    def _link(self, session: Session, moment: datetime) -> None:
        found = _listed(session, self._county, "NE", RiskRating.MEDIUM)
        pairs = [(next(found), next(found)) for _ in words.LINKED]
        with self._county.acting(session, "coordinator") as coordinator:
            for (kind, source), (child, other) in zip(words.LINKED.items(), pairs, strict=True):
                add_link(session, coordinator, moment, child, other, Said(LinkKind(kind), source))

    def _ask(self, session: Session, moment: datetime) -> None:
        """Ask for a discussion about a child who has none open, and for a separate one of an alleged perpetrator."""
        child = next(_undiscussed(session, _listed(session, self._county, "NW", RiskRating.HIGH, RiskRating.MEDIUM)))
        asked = Asked(("significant_harm",), words.STRATEGY_ASKED)
        with self._county.acting(session, "coordinator") as coordinator:
            request(session, coordinator, moment, self._county.office, child, asked)
            link = select(col(ChildLink.child_id)).where(col(ChildLink.kind) == LinkKind.ALLEGED_HARM)
            alleged = session.get_one(Child, session.scalars(link).one())
            own = Asked(("alleged_perpetrator",), words.LINKED["alleged_harm"], About.ALLEGED_PERPETRATOR)
            request(session, coordinator, moment, self._county.office, alleged, own)

    def _depart(self, session: Session, moment: datetime) -> None:
        """Begin one transfer, have another acknowledged, and record a death, gently."""
        office = self._county.office
        found = _undiscussed(session, _listed(session, self._county, "SW", RiskRating.LOW))
        waiting, moved, died = next(found), next(found), next(found)
        transfer = Transfer(words.AUTHORITY, words.AUTHORITY_CONTACT, words.TRANSFERRED)
        with self._county.acting(session, "chair-cs") as chair:
            leaving.begin_transfer(session, chair, moment, office, waiting, transfer)
            begun = leaving.begin_transfer(session, chair, moment, office, moved, transfer)
            told = leaving.begin_death(session, chair, moment, office, died, words.DIED)
        with self._county.acting(session, "chair-fs") as other_chair:
            said = Acknowledgement(words.AUTHORITY_CONTACT, london_date(moment))
            leaving.acknowledge(session, other_chair, moment, office, begun, begun.version, said)
            leaving.agree(session, other_chair, moment, office, told, told.version)

    def _merge(self, session: Session, moment: datetime) -> None:
        """Make a second record of a child by another spelling, and let the coordinator find that they are one."""
        spelled, known = names.MERGED
        child = session.scalars(select(Child).where(col(Child.name) == known)).one()
        details = ChildDetails(name=spelled, born=child.born, area_id=child.area_id)
        with self._county.acting(session, "coordinator") as coordinator:
            second = create_child(session, coordinator, moment, details)
            pair = session.scalars(
                select(PossibleDuplicate).where(
                    col(PossibleDuplicate.child_id) == second.key, col(PossibleDuplicate.other_id) == child.key
                )
            ).one()
            office = self._county.office
            say_same_or_different(session, coordinator, moment, office, pair, Resolution.SAME, words.SAME)


def _undiscussed(session: Session, children: Iterator[Child]) -> Iterator[Child]:
    """Give those of the children about whom no strategy discussion is open."""
    return (child for child in children if not has_open(session, child.key))


def _listed(session: Session, county: County, area: str, *ratings: RiskRating) -> Iterator[Child]:
    """Give the children on the list of an area, rated so, who leave by no way yet and stand on no published agenda."""
    found = session.scalars(
        select(Child)
        .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
        .where(
            col(ListEntry.area_id) == county.areas[area], col(ListEntry.state) == EntryState.LISTED,
            col(ListEntry.current_rating).in_(ratings), col(ListEntry.leaving).is_(None),
        )
        .order_by(col(Child.id))
    ).all()  # fmt: skip
    for child in found:
        try:
            refuse_while_on_an_agenda(session, [child.key])
        except DomainError:
            continue
        yield child
