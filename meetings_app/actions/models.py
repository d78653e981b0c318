"""Tables: actions and what happened to each."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table, Versioned, enum_type


class ActionState(StrEnum):
    """`proposed` while the meeting is still recording; the rest as in `domain.md`, "Actions"."""

    PROPOSED = "proposed"
    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not_done"
    COULD_NOT_BE_DONE = "could_not_be_done"
    WITHDRAWN = "withdrawn"


class ActionEventKind(StrEnum):
    """What happened to an action."""

    GIVEN = "given"
    NEW_DATE = "new_date"
    DONE = "done"
    NOT_DONE = "not_done"
    COULD_NOT_BE_DONE = "could_not_be_done"
    WITHDRAWN = "withdrawn"
    REASSIGNED = "reassigned"


_OPEN = sa.text("state = 'open'")
_ANSWERED = sa.text("answered_on IS NOT NULL")


class Action(Table, Versioned, table=True):
    """One thing to do: one agency, one named person, one date. Carries the area and the child's reference for lists."""

    __tablename__ = "action"
    __table_args__ = (
        sa.Index(None, "agency_id", "due_on", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index(None, "area_id", "due_on", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index(None, "owner_id", "due_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index(None, "agency_id", "answered_on", "id", sqlite_where=_ANSWERED, postgresql_where=_ANSWERED),
        sa.Index(None, "area_id", "answered_on", "id", sqlite_where=_ANSWERED, postgresql_where=_ANSWERED),
        sa.Index(None, "child_id", "id"),
        sa.Index(None, "meeting_id", "child_id"),
    )
    reference: str = Field(unique=True)
    child_id: int | None = Field(default=None, foreign_key="child.id")
    child_reference: str = ""
    area_id: int = Field(foreign_key="area.id")
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    what: str
    agency_id: int = Field(foreign_key="agency.id")
    owner_id: int = Field(foreign_key="account.id")
    due_on: date
    first_due_on: date
    state: ActionState = Field(sa_type=enum_type(ActionState, "state"))
    outcome: str = ""
    answered_on: date | None = None
    created_at: datetime
    asked_by_rating: str | None = None
    """What a rating asks for, in the words of `raised.toml`, where the action was given for it."""


class ActionEvent(Table, table=True):
    """The history of an action, appended and never changed."""

    __tablename__ = "action_event"
    __table_args__ = (sa.Index(None, "action_id", "id"),)
    action_id: int = Field(foreign_key="action.id")
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
    kind: ActionEventKind = Field(sa_type=enum_type(ActionEventKind, "kind"))
    text: str = ""
    due_on: date | None = None


class RecommendationTakenUp(Table, table=True):
    """Which action that an assessment recommends was taken up, and as which action. `number` counts from 1."""

    __tablename__ = "recommendation_taken_up"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "number"),)
    assessment_id: int = Field(foreign_key="assessment.id")
    number: int
    action_id: int = Field(foreign_key="action.id", unique=True)


class RaisedSetAside(Table, table=True):
    """What a rating asks for and a meeting decided against, with the reason: kept as it was said.

    `since` is the day since which the child has had the rating; `text` is what was asked for.
    """

    __tablename__ = "raised_set_aside"
    __table_args__ = (sa.UniqueConstraint("child_id", "since", "text"),)
    child_id: int = Field(foreign_key="child.id")
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    since: date
    text: str
    reason: str
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
