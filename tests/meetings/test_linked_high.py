"""A closure warns while a linked child is rated high: of every link, and named only where the reader may see both."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.children.links import Said, add_link, end_link
from meetings_app.children.models import Child, LinkKind
from meetings_app.cse_list.models import WarningCode
from meetings_app.errors import RuleBroken
from meetings_app.meetings.gate_queries import gate_facts
from meetings_app.meetings.item_page import item_view
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, child_of, put_on_list
from tests.support.rmm import ANSWERS, OFFICE, closed, due, rmm
from tests.support.world import NOW

HELD_ON = date(2026, 11, 24)
SAYS = "An invented source."
WARNS = "A child linked to this one is rated high"


def link(session: Session, one: Child, other: Child, kind: LinkKind = LinkKind.PEER) -> int:
    return add_link(session, OPERATOR, NOW, one, other, Said(kind, SAYS)).key


def warns(session: Session, child: Child) -> bool:
    return gate_facts(session, child.key, HELD_ON).linked_high


@pytest.mark.parametrize(
    ("rating", "warned"), [(RiskRating.HIGH, True), (RiskRating.MEDIUM, False), (RiskRating.LOW, False)]
)
@pytest.mark.parametrize("kind", LinkKind)
def test_a_linked_child_warns_while_rated_high(
    session: Session, kind: LinkKind, rating: RiskRating, warned: bool
) -> None:
    child, other = add_child(session), child_of(session, put_on_list(session, None, rating))
    assert not warns(session, child)
    link(session, child, other, kind)
    assert warns(session, child) is warned
    assert not warns(session, other)


def test_a_link_that_has_ended_warns_no_longer(session: Session) -> None:
    child, other = add_child(session), child_of(session, put_on_list(session))
    made = add_link(session, OPERATOR, NOW, child, other, Said(LinkKind.PEER, SAYS))
    end_link(session, OPERATOR, NOW, child.key, made, made.version, HELD_ON - timedelta(days=1), "An invented reason.")
    assert not warns(session, child)


def test_a_record_that_points_to_the_high_one_is_not_missed(session: Session) -> None:
    child, high = add_child(session), child_of(session, put_on_list(session))
    between, merged, mine = add_child(session), add_child(session), add_child(session)
    link(session, mine, merged)
    merged.merged_into_id, between.merged_into_id, mine.merged_into_id = between.key, high.key, child.key
    session.flush()
    assert warns(session, child)


def test_the_meeting_misses_no_link_and_names_none_that_the_reader_may_not_see(app: Flask, session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    near = child_of(session, put_on_list(session, name="Testy Nearby", review_on=date(2027, 1, 20)))
    far = child_of(session, put_on_list(session, name="Testy Faraway", area="NW"))
    link(session, child, far)
    day.open()
    item = day.item(child)
    with pytest.raises(RuleBroken) as refused:
        day.decide(child, closed(), replace(ANSWERS, reasons={}))
    assert (refused.value.field, refused.value.message) == (
        "linked_high_reason", f"Enter why the child leaves the list although {WARNS[:1].lower()}{WARNS[1:]}",
    )  # fmt: skip
    day.operator()
    link(session, child, near)
    day.act("chair_cs")
    gate = item_view(session, OFFICE, day.meeting, item).gate
    assert [warning.text for warning in gate.warnings] == [WARNS]
    assert [row.name for row in gate.linked_high] == ["Testy Nearby"]
    reasons = {WarningCode.LINKED_HIGH: "They have not met for a year, as invented."}
    day.decide(child, closed(), replace(ANSWERS, reasons=reasons))
    address = f"/meetings/{day.meeting.reference}/items/{item.number}"
    session.commit()
    session.close()
    html = text_of(browser(app, "chair-cs"), address)
    assert f"{WARNS}. Why the child leaves the list all the same" in html
    assert "<bdi>Testy Nearby</bdi>" in html
    assert "Faraway" not in html
    assert "They have not met for a year, as invented." in html
