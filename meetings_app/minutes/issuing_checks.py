"""What is pointed out before the draft of the minutes is issued: seen to first, or gone past with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.accounts import queries as people
from meetings_app.meetings import queries
from meetings_app.meetings.bringing_up import openings_of, time_at
from meetings_app.meetings.doubts import POLICE, Checked, Doubt, doubts_about
from meetings_app.meetings.item_queries import items_of
from meetings_app.meetings.minutes_readers import told_of_the_draft
from meetings_app.meetings.models import Minutes, Outcome, Presence
from meetings_app.meetings.police_words import tells_what_the_police_know
from meetings_app.meetings.publishing_checks import ENTRIES, expected_agencies
from meetings_app.minutes.editing import working_texts
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office

Item = Mapping[str, Any]


_NOBODY = Doubt("no_readers", "The draft goes to nobody: nobody is recorded in the room who can open it here", ())


def checks_before_issuing(
    session: Session, office: Office, meeting: Meeting, minutes: Minutes, now: datetime
) -> list[Doubt]:
    """Give what is pointed out of the record, of the items that the reader may see; first that nobody gets the draft.

    Whose decision names no lead agency has the one of the list, as it is now. All of it is our default.
    """
    visible = queries.children_of(session, [item["child_id"] for item in minutes.facts["items"]])
    items: list[Item] = [item for item in minutes.facts["items"] if item["child_id"] in visible]
    expected = {agency.code: agency.name for agency in expected_agencies(session, office)}
    names = {agency.code: agency.name for agency in people.agencies(session)}
    police, over = _in_the_room(minutes.facts, names.get(POLICE, "")), _over_time(session, meeting, now)
    entries = {row.child_id: row for row in session.execute(ENTRIES, {"ids": sorted(visible)})}
    texts, listed = working_texts(session, minutes), office.partnership.language.police_intelligence
    checked = [
        _checked(
            item, entries.get(item["child_id"]), police=bool(police - _left(item, names.get(POLICE, ""))),
            over=item["number"] in over, police_words=tells_what_the_police_know(
                (texts[item["number"]], item["rationale"]), _told_by_police(item), listed
            ),
        )
        for item in items
    ]  # fmt: skip
    return [
        *([] if told_of_the_draft(session, meeting) else [_NOBODY]),
        *doubts_about(checked, office.partnership.ratings.ratings, expected),
    ]


def sees_every_item(session: Session, minutes: Minutes) -> bool:
    """Say whether the reader may see every item of the minutes, and so read a reason that may name a child."""
    children = {item["child_id"] for item in minutes.facts["items"]}
    return children <= queries.children_of(session, sorted(children)).keys()


def _checked(item: Item, entry: Any, *, police: bool, over: bool, police_words: bool) -> Checked:
    outcome = Outcome(item["outcome"]) if item["outcome"] else None
    rated = outcome is Outcome.RATED
    before = RiskRating(item["was"]) if item["was"] else None
    # What this meeting did not rate stands on the list as it is now, whoever changed it since.
    after = RiskRating(item["rating"]) if rated else entry.current_rating if entry is not None else None
    return Checked(
        number=item["number"], outcome=outcome, before=before, after=None if outcome is Outcome.CLOSED else after,
        led=(rated and bool(item["lead_agency"])) or (entry is not None and entry.lead_agency_id is not None),
        homed=bool(item["next_review"] and item["next_meeting"]) if rated else bool(entry and entry.next_meeting_id),
        police=police, over=over, to_leave=any(not person["left"] for person in item.get("out_of_room", ())),
        said={each["agency_code"] for each in (*item.get("information", ()), *item.get("views", ()))},
        police_words=police_words,
    )  # fmt: skip


def _told_by_police(item: Item) -> list[str]:
    """Give what the police sent before the meeting and said in it, as the minutes keep it."""
    told = [each for each in (*item.get("information", ()), *item.get("views", ())) if each["agency_code"] == POLICE]
    return [each[name] for each in told for name in ("facts", "opinion", "text") if each.get(name)]


def _over_time(session: Session, meeting: Meeting, now: datetime) -> set[str]:
    """Give the numbers of the items at which the room was longer than the agenda planned."""
    openings = openings_of(session, meeting.key)
    items = items_of(session, meeting.key)
    return {item.number for item in items if time_at(openings, meeting, item, now).over}


def _in_the_room(facts: Mapping[str, Any], agency: str) -> set[str]:
    return {
        line["name"]
        for line in facts["attendance"]
        if line["agency"] == agency and line["how"] == Presence.PRESENT.value
    }


def _left(item: Item, agency: str) -> set[str]:
    return {person["name"] for person in item.get("out_of_room", ()) if person["agency"] == agency}
