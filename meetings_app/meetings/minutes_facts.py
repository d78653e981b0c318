"""The facts of a meeting as its minutes keep them: plain values, complete, before anybody's copy is narrowed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Area
from meetings_app.children.ages import BEHAVIOURS, WIDER, age_on
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.cse_list.models import Closure
from meetings_app.meetings import queries
from meetings_app.meetings.attendance_facts import attendance_facts
from meetings_app.meetings.closures import closing_difference, warnings_kept
from meetings_app.meetings.item_queries import items_of
from meetings_app.meetings.minutes_asked import asked_facts
from meetings_app.meetings.minutes_beside import Beside, beside_all
from meetings_app.meetings.minutes_earlier import heard_minutes
from meetings_app.meetings.minutes_information import information_facts
from meetings_app.meetings.models import AgendaItem, ItemDecision, Outcome
from meetings_app.meetings.presence import Room, out_of_room, rooms_of
from meetings_app.meetings.statement import read_again
from meetings_app.partnership.definitions import Ratings
from meetings_app.ratings.levels import LEVELS, RiskRating
from meetings_app.ratings.queries import WHY_IT_DIFFERS, rating_lines
from meetings_app.ratings.rules import is_lowered_fast
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import following_meeting
from meetings_app.strategy.words import record_in_words
from meetings_app.text import day_in_words

_ANSWERS = {YesNoUnknown.YES: "Yes", YesNoUnknown.NO: "No", YesNoUnknown.UNKNOWN: "Not answered, which counts as yes"}


def digest_of(facts: Mapping[str, Any]) -> str:
    """Give the SHA-256 of the facts in their one canonical form."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def facts_of(
    session: Session, office: Office, meeting: Meeting, before: Mapping[int, RiskRating | None], *, quorate: bool
) -> dict[str, Any]:
    """Give everything that the minutes of a closed meeting say, as plain values.

    `before` holds, by item, the rating that the rules compared the decision with, read before anything took effect.
    """
    present = queries.present_agencies(session, meeting.key)
    rows = items_of(session, meeting.key)
    beside = beside_all(session, office.partnership, meeting, rows)
    agencies = {row.code: row.name for row in beside.agencies.values()}
    following = following_meeting(session, meeting)
    rooms, quorum = rooms_of(session, meeting, rows), office.partnership.rmm.quorum_agencies
    items = [
        _item(session, office, meeting, beside, item, before.get(item.key))
        | _room(rooms[item.key], {code: agencies[code] for code in quorum})
        for item in rows
    ]
    return {
        "reference": meeting.reference,
        "area": session.get_one(Area, meeting.area_id).name,
        "held_on": meeting.held_on.isoformat(),
        "place": meeting.place,
        "statement": _statement(session, meeting),
        "chairs": [{"name": chair.name, "agency": chair.agency} for chair in queries.present_chairs(session, meeting)],
        "attendance": attendance_facts(session, meeting.key, office.partnership.rmm.expected_agencies),
        "quorate": quorate,
        "quorum_missing": [agencies[code] for code in office.partnership.rmm.quorum_agencies if code not in present],
        "earlier_minutes": heard_minutes(session, meeting),
        "notes": meeting.notes,
        "items": items,
        "list_changes": [change for item in items for change in _list_changes(item)],
        "next_meeting": (
            {"reference": following.reference, "held_on": following.held_on.isoformat()} if following else None
        ),
    }


def _statement(session: Session, meeting: Meeting) -> dict[str, Any]:
    return {
        "read_by": meeting.statement_read_by,
        "read_at": meeting.statement_read_at.isoformat() if meeting.statement_read_at else None,
        "again": [
            {"read_by": each.read_by, "read_at": each.at.isoformat(), "to": list(each.to)}
            for each in read_again(session, meeting)
        ],
    }


def _item(
    session: Session, office: Office, meeting: Meeting, beside: Beside, item: AgendaItem, before: RiskRating | None
) -> dict[str, Any]:
    child, decision, agencies = beside.children[item.child_id], beside.decisions[item.key], beside.agencies
    facts: dict[str, Any] = {
        "number": item.number,
        "child_id": child.key,
        "child": child.reference,
        "name": child.name,
        "age": age_on(child.born, max(meeting.held_on, child.born)),
        "reasons": [reason["text"] for reason in item.reasons],
        "outcome": decision.outcome.value if decision.outcome else None,
        "was": item.rating_before.value if item.rating_before else None,
        "discussion": decision.discussion,
        "rationale": decision.rationale,
        "lead_agency": agencies[decision.lead_agency_id].name if decision.lead_agency_id else None,
        "lead_agency_code": agencies[decision.lead_agency_id].code if decision.lead_agency_id else None,
        "lead_professional": _lead_professional(decision, beside),
        "exploitation_status": decision.exploitation_status.value if decision.exploitation_status else None,
        "further": _further(child, decision, before, office.partnership.ratings, beside.reviews.get(child.key, ())),
        "views": [asdict(view) for view in beside.views.get(item.key, ())],
        "actions": _actions(child, beside),
        **_beside_decision(office, child, beside),
    }
    if decision.outcome is Outcome.RATED:
        rated = beside.ratings[child.key]
        facts["further"] += [{"label": label, "text": text} for label, text in rating_lines(rated)]
        facts |= {
            "rating": rated.rating.value,
            "provisional": rated.provisional,
            "next_review": _iso(decision.next_review_on),
            "next_meeting": beside.homes.get(child.key),
            "asked": asked_facts(beside.asked.get(child.key, ()), agencies),
        }
    elif decision.outcome is Outcome.CLOSED:
        closure = _closure(session, meeting, child, agencies)
        # An adult still at risk is handed over with the rating as it is.
        facts |= {"rating": facts["was"] if closure.get("handed_over") else RiskRating.NONE.value, "closure": closure}
    return facts | _passed_on(decision, agencies)


def _room(room: Room, quorum: Mapping[str, str]) -> dict[str, Any]:
    """Give who was out of the room for an item, and from which agencies of the `quorum`, by code, nobody was in it."""
    missing = [name for code, name in quorum.items() if code not in room.agencies]
    return {"out_of_room": out_of_room(room), "quorum_missing": missing}


def _passed_on(decision: ItemDecision, agencies: Mapping[int, Any]) -> dict[str, Any]:
    if decision.outcome is Outcome.NOT_REACHED:
        return {"not_reached": {"reason": decision.not_reached_reason}}
    if decision.outcome is Outcome.DEFERRED:
        owed = agencies[decision.information_agency_id] if decision.information_agency_id else None
        named = {"agency": owed.name if owed else "", "agency_code": owed.code if owed else ""}
        return {"deferred": {"reason": decision.deferred_reason, **named}}
    return {}


def _beside_decision(office: Office, child: Child, beside: Beside) -> dict[str, Any]:
    """Give what the meeting heard and did beside the decision: actions withdrawn, strategy discussions recorded."""
    rules = office.partnership.ratings.strategy
    return {
        "information": information_facts(beside.information[child.key], beside.agencies),
        "withdrawn": beside.withdrawn.get(child.key, []),
        "strategy": [record_in_words(said, about, rules) for said, about in beside.strategy.get(child.key, ())],
    }


def _further(
    child: Child, decision: ItemDecision, before: RiskRating | None, rules: Ratings, reviews: Sequence[tuple[str, str]]
) -> list[dict[str, str]]:
    """Give the further reasons, and how each aim of the safety plan works.

    A reason typed for a lower rating is left out where the rating was raised again since.
    """
    to = RiskRating.NONE if decision.outcome is Outcome.CLOSED else decision.rating
    lines = []
    if decision.behaviours_reason:
        answer = _ANSWERS[decision.behaviours_indicate]
        asked = WIDER if child.learning_disability is YesNoUnknown.YES else BEHAVIOURS
        lines.append((asked, f"{answer}: {decision.behaviours_reason}"))
    if decision.step_down_reason and to is not None and is_lowered_fast(before, to, rules):
        lines += [("Lowered by more than one level", "Both chairs agreed")] if decision.both_chairs_agree else []
        lines.append(("Why the rating is lowered by more than one level", decision.step_down_reason))
    if decision.next_review_reason:
        lines.append(("Why the review is later than usual", decision.next_review_reason))
    if to is not None and decision.rules_version is not None:
        lines.append(("Decided under", f"Version {decision.rules_version} of the rules"))
    lines += reviews
    return [{"label": label, "text": text} for label, text in lines]


def _actions(child: Child, beside: Beside) -> list[dict[str, Any]]:
    return [
        {
            "reference": action.reference, "child": child.reference, "what": action.what, "agency": action.agency,
            "agency_code": beside.agencies[action.agency_id].code, "person": action.owner,
            "due_on": action.due_on.isoformat(),
        }
        for action in beside.actions.get(child.key, ())
    ]  # fmt: skip


def _closure(session: Session, meeting: Meeting, child: Child, agencies: Mapping[int, Any]) -> dict[str, Any]:
    closure = session.scalars(
        select(Closure)
        .where(col(Closure.meeting_id) == meeting.key, col(Closure.child_id) == child.key)
        .order_by(col(Closure.id).desc())
    ).first()
    if closure is None:
        return {}
    onward = "None" if closure.no_onward_need else ""
    if closure.onward_agency_id:
        onward = agencies[closure.onward_agency_id].name
    lines = [
        ("Child’s views", closure.child_view), ("Parents’ or carers’ views", closure.parents_view),
    ]  # fmt: skip
    if closure.still_at_risk is not YesNoUnknown.UNKNOWN:
        lines.append(("Still at risk at 18 or over", _ANSWERS[closure.still_at_risk]))
    if closure.adult_at_risk is not YesNoUnknown.UNKNOWN:
        answer = f"{_ANSWERS[closure.adult_at_risk]}: {closure.adult_at_risk_reason}"
        lines.append(("Adult at risk (Care Act, section 42)", answer))
    if closure.section_47 is not YesNoUnknown.UNKNOWN:
        lines.append(("Open section 47 enquiry", _ANSWERS[closure.section_47]))
    differs = closing_difference(session, closure)
    lines += [(WHY_IT_DIFFERS, differs)] if differs else []
    lines += [(warning.text, warning.reason) for warning in warnings_kept(session, closure.key)]
    return {
        "id": closure.key,
        "handed_over": closure.still_at_risk is YesNoUnknown.YES,
        "rationale": closure.rationale,
        "good_practice": closure.good_practice,
        "onward": onward,
        "package": _package(closure),
        "lines": [{"label": label, "text": text} for label, text in lines],
    }


def _package(closure: Closure) -> str | None:
    if closure.package_service:
        starts = f", from {day_in_words(closure.package_starts_on)}" if closure.package_starts_on else ""
        agreed = f", agreed by {closure.package_agreed_by}" if closure.package_agreed_by else ""
        return f"{closure.package_service}, contact {closure.package_contact}{starts}{agreed}"
    return "No ongoing need" if closure.no_package_needed else None


def _list_changes(item: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """Say how the decision changes the list, with codes; the words are those of the copy."""
    change = None
    was, rating = item["was"], item.get("rating")
    if item["outcome"] == Outcome.CLOSED.value:
        change = "off"
    elif item["outcome"] == Outcome.RATED.value and rating != RiskRating.NONE.value:
        if was is None:
            change = "on"
        elif rating != was:
            change = "up" if LEVELS[RiskRating(str(rating))] > LEVELS[RiskRating(was)] else "down"
    if change is None:
        return []
    return [{"child_id": item["child_id"], "change": change, "was": was, "rating": rating}]


def _lead_professional(decision: ItemDecision, beside: Beside) -> str | None:
    if decision.lead_professional_id is not None:
        return beside.leads[decision.lead_professional_id]
    return decision.lead_professional_name or None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
