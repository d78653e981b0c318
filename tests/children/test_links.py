"""Links between children: dated, with who said so, ended rather than deleted, and kept when records are merged."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from meetings_app.accounts.models import Account
from meetings_app.children.link_queries import find_link, links_of
from meetings_app.children.links import Said, add_link, end_link
from meetings_app.children.models import Child, ChildLink, LinkKind
from meetings_app.db.session import act_for
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.permissions import OPERATOR, Role
from tests.support.children import add_child, child_of, put_on_list
from tests.support.world import actor_for, add_account, tiny_world

SAYS = "The school says so, as invented."
TODAY = date(2026, 11, 23)


def linked(session: Session, now: datetime, one: Child, other: Child, kind: LinkKind = LinkKind.SIBLING) -> ChildLink:
    return add_link(session, OPERATOR, now, one, other, Said(kind, SAYS))


def seen_by(session: Session, account: Account, child: Child) -> list[str]:
    """Give the references of the children whom somebody sees linked to a child."""
    act_for(session, actor_for(session, account))
    found = [row.reference for row in links_of(session, child.key)]
    act_for(session, OPERATOR)
    return found


@pytest.mark.parametrize("kind", LinkKind)
def test_a_link_stands_on_both_records(session: Session, now: datetime, kind: LinkKind) -> None:
    one, other = add_child(session), add_child(session)
    add_link(session, OPERATOR, now, one, other, Said(kind, SAYS, date(2026, 5, 3)))
    [mine], [theirs] = links_of(session, one.key), links_of(session, other.key)
    assert (mine.reference, theirs.reference) == (other.reference, one.reference)
    assert (mine.kind, mine.since, mine.source, mine.recorded_at) == (kind, date(2026, 5, 3), SAYS, now)


@pytest.mark.parametrize("reverse", [False, True])
def test_alleged_harm_has_a_direction(session: Session, now: datetime, reverse: bool) -> None:
    one, other = add_child(session), add_child(session)
    add_link(session, OPERATOR, now, one, other, Said(LinkKind.ALLEGED_HARM, SAYS, reverse=reverse))
    assert links_of(session, one.key)[0].forward is not reverse
    assert links_of(session, other.key)[0].forward is reverse


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(LinkKind.PEER, "  "), "source"),
        (Said(LinkKind.PEER, SAYS, TODAY + timedelta(days=1)), "since"),
        (Said(LinkKind.PEER, SAYS, date(2001, 1, 1)), "since"),
        (Said(LinkKind.SIBLING, SAYS), "kind"),
    ],
)
def test_what_is_missing_wrong_or_there_already_is_said_beside_its_field(
    session: Session, now: datetime, said: Said, field: str
) -> None:
    one, other = add_child(session), add_child(session)
    linked(session, now, one, other)
    with pytest.raises(RuleBroken) as refused:
        add_link(session, OPERATOR, now, other, one, said)
    assert refused.value.field == field


def test_no_child_is_linked_to_itself(session: Session, now: datetime) -> None:
    one = add_child(session)
    with pytest.raises(RuleBroken) as refused:
        linked(session, now, one, one)
    assert refused.value.field == "other"


def test_a_link_is_seen_by_who_may_see_both_and_by_nobody_else(session: Session, now: datetime) -> None:
    """The police see listed children of their area; the lead professional one child; no one of NE sees NW."""
    world = tiny_world(session)
    lead = add_account(session, "lead", Role.LEAD_PROFESSIONAL, "family-services", ["NE"])
    county = add_account(session, "county", Role.COORDINATOR, "childrens-services")
    one = child_of(session, put_on_list(session, lead_professional_id=lead.key))
    listed, waiting = child_of(session, put_on_list(session)), add_child(session)
    far = child_of(session, put_on_list(session, area="NW"))
    for other in (listed, waiting, far):
        linked(session, now, one, other)
    near = {listed.reference, waiting.reference}
    assert set(seen_by(session, county, one)) == near | {far.reference}
    assert set(seen_by(session, world.coordinator, one)) == near
    assert seen_by(session, world.police, one) == [listed.reference]
    assert seen_by(session, lead, one) == []
    assert seen_by(session, world.coordinator_nw, far) == []
    assert seen_by(session, county, far) == [one.reference]


def test_nobody_links_a_child_whom_they_may_not_see(session: Session, now: datetime) -> None:
    world = tiny_world(session)
    one = child_of(session, put_on_list(session))
    far = child_of(session, put_on_list(session, area="NW"))
    actor = actor_for(session, world.coordinator)
    for child, other in ((one, far), (far, one)):
        with pytest.raises(NotFound):
            add_link(session, actor, now, child, other, Said(LinkKind.PEER, SAYS))


def test_a_link_ends_and_stays_on_record(session: Session, now: datetime) -> None:
    one, other = add_child(session), add_child(session)
    link = linked(session, now, one, other)
    end_link(session, OPERATOR, now, one.key, link, link.version, TODAY, "They no longer meet, as invented.")
    [ended] = links_of(session, other.key)
    assert (ended.ended_on, ended.ended_because) == (TODAY, "They no longer meet, as invented.")
    linked(session, now, one, other)
    assert [row.ended_at is None for row in links_of(session, one.key)] == [True, False]


@pytest.mark.parametrize(
    ("ended_on", "why", "field"),
    [
        (TODAY + timedelta(days=1), "Invented", "ended_on"),
        (date(2026, 5, 2), "Invented", "ended_on"),
        (TODAY, " ", "ended_because"),
    ],
)
def test_an_end_has_its_day_and_its_reason(
    session: Session, now: datetime, ended_on: date, why: str, field: str
) -> None:
    one, other = add_child(session), add_child(session)
    link = add_link(session, OPERATOR, now, one, other, Said(LinkKind.PEER, SAYS, date(2026, 5, 3)))
    with pytest.raises(RuleBroken) as refused:
        end_link(session, OPERATOR, now, one.key, link, link.version, ended_on, why)
    assert refused.value.field == field
    assert link.ended_at is None


def test_a_second_end_is_told_that_somebody_was_first(session: Session, now: datetime) -> None:
    one, other = add_child(session), add_child(session)
    link = linked(session, now, one, other)
    opened_at = link.version
    end_link(session, OPERATOR, now, one.key, link, opened_at, TODAY, "An invented reason.")
    with pytest.raises(Conflict):
        end_link(session, OPERATOR, now, one.key, link, opened_at, TODAY, "Another invented reason.")


@pytest.mark.parametrize("change", ["DELETE FROM child_link", "UPDATE child_link SET source = 'Another'"])
def test_the_database_keeps_what_was_recorded(session: Session, now: datetime, change: str) -> None:
    linked(session, now, add_child(session), add_child(session))
    with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
        session.execute(sa.text(change))


def test_a_link_is_kept_when_a_record_becomes_another_and_comes_back_with_it(session: Session, now: datetime) -> None:
    world = tiny_world(session)
    kept, merged = child_of(session, put_on_list(session)), add_child(session)
    sibling = child_of(session, put_on_list(session))
    link = linked(session, now, merged, sibling)
    merged.merged_into_id = kept.key
    session.flush()
    for account in (world.coordinator, world.police):
        assert seen_by(session, account, kept) == [sibling.reference]
        assert seen_by(session, account, sibling) == [kept.reference]
    assert find_link(session, kept.key, link.key) is link
    merged.merged_into_id = None
    session.flush()
    assert links_of(session, kept.key) == []
    assert [row.reference for row in links_of(session, merged.key)] == [sibling.reference]


def test_a_record_merged_into_one_the_reader_may_not_see_shows_no_link(session: Session, now: datetime) -> None:
    world = tiny_world(session)
    far, merged = child_of(session, put_on_list(session, area="NW")), add_child(session)
    sibling = child_of(session, put_on_list(session))
    linked(session, now, merged, sibling)
    merged.merged_into_id = far.key
    session.flush()
    assert seen_by(session, world.coordinator, sibling) == []
    assert seen_by(session, world.coordinator, merged) == []


@pytest.mark.parametrize(("area", "seen"), [("NE", True), ("NW", False)])
def test_a_link_is_found_through_two_pointers_by_who_may_see_the_last_record(
    session: Session, now: datetime, area: str, seen: bool
) -> None:
    world = tiny_world(session)
    first, second, sibling = add_child(session), add_child(session), child_of(session, put_on_list(session))
    last = child_of(session, put_on_list(session, area=area))
    linked(session, now, first, sibling)
    first.merged_into_id, second.merged_into_id = second.key, last.key
    session.flush()
    assert seen_by(session, world.coordinator, sibling) == ([last.reference] if seen else [])
    assert [row.reference for row in links_of(session, last.key)] == [sibling.reference], "the operator sees both"
