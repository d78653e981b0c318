"""The pages that say what is missing: who is not on an agenda, and what a decision lacks."""

import re
from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.accounts.queries import actor_of
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.permissions import OPERATOR
from meetings_app.plans.service import write_version
from meetings_app.preparing.rules import Answer, Information
from meetings_app.preparing.service import send as send_information
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind, Referral
from meetings_app.schedule.models import Meeting
from tests.meetings.test_running_pages import version_of
from tests.support.actions import give_action, past_meeting
from tests.support.assessments import SERAF, codes_of, finished
from tests.support.children import put_on_list
from tests.support.meeting_day import Day
from tests.support.plans import plan_text
from tests.support.rmm import due
from tests.support.world import NOW, send


def test_who_is_not_on_the_agenda_is_named_with_why_and_can_be_added(day: Day) -> None:
    coordinator = day.browser("coordinator")
    with day.open() as session:
        child = due(session)
        entry = session.scalars(select(ListEntry).where(col(ListEntry.child_id) == child.key)).one()
        entry.next_review_on = date(2027, 1, 12)
        session.commit()
    page = coordinator.get(f"{day.at}/agenda/others").get_data(as_text=True)
    assert child.reference in page
    assert "Review due 12 January 2027" in page
    address = f"{day.at}/agenda/add"
    searched = send(coordinator, address, {"q": child.reference, "search": "1"}, page=address)
    assert child.reference in searched.get_data(as_text=True)
    link = f"{address}?q={child.reference}"
    assert link in page
    assert f'value="{child.reference}"' in coordinator.get(link).get_data(as_text=True), "the link finds the child"
    assert child.name not in coordinator.get(f"{address}?q={child.name}").get_data(as_text=True), (
        "no name in an address"
    )
    with day.open() as session:
        searches = select(AuditEvent).where(col(AuditEvent.kind) == "searched").order_by(col(AuditEvent.id).desc())
        assert [event.facts["children"] for event in session.scalars(searches)] == [[child.id]] * 2
    empty = send(coordinator, address, {"q": " ", "search": "1"}, page=address)
    assert empty.status_code == 400
    assert "Enter a name or a reference" in empty.get_data(as_text=True)
    refused = send(coordinator, f"{day.at}/agenda/add", {"q": child.reference, "child": child.reference}, page=address)
    assert refused.status_code == 400
    values = {"q": child.reference, "child": child.reference, "reason": "The chair asks"}
    assert send(coordinator, f"{day.at}/agenda/add", values, page=address).status_code == 302
    assert "Added by hand: The chair asks" in coordinator.get(f"{day.at}/agenda").get_data(as_text=True)
    first = day.children[0].reference
    answer = send(coordinator, f"{day.at}/agenda/{first}/defer", {"reason": "Away this week"})
    assert answer.status_code == 302
    assert f'id="{first}"' not in coordinator.get(f"{day.at}/agenda").get_data(as_text=True)


def test_the_page_of_an_item_names_each_missing_field_beside_it(day: Day) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    address = f"{day.at}/items/{day.number(chair, day.children[0])}"
    version = version_of(chair.get(address).get_data(as_text=True))
    answer = send(chair, address, {"version": version, "outcome": "rated", "rating": "high", "discussion": "Kept text"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    for field, message in (
        ("exploitation_status", "Choose the exploitation status"),
        ("rationale", "Enter why the meeting decided this rating"),
        ("lead_agency", "Choose the lead agency"),
    ):
        assert re.search(rf'<a href="#{field}[^"]*">{message}', page), field
        assert page.count(message) == 2, "above the page and beside the field"
    assert "Kept text" in page


def test_what_came_before_stands_on_one_strip_each_with_its_date_and_a_way_to_it(day: Day) -> None:
    listed, referred = day.children[0], day.children[4]
    with day.open() as session:
        child = session.get_one(Child, listed.key)
        for days in (3, 40, 200):
            session.add(
                ChangeInCircumstances(
                    child_id=child.key, kind=ChangeKind.MISSING_EPISODE, happened_on=NOW.date() - timedelta(days=days),
                    reported_at=NOW, text="Invented.",
                )
            )  # fmt: skip
        before = put_on_list(session, session.get_one(Child, referred.key), RiskRating.LOW)
        before.state, before.closed_on = EntryState.CLOSED, date(2026, 3, 2)
        referral = session.scalars(select(Referral).where(col(Referral.child_id) == referred.key)).one()
        referral.repeat = True
        session.commit()
        reference = referral.reference
    day.publish_and_open(day.browser("coordinator"))
    chair = day.browser("chair-cs")
    strip = strip_of(day, chair, listed)
    assert "2 in the last 90 days" in strip
    assert all(said in strip for said in ("20 Nov 2026", "1 earlier", f"/children/{listed.reference}#chronology"))
    assert [strip.count(said) for said in ("None finished", "None written", "None sent", "Not rated before")] == [
        1,
        1,
        1,
        0,
    ]
    strip = strip_of(day, chair, referred)
    assert all(said in strip for said in ("2 Mar 2026", f'/referrals/{reference}"', "None reported"))


def test_the_strip_holds_the_tools_result_the_plan_open_actions_and_what_agencies_sent(day: Day) -> None:
    listed = day.children[1]
    with day.open() as session:
        child, police = session.get_one(Child, listed.key), session.get_one(Account, day.police)
        meeting = session.scalars(select(Meeting).where(col(Meeting.reference) == day.reference)).one()
        significant = dict.fromkeys(codes_of(SERAF, "significant")[:2], ("current",))
        assessment = finished(session, OPERATOR, child, "seraf", significant).reference
        write_version(session, OPERATOR, NOW, child.key, plan_text("Planaim"))
        write_version(session, OPERATOR, NOW, child.key, plan_text("Another aim"))
        past = past_meeting(session)
        actions = [
            give_action(session, past, child, police, NOW.date() + timedelta(days=days)).reference
            for days in (-3, 20, 30, 40)
        ]
        for account_id in (day.police, day.health):
            by = actor_of(session, account_id)
            assert by is not None
            send_information(session, by, NOW, meeting, child.key, Information(Answer.NOTHING_KNOWN))
        session.commit()
    day.publish_and_open(day.browser("coordinator"))
    with day.open() as session:
        by = actor_of(session, day.police)
        assert by is not None
        meeting = session.scalars(select(Meeting).where(col(Meeting.reference) == day.reference)).one()
        send_information(
            session, by, NOW, meeting, listed.key, Information(Answer.RELEVANT, "Seen in a car.", source="A log.")
        )
        session.commit()
    parts = parts_of(strip_of(day, day.browser("chair-cs"), listed))
    result = f'href="/assessments/{assessment}">23 Nov 2026</a>: Category 2, mild risk, score 10, reads as low'
    assert "SERAF, " in parts["Assessment"]
    assert result in parts["Assessment"]
    assert f'href="/children/{listed.reference}#plan">Version 2, 23 Nov 2026</a>' in parts["Safety plan"]
    assert "Late" not in parts["Safety plan"]
    shown = parts["Open actions"]
    assert [reference in shown for reference in actions] == [True, True, True, False]
    for said in (f'href="/actions/{actions[0]}"', "Police, ", "20 Nov 2026", "Overdue by 3 days", "1 more"):
        assert said in shown, said
    told = parts["Agencies’ information"]
    assert told.count('href="#information">23 Nov 2026</a>') == 3
    assert len(re.findall(r"Police, <a[^>]*>23 Nov 2026</a>(, late)?<", told)) == 2
    assert told.count(", late") == 1
    assert "Health, " in told


def parts_of(strip: str) -> dict[str, str]:
    """Give what stands under each heading of the strip."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", strip, re.S))


def strip_of(day: Day, by: FlaskClient, child: Child) -> str:
    """Give the strip at the top of the item of a child."""
    page = by.get(f"{day.at}/items/{day.number(by, child)}").get_data(as_text=True)
    return page.partition('class="app-history"')[2].partition("</dl>")[0]


def test_a_late_item_offers_nobody_who_is_on_the_agenda(day: Day) -> None:
    coordinator, child = day.browser("coordinator"), day.children[0]
    day.publish_and_open(coordinator)
    address = f"{day.at}/agenda/add"
    page = send(coordinator, address, {"q": child.reference, "search": "1"}, page=address).get_data(as_text=True)
    assert "On this agenda already" in page
    assert 'name="child"' not in page


def test_of_the_parts_of_an_item_only_those_of_its_outcome_stand_open(day: Day) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    child = day.children[0]
    address = f"{day.at}/items/{day.number(chair, child)}"

    def open_parts() -> set[str]:
        return set(re.findall(r'data-outcome="([a-z_ ]+)" open', chair.get(address).get_data(as_text=True)))

    assert open_parts() == {"rated closed"}
    day.decide(chair, child, outcome="not_reached")
    assert open_parts() == {"not_reached"}
