"""Who reads which versions of the minutes: a draft is for those who attended, from its issue on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.accounts.queries import actors_of
from meetings_app.meetings.minutes import locked_numbers, numbers_of
from meetings_app.meetings.minutes_room import is_reader
from meetings_app.meetings.models import Attendance, Minutes, MinutesStep, Presence, StepKind
from meetings_app.meetings.queries import Attendant, attendance_of
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.models import Meeting, MeetingType
from meetings_app.schedule.queries import find_meeting, invited


def attended(session: Session, meeting_id: int) -> frozenset[int]:
    """Give the accounts that attended the meeting: those in the room.

    A draft is for each person the items they attended; who only sent a report attended none (our default).
    """
    rows = session.scalars(
        select(col(Attendance.account_id)).where(
            col(Attendance.meeting_id) == meeting_id, col(Attendance.presence) == Presence.PRESENT
        )
    )
    return frozenset(account_id for account_id in rows if account_id is not None)


def told_of_the_draft(session: Session, meeting: Meeting) -> list[Account]:
    """Give who is told that a draft can be read, by id: who attended, and may open it here."""
    there = actors_of(session, attended(session, meeting.key), set_up=False)
    able = {by.account_id for by in there if opens(by, meeting)}
    if meeting.type is MeetingType.NETWORK:
        # Whoever is not invited to a network meeting does not find it, but for its chair, who is.
        able &= {person.key for person in invited(session, meeting.key)}
    return list(session.scalars(select(Account).where(col(Account.id).in_(able)).order_by(col(Account.id))))


def opens(by: Actor, meeting: Meeting) -> bool:
    """Whether somebody may open the pages of a meeting: to have been there opens nothing."""
    if meeting.type is MeetingType.NETWORK:
        return by.may(Permission.SEE_NETWORKS)
    return by.may(Permission.SEE_AGENDA, meeting.area_id)


@dataclass(frozen=True)
class DraftGoesTo:
    """To whom a draft goes: accounts that are sent it, and who was in the room and is given it by hand."""

    sent: Sequence[Account]
    by_hand: Sequence[Attendant]


def draft_goes_to(session: Session, meeting: Meeting) -> DraftGoesTo:
    """Give to whom a draft goes; whoever was in the room and may open no minutes here is named, and not forgotten."""
    sent = told_of_the_draft(session, meeting)
    able = {each.key for each in sent}
    there = [each for each in attendance_of(session, meeting.key) if each.presence is Presence.PRESENT]
    return DraftGoesTo(sent, [each for each in there if each.account_id not in able])


def reads_every_version(by: Actor, meeting: Meeting) -> bool:
    """Whether somebody reads the draft before it is issued: who records the meeting (our default, as `domain.md`)."""
    if meeting.type is MeetingType.NETWORK:
        return by.may(Permission.DECIDE_NETWORKS)
    return by.may(Permission.RECORD_MEETING, meeting.area_id)


def versions_for(session: Session, by: Actor, meeting: Meeting) -> list[int]:
    """Give the numbers of the versions that a reader may open, in order; each copy is narrowed to its reader besides.

    What is signed is for everybody who may open the meeting, what was issued for those who attended, and every version
    for whoever records the meeting.
    """
    if reads_every_version(by, meeting):
        return numbers_of(session, meeting.key)
    found = set(locked_numbers(session, meeting.key))
    if by.account_id in attended(session, meeting.key):
        found |= set(issued_numbers(session, meeting.key))
    return sorted(found)


def missed_by(by: Actor, meeting: Meeting, minutes: Minutes) -> frozenset[str]:
    """Give the numbers of the items of a draft that a reader was out of the room for: each gets what they attended.

    What is signed by whoever signs it, and what whoever records the meeting reads, holds every item (our default).
    """
    if by.account_id is None or minutes.second_signed_at is not None or reads_every_version(by, meeting):
        return frozenset()
    items = minutes.facts["items"]
    return frozenset(
        item["number"]
        for item in items
        if any(is_reader(person, by.account_id) for person in item.get("out_of_room", ()))
    )


def minutes_to_open(session: Session, by: Actor, references: Iterable[str]) -> frozenset[str]:
    """Give those of these meetings whose minutes the reader may open in some version."""
    meetings = [found for reference in references if (found := find_meeting(session, reference))]
    return frozenset(meeting.reference for meeting in meetings if versions_for(session, by, meeting))


def issued_numbers(session: Session, meeting_id: int) -> list[int]:
    """Give the numbers of the versions that were issued to those who attended."""
    return list(
        session.scalars(
            select(col(MinutesStep.number))
            .where(col(MinutesStep.meeting_id) == meeting_id, col(MinutesStep.kind) == StepKind.ISSUED)
            .order_by(col(MinutesStep.id))
        )
    )
