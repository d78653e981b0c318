"""Suspects at CHaRMMs: recorded by the police, read by who may see the suspect, back on the day that was said."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from meetings_app.clock import london_date
from meetings_app.db.session import act_for
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.networks import charmm
from meetings_app.networks.charmm import Heard, Taken
from meetings_app.networks.states import SubjectKind
from meetings_app.permissions import OPERATOR, Role
from tests.support.browsing import browser
from tests.support.networks import open_subject
from tests.support.world import NOW, actor_for, add_account, send, tiny_world

TODAY = london_date(NOW)
TAKEN = Taken("Invented district", TODAY - timedelta(days=7), "Invented: late nights", TODAY)


def test_a_referral_comes_back_until_the_meeting_is_done_with_it_and_each_outcome_stays(session: Session) -> None:
    act_for(session, OPERATOR)
    world = tiny_world(session)
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect")
    police = actor_for(session, world.police)
    referral = charmm.refer_suspect(session, police, NOW, suspect, TAKEN)
    assert [row.reference for row in charmm.open_referrals(session, TODAY)] == [referral.reference]
    assert charmm.open_referrals(session, TODAY - timedelta(days=1)) == []
    again = Heard(TODAY, "Invented: visits at night", TODAY + timedelta(days=28))
    charmm.record_outcome(session, police, NOW, suspect, referral, referral.version, again)
    (row,) = charmm.open_referrals(session)
    assert (row.comes_back_on, row.last_outcome) == (date(2026, 12, 21), "Invented: visits at night")
    assert session.scalar(select(charmm.coming_back(TODAY))) == 0
    charmm.record_outcome(session, police, NOW, suspect, referral, referral.version, Heard(TODAY, "Invented: done"))
    assert charmm.open_referrals(session) == []
    with pytest.raises(Conflict):
        charmm.record_outcome(session, police, NOW, suspect, referral, referral.version, again)
    assert [step.text for step in charmm.outcomes_of(session, referral.key)] == [
        "Invented: visits at night", "Invented: done",
    ]  # fmt: skip
    with pytest.raises(DatabaseError):
        session.execute(sa.text("UPDATE charmm_step SET text = 'x'"))


@pytest.mark.parametrize(
    ("taken", "field"),
    [
        (Taken(" ", TODAY, "x"), "district"), (Taken("x", TODAY, " "), "why"),
        (Taken("x", TODAY + timedelta(days=1), "x"), "referred_on"), (Taken("x", TODAY, "x", TODAY), "comes_back_on"),
    ],
)  # fmt: skip
def test_a_referral_says_where_when_and_why(session: Session, taken: Taken, field: str) -> None:
    act_for(session, OPERATOR)
    tiny_world(session)
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect")
    with pytest.raises(RuleBroken) as refused:
        charmm.refer_suspect(session, OPERATOR, NOW, suspect, taken)
    assert refused.value.field == field


def test_the_police_alone_record_it_and_of_suspects_alone(session: Session) -> None:
    act_for(session, OPERATOR)
    world = tiny_world(session)
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect")
    place = open_subject(session, SubjectKind.PLACE, "Invented Takeaway")
    police, chair = actor_for(session, world.police), actor_for(session, world.chair_cs)
    for by, subject in ((chair, suspect), (police, place), (actor_for(session, world.health), suspect)):
        with pytest.raises(NotFound):
            charmm.refer_suspect(session, by, NOW, subject, TAKEN)
    charmm.refer_suspect(session, police, NOW, suspect, TAKEN)
    sees = (
        (world.police, 1),
        (world.chair_cs, 1),
        (world.coordinator, 0),
        (world.health, 0),
        (world.coordinator_nw, 0),
    )
    for account, how_many in sees:
        act_for(session, actor_for(session, account))
        assert len(charmm.open_referrals(session)) == how_many, account.email


def test_the_police_record_it_on_the_suspects_page_and_the_network_chair_is_told_when_it_comes_back(
    app: Flask, session: Session
) -> None:
    tiny_world(session)
    add_account(session, "network", Role.NETWORK_CHAIR, "police")
    act_for(session, OPERATOR)
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect").reference
    session.commit()
    session.close()
    police, chair = browser(app, "police"), browser(app, "network")
    form = f"/networks/{suspect}/charmm/new"
    assert send(police, form, {"district": "Invented", "referred_on": "2026-11-24", "why": "x"}).status_code == 400
    said = {"district": "Invented district", "referred_on": "16/11/2026", "why": "Late", "comes_back_on": "23/11/2026"}
    assert send(police, form, said).status_code == 302
    assert "Invented district" in police.get(f"/networks/{suspect}").text
    assert "suspect comes back from a CHaRMM" in chair.get("/").text
    listed = chair.get("/networks/charmm?show=due").text
    reference = listed.split("/networks/charmm/")[1].split('"')[0]
    outcome = f"/networks/charmm/{reference}/outcome"
    assert chair.get(f"/networks/charmm/{reference}").status_code == 200
    assert browser(app, "chair-cs").get(outcome).status_code == 404
    assert (
        send(police, outcome, {"heard_on": "23/11/2026", "text": "Invented outcome", "version": "1"}).status_code == 302
    )
    assert "Invented outcome" in police.get("/networks/charmm").text
    assert "Invented outcome" not in chair.get("/networks/charmm?show=due").text
    assert reference not in browser(app, "coordinator").get("/networks/charmm").text
