"""Reads of what a child's rating asks for, with what became of each."""

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.accounts.queries import agencies
from meetings_app.actions.models import Action, ActionState, RaisedSetAside
from meetings_app.actions.recommended_queries import Fate, RecommendedAction
from meetings_app.clock import london_date
from meetings_app.partnership.raised import RaisedRules
from meetings_app.ratings.raised import Raised, raised_by, raised_due

_STILL = (ActionState.PROPOSED, ActionState.OPEN)


def raised_actions(
    session: Session, child_id: int, raised: Raised, rules: RaisedRules, today: date, *, went_missing: bool
) -> list[RecommendedAction]:
    """Give what the rating asks for that is not taken up as an action: `OFFERED`, or `DECLINED` with the reason.

    Taken up is what an action was given for, or an open action says in the same words. An action that was answered
    before the child had this rating counts no more, and a withdrawn one never.
    """
    asked = raised_by(raised.rating, rules, went_missing=went_missing)
    taken = _taken_up(session, child_id, {row.text for _number, row in asked}, raised.since) if asked else set()
    left = [(number, row) for number, row in asked if row.text not in taken]
    if not left:
        return []
    aside, ours = _set_aside(session, child_id, raised.since), {each.code: each for each in agencies(session)}
    found = []
    for number, row in left:
        agency, declined = ours.get(row.agency), aside.get(row.text)
        due_on = raised_due(row, raised.since)
        found.append(RecommendedAction(
            raised.rating.value, f"A rating of {raised.rating.value} asks for this", number, row.text,
            agency.id if agency else None, agency.name if agency else row.agency,
            due_on, Fate.DECLINED if declined else Fate.OFFERED, declined_by=declined.by if declined else None,
            reason=declined.reason if declined else "", by_rating=True,
            late_days=0 if declined else max(0, (today - due_on).days),
        ))  # fmt: skip
    return found


_TEXTS: Any = bindparam("texts", expanding=True)
# Built once each, for every child’s page sends them.
_TAKEN_UP: Any = select(
    col(Action.what), col(Action.asked_by_rating), col(Action.state), col(Action.created_at)
).where(
    col(Action.child_id) == bindparam("child"),
    col(Action.state) != ActionState.WITHDRAWN,
    sa.or_(col(Action.what).in_(_TEXTS), col(Action.asked_by_rating).in_(_TEXTS)),
)  # fmt: skip
_SET_ASIDE: Any = (
    select(col(RaisedSetAside.text), col(RaisedSetAside.reason), col(Account.name).label("by"))
    .outerjoin(Account, col(Account.id) == col(RaisedSetAside.by_id))
    .where(col(RaisedSetAside.child_id) == bindparam("child"), col(RaisedSetAside.since) == bindparam("since"))
)


def _taken_up(session: Session, child_id: int, texts: Collection[str], since: date) -> set[str]:
    rows = session.execute(_TAKEN_UP, {"child": child_id, "texts": list(texts)})
    return {
        text
        for row in rows
        if row.state in _STILL or london_date(row.created_at) >= since
        for text in (row.what, row.asked_by_rating)
        if text
    }


def _set_aside(session: Session, child_id: int, since: date) -> dict[str, Any]:
    rows = session.execute(_SET_ASIDE, {"child": child_id, "since": since})
    return {row.text: row for row in rows}
