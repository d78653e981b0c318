"""Reads of ratings."""

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.ratings.models import Rating


def last_rating(session: Session, child_id: int) -> Rating | None:
    """Give the present rating of a child: the last one recorded, or None."""
    return session.scalars(
        select(Rating).where(col(Rating.child_id) == child_id).order_by(col(Rating.id).desc()).limit(1)
    ).first()
