"""A form sent twice makes nothing twice: each form carries an id, saved with what it changed."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from flask import current_app, redirect
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import col
from werkzeug.wrappers import Response

from meetings_app.permissions import Actor
from meetings_app.web.models import FormSubmission

FIELD = "form_id"
_LONGEST = 64


def new_form_id() -> str:
    """Give the id that a freshly shown form carries in its hidden field."""
    return secrets.token_urlsafe(18)


# Built once each, for every form that is sent needs them.
_EARLIER = select(col(FormSubmission.location)).where(
    col(FormSubmission.account_id) == bindparam("account"), col(FormSubmission.form_id) == bindparam("form")
)
# Sent as it stands, with no object made for the row.
_SAVE = insert(FormSubmission).execution_options(dml_strategy="raw")


def earlier_location(session: Session, actor: Actor | None, form: Mapping[str, str]) -> str | None:
    """Give where the same form led when it was saved before, or None."""
    form_id = form.get(FIELD, "")[:_LONGEST]
    if not form_id or actor is None or actor.account_id is None:
        return None
    return session.scalars(_EARLIER, {"account": actor.account_id, "form": form_id}).first()


def commit_once(session: Session, actor: Actor | None, form: Mapping[str, str], response: Response) -> Response:
    """Commit the change together with its form's id; of two equal ones sent at once, one is saved."""
    form_id = form.get(FIELD, "")[:_LONGEST]
    if form_id and actor is not None and actor.account_id is not None and response.location:
        now: datetime = current_app.extensions["meetings"].settings.clock.now()
        saved = {
            "account_id": actor.account_id, "form_id": form_id, "location": response.location,
            "saved_at": now.astimezone(UTC),
        }  # fmt: skip
        try:
            session.execute(_SAVE, saved)
        except IntegrityError as error:
            session.rollback()
            earlier = earlier_location(session, actor, form)
            if earlier is None:
                raise error
            return redirect(earlier)
    session.commit()
    return response
