"""Who may see what of networks: subjects, suspects, what links them, disruption and referrals.

The network chair and the police see every subject; coordinators and chairs those that touch their areas; whoever made
a referral sees it; the specialist service the networks of the children it works with. A suspect is for the network
chair, the police, the chairs of an area it touches and those whom the police named. A link is for who may see both of
its ends, so that a hidden one leaves no trace. The network chair sees the children who are linked or referred by name
and reference, and opens no child’s record. Sources: `domain.md`, "Network meeting" and "Confidentiality".
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from meetings_app import access_network_meetings, access_specialists
from meetings_app.access_clauses import Clause, about_one_of, beside_kept_child, exists, in_areas, kept_record
from meetings_app.accounts.models import Agency
from meetings_app.actions.models import Action
from meetings_app.children.models import Child
from meetings_app.networks import models as networks
from meetings_app.networks import record_models as records
from meetings_app.permissions import AREA_ROLES, CHAIR_ROLES, Actor, Role

_agency: sa.Table = Agency.__table__  # type: ignore[attr-defined]
_child: sa.Table = Child.__table__  # type: ignore[attr-defined]
_subject: sa.Table = networks.Subject.__table__  # type: ignore[attr-defined]
_area: sa.Table = networks.SubjectArea.__table__  # type: ignore[attr-defined]
_reader: sa.Table = networks.SuspectReader.__table__  # type: ignore[attr-defined]
_extract: sa.Table = records.Extract.__table__  # type: ignore[attr-defined]
_told: sa.Table = records.ExtractChild.__table__  # type: ignore[attr-defined]
_action: sa.Table = Action.__table__  # type: ignore[attr-defined]
_passed: sa.Table = records.PassedAction.__table__  # type: ignore[attr-defined]
_referral: sa.Table = networks.NetworkReferral.__table__  # type: ignore[attr-defined]
_referral_area: sa.Table = networks.NetworkReferralArea.__table__  # type: ignore[attr-defined]
_referral_child: sa.Table = networks.NetworkReferralChild.__table__  # type: ignore[attr-defined]

_BESIDE_SUBJECT: tuple[type[Any], ...] = (
    networks.SubjectAlias, networks.SubjectArea, networks.SubjectAuthority, networks.SubjectVersion,
    networks.Disruption,
)  # fmt: skip
_MERGED_ENDS = ("subject_id", "kept_id")
_BESIDE_SUSPECT: tuple[type[Any], ...] = (networks.SuspectRecord, records.CharmmReferral)


def clauses(actor: Actor, whole_records: Sequence[Clause]) -> Iterator[tuple[type[Any], list[Clause]]]:
    """Give, by table, what `actor` may see; `whole_records` are the clauses of the children read whole."""
    seen, children = _seen(actor), _children(actor, whole_records)
    of_suspect = sa.and_(_subject.c.kind == "suspect", seen)
    yield networks.Subject, [seen]
    for model in _BESIDE_SUBJECT:
        yield model, [_of_subject(model, seen)]
    for model in _BESIDE_SUSPECT:
        yield model, [_of_subject(model, of_suspect)]
    yield networks.SuspectReader, [_named_readers(actor, of_suspect)]
    yield records.CharmmStep, [_beside(records.CharmmStep, "referral_id", records.CharmmReferral, of_suspect)]
    for model, ends in ((networks.SubjectLink, ("first_id", "second_id")), (records.SubjectMerge, _MERGED_ENDS)):
        yield model, [sa.and_(*(_end(model, column, seen) for column in ends))]
    child = beside_kept_child(networks.SubjectChild, "child_id", _child, [children])
    yield networks.SubjectChild, [sa.and_(_of_subject(networks.SubjectChild, seen), child)]
    yield networks.DisruptionStep, [_beside(networks.DisruptionStep, "disruption_id", networks.Disruption, seen)]
    yield records.PassedAction, [_passed_on(actor, seen, children)]
    yield records.AuthorityContact, [_beside(records.AuthorityContact, "authority_id", networks.SubjectAuthority, seen)]
    yield from _across_borders(actor, seen)
    yield from _referrals(actor, children)
    members = sa.or_(sa.false(), *_members(actor))
    referrals = _referrals_seen(actor, children)
    yield from access_network_meetings.clauses(actor, seen, referrals, members, children)


def of_network_items(actor: Actor, model: type[Any], column: str, whole_records: Sequence[Clause]) -> Clause:
    """Ask that `column` of `model` names an item of a network meeting that `actor` may see."""
    referrals = _referrals_seen(actor, _children(actor, whole_records))
    return access_network_meetings.of_items(model, column, _seen(actor), referrals)


def passed_actions(actor: Actor, action: sa.Table) -> list[Clause]:
    """Give which actions of RMMs the network chair reads: those passed on, now, to a network that they see."""
    if not actor.has(Role.NETWORK_CHAIR):
        return []
    passed = _passed.join(_subject, _subject.c.id == _passed.c.subject_id)
    running = (_passed.c.action_id == action.c.id, _passed.c.ended_at.is_(None))
    return [exists(action, passed, *running, _seen(actor))]


def _passed_on(actor: Actor, seen: Clause, children: Clause) -> Clause:
    """That an action is passed on is for who sees the network and the child; the network chair sees the action."""
    of_subject = _of_subject(records.PassedAction, seen)
    if actor.has(Role.NETWORK_CHAIR):
        return of_subject
    about = _action.join(_child, _child.c.id == kept_record(_action.c.child_id))
    return sa.and_(of_subject, exists(_passed, about, _action.c.id == _passed.c.action_id, children))


def _seen(actor: Actor) -> Clause:
    seen = sa.or_(
        *_suspects(actor), sa.and_(_subject.c.kind != "suspect", sa.or_(*_subjects(actor))),
        sa.and_(_subject.c.kind == "network", sa.or_(sa.false(), *access_specialists.networks_of(actor))),
    )  # fmt: skip
    return sa.and_(access_network_meetings.without_conflict(actor), seen)


def _children(actor: Actor, whole_records: Sequence[Clause]) -> Clause:
    """The network chair is told of every child who is linked or referred; others need to see the child."""
    return sa.true() if actor.has(Role.NETWORK_CHAIR) else sa.or_(sa.false(), *whole_records)


def _referrals_seen(actor: Actor, children: Clause) -> Clause:
    """Whoever made a referral keeps reading it; others need to see every child it names, for its text tells of them.

    The network chair, who decides on it, is told of every child.
    """
    own = [_referral.c.referrer_id == actor.account_id] if actor.account_id is not None else []
    if actor.has(Role.NETWORK_CHAIR):
        return sa.true()
    areas = in_areas(_referral_area.c.area_id, actor.areas(AREA_ROLES))
    touched = exists(_referral, _referral_area, _referral_area.c.referral_id == _referral.c.id, areas)
    given = sa.or_(sa.false(), *_members(actor), *([touched] if _holds(actor, AREA_ROLES) else []))
    # One piece with its child, for SQLite reads only so many pieces within each other.
    named = _referral_child.join(_child, _child.c.id == kept_record(_referral_child.c.child_id))
    hidden = exists(_referral, named, _referral_child.c.referral_id == _referral.c.id, sa.not_(children))
    return sa.or_(sa.false(), *own, sa.and_(given, sa.not_(hidden)))


def _across_borders(actor: Actor, seen: Clause) -> Iterator[tuple[type[Any], list[Clause]]]:
    """Children of other authorities are for those who work on the subject, whatever else shows it to somebody.

    An extract is for the network chair, the police and whoever proposed it, as long as they see the subject and are
    kept from no child whom it names.
    """
    working = sa.and_(seen, sa.or_(*_subjects(actor)))
    yield records.OutsideChild, [_of_subject(records.OutsideChild, working)]
    own = [_extract.c.proposed_by_id == actor.account_id] if actor.account_id is not None else []
    told = exists(
        _extract, _told, _told.c.extract_id == _extract.c.id, about_one_of(_told.c.child_id, actor.kept_from)
    )  # fmt: skip
    extract = sa.and_(
        _of_subject(records.Extract, seen), sa.or_(sa.false(), *_members(actor), *own), sa.not_(told)
    )  # fmt: skip
    yield records.Extract, [extract]
    for model in (records.ExtractChild, records.ExtractCopy):
        yield model, [_through_extract(model, extract)]


def _referrals(actor: Actor, children: Clause) -> Iterator[tuple[type[Any], list[Clause]]]:
    own = [_referral.c.referrer_id == actor.account_id] if actor.account_id is not None else []
    members, seen = _members(actor), _referrals_seen(actor, children)
    yield networks.NetworkReferral, [seen]
    yield networks.NetworkReferralArea, [_of_referral(networks.NetworkReferralArea, seen)]
    child = beside_kept_child(networks.NetworkReferralChild, "child_id", _child, [children])
    yield networks.NetworkReferralChild, [sa.and_(_of_referral(networks.NetworkReferralChild, seen), child)]
    of_suspects = sa.and_(seen, sa.or_(sa.false(), *own, *members))
    yield networks.NetworkReferralSuspects, [_of_referral(networks.NetworkReferralSuspects, of_suspects)]


def _members(actor: Actor) -> list[Clause]:
    """The network chair, and whoever represents the police: everything."""
    if actor.has(Role.NETWORK_CHAIR):
        return [sa.true()]
    if actor.has(Role.REPRESENTATIVE) and actor.agency_id is not None:
        police = (_agency.c.id == actor.agency_id, _agency.c.code == "police")
        return [sa.exists(sa.select(sa.literal_column("1")).select_from(_agency).where(*police))]
    return []


def _subjects(actor: Actor) -> list[Clause]:
    return [sa.false(), *_members(actor), *_touched(actor, AREA_ROLES)]


def _suspects(actor: Actor) -> list[Clause]:
    found = [sa.false(), *_members(actor), *_touched(actor, CHAIR_ROLES)]
    if actor.account_id is not None:
        named = (_reader.c.account_id == actor.account_id, _reader.c.ended_at.is_(None))
        found.append(exists(_subject, _reader, _reader.c.subject_id == _subject.c.id, *named))
    return found


def _named_readers(actor: Actor, of_suspect: Clause) -> Clause:
    """Who is named is for the police, the network chair and the chairs; whoever is named sees that of themself."""
    own = [_reader.c.account_id == actor.account_id] if actor.account_id is not None else []
    deciding = sa.or_(sa.false(), *_members(actor), *_touched(actor, CHAIR_ROLES))
    all_named = _of_subject(networks.SuspectReader, sa.and_(of_suspect, deciding))
    return sa.or_(all_named, sa.and_(sa.or_(sa.false(), *own), _of_subject(networks.SuspectReader, of_suspect)))


def _touched(actor: Actor, roles: frozenset[Role]) -> list[Clause]:
    if not _holds(actor, roles):
        return []
    areas = in_areas(_area.c.area_id, actor.areas(roles))
    return [exists(_subject, _area, _area.c.subject_id == _subject.c.id, areas)]


def _holds(actor: Actor, roles: frozenset[Role]) -> bool:
    return actor.areas(roles) is None or bool(actor.areas(roles))


def _through_extract(model: type[Any], seen: Clause) -> Clause:
    own = model.__table__
    return exists(own, _extract, _extract.c.id == own.c.extract_id, seen)


def _of_subject(model: type[Any], seen: Clause) -> Clause:
    own = model.__table__
    return exists(own, _subject, _subject.c.id == own.c.subject_id, seen)


def _of_referral(model: type[Any], seen: Clause) -> Clause:
    own = model.__table__
    return exists(own, _referral, _referral.c.id == own.c.referral_id, seen)


def _end(model: type[Any], column: str, seen: Clause) -> Clause:
    own = model.__table__
    return exists(own, _subject, _subject.c.id == own.c[column], seen)


def _beside(model: type[Any], column: str, parent: type[Any], seen: Clause) -> Clause:
    own, other = model.__table__, parent.__table__
    return exists(own, other, other.c.id == own.c[column], _of_subject(parent, seen))
