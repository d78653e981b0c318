"""Figures 3 and 4: how the list and the agenda grow with what the database holds, and two simpler ways to draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from benchmarks.harness import Result, compare, count, figure
from benchmarks.world import DUE_IN_AN_AREA, TODAY, World, world
from meetings_app.actions.models import Action, ActionState
from meetings_app.children.models import Child
from meetings_app.cse_list import queries, views
from meetings_app.cse_list.filters import ListFilter
from meetings_app.cse_list.models import ClosureProposal, ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings.agenda import draft
from meetings_app.meetings.drafting import draft_of, situation_of
from meetings_app.meetings.facts import ChildFacts
from meetings_app.meetings.models import AgendaAdjustment, AgendaItem
from meetings_app.referrals.models import ChangeInCircumstances, Referral
from meetings_app.schedule.models import Meeting

FEW, MANY = 1_000, 60_000
Read = Callable[[Session], object]


@figure(3)
def growth() -> Iterator[Result]:
    """The same reads with 1,000 and with 60,000 on the list, as many of them due: steps of SQLite, and time."""
    few, many = world(FEW), world(MANY)
    for name, read, limit in (
        ("list page", _list_page, 1.02),
        ("agenda of one area", _agenda, 1.05),
    ):
        steps = [_steps(place, read(place)) for place in (many, few)]
        yield count(f"{name}, SQL steps: 60,000 entries / 1,000", steps[0] / steps[1], limit=limit)
        yield compare(
            f"{name}, time: 60,000 entries / 1,000", _again(many, read(many)), _again(few, read(few)), limit=1.3
        )


def _list_page(_place: World) -> Read:
    def read(session: Session) -> object:
        references = views.references_of(session)
        shown = queries.read_page(session, ListFilter(area="NE"), TODAY, references)
        return views.printed(session, shown.rows, TODAY, references)

    return read


def _agenda(place: World) -> Read:
    def read(session: Session) -> object:
        meeting = place.first_meetings(session)[0]
        agenda = draft_of(session, meeting, place.service.partnership, place.settings.clock.now())
        assert len(agenda.items) == DUE_IN_AN_AREA
        return agenda

    return read


def _again(place: World, read: Read) -> Callable[[], object]:
    def work() -> object:
        with place.session() as session:
            return read(session)

    return work


def _steps(place: World, read: Read) -> int:
    """Count the instructions of SQLite's own machine that a read takes."""
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    with place.session() as session:
        connection: Any = session.connection().connection.driver_connection
        connection.set_progress_handler(step, 1)
        try:
            read(session)
        finally:
            connection.set_progress_handler(None, 1)
    return taken


DRAFTED = 20_000
"""Children on the list while four agendas are drafted: 5,000 in each area, 40 of them due."""


@figure(4)
def drafting() -> Iterator[Result]:
    """Four agendas, ours, against asking for every child of the list in turn, and against whole entities."""
    place = world(DRAFTED)
    ours = _again(place, lambda session: [_drafted(place, session, m) for m in place.first_meetings(session)])
    in_turn = _again(place, lambda session: [_in_turn(place, session, m) for m in place.first_meetings(session)])
    whole = _again(place, lambda session: [_whole(place, session, m) for m in place.first_meetings(session)])
    yield compare("four agendas: one query a child / ours", in_turn, ours, limit=100, at_least=True, rounds=3)
    yield compare("four agendas: eager entities / ours", whole, ours, limit=20, at_least=True, rounds=3)


def _drafted(place: World, session: Session, meeting: Meeting) -> object:
    return draft_of(session, meeting, place.service.partnership, place.settings.clock.now())


_BESIDE: tuple[Any, ...] = (Referral, ChangeInCircumstances, Action, ClosureProposal, AgendaItem, AgendaAdjustment)


def _in_turn(place: World, session: Session, meeting: Meeting) -> object:
    """Draft as a first version would: the list of the area, then one query for each child and what stands beside it."""
    entries = session.scalars(select(ListEntry).where(col(ListEntry.area_id) == meeting.area_id, is_live())).all()
    facts = []
    for entry in entries:
        beside = select(Child)
        for model in _BESIDE:
            beside = beside.outerjoin(model, model.child_id == col(Child.id)).add_columns(model.id)
        rows = session.execute(beside.where(col(Child.id) == entry.child_id)).all()
        facts.append(_facts(rows[0][0], entry))
    return _by_the_rules(place, session, meeting, facts)


def _whole(place: World, session: Session, meeting: Meeting) -> object:
    """Draft from whole rows of everybody on the list, each kind of fact loaded at once."""
    pairs = session.execute(
        select(Child, ListEntry)
        .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
        .where(col(ListEntry.area_id) == meeting.area_id, is_live())
    ).all()
    for model in _BESIDE:
        mine = select(col(ListEntry.child_id)).where(col(ListEntry.area_id) == meeting.area_id, is_live())
        open_only = [col(Action.state) == ActionState.OPEN] if model is Action else []
        session.scalars(select(model).where(model.child_id.in_(mine), *open_only)).all()
    return _by_the_rules(place, session, meeting, [_facts(child, entry) for child, entry in pairs])


def _facts(child: Child, entry: ListEntry) -> ChildFacts:
    return ChildFacts(
        id=child.key, reference=child.reference, born=child.born, listed=True, rating=entry.current_rating,
        next_review_on=entry.next_review_on,
    )  # fmt: skip


def _by_the_rules(place: World, session: Session, meeting: Meeting, facts: list[ChildFacts]) -> object:
    situation = situation_of(session, meeting, place.service.partnership, place.settings.clock.now())
    return draft(facts, situation.meeting, situation.following_on, place.service.partnership)
