"""A copy without names of a network meeting has no part of a person’s name, of now or of before."""

import re

from sqlalchemy.orm import Session

from meetings_app.children.models import ChildBefore, ChildFact
from meetings_app.meetings.minutes_audience import Audience
from meetings_app.network_meetings import minutes as kept
from tests.network_meetings.test_minutes import copy_of, held
from tests.support.network_meetings import DURING
from tests.support.world import NOW

TALK = "Talk of Testy McFirst; McFirst again; Quillfirst Canaryformer, as they were called; Testy alone."


def test_no_part_of_a_name_stands_in_a_copy_without_names(session: Session) -> None:
    day, known, _minutes = held(session)
    day.operator()
    child = known.children[0]
    session.add(ChildBefore(child_id=child.key, fact=ChildFact.NAME, value="Quillfirst Canaryformer", changed_at=NOW))
    session.flush()
    minutes = kept.put_right(session, day.chair(), DURING, day.first, 1, "4.1", {"discussion": TALK}, "Invented.")
    copy = copy_of(day, day.chair_account, minutes, Audience("anonymised"))
    said = re.findall(r"Talk of [^.]*\.", copy)
    assert said, "the talk is in the copy"
    for word in ("Testy", "McFirst", "Quillfirst", "Canaryformer"):
        assert word not in said[0], said[0]
