"""Table of ratings: decided by an RMM and nobody else, never changed afterwards."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table, enum_type
from meetings_app.ratings.levels import ExploitationStatus as ExploitationStatus
from meetings_app.ratings.levels import RiskRating as RiskRating

RANK = {RiskRating.HIGH: 1, RiskRating.MEDIUM: 2, RiskRating.LOW: 3, RiskRating.NONE: 4}
"""The order in which ratings are read: highest first."""


class Rating(Table, table=True):
    """One rating of one child. `before_service` marks what the first import brought, by rules unknown here."""

    __tablename__ = "rating"
    __table_args__ = (sa.Index(None, "child_id", "id"),)
    child_id: int = Field(foreign_key="child.id")
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    rating: RiskRating = Field(sa_type=enum_type(RiskRating, "rating"))
    exploitation_status: ExploitationStatus | None = Field(
        default=None, sa_type=enum_type(ExploitationStatus, "exploitation_status")
    )
    rationale: str
    provisional: bool = False
    before_service: bool = False
    decided_on: date
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")
    next_review_on: date | None = None
    next_review_reason: str = ""
    tool_difference_reason: str = ""
    rules_version: int | None = None


class InformationOwed(Table, table=True):
    """Which agency did not supply what was missing, so that the RMM rated provisionally: it is escalated."""

    __tablename__ = "information_owed"
    __table_args__ = (sa.Index(None, "child_id"),)
    child_id: int = Field(foreign_key="child.id")
    rating_id: int = Field(foreign_key="rating.id", unique=True)
    agency_id: int = Field(foreign_key="agency.id")
