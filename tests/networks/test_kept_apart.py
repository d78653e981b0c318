"""Whoever is kept from a child is kept from that child’s record as a suspect, and from whatever hangs on it."""

import re

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.db.session import act_for
from meetings_app.networks import disrupting, linking, subjects, suspects
from meetings_app.networks.states import ChildTie, DisruptionState, SubjectKind, Tie
from meetings_app.permissions import OPERATOR
from tests.support.browsing import browser
from tests.support.children import add_child, agency_id, put_on_list
from tests.support.networks import GROUNDS, open_subject
from tests.support.rmm import Rmm, rmm
from tests.support.world import NOW


def test_a_conflict_about_a_child_hides_the_childs_record_as_a_suspect_everywhere(app: Flask, session: Session) -> None:
    day = rmm(session)
    own, shown, hidden = suspected(day)
    conflict = ConflictOfInterest(
        account_id=day.world.chair_cs.key, child_id=own, area_id=day.meeting.area_id or 0,
        meeting_id=day.meeting.key, reason="A neighbour.", declared_at=NOW,
    )  # fmt: skip
    session.add(conflict)
    session.commit()
    session.close()
    kept_from, other = browser(app, "chair-cs"), browser(app, "chair-fs")
    for address in hidden:
        assert kept_from.get(address).status_code == 404, address
        assert other.get(address).status_code == 200, address
    secret = re.compile("Canary")
    for address in shown:
        seen, whole = kept_from.get(address), other.get(address)
        assert seen.status_code == 200, address
        assert not secret.search(seen.text), address
        assert secret.search(whole.text), address
    counts = [re.search(r"(\d+) records?</strong>", each.get("/networks").text) for each in (kept_from, other)]
    assert [count and count[1] for count in counts] == ["2", "3"]


def suspected(day: Rmm) -> tuple[int, list[str], list[str]]:
    """Make a child who is a suspect too, in a network; give the child, the pages that hint and the pages of them."""
    session = day.session
    act_for(session, OPERATOR)
    own, target = add_child(session, "Testy McYoung"), add_child(session, "Testy Canarytarget")
    put_on_list(session, own)
    put_on_list(session, target)
    network = open_subject(session, SubjectKind.NETWORK, "Invented Amber")
    suspect = open_subject(session, SubjectKind.SUSPECT, "Canaryyoung")
    other = open_subject(session, SubjectKind.SUSPECT, "Testy McOther")
    suspects.name_own_record(session, OPERATOR, NOW, suspect, own)
    subjects.add_alias(session, OPERATOR, NOW, suspect, "Canaryname", "Invented")
    linking.link_subjects(session, OPERATOR, NOW, suspect, network, Tie.PART_OF, GROUNDS)
    linking.link_subjects(session, OPERATOR, NOW, other, suspect, Tie.PART_OF, GROUNDS)
    link = linking.link_child(session, OPERATOR, NOW, suspect, target, ChildTie.TARGETED_BY, GROUNDS)
    step = disrupting.Step(DisruptionState.SOUGHT, NOW.date(), "Canarywarning")
    order = disrupting.begin_disruption(
        session, OPERATOR, NOW, suspect, "abduction_warning", agency_id(session, "police"), step
    )  # fmt: skip
    page = f"/networks/{suspect.reference}"
    hidden = [page, f"{page}/edit", f"{page}/children/{link.key}/end", f"/networks/disruption/{order.reference}"]
    pages = [network.reference, other.reference]
    shown = [f"/networks/{each}" for each in pages]
    return own.key, ["/networks", "/networks/disruption", *shown], hidden
