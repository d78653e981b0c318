"""Pages to see meetings and arrange them: each area's series, moving, cancelling, announcing and who is invited."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries as people
from meetings_app.audit.events import EventKind
from meetings_app.meetings.amendments import amendment_waits
from meetings_app.meetings.announcing import invites_of
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.minutes_readers import versions_for
from meetings_app.meetings.recorded import is_anything_recorded
from meetings_app.meetings.said_beforehand import silent_members
from meetings_app.notices.sending import why_no_mail
from meetings_app.permissions import Permission
from meetings_app.preparing.who_comes import WhoComes, who_comes_to
from meetings_app.schedule import answering, queries, reply_mails
from meetings_app.schedule.invites import title_of
from meetings_app.schedule.models import UPCOMING, Meeting, MeetingState, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import MeetingFacts
from meetings_app.schedule.service import may_arrange
from meetings_app.schedule.working_days import WorkingCalendar
from meetings_app.web.context import actor, db, found, now, partnership, saw, settings, today
from meetings_app.web.guard import requires, signed_in

STATE_WORDS = {
    MeetingState.PLANNED: ("Planned: nobody is invited yet", "grey"),
    MeetingState.ANNOUNCED: ("Announced: invites are out", "blue"),
    MeetingState.PUBLISHED: ("Agenda published", "teal"),
    MeetingState.IN_PROGRESS: ("In progress", "yellow"),
    MeetingState.CLOSED: ("Closed: minutes to be signed", "purple"),
    MeetingState.SIGNED: ("Minutes signed", "green"),
    MeetingState.CANCELLED: ("Cancelled", "red"),
}
"""Each state in words, and the colour that goes with it."""

ASKED = tuple(state for state in MeetingState if state not in (MeetingState.PLANNED, MeetingState.CANCELLED))
"""States in which a meeting has pages of what agencies say before it."""

_NEAR = timedelta(weeks=6)
_PAST_SHOWN, _PAST_AT_ONCE = 20, 100


def office() -> Office:
    """Give what arranging needs to know of this service."""
    return Office.of(settings(), partnership())


def found_meeting(reference: str) -> Meeting:
    """Give the meeting of the address, or answer 404."""
    return found(queries.find_meeting(db(), reference))


@blueprint.get("/meetings")
@requires(Permission.SEE_MEETINGS)
def index() -> ResponseReturnValue:
    """List the meetings ahead and the latest past ones of the areas that the person may see; earlier ones by pages."""
    everything, area, last = "all" in request.args, request.args.get("area", ""), request.args.get("before", "")
    before = queries.find_meeting(db(), last) if last else None
    all_ahead = queries.meetings_ahead(db())
    ahead = [meeting for meeting in all_ahead if not area or meeting.area_code == area]
    near = [meeting for meeting in ahead if everything or meeting.date <= today() + _NEAR]
    most = _PAST_AT_ONCE if everything or before else _PAST_SHOWN
    after = (before.held_on, before.reference) if before else None
    past = queries.meetings_past(db(), most + 1, area=area, before=after)
    codes, calendar = {meeting.area_code for meeting in all_ahead if meeting.area_code}, office().calendar
    return render_template(
        "meetings/arranging/index.html", ahead=near, more_ahead=len(ahead) - len(near), before=before,
        past=past[:most], more_past=past[most - 1].reference if len(past) > most else "",
        areas=[known for known in people.areas(db()) if known.code in codes], area=area, states=STATE_WORDS,
        arranges=actor().may(Permission.ARRANGE_MEETINGS), closed_on=partial(_closed_on, calendar),
    )  # fmt: skip


def _closed_on(calendar: WorkingCalendar, meeting: Meeting | MeetingFacts) -> str | None:
    """Say why nobody works on the day of a meeting that is still to be held: the day may have been named since."""
    held_on = meeting.held_on if isinstance(meeting, Meeting) else meeting.date
    return calendar.why_not_working(held_on) if meeting.state in UPCOMING else None


@blueprint.get("/meetings/<reference>")
@signed_in
def show(reference: str) -> ResponseReturnValue:
    """Show one meeting, to whoever is invited to it or works in its area."""
    meeting = found_meeting(reference)
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference)
    area = next((area for area in people.areas(db()) if area.id == meeting.area_id), None)
    members = queries.members(db(), meeting.key) if _sees_members(meeting) else None
    comes = WhoComes() if members is None else who_comes_to(db(), meeting.key)
    arranges = may_arrange(actor(), meeting.area_id)
    return render_template(
        "meetings/arranging/show.html", meeting=meeting, area=area, title=title_of(meeting, office()),
        state=STATE_WORDS[meeting.state], members=members,
        **answers_waiting(meeting, members or (), comes, arranges=arranges),
        closed=_closed_on(office().calendar, meeting), comes=comes,
        may_answer=answering.is_open(meeting, now()) and answering.own_place(db(), actor(), meeting) is not None,
        following=queries.following_meeting(db(), meeting), previous=queries.previous_meeting(db(), meeting),
        arranges=arranges, may_move=meeting.state in UPCOMING,
        in_series=meeting.series_id is not None and meeting.state in UPCOMING,
        may_cancel=meeting.state in UPCOMING or _began_with_nothing_recorded(meeting),
        told=invites_of(db(), office(), meeting) if arranges and meeting.state is MeetingState.PLANNED else None,
        places=places_of(meeting), steps=next_steps(meeting),
        waits=why_no_mail(settings()),
    )  # fmt: skip


def answers_waiting(
    meeting: Meeting, members: Sequence[queries.Member], comes: WhoComes, *, arranges: bool
) -> dict[str, int]:
    """Give how many of `members` are silent, and how many mailed answers whoever arranges the meeting looks at."""
    return {
        "silent": len(silent_members(members, comes)) if answering.is_open(meeting, now()) else 0,
        "mails": reply_mails.count_open(db(), meeting.key) if arranges else 0,
    }


def _sees_members(meeting: Meeting) -> bool:
    """Whoever arranges, records or chairs a meeting sees who is invited and who has answered."""
    if meeting.type is MeetingType.NETWORK and actor().may(Permission.DECIDE_NETWORKS):
        return True
    return may_arrange(actor(), meeting.area_id) or actor().may(Permission.RECORD_MEETING, meeting.area_id)


def _began_with_nothing_recorded(meeting: Meeting) -> bool:
    return meeting.state is MeetingState.IN_PROGRESS and not is_anything_recorded(db(), meeting)


def places_of(meeting: Meeting) -> list[tuple[str, str]]:
    """Give the parts of a meeting that the person may open, each with its address."""
    if meeting.type is MeetingType.NETWORK:
        return [("Agenda", network_page(meeting))] if actor().may(Permission.SEE_NETWORKS) else []
    wanted = (
        ("Agenda", "meetings.agenda", Permission.SEE_AGENDA, None),
        (
            "Record",
            "meetings.record",
            Permission.RECORD_MEETING,
            (MeetingState.PUBLISHED, MeetingState.IN_PROGRESS, MeetingState.CLOSED, MeetingState.SIGNED),
        ),
        ("Your agency’s page before the meeting", "before_meeting.before", Permission.ANSWER_FOR_AGENCY, ASKED),
        ("Who has answered", "before_meeting.replies", Permission.PREPARE_AGENDA, ASKED),
        ("Chair’s pack", "before_meeting.pack", Permission.RECORD_MEETING, ASKED),
        ("Minutes", "meetings.minutes", Permission.SEE_AGENDA, (MeetingState.CLOSED, MeetingState.SIGNED)),
    )
    return [
        (text, url_for(endpoint, reference=meeting.reference))
        for text, endpoint, permission, states in wanted
        if endpoint in current_app.view_functions
        and actor().may(permission, meeting.area_id)
        and (text != "Minutes" or versions_for(db(), actor(), meeting))
        and (_may_be_opened(meeting, states) or (meeting.started_at is not None and text == "Record"))
    ]


def every_meeting() -> str:
    """Give the address of the page on which a person finds the meetings they arrange."""
    return url_for("meetings.index") if actor().may(Permission.SEE_MEETINGS) else "/networks/meetings"


def network_page(meeting: Meeting) -> str:
    """Give the address of the agenda of a network meeting, whose pages stand with the networks."""
    return f"/networks/meetings/{meeting.reference}"


def _may_be_opened(meeting: Meeting, states: tuple[MeetingState, ...] | None) -> bool:
    """A cancelled meeting opens no part of itself; one that had begun still shows its record, to read."""
    return meeting.state is not MeetingState.CANCELLED and (states is None or meeting.state in states)


def next_steps(meeting: Meeting) -> tuple[str, str, str, str] | None:
    """Give title, text, address and button of what is to be done next, where the person may do it."""
    steps = {
        MeetingState.ANNOUNCED: (
            "Prepare and publish the agenda", "It drafts itself at the cut-off.", "meetings.agenda", "Open the agenda",
            Permission.PREPARE_AGENDA,
        ),
        MeetingState.PUBLISHED: (
            "Hold the meeting", "Read the statement, then record each item.", "meetings.record", "Open the record",
            Permission.RECORD_MEETING,
        ),
        MeetingState.IN_PROGRESS: (
            "The meeting is in progress", "Decide or defer every item, then close it.", "meetings.record",
            "Open the record", Permission.RECORD_MEETING,
        ),
        MeetingState.CLOSED: (
            "Issue and sign the minutes", "The draft goes to those who attended. Then both chairs sign.",
            "meetings.minutes", "Open the minutes", Permission.RECORD_MEETING,
        ),
    }  # fmt: skip
    if meeting.state is MeetingState.SIGNED:
        return _amendment(meeting)
    if meeting.state not in steps or meeting.type is MeetingType.NETWORK:
        return None
    title, text, endpoint, button, permission = steps[meeting.state]
    if endpoint not in current_app.view_functions or not actor().may(permission, meeting.area_id):
        return None
    return title, text, url_for(endpoint, reference=meeting.reference), button


def _amendment(meeting: Meeting) -> tuple[str, str, str, str] | None:
    """Give as the next step the amendment that waits, for the page of the minutes opens at the version that holds."""
    if meeting.type is MeetingType.NETWORK or not actor().may(Permission.RECORD_MEETING, meeting.area_id):
        return None
    waits = amendment_waits(db(), meeting.key)
    if waits is None:
        return None
    href = url_for("meetings.minutes", reference=meeting.reference, version=waits.version or None)
    return waits.title, waits.text, href, waits.button
