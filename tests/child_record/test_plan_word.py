"""The safety plan as Word: what the whole copy holds, what the school's copy never does, and that each is on record."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.documents.plan_facts import plan_for_reader
from meetings_app.documents.sample_plan import sample_plan
from meetings_app.permissions import OPERATOR, Role
from meetings_app.plans.models import AimReview
from meetings_app.plans.rules import Effect
from meetings_app.plans.service import write_update, write_version
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, put_on_list
from tests.support.documents import words_of
from tests.support.plans import an_aim, plan_text
from tests.support.rmm import Rmm, rmm
from tests.support.world import NOW, add_account, add_school

WHOLE = (
    "Given intelligence",
    "A-INVNT",
    "Invented note for the school",
    "Seen, as invented",
    "Went well",
    "North East",
)
BOTH = ("First aim", "Done for it", "20 Dec 2026", "What if, as invented", "Child thinks", "Parents unsafe", "Is told")


@pytest.fixture
def child(session: Session) -> Child:
    """A child of Pretend Academy whose plan has two versions, a review and an update."""
    day = rmm(session)
    school = add_school(session, "pretend", "Pretend Academy")
    add_account(session, "school", Role.SCHOOL, "education", school="pretend")
    made = add_child(session, "Canarychild McPlan", school_id=school.key)
    put_on_list(session, made)
    aim = an_aim("First aim", actions="Done for it", references=("A-INVNT",), due_on=date(2026, 12, 20), number=1)
    for contingency in ("An older what if", "What if, as invented"):
        plan = plan_text(
            aim, contingency=contingency, child_view="Child thinks", parents_view="Parents unsafe",
            missing_plan="Is told", school_copy_note="Invented note for the school",
            police_intelligence="Given intelligence",
        )  # fmt: skip
        newest = write_version(session, OPERATOR, NOW, made.key, plan)
    _reviewed(session, day, newest.key, made)
    write_update(session, day.act("coordinator"), NOW, made.key, "Since then, as invented", {1: "Went well"})
    day.operator()
    session.commit()
    return made


def _reviewed(session: Session, day: Rmm, plan_id: int, child: Child) -> None:
    session.add(
        AimReview(
            child_id=child.key, meeting_id=day.meeting.key, plan_id=plan_id, aim_number=1, effect=Effect.PARTLY,
            seen="Seen, as invented", recorded_at=NOW, took_effect_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def word(app: Flask, who: str, address: str) -> str:
    answer = browser(app, who).get(address)
    assert answer.status_code == 200, (who, address, answer.status_code)
    return words_of(answer.data)


@pytest.mark.parametrize("who", ["coordinator", "chair-cs", "police"])
def test_the_whole_copy_holds_everything_and_says_whose_it_is(
    app: Flask, session: Session, child: Child, who: str
) -> None:
    reference = child.reference
    session.close()
    said = word(app, who, f"/children/{reference}/plan/2/word")
    for words in (*WHOLE, *BOTH, "Canarychild McPlan", "Version 2", "Partly working", "Since then, as invented"):
        assert words in said, words
    assert f"Copy made by Testy Mc{who.title()}, 23 November 2026, 9am" in said
    assert "OFFICIAL-SENSITIVE" in said


@pytest.mark.parametrize("who", ["coordinator", "education", "school"])
@pytest.mark.parametrize("number", [1, 2])
def test_the_schools_copy_holds_the_plan_and_nothing_that_is_not_for_schools(
    app: Flask, session: Session, child: Child, who: str, number: int
) -> None:
    reference = child.reference
    session.close()
    said = word(app, who, f"/children/{reference}/plan/{number}/school-copy")
    for words in [words for words in BOTH if number == 2 or words != "What if, as invented"]:
        assert words in said, words
    for words in (*WHOLE, "Since then", "Partly working", "telligence"):
        assert words not in said, words
    assert "the school’s copy" in said


def test_an_earlier_version_says_that_it_is_not_in_force(app: Flask, session: Session, child: Child) -> None:
    reference = child.reference
    session.close()
    said = word(app, "coordinator", f"/children/{reference}/plan/1/word")
    assert "An older what if" in said
    assert "Not in force: version 2 has taken its place" in said
    for words in ("Seen, as invented", "Went well", "Since then", "What if, as invented"):
        assert words not in said, words


def test_a_school_gets_no_other_copy_and_nobody_a_version_that_is_not_there(
    app: Flask, session: Session, child: Child
) -> None:
    reference = child.reference
    session.close()
    text_of(browser(app, "school"), f"/children/{reference}/plan/2/word", 404)
    text_of(browser(app, "coordinator"), f"/children/{reference}/plan/3/word", 404)
    text_of(browser(app, "coordinator-nw"), f"/children/{reference}/plan/2/school-copy", 404)
    assert "/plan/2/word" not in text_of(browser(app, "school"), f"/children/{reference}")
    assert "/plan/2/school-copy" in text_of(browser(app, "school"), f"/children/{reference}")


def test_each_document_is_on_record_and_its_file_is_named_by_the_reference(
    app: Flask, session: Session, child: Child
) -> None:
    reference, child_id = child.reference, child.key
    session.close()
    answer = browser(app, "school").get(f"/children/{reference}/plan/2/school-copy")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{reference}-safety-plan-2-school.docx"'
    last = session.scalars(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1)).one()
    assert (last.kind, last.child_id) == ("document_made", child_id)
    assert last.facts == {"document": f"school’s copy of the safety plan of {reference}, version 2"}


def test_no_template_is_given_what_no_school_gets() -> None:
    copy = plan_for_reader(sample_plan())
    assert copy.police_intelligence
    school = plan_for_reader(replace(sample_plan(), school_copy=True))
    assert (school.police_intelligence, school.update) == ("", "")
    assert {(aim.references, aim.found, aim.progress) for aim in school.aims} == {((), "", "")}
