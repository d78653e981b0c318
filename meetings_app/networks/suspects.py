"""Who may read about a suspect: the police name them, with a reason; and the child's record of one under 18."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState
from meetings_app.accounts.queries import actor_of
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.db.session import acting_for
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.networks.checks import check_may_change, check_stands, is_police
from meetings_app.networks.history import keep, said_now
from meetings_app.networks.models import Subject, SuspectReader, SuspectRecord
from meetings_app.networks.states import SubjectKind
from meetings_app.permissions import Actor, Permission


def name_reader(
    session: Session, by: Actor, now: datetime, subject: Subject, account: Account | None, why: str
) -> SuspectReader:
    """Let somebody read about a suspect from now on. For the police. Raises `RuleBroken` for `account` or `why`.

    Refused is whoever would not open the record all the same: by their role, or for a conflict of interest.
    """
    check_police(session, by, subject)
    check_stands(subject)
    if account is None or account.state is not AccountState.ACTIVE:
        raise RuleBroken("account", "Choose somebody with an account that is in use")
    if not why.strip():
        raise RuleBroken("why", "Enter why this person needs to know")
    known = select(col(SuspectReader.id)).where(
        col(SuspectReader.subject_id) == subject.key, col(SuspectReader.account_id) == account.key,
        col(SuspectReader.ended_at).is_(None),
    )  # fmt: skip
    if session.scalar(known) is not None:
        raise RuleBroken("account", "This person is named already")
    reader = SuspectReader(
        subject_id=subject.key, account_id=account.key, why=why.strip(), named_at=now, named_by_id=by.account_id
    )
    with session.begin_nested():
        session.add(reader)
        session.flush()
        if not _reads(session, account.key, subject):
            raise RuleBroken("account", "This person’s role, or a conflict of interest, keeps the record from them")
    record(
        session, by, now, EventKind.SUSPECT_READER_CHANGED, subject=subject.reference, account=account.key,
        change="named",
    )  # fmt: skip
    return reader


def _reads(session: Session, account_id: int, subject: Subject) -> bool:
    """Say whether somebody, as they are named now, opens the record of a suspect."""
    person = actor_of(session, account_id)
    if person is None or not person.may(Permission.SEE_NETWORKS):
        return False
    with acting_for(session, person):
        return session.scalar(select(col(Subject.id)).where(col(Subject.id) == subject.key)) is not None


def end_reader(session: Session, by: Actor, now: datetime, subject: Subject, reader: SuspectReader) -> None:
    """Let somebody no longer read about a suspect. For the police. Raises `Conflict` where that has happened."""
    check_police(session, by, subject)
    if reader.ended_at is not None:
        raise Conflict("Somebody else has ended this already.")
    reader.ended_at = now
    session.flush()
    record(
        session, by, now, EventKind.SUSPECT_READER_CHANGED, subject=subject.reference, account=reader.account_id,
        change="no longer named",
    )  # fmt: skip


def name_own_record(session: Session, by: Actor, now: datetime, subject: Subject, child: Child) -> None:
    """Say which child's record is that of a suspect under 18, who is safeguarded there in their own right (SG)."""
    check_may_change(session, by, subject)
    check_stands(subject)
    if subject.kind is not SubjectKind.SUSPECT:
        raise NotFound
    own = session.scalars(select(SuspectRecord).where(col(SuspectRecord.subject_id) == subject.key)).one()
    before = said_now(session, subject)
    own.child_id = child.key
    keep(session, by, now, subject, before)
    record(session, by, now, EventKind.SUBJECT_CHANGED, subject=subject.reference, change="a record of their own")


def check_police(session: Session, by: Actor, subject: Subject) -> None:
    """Raise `NotFound` unless it is a suspect and the person is of the police, who say who knows of one."""
    check_may_change(session, by, subject)
    if subject.kind is not SubjectKind.SUSPECT or not (by.everything or is_police(session, by)):
        raise NotFound
