"""Plainly invented children and meetings for the tests of the agenda, and strategies that make many of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from meetings_app.meetings.agenda import Draft, draft
from meetings_app.meetings.facts import (
    Adjustments,
    CarriedKind,
    CarriedOver,
    ChangeFacts,
    ChildFacts,
    ClosureProposal,
    HandAdded,
    HandDeferred,
    MeetingFacts,
    OverdueAction,
    ReferralFacts,
    StrategyOutcome,
    TransitionStep,
)
from meetings_app.partnership import load
from meetings_app.ratings.levels import RiskRating
from meetings_app.resources import folder

PARTNERSHIP = load(folder("agendas"))
HELD_ON = date(2026, 11, 24)
FOLLOWING = date(2026, 12, 1)
CUT_OFF = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MEETING = MeetingFacts(
    reference="RMM-NE-2026-W48",
    held_on=HELD_ON,
    minutes=120,
    cut_off=CUT_OFF,
    today=date(2026, 11, 22),
    previous_on=date(2026, 11, 17),
)
IN_TIME = CUT_OFF - timedelta(hours=1)
TOO_LATE = CUT_OFF + timedelta(hours=1)


def listed(number: int = 1, **facts: object) -> ChildFacts:
    """A child on the list whose review is not due for a long time."""
    child = ChildFacts(
        id=number,
        reference=f"C-{number:05}",
        born=date(2011, 1, 5),
        listed=True,
        rating=RiskRating.MEDIUM,
        next_review_on=date(2027, 1, 12),
        home_meeting="RMM-NE-2027-W02",
    )
    return replace(child, **facts)  # type: ignore[arg-type]


def referred(number: int = 1, **facts: object) -> ChildFacts:
    """A child who is not on the list, with a referral accepted before the cut-off."""
    child = ChildFacts(
        id=number,
        reference=f"C-{number:05}",
        born=date(2011, 1, 5),
        listed=False,
        referrals=(ReferralFacts(datetime(2026, 11, 18, 10, 0, tzinfo=UTC), accepted=True),),
    )
    return replace(child, **facts)  # type: ignore[arg-type]


DAYS = st.dates(date(2026, 9, 1), date(2027, 3, 1))
MOMENTS = st.datetimes(datetime(2026, 9, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
REFERRALS = st.builds(
    ReferralFacts,
    received_at=MOMENTS,
    accepted=st.booleans(),
    urgent=st.booleans(),
    repeat=st.booleans(),
    returned_on=st.none() | DAYS,
    answer_due_on=st.none() | DAYS,
)
ADJUSTMENTS = st.builds(
    Adjustments,
    added=st.none() | st.builds(HandAdded, st.just("Asked for by the school"), MOMENTS),
    deferred=st.none() | st.builds(HandDeferred, st.just("The social worker is away"), MOMENTS),
    place=st.none() | st.integers(1, 6),
)


def _few(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.just(()) | st.tuples(strategy) | st.tuples(strategy, strategy)


CHILDREN = st.lists(
    st.builds(
        ChildFacts,
        id=st.integers(1, 10**6),
        reference=st.just(""),
        born=st.dates(date(2005, 1, 1), date(2020, 1, 1)),
        listed=st.booleans(),
        rating=st.none() | st.sampled_from(RiskRating),
        next_review_on=st.none() | DAYS,
        home_meeting=st.none() | st.just("RMM-NE-2027-W02"),
        provisional=st.booleans(),
        referrals=_few(REFERRALS),
        changes=_few(st.builds(ChangeFacts, DAYS, MOMENTS, st.just("Missing episode"))),
        carried_over=_few(
            st.builds(CarriedOver, st.just("RMM-NE-2026-W47"), st.sampled_from(CarriedKind), st.just(""))
        ),
        actions=_few(st.builds(OverdueAction, st.just("A-00001"), DAYS)),
        closure=st.none() | st.builds(ClosureProposal, st.just("Police"), MOMENTS),
        strategy=_few(st.builds(StrategyOutcome, DAYS, MOMENTS)),
        transition_steps=_few(st.builds(TransitionStep, st.just("housing application"), DAYS)),
        adult_services_decided=st.booleans(),
        support_package_agreed=st.booleans(),
        adjustments=ADJUSTMENTS,
    ),
    max_size=6,
    unique_by=lambda child: child.id,
).map(lambda children: [replace(child, reference=f"C-{child.id:06}") for child in children])
MEETINGS = st.builds(
    lambda earlier, today: replace(MEETING, earlier=earlier, today=today),
    st.none() | st.just("RMM-NE-2026-W47"),
    st.dates(date(2026, 11, 18), HELD_ON),
)


def drafted(*children: ChildFacts, meeting: MeetingFacts = MEETING) -> Draft:
    return draft(children, meeting, FOLLOWING, PARTNERSHIP)


def places(agenda: Draft) -> list[tuple[str, str]]:
    return [(item.number, item.child) for item in agenda.items]
