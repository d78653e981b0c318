"""Two records that look alike wait for a person's word; whatever it is, both are kept and stay readable."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.child_record.merging import say_same_or_different
from meetings_app.children.models import Child, PossibleDuplicate, Resolution
from meetings_app.children.queries import likely_matches, matches_in_county, open_duplicates, search
from meetings_app.children.service import ChildDetails, add_note, create_child
from meetings_app.cse_list.models import ListEntry
from meetings_app.db.session import act_for
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.permissions import OPERATOR
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import add_child, area_id, child_of, put_on_list
from tests.support.meetings import office
from tests.support.referrals import refer
from tests.support.world import actor_for, tiny_world

BORN = date(2011, 1, 5)


def pair_of(session: Session) -> PossibleDuplicate:
    return session.scalars(select(PossibleDuplicate)).one()


def test_a_new_child_who_looks_like_one_of_another_area_is_stored_as_a_pair(session: Session) -> None:
    older = add_child(session, "Caitlin McExample", area="NW", born=BORN)
    newer = add_child(session, "Katelyn MacExample", area="NE", born=BORN)
    add_child(session, "Testy Somebody", born=BORN)
    pair = pair_of(session)
    assert (pair.child_id, pair.other_id, pair.resolution) == (newer.id, older.id, None)
    assert "sound alike" in pair.why or "spelled alike" in pair.why


@pytest.mark.parametrize(
    ("name", "born", "alike"),
    [
        ("Testy O'Example", BORN, True),
        ("testy o’example", BORN, True),
        ("OExample, Testy", BORN, True),
        ("Testy O'Example", date(2011, 5, 1), True),
        ("Testy O'Example", date(2012, 1, 5), True),
        ("Testy O'Example", date(2013, 6, 7), False),
        ("Sample Pretend", BORN, False),
    ],
)
def test_who_may_be_the_same_child_is_found_by_name_sound_and_near_dates(
    session: Session, name: str, born: date, alike: bool
) -> None:
    add_child(session, "Testy O’Example", born=BORN)
    assert bool(matches_in_county(session, name, born)) is alike


def test_the_same_reference_of_the_other_system_is_the_strongest_match(session: Session) -> None:
    child = add_child(session, "Testy Somebody", born=BORN, external_reference="SYS1")
    (match,) = matches_in_county(session, "Quite Different", date(2009, 9, 9), "SYS1")
    assert (match.child.reference, match.strength) == (child.reference, 100)


def test_a_search_shows_only_what_the_person_may_see_and_the_county_search_all(session: Session) -> None:
    world = tiny_world(session)
    add_child(session, "Testy Twin", area="NE", born=BORN)
    add_child(session, "Testy Twin", area="NW", born=BORN)
    act_for(session, actor_for(session, world.coordinator))
    assert len(likely_matches(session, "Testy Twin", BORN)) == 1
    assert len(search(session, "twin")) == 1
    assert len(matches_in_county(session, "Testy Twin", BORN)) == 2


@pytest.mark.parametrize("text", ["zoe", "ZOË", "pretendova zoe", "Pretendová", "zoë pret"])
def test_a_child_is_found_by_the_beginnings_of_the_words_of_the_name(session: Session, text: str) -> None:
    child = add_child(session, "Zoë Pretendová")
    add_child(session, "Testy Other")
    assert [found.reference for found in search(session, text)] == [child.reference]


def test_a_search_takes_signs_of_patterns_as_they_are(session: Session) -> None:
    add_child(session, "Testy McExample")
    assert search(session, "%") == []
    assert search(session, "_____") == []
    assert search(session, "") == []


def test_same_makes_the_newer_record_point_to_the_older(session: Session, now: datetime) -> None:
    older, newer = add_child(session, "Testy Twin", born=BORN), add_child(session, "Testy Twin", born=BORN)
    waiting = refer(session, newer)
    pointing = say_same_or_different(
        session, OPERATOR, now, office(), pair_of(session), Resolution.SAME, "The school says so."
    )
    assert pointing is newer
    assert waiting.child_id == older.id, "a waiting referral goes with the child, or nobody would hear it"
    assert newer.merged_into_id == older.id
    assert open_duplicates(session, older.key) == []
    assert [found.reference for found in search(session, "twin")] == [older.reference]


def test_same_keeps_the_record_that_is_on_the_list(session: Session, now: datetime) -> None:
    older = add_child(session, "Testy Twin", born=BORN)
    listed = put_on_list(session, name="Testy Twin", born=BORN)
    pointing = say_same_or_different(session, OPERATOR, now, office(), pair_of(session), Resolution.SAME, "Invented.")
    assert pointing is older
    assert older.merged_into_id == listed.child_id


def test_two_records_on_the_list_are_not_made_one_by_a_click(session: Session, now: datetime) -> None:
    put_on_list(session, name="Testy Twin", born=BORN)
    put_on_list(session, name="Testy Twin", born=BORN)
    with pytest.raises(DomainError, match="Both records are on the list"):
        say_same_or_different(session, OPERATOR, now, office(), pair_of(session), Resolution.SAME, "Invented.")
    assert pair_of(session).resolution is None


def test_different_changes_neither_record_and_is_not_asked_again(session: Session, now: datetime) -> None:
    one, two = add_child(session, "Testy Twin", born=BORN), add_child(session, "Testy Twin", born=BORN)
    pair = pair_of(session)
    assert say_same_or_different(session, OPERATOR, now, office(), pair, Resolution.DIFFERENT, "Twins.") is None
    assert (one.merged_into_id, two.merged_into_id) == (None, None)
    assert (pair.resolution_reason, pair.resolved_at) == ("Twins.", now)
    with pytest.raises(DomainError, match="said already"):
        say_same_or_different(session, OPERATOR, now, office(), pair, Resolution.SAME, "Again.")


def test_a_word_needs_its_reason_and_a_person_who_may(session: Session, now: datetime) -> None:
    world = tiny_world(session)
    add_child(session, "Testy Twin", born=BORN)
    put_on_list(session, name="Testy Twin", born=BORN)
    with pytest.raises(RuleBroken, match="how you know"):
        say_same_or_different(session, OPERATOR, now, office(), pair_of(session), Resolution.SAME, " ")
    with pytest.raises(NotFound):
        say_same_or_different(
            session, actor_for(session, world.police), now, office(), pair_of(session), Resolution.SAME, "Invented."
        )


def test_the_coordinator_compares_side_by_side_and_the_page_says_where_the_record_went(
    app: Flask, session: Session, now: datetime
) -> None:
    tiny_world(session)
    older = add_child(session, "Testy Twin", born=BORN, area="NW")
    newer = add_child(session, "Testy Twin", born=BORN, area="NE")
    add_note(session, OPERATOR, now, newer.key, "Stays readable")
    one, two = newer.reference, older.reference
    session.commit()
    session.close()
    client = browser(app, "coordinator")
    assert "This may be the same child" in text_of(client, f"/children/{one}")
    comparison = text_of(client, f"/children/{one}/duplicates/{two}")
    assert "North West" in comparison
    refused = fill_in(client, f"/children/{one}/duplicates/{two}", {"resolution": "same", "reason": ""})
    assert refused.status_code == 400
    saved = fill_in(client, f"/children/{one}/duplicates/{two}", {"resolution": "same", "reason": "Invented."})
    assert saved.status_code == 302
    page = text_of(client, f"/children/{one}")
    assert f'This is the same child as <a href="/children/{two}">' in page
    assert "Stays readable" in page
    assert "may be the same child as" not in page
    assert browser(app, "police").get(f"/children/{one}/duplicates/{two}").status_code == 404


def test_a_child_who_moves_takes_the_entry_along(app: Flask, session: Session) -> None:
    tiny_world(session)
    entry = put_on_list(session, area="NE")
    reference, child_id = child_of(session, entry).reference, entry.child_id
    north_west = area_id(session, "NW")
    session.commit()
    session.close()
    saved = fill_in(
        browser(app, "coordinator"), f"/children/{reference}/details",
        {
            "name": "Testy Moved", "born": "06/01/2011", "area": "NW", "learning_disability": "yes",
            "looked_after": "unknown",
        },
    )  # fmt: skip
    assert saved.status_code == 302
    entry = session.get_one(ListEntry, entry.key)
    assert (entry.area_id, entry.sort_name, entry.born) == (north_west, "testy moved", date(2011, 1, 6))
    assert session.get_one(Child, child_id).area_id == north_west
    assert browser(app, "coordinator").get(f"/children/{reference}").status_code == 404
    assert browser(app, "coordinator-nw").get(f"/children/{reference}").status_code == 200


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"name": " "}, "name"),
        ({"born": date(2026, 11, 24)}, "born"),
        ({"external_reference": "SYS1"}, "external_reference"),
    ],
)
def test_an_identity_that_cannot_be_is_refused_beside_its_field(
    session: Session, now: datetime, details: dict[str, object], field: str
) -> None:
    add_child(session, external_reference="SYS1", area="NW")
    values: dict[str, object] = {"name": "Testy New", "born": BORN, "area_id": area_id(session, "NE"), **details}
    with pytest.raises(RuleBroken) as refused:
        create_child(session, OPERATOR, now, ChildDetails(**values))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert session.scalars(sa.select(sa.func.count()).select_from(Child)).one() == 1


@pytest.mark.parametrize("order", [("NE", "NW"), ("NW", "NE")])
def test_the_coordinator_of_either_area_is_asked_about_two_records_across_areas(
    session: Session, now: datetime, order: tuple[str, str]
) -> None:
    world = tiny_world(session)
    for code in order:
        add_child(session, "Testy Twin", born=BORN, area=code)
    act_for(session, actor_for(session, world.coordinator))
    pair = pair_of(session)
    say_same_or_different(
        session, actor_for(session, world.coordinator), now, office(), pair, Resolution.DIFFERENT, "Cousins."
    )
    assert pair.resolution is Resolution.DIFFERENT
