"""Which open actions were missed at meetings and go higher up: computed when a page is read, never stored."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.rules import Escalation, escalation_of, missed_at
from meetings_app.db.session import unscoped
from meetings_app.partnership.definitions import ActionRules
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType

_HELD = (MeetingState.IN_PROGRESS, MeetingState.CLOSED, MeetingState.SIGNED)


def _last() -> Any:
    """Select the days of the last RMMs of some areas that were held, so many of each."""
    place = sa.func.row_number().over(partition_by=col(Meeting.area_id), order_by=col(Meeting.held_on).desc())
    meetings = (
        select(col(Meeting.area_id), col(Meeting.held_on), place.label("place"))
        .where(
            col(Meeting.area_id).in_(bindparam("areas", expanding=True)), col(Meeting.type) == MeetingType.RMM,
            col(Meeting.state).in_(_HELD),
        )
        .subquery()
    )  # fmt: skip
    last = select(meetings.c.area_id, meetings.c.held_on).where(meetings.c.place <= bindparam("most"))
    return last.execution_options(**unscoped())


# Built once, for every page with actions sends it.
_LAST = _last()


def escalations(session: Session, rows: Collection[Any], rules: ActionRules) -> Mapping[int, str]:
    """Say for the open actions of a page, by id, where they are escalated to; an action that is not has no words.

    Each row has `id`, `area_id`, `due_on` and `agency`.
    """
    agencies = {row.id: row.agency for row in rows}
    found = steps_of(session, rows, rules)
    return {action: words_of(step, agencies[action], missed) for action, (step, missed) in found.items()}


def steps_of(session: Session, rows: Collection[Any], rules: ActionRules) -> Mapping[int, tuple[Escalation, int]]:
    """Give for open actions, by id, to whom each goes and at how many meetings it was missed; the others have none."""
    held = last_meetings(session, {row.area_id for row in rows}, rules.board_meetings)
    return steps_by({row.id: missed_at(row.due_on, held[row.area_id]) for row in rows}, rules)


def steps_by(missed: Mapping[int, int], rules: ActionRules) -> Mapping[int, tuple[Escalation, int]]:
    """Give to whom each action goes, by its id and at how many meetings it was `missed`; the others have none."""
    steps = {action: (escalation_of(number, rules), number) for action, number in missed.items()}
    return {action: (step, number) for action, (step, number) in steps.items() if step is not None}


def words_of(step: Escalation, agency: str, missed: int) -> str:
    """Say where an action is escalated to."""
    if step is Escalation.BOARD:
        return f"On the strategic board’s list: missed at {missed} meetings or more"
    return f"Escalated to the single point of contact of {agency}: missed at {missed} meetings"


def last_meetings(session: Session, areas: Collection[int], most: int) -> Mapping[int, Sequence[date]]:
    """Give the days of the last RMMs of each area that were held, no more of them than the rule counts.

    Read past the actor's scope: who answers an action need not see the meetings, and only their days are read.
    """
    found: defaultdict[int, list[date]] = defaultdict(list)
    if not areas:
        return found
    rows: Any = session.execute(_LAST, {"areas": sorted(areas), "most": most})
    for area_id, held_on in rows:
        found[area_id].append(held_on)
    return found


def last_network_meetings(session: Session, most: int) -> Sequence[date]:
    """Give the days of the last network meetings that were held, no more of them than the rule counts.

    Read past the actor's scope, as those of RMMs are.
    """
    held = select(col(Meeting.held_on)).where(col(Meeting.type) == MeetingType.NETWORK, col(Meeting.state).in_(_HELD))
    statement: Any = held.order_by(col(Meeting.held_on).desc()).limit(most).execution_options(**unscoped())
    return session.scalars(statement).all()
