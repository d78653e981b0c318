"""The first page: what a person has to do now, the next thing first; and the rows behind its numbers."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries as accounts
from meetings_app.audit.events import EventKind
from meetings_app.home import asked, own_children, waiting
from meetings_app.home.health import database_reached
from meetings_app.home.meetings import MeetingsToDo, MeetingToDo, meetings_to_do
from meetings_app.home.numbers import read_numbers
from meetings_app.home.own_children import PlanAsked, PlanClock
from meetings_app.home.tasks import parts_of
from meetings_app.home.waiting import ASKS, Part
from meetings_app.home.work import Task, WorkPart
from meetings_app.jobs.queries import how_it_runs, last_check
from meetings_app.jobs.timetable import CHECK
from meetings_app.meetings.plan_updates import asking_now
from meetings_app.permissions import Actor, Permission, Role
from meetings_app.plans.rules import working_days_late
from meetings_app.ratings.levels import RiskRating
from meetings_app.ratings.rules import due_dates
from meetings_app.schedule.models import MeetingState
from meetings_app.schedule.office import Office
from meetings_app.web.context import actor, db, now, partnership, saw, settings, today
from meetings_app.web.guard import requires, signed_in, without_database
from meetings_app.web.numbers import row_number

blueprint = Blueprint("home", __name__)

_WITHOUT_MEETINGS = frozenset({Role.LIST_HOLDER, Role.ANALYST, Role.ADMINISTRATOR, Role.AUDITOR})
_TITLES = {
    Part.DUPLICATES: ("Records that may be one child", "No two records look alike."),
    Part.NO_MEETING: ("Children without a meeting ahead", "Every child on the list has a meeting ahead."),
    Part.UPLOADS: ("Uploads that wait for your yes", "No upload waits."),
    Part.CLOSURE_TASKS: ("Tasks after a closure without an owner", "Every task after a closure has an owner."),
    Part.LOOK_BACKS: ("Closures to look back on", "No closure is due to be looked back on."),
    Part.INFORMATION: ("Agencies that did not supply what was missing", "No agency owes what a rating waits for."),
    Part.CLOSURES: ("Closures to sign", "No closure waits for your signature."),
    Part.INVITATIONS: ("Invitations not accepted yet", "Everybody has accepted the invitation."),
    Part.STRATEGY: ("Strategy discussions without an outcome", "Every strategy discussion has its outcome recorded."),
    Part.PLANS: ("Safety plans that are late", "No safety plan is late."),
    Part.HANDS: ("Actions in nobody’s hands", "Every open action has an owner who may see the child."),
    Part.LEADS: (
        "Children without a lead professional",
        "Every lead professional is still there, and every child rated high has one.",
    ),
    Part.CHANGES: ("Changes about children who are no longer listed", "Every such change is decided."),
    Part.BREACHES: ("What the check of the night found", "Every promise that you look after holds."),
}


@blueprint.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """Show what the person has to do now."""
    by, office = actor(), Office.of(settings(), partnership())
    agencies = {agency.id: agency.name for agency in accounts.agencies(db())}
    numbers = read_numbers(db(), by, now(), today(), office)
    parts = parts_of(by, numbers, agencies.get(by.agency_id or 0, ""))
    meetings = meetings_to_do(db(), by, now(), office) if _holds_meetings(by) else MeetingsToDo([], 0)
    return render_template(
        "home/home.html", parts=parts, meetings=meetings.shown, more_meetings=meetings.more,
        all_meetings=url_for("meetings.index", all=1) if by.may(Permission.SEE_MEETINGS) else "/networks/meetings",
        running=how_it_runs(db(), now()) if by.may(Permission.SEE_OUTBOX) else None,
        step=_next_step(parts, meetings.shown), where=_where(by),
        check=last_check(db(), CHECK, now()) if by.has(Role.COORDINATOR) else None,
        sees_totals=by.may(Permission.SEE_TOTALS), sees_trail=by.may(Permission.SEE_AUDIT),
        refers=by.may(Permission.REFER), has_children=by.has(Role.SCHOOL),
    )  # fmt: skip


_BEING_HELD = (MeetingState.PUBLISHED, MeetingState.IN_PROGRESS)


def _holds_meetings(by: Actor) -> bool:
    return any(grant.role not in _WITHOUT_MEETINGS for grant in by.grants)


def _where(by: Actor) -> str:
    """Say the areas of the person's roles, for the line above the heading."""
    held = {grant.area_id for grant in by.grants}
    known = accounts.areas(db())
    return "Whole county" if None in held else ", ".join(area.name for area in known if area.id in held)


def _next_step(parts: list[WorkPart], meetings: list[MeetingToDo]) -> dict[str, str] | None:
    """Give the one thing to do first: a late meeting, one to see to today, what is late, then whatever waits.

    A meeting to be held today stands before minutes that wait for a signature and an agenda that is to be published.
    """
    tasks = [task for part in parts for task in part.tasks if task.count]
    for meeting in sorted(meetings, key=lambda each: (not each.late, each.state not in _BEING_HELD)):
        if meeting.late or meeting.pressing:
            return _meeting_step(meeting)
    first = next((task for task in tasks if task.alarm), tasks[0] if tasks else None)
    return _task_step(first) if first else None


def _meeting_step(meeting: MeetingToDo) -> dict[str, str]:
    title = f"{meeting.reference}: {meeting.when}"
    return {"title": title, "text": meeting.text, "href": meeting.href, "button": meeting.button}


def _task_step(task: Task) -> dict[str, str]:
    return {"title": f"{task.shown} {task.text}", "text": "", "href": task.href, "button": task.next_step}


@blueprint.get(
    "/waiting/<any(duplicates, 'no-meeting', uploads, closures, 'closure-tasks', 'look-backs', invitations,"
    " information, strategy, plans, breaches, hands, leads, changes):part>"
)
@signed_in
def waiting_part(part: str) -> ResponseReturnValue:
    """Show the rows behind a number of the home page, for whoever has that part."""
    chosen = Part(part)
    if not actor().may(ASKS[chosen]):
        abort(404)
    rows, later = waiting.read(db(), actor(), chosen, today(), row_number(request.args.get("after")) or 0)
    saw(EventKind.WAITING_VIEWED, what=part, children=sorted({child for row in rows for child in row.child_ids}))
    title, nothing = _TITLES[chosen]
    return render_template(
        "home/waiting.html", title=title, nothing=nothing, rows=rows, today_date=today(), part=chosen,
        plan_late_days=_plan_late_days if chosen is Part.PLANS else None,
        lead_late_days=_lead_late_days if chosen is Part.LEADS else None,
        check=last_check(db(), CHECK, now()) if chosen is Part.BREACHES else None,
        next_href=url_for("home.waiting_part", part=part, after=rows[-1].id) if later else None,
    )  # fmt: skip


@blueprint.get("/waiting/asked")
@requires(Permission.ANSWER_FOR_AGENCY)
def asked_of_agency() -> ResponseReturnValue:
    """Show a representative the children whose rating asks something of their agency, and what."""
    if not actor().has(Role.REPRESENTATIVE):
        abort(404)
    found = asked.asked_of_agency(db(), actor(), partnership(), today())
    left = [row for row in found if row.child_id > (row_number(request.args.get("after")) or 0)]
    rows, later = left[: asked.PAGE], len(left) > asked.PAGE
    saw(EventKind.WAITING_VIEWED, what="asked", children=[row.child_id for row in rows])
    next_href = url_for("home.asked_of_agency", after=rows[-1].child_id) if later else None
    return render_template("home/asked.html", rows=rows, next_href=next_href)


@blueprint.get("/my-children")
@requires(Permission.SEE_CHILD)
def my_children() -> ResponseReturnValue:
    """Show the children that are the person's own: their lead professional's, their school's, their specialist's."""
    if not any(actor().has(role) for role in own_children.OWN_ROLES):
        abort(404)
    chosen = request.args.get("plan", "")
    plan = next((each for each in PlanAsked if each.value == chosen), None)
    clock = PlanClock(today(), asking_now(db(), today(), Office.of(settings(), partnership())))
    page = own_children.read(db(), actor(), clock, plan, after=request.args.get("after", ""))
    saw(EventKind.WAITING_VIEWED, what="own children", children=[row.id for row in page.rows])
    more: dict[str, Any] = {"plan": plan.value} if plan else {}
    next_href = url_for("home.my_children", after=page.rows[-1].reference, **more) if page.later else None
    return render_template(
        "home/my_children.html", rows=page.rows, plan=plan, next_href=next_href, today_date=today(),
        plan_late_days=_plan_late_days,
        school=actor().has(Role.SCHOOL) and not actor().has(Role.LEAD_PROFESSIONAL),
    )  # fmt: skip


def _plan_late_days(due_on: date | None) -> int:
    """Count in working days how late a safety plan is: its time is counted in them too."""
    return working_days_late(due_on, today(), Office.of(settings(), partnership()).calendar)


def _lead_late_days(rated_on: date) -> int:
    """Count in working days how late the naming of a lead professional is for a child rated high on a day."""
    calendar = Office.of(settings(), partnership()).calendar
    due_on = due_dates(RiskRating.HIGH, rated_on, partnership().ratings.ratings, calendar).lead_professional
    return working_days_late(due_on, today(), calendar)


@blueprint.get("/healthz")
@without_database
def healthz() -> ResponseReturnValue:
    """Say to the machine that watches whether the service reaches its database; nothing else is told."""
    if not database_reached(current_app.extensions["meetings"].sessions):
        return jsonify(status="the database is not reached"), 503
    return jsonify(status="ok")
