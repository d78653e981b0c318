"""The Word file of every audience, read back: what it must hold, and what it must not, by the reader's role.

Each child has words of its own in every place where words stand, so that a trace of one in the wrong copy is found.
"""

import re
from datetime import date

import pytest
from sqlalchemy.orm import Session

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.actions.service import propose
from meetings_app.errors import DomainError
from meetings_app.meetings.agency_views import record_view
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.meetings.minutes_word import Audience, minutes_word
from meetings_app.meetings.notes import write_notes
from meetings_app.minutes.editing import make_version, save_text
from meetings_app.minutes.signing import reopen, sign_minutes
from meetings_app.preparing.rules import Answer, Attendance, Attending, Information
from meetings_app.preparing.service import send, send_attendance
from meetings_app.ratings.models import RiskRating
from meetings_app.resources import folder
from tests.support.children import agency_id
from tests.support.documents import every_word_of
from tests.support.issued import long_issued
from tests.support.rmm import OFFICE, due, rated, referred, rmm
from tests.support.world import NOW

STAYS = {
    "name": "Canarystays", "text": "Stayingtext", "reason": "Stayingreason", "view": "Stayingview",
    "school": "Canaryschool Academy", "born": "14 February 2011", "place": "Canaryplace",
}  # fmt: skip
GOES = {"name": "Canarygoes", "text": "Goingtext", "reason": "Goingreason", "view": "Goingview"}
"""`stays` is on the list, with an action for the police and one for health; `goes` was found at no risk."""


class Held:
    """The minutes of one meeting, signed and amended, with what to look for."""

    def __init__(self, session: Session) -> None:
        self.day = day = rmm(session)
        self.session = session
        self.stays = due(
            session, name="Canarystays McExample", school_name="Canaryschool Academy", born=date(2011, 2, 14)
        )  # fmt: skip
        self.goes = referred(session, name="Canarygoes McExample")
        police, word = day.act("police"), Information(Answer.RELEVANT, "Canaryintelligence.", source="A log.")
        send(session, police, NOW, day.meeting, self.stays.key, word)
        send_attendance(session, police, NOW, day.meeting, Attendance(Attending.APOLOGIES, None, "Canaryupdate."), ())
        day.operator()
        day.open()
        for child, said, rating in (
            (self.stays, STAYS, RiskRating.HIGH), (self.goes, GOES, RiskRating.NONE)
        ):  # fmt: skip
            decided = rated(session, rating, discussion=f"Recorded, {said['name']}.", rationale=f"{said['reason']}.")
            day.decide(child, decided)
            item, health = day.item(child), agency_id(session, "health")
            record_view(session, day.act("chair_cs"), NOW, day.meeting, item, health, said["view"], dissents=False)
        for who in ("police", "health"):
            person = getattr(day.world, who)
            propose(
                session, day.act("chair_cs"), NOW, day.meeting, self.stays, f"Action{who}", person.agency_id,
                person.key, date(2026, 12, 4),
            )  # fmt: skip
        notes = f"Notesofall: {STAYS['name']} and {GOES['name']}, {self.goes.reference}, are friends."
        write_notes(session, day.act("chair_cs"), NOW, day.meeting, day.meeting.version, notes)
        close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
        about = f"a friend of {GOES['name']}, of {STAYS['school']}, born {STAYS['born']}, seen at {STAYS['place']}"
        self.edit(self.stays, f"{STAYS['text']} about {STAYS['name']}, {about} ({self.goes.reference}).")
        self.edit(self.goes, f"{GOES['text']} about {GOES['name']}.")
        make_version(session, day.act("coordinator"), NOW, day.meeting)

    def edit(self, child: object, text: str, opened_at: int = 0) -> None:
        number = self.number(child)
        save_text(self.session, self.day.act("coordinator"), NOW, self.day.meeting, number, opened_at, text)

    def number(self, child: object) -> str:
        self.day.operator()
        minutes = latest_minutes(self.session, self.day.meeting.key)
        assert minutes is not None
        return next(str(item["number"]) for item in minutes.facts["items"] if item["child_id"] == child.key)  # type: ignore[attr-defined]

    def sign(self, number: int) -> None:
        long_issued(self.session, self.day.meeting, number)
        for chair in ("chair_cs", "chair_fs"):
            sign_minutes(self.session, self.day.act(chair), NOW, OFFICE, self.day.meeting, number)

    def come_to(self, state: str) -> None:
        """Let both chairs sign, then one of them declare a conflict of interest."""
        if state == "signed":
            self.sign(2)
        if state == "apart":
            self.day.operator()
            self.session.add(
                ConflictOfInterest(
                    account_id=self.day.world.chair_cs.key, child_id=self.stays.key, area_id=self.stays.area_id,
                    meeting_id=self.day.meeting.key, reason="A neighbour, as invented.", declared_at=NOW,
                )
            )  # fmt: skip
            self.session.flush()

    def copy(self, who: str, audience: str) -> str:
        """Give every word of a Word file, with those of its headers, footers and properties."""
        by = self.day.act(who)
        minutes = latest_minutes(self.session, self.day.meeting.key)
        assert minutes is not None
        content = minutes_word(
            self.session, by, NOW, OFFICE, self.day.meeting, minutes, Audience.read(audience), marking="TEST",
            template=folder("agendas") / "word/minutes.docx",
        )  # fmt: skip
        return every_word_of(content)


ALL_STAYS, ALL_GOES = set(STAYS.values()), set(GOES.values())
IDENTIFYING = {"Canarystays", "Canarygoes", STAYS["school"], STAYS["born"]}
WITHOUT_NAMES = (ALL_STAYS | ALL_GOES) - IDENTIFYING
ACTIONS, NOTES = {"Actionpolice", "Actionhealth"}, {"Notesofall"}
# What the police sent before the meeting is for who heard it and for themselves, and in no copy that goes on.
BEFORE = {"Canaryintelligence", "Canaryupdate"}
EVERY_WORD = WHOLE = ALL_STAYS | ALL_GOES | ACTIONS | NOTES | BEFORE

# By state, reader and audience: every word that the copy holds of those that there are. It holds none of the others.
HOLDS: dict[tuple[str, str, str], set[str]] = {
    ("closed", "coordinator", "full"): WHOLE, ("closed", "chair_cs", "chair"): WHOLE,
    ("closed", "coordinator", "anonymised"): WITHOUT_NAMES | ACTIONS | NOTES,
    # What health told is not for the colleagues of the police who were not in the room.
    ("closed", "coordinator", "agency:police"): (ALL_STAYS - {"Stayingview"}) | {"Actionpolice"} | NOTES | BEFORE,
    ("closed", "coordinator", "agency:health"): ALL_STAYS | {"Actionhealth"} | NOTES,
    ("closed", "coordinator", "agency:education"): NOTES,
    ("closed", "coordinator", "child:stays"): ALL_STAYS | ACTIONS, ("closed", "coordinator", "child:goes"): ALL_GOES,
    ("closed", "police", "full"): WHOLE, ("closed", "police", "child:goes"): ALL_GOES,
    # Once the minutes are signed, a representative sees the children on the list and no others.
    ("signed", "coordinator", "full"): WHOLE, ("signed", "chair_fs", "child:goes"): ALL_GOES,
    ("signed", "police", "full"): ALL_STAYS | ACTIONS | NOTES | {"Canaryintelligence"},
    ("signed", "police", "anonymised"): (ALL_STAYS - IDENTIFYING) | ACTIONS | NOTES,
    ("signed", "police", "agency:police"): (ALL_STAYS - {"Stayingview"})
    | {"Actionpolice", "Canaryintelligence"} | NOTES,
    ("signed", "police", "child:stays"): ALL_STAYS | ACTIONS,
    # A chair who declared a conflict of interest about the one reads the other, and no trace of the one.
    ("apart", "chair_cs", "full"): ALL_GOES | NOTES, ("apart", "chair_cs", "chair"): ALL_GOES | NOTES,
    ("apart", "chair_cs", "anonymised"): (ALL_GOES - IDENTIFYING) | NOTES,
    ("apart", "chair_cs", "agency:police"): NOTES, ("apart", "chair_fs", "chair"): WHOLE,
}  # fmt: skip

REFUSED = [
    ("apart", "chair_cs", "child:stays"),
    ("closed", "police", "chair"), ("signed", "health", "chair"), ("signed", "police", "child:goes"),
    ("closed", "coordinator", "agency:nobody"), ("closed", "police", "agency:health"),
]  # fmt: skip


@pytest.fixture
def held(session: Session) -> Held:
    return Held(session)


def audience_in(held: Held, audience: str) -> str:
    children = {"child:stays": held.stays, "child:goes": held.goes}
    return f"child:{children[audience].reference}" if audience in children else audience


def test_each_copy_holds_what_its_reader_may_read_and_not_a_word_more(held: Held) -> None:
    wrong = []
    for state in ("closed", "signed", "apart"):
        held.come_to(state)
        for (when, who, audience), holds in HOLDS.items():
            if when == state:
                said = held.copy(who, audience_in(held, audience))
                wrong += [f"{state} {who} {audience} lacks {word}" for word in holds if word not in said]
                wrong += [f"{state} {who} {audience} says {word}" for word in EVERY_WORD - holds if word in said]
    assert wrong == []


def test_a_copy_that_is_not_for_its_reader_is_refused(held: Held) -> None:
    for state in ("closed", "signed", "apart"):
        held.come_to(state)
        for when, who, audience in REFUSED:
            if when == state:
                with pytest.raises(DomainError):
                    held.copy(who, audience_in(held, audience))


def test_another_area_has_no_copy_at_all(held: Held) -> None:
    held.day.act("coordinator_nw")
    assert latest_minutes(held.session, held.day.meeting.key) is None


def test_a_hidden_item_is_a_numbered_stub(held: Held) -> None:
    held.sign(2)
    said = held.copy("police", "full")
    assert f"{held.number(held.goes)} Restricted item" in said


def test_every_copy_says_its_number_its_version_its_reader_and_the_moment(held: Held) -> None:
    held.sign(2)
    reference = held.stays.reference
    for who, audience, copy in (
        ("coordinator", "full", "Full copy, for Testy McCoordinator"),
        ("chair_cs", "chair", "Chair’s copy, for Testy McChair-Cs"),
        ("police", "agency:police", "Copy for Police, for Testy McPolice"),
        ("coordinator", "anonymised", "Anonymised copy, for Testy McCoordinator"),
        ("chair_fs", f"child:{reference}", f"Extract about {reference}, for Testy McChair-Fs"),
    ):
        said = held.copy(who, audience)
        assert f"{copy}, 23 November 2026, 9am, version 2" in said
        assert held.day.meeting.reference in said


def test_a_copy_without_items_that_its_reader_may_not_see_does_not_call_itself_full(held: Held) -> None:
    held.sign(2)
    held.come_to("apart")
    less = ", without 1 item that its reader may not see, for Testy"
    for who, audience, copy in (
        ("chair_cs", "full", f"Full copy{less} McChair-Cs"), ("chair_cs", "chair", f"Chair’s copy{less} McChair-Cs"),
        ("chair_cs", "anonymised", f"Anonymised copy{less} McChair-Cs"),
        ("police", "full", f"Full copy{less} McPolice"),
        ("chair_fs", "full", "Full copy, for Testy McChair-Fs"),
    ):  # fmt: skip
        assert f"{copy}, 23 November 2026, 9am, version 2" in held.copy(who, audience), (who, audience)


def test_no_copy_gives_the_reference_of_a_child_whose_item_it_does_not_show(held: Held) -> None:
    held.sign(2)
    own, other = f"child:{held.stays.reference}", held.goes.reference
    assert other in held.copy("coordinator", "full")
    for who, audience in (
        ("police", "full"), ("police", "anonymised"), ("police", "agency:police"), ("police", own),
        ("coordinator", own), ("coordinator", "agency:health"),
    ):  # fmt: skip
        said = held.copy(who, audience)
        assert "a friend of [another child]" in said, (who, audience)
        assert other not in said, (who, audience)


def test_the_chairs_copy_says_what_was_recorded_where_the_text_differs(held: Held) -> None:
    assert "As it was recorded in the meeting: Recorded, Canarystays." in held.copy("chair_cs", "chair")
    assert "As it was recorded" not in held.copy("chair_cs", "full")


def test_an_agency_of_which_nothing_was_heard_is_absent_without_apology(held: Held) -> None:
    said = held.copy("coordinator", "full")
    row = re.search(r"Education.{0,40}Nobody.{0,40}Absent without apology", re.sub(r"<[^>]+>", " ", said), re.S)
    assert row, "Education, which was expected, is not said to be absent"


def test_an_amendment_lists_what_it_changes_of_the_items_that_the_reader_may_see(held: Held) -> None:
    held.sign(2)
    reopen(held.session, held.day.act("chair_cs"), NOW, OFFICE, held.day.meeting, "Both texts have a wrong date.")
    held.edit(held.stays, "Stayingamended.", 1)
    held.edit(held.goes, "Goingamended.", 1)
    make_version(held.session, held.day.act("coordinator"), NOW, held.day.meeting)
    full, police = held.copy("coordinator", "full"), held.copy("police", "full")
    assert "version 3, amendment 1 to version 2" in full
    for word in ("Amended: item", "Stayingtext", "Stayingamended"):
        assert word in full
        assert word in police
    for word in ("Goingtext", "Goingamended", "wrong date"):
        assert word not in police
    assert "Goingtext" in full
    child = held.copy("coordinator", f"child:{held.stays.reference}")
    assert "Stayingtext" in child
    assert "Goingamended" not in child


@pytest.mark.parametrize("audience", ["full", "chair", "anonymised", "agency:police", "child:C-7Q4KD"])
def test_the_name_of_a_file_holds_references_only(audience: str) -> None:
    name = Audience.read(audience).file_name("RMM-NE-2026-W48")
    assert re.fullmatch(r"RMM-NE-2026-W48-minutes(-(chair|without-names|police|C-7Q4KD))?", name)
