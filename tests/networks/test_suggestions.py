"""Suggested links, for invented worlds and each viewer: none tells of what is hidden, none that is seen is missing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, ConflictOfInterest
from meetings_app.children.models import Child, ChildLink, LinkKind
from meetings_app.meetings.network_models import SubjectConflict
from meetings_app.network_meetings.page import view_of
from meetings_app.networks import queries, seen
from meetings_app.networks.models import Subject, SubjectChild
from meetings_app.networks.states import ChildTie, SubjectKind
from tests.support.children import add_child, area_id, put_on_list
from tests.support.network_meetings import NetworkDay, network_day
from tests.support.networks import GROUNDS, open_subject
from tests.support.rmm import OFFICE
from tests.support.world import NOW

AREAS = st.sampled_from(["NE", "NW"])
VIEWERS = ("chair-police", "police", "coordinator", "coordinator-nw", "chair-cs", "health")
CODE = re.compile(r"\b[A-Z]{1,2}-[0-9A-Z]{5}\b")


@dataclass(frozen=True)
class World:
    """Children by area, subjects by kind and area, which child is linked with which, and what a viewer is kept from."""

    children: list[str]
    subjects: list[tuple[SubjectKind, str]]
    links: list[tuple[int, int, bool]]
    pairs: list[tuple[int, int]]
    viewer: str
    conflict: int | None
    subject_conflict: int | None


@pytest.fixture
def day(session: Session) -> NetworkDay:
    return network_day(session)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    children = draw(st.lists(AREAS, min_size=2, max_size=4))
    subjects = draw(st.lists(st.tuples(st.sampled_from(SubjectKind), AREAS), min_size=1, max_size=3))
    child, subject = st.integers(0, len(children) - 1), st.integers(0, len(subjects) - 1)
    running = st.sampled_from([True, True, True, False])
    return World(
        children, subjects,
        draw(st.lists(st.tuples(subject, child, running), max_size=9, unique_by=lambda each: each[:2])),
        draw(st.lists(st.tuples(child, child).filter(lambda pair: pair[0] < pair[1]), max_size=2, unique=True)),
        draw(st.sampled_from(VIEWERS)), draw(st.none() | child), draw(st.none() | subject),
    )  # fmt: skip


def made(day: NetworkDay, world: World) -> tuple[list[Child], list[Subject]]:
    """Put a world on record."""
    session = day.session
    day.operator()
    children = [add_child(session, f"Testy Mc{place}", area) for place, area in enumerate(world.children)]
    for child in children:
        put_on_list(session, child)
    subjects = [
        open_subject(session, kind, f"Invented {place}", (area,)) for place, (kind, area) in enumerate(world.subjects)
    ]
    for subject, child_at, running in world.links:
        session.add(
            SubjectChild(
                subject_id=subjects[subject].key, child_id=children[child_at].key, tie=ChildTie.TAKEN_TO,
                recorded_at=NOW, ended_at=None if running else NOW, **vars(GROUNDS),
            )
        )  # fmt: skip
    for first, second in world.pairs:
        session.add(
            ChildLink(
                child_id=children[first].key, other_id=children[second].key, kind=LinkKind.PEER, source="Invented",
                recorded_at=NOW,
            )
        )  # fmt: skip
    account = session.scalars(select(Account).where(col(Account.email).startswith(f"{world.viewer}@"))).one()
    if world.conflict is not None:
        session.add(
            ConflictOfInterest(
                account_id=account.key, child_id=children[world.conflict].key, area_id=area_id(session, "NE"),
                meeting_id=day.first.key, reason="A neighbour.", declared_at=NOW,
            )
        )  # fmt: skip
    if world.subject_conflict is not None:
        session.add(
            SubjectConflict(
                subject_id=subjects[world.subject_conflict].key, account_id=account.key, meeting_id=day.first.key,
                reason="A cousin.", declared_at=NOW,
            )
        )  # fmt: skip
    session.flush()
    day.act(account)
    return children, subjects


def check(day: NetworkDay, world: World) -> None:
    """Compare what is suggested to the viewer with what the viewer may see."""
    session = day.session
    children, subjects = made(day, world)
    shown = {each.reference for place, each in enumerate(children) if not _hidden(session, world, place, each)}
    visible = {each.reference for each in subjects if queries.find_subject(session, each.reference)}
    for place, subject in enumerate(subjects):
        if subject.reference not in visible:
            continue
        suggested = {frozenset(pair) for pair in seen.of_subject(session, subject, NOW.date()).suggested}
        assert {code for pair in suggested for code in pair} <= shown
        assert suggested == expected(session, world, place, children) & {frozenset(pair) for pair in _pairs(shown)}
    rows = [row for part in view_of(session, OFFICE, day.first, NOW).parts for row in part.rows]
    told = {code for row in rows for reason in row.reasons for code in CODE.findall(reason)}
    assert told <= shown | visible
    assert not any(row.reference for row in rows if row.stub)


def expected(session: Session, world: World, place: int, children: list[Child]) -> set[frozenset[str]]:
    """Give the pairs that share a subject now, and are not linked with each other as far as the viewer may see.

    A network is no bond: its children are linked with it for what else links them.
    """
    if world.subjects[place][0] is SubjectKind.NETWORK:
        return set()
    here = {
        children[child].key: children[child].reference
        for subject, child, now in world.links
        if subject == place and now
    }
    known = {frozenset((row.child_id, row.other_id)) for row in session.scalars(select(ChildLink))}
    return {frozenset((here[one], here[other])) for one, other in combinations(here, 2) if {one, other} not in known}


def _pairs(codes: set[str]) -> Iterator[tuple[str, str]]:
    return combinations(sorted(codes), 2)


def _hidden(session: Session, world: World, place: int, child: Child) -> bool:
    """The network chair opens no child’s record, and is told of every child but one whom they are kept from."""
    if world.viewer == "chair-police":
        return world.conflict == place
    return session.scalar(select(col(Child.id)).where(col(Child.id) == child.key)) is None


SHARED = World(
    ["NE", "NE", "NW"],
    [(SubjectKind.PLACE, "NE")],
    [(0, 0, True), (0, 1, True), (0, 2, True)],
    [],
    "coordinator",
    None,
    None,
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@given(world=worlds())
@example(world=SHARED)
@example(world=replace(SHARED, viewer="chair-police", conflict=1))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_no_suggestion_tells_of_what_is_hidden_and_none_that_may_be_seen_is_missing(
    day: NetworkDay, world: World
) -> None:
    whole = day.session.begin_nested()
    check(day, world)
    whole.rollback()
    day.session.expire_all()


def test_a_world_of_two_areas_on_both_databases(day: NetworkDay) -> None:
    check(day, SHARED)
