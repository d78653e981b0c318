"""The steps towards adult services: recorded beside the child, after which the agenda no longer asks for them."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.children.ages import TransitionStep, age_notes
from meetings_app.children.models import Child
from meetings_app.children.transition import Step, check_step, record_step, steps_of
from meetings_app.db.session import act_for
from meetings_app.errors import NotFound, RuleBroken
from meetings_app.meetings.drafting import draft_of
from meetings_app.partnership import load
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder
from tests.support.browsing import browser
from tests.support.children import put_on_list
from tests.support.rmm import OFFICE, Rmm, child_of, rmm
from tests.support.world import NOW, send

CONTACT, REFERRAL, PACKAGE = TransitionStep.ADULT_CONTACT, TransitionStep.ADULT_SERVICES, TransitionStep.PACKAGE
RULES = load(folder("agendas")).ratings
AGREED = Step(PACKAGE, "Invented service", "Testy McContact", date(2026, 12, 1), "Testy McAgreed")
REFERRED = Step(REFERRAL, service="Invented adult team", happens_on=date(2026, 11, 2), referred=True)

LACKING = [
    (Step(CONTACT), ["service", "contact"]),
    (Step(REFERRAL), ["referred"]),
    (Step(REFERRAL, referred=True), ["service", "happens_on"]),
    (Step(REFERRAL, referred=False), ["reason"]),
    (Step(REFERRAL, referred=False, reason="Invented reason"), []),
    (REFERRED, []),
    (Step(PACKAGE), ["service", "contact", "happens_on", "agreed_by"]),
    (Step(PACKAGE, service=" ", contact="Testy", happens_on=date(2026, 12, 1), agreed_by="Testy"), ["service"]),
    (AGREED, []),
]


@pytest.mark.parametrize(("step", "fields"), LACKING)
def test_what_a_step_lacks_is_named_at_once(step: Step, fields: list[str]) -> None:
    found = []
    try:
        check_step(step)
    except RuleBroken as broken:
        found = [one.field for one in (broken, *broken.more)]
    assert found == fields


def older(day: Rmm, born: date) -> Child:
    """A child on the list whose review is far away, so that only the age brings it to the agenda."""
    return child_of(day.session, put_on_list(day.session, None, review_on=date(2027, 1, 20), born=born))


def asked(day: Rmm, child: Child) -> str:
    day.operator()
    items = draft_of(day.session, day.meeting, OFFICE.partnership, NOW).items
    return "; ".join(reason.text for item in items if item.child == child.reference for reason in item.reasons)


def test_from_17_and_three_quarters_the_child_comes_weekly_until_the_package_is_recorded(session: Session) -> None:
    day = rmm(session)
    child = older(day, date(2009, 2, 23))
    assert "support package not agreed" in asked(day, child)
    record_step(session, day.act("coordinator"), NOW, child.key, AGREED, RULES.ages)
    assert "support package" not in asked(day, child)


def test_the_decision_on_a_referral_at_17_and_a_half_is_asked_until_it_is_recorded(session: Session) -> None:
    day = rmm(session)
    child, other = older(day, date(2009, 5, 1)), older(day, date(2009, 5, 1))
    assert "decision on a referral to adult services was due" in asked(day, child)
    step = Step(REFERRAL, referred=False, reason="Invented: no need")
    record_step(session, day.act("chair_cs"), NOW, child.key, step, RULES.ages)
    assert "decision on a referral" not in asked(day, child)
    assert "decision on a referral" in asked(day, other), "what is recorded of one child says nothing of another"


def test_the_last_record_of_a_step_counts_and_the_earlier_one_stays(session: Session) -> None:
    day = rmm(session)
    child = older(day, date(2009, 2, 23))
    coordinator = day.act("coordinator")
    for contact in ("Testy McFirst", "Testy McSecond"):
        record_step(session, coordinator, NOW, child.key, Step(CONTACT, "Invented team", contact), RULES.ages)
    assert steps_of(session, child.key)[CONTACT].contact == "Testy McSecond"
    day.operator()
    for change in ("DELETE FROM transition_record", "UPDATE transition_record SET contact = 'Altered'"):
        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(sa.text(change))


def test_no_support_package_starts_before_the_17th_birthday(session: Session) -> None:
    day = rmm(session)
    child = older(day, date(2009, 2, 23))
    coordinator = day.act("coordinator")
    with pytest.raises(RuleBroken) as told:
        record_step(session, coordinator, NOW, child.key, replace(AGREED, happens_on=date(2026, 2, 22)), RULES.ages)
    assert told.value.field == "happens_on"
    assert "Enter a date on or after 23 February 2026" in told.value.message
    assert steps_of(session, child.key) == {}
    record_step(session, coordinator, NOW, child.key, replace(AGREED, happens_on=date(2026, 2, 23)), RULES.ages)


@pytest.mark.parametrize("who", ["police", "coordinator_nw"])
def test_only_those_who_may_change_the_child_record_a_step(session: Session, who: str) -> None:
    day = rmm(session)
    child = older(day, date(2009, 2, 23))
    with pytest.raises(NotFound):
        record_step(session, day.act(who), NOW, child.key, AGREED, RULES.ages)


BIRTHDAYS = [
    (date(2008, 2, 29), date(2025, 2, 28), False),
    (date(2008, 2, 29), date(2025, 3, 1), True),
    (date(2009, 11, 24), date(2026, 11, 23), False),
    (date(2009, 11, 24), date(2026, 11, 24), True),
]


@pytest.mark.parametrize(("born", "day", "is_asked"), BIRTHDAYS)
def test_at_17_the_contact_in_adult_services_is_asked_for(born: date, day: date, is_asked: bool) -> None:
    def said(*steps: TransitionStep) -> str:
        return " ".join(note.text for note in age_notes(born, day, RULES, steps=steps))

    assert ("Name the contact in adult services." in said()) is is_asked
    assert "Name the contact" not in said(CONTACT)


def test_at_18_what_is_recorded_is_said_instead_of_asked() -> None:
    def codes(day: date, *steps: TransitionStep) -> str:
        return " ".join(note.text for note in age_notes(date(2008, 2, 29), day, RULES, steps=steps))

    assert "closure needs the support package" in codes(date(2026, 3, 1))
    assert "the support package with adult services is recorded" in codes(date(2026, 3, 1), PACKAGE)
    assert "until the support package is agreed" in codes(date(2026, 2, 28))
    assert "until the support package is agreed" not in codes(date(2026, 2, 28), PACKAGE)


def test_the_steps_are_recorded_on_the_childs_page_and_the_closure_takes_the_package_over(
    app: Flask, sessions: sessionmaker[Session]
) -> None:
    with sessions() as session:
        act_for(session, OPERATOR)
        day = rmm(session)
        child = older(day, date(2008, 11, 1)).reference
        young = older(day, date(2012, 1, 1)).reference
        session.commit()
    coordinator, at = browser(app, "coordinator"), f"/children/{child}"
    assert "Towards adult services" in coordinator.get(at).get_data(as_text=True)
    assert "Towards adult services" not in coordinator.get(f"/children/{young}").get_data(as_text=True)
    refused = send(coordinator, f"{at}/transition/adult_services", {"referred": "no"})
    assert refused.status_code == 400
    assert "Enter why no referral is made" in refused.get_data(as_text=True)
    for step, values in {
        "adult_contact": {"service": "Invented team", "contact": "Testy McContact"},
        "adult_services": {"referred": "no", "reason": "Invented: no need"},
        "package": {
            "service": "Invented service", "contact": "Testy McTakes", "happens_on": "1/12/2026",
            "agreed_by": "Testy McAgreed",
        },
    }.items():  # fmt: skip
        assert send(coordinator, f"{at}/transition/{step}", values).status_code == 302
    page = coordinator.get(at).get_data(as_text=True)
    for said in ("Testy McContact, Invented team", "No referral: Invented: no need", "agreed by Testy McAgreed"):
        assert said in page
    told = page[page.index('id="chronology"') :]
    for said in (
        "Towards adult services: named contact", "Contact: Testy McTakes", "Towards adult services: no referral",
        "Agreed by: Testy McAgreed",
    ):  # fmt: skip
        assert said in told
    police = browser(app, "police")
    assert "Testy McContact" in police.get(at).get_data(as_text=True)
    assert police.get(f"{at}/transition/package").status_code == 404
