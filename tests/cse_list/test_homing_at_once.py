"""A meeting is cancelled at the moment in which a review is tied to it: the review never stays with it.

The transactions are real: each has its own thread, its own connection and its own commit. Both databases.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.children.models import Child
from meetings_app.cse_list.homing import HOMES
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.service import change_entry, live_entry, open_entry
from meetings_app.db.session import act_for, reading, writing
from meetings_app.meetings.arranging import cancel_meeting
from meetings_app.meetings.closing import close_meeting
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.children import add_child, add_meeting, agency_id, put_on_list, rate
from tests.support.own_database import own_database
from tests.support.rmm import OFFICE, due, rated, rmm
from tests.support.world import NOW

FAR_AWAY = date(2027, 3, 20)
WAITS = 1.0
"""For how many seconds the second transaction is watched waiting for the first."""


class County:
    """An RMM being held, and for each way of tying a review a child and a later meeting of its own."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self.sessions = sessions
        with sessions() as session:
            act_for(session, OPERATOR)
            day = rmm(session)
            decided = due(session, RiskRating.LOW)
            listed = [put_on_list(session, review_on=FAR_AWAY) for _ in range(2)]
            new = [rate(session, add_child(session)) for _ in range(2)]
            last = day.later[-1].held_on
            later = [*day.later, *(add_meeting(session, last + timedelta(weeks=week)) for week in range(1, 6))]
            self.dates = [meeting.held_on + timedelta(days=1) for meeting in later]
            day.open()
            day.decide(decided, rated(session, RiskRating.LOW, next_review_on=self.dates[0], next_review_reason="Soon"))
            day.operator()
            session.commit()
            self.meetings = [meeting.key for meeting in later]
            self.held, self.decided = day.meeting.key, decided.key
            self.listed, self.new = [entry.child_id for entry in listed], [rating.key for rating in new]

    def close(self, session: Session) -> int:
        """Close the RMM, which gives a child a date of review."""
        meeting = session.get_one(Meeting, self.held)
        close_meeting(session, OPERATOR, NOW, OFFICE, meeting, meeting.version)
        return self.decided

    def change(self, session: Session, which: int, week: int) -> int:
        """Give a child on the list another date of review."""
        entry = live_entry(session, self.listed[which])
        assert entry is not None
        change_entry(session, OPERATOR, NOW, entry, next_review_on=self.dates[week])
        return entry.child_id

    def open(self, session: Session, which: int, week: int) -> int:
        """Put a child on the list."""
        rating = session.get_one(Rating, self.new[which])
        child = session.get_one(Child, rating.child_id)
        open_entry(
            session, OPERATOR, NOW, child, rating, self.dates[week], agency_id(session, "police"),
            listed_on=NOW.date(),
        )  # fmt: skip
        return child.key

    def cancel(self, session: Session, week: int) -> int:
        """Cancel the meeting to which a review of that week belongs."""
        meeting = session.get_one(Meeting, self.meetings[week])
        cancel_meeting(session, OPERATOR, NOW, OFFICE, meeting, meeting.version, "Snow, as invented.")
        return meeting.key

    def both(self, first: Callable[[Session], int], second: Callable[[Session], int]) -> tuple[int, int]:
        """Let the second begin while the first is not committed, and both end."""

        def go() -> int:
            with writing(self.sessions, OPERATOR) as session:
                return second(session)

        with ThreadPoolExecutor(1) as pool:
            with writing(self.sessions, OPERATOR) as session:
                one = first(session)
                session.flush()
                beside = pool.submit(go)
                wait([beside], timeout=WAITS)
            return one, beside.result(timeout=30)

    def home_of(self, child_id: int) -> tuple[int, MeetingState]:
        """Give the meeting to which the child's review is tied, and its state."""
        with reading(self.sessions, OPERATOR) as session:
            entry = live_entry(session, child_id)
            assert isinstance(entry, ListEntry)
            meeting = session.get_one(Meeting, entry.next_meeting_id)
            return meeting.key, meeting.state


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def county(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with own_database(request.param, tmp_path_factory.mktemp("homing")) as sessions:
        yield County(sessions)


@pytest.mark.parametrize("cancelled_first", [False, True], ids=["tied first", "cancelled first"])
@pytest.mark.parametrize("how", ["change", "open"])
def test_a_review_is_never_left_with_a_meeting_cancelled_beside_it(
    county: County, how: str, cancelled_first: bool
) -> None:
    which = int(cancelled_first)
    week = 1 + which + 2 * (how == "open")

    def tie(session: Session) -> int:
        return getattr(county, how)(session, which, week)  # type: ignore[no-any-return]

    def cancel(session: Session) -> int:
        return county.cancel(session, week)

    if cancelled_first:
        cancelled, child = county.both(cancel, tie)
    else:
        child, cancelled = county.both(tie, cancel)
    home, state = county.home_of(child)
    assert home != cancelled
    assert state in HOMES


def test_a_review_that_a_closing_rmm_gives_is_not_left_with_a_meeting_cancelled_beside_it(county: County) -> None:
    child, cancelled = county.both(county.close, lambda session: county.cancel(session, 0))
    home, state = county.home_of(child)
    assert home != cancelled
    assert state in HOMES
