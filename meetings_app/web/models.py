"""Table of forms already saved."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table


class FormSubmission(Table, table=True):
    """A form that was saved, so that the same form sent twice makes nothing twice."""

    __tablename__ = "form_submission"
    __table_args__ = (sa.UniqueConstraint("account_id", "form_id"),)
    account_id: int = Field(foreign_key="account.id")
    form_id: str
    location: str
    saved_at: datetime
