"""Low: held at Early Help unless a social worker already works with the child; no plan; only an RMM closes (SUR)."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import RuleBroken
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.held_by import held_by
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.meetings.models import Outcome
from meetings_app.ratings.models import RiskRating
from tests.support.children import agency_id
from tests.support.meeting_day import Day
from tests.support.rmm import OFFICE, rated, referred, rmm
from tests.support.world import NOW

HIGH, MEDIUM, LOW, NONE = RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW, RiskRating.NONE
YES, NO, UNKNOWN = YesNoUnknown.YES, YesNoUnknown.NO, YesNoUnknown.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "chosen", "lead"),
    [
        (UNKNOWN, None, "family-services"), (NO, None, "family-services"), (NO, "police", "police"),
        (YES, "childrens-services", "childrens-services"),
    ],
)  # fmt: skip
def test_a_child_rated_low_is_held_at_early_help_where_nobody_else_leads(
    session: Session, answer: YesNoUnknown, chosen: str | None, lead: str
) -> None:
    day = rmm(session)
    child = referred(session)
    day.open()
    agency = agency_id(session, chosen) if chosen else None
    day.decide(child, rated(session, LOW, social_worker=answer, lead_agency_id=agency))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    entry = live_entry(session, child.key)
    assert entry is not None
    assert (entry.lead_agency_id, entry.plan_due_on) == (agency_id(session, lead), None), "no plan is asked for"
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    assert minutes.facts["items"][0]["lead_agency_code"] == lead


def test_where_a_social_worker_works_with_the_child_the_lead_agency_is_chosen(session: Session) -> None:
    day = rmm(session)
    child = referred(session)
    day.open()
    with pytest.raises(RuleBroken) as refused:
        day.decide(child, rated(session, LOW, social_worker=YES, lead_agency_id=None))
    assert refused.value.field == "lead_agency"


@pytest.mark.parametrize("rating", [HIGH, MEDIUM, NONE])
def test_only_low_is_held_at_early_help(rating: RiskRating) -> None:
    decided = Decided(outcome=Outcome.RATED, rating=rating)
    assert held_by(decided, OFFICE.partnership.ratings) == ""
    assert held_by(replace(decided, rating=LOW), OFFICE.partnership.ratings) == "family-services"


def test_what_low_means_is_read_before_it_is_chosen(day: Day) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    child = day.children[4]
    page = chair.get(f"{day.at}/items/{day.number(chair, child)}").get_data(as_text=True)
    assert "Low: held by Family Services at Early Help" in page
    assert page.index("Low: held by Family Services") < page.index("Is a social worker already working")
    rating = {"outcome": "rated", "rating": "low", "exploitation_status": "suspected", "rationale": "Invented"}
    day.decide(chair, child, **rating, social_worker="no")
    assert offered(chair, day, child) is False, "nobody leads yet, so it is held there by itself"
    with day.open() as session:
        assert live_entry(session, child.key) is None, "it takes effect when the meeting closes"


@pytest.mark.parametrize(
    ("rating", "agency", "works", "shown"),
    [("low", "police", "no", True), ("low", "police", "yes", False), ("medium", "police", "no", False)],
)
def test_on_a_review_early_help_is_offered_beside_the_lead_agency_and_never_chosen_by_itself(
    day: Day, rating: str, agency: str, works: str, shown: bool
) -> None:
    coordinator, chair, child = day.browser("coordinator"), day.browser("chair-cs"), day.children[0]
    day.publish_and_open(coordinator)
    said = {"outcome": "rated", "rating": rating, "exploitation_status": "suspected", "rationale": "Invented"}
    day.decide(chair, child, **said, social_worker=works, lead_agency=day.agencies[agency])
    assert offered(chair, day, child) is shown
    page = chair.get(f"{day.at}/items/{day.number(chair, child)}").get_data(as_text=True)
    assert re.search(rf'selected value="{day.agencies[agency]}"|value="{day.agencies[agency]}" selected', page)


def offered(chair: FlaskClient, day: Day, child: Child) -> bool:
    page = chair.get(f"{day.at}/items/{day.number(chair, child)}").get_data(as_text=True)
    found = re.search(r'data-low-offer="\d+"( hidden)?>', page)
    assert found
    assert "Rated low, a child is held by Family Services at Early Help" in page
    return found[1] is None
