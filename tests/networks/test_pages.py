"""The pages of networks, as the people use them: from an item of an RMM to a network with its picture."""

import re
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.db.session import act_for
from meetings_app.networks import borders, linking, suspects
from meetings_app.networks.states import ChildTie, SubjectKind, Tie
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR, Role
from meetings_app.strategy.rules import About
from meetings_app.strategy.service import Asked, request
from tests.support.browsing import browser
from tests.support.children import add_child, area_id, put_on_list
from tests.support.meetings import office
from tests.support.networks import GROUNDS, listed, open_subject, refer
from tests.support.rmm import due, rmm
from tests.support.world import NOW, actor_for, add_account, send, tiny_world

SURE = {"basis": "fact", "confidence": "likely", "source": "Invented report"}


def _places(session: Session) -> dict[str, str]:
    act_for(session, OPERATOR)
    return {code: str(area_id(session, code)) for code in ("NE", "NW")}


def test_a_referral_becomes_a_network_with_its_children(app: Flask, session: Session) -> None:
    tiny_world(session)
    add_account(session, "network", Role.NETWORK_CHAIR, "police")
    child = listed(session, "Testy McTargeted")
    areas = _places(session)
    session.commit()
    session.close()
    health, chair = browser(app, "health"), browser(app, "network")
    said = {"criteria": ["location"], "known": "Invented", "areas": [areas["NE"]], "children": child, **SURE}
    made = send(health, "/networks/referrals/new", {**said, "suspects": "Invented hint"})
    assert made.status_code == 302, made.text
    page = chair.get(made.location).text
    assert "Invented hint" in page
    assert "Testy McTargeted" in page
    taken = send(chair, made.location + "/accept", {"name": "Amber", "version": "1"}, page=made.location)
    assert taken.status_code == 302, taken.text
    network = chair.get(taken.location).text
    assert "Testy McTargeted" in network
    assert "<svg" in network
    assert f'href="/children/{child}"' not in network
    assert chair.get(f"/children/{child}").status_code == 404
    assert "Taken up" in health.get(made.location).text


def test_a_referral_without_its_reasons_says_beside_each_field_what_is_missing(app: Flask, session: Session) -> None:
    tiny_world(session)
    session.close()
    health = browser(app, "health")
    answer = send(health, "/networks/referrals/new", {"criteria": ["managers_agree"], "known": "x", **SURE})
    assert answer.status_code == 400
    assert "Enter the name of the service manager who agrees" in answer.text
    answer = send(health, "/networks/referrals/new", {"criteria": ["location"], **SURE})
    assert "Enter what is known" in answer.text
    answer = send(health, "/networks/referrals/new", {})
    for missing in (
        "Choose at least one reason why", "Enter what is known", "Enter where this is known from",
        "Choose at least one area", "Choose fact or opinion", "Choose how sure it is",
    ):  # fmt: skip
        assert missing in answer.text, missing


def test_a_childs_page_names_its_networks_to_whoever_may_see_both(app: Flask, session: Session) -> None:
    tiny_world(session)
    act_for(session, OPERATOR)
    child = add_child(session, "Testy McTargeted")
    put_on_list(session, child)
    network = open_subject(session, SubjectKind.NETWORK, "Invented Amber")
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect")
    over = open_subject(session, SubjectKind.PLACE, "Invented Takeaway")
    for subject in (network, suspect, over):
        link = linking.link_child(session, OPERATOR, NOW, subject, child, ChildTie.TARGETED_BY, GROUNDS)
    linking.end_link(session, OPERATOR, NOW, over, link, "Invented")
    borough = borders.add_authority(
        session, OPERATOR, NOW, network, "Invented Borough", borders.Contact("Testy McNeighbour", "Invented desk")
    )
    said = borders.OutsideSaid("Testy McOutside", ChildTie.TARGETED_BY, GROUNDS)
    outside = borders.add_outside_child(session, OPERATOR, NOW, network, borough, said).reference
    codes, page = {"n": network.reference, "s": suspect.reference, "o": over.reference}, f"/children/{child.reference}"
    session.commit()
    session.close()
    for who, sees in (("police", "ns"), ("chair-cs", "ns"), ("coordinator", "n"), ("health", "")):
        answer = browser(app, who).get(page)
        assert answer.status_code == 200
        assert "".join(letter for letter, code in codes.items() if code in answer.text) == sees, who
        assert ("Networks and what belongs to them" in answer.text) is bool(sees)
    drawn = (
        browser(app, "police").get(f"/networks/{codes['n']}").text.partition("<svg class=")[2].partition("</svg>")[0]
    )
    assert outside in drawn
    assert "Testy McOutside" in drawn


def test_a_referrer_is_told_why_it_is_not_taken_up(app: Flask, session: Session) -> None:
    world = tiny_world(session)
    add_account(session, "network", Role.NETWORK_CHAIR, "police")
    act_for(session, OPERATOR)
    reference = refer(session, by=actor_for(session, world.health)).reference
    session.commit()
    session.close()
    chair, address = browser(app, "network"), f"/networks/referrals/{reference}"
    said = {"state": "returned", "why": "Invented: who saw it?", "version": "1"}
    assert send(chair, address + "/turn-down", said, page=address).status_code == 302
    assert "Invented: who saw it?" in browser(app, "health").get(address).text
    (mail,) = session.scalars(select(OutboxMail).where(col(OutboxMail.kind) == "referral_outcome"))
    assert (mail.recipient_name, reference in mail.subject, address in mail.body) == ("Testy McHealth", True, True)
    assert "who saw it" not in mail.body + mail.subject
    session.close()
    late = chair.post(address + "/turn-down", data={**said, "csrf_token": _token(chair)})
    assert late.status_code == 409


def test_a_suspect_under_18_is_shown_as_a_child_who_needs_a_record_of_their_own(app: Flask, session: Session) -> None:
    tiny_world(session)
    areas = _places(session)
    own = listed(session, "Testy McYoung")
    session.commit()
    session.close()
    police = browser(app, "police")
    said = {"name": "Testy McSeventeen", "born": "01/06/2009", "areas": [areas["NE"]]}
    made = send(police, "/networks/new/suspect", said)
    assert made.status_code == 302, made.text
    page = police.get(made.location).text
    assert "This young person is under 18: a child first" in page
    assert "Young person alleged to have harmed a child" in page
    assert ">Suspect " not in page
    assert "No record of their own is named yet" in page
    assert send(police, made.location + "/own-record", {"child": own}).status_code == 302
    assert f"Their own record: {own}" in police.get(made.location).text
    assert "<title>" in page
    assert "McSeventeen" not in page.split("</title>")[0]


def test_a_young_person_is_called_no_suspect_on_any_page(app: Flask, session: Session) -> None:
    tiny_world(session)
    act_for(session, OPERATOR)
    network = open_subject(session, SubjectKind.NETWORK, "Invented Amber")
    young = open_subject(session, SubjectKind.SUSPECT, "Testy McSeventeen", born=date(2009, 6, 1))
    known = open_subject(session, SubjectKind.SUSPECT, "Testy McKnown")
    adult = open_subject(session, SubjectKind.SUSPECT, "Testy McAdult", born=date(1990, 6, 1))
    own = add_child(session, "Testy McOwn", born=date(2009, 6, 1))
    put_on_list(session, own)
    suspects.name_own_record(session, OPERATOR, NOW, known, own)
    for subject in (young, known):
        linking.link_subjects(session, OPERATOR, NOW, subject, network, Tie.PART_OF, GROUNDS)
    asked = Asked(["alleged_perpetrator"], "Invented", about=About.ALLEGED_PERPETRATOR)
    discussion = request(session, OPERATOR, NOW, office(), own, asked).reference
    at, at_adult, at_known = network.reference, adult.reference, known.reference
    session.commit()
    session.close()
    police = browser(app, "police")
    listed = police.get("/networks").text
    assert listed.count("Young person alleged to have harmed a child") == 2
    assert "app-network__node--suspect" not in police.get(f"/networks/{at}").text
    assert "app-network__node--suspect" in _linked(police, at, at_adult)
    page = police.get(f"/networks/{at_known}").text
    assert f"Their own strategy discussion {discussion}</a>: asked for, and no outcome is recorded yet" in page


def _linked(client: FlaskClient, network: str, other: str) -> str:
    assert send(client, f"/networks/{network}/links/new", {"other": other, "tie": "knows", **SURE}).status_code == 302
    return client.get(f"/networks/{network}").text


def test_two_children_of_one_place_are_suggested_to_be_linked(app: Flask, session: Session) -> None:
    tiny_world(session)
    act_for(session, OPERATOR)
    place = open_subject(session, SubjectKind.PLACE, "Invented Takeaway").reference
    children = [listed(session, f"Testy Mc{name}") for name in ("One", "Two")]
    session.commit()
    session.close()
    coordinator = browser(app, "coordinator")
    for child in children:
        said = {"child": child, "tie": "taken_to", **SURE}
        assert send(coordinator, f"/networks/{place}/children/new", said).status_code == 302
    page = coordinator.get(f"/networks/{place}").text
    assert f"{children[0]} and {children[1]} are both linked here, and no link with each other" in page


def test_the_register_shows_what_expires_soon(app: Flask, session: Session) -> None:
    tiny_world(session)
    act_for(session, OPERATOR)
    place = open_subject(session, SubjectKind.PLACE, "Invented Takeaway").reference
    session.commit()
    session.close()
    police = browser(app, "police")
    form = police.get(f"/networks/{place}/disruption/new").text
    agency = re.search(r'<option value="(\d+)">[^<]*[Pp]olice', form)
    assert agency
    said = {
        "tactic": "licence_review", "agency": agency.group(1), "state": "granted", "happened_on": "01/11/2026",
        "text": "Invented", "expires_on": "10/12/2026",
    }  # fmt: skip
    assert send(police, f"/networks/{place}/disruption/new", said).status_code == 302
    assert "Review of a licence" in police.get("/networks/disruption?expires=soon").text
    assert "Think about renewing it" in police.get(f"/networks/{place}").text


def test_an_item_of_an_rmm_is_referred_onward_with_its_child_and_area(app: Flask, session: Session) -> None:
    day = rmm(session)
    child = due(session)
    reference = child.reference
    day.open()
    item = day.item(child).number
    meeting = day.meeting.reference
    session.commit()
    session.close()
    chair, areas = browser(app, "chair-cs"), _places(session)
    address = f"/networks/referrals/new?meeting={meeting}&item={item}"
    page = chair.get(address).text
    assert f'value="{reference}"' in page
    assert re.search(rf'value="{areas["NE"]}"[^>]* checked|checked[^>]* value="{areas["NE"]}"', page)
    session.close()
    said = {"criteria": ["several_children"], "known": "Invented", "areas": [areas["NE"]], "children": reference}
    made = send(chair, address, {**said, **SURE})
    assert made.status_code == 302, made.text
    assert reference in chair.get(made.location).text


def _token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/account").text)
    assert found
    return found.group(1)
