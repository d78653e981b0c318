"""What is pointed out before the draft of the minutes is issued: seen to first, or gone past with a reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts import queries as people
from meetings_app.meetings import queries
from meetings_app.meetings.minutes_readers import told_of_the_draft
from meetings_app.meetings.models import PASSED_ON, Minutes, Outcome, Presence
from meetings_app.meetings.overriding import Doubt, doubts_in
from meetings_app.meetings.publishing_checks import POLICE
from meetings_app.preparing.models import InformationSent
from meetings_app.ratings.models import RiskRating
from meetings_app.ratings.rules import needs_lead_agency
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office

Item = Mapping[str, Any]


_NOBODY = Doubt("no_readers", "The draft goes to nobody: nobody is recorded in the room who can open it here", ())


def checks_before_issuing(session: Session, office: Office, meeting: Meeting, minutes: Minutes) -> list[Doubt]:
    """Give what is pointed out of the record, of the items that the reader may see; first that nobody gets the draft.

    All of it is our default.
    """
    visible = queries.children_of(session, [item["child_id"] for item in minutes.facts["items"]])
    items: list[Item] = [item for item in minutes.facts["items"] if item["child_id"] in visible]
    rated = [item for item in items if item["outcome"] == Outcome.RATED.value]
    listed = [item for item in rated if item["rating"] != RiskRating.NONE.value]
    rules = office.partnership.ratings.ratings
    names = {agency.code: agency.name for agency in people.agencies(session)}
    police = _in_the_room(minutes.facts, names.get(POLICE, ""))
    return [
        *([] if told_of_the_draft(session, meeting) else [_NOBODY]),
        *doubts_in({
            ("no_lead_agency", "No lead agency"): [
                item["number"]
                for item in listed
                if not item["lead_agency"] and needs_lead_agency(RiskRating(item["rating"]), rules)
            ],
            ("no_next_review", "No meeting stands for the next review"): [
                item["number"] for item in listed if not item["next_review"] or not item["next_meeting"]
            ],
            ("no_police", "Rated high, and the police were not in the room"): [
                item["number"]
                for item in listed
                if item["rating"] == RiskRating.HIGH.value and not police - _left(item, names.get(POLICE, ""))
            ],
        }),
        *_not_supplied(session, office, minutes, items),
    ]  # fmt: skip


def _in_the_room(facts: Mapping[str, Any], agency: str) -> set[str]:
    return {
        line["name"]
        for line in facts["attendance"]
        if line["agency"] == agency and line["how"] == Presence.PRESENT.value
    }


def _left(item: Item, agency: str) -> set[str]:
    return {person["name"] for person in item.get("out_of_room", ()) if person["agency"] == agency}


def _not_supplied(session: Session, office: Office, minutes: Minutes, items: Sequence[Item]) -> list[Doubt]:
    """Agencies expected at the meeting that said nothing of a child it heard, neither before it nor in it."""
    by_code = {agency.code: agency for agency in people.agencies(session)}
    asked = [by_code[code] for code in office.partnership.rmm.expected_agencies if code in by_code]
    rows = session.execute(
        select(col(InformationSent.child_id), col(InformationSent.agency_id))
        .where(col(InformationSent.meeting_id) == minutes.meeting_id)
        .distinct()
    )
    sent = {(row.child_id, row.agency_id) for row in rows}
    passed_on = {outcome.value for outcome in PASSED_ON}
    return doubts_in(
        {
            ("no_information", f"{agency.name} supplied no information"): [
                item["number"]
                for item in items
                if item["outcome"] not in passed_on and (item["child_id"], agency.id) not in sent
                and all(view["agency_code"] != agency.code for view in item.get("views", ()))
            ]
            for agency in asked
        }
    )  # fmt: skip
