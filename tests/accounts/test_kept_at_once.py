"""One form sent twice at the same moment by somebody who is signed out: it is kept once, and both answers are usual."""

from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from meetings_app.accounts.gate import IDLE
from meetings_app.accounts.models import SignInSession
from meetings_app.db.session import act_for, reading
from meetings_app.permissions import OPERATOR
from meetings_app.web.models import UnsentForm
from tests.conftest import NOW
from tests.support.children import add_child
from tests.support.own_app import own_app, together
from tests.support.sent_forms import form_to
from tests.support.world import sign_in, tiny_world

AT_ONCE = 8


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_form_sent_many_times_at_once_is_kept_once(kind: str, tmp_path: Path) -> None:
    with own_app(kind, tmp_path) as (app, sessions):
        with sessions() as session:
            act_for(session, OPERATOR)
            tiny_world(session)
            child = add_child(session)
            session.commit()
            page = f"/children/{child.reference}/note"
        client = app.test_client()
        sign_in(client, "coordinator")
        sent = form_to(client.get(page).text, page).with_values(text="Typed once")
        with sessions() as session:
            act_for(session, OPERATOR)
            session.execute(update(SignInSession).values(last_seen_at=NOW - IDLE))
            session.commit()
        tabs = [app.test_client() for _ in range(AT_ONCE)]
        answers = together(*(lambda tab=tab: tab.post(page, data=sent) for tab in tabs))
        assert {answer.status_code for answer in answers} == {302}
        with reading(sessions, OPERATOR) as session:
            [reference] = session.scalars(select(col(UnsentForm.reference))).all()
        assert all(answer.location.endswith(reference) for answer in answers), "each answer leads to what is kept"
