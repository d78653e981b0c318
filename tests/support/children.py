"""Builders of children on the list and of the meetings that hear them, through the services the pages use."""

from datetime import date, datetime, time, timedelta
from itertools import count

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency, Area
from meetings_app.children.models import Child
from meetings_app.children.service import ChildDetails, create_child
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.service import open_entry
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.ratings.service import record_rating
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from tests.support.world import NOW

_numbers = count(1)


def area_id(session: Session, code: str) -> int:
    """Give the id of an area."""
    return session.scalars(select(Area).where(col(Area.code) == code)).one().key


def agency_id(session: Session, code: str) -> int:
    """Give the id of an agency."""
    return session.scalars(select(Agency).where(col(Agency.code) == code)).one().key


def add_child(
    session: Session, name: str = "", area: str = "NE", born: date = date(2011, 1, 5), **details: object
) -> Child:
    """Add a child who is not on the list. Names are plainly invented."""
    name = name or f"Testy McExample {next(_numbers):03}"
    values = ChildDetails(name=name, born=born, area_id=area_id(session, area), **details)  # type: ignore[arg-type]
    return create_child(session, OPERATOR, NOW, values)


def add_meeting(
    session: Session,
    held_on: date,
    area: str = "NE",
    state: MeetingState = MeetingState.ANNOUNCED,
    now: datetime = NOW,
) -> Meeting:
    """Add one RMM of an area; its reviews are not tied again."""
    number = next(_numbers)
    meeting = Meeting(
        reference=f"RMM-{area}-{held_on:%G}-W{held_on:%V}-{number}", type=MeetingType.RMM,
        area_id=area_id(session, area),
        planned=held_on, held_on=held_on, start_time=time(9, 30), minutes=180, state=state,
        calendar_uid=f"{number}@example.invalid", calendar_changed_at=now,
    )  # fmt: skip
    session.add(meeting)
    session.flush()
    return meeting


def rate(
    session: Session,
    child: Child,
    rating: RiskRating = RiskRating.HIGH,
    *,
    decided_on: date = date(2026, 11, 2),
    meeting: Meeting | None = None,
    provisional: bool = False,
    before_service: bool = False,
) -> Rating:
    """Record a rating of a child, with an invented reason."""
    return record_rating(
        session, OPERATOR, NOW, child.key, rating, rationale="An invented reason.", decided_on=decided_on,
        meeting_id=meeting.key if meeting else None, provisional=provisional, before_service=before_service,
    )  # fmt: skip


def put_on_list(
    session: Session,
    child: Child | None = None,
    rating: RiskRating = RiskRating.HIGH,
    *,
    review_on: date = date(2026, 12, 1),
    lead: str | None = "childrens-services",
    provisional: bool = False,
    before_service: bool = False,
    listed_on: date = date(2026, 11, 2),
    **child_details: object,
) -> ListEntry:
    """Put a child on the list by a rating; without a child, a new one."""
    if child is None:
        child = add_child(session, **child_details)  # type: ignore[arg-type]
    decided = rate(session, child, rating, provisional=provisional, before_service=before_service)
    return open_entry(
        session, OPERATOR, NOW, child, decided, review_on, agency_id(session, lead) if lead else None,
        listed_on=listed_on, before_service=before_service,
    )  # fmt: skip


def child_of(session: Session, entry: ListEntry) -> Child:
    """Give the child of an entry."""
    child = session.get(Child, entry.child_id)
    assert child is not None
    return child


def add_many(session: Session, number: int, area: str = "NE") -> None:
    """Put `number` children on the list of an area at once, without ratings: for tests of growth alone."""
    place, first = area_id(session, area), next(_numbers) * 100_000
    children = [
        {
            "id": first + each, "reference": f"C-{first + each}", "name": f"Testy McExample {each}", "version": 1,
            "name_key": f"testy mcexample {each:05}", "sound_key": "",
            "born": date(2011, 1, 5) + timedelta(days=each % 900),
            "area_id": place, "created_at": NOW,
        }
        for each in range(number)
    ]  # fmt: skip
    session.execute(insert(Child), children)
    entries = [
        {
            "child_id": child["id"], "area_id": place, "listed_on": date(2026, 1, 5), "sort_name": child["name_key"],
            "born": child["born"], "current_rating": list(RiskRating)[each % 3], "rating_rank": each % 3 + 1,
            "version": 1, "rated_on": date(2026, 11, 2),
            "next_review_on": date(2026, 11, 1) + timedelta(days=each % 80),
        }
        for each, child in enumerate(children)
    ]  # fmt: skip
    session.execute(insert(ListEntry), entries)
