"""What agencies sent about a child for a meeting that was not held, or about a record that points to the child."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings.models import AgendaItem
from meetings_app.preparing.queries import SentShown, information_about, sent_elsewhere, sent_for, what_held
from meetings_app.schedule.models import Meeting, MeetingState

_HEARD = (MeetingState.CLOSED, MeetingState.SIGNED)


def information_left(
    session: Session, meeting: Meeting, child_ids: Collection[int], agency_id: int | None = None
) -> dict[int, list[SentShown]]:
    """Give by child what waits for the child’s next item: sent, and heard by no meeting since (our default).

    As far as the reader may see it; with `agency_id` of one agency alone. What came after this meeting was closed
    waits for the one after.
    """
    left = sent_elsewhere(session, meeting, child_ids, agency_id) if child_ids else {}
    if not left:
        return {}
    rows = session.execute(
        select(col(AgendaItem.child_id), func.max(col(Meeting.closed_at)))
        .join(Meeting, col(Meeting.id) == col(AgendaItem.meeting_id))
        .where(
            col(AgendaItem.child_id).in_(left), col(Meeting.state).in_(_HEARD), col(Meeting.id) != meeting.key,
            col(Meeting.held_on) <= meeting.held_on,
        )
        .group_by(col(AgendaItem.child_id))
    )  # fmt: skip
    heard = {child_id: closed_at for child_id, closed_at in rows if closed_at is not None}
    found = {
        child_id: [
            each
            for each in sent
            if (child_id not in heard or each.sent_at > heard[child_id])
            and (meeting.closed_at is None or each.sent_at <= meeting.closed_at)
        ]
        for child_id, sent in left.items()
    }
    return {child_id: sent for child_id, sent in found.items() if sent}


def information_to_hear(session: Session, meeting: Meeting, child_id: int) -> list[SentShown]:
    """Give what the agencies sent about a child for this meeting, then what waits from one that was not held."""
    left = information_left(session, meeting, [child_id]).get(child_id, ())
    return [*information_about(session, meeting.key, child_id), *left]


def all_information_to_hear(
    session: Session, meeting: Meeting, child_ids: Collection[int]
) -> dict[int, list[SentShown]]:
    """Give the same for several children, by child."""
    sent, left = sent_for(session, meeting.key), information_left(session, meeting, child_ids)
    return {each: [*what_held(sent.get(each, {})), *left.get(each, ())] for each in child_ids}
