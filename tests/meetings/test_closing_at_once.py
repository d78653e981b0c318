"""Whoever closes a meeting goes first or waits: nothing is written beside a record that is closed."""

import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.service import withdraw
from meetings_app.children.models import Child
from meetings_app.db.session import act_for, reading
from meetings_app.errors import DomainError
from meetings_app.meetings.adjusting import add_by_hand
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.models import AgendaAdjustment, AgendaItem
from meetings_app.meetings.publishing import add_late_item, publish
from meetings_app.permissions import OPERATOR, Actor
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import Meeting
from tests.support.children import put_on_list
from tests.support.own_database import own_database
from tests.support.rmm import OFFICE, Rmm, child_of, due, rated, rmm
from tests.support.world import NOW

Change = Callable[[Session, Actor, Meeting, Child], object]


def add_late(session: Session, by: Actor, meeting: Meeting, child: Child) -> object:
    return add_late_item(session, by, NOW, OFFICE, meeting, child, "Reported now, as invented")


def withdraw_one(session: Session, by: Actor, meeting: Meeting, child: Child) -> object:
    action = session.scalars(select(Action).where(col(Action.child_id) == child.key)).one()
    return withdraw(session, by, NOW, meeting, action, action.version, "An invented reason")


def add(session: Session, by: Actor, meeting: Meeting, child: Child) -> object:
    add_by_hand(session, by, NOW, meeting, child, "The chair asks, as invented")
    return child


def close(session: Session, by: Actor, meeting: Meeting, child: Child) -> object:
    return close_meeting(session, by, NOW, OFFICE, meeting, meeting.version)


def publish_now(session: Session, by: Actor, meeting: Meeting, child: Child) -> object:
    return publish(session, by, NOW, OFFICE, meeting, meeting.version)


def prepared(session: Session, begun: bool) -> tuple[Rmm, Child]:
    day = rmm(session)
    heard = due(session)
    other = child_of(session, put_on_list(session, None, RiskRating.MEDIUM, review_on=date(2027, 1, 20)))
    session.add(
        Action(
            reference="A-OLDER", child_id=other.key, child_reference=other.reference, area_id=other.area_id,
            what="An older action", agency_id=day.world.police.agency_id, owner_id=day.world.police.key,
            due_on=date(2026, 12, 16), first_due_on=date(2026, 12, 16), state=ActionState.OPEN, created_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    if begun:
        day.open()
        day.decide(heard, rated(session, RiskRating.MEDIUM))
    return day, other


@pytest.mark.parametrize(
    ("begun", "first", "beside"), [(True, close, add_late), (True, close, withdraw_one), (False, publish_now, add)]
)
def test_who_read_the_meeting_before_it_was_closed_or_published_is_told(
    tmp_path: Path, begun: bool, first: Change, beside: Change
) -> None:
    # PostgreSQL: there two people write at the same time, and each reads before the other has committed.
    with own_database("postgresql", tmp_path) as sessions:
        with sessions() as session:
            act_for(session, OPERATOR)
            day, child = prepared(session, begun)
            chair, coordinator = day.act("chair_cs"), day.act("coordinator")
            session.commit()
            meeting_id, child_id = day.meeting.key, child.key
        has_read, may_go_on, told = threading.Event(), threading.Event(), []

        def late_comer() -> None:
            with sessions() as other:
                act_for(other, coordinator)
                meeting, there = other.get_one(Meeting, meeting_id), other.get_one(Child, child_id)
                has_read.set()
                may_go_on.wait(30)
                try:
                    beside(other, coordinator, meeting, there)
                    other.commit()
                except DomainError as refused:
                    told.append(str(refused))

        thread = threading.Thread(target=late_comer)
        thread.start()
        assert has_read.wait(30)
        with sessions() as session:
            act_for(session, chair if begun else coordinator)
            meeting, there = session.get_one(Meeting, meeting_id), session.get_one(Child, child_id)
            first(session, chair if begun else coordinator, meeting, there)
            may_go_on.set()
            time.sleep(0.5)
            session.commit()
        thread.join(60)
        assert len(told) == 1
        with reading(sessions, OPERATOR) as session:
            assert session.scalars(select(AgendaItem).where(col(AgendaItem.child_id) == child_id)).all() == []
            assert session.scalars(select(AgendaAdjustment)).all() == []
            assert session.scalars(select(col(Action.state))).all() == [ActionState.OPEN]
