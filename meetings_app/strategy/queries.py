"""Reads of strategy discussions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.assessments.queries import answers_of, kept_tools
from meetings_app.assessments.recommended_queries import last_of_each_tool
from meetings_app.assessments.scoring import tiers_counted
from meetings_app.db.asked_once import asked_once
from meetings_app.db.columns import columns_of
from meetings_app.strategy.models import DiscussionState, StrategyDiscussion, StrategyRecord
from meetings_app.strategy.rules import About, Assessed, Known

# Built once, for every page beside a child sends it.
_NEWEST_FIRST: Any = select(*columns_of(StrategyDiscussion)).order_by(col(StrategyDiscussion.id).desc())
_OF_CHILD: Any = _NEWEST_FIRST.where(col(StrategyDiscussion.child_id) == bindparam("child"))
_OF_CHILDREN: Any = _NEWEST_FIRST.where(col(StrategyDiscussion.child_id).in_(bindparam("children", expanding=True)))


def is_open() -> ColumnElement[bool]:
    """Say, in SQL, that neither the outcome nor why it is not held is recorded; as the partial index has it."""
    return col(StrategyDiscussion.state) == sa.literal_column("'requested'")


def is_unheard() -> ColumnElement[bool]:
    """Say, in SQL, that no RMM has heard what came of it."""
    return col(StrategyDiscussion.heard_at_meeting_id).is_(None)


@asked_once
def discussions_of(session: Session, child_id: int) -> Sequence[Any]:
    """Give the strategy discussions of a child as rows of every column, the newest first."""
    return session.execute(_OF_CHILD, {"child": child_id}).all()


def discussions_of_all(session: Session, child_ids: Collection[int]) -> dict[int, list[Any]]:
    """Give the same for several children, by child; only those of whom there is one."""
    found: dict[int, list[Any]] = {}
    for row in session.execute(_OF_CHILDREN, {"children": tuple(child_ids)}):
        found.setdefault(row.child_id, []).append(row)
    return found


def find_discussion(session: Session, child_id: int, reference: str) -> StrategyDiscussion | None:
    """Give a discussion of this child by its reference, or None where there is none or it may not be seen."""
    return session.scalars(
        select(StrategyDiscussion).where(
            col(StrategyDiscussion.reference) == reference.strip().upper(),
            col(StrategyDiscussion.child_id) == child_id,
        )
    ).first()


def records_of(session: Session, discussion_id: int) -> Sequence[StrategyRecord]:
    """Give what was recorded of a discussion, the first thing first."""
    return session.scalars(
        select(StrategyRecord)
        .where(col(StrategyRecord.discussion_id) == discussion_id)
        .order_by(col(StrategyRecord.id))
    ).all()


def has_open(session: Session, child_id: int) -> bool:
    """Say whether a discussion about the child, in whatever respect, is still to be recorded."""
    return any(each.state is DiscussionState.REQUESTED for each in discussions_of(session, child_id))


def unheard_discussions(
    session: Session, until: Mapping[int, datetime], meeting_id: int
) -> Sequence[StrategyDiscussion]:
    """Give the discussions that a meeting hears now: recorded by `until`, or there, and not heard before.

    `until` says, by child, when the item of the child was decided.
    """
    there = {(discussion.key, said.at) for said, discussion in recorded_at_meeting(session, meeting_id)}
    waiting = session.scalars(
        select(StrategyDiscussion)
        .where(
            col(StrategyDiscussion.child_id).in_(until),
            is_unheard(),
            col(StrategyDiscussion.state) != DiscussionState.REQUESTED,
        )
        .order_by(col(StrategyDiscussion.id))
    ).all()
    return [
        each for each in waiting
        if each.recorded_at is not None
        and (each.recorded_at <= until[each.child_id] or (each.key, each.recorded_at) in there)
    ]  # fmt: skip


def recorded_at_meeting(session: Session, meeting_id: int) -> Sequence[Any]:
    """Give what one meeting recorded of discussions: each record with its discussion, in order."""
    return session.execute(
        select(StrategyRecord, StrategyDiscussion)
        .join(StrategyDiscussion, col(StrategyDiscussion.id) == col(StrategyRecord.discussion_id))
        .where(col(StrategyRecord.meeting_id) == meeting_id)
        .order_by(col(StrategyRecord.id))
    ).all()


def known_of(discussions: Sequence[Any]) -> list[Known]:
    """Give discussions as the rules take them."""
    return [
        Known(
            triggers=frozenset(each.triggers), open=each.state is DiscussionState.REQUESTED,
            held=each.state is DiscussionState.HELD, recorded_at=each.recorded_at, about=About(each.about),
        )
        for each in discussions
    ]  # fmt: skip


def assessed_of(session: Session, child_id: int) -> tuple[Assessed, ...]:
    """Give the last finished assessment of the child with each tool, as the rules take it."""
    rows = last_of_each_tool(session, child_id)
    tools = kept_tools(session, {(row.tool_file, row.tool_number) for row in rows})
    found = []
    for row in rows:
        tool = tools[row.tool_file, row.tool_number]
        answers = answers_of(tool, row)
        found.append(
            Assessed(
                tool=row.tool_code, category=row.category, tiers=tiers_counted(tool, answers),
                assessed_on=row.assessed_on, finished_at=row.finished_at or row.saved_at, ticked=bool(answers.ticks),
            )
        )  # fmt: skip
    return tuple(found)


def run_began_at(ratings: Sequence[Any]) -> datetime | None:
    """Give when the present run of equal ratings began; `ratings` are the newest first."""
    began = None
    for row in ratings:
        if row.rating is not ratings[0].rating:
            break
        began = row.recorded_at
    return began
