"""The minutes of a network meeting: whole for who holds it, and for everybody else what they may see, in Word too."""

import io
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.children.models import Child, ChildBefore, ChildFact
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.meetings.minutes_audience import Audience
from meetings_app.meetings.minutes_checks import altered_minutes
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.network_models import MatterKind, NetworkOutcome
from meetings_app.meetings.notes import write_notes
from meetings_app.network_meetings import actions, matters, presence
from meetings_app.network_meetings import minutes as kept
from meetings_app.network_meetings.agenda_word import agenda_word
from meetings_app.network_meetings.deciding import Decided
from meetings_app.network_meetings.minutes_copy import NetworkCopy
from meetings_app.networks import disrupting, linking, merging, subjects, suspects
from meetings_app.networks.disrupting import Step
from meetings_app.networks.models import Subject, SubjectVersion
from meetings_app.networks.states import ChildTie, DisruptionState, SubjectKind
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder
from meetings_app.schedule.models import MeetingState
from tests.support.children import agency_id
from tests.support.issued import long_issued
from tests.support.meetings import series
from tests.support.network_meetings import (
    DURING,
    NetworkDay,
    Tangled,
    child_called,
    close,
    decide,
    item_at,
    network_day,
    opened,
    tangled,
)
from tests.support.networks import GROUNDS, listed, open_subject
from tests.support.rmm import OFFICE
from tests.support.world import NOW

FULL = Audience()


def words_of(document: bytes) -> str:
    opened_document = Document(io.BytesIO(document))
    words = {"br": " ", "tab": " ", "p": " "}
    pieces = []
    for element in opened_document.element.body.iter():
        kind = element.tag.rpartition("}")[2]
        pieces.append((element.text or "") if kind == "t" else words.get(kind, ""))
    return " ".join("".join(pieces).split())


def held(session: Session) -> tuple[NetworkDay, Tangled, Minutes]:
    """Hold a meeting about a tangled network and a suspect of their own, with an action, an order and a child."""
    day = network_day(session)
    known, lone = tangled(session), open_subject(session, SubjectKind.SUSPECT, "Canarylone")
    series(session)
    opened(day)
    row = item_at(day, "4.1")
    assert item_at(day, "5.1").subject_id == lone.key
    said = Decided(NetworkOutcome.CONTINUES, "Talk of Canarynetwork.", "Canaryrestricted talk.", "Invented reason.")
    decide(day, "4.1", said)
    decide(day, "5.1", Decided(NetworkOutcome.CONTINUES, "Canarylone talk.", rationale="Invented."))
    session.flush()
    for what, owner, about in (
        ("Canarywatch the takeaway", day.people.coordinator, known.place),
        ("Canaryarrest", day.people.police, known.suspect),
    ):
        proposal = actions.Proposal(what, owner.key, day.first.held_on, about.key)
        actions.propose(session, day.chair(), DURING, day.first, row, proposal)
    step = Step(DisruptionState.CONSIDERED, DURING.date(), "Canaryorder text")
    police = agency_id(session, "police")
    disrupting.begin_disruption(session, day.chair(), DURING, known.suspect, "abduction_warning", police, step)
    passed = matters.MatterSaid(MatterKind.ITEM, "Canarypassed: the car at the school")
    matters.pass_on(session, day.chair(), DURING, day.first, row, known.children[0].reference, passed)
    return day, known, close(day)


def other_names(day: NetworkDay, known: Tangled) -> Subject:
    """Give the suspect another name, and a second record that points to the first."""
    day.operator()
    subjects.add_alias(day.session, OPERATOR, DURING, known.suspect, "Canaryalias", "Invented")
    twin = open_subject(day.session, SubjectKind.SUSPECT, "Canarytwin")
    merging.merge(day.session, OPERATOR, DURING, twin, twin.version, known.suspect, "Invented: the same face")
    return twin


def copy_of(day: NetworkDay, account: Any, minutes: Minutes, audience: Audience = FULL) -> str:
    by = day.act(account)
    word = folder("agendas") / "word"
    return words_of(
        kept.minutes_word(
            day.session, by, DURING, OFFICE, day.first, minutes, audience, marking="MARKED",
            template=word / "network-minutes.docx",
        )
    )  # fmt: skip


def test_each_reader_gets_their_copy_and_no_trace_of_a_restricted_suspect(session: Session) -> None:
    day, known, minutes = held(session)
    people = day.people
    chair, child = copy_of(day, day.chair_account, minutes), known.children[0].reference
    canaries = {
        "Talk of Canarynetwork": "CPHO", "Canaryrestricted": "CPH", "Canarywatch": "CPHO", "Canaryarrest": "CPH",
        "Canaryorder": "CPH", "Canarysuspect": "CPH", known.suspect.reference: "CPH", "Canarylone": "CPH",
        "Canarypassed": "CPHO", child: "CPHO",
    }  # fmt: skip
    copies = {
        "C": chair, "P": copy_of(day, people.police, minutes), "H": copy_of(day, people.chair_cs, minutes),
        "O": copy_of(day, people.coordinator, minutes), "N": copy_of(day, people.coordinator_nw, minutes),
    }  # fmt: skip
    for canary, readers in canaries.items():
        assert {who for who, said in copies.items() if canary in said} == set(readers), canary
    assert copies["O"].count("Restricted item") == 1
    assert copies["N"].count("Restricted item") == 2
    for who, less in (("C", ""), ("O", "1 item"), ("N", "2 items")):
        without = f", without {less} that its reader may not see" if less else ""
        assert f"Full copy{without}, for Testy" in copies[who], who
    assert "DRAFT" in chair
    assert "Quorate. Expected, and not there: Specialist" in chair


def test_an_agency_a_child_and_a_copy_without_names_get_what_is_theirs(session: Session) -> None:
    day, known, minutes = held(session)
    chair, child = day.chair_account, known.children[0].reference
    of_services = copy_of(day, chair, minutes, Audience("agency", "childrens-services"))
    assert "Canarywatch" in of_services
    for hidden in ("Canaryarrest", "Canaryrestricted"):
        assert hidden not in of_services
    extract = copy_of(day, chair, minutes, Audience("child", child))
    assert "Canarypassed" in extract
    for hidden in ("Canarynetwork", "Canaryarrest", "Canarywatch", "Canarysuspect", known.suspect.reference):
        assert hidden not in extract
    nameless = copy_of(day, chair, minutes, Audience("anonymised"))
    for name in ("Canarynetwork", "Canarysuspect", "Pretend Palace"):
        assert name not in nameless
    assert known.network.reference in nameless
    for wrong in (Audience("agency", "nobody"), Audience("child", "C-NONE")):
        with pytest.raises(DomainError):
            copy_of(day, chair, minutes, wrong)
    with pytest.raises(DomainError):
        copy_of(day, day.people.police, minutes, Audience("chair"))


def test_a_copy_for_an_agency_holds_what_its_people_who_attended_may_read_whoever_makes_it(session: Session) -> None:
    day, known, _minutes = held(session)
    day.operator()
    far, people = child_called(session, listed(session, "Testy McFaraway", "NW")), day.people
    linking.link_child(session, OPERATOR, DURING, known.network, far, ChildTie.TARGETED_BY, GROUNDS)
    talk = f"Talk of CANARYNETWORK: canarysuspect ({known.suspect.reference}) met Testy McFaraway, {far.reference}."
    minutes = kept.put_right(session, day.chair(), DURING, day.first, 1, "4.1", {"discussion": talk}, "Invented")
    makers = (day.chair_account, people.chair_cs, people.coordinator)
    services = [copy_of(day, each, minutes, Audience("agency", "childrens-services")) for each in makers]
    for copy in services:
        said = "Talk of CANARYNETWORK: [a restricted record] ([a restricted record]) met [a child], [a child]."
        assert said in copy
        for part in ("Canarywatch", "Pretend Palace", known.children[0].reference, "Canarypassed"):
            assert part in copy
        for hidden in ("Canarysuspect", known.suspect.reference, "Canarylone", "Canaryorder", "Canaryarrest"):
            assert hidden.lower() not in copy.lower()
        assert copy.count("Restricted item") == 1
    assert len({copy.partition(" for Testy")[2].partition("Produced")[2] for copy in services}) == 1
    for absent in ("health", "specialist-service"):
        copy = copy_of(day, day.chair_account, minutes, Audience("agency", absent))
        assert copy.count("Restricted item") == 2
        for hidden in ("Canary", "Pretend", "TE57", known.network.reference, known.children[0].reference):
            assert hidden.lower() not in copy.lower()
    # Another agency’s copy is not theirs to make.
    for who in (people.coordinator_nw, people.health):
        with pytest.raises(DomainError):
            copy_of(day, who, minutes, Audience("agency", "police"))
    police = copy_of(day, day.chair_account, minutes, Audience("agency", "police"))
    assert "Canaryarrest" in police
    assert "Canaryrestricted" in police


def test_no_copy_has_a_former_or_another_name_where_it_keeps_the_name_back(session: Session) -> None:
    day, known, _minutes = held(session)
    day.operator()
    first = session.scalars(select(Child).where(col(Child.reference) == known.children[0].reference)).one()
    own = open_subject(session, SubjectKind.SUSPECT, "Canarychildalias")
    suspects.name_own_record(session, OPERATOR, DURING, own, first)
    session.add(ChildBefore(child_id=first.key, fact=ChildFact.NAME, value="Testy Canaryborn", changed_at=DURING))
    session.add(
        SubjectVersion(
            subject_id=known.suspect.key, replaced_at=DURING, name="Canaryformer", about="", area_ids=[],
            state=known.suspect.state,
        )
    )  # fmt: skip
    talk = {"discussion": "Talk of testy canaryborn, Canaryformer and Canarychildalias."}
    minutes = kept.put_right(session, day.chair(), DURING, day.first, 1, "4.1", talk, "Invented")
    child, suspect, record = first.reference, known.suspect.reference, "[a restricted record]"
    for account, audience, said in (
        (day.chair_account, Audience(), "testy canaryborn, Canaryformer and Canarychildalias."),
        (day.chair_account, Audience("anonymised"), f"{child}, {suspect} and [a child]."),
        (day.people.coordinator, Audience("anonymised"), f"{child}, {record} and [a child]."),
        (day.people.coordinator, Audience(), f"testy canaryborn, {record} and Canarychildalias."),
    ):
        assert f"Talk of {said}" in copy_of(day, account, minutes, audience), (account.name, audience)


def test_a_copy_without_names_tells_nothing_of_suspects_whoever_makes_it(session: Session) -> None:
    day, known, _minutes = held(session)
    twin = other_names(day, known)
    talk = {"discussion": "Talk of Testy McFirst and Canarysuspect, Canaryalias, CANARYTWIN."}
    minutes = kept.put_right(session, day.chair(), DURING, day.first, 1, "4.1", talk, "Invented")
    own = known.suspect.reference
    for account in (day.chair_account, day.people.police, day.people.chair_cs):
        copy = copy_of(day, account, minutes, Audience("anonymised"))
        assert f"Talk of {known.children[0].reference} and {own}, {own}, {twin.reference}." in copy
        for hidden in ("Canaryrestricted", "About suspects", "Canarysuspect"):
            assert hidden not in copy
    record = "[a restricted record]"
    copy = copy_of(day, day.people.coordinator, minutes, Audience("anonymised"))
    assert f"Talk of {known.children[0].reference} and {record}, {record}, {record}." in copy
    copy = copy_of(day, day.chair_account, minutes, Audience("agency", "childrens-services"))
    assert f"Talk of Testy McFirst and {record}, {record}, {record}." in copy


def test_a_suspect_named_in_the_discussion_is_named_to_nobody_who_does_not_see_the_record(session: Session) -> None:
    day, known, _minutes = held(session)
    other_names(day, known)
    talk = {"discussion": "Talk of Canarysuspect, whom some call Canaryalias or Canarytwin."}
    minutes = kept.put_right(session, day.chair(), DURING, day.first, 1, "4.1", talk, "Invented")
    assert talk["discussion"] in copy_of(day, day.chair_account, minutes)
    record = "[a restricted record]"
    read = copy_of(day, day.people.coordinator, minutes)
    assert f"Talk of {record}, whom some call {record} or {record}." in read


def test_words_are_put_right_in_a_further_version_and_the_chair_signs_the_newest(session: Session) -> None:
    day, _known, _minutes = held(session)
    first = session.scalars(select(Minutes)).one()
    texts = {"discussion": "Put right: talk of the network."}
    with pytest.raises(RuleBroken, match="why the minutes"):
        kept.put_right(session, day.chair(), DURING, day.first, 1, "4.1", texts, "")
    second = kept.put_right(session, day.chair(), DURING, day.first, 1, "4.1", texts, "Invented: a slip")
    with pytest.raises(Conflict):
        kept.put_right(session, day.chair(), DURING, day.first, 1, "4.1", texts, "Invented")
    assert first.facts["items"][0]["discussion"] == "Talk of Canarynetwork."
    with pytest.raises(DomainError, match="newer version"):
        kept.sign(session, day.chair(), DURING, OFFICE, day.first, 1)
    with pytest.raises(NotFound):
        kept.sign(session, day.act(day.people.police), DURING, OFFICE, day.first, 2)
    with pytest.raises(DomainError, match="not issued yet"):
        kept.sign(session, day.chair(), DURING, OFFICE, day.first, 2)
    long_issued(session, day.first, 2)
    kept.sign(session, day.chair(), DURING, OFFICE, day.first, 2)
    assert day.first.state is MeetingState.SIGNED
    said = copy_of(day, day.chair_account, second)
    assert "Put right: talk of the network." in said
    assert "Signed by Testy Mc" in said
    with pytest.raises(DomainError, match="signed and locked"):
        kept.sign(session, day.chair(), DURING, OFFICE, day.first, 2)
    day.operator()
    assert list(altered_minutes(session)) == []
    second.facts = {**second.facts, "notes": "changed"}
    with pytest.raises(DatabaseError, match=r"locked|kept as it was recorded"):
        session.flush()


def test_a_draft_leaves_out_the_items_for_which_its_reader_was_out_of_the_room(session: Session) -> None:
    day, known = network_day(session), tangled(session)
    lone = open_subject(session, SubjectKind.PLACE, "Canaryplace")
    opened(day, ("chair", "coordinator", "police"))
    network, place = item_at(day, "4.1"), item_at(day, "5.1")
    assert (network.subject_id, place.subject_id) == (known.network.key, lone.key)
    room = presence.room_of(session, day.first, network)
    away = [each.attendance_id for each in room.people if each.account_id == day.people.coordinator.key]
    presence.set_room(session, day.chair(), DURING, day.first, network, away, room.seen)
    decide(day, "4.1", Decided(NetworkOutcome.CONTINUES, "Canarytalk.", rationale="Invented."))
    decide(day, "5.1", Decided(NetworkOutcome.CONTINUES, "Canarystays, as Canarynetwork.", rationale="Invented."))
    write_notes(session, day.chair(), NOW, day.first, day.first.version, "Canarynotes of Canarynetwork.")
    minutes = close(day)
    kept.issue(session, day.chair(), DURING, OFFICE, day.first, 1)

    def told(account: Account) -> list[str]:
        said = copy_of(day, account, minutes)
        canaries = ("Canarytalk", "Canarystays", "Canarynotes", "Canarynetwork", known.network.reference)
        return [canary for canary in canaries if canary in said]

    assert told(day.people.coordinator) == ["Canarystays", "Canarynotes"]
    everything = ["Canarytalk", "Canarystays", "Canarynotes", "Canarynetwork", known.network.reference]
    assert told(day.people.police) == told(day.chair_account) == everything
    shown = NetworkCopy(session, day.act(day.people.coordinator), FULL, day.first, minutes)
    assert [one.stub for one in shown.items()] == [True, False], "nor is a correction of it asked for"
    assert known.network.reference not in shown.subjects()
    long_issued(session, day.first)
    kept.sign(session, day.chair(), DURING, OFFICE, day.first, 1)
    assert told(day.people.coordinator) == everything, "what is signed holds every item"


def test_who_attended_is_told_once_by_a_mail_that_names_nobody(session: Session) -> None:
    day, known, _minutes = held(session)
    assert kept.issue(session, day.chair(), DURING, OFFICE, day.first, 1) == 2
    assert kept.issue(session, day.chair(), DURING, OFFICE, day.first, 1) == 2
    day.operator()
    mails = [mail for mail in session.scalars(select(OutboxMail)) if mail.kind == "minutes_ready"]
    assert len(mails) == 2
    for mail in mails:
        said = repr(mail.model_dump())
        assert day.first.reference in said
        assert "Canary" not in said
        assert known.network.reference not in said


def test_the_agenda_in_word_is_the_readers_own(session: Session) -> None:
    day, known, _minutes = held(session)
    template = folder("agendas") / "word" / "network-agenda.docx"
    copies = {}
    for who, account in (("chair", day.chair_account), ("coordinator", day.people.coordinator)):
        by = day.act(account)
        made = agenda_word(session, by, NOW, OFFICE, day.first, marking="MARKED", template=template)
        copies[who] = words_of(made)
    assert "Canarysuspect" in copies["chair"]
    assert known.network.reference in copies["coordinator"]
    for hidden in ("Canarysuspect", "Canarylone", known.suspect.reference):
        assert hidden not in copies["coordinator"]
    assert "Restricted item" in copies["coordinator"]
