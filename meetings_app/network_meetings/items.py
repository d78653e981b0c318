"""Reads of the items of a network meeting: whole, as they were published, and as far as a reader may see them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action
from meetings_app.db.session import unscoped
from meetings_app.meetings.item_scope import whole_agenda
from meetings_app.meetings.network_models import NetworkDecision, NetworkItem, NetworkOutcome
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.network_meetings.agenda import Draft, DraftItem, assembled
from meetings_app.network_meetings.drafting import draft_of
from meetings_app.network_meetings.facts import Code, Reason
from meetings_app.networks.models import NetworkReferral, NetworkReferralChild, Subject, SubjectChild
from meetings_app.networks.record_models import PassedAction
from meetings_app.networks.states import SubjectKind
from meetings_app.networks.young import kind_words, young_of
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office


@dataclass(frozen=True)
class Seen:
    """What a reader may see of what some items speak of: subjects and referrals by id, and the ids of children."""

    subjects: dict[int, Any]
    referrals: dict[int, Any]
    children: frozenset[int]
    young: frozenset[int]

    def kind_of(self, subject_id: int, kind: SubjectKind) -> str:
        """Give what a subject is, in words; a child is never called a suspect."""
        return kind_words(kind, subject_id in self.young)

    def shows(self, subject_id: int | None, referral_id: int | None) -> bool:
        """Say whether an item about this is shown; else it is a numbered stub."""
        return subject_id in self.subjects or referral_id in self.referrals

    def reasons(self, reasons: Iterable[Any]) -> list[Any]:
        """Give the reasons that speak of nothing hidden."""
        return [
            each
            for each in reasons
            if set(each.subjects) <= self.subjects.keys() and set(each.children) <= self.children
        ]


def agenda_of(session: Session, office: Office, meeting: Meeting, now: datetime) -> Draft:
    """Give the whole agenda as it stands: the draft until it is published, from then on what was published."""
    if meeting.state in BEFORE_PUBLISHING:
        return draft_of(session, office, meeting, now)
    return assembled(office.partnership.network.sections, stored_items(session, meeting), meeting.minutes)


def stored_items(session: Session, meeting: Meeting) -> list[DraftItem]:
    """Give every published item, in the order of the agenda, whoever reads; the page narrows them."""
    with whole_agenda(session):
        rows = session.execute(
            select(NetworkItem, col(Subject.reference), col(NetworkReferral.reference))
            .outerjoin(Subject, col(Subject.id) == col(NetworkItem.subject_id))
            .outerjoin(NetworkReferral, col(NetworkReferral.id) == col(NetworkItem.referral_id))
            .where(col(NetworkItem.meeting_id) == meeting.key)
            .order_by(col(NetworkItem.place))
        ).all()
    return [_as_drafted(row[0], row[1] or row[2]) for row in rows]


def _as_drafted(item: NetworkItem, reference: str) -> DraftItem:
    return DraftItem(
        reference, item.section, item.minutes, tuple(read_reason(each) for each in item.reasons), item.subject_id,
        item.referral_id, tuple(item.parts), item.late, item.number,
    )  # fmt: skip


def read_reason(kept: dict[str, Any]) -> Reason:
    """Read a reason as an item or the minutes keep it."""
    return Reason(Code(kept["code"]), kept["text"], kept["late"], tuple(kept["subjects"]), tuple(kept["children"]))


def kept_reason(reason: Reason) -> dict[str, Any]:
    """Give a reason as an item keeps it."""
    return {
        "code": reason.code.value, "text": reason.text, "late": reason.late, "subjects": list(reason.subjects),
        "children": list(reason.children),
    }  # fmt: skip


def seen_of(
    session: Session, day: date, subject_ids: Collection[int], referral_ids: Collection[int],
    child_ids: Collection[int],
) -> Seen:  # fmt: skip
    """Give what the session’s reader may see of these, in six statements at most; who is under 18 on `day`."""
    subjects: Any = select(col(Subject.id), col(Subject.reference), col(Subject.name), col(Subject.kind))
    referrals: Any = select(col(NetworkReferral.id), col(NetworkReferral.reference))
    named = select(col(SubjectChild.child_id)).where(col(SubjectChild.child_id).in_(child_ids)).distinct()
    referred = select(col(NetworkReferralChild.child_id)).where(col(NetworkReferralChild.child_id).in_(child_ids))
    passed: Any = select(col(Action.child_id)).join(PassedAction, col(PassedAction.action_id) == col(Action.id))
    # Who reads that an action was passed on reads of its child there, after the watch has ended, too.
    passed = passed.where(col(Action.child_id).in_(child_ids)).execution_options(**unscoped("action"))
    found = {row.id: row for row in session.execute(subjects.where(col(Subject.id).in_(subject_ids)))}
    return Seen(
        found,
        {row.id: row for row in session.execute(referrals.where(col(NetworkReferral.id).in_(referral_ids)))},
        frozenset([*session.scalars(named), *session.scalars(referred), *session.scalars(passed)])
        if child_ids
        else frozenset(),
        frozenset(young_of(session, [key for key, row in found.items() if row.kind is SubjectKind.SUSPECT], day)),
    )


def seen_of_items(session: Session, meeting: Meeting, items: Sequence[DraftItem]) -> Seen:
    """Give what the reader may see of everything that these items of a meeting speak of."""
    subjects = {item.subject_id for item in items if item.subject_id} | {part for item in items for part in item.parts}
    subjects |= {each for item in items for reason in item.reasons for each in reason.subjects}
    children = {each for item in items for reason in item.reasons for each in reason.children}
    referrals = {item.referral_id for item in items if item.referral_id}
    return seen_of(session, meeting.held_on, subjects, referrals, children)


def find_item(session: Session, meeting: Meeting, number: str) -> NetworkItem | None:
    """Give an item by its number, or None where there is none or the reader may not see it."""
    return session.scalars(
        select(NetworkItem).where(col(NetworkItem.meeting_id) == meeting.key, col(NetworkItem.number) == number)
    ).first()


def items_of(session: Session, meeting: Meeting) -> list[NetworkItem]:
    """Give the items that the reader may see, in the order of the agenda."""
    statement = select(NetworkItem).where(col(NetworkItem.meeting_id) == meeting.key)
    return list(session.scalars(statement.order_by(col(NetworkItem.place))))


def decision_of(session: Session, item: NetworkItem) -> NetworkDecision:
    """Give what is recorded on an item; for whoever records the meeting."""
    return session.scalars(select(NetworkDecision).where(col(NetworkDecision.item_id) == item.key)).one()


def outcomes_of(session: Session, meeting: Meeting) -> dict[str, NetworkOutcome | None]:
    """Give by number what was decided, of every item: numbers and outcomes hold nothing of what an item is about."""
    with whole_agenda(session):
        rows = session.execute(
            select(col(NetworkItem.number), col(NetworkDecision.outcome))
            .join(NetworkDecision, col(NetworkDecision.item_id) == col(NetworkItem.id))
            .where(col(NetworkItem.meeting_id) == meeting.key)
        )
        return {row[0]: row[1] for row in rows}


def group_of(item: NetworkItem) -> list[int]:
    """Give the ids of the subject of an item and of those grouped beneath it."""
    return [*([item.subject_id] if item.subject_id is not None else []), *item.parts]
