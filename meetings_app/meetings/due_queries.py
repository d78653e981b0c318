"""Whom an agenda may concern, in one statement, so that the facts are fetched only where somebody is new."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.meetings import carried_queries, fact_queries
from meetings_app.meetings.facts import MeetingFacts


def children_concerned(
    session: Session,
    area_id: int,
    meeting_id: int,
    facts: MeetingFacts,
    following_on: date,
    births: Sequence[tuple[date | None, date]],
) -> set[int]:
    """Give at least every child of whom something is known that may be a reason; the rules say whether it is one."""
    (born_after, born_until), (_, old_by) = births
    values = {
        "area": area_id, "meeting": meeting_id, "today": facts.today, "held_before": facts.held_on,
        "before": following_on, "from_day": (facts.held_on if facts.earlier else None) or date.min,
        "born_after": born_after or date.min, "born_until": born_until, "old_by": old_by,
    }  # fmt: skip
    return set(session.scalars(_concerned(), values)) - {None}


@cache
def _concerned() -> Select[Any]:
    """Ask every statement that facts are fetched by for its children alone."""
    parts = [
        statement().with_only_columns(col(Child.id).label("child_id")).order_by(None).subquery()
        for statement in (*fact_queries.STATEMENTS, *carried_queries.STATEMENTS)
    ]
    children = sa.union(*(select(part.c.child_id) for part in parts)).subquery()
    return select(children.c.child_id).execution_options(**carried_queries.PAST_THE_AREA)
