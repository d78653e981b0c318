"""How an agency said it attends a meeting that was then cancelled or moved: read at the one that took its place."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.preparing.queries import AttendanceShown, attendance_for
from meetings_app.preparing.who_comes import who_comes_to
from meetings_app.schedule.models import Meeting, MeetingState


def attendance_left(session: Session, meeting: Meeting) -> Mapping[int, Sequence[AttendanceShown]]:
    """Give by agency the last it said for each meeting whose place this one took, as far as the reader may see it.

    That is every cancelled meeting of the area since the one before that was not cancelled, and this one at another
    date or time (our default). An update sent with apologies is not lost with its meeting; of who comes to this one
    nothing follows from it.
    """
    found: defaultdict[int, list[AttendanceShown]] = defaultdict(list)
    for agency_id, said in who_comes_to(session, meeting.key).outdated.items():
        found[agency_id].append(replace(said, meant_for="an earlier date or time of this meeting"))
    for cancelled in replaced_by(session, meeting):
        for agency_id, versions in attendance_for(session, cancelled.key).items():
            meant_for = f"{cancelled.reference}, which was not held"
            found[agency_id].append(replace(versions[-1], meant_for=meant_for))
    return found


def replaced_by(session: Session, meeting: Meeting) -> Sequence[Meeting]:
    """Give the cancelled meetings whose place a meeting took, the earliest first; none for one that is cancelled."""
    if meeting.state is MeetingState.CANCELLED:
        return []
    of_area = (col(Meeting.area_id) == meeting.area_id, col(Meeting.type) == meeting.type)
    before = session.scalars(
        select(func.max(col(Meeting.held_on))).where(
            *of_area, col(Meeting.state) != MeetingState.CANCELLED, col(Meeting.held_on) < meeting.held_on
        )
    ).one()
    return session.scalars(
        select(Meeting)
        .where(
            *of_area, col(Meeting.state) == MeetingState.CANCELLED, col(Meeting.held_on) <= meeting.held_on,
            col(Meeting.held_on) > (before or date.min),
        )
        .order_by(col(Meeting.held_on), col(Meeting.id))
    ).all()  # fmt: skip
