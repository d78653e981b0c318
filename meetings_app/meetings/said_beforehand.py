"""What agencies said beforehand of who comes, as the proposal of a meeting's attendance: shown, and never recorded."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from meetings_app.meetings.models import Presence
from meetings_app.preparing.queries import AttendanceShown, attendance_for
from meetings_app.preparing.rules import Attending


def said_beforehand(session: Session, meeting_id: int) -> dict[int, AttendanceShown]:
    """Give by agency what it said last of how it attends, as far as the reader may see it."""
    return {agency_id: versions[-1] for agency_id, versions in attendance_for(session, meeting_id).items()}


def proposed(said: Mapping[int, AttendanceShown], members: Sequence[tuple[int, int]]) -> dict[int, Presence]:
    """Give by account what the form starts from, for `members` by account and agency. Our default.

    Apologies are those of all its people. Somebody who comes is proposed only where it is plain who: the deputy who is
    named, or the one person of the agency who is invited.
    """
    found: dict[int, Presence] = {}
    for account_id, agency_id in members:
        word = said.get(agency_id)
        if word is None:
            continue
        alone = sum(1 for _account, other in members if other == agency_id) == 1
        if word.attending is Attending.APOLOGIES:
            found[account_id] = Presence.APOLOGIES
        elif word.deputy_id == account_id or (word.attending is Attending.COMING and alone):
            found[account_id] = Presence.PRESENT
    return found
