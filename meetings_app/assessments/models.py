"""Tables: assessments, what their flags ask for, and what was decided on them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table, Versioned, enum_type


class AssessmentState(StrEnum):
    """A draft may change; what is finished never does (triggers refuse it), and a discarded draft is kept."""

    DRAFT = "draft"
    FINISHED = "finished"
    DISCARDED = "discarded"


class DecisionKind(StrEnum):
    """What was decided to do after an assessment, within 24 hours of the concern (SG)."""

    REFERRED = "referred"
    AT_RMM = "at_rmm"
    NO_REFERRAL = "no_referral"


class FlagAnswerKind(StrEnum):
    """How a flag was answered: what it asks for was done, or there is a reason why not."""

    DONE = "done"
    NOT_DONE = "not_done"


_DRAFTS = sa.text("state = 'draft'")
_FINISHED = sa.text("state = 'finished'")
_OPEN = sa.text("answered_at IS NULL")


class Assessment(Table, Versioned, table=True):
    """One use of an assessment tool for a child, with the version of the tool it was made with.

    `child_name` and `born` are what was known when it was started: the person may not see the child's record.
    `answers` is the document of the contract without `born` and `assessed_on`. `gone` holds the codes of indicators
    that were ticked last time and were said to be there no longer, `before` those that were ticked last time, and
    `sections` the keys of the sections that somebody has been through. The outcome is kept once it is finished.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        sa.Index(None, "child_id", "assessed_on", "id", sqlite_where=_FINISHED, postgresql_where=_FINISHED),
        sa.Index(None, "child_id", "id"),
        sa.Index(None, "started_by_id", "id", sqlite_where=_DRAFTS, postgresql_where=_DRAFTS),
        sa.CheckConstraint("(state = 'finished') = (finished_at IS NOT NULL)", name="finished_has_moment"),
        sa.CheckConstraint("level IN ('none', 'low', 'medium', 'high')", name="level"),
    )
    reference: str = Field(unique=True)
    child_id: int = Field(foreign_key="child.id")
    child_name: str
    born: date
    tool_code: str
    tool_version: str
    tool_file: str
    tool_number: int
    previous_id: int | None = Field(default=None, foreign_key="assessment.id")
    concern_received_at: datetime | None = None
    assessed_on: date
    answers: dict[str, Any] = Field(sa_type=sa.JSON)
    gone: list[str] = Field(sa_type=sa.JSON)
    before: list[str] = Field(sa_type=sa.JSON)
    sections: list[str] = Field(sa_type=sa.JSON)
    state: AssessmentState = Field(default=AssessmentState.DRAFT, sa_type=enum_type(AssessmentState, "state"))
    started_at: datetime
    started_by_id: int | None = Field(default=None, foreign_key="account.id")
    saved_at: datetime
    saved_by_id: int | None = Field(default=None, foreign_key="account.id")
    finished_at: datetime | None = None
    finished_by_id: int | None = Field(default=None, foreign_key="account.id")
    score: int | None = None
    category: int | None = None
    level: str | None = None
    reassess_from: date | None = None
    reassess_by: date | None = None
    discarded_reason: str = ""


class AssessmentFlag(Table, table=True):
    """Something that a finished assessment asks somebody to do or to answer; visible until it is answered."""

    __tablename__ = "assessment_flag"
    __table_args__ = (
        sa.UniqueConstraint("assessment_id", "code"),
        sa.Index(None, "raised_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    assessment_id: int = Field(foreign_key="assessment.id")
    code: str
    raised_at: datetime
    answered_at: datetime | None = None


class FlagAnswer(Table, table=True):
    """What somebody answered to a flag: appended, never changed.

    `who` names those who took part, or the manager who decided.
    """

    __tablename__ = "flag_answer"
    flag_id: int = Field(foreign_key="assessment_flag.id", index=True)
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
    kind: FlagAnswerKind = Field(sa_type=enum_type(FlagAnswerKind, "kind"))
    happened_on: date
    who: str
    text: str


class AssessmentDecision(Table, table=True):
    """What to do after an assessment; any decision not to refer carries its reason (SUR). Never changed."""

    __tablename__ = "assessment_decision"
    assessment_id: int = Field(foreign_key="assessment.id", unique=True)
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
    kind: DecisionKind = Field(sa_type=enum_type(DecisionKind, "kind"))
    reason: str = ""


class DeclinedRecommendation(Table, table=True):
    """An action that the tool recommends and somebody decided against, with the reason. `number` counts from 1."""

    __tablename__ = "declined_recommendation"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "number"),)
    assessment_id: int = Field(foreign_key="assessment.id")
    number: int
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
    reason: str
