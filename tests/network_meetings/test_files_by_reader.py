"""The Word files of a network meeting, asked for by every reader: word for word what each holds, and nothing else.

Each text there is was said in a word of its own: of a network, of its suspect, of one who is alone, and beside all.
"""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.meetings.models import Presence
from meetings_app.meetings.network_models import MatterKind, NetworkOutcome
from meetings_app.meetings.notes import write_notes
from meetings_app.meetings.running import AttendanceLine, set_attendance
from meetings_app.minutes import issuing
from meetings_app.network_meetings import actions, matters
from meetings_app.network_meetings import minutes as kept
from meetings_app.network_meetings.deciding import Decided
from meetings_app.networks.states import SubjectKind
from meetings_app.schedule.invites import when_held
from tests.support.browsing import browser
from tests.support.documents import every_word_of
from tests.support.meetings import series
from tests.support.network_meetings import (
    DURING,
    Tangled,
    close,
    decide,
    item_at,
    network_day,
    opened,
    tangled,
)
from tests.support.networks import open_subject
from tests.support.rmm import OFFICE


class Said:
    """A meeting about a tangled network and a suspect alone, its draft issued, and a correction refused."""

    def __init__(self, session: Session) -> None:
        self.session, self.day = session, network_day(session)
        self.known: Tangled = tangled(session)
        open_subject(session, SubjectKind.SUSPECT, "Canarylone")
        series(session)
        opened(self.day, ("chair", "coordinator", "police"))
        self._hear()
        close(self.day)
        day, police = self.day, self.day.people.police
        kept.issue(session, day.chair(), DURING, OFFICE, day.first, 1)
        asked = issuing.propose(
            session, day.act(police), DURING, day.first, "4.1", "Canarycorrection.", frozenset({"4.1"})
        )
        issuing.refuse(session, day.chair(), DURING, OFFICE, day.first, asked, "Canaryrefusal.")
        day.operator()
        self.at = f"/networks/meetings/{day.first.reference}"

    def _hear(self) -> None:
        session, day, chair = self.session, self.day, self.day.chair()
        row = item_at(day, "4.1")
        decide(day, "4.1", Decided(NetworkOutcome.CONTINUES, "Canarytalk.", "Canaryrestricted.", "Canaryreason."))
        decide(day, "5.1", Decided(NetworkOutcome.CONTINUES, "Canaryalone.", rationale="Canarywhyalone."))
        for what, owner, about in (
            ("Canarywatch", day.people.coordinator, self.known.place),
            ("Canaryarrest", day.people.police, self.known.suspect),
        ):
            proposal = actions.Proposal(what, owner.key, day.first.held_on, about.key)
            actions.propose(session, day.chair(), DURING, day.first, row, proposal)
        passed = matters.MatterSaid(
            MatterKind.ITEM,
            f"Canarypassed, with Canarysuspect and Testy McSecond, {self.known.children[1].reference}, at Pretend "
            "Palace takeaway.",
        )
        matters.pass_on(session, day.chair(), DURING, day.first, row, self.known.children[0].reference, passed)
        visitor = AttendanceLine(
            day.people.health.agency_id, "Testy McVisitor", Presence.APOLOGIES, note="Canarynoted of CANARYSUSPECT"
        )
        set_attendance(session, chair, DURING, day.first, [visitor])
        write_notes(session, day.chair(), DURING, day.first, day.first.version, "Canarynotes of canarysuspect.")


OPEN = {"Canarynetwork", "Canarytalk", "Canaryreason", "Canarywatch", "Canarypassed", "Canarynotes", "Canarynoted"}
SUSPECT = {"Canarysuspect", "Canaryrestricted", "Canaryarrest", "Canarylone", "Canaryalone", "Canarywhyalone"}
WHOLE, BESIDE = OPEN | SUSPECT, {"Canarycorrection", "Canaryrefusal"}
EVERY_WORD = WHOLE | BESIDE | {"Canaryearly"}
# Why somebody was away is theirs: it stays out of copies that are passed on without names.
NAMELESS = WHOLE - {"Canarynetwork", "Canarysuspect", "Canaryrestricted", "Canarylone", "Canarynoted"}
AGENDA, NOTES = {"Canarynetwork", "Canarysuspect", "Canarylone"}, {"Canarynotes", "Canarynoted"}
# The other agencies’ copy of an agency has its own actions alone.
POLICE = WHOLE - {"Canarywatch"}
CHILD = {"Canarypassed"}
READERS = ("chair-police", "police", "chair-cs", "coordinator", "health", "coordinator-nw")
Table = dict[str, tuple[set[str] | None, ...]]

# By address, what each of the readers is given; None is 404. The chair of the RMM reads of suspects and was not there;
# of the network nothing is the North West’s, and health works on no network.
DRAFT: Table = {
    "agenda.docx": (AGENDA, AGENDA, AGENDA, {"Canarynetwork"}, None, set()),
    "minutes": (WHOLE | BESIDE, WHOLE | BESIDE, None, OPEN, None, None),
    "minutes.docx": (WHOLE, WHOLE, None, OPEN, None, None),
    "minutes.docx?audience=chair": (WHOLE, None, None, None, None, None),
    "minutes.docx?audience=anonymised": (NAMELESS, NAMELESS, None, NAMELESS & OPEN, None, None),
    "minutes.docx?audience=agency:police": (POLICE, POLICE, None, None, None, None),
    "minutes.docx?audience=agency:childrens-services": (OPEN, None, None, OPEN, None, None),
    "minutes.docx?audience=agency:health": (NOTES, None, None, None, None, None),
    "minutes.docx?audience=child:{child}": (CHILD, CHILD, None, CHILD, None, None),
}

SIGNED: Table = {
    "agenda.docx": DRAFT["agenda.docx"],
    "minutes": (WHOLE | BESIDE | {"Canaryearly"}, WHOLE | BESIDE, WHOLE, OPEN, None, NOTES),
    "minutes.docx": (WHOLE | {"Canaryearly"}, WHOLE, WHOLE, OPEN, None, NOTES),
    "minutes.docx?audience=chair": (WHOLE | {"Canaryearly"}, None, None, None, None, None),
    "minutes.docx?audience=anonymised": (NAMELESS, NAMELESS, NAMELESS, NAMELESS & OPEN, None, NAMELESS & NOTES),
    "minutes.docx?audience=agency:police": (POLICE, POLICE, None, None, None, None),
    "minutes.docx?audience=agency:childrens-services": (OPEN, None, OPEN, OPEN, None, NOTES),
    "minutes.docx?audience=agency:health": (NOTES, None, None, None, None, None),
    "minutes.docx?audience=child:{child}": (CHILD, CHILD, CHILD, CHILD, None, None),
}


@pytest.fixture
def said(session: Session) -> Said:
    return Said(session)


def wrong_in(app: Flask, said: Said, table: Table) -> list[str]:
    said.session.commit()
    child, wrong = said.known.children[0].reference, []
    for place, who in enumerate(READERS):
        reader = browser(app, who)
        for address, holds in table.items():
            expected = holds[place]
            answer = reader.get(f"{said.at}/{address.format(child=child)}")
            if answer.status_code != (404 if expected is None else 200):
                wrong.append(f"{who} {address} is answered {answer.status_code}")
            words = every_word_of(answer.get_data()).lower()
            has = {word for word in EVERY_WORD if word.lower() in words}
            wrong += [f"{who} {address} lacks {word}" for word in sorted((expected or set()) - has)]
            wrong += [f"{who} {address} says {word}" for word in sorted(has - (expected or set()))]
    return wrong


def test_of_a_draft_each_reader_gets_what_is_theirs_and_not_a_word_more(app: Flask, said: Said) -> None:
    assert wrong_in(app, said, DRAFT) == []


def test_of_signed_minutes_each_reader_gets_what_is_theirs_and_not_a_word_more(app: Flask, said: Said) -> None:
    kept.sign(said.session, said.day.chair(), DURING, OFFICE, said.day.first, 1, "Canaryearly.")
    assert wrong_in(app, said, SIGNED) == []


def test_every_copy_says_when_the_meeting_was_opened_and_closed(app: Flask, said: Said) -> None:
    meeting, child = said.day.first, said.known.children[0].reference
    when = when_held(meeting)
    assert re.search(r": opened at [^,]+, closed at [^.]+\. Planned for ", when)
    said.session.commit()
    chair = browser(app, "chair-police")
    copies = ("full", "chair", "anonymised", "agency:police", f"child:{child}")
    for address in ("minutes", *(f"minutes.docx?audience={copy}" for copy in copies)):
        assert when in every_word_of(chair.get(f"{said.at}/{address}").get_data()), address


def test_a_childs_file_names_no_suspect_and_no_other_child(app: Flask, said: Said) -> None:
    said.session.commit()
    child = said.known.children[0].reference
    for who in ("chair-police", "police"):
        file = browser(app, who).get(f"{said.at}/minutes.docx?audience=child:{child}").get_data()
        assert "with [a restricted record] and [a child], [a child], at Pretend Palace takeaway" in every_word_of(file)


def test_a_chair_who_is_kept_from_a_child_reads_the_name_in_no_copy(app: Flask, said: Said) -> None:
    child = said.known.children[1]
    said.session.add(
        ConflictOfInterest(
            account_id=said.day.chair_account.key, child_id=child.key, area_id=child.area_id,
            meeting_id=said.day.first.key, reason="A neighbour, as invented.", declared_at=DURING,
        )
    )  # fmt: skip
    said.session.commit()
    chair, police = browser(app, "chair-police"), browser(app, "police")
    for address in ("minutes", "minutes.docx", "minutes.docx?audience=chair"):
        read = every_word_of(chair.get(f"{said.at}/{address}").get_data())
        assert "Canarypassed" in read, address
        for word in (child.reference, "McSecond"):
            assert word not in read, address
            assert word in every_word_of(police.get(f"{said.at}/minutes.docx").get_data())
