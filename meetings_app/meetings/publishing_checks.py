"""What is pointed out before an agenda is published: seen to first, or gone past with a reason (our default)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts import queries as people
from meetings_app.clock import LONDON
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.errors import RuleBroken
from meetings_app.meetings import queries
from meetings_app.meetings.doubts import POLICE, Doubt, doubts_in
from meetings_app.meetings.drafting import cut_off_moment, draft_of
from meetings_app.meetings.item_scope import whole_agenda
from meetings_app.meetings.quorum_before import quorum_before
from meetings_app.meetings.sections import DraftItem
from meetings_app.partnership.definitions import Partnership
from meetings_app.preparing.models import InformationSent
from meetings_app.preparing.rules import Attending
from meetings_app.preparing.who_comes import WhoComes, who_comes_to
from meetings_app.ratings.models import RiskRating
from meetings_app.ratings.rules import needs_lead_agency
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.schedule.working_days import WorkingCalendar
from meetings_app.text import clock_time, day_in_words

# Built once: whoever looks at the page before publishing sends it.
ENTRIES: Any = select(
    col(ListEntry.child_id), col(ListEntry.current_rating), col(ListEntry.lead_agency_id),
    col(ListEntry.next_meeting_id),
).where(col(ListEntry.child_id).in_(bindparam("ids", expanding=True)), is_live())  # fmt: skip


def checks_before_publishing(session: Session, office: Office, meeting: Meeting, now: datetime) -> list[Doubt]:
    """Give what is pointed out of the agenda as it would be published, of the items that the reader may see.

    What an agency has not sent yet asks for no reason: agencies are asked, and may answer, until the meeting begins.
    Nor does a quorum that is not to be expected: a deputy may still be sent, and the meeting can list and raise.
    """
    with whole_agenda(session):
        items = draft_of(session, meeting, office.partnership, now).items
    return checks_of(session, office, meeting, items)


def checks_of(session: Session, office: Office, meeting: Meeting, items: Sequence[DraftItem]) -> list[Doubt]:
    """Give what is pointed out of these items, numbered as they would be published."""
    visible = queries.children_of(session, [item.child_id for item in items])
    shown = [item for item in items if item.child_id in visible]
    entries = {row.child_id: row for row in session.execute(ENTRIES, {"ids": sorted(visible)})}
    rules = office.partnership.ratings.ratings
    without_lead = [
        item.number
        for item in shown
        if item.rating and needs_lead_agency(item.rating, rules) and item.child_id in entries
        and entries[item.child_id].lead_agency_id is None
    ]  # fmt: skip
    without_review = [
        item.number for item in shown if item.child_id in entries and entries[item.child_id].next_meeting_id is None
    ]
    high = [item.number for item in shown if item.rating is RiskRating.HIGH or item.urgent]
    answers = who_comes_to(session, meeting.key)
    police, quorum = _why_no_police(session, answers) if high else "", quorum_before(session, office, answers)
    return [
        *doubts_in({
            ("no_lead_agency", "No lead agency"): without_lead,
            ("no_next_review", "No meeting stands for the next review"): without_review,
            ("no_police", f"High or urgent, and {police}"): high if police else [],
        }),
        *([Doubt("no_quorum", quorum, (), needs_reason=False)] if quorum else []),
        *_not_sent_yet(session, office, meeting, shown),
    ]  # fmt: skip


def early_words(meeting: Meeting, configuration: Partnership, calendar: WorkingCalendar, now: datetime) -> str:
    """Give the cut-off in words where it is still to come, so that what is published now is not the whole agenda."""
    cut_off = cut_off_moment(meeting, configuration, calendar)
    if now >= cut_off:
        return ""
    at = cut_off.astimezone(LONDON)
    return f"{day_in_words(at.date())}, {clock_time(at.time())}"


def check_cut_off(
    meeting: Meeting, configuration: Partnership, calendar: WorkingCalendar, now: datetime, *, confirmed: bool
) -> None:
    """Raise `RuleBroken` where an agenda is published before its cut-off and nobody confirmed it (our default)."""
    cut_off = early_words(meeting, configuration, calendar, now)
    if cut_off and not confirmed:
        raise RuleBroken("early", f"Confirm that you publish the agenda before the cut-off, {cut_off}")


def expected_agencies(session: Session, office: Office) -> list[people.Reference]:
    """Give the agencies that were asked before the meeting what they know of its children."""
    by_code = {agency.code: agency for agency in people.agencies(session)}
    return [by_code[code] for code in office.partnership.rmm.expected_agencies if code in by_code]


def _why_no_police(session: Session, answers: WhoComes) -> str:
    """Say why nobody of the police will be there, or nothing where somebody may be."""
    police = next((agency for agency in people.agencies(session) if agency.code == POLICE), None)
    if police is None or police.id is None:
        return ""
    comes = answers.of(police.id)
    if comes is not None:
        declined = "everybody of the police has declined" if comes.by_invite else "the police send apologies"
        return declined if comes.attending is Attending.APOLOGIES else ""
    return "" if answers.invites.get(police.id) else "nobody of the police is invited"


def _not_sent_yet(session: Session, office: Office, meeting: Meeting, items: Sequence[DraftItem]) -> list[Doubt]:
    """Agencies expected at the meeting that were asked and have sent nothing about a child on its agenda."""
    rows = session.execute(
        select(col(InformationSent.child_id), col(InformationSent.agency_id))
        .where(col(InformationSent.meeting_id) == meeting.key)
        .distinct()
    )
    sent = {(row.child_id, row.agency_id) for row in rows}
    return doubts_in(
        {
            ("no_information", f"{agency.name} has sent no information yet"): [
                item.number for item in items if (item.child_id, agency.id) not in sent
            ]
            for agency in expected_agencies(session, office)
        },
        needs_reason=False,
    )
