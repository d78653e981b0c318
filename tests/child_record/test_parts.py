"""A child's page asks for the parts of a record that hold something, and shows every one that does."""

from datetime import datetime

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.children.links import Said, add_link
from meetings_app.children.models import Child, LinkKind
from meetings_app.networks.linking import link_child
from meetings_app.networks.states import ChildTie, SubjectKind
from meetings_app.permissions import OPERATOR
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, child_of, put_on_list
from tests.support.networks import GROUNDS, open_subject
from tests.support.statements import statements_of
from tests.support.world import tiny_world

SELDOM = ("child_before", "possible_duplicate", "child_link", "subject_child")
"""Tables of parts that most records hold nothing of, and that nothing else on the page reads."""


def child_on_list(session: Session, name: str = "Testy McPart") -> Child:
    return child_of(session, put_on_list(session, name=name))


def test_what_most_records_hold_nothing_of_is_asked_after_once(
    app: Flask, session: Session, engines: dict[str, sa.Engine], database: str
) -> None:
    tiny_world(session)
    reference = child_on_list(session).reference
    session.commit()
    session.close()
    client = browser(app, "coordinator")
    with statements_of(engines[database]) as sent:
        text_of(client, f"/children/{reference}")
    asked = [{table for table in SELDOM if table in statement} for statement, _values in sent]
    assert [tables for tables in asked if tables] == [set(SELDOM)]


def test_what_is_linked_with_a_record_that_points_here_is_shown(app: Flask, session: Session, now: datetime) -> None:
    tiny_world(session)
    first, second, kept = add_child(session), add_child(session), child_on_list(session)
    sibling = child_on_list(session, "Testy McSibling")
    add_link(session, OPERATOR, now, first, sibling, Said(LinkKind.SIBLING, "Invented: the school says so."))
    link_child(
        session, OPERATOR, now, open_subject(session, SubjectKind.PLACE, "Invented Takeaway"), first,
        ChildTie.TAKEN_TO, GROUNDS,
    )  # fmt: skip
    # The first points to the second, which holds nothing of its own, and that one to the record that is kept.
    first.merged_into_id, second.merged_into_id = second.key, kept.key
    reference, other = kept.reference, second.reference
    session.commit()
    session.close()
    html = text_of(browser(app, "coordinator"), f"/children/{reference}")
    assert f"{other} is the same child" in html
    assert "<bdi>Testy McSibling</bdi>" in html
    assert "<bdi>Invented Takeaway</bdi>" in html
