"""The facts of a network meeting as its minutes keep them: plain values, complete, before anybody's copy is narrowed.

Beside each thing stand the ids of what it speaks of, by which a reader’s copy leaves out what they may not see.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency, RoleGrant
from meetings_app.accounts.queries import names_of
from meetings_app.actions.models import Action, ActionState
from meetings_app.children.models import Child
from meetings_app.meetings.attendance_facts import attendance_facts
from meetings_app.meetings.models import Presence
from meetings_app.meetings.network_models import MatterKind, NetworkItem, NetworkOutcome
from meetings_app.meetings.queries import attendance_of, present_agencies
from meetings_app.network_meetings import actions, matters
from meetings_app.network_meetings.items import decision_of, group_of, items_of
from meetings_app.network_meetings.presence import room_of
from meetings_app.networks import following
from meetings_app.networks.charmm import referrals_of
from meetings_app.networks.models import Disruption, DisruptionStep, NetworkReferral, Subject
from meetings_app.networks.states import DISRUPTION_STATES, SubjectKind
from meetings_app.permissions import Role
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import following_meeting


def facts_of(session: Session, office: Office, meeting: Meeting, *, quorate: bool) -> dict[str, Any]:
    """Give everything that the minutes of a closed network meeting say. To be called past the actor’s scope."""
    rules = office.partnership.network
    present = present_agencies(session, meeting.key)
    agencies = {row.code: row.name for row in session.scalars(select(Agency))}
    following = following_meeting(session, meeting)
    return {
        "kind": "network",
        "reference": meeting.reference,
        "held_on": meeting.held_on.isoformat(),
        "place": meeting.place,
        "statement": {
            "read_by": meeting.statement_read_by,
            "read_at": meeting.statement_read_at.isoformat() if meeting.statement_read_at else None,
        },
        "chairs": _chairs(session, meeting),
        "attendance": attendance_facts(session, meeting.key),
        "quorate": quorate,
        "quorum_missing": [agencies[code] for code in rules.quorum_agencies if code not in present],
        "expected_missing": [agencies[code] for code in rules.expected_agencies if code not in present],
        "notes": meeting.notes,
        "items": [_item(session, office, meeting, item) for item in items_of(session, meeting)],
        "next_meeting": (
            {"reference": following.reference, "held_on": following.held_on.isoformat()} if following else None
        ),
    }


def _chairs(session: Session, meeting: Meeting) -> list[dict[str, str]]:
    there = {line.account_id for line in attendance_of(session, meeting.key) if line.presence is Presence.PRESENT}
    rows: Any = session.execute(
        select(col(Account.id), col(Account.name), col(Agency.name).label("agency"))
        .join(RoleGrant, col(RoleGrant.account_id) == col(Account.id))
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .where(col(RoleGrant.role) == Role.NETWORK_CHAIR, col(RoleGrant.ended_at).is_(None))
        .distinct()
        .order_by(col(Account.name), col(Account.id))
    )
    return [{"name": row.name, "agency": row.agency} for row in rows if row.id in there]


def _item(session: Session, office: Office, meeting: Meeting, item: NetworkItem) -> dict[str, Any]:
    decided, ids, room = decision_of(session, item), group_of(item), room_of(session, meeting, item)
    known = {
        row.key: row
        for row in session.scalars(select(Subject).where(col(Subject.id).in_([*ids, decided.became_id or 0])))
    }
    referral = session.get(NetworkReferral, item.referral_id) if item.referral_id is not None else None
    head = known[item.subject_id] if item.subject_id is not None else None
    became = known.get(decided.became_id or 0)
    closed = decided.outcome is NetworkOutcome.CLOSED
    alike = sorted(following.alike(session, [*ids, *([became.key] if became else [])]))
    return {
        "number": item.number,
        "subject_id": item.subject_id,
        "referral_id": item.referral_id,
        "reference": head.reference if head else referral.reference if referral else "",
        "name": head.name if head else "",
        "kind": head.kind.value if head else "",
        "parts": [{"id": each, "reference": known[each].reference, "name": known[each].name} for each in item.parts],
        "suspects": [each for each in ids if known[each].kind is SubjectKind.SUSPECT],
        "reasons": item.reasons,
        "outcome": decided.outcome.value if decided.outcome else None,
        "discussion": decided.discussion,
        "about_suspects": decided.about_suspects,
        "rationale": decided.rationale,
        "put_off_reason": decided.put_off_reason,
        "became": {"id": became.key, "reference": became.reference, "name": became.name} if became else None,
        "next_review": decided.next_review_on.isoformat() if decided.next_review_on else None,
        "settled": [each for each in decided.settled.values() if each["open"]] if closed else [],
        "actions": _actions(session, item),
        "disruption": _disruption(session, office, meeting, alike),
        "charmm": _charmm(session, meeting, alike),
        "matters": _matters(session, item),
        "away": [f"{person.name}, {person.agency}" for person in room.people if not person.there],
        "out_of_room": [{"account_id": person.account_id} for person in room.people if not person.there],
    }


def _actions(session: Session, item: NetworkItem) -> list[dict[str, Any]]:
    rows = [action for action in actions.of_item(session, item) if action.state is not ActionState.PROPOSED]
    names = names_of(session, [action.owner_id for action in rows])
    agencies = {row.id: row.name for row in session.scalars(select(Agency))}
    return [
        {
            "reference": action.reference, "what": action.what, "agency": agencies[action.agency_id],
            "owner": names[action.owner_id], "owner_id": action.owner_id, "due": action.due_on.isoformat(),
            "subject_id": action.subject_id,
        }
        for action in rows
    ]  # fmt: skip


def _disruption(session: Session, office: Office, meeting: Meeting, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Give the steps of disruption that were recorded while the meeting was held: they were decided there."""
    labels = office.partnership.disruption.labels
    rows: Any = session.execute(
        select(
            col(Disruption.reference), col(Disruption.tactic), col(Disruption.subject_id), col(DisruptionStep.state),
            col(DisruptionStep.text),
        )
        .join(DisruptionStep, col(DisruptionStep.disruption_id) == col(Disruption.id))
        .where(col(Disruption.subject_id).in_(ids), col(DisruptionStep.at) >= meeting.started_at)
        .order_by(col(DisruptionStep.id))
    )  # fmt: skip
    return [
        {
            "reference": row.reference, "tactic": labels.get(row.tactic, row.tactic), "subject_id": row.subject_id,
            "state": DISRUPTION_STATES[row.state], "text": row.text,
        }
        for row in rows
    ]  # fmt: skip


def _charmm(session: Session, meeting: Meeting, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Give the referrals of suspects to CHaRMMs that were recorded while the meeting was held."""
    return [
        {"reference": row.reference, "district": row.district, "subject_id": row.subject_id, "why": row.why}
        for row in referrals_of(session, ids)
        if meeting.started_at is not None and row.recorded_at >= meeting.started_at
    ]


def _matters(session: Session, item: NetworkItem) -> list[dict[str, Any]]:
    kept = []
    for matter in matters.of_item(session, item):
        rmm = session.get(Meeting, matter.meeting_id) if matter.meeting_id is not None else None
        action = session.get(Action, matter.action_id) if matter.action_id is not None else None
        to = rmm.reference if rmm else action.reference if action else ""
        kept.append(
            {
                "child_id": matter.child_id, "child": session.get_one(Child, matter.child_id).reference,
                "how": "As an action" if matter.kind is MatterKind.ACTION else "To the RMM", "to": to,
                "text": matter.text,
            }
        )  # fmt: skip
    return kept
