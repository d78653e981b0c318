"""What is to be answered before the next meetings, and who has not answered, for the rows of the home page."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.queries import agencies
from meetings_app.clock import LONDON, london_date
from meetings_app.cse_list.homes_today import hearing_today
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings.agencies_silent import agencies_silent
from meetings_app.meetings.information_to_supply import to_supply
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.plan_updates import asking_now, update_wanted
from meetings_app.meetings.quorum_before import quorum_before
from meetings_app.meetings.reviews_heard import answered_in_words, reviews_heard
from meetings_app.permissions import Actor, Permission
from meetings_app.preparing.due import due_on
from meetings_app.preparing.models import InformationSent
from meetings_app.preparing.rules import BEFORE
from meetings_app.preparing.who_comes import who_comes
from meetings_app.schedule.models import MeetingState, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.web.filters import clock_time, plain_date


@dataclass(frozen=True)
class BeforeNote:
    """One line about a meeting: what is answered so far, where to go on, and whether its time has passed."""

    text: str
    href: str
    late: bool


def notes_before(
    session: Session, by: Actor, now: datetime, office: Office, meetings: Sequence[Any]
) -> dict[int, BeforeNote]:
    """Give by meeting what the person is told: how far their agency has answered, and as staff of the area which have.

    `meetings` are rows with id, reference, type, area_id, held_on and state. A fixed number of statements.
    """
    asked = [
        row for row in meetings
        if row.type is MeetingType.RMM and row.state in BEFORE and by.may(Permission.ANSWER_FOR_AGENCY, row.area_id)
    ]  # fmt: skip
    if not asked:
        return {}
    children = _children(session, asked, london_date(now))
    ids = [row.id for row in asked]
    sent, attends = _sent(session, ids), who_comes(session, ids)
    updates = _updates_missing(session, london_date(now), office, ids)
    owes = _owes(session, by, asked, sent)
    expected = [agency.id for agency in agencies(session) if agency.code in office.partnership.rmm.expected_agencies]
    found = {}
    for row in asked:
        due = due_on(row.held_on, office.partnership.rmm, office.calendar)
        comes = attends[row.id].by_agency
        until, heard, published = due.astimezone(LONDON), children[row.id], row.state is MeetingState.PUBLISHED
        words = f"Due by {plain_date(until.date())}, {clock_time(until.time())}."
        if by.may(Permission.PREPARE_AGENDA, row.area_id):
            answered_by = {one: sent[row.id, one] for one in expected}
            silent = agencies_silent(expected, comes, heard, answered_by, published=published)
            text = f"{silent.sentence} {words}{updates[row.id]}{owes[row.id]}"
            quorum = quorum_before(session, office, attends[row.id])
            told = f"{text} {quorum}" if quorum else text
            found[row.id] = BeforeNote(told, f"/meetings/{row.reference}/replies", bool(silent.agencies) and now > due)
        else:
            answered, own = len(heard & sent[row.id, by.agency_id]), by.agency_id in comes
            say = "" if own else " Say who comes."
            counted = answered_in_words(heard, answered, published=published)
            text = f"Before {row.reference}: {counted}.{say} {words}{owes[row.id]}"
            late = now > due and (answered < len(heard) or not own)
            found[row.id] = BeforeNote(text, f"/meetings/{row.reference}/before", late)
    return found


def _children(session: Session, rows: Sequence[Any], today: date) -> dict[int, set[int]]:
    """Give the children that the person may see at each meeting; before its agenda those whose review it hears.

    A draft would be drafted for each meeting: this page says what is due, and the agency's page who else is on it.
    """
    published = [row.id for row in rows if row.state is MeetingState.PUBLISHED]
    drafted = [row.id for row in rows if row.state is not MeetingState.PUBLISHED]
    found = reviews_heard(session, drafted, today)
    if published:
        items: Any = session.execute(
            select(col(AgendaItem.meeting_id), col(AgendaItem.child_id)).where(
                col(AgendaItem.meeting_id).in_(published)
            )
        )
        for meeting_id, child_id in items:
            found[meeting_id].add(child_id)
    return found


def _sent(session: Session, ids: Sequence[int]) -> dict[tuple[int, int | None], set[int]]:
    found: dict[tuple[int, int | None], set[int]] = defaultdict(set)
    rows = session.execute(
        select(col(InformationSent.meeting_id), col(InformationSent.agency_id), col(InformationSent.child_id))
        .where(col(InformationSent.meeting_id).in_(ids))
        .distinct()
    )
    for meeting_id, agency_id, child_id in rows:
        found[meeting_id, agency_id].add(child_id)
    return found


def _owes(
    session: Session, by: Actor, rows: Sequence[Any], sent: Mapping[tuple[int, int | None], set[int]]
) -> dict[int, str]:
    """Say by meeting of how many children the person’s agency has not sent yet what it is to supply.

    They were deferred until it comes, or are rated provisionally because it is missing. Each counts before the next
    meeting of the area in which the child lives now.
    """
    found: dict[int, str] = defaultdict(str)
    owed = to_supply(session, by.agency_id, {row.area_id for row in rows})
    following = [
        (row.id, each.provisional) for each in owed
        if (row := next((row for row in rows if row.area_id == each.area_id and row.held_on > each.held_on), None))
        and each.child_id not in sent.get((row.id, by.agency_id), ())
    ]  # fmt: skip
    for (meeting_id, provisional), count in sorted(Counter(following).items()):
        if provisional:
            many = "1 child is" if count == 1 else f"{count} children are"
            found[meeting_id] += f" {many} rated provisionally because your agency has not supplied what was missing."
        else:
            many = "1 child waits" if count == 1 else f"{count} children wait"
            found[meeting_id] += f" {many} for what your agency is to supply."
    return found


def _updates_missing(session: Session, today: date, office: Office, ids: Sequence[int]) -> dict[int, str]:
    """Say by meeting how many updates on safety plans are asked for and not given, of children the person sees."""
    asking = {key: asked for key, asked in asking_now(session, today, office).items() if key in ids}
    found: dict[int, str] = defaultdict(str)
    if not asking:
        return found
    which = hearing_today(session, today).meeting_of(list(asking))
    missing = session.scalars(select(which).where(is_live(), update_wanted(asking)))
    for meeting_id, count in Counter(cast("Any", missing)).items():
        many = "update on a safety plan is" if count == 1 else "updates on safety plans are"
        found[meeting_id] = f" {count} {many} asked for and not given."
    return found
