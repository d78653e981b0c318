"""What stands beside the items of a meeting that closes: read for all of them at once, for its minutes."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts import queries as people
from meetings_app.accounts.models import Account, Agency
from meetings_app.actions.models import Action, ActionEvent, ActionEventKind
from meetings_app.actions.queries import ActionRow, actions_of_meeting
from meetings_app.actions.recommended_queries import RecommendedAction
from meetings_app.children.models import Child
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings import queries
from meetings_app.meetings.agency_views import ViewShown, views_of_meeting
from meetings_app.meetings.information_left import all_information_to_hear
from meetings_app.meetings.item_scope import children_of
from meetings_app.meetings.models import AgendaItem, ItemDecision
from meetings_app.meetings.raising import raised_at_meeting
from meetings_app.partnership.definitions import Partnership
from meetings_app.plans.queries import words_of_reviews
from meetings_app.preparing.queries import SentShown
from meetings_app.ratings.queries import ratings_of_meeting
from meetings_app.schedule.models import Meeting
from meetings_app.strategy.queries import recorded_at_meeting

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")


@dataclass(frozen=True)
class Beside:
    """What the minutes say beside each decision: `decisions` and `views` by item, the rest by child.

    `homes` is the meeting that the next review is tied to, `withdrawn` what this meeting withdrew of actions, with the
    reason, `strategy` what it recorded of strategy discussions: each record with its discussion, `asked` what
    the ratings it decided ask for.
    """

    agencies: Mapping[int, people.Reference]
    decisions: Mapping[int, ItemDecision]
    views: Mapping[int, list[ViewShown]]
    children: Mapping[int, Child]
    ratings: Mapping[int, Any]
    reviews: Mapping[int, list[tuple[str, str]]]
    actions: Mapping[int, list[ActionRow]]
    information: Mapping[int, list[SentShown]]
    withdrawn: Mapping[int, list[dict[str, str]]]
    strategy: Mapping[int, list[Any]]
    asked: Mapping[int, list[RecommendedAction]]
    homes: Mapping[int, str]
    leads: Mapping[int, str]
    """The names of the lead professionals, by account."""


def beside_all(session: Session, rules: Partnership, meeting: Meeting, items: Sequence[AgendaItem]) -> Beside:
    """Read what stands beside these items of a meeting, in a fixed number of statements.

    The caller records the meeting, and reads past the actor's scope what stands beside its items (`beside_items`).
    """
    ids, decisions = [item.child_id for item in items], queries.decisions_of(session, meeting.key)
    return Beside(
        agencies={agency.id: agency for agency in people.agencies(session)},
        decisions=decisions, views=views_of_meeting(session, meeting.key),
        children=children_of(session, items), ratings=ratings_of_meeting(session, meeting.key),
        reviews=words_of_reviews(session, meeting.key),
        actions=_by(actions_of_meeting(session, meeting.key), lambda action: action.child_id or 0),
        information=all_information_to_hear(session, meeting, ids), withdrawn=_withdrawn(session, meeting, ids),
        strategy=_by(recorded_at_meeting(session, meeting.key), lambda row: int(row[1].child_id)),
        asked=raised_at_meeting(session, rules, meeting, items, decisions),
        homes=_homes(session, ids), leads=_leads(session, decisions.values()),
    )  # fmt: skip


def _by(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _withdrawn(session: Session, meeting: Meeting, child_ids: Sequence[int]) -> dict[int, list[dict[str, str]]]:
    """Give the actions that this meeting withdrew, each with its reason: an area holds one meeting at a time."""
    rows: Any = session.execute(
        select(col(Action.child_id), col(Action.reference), col(Action.what), col(Agency.code), col(ActionEvent.text))
        .join(ActionEvent, col(ActionEvent.action_id) == col(Action.id))
        .join(Agency, col(Agency.id) == col(Action.agency_id))
        .where(
            col(Action.child_id).in_(child_ids), col(ActionEvent.kind) == ActionEventKind.WITHDRAWN,
            col(ActionEvent.at) >= meeting.started_at,
        )
        .order_by(col(ActionEvent.id))
    )  # fmt: skip
    found: dict[int, list[dict[str, str]]] = {}
    for child_id, reference, what, code, reason in rows:
        said = {"reference": reference, "what": what, "agency_code": code, "reason": reason}
        found.setdefault(child_id, []).append(said)
    return found


def _homes(session: Session, child_ids: Sequence[int]) -> dict[int, str]:
    rows: Any = session.execute(
        select(col(ListEntry.child_id), col(Meeting.reference))
        .join(ListEntry, col(ListEntry.next_meeting_id) == col(Meeting.id))
        .where(col(ListEntry.child_id).in_(child_ids), is_live())
    )
    return {row.child_id: row.reference for row in rows}


def _leads(session: Session, decisions: Iterable[ItemDecision]) -> dict[int, str]:
    ids = {decision.lead_professional_id for decision in decisions if decision.lead_professional_id is not None}
    rows = session.execute(select(col(Account.id), col(Account.name)).where(col(Account.id).in_(ids))) if ids else ()
    return {account_id: name for account_id, name in rows if account_id is not None}
