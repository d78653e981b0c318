"""How each agency comes to a meeting: what it said on its page, and what its people answered to their invites.

They are two ways to answer one question, so the later of the two counts (our default).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState
from meetings_app.preparing.queries import AttendanceShown, attendances
from meetings_app.preparing.rules import Attending
from meetings_app.schedule.models import Meeting, MeetingMember, Reply, ReplySource


@dataclass(frozen=True)
class InviteAnswer:
    """What one invited person answered; `at` is None until then. `late`: once the meeting had begun."""

    account_id: int
    agency_id: int
    name: str
    reply: Reply
    reply_source: ReplySource = ReplySource.NONE
    replied_at: datetime | None = None
    deputy_id: int | None = None
    deputy: str = ""
    late: bool = False


@dataclass
class WhoComes:
    """Both kinds of answers for one meeting, by agency, and which of them counts."""

    said: dict[int, AttendanceShown] = field(default_factory=dict)
    """What each agency said last on its page, for the date and time that hold."""
    outdated: dict[int, AttendanceShown] = field(default_factory=dict)
    """What it said last for another date or time."""
    invites: dict[int, list[InviteAnswer]] = field(default_factory=dict)

    def of(self, agency_id: int) -> AttendanceShown | None:
        """Give how one agency comes, or None while neither answer says it."""
        return counting(self.said.get(agency_id), self.invites.get(agency_id, ()))

    @property
    def by_agency(self) -> dict[int, AttendanceShown]:
        """How each agency comes of which it is known."""
        found = {agency_id: self.of(agency_id) for agency_id in {*self.said, *self.invites}}
        return {agency_id: comes for agency_id, comes in found.items() if comes is not None}

    @property
    def apologies(self) -> set[int]:
        """The agencies from which nobody comes: they sent apologies, or everybody invited of them has declined."""
        return {agency_id for agency_id, comes in self.by_agency.items() if comes.attending is Attending.APOLOGIES}

    def own_answers(self, agency_id: int) -> list[InviteAnswer]:
        """Give the answers to invites that came after what the agency said on its page."""
        return _later(self.said.get(agency_id), self.invites.get(agency_id, ()))


def counting(said: AttendanceShown | None, answers: Sequence[InviteAnswer]) -> AttendanceShown | None:
    """Give how an agency comes: what it said last on its page, or what its invited people answered later.

    One person who accepts, or else who sends a deputy, answers for the agency. Who declines does so once everybody of
    it has, or as the deputy whom the agency named. “Perhaps” settles nothing. Our defaults.
    """
    later = [one for one in _later(said, answers) if not _deputy_declined(one, answers)]
    for reply, attending in ((Reply.ACCEPTED, Attending.COMING), (Reply.DEPUTY, Attending.DEPUTY)):
        given = [one for one in later if one.reply is reply]
        if given:
            return _shown(given[-1], attending, said)
    declined = [one for one in later if one.reply is Reply.DECLINED]
    if declined and all(one.reply is Reply.DECLINED or _deputy_declined(one, answers) for one in answers):
        return _shown(declined[-1], Attending.APOLOGIES, said)
    if said is not None and said.deputy_id in {one.account_id for one in declined}:
        return None
    return said


def who_comes(session: Session, meeting_ids: Collection[int]) -> dict[int, WhoComes]:
    """Give by meeting how each agency comes, as far as the reader may see what agencies said."""
    found = {meeting_id: WhoComes() for meeting_id in meeting_ids}
    since = dict.fromkeys(meeting_ids, 0)
    for row in session.execute(_members(meeting_ids)):
        since[row.meeting_id] = max(since[row.meeting_id], row.reply_sequence)
        if row.removed_at is None and row.state is not AccountState.DISABLED:
            late = bool(row.started_at and row.replied_at and row.replied_at >= row.started_at)
            found[row.meeting_id].invites.setdefault(row.agency_id, []).append(
                InviteAnswer(
                    row.account_id, row.agency_id, row.name, row.reply, row.reply_source, row.replied_at,
                    row.deputy_id, row.deputy or row.deputy_name, late,
                )
            )  # fmt: skip
    for meeting_id, by_agency in attendances(session, meeting_ids).items():
        for agency_id, versions in by_agency.items():
            holds, outdated = found[meeting_id].said, found[meeting_id].outdated
            last = versions[-1]
            (outdated if _is_outdated(last, since[meeting_id]) else holds)[agency_id] = last
    return found


def who_comes_to(session: Session, meeting_id: int) -> WhoComes:
    """Give how each agency comes to one meeting."""
    return who_comes(session, [meeting_id])[meeting_id]


def _is_outdated(said: AttendanceShown, since: int) -> bool:
    """Whether it was said before the date or time changed; one of before this was kept is taken to hold."""
    return said.sequence is not None and said.sequence < since


def _later(said: AttendanceShown | None, answers: Sequence[InviteAnswer]) -> list[InviteAnswer]:
    """Give the answers that came after what was said on the page, oldest first."""
    dated = [(one.replied_at, place, one) for place, one in enumerate(answers) if one.replied_at is not None]
    return [one for at, _place, one in sorted(dated) if said is None or at > said.said_at]


def _deputy_declined(sent: InviteAnswer, answers: Sequence[InviteAnswer]) -> bool:
    """Whether somebody sends a deputy who has declined since."""
    if sent.reply is not Reply.DEPUTY or sent.replied_at is None:
        return False
    return any(
        one.account_id == sent.deputy_id and one.reply is Reply.DECLINED and one.replied_at is not None
        and one.replied_at >= sent.replied_at
        for one in answers
    )  # fmt: skip


def _shown(answer: InviteAnswer, attending: Attending, said: AttendanceShown | None) -> AttendanceShown:
    """Give an answer to an invite as what an agency says; an update that it sent is not lost by it."""
    assert answer.replied_at is not None
    sends = attending is Attending.DEPUTY
    return AttendanceShown(
        answer.agency_id, 0, attending, answer.deputy_id if sends else None, answer.deputy if sends else "",
        said.update_text if said else "", answer.replied_at, answer.name, answer.late, by_invite=True,
    )  # fmt: skip


def _members(meeting_ids: Collection[int]) -> Any:
    deputy = aliased(Account)
    return (
        select(
            col(MeetingMember.meeting_id), col(MeetingMember.account_id), col(Account.agency_id), col(Account.name),
            col(Account.state), col(MeetingMember.reply), col(MeetingMember.reply_source),
            col(MeetingMember.reply_sequence), col(MeetingMember.replied_at), col(MeetingMember.removed_at),
            col(MeetingMember.deputy_id), col(MeetingMember.deputy_name), col(deputy.name).label("deputy"),
            col(Meeting.started_at),
        )
        .join(Account, col(Account.id) == col(MeetingMember.account_id))
        .join(Meeting, col(Meeting.id) == col(MeetingMember.meeting_id))
        .outerjoin(deputy, col(deputy.id) == col(MeetingMember.deputy_id))
        .where(col(MeetingMember.meeting_id).in_(meeting_ids))
        .order_by(col(Account.name), col(Account.id))
    )  # fmt: skip
