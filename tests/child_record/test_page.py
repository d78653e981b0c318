"""A child's page: what it says, in which order, how little it asks for it, and that nothing written is lost."""

import re
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionState
from meetings_app.audit.models import AuditEvent
from meetings_app.child_record.chronology import PAGE, chronology
from meetings_app.children.models import Child, ChildNote
from meetings_app.children.service import add_note
from meetings_app.cse_list.models import ListEntry
from meetings_app.permissions import OPERATOR, Role
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind, Referral
from tests.support.assessments import TOOLS, codes_of, finished, ticked
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import add_child, add_meeting, agency_id, child_of, put_on_list, rate
from tests.support.messy import UNUSUAL_NAMES
from tests.support.plans import TYPED
from tests.support.remembered import remembered
from tests.support.statements import plan_of, statements_of
from tests.support.world import NOW, add_account, tiny_world

PLAN = {**TYPED, "aim1_number": "1"}


@pytest.fixture
@remembered
def entry(session: Session) -> ListEntry:
    tiny_world(session)
    add_meeting(session, date(2026, 11, 26))
    return put_on_list(session, lead="childrens-services")


def reference_of(session: Session, entry: ListEntry) -> str:
    reference = child_of(session, entry).reference
    session.commit()
    session.close()
    return reference


def test_what_is_true_now_comes_before_what_happened(app: Flask, session: Session, entry: ListEntry) -> None:
    html = text_of(browser(app, "coordinator"), f"/children/{reference_of(session, entry)}")
    places = [
        html.index(words)
        for words in ("Date of birth", "Present rating, and why", "Safety plan", 'id="actions"', 'id="chronology"')
    ]
    assert places == sorted(places)
    assert "An invented reason." in html
    assert "RMM-NE-2026-W48" in html


def test_the_title_of_the_window_holds_the_reference_and_not_the_name(
    app: Flask, session: Session, entry: ListEntry
) -> None:
    name = child_of(session, entry).name
    reference = reference_of(session, entry)
    html = text_of(browser(app, "coordinator"), f"/children/{reference}")
    title = re.search("<title>(.*?)</title>", html)
    assert title is not None
    assert title.group(1) == f"Child {reference} – Risk Management Meetings"
    assert f"<bdi>{name}</bdi></h1>" in html


def test_opening_the_page_is_on_record_before_it_is_shown(app: Flask, session: Session, entry: ListEntry) -> None:
    child_id, reference = entry.child_id, reference_of(session, entry)
    text_of(browser(app, "coordinator"), f"/children/{reference}")
    last = session.scalars(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1)).one()
    assert (last.kind, last.child_id) == ("child_viewed", child_id)


SCANNED_NEVER = (
    "child", "list_entry", "rating", "child_note", "referral", "action", "safety_plan", "assessment",
    "strategy_discussion", "strategy_record", "change_in_circumstances",
)  # fmt: skip


def test_the_page_takes_a_fixed_number_of_statements_and_scans_nothing(
    app: Flask, session: Session, entry: ListEntry, engines: dict[str, sa.Engine], database: str, now: datetime
) -> None:
    for number in range(60):
        add_note(session, OPERATOR, now + timedelta(minutes=number), entry.child_id, f"Note {number}")
        rate(session, child_of(session, entry), RiskRating.HIGH)
    for number in range(10):
        tool, tier = ("seraf", "significant") if number % 2 else ("kent-medway", "high")
        finished(session, OPERATOR, child_of(session, entry), tool, ticked(codes_of(TOOLS[tool], tier)[:3]))
    reference = reference_of(session, entry)
    client = browser(app, "coordinator")
    with statements_of(engines[database]) as sent:
        text_of(client, f"/children/{reference}")
    reads = [(statement, values) for statement, values in sent if statement.lstrip().startswith("SELECT")]
    assert len(reads) <= 20, [statement.split("FROM")[-1][:60] for statement, _values in reads]
    for statement, values in reads:
        if "audit_head" in statement:
            continue
        plan = plan_of(session, statement, values)
        for table in SCANNED_NEVER:
            assert not re.search(rf"SCAN {table}(?! USING)|Seq Scan on {table}\b", plan), (statement, plan)


@pytest.mark.parametrize("name", UNUSUAL_NAMES)
def test_a_name_of_any_script_goes_through_form_database_and_page(
    app: Flask, session: Session, entry: ListEntry, name: str
) -> None:
    reference = reference_of(session, entry)
    client = browser(app, "coordinator")
    saved = fill_in(
        client, f"/children/{reference}/details",
        {"name": name, "born": "05/01/2011", "area": "NE", "learning_disability": "unknown", "looked_after": "no"},
    )  # fmt: skip
    assert saved.status_code == 302, saved.text
    assert f"<bdi>{escape(name)}</bdi>" in text_of(client, f"/children/{reference}")
    assert session.scalars(select(col(Child.name)).where(col(Child.reference) == reference)).one() == name


def test_a_note_pasted_from_word_keeps_its_lines_and_what_cannot_be_kept_is_said(
    app: Flask, session: Session, entry: ListEntry
) -> None:
    reference = reference_of(session, entry)
    client = browser(app, "coordinator")
    assert fill_in(client, f"/children/{reference}/note", {"text": "One\x0btwo\r\nthree <b>&"}).status_code == 302
    assert session.scalars(select(col(ChildNote.text))).one() == "One\ntwo\nthree <b>&"
    refused = fill_in(client, f"/children/{reference}/note", {"text": "A bell\x07 rang"})
    assert refused.status_code == 400
    assert "U+0007" in refused.text
    assert "A bell" in refused.text, "what was typed is kept"
    assert session.scalars(select(sa.func.count()).select_from(ChildNote)).one() == 1


@pytest.mark.parametrize("harm", ["UPDATE child_note SET text = 'Other'", "DELETE FROM child_note"])
def test_a_note_is_never_overwritten_nor_taken_away(
    session: Session, entry: ListEntry, now: datetime, harm: str
) -> None:
    add_note(session, OPERATOR, now, entry.child_id, "Written once")
    with pytest.raises(sa.exc.DatabaseError), session.begin_nested():
        session.execute(sa.text(harm))
    assert session.scalars(select(col(ChildNote.text))).one() == "Written once"


def test_open_actions_come_first_and_the_longest_overdue_before_all(
    app: Flask, session: Session, entry: ListEntry
) -> None:
    owner = add_account(session, "owner", Role.REPRESENTATIVE, "police", ["NE"])
    for what, state, days in [
        ("ANSWERED", ActionState.DONE, -30),
        ("LATER", ActionState.OPEN, 5),
        ("LONGEST", ActionState.OPEN, -20),
        ("OVERDUE", ActionState.OPEN, -2),
        ("NOT YET GIVEN", ActionState.PROPOSED, 5),
    ]:
        session.add(
            Action(
                reference=f"A-{what[:6]}", child_id=entry.child_id, area_id=entry.area_id, what=what, state=state,
                agency_id=agency_id(session, "police"), owner_id=owner.key, first_due_on=NOW.date(),
                due_on=NOW.date() + timedelta(days=days), created_at=NOW,
            )
        )  # fmt: skip
    html = text_of(browser(app, "coordinator"), f"/children/{reference_of(session, entry)}")
    places = [html.index(what) for what in ("LONGEST", "OVERDUE", "LATER", "ANSWERED")]
    assert places == sorted(places)
    assert "Overdue by 20 days" in html
    assert "NOT YET GIVEN" not in html


def test_everything_that_happened_is_shown_newest_first_a_page_at_a_time(session: Session, now: datetime) -> None:
    child = add_child(session)
    for number in range(70):
        add_note(session, OPERATOR, now + timedelta(minutes=number), child.key, f"Note {number}")
    rate(session, child)
    session.add(
        Referral(
            reference="R-TEST1", child_id=child.key, area_id=child.area_id, agency_id=agency_id(session, "police"),
            referrer_name="Pat Invented", received_at=now - timedelta(days=3), reason="An invented reason.",
        )
    )  # fmt: skip
    session.add(
        ChangeInCircumstances(
            child_id=child.key,
            kind=ChangeKind.MISSING_EPISODE,
            happened_on=now.date(),
            reported_at=now,
            text="Invented.",
        )
    )
    session.flush()
    seen, before = [], None
    while True:
        page, more = chronology(session, child.key, before)
        seen += page
        assert len(page) <= PAGE + 2
        if not more:
            break
        before = page[-1].at
    assert len(seen) == 73
    assert [happened.at for happened in seen] == sorted((happened.at for happened in seen), reverse=True)
    assert len({(happened.at, happened.title, happened.text) for happened in seen}) == 73
    titles = " ".join(happened.title for happened in seen)
    assert "Referral by Police: received" in titles
    assert "missing episode on 23 November 2026" in titles


def test_two_people_change_one_record_and_neither_loses_a_word(app: Flask, session: Session, entry: ListEntry) -> None:
    add_account(session, "second", Role.COORDINATOR, "childrens-services", ["NE"])
    reference = reference_of(session, entry)
    first, second = browser(app, "coordinator"), browser(app, "second")
    address = f"/children/{reference}/details"
    opened = text_of(second, address)
    values = {
        "name": "Testy First",
        "born": "05/01/2011",
        "area": "NE",
        "learning_disability": "no",
        "looked_after": "no",
    }
    assert fill_in(first, address, values).status_code == 302
    hidden = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*type="hidden"[^>]*value="([^"]*)"', opened))
    answer = second.post(address, data={**hidden, **values, "name": "Testy Second"})
    assert answer.status_code == 409
    assert "Testy First" in answer.text
    assert "Testy Second" in answer.text
    again = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*type="hidden"[^>]*value="([^"]*)"', answer.text))
    assert second.post(address, data={**again, **values, "name": "Testy Both"}).status_code == 302
    assert session.scalars(select(col(Child.name)).where(col(Child.reference) == reference)).one() == "Testy Both"


def test_a_form_sent_twice_makes_nothing_twice(app: Flask, session: Session, entry: ListEntry) -> None:
    reference = reference_of(session, entry)
    client = browser(app, "coordinator")
    address = f"/children/{reference}/note"
    form = dict(
        re.findall(r'<input[^>]*name="([^"]+)"[^>]*type="hidden"[^>]*value="([^"]*)"', text_of(client, address))
    )
    answers = [client.post(address, data={**form, "text": "Once"}) for _again in range(3)]
    assert {answer.status_code for answer in answers} == {302}
    assert session.scalars(select(sa.func.count()).select_from(ChildNote)).one() == 1


def test_a_plan_is_a_new_version_each_time_and_the_earlier_one_can_be_read(
    app: Flask, session: Session, entry: ListEntry
) -> None:
    entry.plan_due_on = date(2026, 11, 20)
    reference = reference_of(session, entry)
    client = browser(app, "coordinator")
    assert "1 working day late" in text_of(client, f"/children/{reference}")
    assert fill_in(client, f"/children/{reference}/plan/write", {**PLAN, "aim1": "First aims"}).status_code == 302
    assert fill_in(client, f"/children/{reference}/plan/write", {**PLAN, "aim1": "Second aims"}).status_code == 302
    page = text_of(client, f"/children/{reference}")
    assert "Second aims" in page
    assert "First aims" not in page
    assert "1 working day late" not in page
    assert "First aims" in text_of(client, f"/children/{reference}/plan/1")


def test_an_update_between_meetings_stands_beside_the_plan_with_the_progress_of_each_aim(
    app: Flask, session: Session, entry: ListEntry
) -> None:
    reference = reference_of(session, entry)
    client = browser(app, "coordinator")
    address = f"/children/{reference}/plan/update"
    assert client.get(address).status_code == 404, "there is no plan yet"
    assert fill_in(client, f"/children/{reference}/plan/write", PLAN).status_code == 302
    refused = fill_in(client, address, {"happened": " ", "progress_1": "Kept progress"})
    assert refused.status_code == 400
    assert 'id="happened-error"' in refused.text
    assert "Kept progress" in refused.text
    assert fill_in(client, address, {"happened": "School began", "progress_1": "Halfway"}).status_code == 302
    page = text_of(client, f"/children/{reference}")
    assert "School began" in page
    assert "Halfway" in page


@pytest.mark.parametrize("missing", ["aim1", "contingency", "child_view", "parents_view", "child_view_kind"])
def test_a_plan_without_one_of_its_parts_says_which(
    app: Flask, session: Session, entry: ListEntry, missing: str
) -> None:
    reference = reference_of(session, entry)
    answer = fill_in(browser(app, "coordinator"), f"/children/{reference}/plan/write", {**PLAN, missing: " "})
    assert answer.status_code == 400
    assert f'id="{missing}-error"' in answer.text


def test_a_change_in_circumstances_pulls_the_review_to_the_next_meeting(
    app: Flask, session: Session, entry: ListEntry
) -> None:
    entry.next_review_on = date(2026, 12, 20)
    reference = reference_of(session, entry)
    answer = fill_in(
        browser(app, "police"), f"/children/{reference}/change",
        {"kind": "missing_episode", "happened_on": "22/11/2026", "text": "Invented."},
    )  # fmt: skip
    assert answer.status_code == 302
    session.expire_all()
    reviews = session.scalars(select(col(ListEntry.next_review_on))).all()
    assert reviews == [date(2026, 11, 26)]


def test_the_lead_agency_proposes_a_closure_and_others_cannot(app: Flask, session: Session, entry: ListEntry) -> None:
    reference = reference_of(session, entry)
    assert browser(app, "police").get(f"/children/{reference}/propose-closure").status_code == 404
    client = browser(app, "coordinator")
    assert fill_in(client, f"/children/{reference}/propose-closure", {"reason": "Invented."}).status_code == 302
    assert "Closure proposed" in text_of(client, f"/children/{reference}")


def test_lead_agency_and_professional_are_set_and_a_high_rating_keeps_an_agency(
    app: Flask, session: Session, entry: ListEntry
) -> None:
    add_account(session, "lead", Role.LEAD_PROFESSIONAL, "health", ["NE"], name="Testy McLead")
    reference = reference_of(session, entry)
    client = browser(app, "coordinator")
    refused = fill_in(client, f"/children/{reference}/lead", {"agency": "", "professional": ""})
    assert refused.status_code == 400
    assert "rated high or medium needs one" in refused.text
    saved = {"agency": "health", "professional": "lead@exampleshire.example"}
    assert fill_in(client, f"/children/{reference}/lead", saved).status_code == 302
    page = text_of(client, f"/children/{reference}")
    assert "<dd>Health</dd>" in page
    assert "<dd>Testy McLead</dd>" in page
    assert browser(app, "lead").get(f"/children/{reference}").status_code == 200


def test_the_trail_says_who_did_what_as_sentences(app: Flask, session: Session, entry: ListEntry) -> None:
    reference = reference_of(session, entry)
    client = browser(app, "coordinator")
    fill_in(client, f"/children/{reference}/note", {"text": "Invented."})
    text_of(browser(app, "police"), f"/children/{reference}")
    trail = text_of(client, f"/children/{reference}/trail")
    assert "Testy McPolice" in trail
    assert "looked at the child’s record" in trail
    assert "added a note" in trail
    assert "Invented." not in trail
