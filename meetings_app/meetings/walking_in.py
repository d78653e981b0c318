"""Somebody who walks in to a meeting and has an account: who it may be is offered, and a person says who it is."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState
from meetings_app.children.matching import names_alike
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.meetings import queries
from meetings_app.meetings.models import Attendance
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import AttendanceLine, attendance_digest, check_may_record, set_attendance
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.queries import Person, everybody, invited

TELL_APART = "Add to the name what tells the two apart"


def who_it_may_be(session: Session, name: str) -> list[Person]:
    """Give the people with an account whose name is like one that was typed, by agency and name. Our default.

    They are of any agency, for whoever types may have chosen the wrong one.
    """
    return [person for person in everybody(session) if names_alike(person.name, name)]


def there_alike(session: Session, meeting: Meeting, line: AttendanceLine) -> list[queries.Attendant]:
    """Give who of the same agency is recorded without an account under nearly the name of a line. Our default.

    Whoever is recorded under that very name is recorded anew, and is not asked about.
    """
    recorded = [each for each in queries.attendance_of(session, meeting.key) if each.account_id is None]
    if recorded_as(recorded, line) is not None:
        return []
    return [each for each in recorded if each.agency_id == line.agency_id and names_alike(each.name, line.name)]


def with_account(session: Session, line: AttendanceLine, account_id: int) -> AttendanceLine:
    """Give a line as that of somebody with an account: under the name and the agency of the account."""
    account = session.scalars(
        select(Account).where(col(Account.id) == account_id, col(Account.state) != AccountState.DISABLED)
    ).one()
    return replace(line, account_id=account.key, name=account.name, agency_id=account.agency_id)


def add_person(
    session: Session, by: Actor, now: datetime, meeting: Meeting, line: AttendanceLine, seen: str,
    beside: Sequence[AttendanceLine] = (), off: Collection[tuple[int, str]] = (), members: str | None = None,
) -> None:  # fmt: skip
    """Record one person more, or anew, as `set_attendance` does; `seen` is the digest that was on the page.

    `beside` are those who are recorded with them, `off` those who are taken off, by agency and name; `members` is the
    digest that these were chosen beside, `seen` where it is None. Raises `Conflict` where somebody else has recorded
    that very person otherwise since, or anybody where there are some `beside` or `off`; `RuleBroken` where the name
    is that of somebody else who is recorded, and as it does.
    """
    check_may_record(by, meeting)
    lock(session, meeting)
    recorded = queries.attendance_of(session, meeting.key)
    theirs = recorded_as([each for each in recorded if (each.agency_id, each.name) not in off], line)
    if theirs is not None and theirs.account_id not in (None, line.account_id):
        raise RuleBroken("name", f"Somebody else of this name and agency is recorded. {TELL_APART}")
    if line.account_id is None and any(person.name == line.name.strip() for person in everybody(session)):
        raise RuleBroken("name", f"Somebody with an account has this name. {TELL_APART}")
    read = seen if members is None else members
    said_otherwise = theirs is not None and (theirs.presence, theirs.note) != (line.presence, line.note.strip())
    if said_otherwise and seen != attendance_digest(recorded):
        raise Conflict("Somebody else recorded this person first.", field="name")
    set_attendance(session, by, now, meeting, [*beside, line], read if beside or off else None, off)


def recorded_as(recorded: Sequence[queries.Attendant], line: AttendanceLine) -> queries.Attendant | None:
    """Give how the person of a line is recorded: the same account, or the same agency and name, or None."""
    own = (row for row in recorded if line.account_id is not None and row.account_id == line.account_id)
    same = (row for row in recorded if (row.agency_id, row.name) == (line.agency_id, line.name.strip()))
    return next(own, None) or next(same, None)


def taking_part(session: Session, by: Actor, meeting: Meeting) -> list[tuple[int, str]]:
    """Give id and name of everybody with an account who takes part, by name.

    That is whoever is invited, whoever is recorded on the attendance, and `by`, who records the meeting.
    """
    people = {person.key: person.name for person in invited(session, meeting.key)}
    recorded = select(Account).join(Attendance, col(Attendance.account_id) == col(Account.id))
    for person in session.scalars(recorded.where(col(Attendance.meeting_id) == meeting.key)):
        people[person.key] = person.name
    if by.account_id is not None:
        people[by.account_id] = by.name
    return sorted(people.items(), key=lambda person: (person[1], person[0]))
