"""Who on the list is due is worked out by the database exactly as the rule says, for each reader what they may see."""

from datetime import date, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from meetings_app.assessments.due import Why
from meetings_app.child_record.service import begin_involvement
from meetings_app.children.models import Child
from meetings_app.cse_list.models import ClosureProposal, EntryState
from meetings_app.db.session import act_for
from meetings_app.meetings.reassessments import DueChild, clocks_of, due_child, due_of_children, due_statement
from meetings_app.partnership import load
from meetings_app.permissions import OPERATOR, Actor, Role
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind
from meetings_app.resources import folder
from tests.support.assessments import fill_in, finished
from tests.support.children import add_meeting, agency_id, child_of, put_on_list
from tests.support.statements import plan_of, statements_of
from tests.support.world import NOW, actor_for, add_account, add_school, tiny_world

TODAY = NOW.date()
PARTNERSHIP = load(folder("agendas"))


def listed(session: Session, area: str = "NE", **details: object) -> Child:
    """Add a child on the list, as the operator."""
    act_for(session, OPERATOR)
    return child_of(session, put_on_list(session, area=area, **details))  # type: ignore[arg-type]


def assessed(session: Session, child: Child, days_ago: int, tool: str = "seraf") -> None:
    """Give the child a finished assessment of so many days ago."""
    finished(session, OPERATOR, child, tool, now=NOW - timedelta(days=days_ago))


def changed(session: Session, child: Child, days_ago: int, reported_days_ago: int | None = None) -> None:
    """Put a change in circumstances on record, reported later where that is said."""
    reported = days_ago if reported_days_ago is None else reported_days_ago
    session.add(
        ChangeInCircumstances(
            child_id=child.key, kind=ChangeKind.MISSING_EPISODE, happened_on=TODAY - timedelta(days=days_ago),
            reported_at=NOW - timedelta(days=reported) + timedelta(hours=2), text="Invented.",
        )
    )  # fmt: skip
    session.flush()


def proposed(session: Session, child: Child) -> None:
    """Propose that the next RMM considers closing."""
    entry_id = session.execute(sa.text("SELECT id FROM list_entry WHERE child_id = :child"), {"child": child.key})
    session.add(
        ClosureProposal(
            entry_id=entry_id.scalar_one(), child_id=child.key, agency_id=agency_id(session, "childrens-services"),
            proposed_on=TODAY, reason="Invented.",
        )
    )  # fmt: skip
    session.flush()


def due(session: Session, by: Actor = OPERATOR) -> dict[str, DueChild]:
    """Read who is due as `by`."""
    act_for(session, by)
    clocks = clocks_of(session, TODAY, PARTNERSHIP)
    statement, due_on, _key = due_statement(by, clocks)
    return {row.reference: due_child(row, clocks) for row in session.execute(statement.order_by(due_on))}


def test_the_database_and_the_rule_agree_on_everybody(session: Session) -> None:
    add_meeting(session, TODAY + timedelta(days=2))
    tools = (None, ("seraf", 10), ("seraf", 41), ("seraf", 90), ("kent-medway", 30), ("kent-medway", 45))
    children = []
    for tool, change, closure in product(tools, (None, 3, 60), (False, True)):
        child = listed(session)
        children.append(child)
        if tool is not None:
            assessed(session, child, tool[1], tool[0])
        if change is not None:
            changed(session, child, change)
        if closure:
            proposed(session, child)
    rows = due(session)
    by_rule = due_of_children(session, [child.key for child in children], clocks_of(session, TODAY, PARTNERSHIP))
    assert {row.child_id: row.reasons for row in rows.values()} == by_rule
    assert 0 < len(rows) < len(children)
    assert {reason.why for row in rows.values() for reason in row.reasons} == set(Why)
    for row in rows.values():
        assert row.due_on == row.reasons[0].by


@pytest.mark.parametrize(
    ("happened", "reported", "is_due"), [(9, 9, True), (11, 11, False), (11, 9, True), (10, 10, True)]
)
def test_a_change_counts_where_it_came_or_was_told_after_the_assessment(
    session: Session, happened: int, reported: int, is_due: bool
) -> None:
    child = listed(session)
    assessed(session, child, 10)
    changed(session, child, happened, reported)
    assert (child.reference in due(session)) is is_due


def test_the_last_finished_assessment_counts_and_no_draft(session: Session) -> None:
    child = listed(session)
    assessed(session, child, 90)
    fill_in(session, OPERATOR, child)
    assert child.reference in due(session)
    assessed(session, child, 0, "surrey")
    assert child.reference not in due(session)


def test_a_child_off_the_list_is_not_due_and_one_that_is_closing_is(session: Session) -> None:
    act_for(session, OPERATOR)
    closing, closed = put_on_list(session), put_on_list(session)
    closing.state = EntryState.CLOSING
    closed.state, closed.closed_on, closed.next_meeting_id = EntryState.CLOSED, TODAY, None
    session.flush()
    references = [child_of(session, entry).reference for entry in (closing, closed)]
    assert [reference in due(session) for reference in references] == [True, False]


def test_a_closure_that_was_heard_asks_for_nothing(session: Session) -> None:
    meeting, child = add_meeting(session, date(2026, 11, 18)), listed(session)
    add_meeting(session, TODAY + timedelta(days=2))
    assessed(session, child, 60)
    proposed(session, child)
    assert due(session)[child.reference].due_on == TODAY + timedelta(days=2)
    session.execute(sa.update(ClosureProposal).values(heard_at_meeting_id=meeting.key))
    assert child.reference not in due(session)


def test_each_reader_is_told_of_the_records_they_read(session: Session) -> None:
    world = tiny_world(session)
    add_school(session, "oak", "Oak Invented School")
    lead = add_account(session, "lead", Role.LEAD_PROFESSIONAL, "childrens-services", ["NE"])
    specialist = add_account(session, "worker", Role.SPECIALIST, "health", ["NE"])
    school = add_account(session, "school", Role.SCHOOL, "education", school="oak")
    holder = add_account(session, "holder", Role.LIST_HOLDER, "police", ["NE"])
    one = listed(session, lead_professional_id=lead.key)
    two = listed(session, school_id=school.school_id)
    far = listed(session, "NW")
    begin_involvement(session, OPERATOR, NOW, two.key, specialist.key)
    expected = [
        (world.coordinator, [one, two]), (world.chair_cs, [one, two]), (world.police, [one, two]),
        (world.coordinator_nw, [far]), (lead, [one]), (specialist, [two]), (school, []), (holder, []),
    ]  # fmt: skip
    readers = [(actor_for(session, account), {child.reference for child in seen}) for account, seen in expected]
    for reader, references in readers:
        assert set(due(session, reader)) == references, reader.name


def test_one_statement_reads_any_number_and_scans_no_history(
    session: Session, engines: dict[str, sa.Engine], database: str
) -> None:
    counts = []
    for number in (2, 8):
        for _ in range(number):
            child = listed(session)
            assessed(session, child, 90)
            changed(session, child, 3)
        with statements_of(engines[database]) as sent:
            assert due(session)
        counts.append(len(sent))
    assert counts == [2, 2], "the meetings of the areas, and the children who are due"
    if database == "sqlite":
        plan = plan_of(session, *sent[-1])
        assert "SCAN assessment" not in plan
        assert "SCAN change_in_circumstances" not in plan
