"""Tables of the scheduler: what ran, who runs, and what the check of the night found."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from meetings_app.db.columns import Table


class JobRun(SQLModel, table=True):
    """One slot of one job; the primary key makes its effect happen once, whoever tries."""

    __tablename__ = "job_run"
    job: str = Field(primary_key=True)
    slot: datetime = Field(primary_key=True)
    finished_at: datetime
    result: str = ""


class JobFailure(SQLModel, table=True):
    """How often one slot of one job failed, and how last. It stays when the slot is done after all."""

    __tablename__ = "job_failure"
    job: str = Field(primary_key=True)
    slot: datetime = Field(primary_key=True)
    times: int
    last_at: datetime
    problem: str


class SchedulerLife(SQLModel, table=True):
    """When a scheduler last said it is alive, and who may run the jobs now."""

    __tablename__ = "scheduler_life"
    id: int = Field(primary_key=True)
    holder: str
    seen_at: datetime


_STANDS = sa.text("cleared_at IS NULL")


class BreachFound(Table, table=True):
    """A broken promise that the check of the night found: since when, and until which check, where it is put right.

    It holds references and no name. `href` is the page where it is put right, empty where no page does it;
    `without_meeting` says that no RMM of the area was ahead whose agenda is still open. Never deleted.
    """

    __tablename__ = "breach_found"
    __table_args__ = (sa.Index(None, "area_id", "id", sqlite_where=_STANDS, postgresql_where=_STANDS),)
    code: str
    reference: str
    problem: str
    href: str = ""
    area_id: int | None = Field(default=None, foreign_key="area.id")
    child_id: int | None = Field(default=None, foreign_key="child.id", index=True)
    without_meeting: bool = False
    found_at: datetime
    cleared_at: datetime | None = None
