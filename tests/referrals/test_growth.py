"""What the pages of referrals cost follows what they show, not what the database holds."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.permissions import OPERATOR
from meetings_app.referrals import queries
from tests.support.browsing import browser, text_of
from tests.support.children import add_child
from tests.support.meetings import office
from tests.support.referrals import refer
from tests.support.statements import plan_of, statements_of
from tests.support.world import NOW, tiny_world


def add_referrals(session: Session, number: int) -> str:
    """Add so many referrals of the North East, each of another child; gives the reference of the last."""
    reference = ""
    for place in range(number):
        child = add_child(session, f"Testy Growth {place}", born=date(2010, 1, 1) + timedelta(days=3 * place))
        reference = refer(session, child).reference
    session.commit()
    session.close()
    return reference


@pytest.mark.parametrize("address", ["/referrals", "/referrals/{reference}"])
def test_a_page_sends_as_many_statements_for_fifty_referrals_as_for_two(
    app: Flask, session: Session, database: str, engines: dict[str, sa.Engine], address: str
) -> None:
    tiny_world(session)
    reference = add_referrals(session, 2)
    client, counts = browser(app, "coordinator"), []
    text_of(client, address.format(reference=reference))
    for more in (0, 48):
        if more:
            reference = add_referrals(session, more)
        with statements_of(engines[database]) as sent:
            text_of(client, address.format(reference=reference))
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert counts[1] <= 22


def test_the_queue_of_an_area_is_read_through_the_index_of_what_waits(
    session: Session, database: str, engines: dict[str, sa.Engine]
) -> None:
    with statements_of(engines[database]) as sent:
        queries.page_of(session, OPERATOR, queries.QueueFilter(area="NE"), queries.moments(office(), NOW))
    queue = [each for each in sent if "ORDER BY" in each[0]]
    assert len(queue) == 1
    assert "ix_referral_area_id_received_at" in plan_of(session, *queue[0])
