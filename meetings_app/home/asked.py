"""What the ratings of children ask of a person’s agency, and nobody has taken up or set aside yet."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.queries import agencies
from meetings_app.actions.recommended_queries import Fate, RecommendedAction
from meetings_app.children.models import Child
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.home.waiting_rows import in_areas
from meetings_app.meetings.raising import raised_for_all
from meetings_app.partnership.definitions import Partnership
from meetings_app.permissions import Actor, Permission
from meetings_app.ratings.levels import RiskRating

PAGE = 50


@dataclass(frozen=True)
class AskedOfAgency:
    """One child whose rating asks something of the agency, with what it is."""

    child_id: int
    reference: str
    name: str
    rating: RiskRating
    provisional: bool
    asked: tuple[RecommendedAction, ...]


def asked_of_agency(session: Session, by: Actor, rules: Partnership, today: date) -> list[AskedOfAgency]:
    """Give the children of the person’s areas whose rating asks something of their agency, in a fixed order.

    What became an action is among the agency’s actions until that is done. What is read does not grow with the number
    of children.
    """
    code = next((agency.code for agency in agencies(session) if agency.id == by.agency_id), None)
    asking = [
        rating
        for rating, rows in ((RiskRating.HIGH, rules.raised.high), (RiskRating.MEDIUM, rules.raised.medium))
        if any(row.agency == code for row in rows)
    ]
    if not asking:
        return []
    children = _rated(session, by, asking)
    asked = raised_for_all(session, rules, today, {row.child_id: row.current_rating for row in children})
    found = []
    for row in children:
        ours = [
            each for each in asked.get(row.child_id, ())
            if each.agency_id == by.agency_id and each.fate is Fate.OFFERED
        ]  # fmt: skip
        if ours:
            found.append(
                AskedOfAgency(
                    row.child_id, row.reference, row.name, row.current_rating, row.provisional, tuple(ours)
                )
            )  # fmt: skip
    return found


def _rated(session: Session, by: Actor, ratings: list[RiskRating]) -> list[Any]:
    statement = (
        select(
            col(ListEntry.child_id), col(ListEntry.current_rating), col(ListEntry.provisional), col(Child.reference),
            col(Child.name),
        )
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .where(
            is_live(), col(ListEntry.current_rating).in_(ratings),
            *in_areas(by, Permission.ANSWER_FOR_AGENCY, col(ListEntry.area_id)),
        )
        .order_by(col(ListEntry.child_id))
    )  # fmt: skip
    return list(session.execute(statement))
