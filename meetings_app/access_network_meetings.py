"""Who may see what of network meetings: items, what is recorded on them, actions, and what goes on to an RMM.

An item follows its subject or its referral. What is being recorded is for the network chair and the police. An action
is for its owner and for who sees what it is about; what goes on to an RMM, for who sees the item and the child.
Sources: `domain.md`, "Network meeting" and "Confidentiality".
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from meetings_app.access_clauses import Clause, exists, kept_subject
from meetings_app.meetings import live_models as live
from meetings_app.meetings import network_models as networks
from meetings_app.networks.models import NetworkReferral, Subject
from meetings_app.permissions import Actor

_item: sa.Table = networks.NetworkItem.__table__  # type: ignore[attr-defined]
_action: sa.Table = networks.NetworkAction.__table__  # type: ignore[attr-defined]
_conflict: sa.Table = networks.SubjectConflict.__table__  # type: ignore[attr-defined]
_subject: sa.Table = Subject.__table__  # type: ignore[attr-defined]
_referral: sa.Table = NetworkReferral.__table__  # type: ignore[attr-defined]
_PROPOSED: sa.ColumnElement[str] = sa.literal_column("'proposed'")


def clauses(
    actor: Actor, subjects: Clause, referrals: Clause, members: Clause, children: Clause
) -> Iterator[tuple[type[Any], list[Clause]]]:
    """Give by table what `actor` may see: `subjects` and `referrals` are theirs, `members` says that they record."""
    of_subject = exists(_item, _subject, _subject.c.id == _item.c.subject_id, subjects)
    of_referral = exists(_item, _referral, _referral.c.id == _item.c.referral_id, referrals)
    items = sa.or_(of_subject, of_referral)
    yield networks.NetworkItem, [items]
    for model in (networks.NetworkDecision, networks.NetworkAbsence, live.NetworkLiveField, live.NetworkSetAside):
        yield model, [sa.and_(members, of_items(model, "item_id", subjects, referrals))]
    actions = _actions(actor, subjects, referrals, members)
    yield networks.NetworkAction, [actions]
    yield networks.NetworkActionEvent, [_of_action(actions)]
    of_matter = of_items(networks.NetworkMatter, "item_id", subjects, referrals)
    yield networks.NetworkMatter, [sa.and_(of_matter, _named(children))]
    adjustment: sa.Table = networks.NetworkAdjustment.__table__  # type: ignore[attr-defined]
    yield networks.NetworkAdjustment, [sa.and_(members, _adjusted(adjustment, subjects, referrals))]
    own_conflict = _conflict.c.account_id != actor.account_id if actor.account_id is not None else sa.true()
    of_seen = exists(_conflict, _subject, _subject.c.id == _conflict.c.subject_id, subjects)
    yield networks.SubjectConflict, [sa.and_(members, own_conflict, of_seen)]


def without_conflict(actor: Actor) -> Clause:
    """Ask that the actor has no conflict of interest about a subject: nobody reads about one they are kept from.

    Records that point to one another are one subject.
    """
    if actor.account_id is None:
        return sa.true()
    running = (_conflict.c.account_id == actor.account_id, _conflict.c.ended_at.is_(None))
    same = kept_subject(_conflict.c.subject_id) == kept_subject(_subject.c.id)
    return sa.not_(exists(_subject, _conflict, *running, same))


def _actions(actor: Actor, subjects: Clause, referrals: Clause, members: Clause) -> Clause:
    given = _action.c.state != _PROPOSED
    own = sa.and_(given, _action.c.owner_id == actor.account_id) if actor.account_id is not None else sa.false()
    about = exists(_action, _subject, _subject.c.id == _action.c.subject_id, subjects)
    whole = sa.and_(_action.c.subject_id.is_(None), of_items(networks.NetworkAction, "item_id", subjects, referrals))
    return sa.or_(own, sa.and_(sa.or_(given, members), sa.or_(about, whole)))


def _of_action(actions: Clause) -> Clause:
    own: sa.Table = networks.NetworkActionEvent.__table__  # type: ignore[attr-defined]
    return exists(own, _action, _action.c.id == own.c.action_id, actions)


def of_items(model: type[Any], column: str, subjects: Clause, referrals: Clause) -> Clause:
    """Ask that `column` of `model` names an item whose subject or referral is among what somebody may see.

    The item is one piece with what it is about, for SQLite reads only so many pieces within each other.
    """
    own: sa.Table = model.__table__
    its_subject = _item.join(_subject, _subject.c.id == _item.c.subject_id)
    its_referral = _item.join(_referral, _referral.c.id == _item.c.referral_id)
    return sa.or_(
        exists(own, its_subject, _item.c.id == own.c[column], subjects),
        exists(own, its_referral, _item.c.id == own.c[column], referrals),
    )


def _named(children: Clause) -> Clause:
    own: sa.Table = networks.NetworkMatter.__table__  # type: ignore[attr-defined]
    child: sa.Table = next(iter(own.c.child_id.foreign_keys)).column.table
    return exists(own, child, child.c.id == own.c.child_id, children)


def _adjusted(own: sa.Table, subjects: Clause, referrals: Clause) -> Clause:
    of_subject = exists(own, _subject, _subject.c.id == own.c.subject_id, subjects)
    return sa.or_(of_subject, exists(own, _referral, _referral.c.id == own.c.referral_id, referrals))
