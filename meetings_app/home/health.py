"""Whether the service reaches its database, for the machine that watches it."""

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.db.session import reading
from meetings_app.permissions import Actor

_NOBODY = Actor(account_id=None, name="")


def database_reached(sessions: sessionmaker[Session]) -> bool:
    """Ask the database the smallest question, on behalf of nobody."""
    try:
        with reading(sessions, _NOBODY) as session:
            session.execute(select(sa.literal(1)))
    except SQLAlchemyError:
        return False
    return True
