"""Tables of forms: those saved already, and those that could not be saved."""

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


class UnsentForm(Table, table=True):
    """A form that came when its writer was signed out, kept for that person alone until it is sent or too old.

    `page` is where it stood and `action` where it was sent, both without a word that was typed; `fields` is a list of
    names and values, as JSON, without any password.
    """

    __tablename__ = "unsent_form"
    __table_args__ = (sa.UniqueConstraint("account_id", "form_id"),)
    account_id: int = Field(foreign_key="account.id")
    form_id: str
    reference: str = Field(unique=True)
    page: str
    action: str
    fields: str
    kept_at: datetime = Field(index=True)
