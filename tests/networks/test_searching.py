"""A record is found however its identifier is typed, and one that is there is shown before another is opened."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.children.matching import name_key
from meetings_app.db.session import act_for
from meetings_app.networks import merging, queries, subjects
from meetings_app.networks.alike import same_because
from meetings_app.networks.searching import likely_same
from meetings_app.networks.states import SubjectKind
from meetings_app.permissions import OPERATOR
from tests.support.browsing import browser
from tests.support.children import area_id
from tests.support.networks import open_subject
from tests.support.world import NOW, actor_for, send, tiny_world

PLATE = "Silver car, plate TE57 1NG"


@pytest.mark.parametrize("typed", ["te571ng", "TE57-1NG", "te57 1ng", "57 1N", "car te571ng", "TE571NG silver"])
def test_spaces_hyphens_and_case_of_an_identifier_do_not_matter(session: Session, typed: str) -> None:
    act_for(session, OPERATOR)
    car = open_subject(session, SubjectKind.VEHICLE, PLATE)
    open_subject(session, SubjectKind.VEHICLE, "Plate XX99 9XX")
    assert [row.reference for row in queries.subjects(session, None, typed)] == [car.reference]


def test_an_online_name_is_found_with_and_without_its_dots_and_a_place_by_beginnings_alone(session: Session) -> None:
    act_for(session, OPERATOR)
    online = open_subject(session, SubjectKind.ONLINE, "dark.star")
    other = open_subject(session, SubjectKind.VEHICLE, "Plate known to nobody")
    subjects.add_alias(session, OPERATOR, NOW, other, "TE57 1NG", "Invented")
    open_subject(session, SubjectKind.PLACE, "Invented Takeaway")
    for typed, found in (("darkstar", online), ("dark star", online), ("te571ng", other)):
        assert [row.reference for row in queries.subjects(session, None, typed)] == [found.reference], typed
    assert queries.subjects(session, None, "takeawa") != []
    for typed in ("akeaway", "ted takeaway", "%", "e5"):
        assert queries.subjects(session, None, typed) == [], typed


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("TE57 1NG", "te57-1ng", "the same name"),
        ("TE57 1NG", PLATE, "one name holds the other"),
        ("Grill Invented", "Invented Grill", "the same words in another order"),
        ("Testy McSuspect", "Testy MacSuspect", "names spelled alike"),
        ("TE57 1NG", "TE57 2NG", ""),
        ("Invented Amber", "Pretend Blue", ""),
        ("Car", "Silver car", ""),
    ],
)
def test_what_may_be_one_subject_is_said_with_the_reason(one: str, other: str, why: str) -> None:
    assert same_because(name_key(one), name_key(other)) == same_because(name_key(other), name_key(one)) == why


def test_records_that_may_be_the_same_are_those_the_person_sees(session: Session) -> None:
    act_for(session, OPERATOR)
    people = tiny_world(session)
    car, old = (
        open_subject(session, SubjectKind.VEHICLE, PLATE),
        open_subject(session, SubjectKind.VEHICLE, "Old van 7"),
    )
    open_subject(session, SubjectKind.PLACE, "TE57 1NG")
    subjects.add_alias(session, OPERATOR, NOW, old, "The white van", "Invented")
    merging.merge(session, OPERATOR, NOW, old, old.version, car, "Invented")
    for typed in ("te571ng", "white van", "OLD VAN 7"):
        assert [one.reference for one in likely_same(session, SubjectKind.VEHICLE, typed)] == [car.reference], typed
    assert likely_same(session, SubjectKind.VEHICLE, "Red bus") == []
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect")
    for account, sees in ((people.police, True), (people.coordinator, False), (people.coordinator_nw, False)):
        act_for(session, actor_for(session, account))
        assert bool(likely_same(session, SubjectKind.SUSPECT, suspect.name)) is sees
        assert bool(likely_same(session, SubjectKind.VEHICLE, PLATE)) is (account is not people.coordinator_nw)


def test_a_second_record_is_opened_once_somebody_says_why_it_is_another_one(app: Flask, session: Session) -> None:
    tiny_world(session)
    act_for(session, OPERATOR)
    car = open_subject(session, SubjectKind.VEHICLE, PLATE).reference
    areas = {code: str(area_id(session, code)) for code in ("NE", "NW")}
    session.commit()
    session.close()
    police, address = browser(app, "police"), "/networks/new/vehicle"
    assert "Why is this another one?" not in police.get(address).text
    asked = send(police, address, {"name": "te57 1ng", "areas": [areas["NE"]]})
    assert asked.status_code == 400
    assert f"There is already {PLATE} {car}. Use it, or say why this is another" in asked.text
    assert f'href="/networks/{car}"' in asked.text
    said = {"name": "te57 1ng", "about": "Invented.", "areas": [areas["NE"]], "another": "Invented: a false plate"}
    unseen = send(police, address, said)
    assert (unseen.status_code, f"There is also {PLATE} {car}" in unseen.text) == (400, True), "it was not shown yet"
    made = send(police, address, {**said, "compared": car})
    assert made.status_code == 302, made.text
    assert "Why this is a record of its own: Invented: a false plate" in police.get(made.location).text
    act_for(session, OPERATOR)
    kept = session.scalars(select(col(AuditEvent.facts)).where(col(AuditEvent.kind) == "subject_changed")).all()
    assert [each["change"] for each in kept] == [f"said to be another one than {car}"]
    session.close()
    far = browser(app, "coordinator-nw")
    made = send(far, address, {"name": PLATE, "areas": [areas["NW"]]})
    assert made.status_code == 302, made.text
    assert "record of its own" not in far.get(made.location).text
