"""The register of disruption: found by what it is, where it stands and what it belongs to; reminded of in time."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.clock import london_date
from meetings_app.db.session import act_for
from meetings_app.jobs.network_week import remind_of_expiry
from meetings_app.networks import disrupting, linking
from meetings_app.networks.disrupting import Step
from meetings_app.networks.models import Disruption
from meetings_app.networks.register import SOON, Asked, count_of, register
from meetings_app.networks.states import DisruptionState, SubjectKind, Tie
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR, Role
from tests.home.test_home import rows_of, tasks_of
from tests.support.browsing import browser, text_of
from tests.support.children import agency_id
from tests.support.meetings import office
from tests.support.networks import GROUNDS, open_subject, refer
from tests.support.world import NOW, TinyWorld, actor_for, add_account, send, tiny_world

TODAY = london_date(NOW)
GRANTED, SOUGHT = DisruptionState.GRANTED, DisruptionState.SOUGHT


def tangled(session: Session) -> tuple[TinyWorld, dict[str, str]]:
    """Make a network with a suspect and a place, each under an order, and one order elsewhere; gives references."""
    act_for(session, OPERATOR)
    world = tiny_world(session)
    add_account(session, "network", Role.NETWORK_CHAIR, "police")
    network = open_subject(session, SubjectKind.NETWORK, "Invented Amber")
    made = {"network": network.reference}
    for name, kind, areas, tactic, state, expires_in in (
        ("warning", SubjectKind.SUSPECT, ("NE",), "abduction_warning", GRANTED, 20),
        ("licence", SubjectKind.PLACE, ("NE",), "licence_review", SOUGHT, None),
        ("closure", SubjectKind.PLACE, ("NW",), "closure_notice", GRANTED, 60),
        ("late", SubjectKind.PLACE, ("NE",), "closure_notice", GRANTED, -2),
    ):
        subject = open_subject(session, kind, f"Invented {name}", areas)
        if name in ("warning", "licence"):
            linking.link_subjects(session, OPERATOR, NOW, subject, network, Tie.PART_OF, GROUNDS)
        expires_on = TODAY + timedelta(days=expires_in) if expires_in is not None else None
        step = Step(state, TODAY - timedelta(days=30), "Invented", expires_on)
        police = agency_id(session, "police")
        # Recorded while it was in force: what has run out is recorded as such.
        then = NOW - timedelta(days=30)
        made[name] = disrupting.begin_disruption(session, OPERATOR, then, subject, tactic, police, step).reference
    return world, made


ASKED = {
    "everything": (Asked(), ["late", "warning", "closure", "licence"]),
    "by the name of what it is against": (Asked(words="warn"), ["warning"]),
    "by the tactic": (Asked(tactic="closure_notice"), ["late", "closure"]),
    "by how it stands": (Asked(state=SOUGHT), ["licence"]),
    "by a day": (Asked(expires_by=TODAY + timedelta(days=60)), ["late", "warning", "closure"]),
    "soon": (SOON, ["late", "warning"]),
    "by all of it": (Asked("late", "closure_notice", GRANTED, TODAY, "", True), ["late"]),
}


@pytest.mark.parametrize("how", ASKED)
def test_an_order_is_found(session: Session, how: str) -> None:
    _world, made = tangled(session)
    asked, expected = ASKED[how]
    assert [row.reference for row in register(session, asked, TODAY)] == [made[name] for name in expected]
    assert session.scalar(select(count_of(asked, TODAY))) == len(expected)


def test_an_order_is_found_by_its_reference_and_by_the_network_it_belongs_to(session: Session) -> None:
    world, made = tangled(session)
    of_network = Asked(network=made["network"])
    assert [row.reference for row in register(session, Asked(words=made["late"].lower()), TODAY)] == [made["late"]]
    assert {row.reference for row in register(session, of_network, TODAY)} == {made["warning"], made["licence"]}
    act_for(session, actor_for(session, world.coordinator))
    for asked, expected in ((of_network, ["licence"]), (SOON, ["late"]), (Asked(words="warn"), [])):
        assert [row.reference for row in register(session, asked, TODAY)] == [made[name] for name in expected]
        assert session.scalar(select(count_of(asked, TODAY))) == len(expected), "a count tells of no suspect"


def test_a_name_is_searched_for_by_form_and_never_by_address(app: Flask, session: Session) -> None:
    _world, made = tangled(session)
    session.commit()
    session.close()
    police = browser(app, "police")
    assert 'method="get"' not in police.get("/networks").text + police.get("/networks/disruption").text
    found = send(police, "/networks/disruption", {"words": "warning", "before": "31/12/2026"})
    assert (found.status_code, made["warning"] in found.text, made["licence"] in found.text) == (200, True, False)
    assert "“soonish” is no date" in send(police, "/networks/disruption", {"before": "soonish"}).text
    records = send(police, "/networks", {"words": "amber"}).text
    assert made["network"] in records
    assert "1 record<" in records


def test_the_network_chair_is_told_what_waits_and_each_number_is_that_of_its_rows(app: Flask, session: Session) -> None:
    tangled(session)
    refer(session)
    refer(session, areas=("NW",))
    session.commit()
    session.close()
    chair = browser(app, "network")
    found = tasks_of(text_of(chair, "/"))
    assert {text: number for text, (_href, number) in found.items()} == {
        "referrals to the network meeting wait for a decision": 2, "orders expire soon, or have expired": 2,
    }  # fmt: skip
    for href, number in found.values():
        assert rows_of(chair, href) == number, href
    assert "referrals to the network meeting" not in text_of(browser(app, "police"), "/")


def test_the_network_chair_and_the_police_are_reminded_once_at_each_step_before_an_order_expires(
    session: Session,
) -> None:
    _world, made = tangled(session)
    late, warning = made["late"], made["warning"]
    for days, expected in ((0, {late, warning}), (12, set()), (13, {warning}), (19, set()), (21, {warning})):
        before = len(session.scalars(select(OutboxMail)).all())
        for _ in range(2):
            remind_of_expiry(session, NOW + timedelta(days=days), office())
        mails = session.scalars(select(OutboxMail).order_by(col(OutboxMail.id))).all()[before:]
        assert {word for mail in mails for word in mail.subject.split() if word.startswith("ND-")} == expected, days
        assert {mail.recipient_name for mail in mails} <= {"Testy McPolice", "Testy McNetwork"}
        assert len(mails) == 2 * len(expected)
        assert not any("Invented" in mail.body + mail.subject for mail in mails)


def test_an_order_that_was_renewed_is_reminded_of_again(session: Session) -> None:
    _world, made = tangled(session)
    order = session.scalars(select(Disruption).where(col(Disruption.reference) == made["warning"])).one()
    remind_of_expiry(session, NOW, office())
    order.expires_on = date(2027, 12, 1)
    session.flush()
    before = len(session.scalars(select(OutboxMail)).all())
    remind_of_expiry(session, NOW + timedelta(days=30), office())
    told = {mail.body for mail in session.scalars(select(OutboxMail)).all()[before:]}
    assert not any(made["warning"] in body for body in told)
    remind_of_expiry(session, NOW + timedelta(days=360), office())
    assert sum(made["warning"] in mail.body for mail in session.scalars(select(OutboxMail)).all()) == 4
