"""Who may see what of calendars: one's own feed, and the mails that came about the meetings one arranges."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from meetings_app.access_clauses import Clause, exists, in_areas
from meetings_app.permissions import Actor, Role
from meetings_app.schedule.models import CalendarFeed, Meeting, ReplyMail

_feed: sa.Table = CalendarFeed.__table__  # type: ignore[attr-defined]
_mail: sa.Table = ReplyMail.__table__  # type: ignore[attr-defined]
_meeting: sa.Table = Meeting.__table__  # type: ignore[attr-defined]
_ARRANGES = frozenset({Role.COORDINATOR})


def clauses(actor: Actor) -> Iterator[tuple[type[Any], Sequence[Clause]]]:
    """Give by table what `actor` may see of it; any clause lets a row through."""
    yield CalendarFeed, [_feed.c.account_id == actor.account_id] if actor.account_id is not None else []
    arranged = in_areas(_meeting.c.area_id, actor.areas(_ARRANGES))
    if actor.has(Role.NETWORK_CHAIR):
        # The network meeting has no area; its chair arranges it.
        arranged = sa.or_(arranged, _meeting.c.area_id.is_(None))
    of_meeting = exists(_mail, _meeting, _meeting.c.id == _mail.c.meeting_id, arranged)
    # A mail that names no meeting is for every coordinator: somebody has to look at it.
    of_none = [_mail.c.meeting_id.is_(None)] if actor.has(Role.COORDINATOR) else []
    yield ReplyMail, [of_meeting, *of_none]
