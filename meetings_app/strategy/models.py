"""Tables: strategy discussions, and what was recorded of each, which is only ever appended."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table, enum_type
from meetings_app.strategy.rules import About as About


class DiscussionState(StrEnum):
    """Where a discussion stands. One that is suggested is no row: the rules suggest it whenever a page is read."""

    REQUESTED = "requested"
    HELD = "held"
    NOT_HELD = "not_held"


_OPEN = sa.text("state = 'requested'")
_UNHEARD = sa.text("heard_at_meeting_id IS NULL")


class StrategyDiscussion(Table, table=True):
    """One strategy discussion of one child: the statutory meeting where significant harm is suspected.

    `triggers` holds the codes of why it is asked for; `recorded_at` and `happened_on` are those of the last record. It
    comes back to the RMM until `heard_at_meeting_id` is set, which happens once its outcome, or why it was not held, is
    recorded; a later record brings it back.
    """

    __tablename__ = "strategy_discussion"
    __table_args__ = (
        sa.Index(None, "child_id", "id"),
        sa.Index(None, "due_on", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_strategy_discussion_unheard", "child_id", sqlite_where=_UNHEARD, postgresql_where=_UNHEARD),
    )
    reference: str = Field(unique=True)
    child_id: int = Field(foreign_key="child.id")
    about: About = Field(default=About.CHILD, sa_type=enum_type(About, "about"))
    triggers: list[str] = Field(sa_type=sa.JSON)
    state: DiscussionState = Field(default=DiscussionState.REQUESTED, sa_type=enum_type(DiscussionState, "state"))
    asked_at: datetime
    asked_by_id: int | None = Field(default=None, foreign_key="account.id")
    asked_at_meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    due_on: date
    recorded_at: datetime | None = None
    happened_on: date | None = None
    heard_at_meeting_id: int | None = Field(default=None, foreign_key="meeting.id")


class StrategyRecord(Table, table=True):
    """What somebody recorded of a discussion, as it was said then: appended, never changed.

    `took_part` holds, by the code of who takes part, the label and the names. `why` says why it is asked for, why it
    was held without somebody of the minimum, or the manager’s reason why it is not held.
    """

    __tablename__ = "strategy_record"
    __table_args__ = (sa.Index(None, "discussion_id", "id"),)
    discussion_id: int = Field(foreign_key="strategy_discussion.id")
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    kind: DiscussionState = Field(sa_type=enum_type(DiscussionState, "kind"))
    happened_on: date
    took_part: list[dict[str, Any]] = Field(sa_type=sa.JSON)
    missing: list[str] = Field(sa_type=sa.JSON)
    manager: str = ""
    why: str = ""
    outcome: str = ""
    actions: str = ""
