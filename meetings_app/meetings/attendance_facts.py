"""Who attended a meeting and of whom nothing is recorded, as the checks before closing and the minutes say it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from meetings_app.accounts import queries as people
from meetings_app.accounts.models import Account
from meetings_app.errors import RuleBroken
from meetings_app.meetings import queries
from meetings_app.meetings.models import Presence
from meetings_app.schedule.queries import invited

NOT_RECORDED = "not_recorded"
"""How somebody attended of whom the meeting recorded nothing."""


def unrecorded(session: Session, meeting_id: int) -> list[Account]:
    """Give the members of whose attendance nothing is recorded, by agency and name."""
    there = queries.attendance_of(session, meeting_id)
    accounts, named = {line.account_id for line in there}, {(line.agency_id, line.name) for line in there}
    left = [
        person
        for person in invited(session, meeting_id)
        if person.key not in accounts and (person.agency_id, person.name) not in named
    ]
    return sorted(left, key=lambda person: (person.agency_id, person.name, person.key))


def check_attendance(session: Session, meeting_id: int, despite: str) -> str:
    """Give why a meeting is closed though nobody’s attendance is recorded, empty where somebody’s is (our default).

    The reason stands in the minutes. Raises `RuleBroken` for `despite`.
    """
    if queries.attendance_of(session, meeting_id):
        return ""
    if not despite.strip():
        raise RuleBroken("despite", "Record who attended, or enter why nobody’s attendance is recorded")
    return despite.strip()


def attendance_facts(session: Session, meeting_id: int, expected: Sequence[str] = ()) -> list[dict[str, str]]:
    """Give who attended and how, and the members of whom nothing is recorded.

    An agency of `expected` of which nothing was heard is absent without apology, and said.
    """
    agencies = {agency.id: agency for agency in people.agencies(session)}
    names = {agency.code: agency.name for agency in agencies.values()}
    there = queries.attendance_of(session, meeting_id)
    heard = {line.agency_code for line in there}
    silent = [code for code in expected if code not in heard]
    left = [(agencies[person.agency_id].name, person.name) for person in unrecorded(session, meeting_id)]
    return [
        *({"agency": line.agency, "name": line.name, "how": line.presence.value, "note": line.note} for line in there),
        *({"agency": names[code], "name": "Nobody", "how": Presence.ABSENT.value, "note": ""} for code in silent),
        *({"agency": agency, "name": name, "how": NOT_RECORDED, "note": ""} for agency, name in left),
    ]
