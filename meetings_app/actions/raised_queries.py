"""Reads of what a child's rating asks for, with what became of each."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.accounts.queries import Reference, agencies
from meetings_app.actions.models import Action, ActionState, RaisedSetAside
from meetings_app.actions.recommended_queries import Fate, RecommendedAction
from meetings_app.clock import london_date
from meetings_app.partnership.raised import RaisedAction, RaisedRules
from meetings_app.ratings.raised import Raised, raised_by, raised_due

_STILL = (ActionState.PROPOSED, ActionState.OPEN)


def raised_of_children(
    session: Session, raised: Mapping[int, Raised], missing: Collection[int], rules: RaisedRules, today: date
) -> dict[int, list[RecommendedAction]]:
    """Give by child what the rating asks for: `OFFERED`, `TAKEN_UP` as an action, or `DECLINED` with the reason.

    Taken up is what an action was given for, or an open action says in the same words. An action that was answered
    before the child had this rating counts no more, and a withdrawn one never. `missing` are the children who went
    missing. What is read does not grow with the number of children.
    """
    asked = {child: raised_by(each.rating, rules, went_missing=child in missing) for child, each in raised.items()}
    asked = {child: rows for child, rows in asked.items() if rows}
    if not asked:
        return {}
    texts = {row.text for rows in asked.values() for _number, row in rows}
    taken, aside = _taken_up(session, raised, texts), _set_aside(session, raised)
    ours = {each.code: each for each in agencies(session)}
    return {
        child: [
            _became(
                raised[child], number, row, ours.get(row.agency), taken.get((child, row.text)),
                aside.get((child, row.text)), today,
            )
            for number, row in rows
        ]
        for child, rows in asked.items()
    }  # fmt: skip


def _became(
    raised: Raised, number: int, row: RaisedAction, agency: Reference | None, action: Any, declined: Any, today: date
) -> RecommendedAction:
    """Give one thing that the rating asks for with what became of it; an action counts more than a reason why not."""
    due_on, declined = raised_due(row, raised.since), None if action else declined
    return RecommendedAction(
        raised.rating.value, f"A rating of {raised.rating.value} asks for this", number, row.text,
        agency.id if agency else None, agency.name if agency else row.agency, due_on,
        Fate.TAKEN_UP if action else Fate.DECLINED if declined else Fate.OFFERED,
        action=action.reference if action else None, action_state=action.state if action else None,
        declined_by=declined.by if declined else None, reason=declined.reason if declined else "", by_rating=True,
        late_days=0 if action or declined else max(0, (today - due_on).days),
    )  # fmt: skip


_TEXTS: Any = bindparam("texts", expanding=True)
_CHILDREN: Any = bindparam("children", expanding=True)
# Built once each, for every child’s page sends them.
_TAKEN_UP: Any = (
    select(
        col(Action.child_id), col(Action.reference), col(Action.what), col(Action.asked_by_rating), col(Action.state),
        col(Action.created_at),
    )
    .where(
        col(Action.child_id).in_(_CHILDREN),
        col(Action.state) != ActionState.WITHDRAWN,
        sa.or_(col(Action.what).in_(_TEXTS), col(Action.asked_by_rating).in_(_TEXTS)),
    )
    .order_by(col(Action.id).desc())
)  # fmt: skip
_SET_ASIDE: Any = (
    select(
        col(RaisedSetAside.child_id),
        col(RaisedSetAside.since),
        col(RaisedSetAside.text),
        col(RaisedSetAside.reason),
        col(Account.name).label("by"),
    )
    .outerjoin(Account, col(Account.id) == col(RaisedSetAside.by_id))
    .where(col(RaisedSetAside.child_id).in_(_CHILDREN))
)


def _taken_up(session: Session, raised: Mapping[int, Raised], texts: Collection[str]) -> dict[tuple[int, str], Any]:
    """Give by child and text the first action that takes it up."""
    rows = session.execute(_TAKEN_UP, {"children": list(raised), "texts": list(texts)})
    return {
        (row.child_id, text): row
        for row in rows
        if row.state in _STILL or london_date(row.created_at) >= raised[row.child_id].since
        for text in (row.what, row.asked_by_rating)
        if text
    }


def _set_aside(session: Session, raised: Mapping[int, Raised]) -> dict[tuple[int, str], Any]:
    rows = session.execute(_SET_ASIDE, {"children": list(raised)})
    return {(row.child_id, row.text): row for row in rows if row.since == raised[row.child_id].since}
