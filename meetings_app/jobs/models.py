"""Tables of the scheduler: what ran, and who runs."""

from datetime import datetime

from sqlmodel import Field, SQLModel


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
