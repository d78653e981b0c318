"""Corrections of the minutes of a network meeting: asked for as at an RMM; accepted, they make the next version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from meetings_app.accounts.queries import names_of
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.minutes import locked_numbers
from meetings_app.minutes import issuing, queries
from meetings_app.minutes.models import Answered, MinutesCorrection
from meetings_app.minutes.page import may_ask
from meetings_app.minutes.queries import CorrectionShown
from meetings_app.network_meetings.minutes import put_right
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office


@dataclass(frozen=True)
class Asked:
    """The corrections that a reader sees, and whether they may ask for one until `until`."""

    corrections: Sequence[CorrectionShown]
    until: date | None
    may_propose: bool
    editable: bool = True


def asked_of(session: Session, by: Actor, meeting: Meeting, today: date) -> Asked:
    """Give the corrections of a meeting’s minutes: all of them to the network chair, their own to others."""
    issue, locked = queries.last_issue(session, meeting.key), locked_numbers(session, meeting.key)
    until = issue.until if issue else None
    may = may_ask(session, by, meeting.key, until, today, locked=bool(locked))
    return Asked(apart_at(session, by, meeting).shown(queries.corrections_of(session, meeting.key)), until, may)


def accept(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, correction: MinutesCorrection,
    number: int, texts: Mapping[str, str],
) -> None:  # fmt: skip
    """Accept a correction: `texts` are the words of the item with the correction in, and make the next version.

    For the network chair. Whoever asked for it is told by mail that it is answered. Raises as `put_right`, and
    `Conflict` where it is answered.
    """
    issuing.check_may_answer(by, meeting, correction)
    apart_at(session, by, meeting).check(next(iter(texts)), correction.text)
    who = names_of(session, [correction.proposed_by_id])[correction.proposed_by_id]
    why = f"A correction that {who} asked for"
    put_right(session, by, now, meeting, number, correction.item, texts, why, correction.key)
    issuing.answer(session, by, now, office, meeting, correction, Answered.ACCEPTED)
