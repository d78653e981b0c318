"""What the chairs decided about a closure stands when the coordinator writes on beside it."""

from sqlalchemy import select
from sqlmodel import col

from meetings_app.cse_list.models import Closure, ClosureState
from tests.meetings.test_running_pages import CLOSURE
from tests.support.meeting_day import Day


def test_a_coordinator_s_later_words_leave_the_answers_to_a_closure_as_they_are(day: Day) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    closing = day.children[3]
    day.decide(chair, closing, **CLOSURE)
    day.decide(coordinator, closing, discussion="Written down later", outcome="closed", rationale=CLOSURE["rationale"])
    with day.open() as session:
        closures = session.scalars(select(Closure).where(col(Closure.child_id) == closing.key)).all()
        kept = [(one.state, one.good_practice, one.child_view, one.parents_view) for one in closures]
    assert kept == [
        (ClosureState.DRAFTED, "Invented good practice", "Invented view", "Not sought: invented"),
    ]  # fmt: skip
