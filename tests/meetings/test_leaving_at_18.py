"""The closure of an 18-year-old through the pages: blocked, told what is missing, then done."""

import re
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from meetings_app.children.ages import TransitionStep
from meetings_app.children.models import Child
from meetings_app.children.transition import Step, record_step
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from tests.support.meeting_day import Day, pass_on_the_rest
from tests.support.rmm import OFFICE, due
from tests.support.world import NOW, send

PACKAGE = Step(TransitionStep.PACKAGE, "Invented service", "Testy McContact", date(2026, 12, 1), "Testy McAgreed")
ANSWERED = {
    "outcome": "closed", "rationale": "Still at risk and handed over, as invented", "good_practice": "Invented",
    "no_onward_need": "y", "child_view": "Invented view", "parents_view": "Not sought: invented",
    "section_47": "no", "seen_since_review": "yes", "non_engagement_only": "no", "live_investigation": "no",
    "agency_dissents": "no", "recently_high_reason": "Handed over with the rating, as invented",
    "still_at_risk": "yes", "adult_at_risk": "no", "adult_at_risk_reason": "Invented reason",
}  # fmt: skip


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def test_an_18_year_old_leaves_once_the_support_package_is_on_record(day: Day) -> None:
    with day.open() as session:
        child = due(session, RiskRating.HIGH, born=date(2008, 11, 23), leaving=True)
        session.commit()
    day.publish_and_open(day.browser("coordinator"))
    chair, other = day.browser("chair-cs"), day.browser("chair-fs")
    address = f"{day.at}/items/{day.number(chair, child)}"
    page = chair.get(address).get_data(as_text=True)
    assert "Answer whether the young person is still at risk" in page
    version = field(page, "version")
    refused = send(chair, address, {"version": version, **ANSWERED})
    assert refused.status_code == 400
    said = refused.get_data(as_text=True)
    for missing in ("Enter the service that takes over", "Enter the contact there", "Enter who agreed the package"):
        assert missing in said
    gate = said[said.index("To answer below") : said.index(">Outcome<")]
    assert "Enter who agreed the package" in gate
    assert "areas of good practice" not in gate, "what is typed is not asked for once more"
    assert "Still at risk and handed over, as invented" in said, "what was typed is kept"

    with day.open() as session:
        record_step(session, OPERATOR, NOW, child.key, PACKAGE, OFFICE.partnership.ratings.ages)
        session.commit()
    page = chair.get(address).get_data(as_text=True)
    names = ("package_service", "package_contact", "package_starts_on", "package_agreed_by")
    package = {name: field(page, name) for name in names}
    assert package["package_service"] == "Invented service", "the package on record stands in the form"
    answer = send(chair, address, {"version": field(page, "version"), **ANSWERED, **package})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    page = chair.get(address).get_data(as_text=True)
    assert "Before this child can leave the list: nothing is missing" in page

    _close(day)
    for person in (chair, other):
        read = {"version": field(person.get("/closures").get_data(as_text=True), "version")}
        assert send(person, f"/closures/{child.reference}/sign", read, page="/closures").status_code == 302
    with day.open() as session:
        entry = session.scalars(select(ListEntry).where(col(ListEntry.child_id) == child.key)).one()
        assert (entry.state, entry.current_rating) == (EntryState.CLOSED, RiskRating.HIGH)
        assert session.get_one(Child, child.key).reference == child.reference


def _close(day: Day) -> None:
    chair = day.browser("coordinator")
    pass_on_the_rest(day, chair, reason="No time left")
    version = field(chair.get(f"{day.at}/close").get_data(as_text=True), "version")
    assert send(chair, f"{day.at}/close", {"version": version}).status_code == 302
