"""The first page: what a person has to do now; every number leads to exactly the rows it counts."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import RoleGrant
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child, PossibleDuplicate
from meetings_app.cse_list.models import Closure, ClosureState, EntryState, ListEntry
from meetings_app.imports.models import ImportBatch, ImportKind, ImportState
from meetings_app.permissions import OPERATOR, Role
from meetings_app.ratings.models import RiskRating
from meetings_app.ratings.service import record_rating
from meetings_app.referrals.service import ReferralDetails, make_referral
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support import meetings as series_of
from tests.support.actions import give_action, past_meeting
from tests.support.assessed import draft, known
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, add_meeting, agency_id, child_of, put_on_list
from tests.support.remembered import remembered
from tests.support.world import NOW, TinyWorld, actor_for, add_account, add_school, tiny_world

TODAY = NOW.date()
TASK = re.compile(
    r'app-tasks__link" href="([^"]+)">\s*<span class="app-tasks__count">(\d+)</span> '
    r'<span class="app-tasks__text">([^<]+)<'
)


@dataclass
class World:
    """A county in which something waits for everybody."""

    people: TinyWorld
    listed: list[Child]
    closed_meeting: Meeting


@pytest.fixture
@remembered
def world(session: Session) -> World:
    people = tiny_world(session)
    add_school(session, "oak", "Oak Invented School")
    lead = add_account(session, "lead", Role.LEAD_PROFESSIONAL, "childrens-services", ["NE"])
    add_account(session, "school", Role.SCHOOL, "education", school="oak")
    add_account(session, "holder", Role.LIST_HOLDER, "police", ["NE"])
    add_account(session, "analyst", Role.ANALYST, "childrens-services")
    admin = add_account(session, "admin", Role.ADMINISTRATOR, "childrens-services")
    add_account(session, "auditor", Role.AUDITOR, "childrens-services")
    closed = past_meeting(session)
    series_of.series(session)
    entries = [
        put_on_list(
            session, rating=RiskRating.MEDIUM, name=f"Testy McListed {number}",
            born=date(2009, 3, 1) if number == 1 else date(2012, 3, 1 + number),
            review_on=TODAY + timedelta(days=number * 10 - 15), lead_professional_id=lead.key if number < 3 else None,
        )
        for number in range(5)
    ]  # fmt: skip
    put_on_list(session, name="Testy McWithout", area="NW")
    children = [child_of(session, entry) for entry in entries]
    owners = (
        (0, people.police, -3),
        (1, people.police, 1),
        (2, people.police, 5),
        (3, people.health, 9),
        (0, lead, 13),
    )
    for number, owner, days in owners:
        give_action(session, closed, children[number], owner, TODAY + timedelta(days=days))
    entries[0].plan_due_on = TODAY - timedelta(days=1)
    _closing(session, entries[4], closed, people)
    session.add(PossibleDuplicate(child_id=children[0].key, other_id=children[1].key, why="near dates", found_at=NOW))
    _upload(session, people)
    for number, owed in ((1, True), (2, True), (2, False)):
        # What is owed for a rating that another one followed is not asked for any more.
        record_rating(
            session, OPERATOR, NOW, children[number].key, RiskRating.MEDIUM, rationale="Invented.", provisional=owed,
            decided_on=closed.held_on, meeting_id=closed.key,
            owed_by_agency_id=agency_id(session, "police") if owed else None,
        )  # fmt: skip
    for number in range(3):
        child = add_child(session, f"Testy McReferred {number}")
        make_referral(session, OPERATOR, NOW, series_of.office(), child, _details(session, urgent=number == 0))
    known(session, actor_for(session, people.police), children[2], hours_ago=25)
    draft(session, actor_for(session, people.coordinator), children[3])
    admin.name = "Testy McAdmin"
    session.commit()
    return World(people, children, closed)


def _details(session: Session, *, urgent: bool) -> ReferralDetails:
    return ReferralDetails(
        agency_id=agency_id(session, "education"), referrer_name="Pat Invented", reason="Invented.", urgent=urgent
    )


def _closing(session: Session, entry: ListEntry, meeting: Meeting, people: TinyWorld) -> None:
    entry.state = EntryState.CLOSING
    session.add(
        Closure(
            entry_id=entry.key, child_id=entry.child_id, meeting_id=meeting.key, state=ClosureState.CLOSING,
            first_chair_id=people.chair_cs.key, first_signed_at=NOW, second_due_on=TODAY,
        )
    )  # fmt: skip


def _upload(session: Session, people: TinyWorld) -> None:
    session.add(
        ImportBatch(
            reference="U-23456", kind=ImportKind.LIST, state=ImportState.PREVIEWED, sha256="0" * 64, uploaded_at=NOW,
            uploaded_by_id=people.coordinator.key, answers={}, report={},
        )
    )  # fmt: skip


def tasks_of(html: str) -> dict[str, tuple[str, int]]:
    """Give the numbers that lead somewhere: the words, and their address and number."""
    return {text: (href.replace("&amp;", "&"), int(number)) for href, number, text in TASK.findall(html)}


def rows_of(client: FlaskClient, address: str) -> int:
    """Count the rows of the page at an address: the head of each row says what it is."""
    html = text_of(client, address)
    main = html[html.index("<main") : html.index("</main>")]
    counted = main.split("Answered lately")[0].split(">Waiting</h2>")[0]
    return len(re.findall(r'<th[^>]*scope="row"', counted))


EVERYBODY = {
    "coordinator": {
        "referrals wait for a decision": 3, "reviews are overdue": 2, "action is overdue": 1,
        "safety plan is late": 1,
        "pair of records may be one child": 1, "upload waits for your yes": 1,
        "things assessments ask for are open": 2, "assessment waits for a decision": 1,
        "children are due to be assessed": 4, "assessment of yours is a draft": 1,
        "agency did not supply what was missing: escalate it": 1,
    },
    "coordinator-nw": {
        "child has no meeting ahead": 1, "child is due to be assessed": 1,
        "child has no lead professional, or the lead professional has left": 1,
    },
    "chair-cs": {
        "referrals wait for a decision": 3, "reviews are overdue": 2, "action is overdue": 1, "safety plan is late": 1,
        "child of 17 or over: check the plans for adult services": 1, "things assessments ask for are open": 2,
        "assessment waits for a decision": 1, "children are due to be assessed": 4,
    },
    "chair-fs": {
        "closure waits for your signature": 1, "referrals wait for a decision": 3, "reviews are overdue": 2,
        "action is overdue": 1, "child of 17 or over: check the plans for adult services": 1, "safety plan is late": 1,
        "things assessments ask for are open": 2, "assessment waits for a decision": 1,
        "children are due to be assessed": 4,
    },
    "police": {
        "action is overdue": 1, "actions are due this week": 2, "things assessments of yours ask for are open": 2,
        "decision after an assessment of yours is waited for": 1,
        "children’s ratings ask something of your agency that nobody has taken up": 5,
    },
    "health": {"action is due later": 1},
    "lead": {
        "safety plan is late": 1, "safety plan is to be written": 1,
        "children are entered as yours": 3, "action of your own is open": 1,
        "children are due to be assessed": 2,
    },
    "school": {},
    "holder": {"reviews are overdue": 2, "children are on the CSE list": 5},
    "analyst": {},
    "admin": {},
    "auditor": {},
}  # fmt: skip


@pytest.mark.parametrize("person", sorted(EVERYBODY))
def test_each_person_is_told_what_waits_and_each_number_is_that_of_its_rows(
    app: Flask, world: World, person: str
) -> None:
    client = browser(app, person)
    found = tasks_of(text_of(client, "/"))
    assert {text: number for text, (_href, number) in found.items()} == EVERYBODY[person]
    for text, (href, number) in found.items():
        assert rows_of(client, href) == number, (text, href)


def test_a_school_is_led_to_its_pupils_and_to_nobody_else(app: Flask, session: Session, world: World) -> None:
    pupil = world.listed[0]
    account = add_account(session, "other-school", Role.SCHOOL, "education", school="oak")
    pupil.school_id = account.school_id
    session.commit()
    client = browser(app, "other-school")
    assert tasks_of(text_of(client, "/")) == {"of your pupils is on the CSE list": ("/my-children", 1)}
    html = text_of(client, "/my-children")
    assert pupil.name in html
    assert world.listed[1].name not in html
    assert "Medium" not in html, "a school reads the plan, not the rating"


def test_a_plan_to_be_written_says_that_it_is_late(app: Flask, world: World) -> None:
    html = text_of(browser(app, "lead"), "/my-children?plan=due")
    assert "1 working day late" in html
    assert world.listed[0].name in html
    assert world.listed[1].name not in html


def test_the_next_thing_stands_first(app: Flask, world: World) -> None:
    coordinator = text_of(browser(app, "coordinator"), "/")
    assert "Publish the agenda today." in coordinator[: coordinator.index("app-tasks")]
    chair = text_of(browser(app, "chair-fs"), "/")
    assert "Sign the minutes." in chair[: chair.index("app-tasks")]
    police = text_of(browser(app, "police"), "/")
    assert "1 action is overdue" in police[: police.index("app-tasks")]


def test_the_meeting_of_today_stands_before_minutes_to_be_signed(app: Flask, session: Session) -> None:
    tiny_world(session)
    add_meeting(session, TODAY - timedelta(days=7), state=MeetingState.CLOSED)
    held = add_meeting(session, TODAY, state=MeetingState.PUBLISHED)
    session.commit()
    chair = text_of(browser(app, "chair-fs"), "/")
    assert "Sign the minutes." in chair
    first = chair[: chair.index("app-tasks")]
    assert "Hold it today." in first
    assert held.reference in first


def test_the_name_at_the_top_leads_to_the_person_s_own_account(app: Flask, session: Session) -> None:
    tiny_world(session)
    client = browser(app, "police")
    assert '<a href="/account" class="app-header__name">' in text_of(client, "/")
    assert "Change your password" in text_of(client, "/account")


def test_nothing_to_do_is_said_in_plain_words(app: Flask, session: Session) -> None:
    tiny_world(session)
    html = text_of(browser(app, "police"), "/")
    assert "Nothing waits for you today" in html
    assert tasks_of(html) == {}


@pytest.mark.parametrize(
    ("state", "days", "person", "words"),
    [
        (MeetingState.PUBLISHED, -2, "coordinator", "Record what was decided and close it. It was held 2 days ago."),
        (MeetingState.IN_PROGRESS, 0, "chair-cs", "Record what was decided and close it."),
        (MeetingState.PUBLISHED, 0, "coordinator", "Hold it today."),
        (MeetingState.PUBLISHED, 3, "police", "The agenda is published."),
        (MeetingState.ANNOUNCED, 3, "police", "The agenda is not published yet."),
        (MeetingState.ANNOUNCED, 0, "coordinator", "Publish the agenda: it was due on 20 November 2026."),
        (MeetingState.ANNOUNCED, 1, "coordinator", "Publish the agenda today."),
        (MeetingState.ANNOUNCED, 8, "coordinator", "Cut-off for new items: 27 November 2026, 12pm."),
        (MeetingState.PLANNED, 8, "coordinator", "Announce it, so that the invites go out."),
        (MeetingState.CLOSED, -7, "coordinator", "The minutes wait for the chairs’ signatures."),
        (MeetingState.CLOSED, -7, "chair-fs", "Sign the minutes."),
    ],
)
def test_a_meeting_says_what_is_to_be_done_about_it(
    app: Flask, session: Session, state: MeetingState, days: int, person: str, words: str
) -> None:
    tiny_world(session)
    meeting = add_meeting(session, TODAY + timedelta(days=days), state=state)
    session.commit()
    html = text_of(browser(app, person), "/")
    assert words in html
    assert f'href="/meetings/{meeting.reference}"' in html


def test_meetings_of_other_areas_are_not_shown(app: Flask, world: World) -> None:
    assert "RMM-NE" not in text_of(browser(app, "coordinator-nw"), "/")


def test_whoever_holds_several_roles_has_a_part_for_each(app: Flask, session: Session, world: World) -> None:
    both = add_account(session, "both", Role.COORDINATOR, "childrens-services", ["NE"])
    session.add(RoleGrant(account_id=both.key, role=Role.ADMINISTRATOR, granted_at=NOW))
    session.commit()
    html = text_of(browser(app, "both"), "/")
    assert 'href="#coordinator"' in html
    assert 'href="#administrator"' in html


@pytest.mark.parametrize(
    ("person", "part"),
    [
        ("police", "duplicates"), ("police", "no-meeting"), ("chair-fs", "uploads"), ("coordinator", "closures"),
        ("coordinator", "invitations"), ("analyst", "duplicates"), ("admin", "closures"), ("coordinator", "nonsense"),
    ],
)  # fmt: skip
def test_a_part_of_somebody_elses_work_answers_as_if_it_did_not_exist(
    app: Flask, world: World, person: str, part: str
) -> None:
    text_of(browser(app, person), f"/waiting/{part}", status=404)


def test_the_page_of_duplicates_says_why_and_records_whose_names_were_shown(
    app: Flask, session: Session, world: World
) -> None:
    html = text_of(browser(app, "coordinator"), "/waiting/duplicates")
    assert "near dates" in html
    rows = session.execute(
        select(col(AuditEvent.facts)).where(
            col(AuditEvent.kind) == "waiting_viewed", col(AuditEvent.actor_id) == world.people.coordinator.key
        )
    ).all()
    assert [row.facts for row in rows] == [
        {"what": "duplicates", "children": sorted(child.key for child in world.listed[:2])}
    ]


@pytest.mark.parametrize("person", ["coordinator", "chair-cs", "police", "lead"])
def test_the_number_of_statements_does_not_follow_what_the_county_holds(
    app: Flask, session: Session, world: World, person: str
) -> None:
    client = browser(app, person)
    text_of(client, "/")
    few = statements_of(session, lambda: text_of(client, "/"))
    for number in range(10):
        child = child_of(session, put_on_list(session, review_on=TODAY - timedelta(days=number)))
        give_action(session, world.closed_meeting, child, world.people.police, TODAY)
        add_meeting(session, TODAY + timedelta(days=number), state=MeetingState.PUBLISHED)
    session.commit()
    assert statements_of(session, lambda: text_of(client, "/")) == few <= 28


def statements_of(session: Session, run: Callable[[], object]) -> int:
    """Count the statements that read while something runs."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    try:
        run()
    finally:
        event.remove(bind, "before_cursor_execute", note)
    return len([statement for statement in sent if statement.startswith("SELECT")])
