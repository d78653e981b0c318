"""A child's page, the versions of the safety plan, and who has looked at the record."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.queries import names_of
from meetings_app.actions.escalating import escalations
from meetings_app.actions.recommended_queries import offered_actions
from meetings_app.assessments.queries import drafts_of
from meetings_app.audit.events import EventKind
from meetings_app.child_record import queries
from meetings_app.child_record.chronology import Happened, chronology
from meetings_app.child_record.link_forms import words_of
from meetings_app.child_record.networks_part import networks_part
from meetings_app.child_record.opened import child_to_read, may, merged_into, plans_read, whole_child
from meetings_app.child_record.rating_part import rating_part
from meetings_app.child_record.trail import trail_of
from meetings_app.children.ages import TransitionStep, age_notes, age_on, transition_dates
from meetings_app.children.before import LABELS, recorded_before
from meetings_app.children.link_queries import links_of
from meetings_app.children.models import YesNoUnknown
from meetings_app.children.queries import open_duplicates
from meetings_app.children.reading import Reading
from meetings_app.children.transition import steps_of
from meetings_app.clock import london_date
from meetings_app.cse_list.homes_today import home_today
from meetings_app.cse_list.models import EntryState
from meetings_app.cse_list.queries import HeldOn, meetings_of
from meetings_app.cse_list.views import marks
from meetings_app.meetings.reassessments import clocks_of
from meetings_app.meetings.standing import Standing, standing_of
from meetings_app.meetings.strategy_standing import strategy_standing_of
from meetings_app.permissions import Permission
from meetings_app.plans.queries import PlanNow, aims_of, plan_now
from meetings_app.plans.rules import PLANNED, update_is_asked, working_days_late
from meetings_app.ratings.queries import ratings_of
from meetings_app.schedule.office import Office
from meetings_app.web.context import actor, db, partnership, saw, settings, today
from meetings_app.web.filters import moment
from meetings_app.web.guard import requires

blueprint = Blueprint("child_record", __name__)


@blueprint.get("/children/<reference>")
@requires(Permission.SEE_CHILD)
def show(reference: str) -> ResponseReturnValue:
    """Show a child's record in the order of `domain.md`; a school is shown the plan alone."""
    child, reading = child_to_read(reference)
    if reading is Reading.PLAN:
        return school_copy_page(child, plans_read(child, reading))
    holds = queries.parts_of(db(), child.id)
    plans = plans_read(child, reading) if holds.plans else []
    linked = links_of(db(), child.id) if holds.links else []
    may_link = may(Permission.WRITE_NOTE, child) and child.merged_into_id is None
    # Which other children the page names stands in the entry: in their own trail it would tell of the link.
    saw(EventKind.CHILD_VIEWED, child.id, **({"children": sorted({row.other_id for row in linked})} if linked else {}))
    return render_template(
        "child_record/show.html", links=linked, link_words=words_of, may_link=may_link,
        **(networks_part(child.id) if holds.networks else {}),
        before_labels=LABELS, **_record(child, plans, holds),
    )  # fmt: skip


def school_copy_page(child: Any, plans: Sequence[Any]) -> str:
    """Show the school's copy of the plan, without police intelligence, and record that it was opened."""
    if plans:
        saw(EventKind.PLAN_COPY_VIEWED, child.id, number=plans[0].number)
    else:
        saw(EventKind.CHILD_VIEWED, child.id)
    aims = aims_of(db(), plans[0].id) if plans else []
    return render_template(
        "child_record/plan_only.html", child=child, plans=plans, aims=aims, authors=_authors(plans[:1])
    )


def _record(child: Any, plans: Sequence[Any], holds: Any) -> dict[str, Any]:
    """Give what the page says besides its links; `holds` says which parts of the record hold anything."""
    stays = queries.stays(db(), child.id)
    live = stays[0] if stays and stays[0].state is not EntryState.CLOSED else None
    rating = next(iter(ratings_of(db(), child.id)), None)
    still_open, answered = queries.actions(db(), child.id)
    history, earlier = chronology(db(), child.id, before := _before())
    people = {happened.by_id for happened in history} | {plan.written_by_id for plan in plans[:1]}
    people |= {rating.recorded_by_id} if rating else set()
    now_at = plan_now(db(), plans[0].id) if plans else PlanNow()
    people |= {now_at.update.written_by_id} if now_at.update else set()
    meeting_ids = {happened.meeting_id for happened in history} | {live.next_meeting_id if live else None}
    meeting_ids |= {rating.meeting_id} if rating else set()
    meetings = meetings_of(db(), {meeting_id for meeting_id in meeting_ids if meeting_id is not None})
    names = names_of(db(), [person for person in people if person is not None])
    return {
        **_stay(child, live, heard_at := home_today(db(), child.area_id, live, meetings, today())),
        "child": child,
        "age": age_on(child.born, today()),
        **_ages(child, steps_of(db(), child.id) if holds.steps else {}),
        "earlier_stays": [stay for stay in stays if stay is not live],
        "rating": rating, **rating_part(child, live),
        "rated_at": meetings.get(rating.meeting_id) if rating else None,
        "rated_by": names.get(rating.recorded_by_id, "") if rating else "",
        **_assessments(child, listed=live is not None),
        **_plan(child, plans, rating, now_at, names), "update_asked": _update_asked(live, heard_at, plans, now_at),
        **_open_actions(still_open),
        "answered_actions": answered,
        "recommended": offered_actions(db(), child.id, today()),
        "may_take_up": may(Permission.GIVE_ACTION, child),
        "chronology": _timeline(history, names, meetings),
        "earlier_href": _earlier(child, history) if earlier else None,
        "first_page": before is None,
        **_seldom(child, holds, may_change := may(Permission.CHANGE_CHILD, child)),
        "merged_into": merged_into(child),
        "may_change": may_change,
        "may_note": may(Permission.WRITE_NOTE, child),
        "may_trail": may(Permission.SEE_TRAIL, child),
    }  # fmt: skip


def _seldom(child: Any, holds: Any, may_change: bool) -> dict[str, Any]:
    """Give what most records hold nothing of, so that most pages ask for none of it."""
    return {
        "assessment_drafts": drafts_of(db(), child.id) if holds.drafts else [],
        "before": recorded_before(db(), child.id) if holds.before else [],
        "duplicates": _duplicates(child) if holds.duplicates and may_change else [],
        "pointing_here": queries.pointing_to(db(), child.id) if holds.pointing else [],
        "specialists": queries.specialists_of(db(), child.id) if holds.specialists else [],
    }


def _plan(child: Any, plans: Sequence[Any], rating: Any, plan_at: PlanNow, names: Mapping[int, str]) -> dict[str, Any]:
    """Say where the safety plan stands. One that is there may go on at any rating; low asks for none (SUR)."""
    asked = bool(plans) or (rating is not None and rating.rating in PLANNED)
    return {
        "plans": plans,
        "plan_author": names.get(plans[0].written_by_id, "") if plans else "",
        "plan_now": plan_at,
        "update_author": names.get(plan_at.update.written_by_id, "") if plan_at.update else "",
        "may_plan": may(Permission.WRITE_PLAN, child) and asked,
    }


def _update_asked(live: Any, meeting: HeldOn | None, plans: Sequence[Any], plan_at: PlanNow) -> HeldOn | None:
    """Give the RMM before which an update on the plan is asked for and not given, or None."""
    if meeting is None or not plans or live.current_rating not in PLANNED:
        return None
    written_on = london_date(plans[0].written_at)
    updated_on = london_date(plan_at.update.written_at) if plan_at.update else None
    office = Office.of(settings(), partnership())
    rules = partnership().ratings.plans
    return meeting if update_is_asked(meeting.on, today(), written_on, updated_on, rules, office.calendar) else None


def _stay(child: Any, live: Any, heard_at: HeldOn | None) -> dict[str, Any]:
    """Say what the child's present stay on the list asks for; nothing where there is none."""
    if live is None:
        return {"live": None, "may_take_off": False, "marks": [], "next_meeting": None, "overdue_days": 0,
                "proposed_on": None, "plan_late_days": 0, "may_propose": False}  # fmt: skip
    return {
        "live": live,
        "may_take_off": may(Permission.CLOSE_ENTRY, child),
        "marks": marks(age_on(child.born, today()), live.state, live.leaving, before_service=live.before_service),
        "next_meeting": heard_at,
        "overdue_days": max(0, (today() - live.next_review_on).days),
        "proposed_on": live.proposed_on,
        "plan_late_days": working_days_late(live.plan_due_on, today(), Office.of(settings(), partnership()).calendar),
        "may_propose": actor().agency_id == live.lead_agency_id is not None,
    }


def _assessments(child: Any, *, listed: bool) -> dict[str, Any]:
    """Say where the child stands with the assessment tools and what follows, and whether the person may use one."""
    standing = standing_of(db(), [child.id], clocks_of(db(), today(), partnership())).get(child.id, Standing())
    return {
        "standing": standing,
        "assessment_due": standing.due_lines(today()),
        "may_assess": may(Permission.ASSESS, child) and child.merged_into_id is None,
        **_strategy(child, listed=listed),
    }


def _strategy(child: Any, *, listed: bool) -> dict[str, Any]:
    """Say where the child stands with strategy discussions, and whether the person may ask for one or record one."""
    return {
        "strategy": strategy_standing_of(db(), child, partnership().ratings.strategy, today(), listed=listed),
        "may_record_strategy": may(Permission.RECORD_STRATEGY, child) and child.merged_into_id is None,
    }


def _ages(child: Any, steps: Mapping[TransitionStep, Any]) -> dict[str, Any]:
    """Say what the age asks for, and the steps towards adult services: what is recorded, and what may be."""
    dates = transition_dates(child.born, partnership().ratings.ages)
    return {
        "age_notes": _age_notes(child, steps),
        "in_transition": bool(steps) or today() >= dates.planning_on,
        "steps": {step.value: row for step, row in steps.items()},
        "may_record_step": may(Permission.CHANGE_CHILD, child) and child.merged_into_id is None,
    }


def _open_actions(still_open: Sequence[Any]) -> dict[str, Any]:
    """Say how late each open action is, and where one goes that was missed at meetings."""
    return {
        "open_actions": [(action, max(0, (today() - action.due_on).days)) for action in still_open],
        "escalated": escalations(db(), still_open, partnership().ratings.actions),
    }


def _age_notes(child: Any, steps: Collection[TransitionStep]) -> list[str]:
    if child.born > today():
        return []
    notes = age_notes(
        child.born, today(), partnership().ratings,
        looked_after=child.looked_after is YesNoUnknown.YES,
        learning_disability=child.learning_disability is YesNoUnknown.YES, steps=steps,
    )  # fmt: skip
    return [note.text for note in notes]


def _before() -> datetime | None:
    """Read where the chronology goes on; what is no moment begins at the newest."""
    try:
        moment_asked = datetime.fromisoformat(request.args.get("before", ""))
    except ValueError:
        return None
    return moment_asked if moment_asked.tzinfo else moment_asked.replace(tzinfo=UTC)


def _earlier(child: Any, history: Sequence[Happened]) -> str:
    at = history[-1].at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return url_for("child_record.show", reference=child.reference, before=at, _anchor="chronology")


def _timeline(history: Sequence[Happened], names: dict[int, str], meetings: dict[int, HeldOn]) -> list[dict[str, Any]]:
    items = []
    for happened in history:
        meeting = meetings.get(happened.meeting_id) if happened.meeting_id is not None else None
        place = f" at {meeting.reference}" if meeting else (f" {happened.reference}" if happened.reference else "")
        items.append(
            {
                "title": f"{happened.title}{place}",
                "when": moment(happened.at),
                "datetime": happened.at.astimezone(UTC).isoformat(timespec="seconds"),
                "by": names.get(happened.by_id, "") if happened.by_id is not None else "",
                "text": happened.text,
                "href": f"/assessments/{happened.assessment}" if happened.assessment else None,
                "link_text": f"Read assessment {happened.assessment}",
            }
        )
    return items


def _duplicates(child: Any) -> list[dict[str, str]]:
    """Give who may be the same child: reference and why; the comparison itself is a page of its own."""
    pairs = open_duplicates(db(), child.id)
    others = {pair.id: pair.other_id if pair.child_id == child.id else pair.child_id for pair in pairs}
    shown = queries.compared(db(), list(others.values())) if pairs else {}
    return [{"reference": shown[others[pair.id]].reference, "why": pair.why} for pair in pairs]


def _authors(plans: Sequence[Any]) -> dict[int, str]:
    return names_of(db(), [plan.written_by_id for plan in plans if plan.written_by_id is not None])


@blueprint.get("/children/<reference>/trail")
@requires(Permission.SEE_TRAIL)
def trail(reference: str) -> ResponseReturnValue:
    """Show who looked at the record and who changed what, newest first."""
    child = whole_child(reference)
    if not may(Permission.SEE_TRAIL, child):
        abort(404)
    before = request.args.get("before", "")
    entries, next_number = trail_of(db(), child.id, int(before) if before.isdigit() and len(before) < 16 else None)
    saw(EventKind.TRAIL_VIEWED, child.id)
    next_href = url_for("child_record.trail", reference=reference, before=next_number) if next_number else None
    return render_template("child_record/trail.html", child=child, entries=entries, next_href=next_href)
