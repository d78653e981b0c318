"""An aim keeps the actions that serve it, whatever became of them, in every later version of the plan."""

from datetime import date

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.actions.models import ActionState
from meetings_app.actions.service import give
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR
from meetings_app.plans.queries import aims_of, last_plan
from meetings_app.plans.service import write_version
from tests.support.browsing import browser
from tests.support.plans import an_aim, plan_text
from tests.support.rmm import due, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW


def test_a_new_version_drops_no_action_that_was_done_and_none_beyond_the_first_forty(
    app: Flask, session: Session
) -> None:
    day = rmm(session)
    child, police = due(session), day.world.police
    given = [
        give(session, OPERATOR, NOW, child, f"Invented {each}", police.agency_id, police.key, date(2026, 12, 1))
        for each in range(42)
    ]
    done, last = given[0], given[-1]
    done.state, done.answered_on, done.outcome = ActionState.DONE, NOW.date(), "Invented"
    elsewhere = give(session, OPERATOR, NOW, due(session), "Of another", police.agency_id, police.key, NOW.date())
    aim = an_aim("First aim", references=(done.reference, last.reference))
    write_version(session, OPERATOR, NOW, child.key, plan_text(aim))
    session.commit()
    address = f"/children/{child.reference}/plan/write"
    chair = browser(app, "chair-cs")
    page = chair.get(address).get_data(as_text=True)
    assert f"{done.reference}: Invented 0 (done)" in page
    values = dict(form_to(page, address).values)
    unchanged = chair.post(address, data={**values, "aim1_references": [last.reference, done.reference]})
    assert (unchanged.status_code, "nothing in it is different" in unchanged.get_data(as_text=True)) == (400, True)
    chosen = [done.reference, last.reference, elsewhere.reference]
    answer = chair.post(address, data={**values, "contingency": "Changed", "aim1_references": chosen})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    act_for(session, OPERATOR)
    session.expire_all()
    plan = last_plan(session, child.key)
    assert plan is not None
    assert (plan.number, plan.contingency) == (2, "Changed")
    kept = {reference for aim in aims_of(session, plan.key) for reference in aim.action_references}
    assert kept == {done.reference, last.reference}, "and none that is about somebody else"
