"""The pages on which chairs take a child off the list besides the closure gate, and what everybody is told."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, ConflictOfInterest
from meetings_app.children.models import Child
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import Meeting
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import put_on_list
from tests.support.rmm import child_of, due, rmm
from tests.support.world import NOW

REASON = {"reason": "Invented: told on <Monday> & written down."}


@pytest.fixture
def child(session: Session) -> Child:
    day = rmm(session)
    child = due(session)
    act_for(session, OPERATOR)
    session.commit()
    session.close()
    del day
    return child


def at(child: Child, page: str = "") -> str:
    return f"/children/{child.reference}{page}"


def test_a_transfer_is_begun_by_one_chair_and_complete_when_it_is_acknowledged(app: Flask, child: Child) -> None:
    chair = browser(app, "chair-cs")
    said = {"authority": "Invented Borough", "contact": "Testy McContact", **REASON}
    assert fill_in(chair, at(child, "/leave/transfer"), said).status_code == 302
    shown = text_of(chair, at(child))
    assert "Transferring" in shown
    assert "stays on the list until the transfer is acknowledged" in shown
    assert "Transferring: not acknowledged yet" in text_of(chair, "/list")
    page = text_of(chair, at(child, "/leave/complete"))
    for told in ("Invented Borough", "Testy McContact", "Testy McChair-Cs", "&lt;Monday&gt; &amp; written"):
        assert told in page
    answer = fill_in(
        chair, at(child, "/leave/complete"), {"acknowledged_by": "Testy McReceiver", "acknowledged_on": "23/11/2026"}
    )
    assert answer.status_code == 302
    shown = text_of(chair, at(child))
    assert "Transferred to another authority" in shown
    assert "acknowledged by Testy McReceiver" in shown
    assert "comes back to the list by a new referral" in shown
    assert child.reference not in text_of(chair, "/list")


def test_a_death_is_said_gently_and_agreed_by_the_chair_of_the_other_agency(app: Flask, child: Child) -> None:
    chair, other = browser(app, "chair-cs"), browser(app, "chair-fs")
    assert "We are sorry" in text_of(chair, at(child, "/leave/death"))
    assert fill_in(chair, at(child, "/leave/death"), REASON).status_code == 302
    refused = fill_in(chair, at(child, "/leave/complete"), {})
    assert refused.status_code == 400
    assert "The other chair agrees as well" in refused.get_data(as_text=True)
    assert fill_in(other, at(child, "/leave/complete"), {}).status_code == 302
    assert "The child has died" in text_of(other, at(child))


def test_what_was_begun_is_taken_back_with_a_reason(app: Flask, child: Child) -> None:
    chair = browser(app, "chair-cs")
    fill_in(chair, at(child, "/leave/death"), REASON)
    assert fill_in(chair, at(child, "/leave/take-back"), {"reason": " "}).status_code == 400
    assert fill_in(chair, at(child, "/leave/take-back"), REASON).status_code == 302
    assert "On the CSE list" in text_of(chair, at(child))
    assert text_of(chair, at(child, "/leave/complete"), 404)


def test_a_duplicate_points_to_the_other_record_and_the_pointer_is_undone(
    app: Flask, session: Session, child: Child
) -> None:
    act_for(session, OPERATOR)
    kept = child_of(session, put_on_list(session))
    session.commit()
    session.close()
    chair, other = browser(app, "chair-cs"), browser(app, "chair-fs")
    wrong = fill_in(chair, at(child, "/leave/duplicate"), {"kept": "C-WRONG", **REASON})
    assert (wrong.status_code, "Invented: told on" in wrong.get_data(as_text=True)) == (400, True)
    said = {"kept": kept.reference, **REASON}
    compared = fill_in(chair, at(child, "/leave/duplicate"), said)
    assert compared.status_code == 200
    for page in (compared.get_data(as_text=True), text_of(chair, at(child))):
        assert "take it back" not in page
    assert fill_in(chair, at(child, "/leave/duplicate"), {**said, "compared": kept.reference}).status_code == 302
    shown = text_of(other, at(child, "/leave/complete"))
    for page in (compared.get_data(as_text=True), shown):
        assert (child.name in page, kept.name in page) == (True, True)
        assert "The two records differ in" in page
    assert fill_in(other, at(child, "/leave/complete"), {}).status_code == 302
    shown = text_of(other, at(child))
    assert "This record points to another" in shown
    assert "Taken off the list as a duplicate" in shown
    assert child.reference in text_of(chair, at(kept))
    assert fill_in(other, at(child, "/undo-merge"), REASON).status_code == 302
    shown = text_of(other, at(child))
    assert "On the CSE list" in shown
    assert "points to another" not in shown


def test_whoever_a_conflict_keeps_from_the_record_that_is_kept_reads_its_reference_alone(
    app: Flask, session: Session, child: Child
) -> None:
    act_for(session, OPERATOR)
    kept = child_of(session, put_on_list(session))
    other = session.scalars(select(Account).where(col(Account.email).startswith("chair-fs@"))).one()
    meeting = session.scalars(select(Meeting)).all()[0]
    session.add(
        ConflictOfInterest(
            account_id=other.key, child_id=kept.key, area_id=kept.area_id, meeting_id=meeting.key,
            reason="A neighbour.", declared_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    name, reference = kept.name, kept.reference
    session.close()
    said = {"kept": reference, "compared": reference, **REASON}
    assert fill_in(browser(app, "chair-cs"), at(child, "/leave/duplicate"), said).status_code == 302
    page = text_of(browser(app, "chair-fs"), at(child, "/leave/complete"))
    assert (reference in page, name in page) == (True, False)


@pytest.mark.parametrize("who", ["coordinator", "police", "coordinator-nw"])
@pytest.mark.parametrize("page", ["transfer", "death", "duplicate", "complete", "take-back"])
def test_for_anybody_but_a_chair_of_the_area_these_pages_do_not_exist(
    app: Flask, child: Child, who: str, page: str
) -> None:
    fill_in(browser(app, "chair-cs"), at(child, "/leave/death"), REASON)
    assert text_of(browser(app, who), at(child, f"/leave/{page}"), 404)
