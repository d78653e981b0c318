"""Two records that are one subject: both stay, everything is read on the one that is kept, and undoing parts them."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.db.session import act_for
from meetings_app.errors import NotFound, RuleBroken
from meetings_app.networks import following, linking, merging, queries, subjects, suspects
from meetings_app.networks.models import Subject
from meetings_app.networks.states import ChildTie, SubjectKind, Tie
from meetings_app.networks.subjects import SubjectSaid
from meetings_app.permissions import OPERATOR
from tests.support.browsing import browser
from tests.support.children import add_child, area_id, child_of, put_on_list
from tests.support.networks import GROUNDS, open_subject
from tests.support.rmm import rmm
from tests.support.world import NOW, TinyWorld, actor_for, send, tiny_world

PLACE = SubjectKind.PLACE


@pytest.fixture
def people(session: Session) -> TinyWorld:
    act_for(session, OPERATOR)
    return tiny_world(session)


def merge(session: Session, one: Subject, other: Subject) -> None:
    merging.merge(session, OPERATOR, NOW, one, one.version, other, "Invented: the same door")


def undo(session: Session, one: Subject) -> None:
    merging.undo_merge(session, OPERATOR, NOW, one, one.version, "Invented: two doors")


def seen_linked(session: Session, subject: Subject) -> set[str]:
    """Give the references that somebody reads as linked with a subject."""
    same = following.records(session, subject.key)
    links = following.links_of(session, subject, same)
    children = following.children_of(session, same)
    return {row.second if row.first_id == subject.key else row.first for row in links} | {
        row.reference for row in children
    }


def test_links_follow_to_the_record_that_is_kept_and_come_back_when_it_is_undone(
    session: Session, people: TinyWorld
) -> None:
    kept, twin = (
        open_subject(session, PLACE, "Invented Takeaway"),
        open_subject(session, PLACE, "Pretend Grill", ("NW",)),
    )
    last = open_subject(session, PLACE, "Invented Corner", ("NW",))
    network, car = (
        open_subject(session, SubjectKind.NETWORK, "Amber"),
        open_subject(session, SubjectKind.VEHICLE, "Car"),
    )
    child = child_of(session, put_on_list(session))
    linking.link_subjects(session, OPERATOR, NOW, kept, network, Tie.PART_OF, GROUNDS)
    linking.link_subjects(session, OPERATOR, NOW, car, twin, Tie.SEEN_AT, GROUNDS)
    linking.link_subjects(session, OPERATOR, NOW, twin, kept, Tie.KNOWS, GROUNDS)
    linking.link_child(session, OPERATOR, NOW, twin, child, ChildTie.TAKEN_TO, GROUNDS)
    subjects.add_alias(session, OPERATOR, NOW, twin, "The Golden Pretend", "Invented")
    everything = {network.reference, car.reference, child.reference}
    merge(session, twin, kept)
    merge(session, kept, last)
    assert seen_linked(session, last) == everything, "and no link of the place with itself"
    assert [row.reference for row in queries.subjects(session, PLACE, "golden")] == [last.reference]
    assert [row.reference for row in queries.subjects(session, PLACE, "takeaway")] == [last.reference]
    assert seen_linked(session, car) == {last.reference}
    act_for(session, actor_for(session, people.coordinator))
    assert seen_linked(session, last) == everything, "whoever saw one of them sees the subject whole"
    act_for(session, OPERATOR)
    undo(session, twin)
    assert seen_linked(session, last) == {network.reference, twin.reference}
    assert seen_linked(session, twin) == {car.reference, child.reference, last.reference}
    undo(session, kept)
    act_for(session, actor_for(session, people.coordinator))
    assert queries.find_subject(session, last.reference) is None
    assert queries.find_subject(session, twin.reference) is None
    assert seen_linked(session, kept) == {network.reference}


def test_an_area_that_is_changed_on_the_kept_record_reaches_the_others(session: Session, people: TinyWorld) -> None:
    kept, twin = (open_subject(session, PLACE, f"Invented {name}") for name in ("One", "Two"))
    merge(session, twin, kept)
    both, west = {area_id(session, "NE"), area_id(session, "NW")}, area_id(session, "NW")
    for areas, expected in ((both, both), ({west}, both), (both, both)):
        said = SubjectSaid(PLACE, "Invented One", area_ids=frozenset(areas))
        subjects.change_subject(session, OPERATOR, NOW, kept, kept.version, said)
        assert set(queries.area_ids(session, kept.key)) == set(queries.area_ids(session, twin.key)) == expected
    undo(session, twin)
    assert queries.area_ids(session, twin.key) == [area_id(session, "NE")]


def test_what_is_not_the_same_is_not_merged(session: Session, people: TinyWorld) -> None:
    place, car = open_subject(session, PLACE, "Invented One"), open_subject(session, SubjectKind.VEHICLE, "Car")
    closed, gone = open_subject(session, PLACE, "Closed"), open_subject(session, PLACE, "Gone")
    subjects.close_subject(session, OPERATOR, NOW, closed, closed.version, "Invented")
    merge(session, gone, open_subject(session, PLACE, "Other"))
    for other in (place, car, closed, gone):
        with pytest.raises(RuleBroken) as refused:
            merge(session, place, other)
        assert refused.value.field == "other"
    young, suspect = (open_subject(session, SubjectKind.SUSPECT, f"Testy Mc{name}") for name in ("Young", "Same"))
    suspects.name_own_record(session, OPERATOR, NOW, young, add_child(session))
    with pytest.raises(RuleBroken, match="own record on both"):
        merge(session, young, suspect)
    far = open_subject(session, PLACE, "Far", ("NW",))
    coordinator = actor_for(session, people.coordinator)
    with pytest.raises(NotFound):
        merging.merge(session, coordinator, NOW, place, place.version, far, "Invented")


def test_a_conflict_of_interest_about_a_child_follows_the_childs_records(session: Session) -> None:
    day = rmm(session)
    act_for(session, OPERATOR)
    first, second, last = (child_of(session, put_on_list(session, name=f"Testy Mc{each}")) for each in ("A", "B", "C"))
    place = open_subject(session, PLACE, "Invented Takeaway")
    linking.link_child(session, OPERATOR, NOW, place, first, ChildTie.TAKEN_TO, GROUNDS)
    first.merged_into_id, second.merged_into_id = second.key, last.key
    session.flush()
    assert seen_linked(session, place) == {last.reference}
    chairs = (day.world.chair_cs, day.world.chair_fs)
    for kept_from, chair in zip((first, last), chairs, strict=True):
        act_for(session, actor_for(session, chair))
        assert seen_linked(session, place) == {last.reference}
        act_for(session, OPERATOR)
        session.add(
            ConflictOfInterest(
                account_id=chair.key, child_id=kept_from.key, area_id=day.meeting.area_id or 0,
                meeting_id=day.meeting.key, reason="A neighbour.", declared_at=NOW,
            )
        )  # fmt: skip
        session.flush()
        act_for(session, actor_for(session, chair))
        assert seen_linked(session, place) == set()
        assert queries.find_subject(session, place.reference) is not None
        act_for(session, OPERATOR)


def test_a_child_whose_records_point_on_is_seen_by_who_sees_the_last_one(session: Session, people: TinyWorld) -> None:
    first, second = add_child(session), add_child(session)
    last = child_of(session, put_on_list(session, area="NW"))
    place = open_subject(session, PLACE, "Invented Takeaway", ("NE", "NW"))
    linking.link_child(session, OPERATOR, NOW, place, first, ChildTie.TAKEN_TO, GROUNDS)
    first.merged_into_id, second.merged_into_id = second.key, last.key
    session.flush()
    for account, expected in ((people.coordinator, set()), (people.coordinator_nw, {last.reference})):
        act_for(session, actor_for(session, account))
        assert seen_linked(session, place) == expected, account.email


def test_two_records_are_merged_and_parted_on_their_pages(app: Flask, session: Session, people: TinyWorld) -> None:
    kept, twin = (open_subject(session, PLACE, name) for name in ("Invented Takeaway", "Pretend Grill"))
    child = child_of(session, put_on_list(session)).reference
    link = linking.link_child(
        session, OPERATOR, NOW, twin, child_of(session, put_on_list(session)), ChildTie.TAKEN_TO, GROUNDS
    )
    one, other, number = kept.reference, twin.reference, link.key
    session.commit()
    session.close()
    coordinator = browser(app, "coordinator")
    said = {"other": "N-NONE2", "reason": "Invented: the same door", "version": "1"}
    assert "no record with this reference" in send(coordinator, f"/networks/{other}/same", said).text
    assert send(coordinator, f"/networks/{other}/same", {**said, "other": one}).status_code == 302
    page = coordinator.get(f"/networks/{other}").text
    assert f'This record is the same as <a class="govuk-link" href="/networks/{one}"' in page
    assert "Invented: the same door" in page
    assert f"/networks/{other}/edit" not in page
    page = coordinator.get(f"/networks/{one}").text
    assert "Records that are the same" in page
    assert send(coordinator, f"/networks/{one}/children/{number}/end", {"why": "Invented"}).status_code == 302
    again = {"child": child, "tie": "taken_to", "basis": "fact", "confidence": "likely", "source": "Invented"}
    assert send(coordinator, f"/networks/{one}/children/new", again).status_code == 302
    parted = send(coordinator, f"/networks/{other}/not-same", {"reason": "Invented: two doors", "version": "2"})
    assert parted.status_code == 302, parted.text
    assert child not in coordinator.get(f"/networks/{other}").text
    assert child in coordinator.get(f"/networks/{one}").text
    assert coordinator.get(f"/networks/{other}/not-same").status_code == 404
