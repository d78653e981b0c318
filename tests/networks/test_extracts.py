"""Extracts for other authorities: the very words that one proposed and another approved, and no word more."""

import re
from io import BytesIO

import pytest
from docx import Document
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.clock import london_date
from meetings_app.db.session import act_for
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.networks import borders, extracts, linking, queries, seen, subjects
from meetings_app.networks.extract_lines import chosen, lines_of
from meetings_app.networks.models import Subject
from meetings_app.networks.record_models import Extract
from meetings_app.networks.states import ChildTie, ExtractState, SubjectKind, Tie
from meetings_app.permissions import OPERATOR, Actor, Role
from tests.home.test_home import tasks_of
from tests.support.browsing import browser
from tests.support.children import area_id, child_of, put_on_list
from tests.support.meetings import series
from tests.support.networks import GROUNDS, open_subject
from tests.support.world import NOW, TinyWorld, actor_for, add_account, send, tiny_world

TODAY = london_date(NOW)
TACTICS = {"abduction_warning": "Child abduction warning notice"}
APPROVED, REFUSED = ExtractState.APPROVED, ExtractState.REFUSED


@pytest.fixture
def people(session: Session) -> TinyWorld:
    act_for(session, OPERATOR)
    return tiny_world(session)


def network(session: Session) -> Subject:
    """Make a network with a child, a suspect, another name, and a child of another authority."""
    made = open_subject(session, SubjectKind.NETWORK, "Invented Amber", about="Canaryabout")
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy Canarysuspect")
    linking.link_subjects(session, OPERATOR, NOW, suspect, made, Tie.PART_OF, GROUNDS)
    child = child_of(session, put_on_list(session, name="Testy Canarychild"))
    linking.link_child(session, OPERATOR, NOW, made, child, ChildTie.TARGETED_BY, GROUNDS)
    subjects.add_alias(session, OPERATOR, NOW, made, "Canaryalias", "Invented")
    contact = borders.Contact("Testy McNeighbour", "Invented desk")
    borough = borders.add_authority(session, OPERATOR, NOW, made, "Invented Borough", contact)
    said = borders.OutsideSaid("Canaryoutside", ChildTie.CONTACTED_BY, GROUNDS, "IB-1")
    borders.add_outside_child(session, OPERATOR, NOW, made, borough, said)
    return made


def propose(session: Session, by: Actor, subject: Subject, *labels: str, purpose: str = "Invented") -> Extract:
    act_for(session, by)
    lines = lines_of(subject, seen.of_subject(session, subject, TODAY), TACTICS)
    (authority,) = borders.authorities_of(session, [subject.key])
    picked = chosen(lines, {line.key for line in lines if line.label in labels})
    made = extracts.propose(session, by, NOW, subject, authority, picked, purpose)
    act_for(session, OPERATOR)
    return made


def test_who_proposes_is_offered_what_they_see_and_nothing_else(session: Session, people: TinyWorld) -> None:
    subject = network(session)
    offered = {}
    for account in (people.coordinator, people.police):
        act_for(session, actor_for(session, account))
        lines = lines_of(subject, seen.of_subject(session, subject, TODAY), TACTICS)
        offered[account.email.partition("@")[0]] = " ".join(line.text for line in lines)
    assert "Canarysuspect" in offered["police"]
    assert "Canarysuspect" not in offered["coordinator"]
    for word in ("Canaryabout", "Canaryalias", "Canarychild", "Canaryoutside"):
        assert word in offered["coordinator"]


def test_nobody_decides_on_what_they_proposed_and_only_the_network_chair_decides(
    session: Session, people: TinyWorld
) -> None:
    first, second = (
        actor_for(session, add_account(session, name, Role.NETWORK_CHAIR, "police")) for name in ("one", "two")
    )
    extract = propose(session, first, network(session), "Network")
    with pytest.raises(RuleBroken, match="Somebody else than who proposed it"):
        extracts.decide(session, first, NOW, extract, extract.version, APPROVED, "")
    with pytest.raises(NotFound):
        extracts.decide(session, actor_for(session, people.police), NOW, extract, extract.version, APPROVED, "")
    with pytest.raises(RuleBroken, match="why it is not approved"):
        extracts.decide(session, second, NOW, extract, extract.version, REFUSED, " ")
    opened_at = extract.version
    extracts.decide(session, second, NOW, extract, opened_at, APPROVED, "")
    with pytest.raises(Conflict):
        extracts.decide(session, second, NOW, extract, opened_at, REFUSED, "Too late")


def test_a_copy_is_issued_of_what_is_approved_alone_and_each_has_its_number(
    session: Session, people: TinyWorld
) -> None:
    subject, police = network(session), actor_for(session, people.police)
    chair = actor_for(session, add_account(session, "one", Role.NETWORK_CHAIR, "police"))
    extract = propose(session, police, subject, "Network", "Child")
    with pytest.raises(Conflict, match="not approved"):
        extracts.issue(session, police, NOW, subject, extract, extract.version, "Testy McNeighbour")
    extracts.decide(session, chair, NOW, extract, extract.version, APPROVED, "")
    opened_at = extract.version
    extracts.issue(session, police, NOW, subject, extract, opened_at, "Testy McNeighbour")
    with pytest.raises(Conflict):
        extracts.issue(session, police, NOW, subject, extract, opened_at, "Testy McNeighbour")
    extracts.issue(session, police, NOW, subject, extract, extract.version, "Testy McOther")
    copies = extracts.copies_of(session, extract.key)
    assert [(copy.number, copy.reader) for copy in copies] == [(1, "Testy McNeighbour"), (2, "Testy McOther")]


def test_an_extract_is_for_its_proposer_the_police_and_the_network_chair_unless_it_names_a_child_they_are_kept_from(
    session: Session, people: TinyWorld
) -> None:
    chair = add_account(session, "one", Role.NETWORK_CHAIR, "police")
    extract = propose(session, actor_for(session, people.coordinator), network(session), "Network", "Child")
    for account, sees in (
        (people.coordinator, True), (people.police, True), (chair, True), (people.chair_cs, False),
        (people.health, False),
    ):  # fmt: skip
        act_for(session, actor_for(session, account))
        assert (extracts.find_extract(session, extract.reference) is not None) is sees, account.email
    act_for(session, OPERATOR)
    (child,) = extracts.children_named(session, extract.key)
    meeting = series(session)[0]
    session.add(
        ConflictOfInterest(
            account_id=people.police.key, child_id=child, area_id=area_id(session, "NE"), meeting_id=meeting.key,
            reason="A neighbour.", declared_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    act_for(session, actor_for(session, people.police))
    assert extracts.find_extract(session, extract.reference) is None
    assert extracts.extracts(session, actor_for(session, people.police)) == []


def test_the_document_holds_the_words_that_were_shown_and_approved_whatever_is_recorded_later(
    app: Flask, session: Session, people: TinyWorld
) -> None:
    add_account(session, "network", Role.NETWORK_CHAIR, "police")
    subject = network(session)
    reference = subject.reference
    session.commit()
    session.close()
    police, chair = browser(app, "police"), browser(app, "network")
    form = f"/networks/{reference}/extracts/new"
    page = police.get(form).text
    offered = r'value="((?:name|about|alias|link|child|outside)[^"]*)"[^>]*>\s*<label[^>]*>\s*(\w+)'
    keys = dict(re.findall(offered, page))
    by_label = {label: key for key, label in keys.items()}
    authority = re.search(r'<option value="(\d+)">Invented Borough', page)
    assert authority
    typed = {"authority": authority[1], "purpose": "Invented purpose", "lines": [by_label["Network"], by_label["What"]]}
    assert "Choose at least one thing to share" in send(police, form, {**typed, "lines": []}).text
    preview = send(police, form, typed)
    assert "Canaryabout" in preview.text
    assert "Canarychild" not in preview.text
    shown = re.search(r'name="shown" value="([^"]+)"', preview.text)
    assert shown
    sent = {**typed, "step": "send", "shown": shown[1]}
    later = send(police, form, {**sent, "lines": [by_label["Network"]]})
    assert "has changed since you looked" in later.text
    made = send(police, form, sent)
    assert made.status_code == 302, made.text
    assert tasks_of(chair.get("/").text)["extract for another authority waits for your decision"][1] == 1
    assert made.location in chair.get("/networks/extracts?show=to-approve").text
    address, decision = str(made.location), {"state": "approved", "version": "1"}
    assert send(police, f"{address}/decide", decision, page=address).status_code == 404
    assert "Canaryabout" in chair.get(address).text
    assert send(chair, f"{address}/decide", decision, page=address).status_code == 302
    act_for(session, OPERATOR)
    changed = queries.find_subject(session, reference)
    assert changed is not None
    subjects.add_alias(session, OPERATOR, NOW, changed, "Canarylater", "Invented")
    session.commit()
    session.close()
    copied = send(police, f"{address}/copies", {"reader": "Testy McNeighbour", "version": "2"}, page=address)
    assert copied.status_code == 302
    word = police.get(f"{address}/copies/1/word")
    said = words_of(word.get_data())
    whose = ("OFFICIAL-SENSITIVE", "Testy McNeighbour", "copy 1", "Invented Borough")
    for text in ("Canaryabout", "Invented Amber", *whose):
        assert text in said, text
    for text in ("Canarychild", "Canarysuspect", "Canaryalias", "Canarylater", "Canaryoutside"):
        assert text not in said, text
    assert "Amber" not in word.headers["Content-Disposition"]
    assert police.get(f"{address}/copies/2/word").status_code == 404
    assert browser(app, "coordinator").get(f"{address}/copies/1/word").status_code == 404


def words_of(content: bytes) -> str:
    """Give every text of a Word document, its headers and footers too."""
    document = Document(BytesIO(content))
    parts = [document.element.body, *(part._element for section in document.sections for part in (
        section.header, section.footer, section.first_page_header, section.first_page_footer))]  # fmt: skip
    return " ".join("".join(part.itertext()) for part in parts)
