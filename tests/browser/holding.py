"""The second half of the journey on the pages: the meeting is held, its minutes are signed, its actions answered."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.support.documents import words_of
from tests.support.held import assess_before_closing
from tests.support.journey import FIRST_MEETING, MEETING, Installation, in_words
from tests.support.person import Person

DAYS = {"high": 28, "medium": 56, "low": 84}
"""Days to the next review, as the domain has them."""
PASTED = "Pasted from Word:\x0b“the car” – O’Example & <others>, مثال 测试 🙂, Ze\u200bro"
NOTES = "Matters arising & <none>."
HERE = f"/meetings/{MEETING}"


@dataclass
class Decision:
    """What the meeting decides on one item, as it is typed."""

    number: str
    child: str
    before: str | None
    outcome: str
    rating: str
    under_13: bool

    @property
    def rationale(self) -> str:
        """Words that stand nowhere else."""
        return f"Rationale of item {self.number}. {PASTED}"

    @property
    def said(self) -> list[str]:
        """Every text of this decision, as it has to stand in the minutes."""
        first = f"Missing at item {self.number}." if self.outcome == "deferred" else self.rationale
        closing = [f"Good practice at {self.number}.", f"View at {self.number}.", f"Parents at {self.number}."]
        said = [f"Discussion of {self.number}. {PASTED}", first, *(closing if self.outcome == "closed" else [])]
        return [" ".join(text.split()) for text in said]


def hold_and_close(place: Installation, people: dict[str, Person]) -> list[Decision]:
    """Open the meeting, record who is there, decide every item and close; gives what was decided."""
    chair = people["chair-cs"]
    decisions = planned(place)
    the_meeting_opens(chair)
    for number, decision in enumerate(decisions):
        if decision.outcome == "closed":
            assess_before_closing(place, decision.child)
        decide(chair, decision, pictured=number == 0)
        if number == 2:
            chair.visit(f"{HERE}/close")
            chair.picture("close_refused")
            assert chair.page.locator("h1").inner_text() == "The meeting cannot be closed yet"
    give_actions(chair, decisions)
    chair.visit(f"{HERE}/record")
    chair.fill(notes=NOTES)
    chair.press("Save the notes")
    chair.picture("record_decided")
    chair.visit(f"{HERE}/close")
    chair.picture("close")
    chair.press("Close the meeting")
    chair.picture("minutes_draft")
    both_sign_the_closure(people, decisions)
    return decisions


def planned(place: Installation) -> list[Decision]:
    """Plan a decision for each item: every rating, one deferral, one closure, steps up and down."""
    agenda = json.loads(place.run("agenda", MEETING, "--json").stdout)
    born = {
        entry["child"]: entry["date_of_birth"] for entry in json.loads(place.run("list", "--json").stdout)["entries"]
    }
    new = iter(["high", "medium", "low", "none", "deferred"])
    decisions: list[Decision] = []
    for item in (item for section in agenda["sections"] for item in section["items"]):
        before, child = item["rating"], item["child"]
        under = child in born and _birthday(date.fromisoformat(born[child]), 13) > FIRST_MEETING
        outcome, rating = "rated", {"high": "medium", "medium": "high", "low": "low"}.get(before or "", "")
        if before is None:
            rating = next(new)
            outcome = "deferred" if rating == "deferred" else "rated"
        elif before == "low" and not under and not any(one.outcome == "closed" for one in decisions):
            outcome = "closed"
        decisions.append(Decision(item["number"], child, before, outcome, rating, under))
    assert {one.outcome for one in decisions} == {"rated", "deferred", "closed"}
    assert {one.rating for one in decisions} >= {"high", "medium", "low", "none"}
    return decisions


def _birthday(born: date, age: int) -> date:
    return born.replace(year=born.year + age)


def the_meeting_opens(chair: Person) -> None:
    chair.visit(f"{HERE}/record")
    chair.picture("record_before")
    chair.press("The statement was read: open the meeting", 400)
    chair.fill(read_by="Testy O’Chair")
    chair.press("The statement was read: open the meeting")
    chair.picture("attendance")
    ways = {"Testy O’Chair": "Present", "Sample Chairson": "Present", "Pretend Sergeant": "Present",
            "Fictional Nurse": "Present", "Invented Teacher": "Apologies"}  # fmt: skip
    for name, way in ways.items():
        chair.page.get_by_label(name, exact=True).select_option(label=way)
    chair.press("Save attendance")
    chair.visit(f"{HERE}/attendance")
    chair.fill(agency="Education", name="Zoë Guestová", presence="Report only")
    chair.press("Add")
    chair.visit(f"{HERE}/record")
    words = chair.words()
    assert "Read by Testy O’Chair" in words
    assert "Invented Teacher, Education: Apologies" in words
    assert "Zoë Guestová, Education: Report only" in words
    chair.picture("record_open")


def decide(chair: Person, one: Decision, *, pictured: bool) -> None:
    """Fill the form of an item in and save it; the first time also wrongly, to see that what was typed is kept."""
    chair.visit(f"{HERE}/items/{one.number}")
    save = f"Save item {one.number}"
    if pictured:
        chair.picture("item")
        # What is typed goes before the form, and a character that cannot be kept is said beside its box.
        chair.fill(discussion="Bell \x07")
        chair.page.get_by_role("button", name=save, exact=True).first.click()
        chair.page.get_by_text("U+0007").first.wait_for()
    chair.fill(discussion=f"Discussion of {one.number}. {PASTED}")
    chair.choose(outcome=one.outcome)
    if one.outcome == "deferred":
        chair.fill(deferred_reason=f"Missing at item {one.number}.", information_agency="Police")
    else:
        chair.fill(rationale=one.rationale)
        if one.outcome == "rated":
            chair.choose(rating=one.rating, exploitation_status="suspected")
        if pictured:
            assert one.rating == "high"
            chair.press(save, 400)
            chair.picture("item_refused")
            assert "Choose the lead agency" in chair.words()
        if one.rating in ("high", "medium"):
            chair.fill(lead_agency="Children’s Services")
        answer_the_floor(chair, one)
    if one.outcome == "closed":
        chair.choose(
            no_onward_need="y", section_47="no", seen_since_review="yes", non_engagement_only="no",
            live_investigation="no", agency_dissents="no",
        )  # fmt: skip
        chair.fill(
            good_practice=f"Good practice at {one.number}.", child_view=f"View at {one.number}.",
            parents_view=f"Parents at {one.number}.",
        )  # fmt: skip
    chair.press(save)
    assert f"Item {one.number} is saved" in chair.words()


def answer_the_floor(chair: Person, one: Decision) -> None:
    """Answer "do behaviours indicate involvement in CSE?" where the item asks it."""
    if chair.page.locator("[name=behaviours_indicate]").count():
        chair.choose(behaviours_indicate="yes" if one.rating in ("high", "medium") else "no")
        chair.fill(behaviours_reason="Invented reasons.")


def give_actions(chair: Person, decisions: list[Decision]) -> None:
    """Give the police two actions on the first item."""
    chair.visit(f"{HERE}/items/{decisions[0].number}")
    for what, due in (
        ("Visit the car park & report <all>", "15/12/2026"),
        ("Speak to the night bus company", "8/12/2026"),
    ):
        chair.fill(what=what, owner="Pretend Sergeant", due_on=due)
        chair.press("Add the action")
    chair.picture("item_decided")


def both_sign_the_closure(people: dict[str, Person], decisions: list[Decision]) -> None:
    """One chair of each chairing agency signs; neither can sign twice."""
    closed = next(one.child for one in decisions if one.outcome == "closed")
    for who in ("chair-cs", "chair-fs"):
        person = people[who].visit("/closures")
        person.picture(f"closures_{who}")
        assert closed in person.words()
        person.press(f"Sign the closure of {closed}")
    assert "the child is off the list" in people["chair-fs"].words()


def what_came_of_it(place: Installation, people: dict[str, Person], decisions: list[Decision]) -> None:
    """Everything decided stands in the minutes, on the list and at the police."""
    the_minutes_hold_it_all(place.folder, people, decisions)
    the_list_is_as_decided(place, people["coordinator"], decisions)
    the_police_answer(people["police"])
    people["coordinator"].visit("/").picture("home_coordinator")
    people["chair-cs"].visit("/").picture("home_chair")


def the_minutes_hold_it_all(folder: Path, people: dict[str, Person], decisions: list[Decision]) -> None:
    draft = words_of(people["chair-cs"].download(f"{HERE}/minutes.docx"))
    assert "DRAFT" in draft
    assert "This draft was not issued yet" in people["chair-cs"].visit(f"{HERE}/minutes").words()
    people["coordinator"].visit(f"{HERE}/minutes/issue").press("Issue the draft")
    people["chair-cs"].visit(f"{HERE}/minutes").fill(despite="Nobody has more to say.")
    people["chair-cs"].press("Sign version 1")
    people["chair-fs"].visit(f"{HERE}/minutes").press("Sign version 1")
    people["chair-fs"].picture("minutes_signed")
    signed = people["coordinator"].download(f"{HERE}/minutes.docx")
    text = words_of(signed)
    assert "DRAFT" not in text
    shown = people["coordinator"].visit(f"{HERE}/minutes").words()
    for one in decisions:
        for said in one.said:
            assert said in text, (one.number, said)
            assert said in draft
            assert said in shown
        assert one.child in text
    for said in ("Visit the car park & report <all>", "Speak to the night bus company", NOTES, "Zoë Guestová"):
        assert said in text
    (folder / "minutes.docx").write_bytes(signed)
    printed = as_pdf_text(folder / "minutes.docx")
    assert "OFFICIAL-SENSITIVE" in printed
    assert re.search(r"Page 2 of \d+", printed)
    for one in decisions:
        assert one.child in printed
        assert f"item {one.number}." in printed


def as_pdf_text(document: Path) -> str:
    """Turn a Word file into a PDF with LibreOffice, and read the PDF's text."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    assert office, "LibreOffice is missing: install it (apt-get install libreoffice-writer-nogui)"
    assert reader, "pdftotext is missing: install it (apt-get install poppler-utils)"
    profile = f"-env:UserInstallation={(document.parent / 'profile').as_uri()}"
    convert = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(document.parent), str(document)]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)
    pdf = str(document.with_suffix(".pdf"))
    done = subprocess.run([reader, "-layout", pdf, "-"], check=True, capture_output=True, text=True)
    return " ".join(done.stdout.split())


def the_list_is_as_decided(place: Installation, coordinator: Person, decisions: list[Decision]) -> None:
    listed: dict[str, Any] = {
        entry["child"]: entry for entry in json.loads(place.run("list", "--json").stdout)["entries"]
    }
    for one in decisions:
        if one.outcome == "closed" or one.rating == "none" or (one.outcome == "deferred" and one.before is None):
            assert one.child not in listed
        elif one.outcome == "rated":
            review = FIRST_MEETING + timedelta(days=DAYS[one.rating])
            entry = listed[one.child]
            assert (entry["rating"], entry["next_review"]) == (one.rating, review.isoformat())
            assert entry["next_meeting"]
            assert not entry["provisional"]
    first = decisions[0]
    coordinator.visit(f"/children/{first.child}")
    coordinator.picture("child")
    words = coordinator.words()
    assert " ".join(first.rationale.split()) in words
    assert in_words(FIRST_MEETING + timedelta(days=28)) in words
    coordinator.visit("/list?area=NE").picture("list_after")
    deferred = next(one.child for one in decisions if one.outcome == "deferred")
    following = json.loads(place.run("agenda", "RMM-NE-2026-W50", "--json").stdout)
    reasons = {
        reason["code"]
        for section in following["sections"] for item in section["items"] if item["child"] == deferred
        for reason in item["reasons"]
    }  # fmt: skip
    assert "carried_over" in reasons


def the_police_answer(police: Person) -> None:
    """The representative finds both actions from the first page, and answers them."""
    police.visit("/")
    police.picture("home_police")
    police.visit("/actions")
    police.picture("actions_police")
    assert "Visit the car park & report <all>" in police.words()
    police.page.get_by_role("link", name="Visit the car park").click()
    police.check()
    police.press("Save", 400)
    police.picture("action")
    police.choose(kind="done")
    police.fill(text="Visited; the owner put up lights & <cameras>.")
    police.press("Save")
    assert "put up lights & <cameras>" in police.words()
    police.visit("/actions")
    police.page.get_by_role("link", name="Speak to the night bus company").first.click()
    police.choose(kind="new_date")
    police.fill(due_on="16/12/2026", text="The manager is away until then.")
    police.press("Save")
    assert in_words(date(2026, 12, 16)) in police.words()
