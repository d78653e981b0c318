"""The list adds up: on by a rating, off by exactly one recorded way, and every open action in somebody's hands."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, RoleGrant
from meetings_app.accounts.reference import rules_of_versions
from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.queries import sees_child
from meetings_app.children.ages import TransitionStep, age_on
from meetings_app.children.models import Child, TransitionRecord
from meetings_app.cse_list.checks import Breach
from meetings_app.cse_list.models import Closure, ClosureState, Departure, DepartureState, EntryState, ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.partnership.definitions import Partnership, Ratings
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.schedule.models import Meeting
from meetings_app.text import day_in_words


def adding_up(session: Session, partnership: Partnership) -> Iterator[Breach]:
    """Give every breach of what is on the list against what was decided. `session` sees everything.

    What was decided is held against the version of the rules that it names; `partnership` rules where it names none.
    """
    rules = rules_of_versions(session)
    yield from _ways_off(session)
    yield from _about_to_leave(session)
    yield from _rated_and_nowhere(session)
    yield from _reviews_too_late(session, partnership, rules)
    yield from _adults_without_package(session, partnership, rules)
    yield from _owners(session)


def _ways_off(session: Session) -> Iterator[Breach]:
    """Whoever is off the list left it by one closure or one departure, with its record, and not by two."""
    closed = select(sa.func.count(col(Closure.id))).where(
        col(Closure.entry_id) == col(ListEntry.id), col(Closure.state) == ClosureState.CLOSED
    )
    left = select(sa.func.count(col(Departure.id))).where(
        col(Departure.entry_id) == col(ListEntry.id), col(Departure.state) == DepartureState.LEFT
    )
    ways = closed.correlate(ListEntry).scalar_subquery() + left.correlate(ListEntry).scalar_subquery()
    rows: Any = session.execute(
        select(col(Child.reference), col(ListEntry.state), ways.label("ways"))
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .where(ways != sa.case((col(ListEntry.state) == EntryState.CLOSED, 1), else_=0))
        .order_by(col(ListEntry.id))
    )
    for row in rows:
        if row.state is not EntryState.CLOSED:
            yield Breach("left_and_listed", row.reference, "is on the list although the stay has ended on record.")
        elif row.ways:
            yield Breach("left_twice", row.reference, "left the list in more than one way.")
        else:
            yield Breach("no_way_off", row.reference, "is off the list, and no record says how.")


def _about_to_leave(session: Session) -> Iterator[Breach]:
    """What the entry says of a departure that waits is what the departure says."""
    waits = sa.and_(col(Departure.entry_id) == col(ListEntry.id), col(Departure.state) == DepartureState.WAITING)
    rows: Any = session.execute(
        select(col(Child.reference))
        .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
        .outerjoin(Departure, waits)
        .where(col(ListEntry.leaving).is_distinct_from(col(Departure.kind)))
        .order_by(col(ListEntry.id))
    )
    for row in rows:
        yield Breach("kept_facts", row.reference, "the list entry differs from the record in: how the child leaves.")


def _rated_and_nowhere(session: Session) -> Iterator[Breach]:
    """A child whose last rating keeps on the list is on it, or has left it since.

    A meeting may be held before its planned day, which its ratings bear: then the moments count, not the days.
    """
    last = select(sa.func.max(col(Rating.id))).where(col(Rating.child_id) == col(Child.id))
    newest = last.correlate(Child).scalar_subquery()
    stays = sa.exists().where(
        col(ListEntry.child_id) == col(Child.id), sa.or_(is_live(), col(ListEntry.closed_on) >= col(Rating.decided_on))
    )
    departed = sa.exists().where(
        col(Departure.child_id) == col(Child.id),
        col(Departure.state) == DepartureState.LEFT,
        col(Departure.agreed_at) >= col(Rating.recorded_at),
    )
    handed_over = sa.exists().where(
        col(Closure.child_id) == col(Child.id), col(Closure.state) == ClosureState.CLOSED,
        col(Closure.second_signed_at) >= col(Rating.recorded_at),
    )  # fmt: skip
    rows: Any = session.execute(
        select(col(Child.reference), col(Rating.rating))
        .join(Rating, col(Rating.id) == newest)
        .where(col(Rating.rating) != RiskRating.NONE, ~stays, ~departed, ~handed_over)
        .order_by(col(Child.id))
    )
    for row in rows:
        yield Breach("rated_not_listed", row.reference, f"is rated {row.rating.value} and is not on the list.")


def _reviews_too_late(session: Session, partnership: Partnership, rules: Mapping[int, Ratings]) -> Iterator[Breach]:
    """The next review is no later than the hard maximum of the rating; what an import brought waits for its first."""
    last = select(sa.func.max(col(Rating.id))).where(col(Rating.child_id) == col(Child.id))
    rows: Any = session.execute(
        select(
            col(Child.reference), col(Rating.rating), col(Rating.decided_on), col(Rating.rules_version),
            col(ListEntry.next_review_on),
        )
        .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
        .join(Rating, col(Rating.id) == last.correlate(Child).scalar_subquery())
        .where(is_live(), col(Rating.before_service).is_(False))
        .order_by(col(ListEntry.id))
        .execution_options(yield_per=1000)
    )  # fmt: skip
    for row in rows:
        ruled = rules.get(row.rules_version, partnership.ratings)
        days = getattr(ruled.ratings, row.rating.value).maximum_days
        if days is not None and row.next_review_on > row.decided_on + timedelta(days=days):
            latest = day_in_words(row.decided_on + timedelta(days=days))
            yield Breach(
                "review_past_maximum", row.reference,
                f"is rated {row.rating.value}, and the next review is later than {latest}.",
            )  # fmt: skip


def _adults_without_package(
    session: Session, partnership: Partnership, rules: Mapping[int, Ratings]
) -> Iterator[Breach]:
    """Whoever was 18 left by a closure with the support package, or with “no ongoing need” said expressly (SUR).

    It was asked on the day of the meeting that closed, by the age that ruled then; who grew up afterwards, while the
    second chair's signature was waited for, was not asked.
    """
    package = sa.exists().where(
        col(TransitionRecord.child_id) == col(Child.id), col(TransitionRecord.kind) == TransitionStep.PACKAGE
    )
    rows: Any = session.execute(
        select(col(Child.reference), col(Child.born), col(Meeting.held_on), col(Closure.rules_version))
        .join(Closure, col(Closure.child_id) == col(Child.id))
        .join(Meeting, col(Meeting.id) == col(Closure.meeting_id))
        .where(
            col(Closure.state) == ClosureState.CLOSED, col(Closure.package_service) == "",
            col(Closure.no_package_needed).is_(False), ~package,
        )
        .order_by(col(Closure.id))
    )  # fmt: skip
    for row in rows:
        adult = rules.get(row.rules_version, partnership.ratings).ages.adult
        if age_on(row.born, row.held_on) >= adult:
            yield Breach(
                "adult_without_package", row.reference, f"left the list at {adult} or over without a support package."
            )


def _owners(session: Session) -> Iterator[Breach]:
    """An open action belongs to somebody of its agency, who may see the child. One statement for all."""
    sees = sa.exists().where(col(RoleGrant.account_id) == col(Account.id), sees_child()).correlate(Account, Child)
    other_agency = col(Account.agency_id) != col(Action.agency_id)
    rows: Any = session.execute(
        select(col(Action.reference), other_agency.label("other_agency"))
        .join(Account, col(Account.id) == col(Action.owner_id))
        .outerjoin(Child, col(Child.id) == col(Action.child_id))
        .where(
            col(Action.state) == ActionState.OPEN,
            other_agency | (col(Child.id).is_not(None) & (col(Account.state) != AccountState.DISABLED) & ~sees),
        )
        .order_by(col(Action.id))
    )
    for row in rows:
        if row.other_agency:
            yield Breach("owner_of_another_agency", row.reference, "belongs to somebody of another agency.")
        else:
            yield Breach("owner_may_not_see", row.reference, "belongs to nobody who may see the child.")
