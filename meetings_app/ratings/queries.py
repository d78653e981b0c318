"""Reads of ratings."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.ratings.models import Rating


def last_rating(session: Session, child_id: int) -> Rating | None:
    """Give the present rating of a child: the last one recorded, or None."""
    return session.scalars(
        select(Rating).where(col(Rating.child_id) == child_id).order_by(col(Rating.id).desc()).limit(1)
    ).first()


def ratings_of(session: Session, child_id: int, limit: int = 100) -> list[Rating]:
    """Give a child's ratings, newest first."""
    statement: Select[Any] = (
        select(Rating).where(col(Rating.child_id) == child_id).order_by(col(Rating.id).desc()).limit(limit)
    )
    return list(session.scalars(statement))
