"""Who may open whose record: the table of `domain.md`, written by hand, and every other role sees nothing."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.children.models import Involvement
from meetings_app.children.queries import find_child
from meetings_app.children.service import add_note
from meetings_app.cse_list.models import EntryState
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR, Grant, Role
from meetings_app.plans.service import write_version
from tests.support.browsing import browser
from tests.support.children import add_child, child_of, put_on_list
from tests.support.plans import an_aim, plan_text
from tests.support.remembered import remembered
from tests.support.world import actor_for, add_account, add_school, tiny_world

CHILDREN = ("listed", "waiting", "closed", "other area")
EVERY = {"listed", "waiting", "closed", "other area"}
OF_THE_AREA = {"listed", "waiting", "closed"}

# Who opens which child's record. The listed child is the pupil, is worked with and has the lead professional;
# so is and has the child of the other area, for the roles that follow the child and not the area.
OPENS: dict[str, set[str]] = {
    "coordinator": OF_THE_AREA,
    "county-coordinator": EVERY,
    "chair": OF_THE_AREA,
    "deputy-chair": OF_THE_AREA,
    "network-chair": set(),
    "representative": {"listed"},
    "specialist": {"listed", "other area"},
    "school": {"listed", "other area"},
    "lead-professional": {"listed", "other area"},
    "list-holder": set(),
    "analyst": set(),
    "administrator": set(),
    "auditor": set(),
}
LISTS = {"coordinator", "county-coordinator", "chair", "deputy-chair", "representative", "list-holder"}


@pytest.fixture
@remembered
def references(session: Session, now: datetime) -> dict[str, str]:
    school = add_school(session, "pretend", "Pretend Academy")
    people = {}
    for name in OPENS:
        role = Role.COORDINATOR if name == "county-coordinator" else Role(name)
        areas = [] if name == "county-coordinator" else ["NE"]
        code = "pretend" if role is Role.SCHOOL else None
        agency = "education" if role is Role.SCHOOL else "childrens-services"
        people[name] = add_account(session, name, role, agency, areas, school=code)
    lead = people["lead-professional"].key
    listed = put_on_list(session, school_id=school.key, lead_professional_id=lead)
    other = put_on_list(session, area="NW", school_id=school.key, lead_professional_id=lead)
    closed = put_on_list(session)
    closed.state, closed.closed_on = EntryState.CLOSED, date(2026, 11, 20)
    waiting = add_child(session)
    for entry in (listed, other):
        session.add(Involvement(child_id=entry.child_id, account_id=people["specialist"].key, began_at=now))
        add_note(session, OPERATOR, now, entry.child_id, "CANARY-NOTE")
        aim = an_aim("CANARY-AIMS", references=("A-CANARY",))
        for note in ("CANARY-COPY of before", "CANARY-COPY of now"):
            plan = plan_text(aim, police_intelligence=f"CANARY-INTELLIGENCE {note}", school_copy_note=note)
            write_version(session, OPERATOR, now, entry.child_id, plan)
    found = {
        "listed": child_of(session, listed).reference,
        "waiting": waiting.reference,
        "closed": child_of(session, closed).reference,
        "other area": child_of(session, other).reference,
    }
    session.commit()
    session.close()
    return found


PAGES = ("", "/note", "/change", "/details", "/plan/write", "/plan/1", "/lead", "/trail", "/propose-closure")


@pytest.mark.parametrize("who", OPENS)
def test_each_role_opens_its_children_and_the_rest_do_not_exist(
    app: Flask, references: dict[str, str], who: str
) -> None:
    client = browser(app, who)
    opened = {name for name in CHILDREN if client.get(f"/children/{references[name]}").status_code == 200}
    assert opened == OPENS[who]
    missing = client.get("/children/C-NONE2")
    assert missing.status_code == 404
    for name in set(CHILDREN) - OPENS[who]:
        for page in PAGES:
            hidden = client.get(f"/children/{references[name]}{page}")
            assert hidden.status_code == 404, (name, page)


@pytest.mark.parametrize("who", OPENS)
def test_only_members_see_the_list_and_only_of_their_areas(app: Flask, references: dict[str, str], who: str) -> None:
    answer = browser(app, who).get("/list")
    if who not in LISTS:
        assert answer.status_code == 404
        return
    assert answer.status_code == 200
    assert references["listed"] in answer.text
    assert references["waiting"] not in answer.text
    assert (references["other area"] in answer.text) == (who == "county-coordinator")


def test_a_school_reads_the_plan_of_its_pupil_without_police_intelligence_and_nothing_else(
    app: Flask, references: dict[str, str]
) -> None:
    client = browser(app, "school")
    for page in ("", "/plan/1", "/plan/compare"):
        text = client.get(f"/children/{references['listed']}{page}").text
        assert "CANARY-AIMS" in text
        for hidden in ("CANARY-INTELLIGENCE", "CANARY-NOTE", "CANARY-COPY", "A-CANARY"):
            assert hidden not in text, (page, hidden)
        assert "An invented reason." not in text, "nor why the child was rated"
        title = text.partition("<title>")[2].partition("</title>")[0]
        assert title.startswith(("Safety plan", "Two versions of the safety plan")), (
            "browsers keep titles: none holds a name"
        )
    for page in ("/note", "/change", "/details", "/plan/write", "/lead", "/trail", "/propose-closure"):
        assert client.get(f"/children/{references['listed']}{page}").status_code == 404, page


@pytest.mark.parametrize(
    ("who", "page", "status"),
    [
        ("representative", "/note", 200),
        ("representative", "/change", 200),
        ("representative", "/details", 404),
        ("representative", "/plan/write", 404),
        ("representative", "/trail", 404),
        ("representative", "/lead", 404),
        ("specialist", "/note", 200),
        ("specialist", "/plan/write", 404),
        ("lead-professional", "/plan/write", 200),
        ("lead-professional", "/note", 200),
        ("lead-professional", "/details", 404),
        ("coordinator", "/details", 200),
        ("coordinator", "/lead", 200),
        ("coordinator", "/trail", 200),
        ("chair", "/trail", 200),
    ],
)
def test_what_each_role_may_change_beside_a_child_it_sees(
    app: Flask, references: dict[str, str], who: str, page: str, status: int
) -> None:
    assert browser(app, who).get(f"/children/{references['listed']}{page}").status_code == status


def test_a_pupil_who_left_the_list_is_no_longer_shown_to_the_school(
    app: Flask, session: Session, references: dict[str, str]
) -> None:
    client = browser(app, "school")
    assert client.get(f"/children/{references['closed']}").status_code == 404


def test_a_representative_of_one_area_who_holds_the_county_list_opens_no_record_elsewhere(session: Session) -> None:
    world = tiny_world(session)
    elsewhere = add_child(session, area="NW")
    put_on_list(session, elsewhere)
    police = actor_for(session, world.police)
    act_for(session, replace(police, grants=(*police.grants, Grant(Role.LIST_HOLDER))))
    assert find_child(session, elsewhere.reference) is None
