"""Tables of safety plans: versions and their aims, what RMMs found about an aim, updates between meetings."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table, Versioned, enum_type
from meetings_app.plans.rules import Effect, SchoolCopy, ViewKind


class SafetyPlan(Table, table=True):
    """One version of a child's CSE Safety Plan: appended, never changed. Its aims are rows of their own.

    A version of before the views were asked for by kind has none of the kinds, and no word on the school's copy.
    """

    __tablename__ = "safety_plan"
    __table_args__ = (sa.UniqueConstraint("child_id", "number"),)
    child_id: int = Field(foreign_key="child.id")
    number: int
    contingency: str
    child_view: str
    parents_view: str
    police_intelligence: str = ""
    written_at: datetime
    written_by_id: int | None = Field(default=None, foreign_key="account.id")
    child_view_kind: ViewKind | None = Field(default=None, sa_type=enum_type(ViewKind, "child_view_kind"))
    parents_view_kind: ViewKind | None = Field(default=None, sa_type=enum_type(ViewKind, "parents_view_kind"))
    missing_plan: str = ""
    school_copy: SchoolCopy | None = Field(default=None, sa_type=enum_type(SchoolCopy, "school_copy"))
    school_copy_note: str = ""


class PlanAim(Table, table=True):
    """One aim of one version. `number` is that of the aim in every version, `place` its place in this one."""

    __tablename__ = "plan_aim"
    __table_args__ = (sa.UniqueConstraint("plan_id", "number"), sa.Index(None, "child_id"))
    plan_id: int = Field(foreign_key="safety_plan.id")
    child_id: int = Field(foreign_key="child.id")
    number: int
    place: int
    aim: str
    actions: str = ""
    action_references: list[str] = Field(sa_type=sa.JSON)
    due_on: date | None = None


class AimReview(Table, Versioned, table=True):
    """What an RMM found about one aim: changed until the meeting closes, then kept."""

    __tablename__ = "aim_review"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "child_id", "aim_number"), sa.Index(None, "child_id", "id"))
    child_id: int = Field(foreign_key="child.id")
    meeting_id: int = Field(foreign_key="meeting.id")
    plan_id: int = Field(foreign_key="safety_plan.id")
    aim_number: int
    effect: Effect = Field(sa_type=enum_type(Effect, "effect"))
    seen: str
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")
    took_effect_at: datetime | None = None


class PlanUpdate(Table, table=True):
    """What happened with a plan between two meetings, as its lead professional says: appended, never changed.

    `progress` holds, for each aim somebody wrote about, its number and the words.
    """

    __tablename__ = "plan_update"
    __table_args__ = (sa.Index(None, "child_id", "id"),)
    child_id: int = Field(foreign_key="child.id")
    plan_id: int = Field(foreign_key="safety_plan.id")
    happened: str
    progress: list[dict[str, Any]] = Field(sa_type=sa.JSON)
    written_at: datetime
    written_by_id: int | None = Field(default=None, foreign_key="account.id")
