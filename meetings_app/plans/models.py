"""Table of safety plans: a new version each time, none overwritten."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table


class SafetyPlan(Table, table=True):
    """One version of a child's CSE Safety Plan: aims, contingency, the child's and the parents' views."""

    __tablename__ = "safety_plan"
    __table_args__ = (sa.UniqueConstraint("child_id", "number"),)
    child_id: int = Field(foreign_key="child.id")
    number: int
    aims: str
    contingency: str
    child_view: str
    parents_view: str
    police_intelligence: str = ""
    written_at: datetime
    written_by_id: int | None = Field(default=None, foreign_key="account.id")
