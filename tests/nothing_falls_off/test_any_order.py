"""Nothing falls off, whatever happens in whatever order: 300 steps here, 10,000 by `make faults`."""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app import access
from meetings_app.audit.trail import use_key
from meetings_app.child_record import leaving, merging
from meetings_app.child_record.leaving_rules import Acknowledgement, Transfer
from meetings_app.child_record.service import edit_details
from meetings_app.children.models import PossibleDuplicate, Resolution
from meetings_app.children.service import ChildDetails, create_child
from meetings_app.cse_list.models import Closure, ClosureState, Departure, DepartureKind, DepartureState
from meetings_app.cse_list.service import propose_closure
from meetings_app.db.session import make_sessions
from meetings_app.meetings import arranging
from meetings_app.meetings.closures import sign
from meetings_app.permissions import OPERATOR
from meetings_app.referrals.models import ChangeKind, Referral, ReferralState
from meetings_app.referrals.service import Decision, ReferralDetails, decide, make_referral, report_change
from tests.nothing_falls_off import holding
from tests.nothing_falls_off.county import AREAS, OFFICE, County, pick
from tests.support.assessments import finished
from tests.support.children import agency_id, area_id

STEPS = int(os.environ.get("MEETINGS_FALLS_STEPS", "300"))
A_WALK = 25 if STEPS < 1000 else 75
"""How many steps one county lives through; a short run has short lives, so that more of them differ."""

MEETINGS_TO_A_CLOSURE = 6
"""The next meetings of both areas among which a child proposed for closure is heard, as a rule."""

WHICH = st.integers(0, 30)
OUTCOMES = st.sampled_from(["high", "medium", "low", "none", "closed", "closed", "deferred", "not_reached", "noted"])
BORN = st.sampled_from(
    [date(2008, 2, 29), date(2008, 12, 15), date(2009, 12, 1), date(2011, 1, 5), date(2014, 6, 30), date(2016, 2, 29)]
)
_numbers = count(1)
_CONNECTIONS: list[sa.Connection] = []


class AnyOrder(RuleBasedStateMachine):
    """Refers, decides, moves, merges and takes off in any order; after each step every promise is asked."""

    maker: sessionmaker[Session]
    ways_off: Counter[str]
    """How often a child left the list by each way in all the walks."""

    def __init__(self) -> None:
        super().__init__()
        self.connection = _CONNECTIONS[-1]
        self.outer = self.connection.begin()
        self.county = County(self.maker())
        self.county.prepare()

    def teardown(self) -> None:
        self.ways_off.update(way for ways in self.county.ways_off.values() for way in ways)
        self.county.session.close()
        self.outer.rollback()

    @rule(born=BORN, area=st.sampled_from(AREAS), which=WHICH, again=st.booleans())
    def refer(self, born: date, area: str, which: int, again: bool) -> None:
        county = self.county
        with county.step():
            child = pick(county.children(), which) if again else None
            child = child or create_child(
                county.session, OPERATOR, county.now,
                ChildDetails(f"Testy McAnyorder {next(_numbers):05}", born, area_id(county.session, area)),
            )  # fmt: skip
            said = ReferralDetails(agency_id(county.session, "police"), "Testy McReferrer", "An invented reason.")
            make_referral(county.session, OPERATOR, county.now, OFFICE, child, said)

    @rule(which=WHICH, outcome=st.sampled_from(ReferralState))
    def triage(self, which: int, outcome: ReferralState) -> None:
        county = self.county
        waiting = select(Referral).where(col(Referral.state).in_((ReferralState.RECEIVED, ReferralState.RETURNED)))
        with county.step():
            referral = pick(county.session.scalars(waiting.order_by(col(Referral.id))).all(), which)
            if referral is not None:
                said = Decision(outcome, "An invented reason.", "Invented Borough", "Testy McContact")
                decide(county.session, county.act("chair_cs"), county.now, OFFICE, referral, referral.version, said)

    @rule()
    def publish(self) -> None:
        with self.county.step():
            holding.publish_next(self.county)

    @rule(quorate=st.sampled_from([True, True, True, False]))
    def open(self, quorate: bool) -> None:
        with self.county.step():
            holding.open_next(self.county, quorate=quorate)

    @rule(which=WHICH, what=OUTCOMES)
    @precondition(lambda self: self.county.is_meeting)
    def decide(self, which: int, what: str) -> None:
        with self.county.step():
            holding.decide_one(self.county, which, what)

    @rule()
    @precondition(lambda self: self.county.is_meeting)
    def close(self) -> None:
        with self.county.step():
            holding.close_next(self.county)

    @rule(outcomes=st.lists(OUTCOMES, min_size=4, max_size=10), quorate=st.sampled_from([True, True, True, False]))
    def hold(self, outcomes: list[str], quorate: bool) -> None:
        self.open(quorate)
        for which, what in enumerate(outcomes):
            if what == "closed":
                self.propose_and_assess(which)
            self.decide(which, what)
        self.close()

    @rule(which=WHICH, days=st.integers(0, 21), cancel=st.booleans())
    def rearrange(self, which: int, days: int, cancel: bool) -> None:
        county = self.county
        with county.step():
            meeting, by = pick(county.meetings()[:6], which), county.act("coordinator")
            if cancel:
                arranging.cancel_meeting(county.session, by, county.now, OFFICE, meeting, meeting.version, "Invented.")
            else:
                day = meeting.held_on + timedelta(days=days - 7)
                arranging.move_meeting(
                    county.session, by, county.now, OFFICE, meeting, meeting.version, held_on=day
                )  # fmt: skip

    @rule(which=WHICH, area=st.sampled_from(AREAS), born=BORN, moves=st.booleans())
    def correct_details(self, which: int, area: str, born: date, moves: bool) -> None:
        county = self.county
        with county.step():
            child = pick(county.children(), which)
            if child is not None:
                values = {name: getattr(child, name) for name in ChildDetails.__dataclass_fields__}
                changed = {"area_id": area_id(county.session, area)} if moves else {"born": born}
                edit_details(
                    county.session, county.act("coordinator"), county.now, child, child.version,
                    ChildDetails(**{**values, **changed}),
                )  # fmt: skip
                if child.key not in county.listed and not moves:
                    county.born_corrected.add(child.reference)

    @rule(which=WHICH, kind=st.sampled_from(ChangeKind))
    def report(self, which: int, kind: ChangeKind) -> None:
        county = self.county
        with county.step():
            child = pick(county.children(), which)
            if child is not None:
                report_change(county.session, county.act("chair_cs"), county.now, child, kind, county.today, "Invented")

    @rule(which=WHICH)
    def propose_and_assess(self, which: int) -> None:
        county = self.county
        with county.step():
            entry = pick(county.entries(), which)
            if entry is not None:
                child = next(child for child in county.children() if child.key == entry.child_id)
                finished(county.session, OPERATOR, child, now=county.now)
                propose_closure(county.session, county.act("chair_cs"), county.now, entry, "An invented reason.")

    @rule(which=WHICH, signs=st.sampled_from(["both", "both", "one", "nobody"]))
    @precondition(lambda self: not self.county.is_meeting)
    def close_a_child(self, which: int, signs: str) -> None:
        """Everything a closure asks, meeting by meeting, so that many walks go on after a child has left."""
        child_id = getattr(pick(self.county.entries(), which), "child_id", None)
        self.propose_and_assess(which)
        for _ in range(MEETINGS_TO_A_CLOSURE):
            self.open(quorate=True)
            heard = holding.decide_all(self.county, child_id)
            self.close()
            if heard:
                break
        if signs != "nobody":
            self.sign(0, "chair_cs")
        if signs == "both":
            self.sign(0, "chair_fs")

    @rule(which=WHICH)
    def sign_both(self, which: int) -> None:
        for who in ("chair_cs", "chair_fs"):
            self.sign(which, who)

    @rule(which=WHICH, who=st.sampled_from(["chair_cs", "chair_fs"]))
    def sign(self, which: int, who: str) -> None:
        county = self.county
        waiting = select(Closure).where(col(Closure.state) == ClosureState.CLOSING).order_by(col(Closure.id))
        with county.step():
            closure = pick(county.session.scalars(waiting).all(), which)
            if closure is not None and sign(county.session, county.act(who), county.now, OFFICE, closure):
                county.off(closure.child_id, "closure")

    @rule(which=WHICH, other=WHICH, kind=st.sampled_from(DepartureKind))
    def begin_to_leave(self, which: int, other: int, kind: DepartureKind) -> None:
        county = self.county
        with county.step():
            ranks = {entry.child_id: entry.rating_rank for entry in county.entries()}
            children = [child for child in county.children() if child.key in ranks]
            child = pick(children, which)
            others = [each for each in children if each is not child]
            # The record that is kept is rated no lower; where there is no such one, the refusal is walked into.
            higher = [each for each in others if child is not None and ranks[each.key] <= ranks[child.key]]
            kept = pick(higher or others, other)
            if child is None or (kept is None and kind is DepartureKind.DUPLICATE):
                return
            by, at = county.act("chair_cs"), (county.now, OFFICE)
            if kind is DepartureKind.TRANSFER:
                leaving.begin_transfer(county.session, by, *at, child, Transfer("Invented", "Testy", "Invented."))
            elif kind is DepartureKind.DEATH:
                leaving.begin_death(county.session, by, *at, child, "Invented.")
            else:
                leaving.begin_duplicate(county.session, by, *at, child, kept, "Invented.")

    @rule(which=WHICH, other=WHICH, kind=st.sampled_from([*DepartureKind, DepartureKind.DUPLICATE]))
    def leave(self, which: int, other: int, kind: DepartureKind) -> None:
        self.begin_to_leave(which, other, kind)
        # The one that began last: the oldest may be one that cannot be completed yet.
        self.complete_leaving(-1, back=False)

    @rule(which=WHICH, back=st.sampled_from([True, False, False]))
    def complete_leaving(self, which: int, back: bool) -> None:
        county = self.county
        waiting = select(Departure).where(col(Departure.state) == DepartureState.WAITING).order_by(col(Departure.id))
        with county.step():
            row = pick(county.session.scalars(waiting).all(), which)
            if row is None:
                return
            by = county.act("chair_fs")
            if back:
                leaving.withdraw(county.session, by, county.now, OFFICE, row, row.version, "Invented.")
                return
            if row.kind is DepartureKind.TRANSFER:
                said = Acknowledgement("Testy McReceiver", county.today)
                leaving.acknowledge(county.session, by, county.now, OFFICE, row, row.version, said)
            else:
                leaving.agree(county.session, by, county.now, OFFICE, row, row.version)
            county.off(row.child_id, row.kind.value)

    @rule(which=WHICH)
    def undo_duplicate(self, which: int) -> None:
        county = self.county
        left = select(Departure).where(
            col(Departure.state) == DepartureState.LEFT, col(Departure.kind) == DepartureKind.DUPLICATE
        )
        with county.step():
            row = pick(county.session.scalars(left.order_by(col(Departure.id))).all(), which)
            if row is not None:
                leaving.undo_duplicate(
                    county.session, county.act("chair_cs"), county.now, OFFICE, row, row.version, "Invented."
                )  # fmt: skip
                county.on(row.child_id)

    @rule(which=WHICH, other=WHICH, undo=st.booleans())
    def merge_or_undo(self, which: int, other: int, undo: bool) -> None:
        county = self.county
        with county.step():
            child, second = pick(county.children(), which), pick(county.children(), other)
            if child is None or child is second:
                return
            by = county.act("coordinator")
            if undo and child.merged_into_id is not None and not self._left_as_duplicate(child.key):
                merging.undo_merge(county.session, by, county.now, child, child.version, "Invented.")
            elif not undo:
                pair = PossibleDuplicate(
                    child_id=child.key, other_id=second.key, why="Invented.", found_at=county.now
                )  # fmt: skip
                known = select(PossibleDuplicate).where(
                    col(PossibleDuplicate.child_id) == child.key, col(PossibleDuplicate.other_id) == second.key
                )
                if county.session.scalars(known).first() is None:
                    county.session.add(pair)
                    county.session.flush()
                    merging.say_same_or_different(
                        county.session, by, county.now, OFFICE, pair, Resolution.SAME, "Invented."
                    )

    def _left_as_duplicate(self, child_id: int) -> bool:
        left = select(Departure).where(
            col(Departure.child_id) == child_id, col(Departure.state) == DepartureState.LEFT
        )  # fmt: skip
        return self.county.session.scalars(left).first() is not None

    @rule(days=st.integers(1, 6))
    @precondition(lambda self: not self.county.is_meeting)
    def days_pass(self, days: int) -> None:
        with self.county.step():
            self.county.go_to(self.county.today + timedelta(days=days))

    @invariant()
    def nothing_falls_off(self) -> None:
        self.county.check()


@pytest.fixture
def walking(database: str, engines: dict[str, sa.Engine]) -> Iterator[type[AnyOrder]]:
    """The machine on a connection of its own; each county is taken back when its walk ends."""
    use_key("a" * 40)
    with engines[database].connect() as connection:
        _CONNECTIONS.append(connection)
        maker = make_sessions(engines[database], access.criteria)
        maker.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield type("Walking", (AnyOrder,), {"maker": maker, "ways_off": Counter()})
        _CONNECTIONS.pop()


def test_whatever_happens_in_any_order_every_child_is_on_the_list_or_left_it_by_one_recorded_way(
    walking: type[AnyOrder],
) -> None:
    run_state_machine_as_test(
        walking,
        settings=settings(
            max_examples=max(1, STEPS // A_WALK), stateful_step_count=A_WALK, derandomize=True, deadline=None,
            database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        ),
    )  # fmt: skip
    ways = {"closure", *DepartureKind} & walking.ways_off.keys()
    # A short run has few steps: it shows that children leave, and the long one that they leave by every way.
    assert len(ways) >= (1 + len(DepartureKind) if STEPS >= 1000 else 1), (
        f"The walks were too tame, children left by few ways: {walking.ways_off}"
    )
