"""Nothing said on a record of networks is lost: what stood there is kept, shown, and seen as the record is."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.db.session import act_for
from meetings_app.errors import Conflict
from meetings_app.networks import disrupting, queries, subjects, suspects
from meetings_app.networks.models import SubjectVersion
from meetings_app.networks.states import DisruptionState, SubjectKind
from meetings_app.networks.subjects import SubjectSaid
from meetings_app.permissions import OPERATOR
from tests.support.browsing import browser
from tests.support.children import add_child, agency_id, area_id
from tests.support.networks import open_subject
from tests.support.world import NOW, actor_for, tiny_world

TODAY = NOW.date()


def said(
    session: Session, about: str, details: str = "", area: str = "NE", name: str = "Testy McSuspect"
) -> SubjectSaid:
    area_ids = frozenset({area_id(session, "NE"), area_id(session, area)})
    return SubjectSaid(SubjectKind.SUSPECT, name, about, area_ids, date(2027, 1, 18), details=details)


def test_what_a_record_said_before_each_change_is_shown_to_who_sees_the_record(app: Flask, session: Session) -> None:
    world = tiny_world(session)
    act_for(session, OPERATOR)
    chair = actor_for(session, world.chair_cs)
    suspect = open_subject(
        session, SubjectKind.SUSPECT, "Testy McFirstname", about="First words", details="First details"
    )
    for about, details, area in (("Second words", "First details", "NE"), ("Second words", "Second details", "NW")):
        change = said(session, about, details, area)
        subjects.change_subject(session, chair, NOW, suspect, suspect.version, change)
    subjects.change_subject(session, chair, NOW, suspect, suspect.version, change)
    subjects.close_subject(session, chair, NOW, suspect, suspect.version, "First reason")
    subjects.reopen_subject(session, chair, NOW, suspect, suspect.version)
    suspects.name_own_record(session, chair, NOW, suspect, add_child(session, "Testy McYoung"))
    versions = session.scalars(select(SubjectVersion).order_by(col(SubjectVersion.id))).all()
    assert len(versions) == 5, "saving what stands there already is no change"
    reference = suspect.reference
    session.commit()
    session.close()
    page = browser(app, "chair-cs").get(f"/networks/{reference}").text
    assert "What this record said before: 5 changes" in page
    history = page[page.index('id="history"') : page.index('id="links"')]
    for words in ("Testy McFirstname", "First words", "First details", "Closed: First reason", "A record of their own"):
        assert words in history, words
    assert "when <bdi>Testy McChair-Cs</bdi> changed it" in history
    assert history.count("Second details") == 0, "only what was changed is repeated"
    assert browser(app, "coordinator").get(f"/networks/{reference}").status_code == 404
    act_for(session, actor_for(session, world.coordinator))
    assert session.scalars(select(SubjectVersion)).all() == []


def test_of_two_who_change_the_details_of_a_suspect_at_once_the_second_is_told(session: Session) -> None:
    act_for(session, OPERATOR)
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect", about="Same words")
    opened_at = suspect.version
    subjects.change_subject(session, OPERATOR, NOW, suspect, opened_at, said(session, "Same words", "First details"))
    with pytest.raises(Conflict):
        subjects.change_subject(session, OPERATOR, NOW, suspect, opened_at, said(session, "Same words", "Second"))


def test_what_was_said_before_is_never_changed_and_each_step_keeps_its_conditions(session: Session) -> None:
    act_for(session, OPERATOR)
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect")
    order = disrupting.begin_disruption(
        session, OPERATOR, NOW, suspect, "abduction_warning", agency_id(session, "police"),
        disrupting.Step(DisruptionState.SOUGHT, TODAY, "Asked for", conditions="First conditions"),
    )  # fmt: skip
    granted = disrupting.Step(DisruptionState.GRANTED, TODAY, "Granted", conditions="Second conditions")
    disrupting.take_step(session, OPERATOR, NOW, suspect, order, order.version, granted)
    kept = [step.conditions for step in queries.steps_of(session, order.key)]
    assert kept == ["First conditions", "Second conditions"]
    subjects.change_subject(session, OPERATOR, NOW, suspect, suspect.version, said(session, "Other words"))
    for statement in ("UPDATE subject_version SET about = 'x'", "DELETE FROM subject_version"):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(sa.text(statement))
