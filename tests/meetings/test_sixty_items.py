"""A meeting of sixty items is as quick as one of six: its pages ask the database the same number of questions."""

from collections import Counter
from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings.cases import case_of, cases_without_gate
from meetings_app.meetings.conflicts import declare
from meetings_app.meetings.gate import GateFacts
from meetings_app.meetings.item_queries import items_of
from meetings_app.meetings.models import AgendaItem, ItemDecision
from meetings_app.meetings.presence import room_of, set_room
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import Meeting
from tests.meetings.test_in_the_room import bring_up
from tests.support.assessments import TOOLS, codes_of, finished, ticked
from tests.support.browsing import text_of
from tests.support.children import put_on_list, rate
from tests.support.meeting_day import Day, pass_on_the_rest
from tests.support.rmm import OFFICE, child_of, due, referred, rmm
from tests.support.sent_forms import form_to
from tests.support.statements import statements_of
from tests.support.world import NOW

MORE = 52
OF_AN_ITEM = 47
"""As many questions the page of an item asks at most, with everything that stands beside the decision."""


def make_it_long(day: Day) -> None:
    """Put so many more items on the agenda that is being heard."""
    with day.open() as session:
        meeting = session.scalars(select(Meeting).where(col(Meeting.reference) == day.reference)).one()
        for number in range(MORE):
            child = child_of(session, put_on_list(session, None, RiskRating.MEDIUM, review_on=date(2026, 11, 25)))
            item = AgendaItem(
                meeting_id=meeting.key, child_id=child.key, area_id=child.area_id, section="reviews",
                number=f"90.{number}", place=900 + number, minutes=10, rating_before=RiskRating.MEDIUM,
                reasons=[{"code": "review_due", "text": "Review due"}],
            )  # fmt: skip
            session.add(item)
            session.flush()
            session.add(ItemDecision(item_id=item.key, changed_at=NOW))
        session.commit()


def asked(engine: sa.Engine, by: FlaskClient, address: str) -> list[str]:
    """Give the questions that a page asks; once it was opened before, so that nothing is asked for the first time."""
    text_of(by, address)
    with statements_of(engine) as sent:
        text_of(by, address)
    return [statement for statement, _values in sent]


def asked_twice(statements: list[str]) -> list[str]:
    """Give what was asked, by what it asks for, those asked more than once first: what a failure is mended by."""
    times = Counter(statement.split("FROM")[-1][:70] for statement in statements)
    return [f"{number} x {statement}" for statement, number in times.most_common()]


def test_the_pages_of_sixty_items_ask_what_those_of_eight_ask(
    day: Day, engines: dict[str, sa.Engine], database: str
) -> None:
    engine = engines[database]
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    number = day.number(chair, day.children[1])
    bring_up(day, chair, number)
    undecided = asked(engine, chair, f"{day.at}/items/{number}")
    assert len(undecided) <= OF_AN_ITEM, asked_twice(undecided)
    pass_on_the_rest(day, chair)
    pages = ("record", f"items/{number}", f"items/{number}/live", "screen", "close")
    few = {page: asked(engine, chair, f"{day.at}/{page}") for page in pages}
    make_it_long(day)
    pass_on_the_rest(day, chair)
    many = {page: asked(engine, chair, f"{day.at}/{page}") for page in pages}
    grown = {page: (len(few[page]), len(many[page])) for page in pages}
    assert all(before >= after for before, after in grown.values()), grown
    decided = many[f"items/{number}"]
    assert len(decided) <= OF_AN_ITEM, asked_twice(decided)
    form = form_to(text_of(chair, f"{day.at}/close"), f"{day.at}/close")
    assert chair.post(form.action, data=form.values).status_code == 302
    minutes = asked(engine, chair, f"{day.at}/minutes")
    assert len(minutes) <= 40, [statement.split("FROM")[-1][:70] for statement in minutes]


def test_the_cases_of_all_items_at_once_are_those_of_each_item(session: Session) -> None:
    day = rmm(session)
    children = [
        due(session),
        due(session, RiskRating.HIGH),
        referred(session),
        due(session, leaving=True),
        due(session),
    ]
    tool = TOOLS["kent-medway"]
    finished(session, OPERATOR, children[0], "kent-medway", ticked(codes_of(tool, "high")[:1]))
    for rating in (RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW):
        rate(session, children[4], rating)
    day.open()
    item = day.item(children[1])
    room = room_of(session, day.meeting, item)
    chair = next(person.attendance_id for person in room.people if person.account_id == day.world.chair_fs.key)
    set_room(session, day.act("chair_cs"), NOW, day.meeting, item, {chair}, room.seen)
    declare(session, day.act("chair_cs"), NOW, day.meeting, day.item(children[2]), day.world.police.key, "Invented.")
    items = items_of(session, day.meeting.key)
    assert len(items) == len(children)
    found = cases_without_gate(session, OFFICE, day.meeting, items)
    for each in items:
        alone = case_of(session, OFFICE, day.meeting, each, at_the_end=True)
        assert found[each.key] == replace(alone, gate=GateFacts(), strategy_open=False)
    assert len({case.quorate for case in found.values()}) == 2
    assert len({case.both_chairs for case in found.values()}) == 2
