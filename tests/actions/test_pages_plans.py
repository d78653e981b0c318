"""The lists of actions are read along an index: what a page costs follows what it shows."""

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from meetings_app.actions import pages
from meetings_app.actions.filters import ActionView, When, Whose
from meetings_app.db.session import act_for
from tests.support.world import NOW, actor_for, tiny_world


@pytest.mark.parametrize(
    ("person", "view", "index"),
    [
        ("police", ActionView(Whose.AGENCY), "ix_action_agency_id_due_on_id"),
        ("police", ActionView(Whose.AGENCY, When.OVERDUE), "ix_action_agency_id_due_on_id"),
        ("police", ActionView(Whose.AGENCY, When.ANSWERED), "ix_action_agency_id_answered_on_id"),
        ("police", ActionView(Whose.MINE), "ix_action_owner_id_due_on"),
        ("coordinator", ActionView(), "ix_action_area_id_due_on_id"),
        ("coordinator", ActionView(when=When.ANSWERED), "ix_action_area_id_answered_on_id"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_list_follows_its_index(session: Session, person: str, view: ActionView, index: str) -> None:
    by = actor_for(session, getattr(tiny_world(session), person))
    act_for(session, by)
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        sent.append((statement, values))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        pages.read_page(session, by, view, NOW.date())
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)
    statement, values = next((text, values) for text, values in sent if "FROM action" in text)
    connection = session.connection()
    plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert any(line.startswith("SEARCH action USING") and index in line for line in plan), plan
    assert not any(line == "SCAN action" for line in plan), plan
