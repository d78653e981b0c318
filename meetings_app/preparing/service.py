"""Changes to what an agency says before a meeting: drafts kept, information sent, attendance said."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import Conflict, NotFound
from meetings_app.permissions import Actor, Permission
from meetings_app.preparing import queries
from meetings_app.preparing.models import AgencyAttendance, AttendanceDraft, InformationDraft, InformationSent
from meetings_app.preparing.rules import Attendance, Information, check_attendance, check_information, check_taken
from meetings_app.preparing.who_comes import who_comes_to
from meetings_app.schedule.models import Meeting

_CHANGED = "Somebody else of your agency saved this after you opened the page."


def check_may_answer(by: Actor, meeting: Meeting) -> tuple[int, int]:
    """Give the person's agency and the area of the meeting. Raises `NotFound` for whoever answers for no agency there.

    Members of the area answer, each for their own agency; domain.md, “Confidentiality”.
    """
    area_id, agency_id = meeting.area_id, by.agency_id
    if area_id is None or agency_id is None or not by.may(Permission.ANSWER_FOR_AGENCY, area_id):
        raise NotFound
    return agency_id, area_id


def save_draft(
    session: Session, by: Actor, now: datetime, meeting: Meeting, child_id: int, opened_at: int, said: Information
) -> InformationDraft:
    """Keep what is being written about a child, whole or not; `opened_at` is the version the person began from.

    For people of an agency who answer in the area and see the child; the caller has read the child in their scope.
    Raises `Conflict` where somebody else of the agency saved since, `DomainError` once the meeting is closed.
    """
    agency_id, area_id = check_may_answer(by, meeting)
    check_taken(meeting.state)
    draft = queries.drafts_of(session, meeting.key, agency_id).get(child_id)
    if (draft.version if draft else 0) != opened_at:
        raise Conflict(_CHANGED)
    if draft is None:
        draft = InformationDraft(
            meeting_id=meeting.key, child_id=child_id, agency_id=agency_id, area_id=area_id, changed_at=now
        )
    draft.answer, draft.facts, draft.opinion = said.answer, said.facts, said.opinion
    draft.source, draft.reason = said.source, said.reason
    draft.changed_at, draft.changed_by_id = now, by.account_id
    session.add(draft)
    session.flush()
    record(session, by, now, EventKind.INFORMATION_DRAFTED, child_id, meeting=meeting.reference)
    return draft


def send(
    session: Session, by: Actor, now: datetime, meeting: Meeting, child_id: int, said: Information
) -> InformationSent | None:
    """Send what an agency says about a child as its next version; None where it was sent like this already.

    Once the meeting has begun it is marked late, and what was sent before stays beside it. Raises `RuleBroken` for what
    is not whole, `DomainError` once the meeting is closed.
    """
    agency_id, area_id = check_may_answer(by, meeting)
    late = check_taken(meeting.state)
    check_information(said)
    earlier = queries.sent_for(session, meeting.key, agency_id=agency_id, child_id=child_id)
    versions = earlier.get(child_id, {}).get(agency_id, ())
    told = said.told
    if versions and versions[-1].information == told:
        return None
    sent = InformationSent(
        meeting_id=meeting.key, child_id=child_id, agency_id=agency_id, area_id=area_id, number=len(versions) + 1,
        **vars(told), sent_at=now, sent_by_id=by.account_id, late=late,
    )  # fmt: skip
    session.add(sent)
    session.flush()
    record(session, by, now, EventKind.INFORMATION_SENT, child_id, meeting=meeting.reference, number=sent.number)
    return sent


def save_attendance_draft(
    session: Session, by: Actor, now: datetime, meeting: Meeting, opened_at: int, said: Attendance
) -> AttendanceDraft:
    """Keep how the agency is about to say that it attends. Raises as `save_draft` does."""
    agency_id, area_id = check_may_answer(by, meeting)
    check_taken(meeting.state)
    draft = queries.attendance_draft_of(session, meeting.key, agency_id)
    if (draft.version if draft else 0) != opened_at:
        raise Conflict(_CHANGED)
    if draft is None:
        draft = AttendanceDraft(meeting_id=meeting.key, agency_id=agency_id, area_id=area_id, changed_at=now)
    draft.attending, draft.deputy_id, draft.update_text = said.attending, said.deputy_id, said.update_text
    draft.changed_at, draft.changed_by_id = now, by.account_id
    session.add(draft)
    session.flush()
    record(session, by, now, EventKind.INFORMATION_DRAFTED, meeting=meeting.reference)
    return draft


def send_attendance(
    session: Session, by: Actor, now: datetime, meeting: Meeting, said: Attendance, deputies: Collection[int]
) -> AgencyAttendance | None:
    """Say how the agency attends, as the next version; None where that is what counts already.

    `deputies` are the people of the agency who see this area’s agenda. Raises `RuleBroken`, `DomainError`.
    """
    agency_id, area_id = check_may_answer(by, meeting)
    late = check_taken(meeting.state)
    check_attendance(said, deputies)
    versions = queries.attendance_for(session, meeting.key).get(agency_id, ())
    told, counts = said.told, who_comes_to(session, meeting.key).of(agency_id)
    if told.attending is None or (counts is not None and not counts.by_invite and counts.attendance == told):
        return None
    sent = AgencyAttendance(
        meeting_id=meeting.key, agency_id=agency_id, area_id=area_id, number=len(versions) + 1,
        attending=told.attending, deputy_id=told.deputy_id, update_text=told.update_text, said_at=now,
        said_by_id=by.account_id, late=late, sequence=meeting.calendar_sequence,
    )  # fmt: skip
    session.add(sent)
    session.flush()
    record(
        session, by, now, EventKind.ATTENDANCE_SAID, meeting=meeting.reference, attending=told.attending.value,
        number=sent.number,
    )  # fmt: skip
    return sent
