"""The minutes in Word: every decision word for word, and nothing its reader may not see."""

from dataclasses import replace
from datetime import date
from typing import Any

from meetings_app.documents.facts import (
    ActionRow,
    AgencyActions,
    AgencyInformation,
    Attendance,
    Chair,
    ChildMinutes,
    Closure,
    Decision,
    Line,
    ListChange,
    MinutesFacts,
    Signature,
)
from meetings_app.documents.render import minutes_document
from tests.documents.reading import (
    HEADING,
    TEMPLATES,
    body_text,
    footer_text,
    header_text,
    headings,
    opened,
    rows,
    whole_package,
)

ACTION = ActionRow(
    reference="A-3F7K2",
    child="C-7Q4KD",
    action="Serve a child abduction warning notice\non the adult named",
    agency="Police",
    person="Pol O'Example",
    due=date(2026, 12, 1),
)
DECISION = Decision(
    rating="High",
    was="Medium",
    exploitation_status="Suspected",
    provisional=False,
    lead_agency="Children's Services",
    lead_professional="Leah Example",
    next_review=date(2026, 12, 22),
    next_meeting="RMM-NE-2026-W52",
    further=(Line("Strategy discussion", "Held 23 November 2026."),),
)
CHILD = ChildMinutes(
    number="4.1",
    child="C-7Q4KD",
    name="Testy O'McExample",
    age=15,
    reasons=("Review due 24 November 2026.",),
    attendance_notes=("Ed Example left for this item.",),
    discussion="First line.\n\nThird line & “quoted”\ttabbed.",
    information=(AgencyInformation("Police", "A silver van was seen. Police would have kept medium.", dissents=True),),
    decision=DECISION,
    rationale="Two adults made contact.\nThe plan protects travel.",
    actions=(ACTION,),
)
CLOSURE = Closure(
    rationale="No contact for nine months.",
    good_practice="The nurse saw her weekly.",
    onward_referral="None",
    support_package="Adult services, from 1 December 2026.",
    signatures=(
        Signature("Cara Example", "Children's Services", date(2026, 11, 24)),
        Signature("Fay Example", "Family Services", None),
    ),
)


def minutes_facts(*children: ChildMinutes, **changes: Any) -> MinutesFacts:
    facts = MinutesFacts(
        **HEADING,
        reference="RMM-NE-2026-W48",
        when="Tuesday 24 November 2026, 10:00 to 12:05",
        place="Sample House",
        status="DRAFT – not signed",
        sha256=None,
        chairs=(Chair("Cara Example", "Children's Services"),),
        attendance=(
            Attendance("Health", "Hel Ångström", "By report only"),
            Attendance("Police", "Pol O'Example", "Present"),
        ),
        statement_read=("Read by Cara Example at 10:02.", "Read again at 10:40."),
        quorum="Quorate: Children's Services, Police and Health took part.",
        notes=(Line("Matters arising", "None."),),
        children=children,
        list_changes=(ListChange("C-7Q4KD", None, "From medium to high."),),
        actions_by_agency=(AgencyActions("Police", (ACTION,)),),
        next_meeting="RMM-NE-2026-W49, 1 December 2026.",
    )
    return replace(facts, **changes)


def minutes(*children: ChildMinutes, **changes: Any) -> bytes:
    return minutes_document(minutes_facts(*children, **changes), TEMPLATES / "minutes.docx")


def test_every_part_of_a_decision_is_there_word_for_word() -> None:
    assert rows(minutes(CHILD), "Decision") == [
        ["Risk rating", "High"],
        ["Rating before", "Medium"],
        ["Exploitation status", "Suspected"],
        ["Lead agency", "Children's Services"],
        ["Lead professional", "Leah Example"],
        ["Next review", "22 December 2026, at RMM-NE-2026-W52"],
        ["Strategy discussion", "Held 23 November 2026."],
    ]


def test_a_provisional_first_rating_says_so_and_what_is_missing_is_named() -> None:
    first = replace(DECISION, provisional=True, was=None, lead_agency=None, lead_professional=None, next_review=None)
    table = dict(rows(minutes(replace(CHILD, decision=first)), "Decision"))
    assert table["Risk rating"] == "High, provisional until a quorate meeting confirms it"
    assert table["Rating before"] == "Not rated before"
    assert table["Lead agency"] == "None"
    assert table["Lead professional"] == "Not named yet"


def test_what_was_said_keeps_its_lines_and_tabs() -> None:
    text = body_text(minutes(CHILD))
    for said in (
        "First line.\n\nThird line & “quoted”\ttabbed.",
        "Two adults made contact.\nThe plan protects travel.",
        "Police, which disagrees: A silver van was seen. Police would have kept medium.",
        "Ed Example left for this item.",
        "Review due 24 November 2026.",
    ):
        assert said in text


def test_each_child_is_one_section_under_a_heading() -> None:
    found = headings(minutes(CHILD, replace(CHILD, number="4.2", child="C-M2WPX", name=None, age=None)))
    assert ("Heading 1", "Children considered") in found
    assert ("Heading 2", "4.1 Testy O'McExample (C-7Q4KD), aged 15") in found
    assert ("Heading 2", "4.2 C-M2WPX") in found


def test_actions_stand_with_the_child_and_again_under_their_agency() -> None:
    document = minutes(CHILD)
    what = "Serve a child abduction warning notice\non the adult named"
    assert rows(document, "Actions for this child") == [["A-3F7K2", what, "Police", "Pol O'Example", "1 Dec 2026"]]
    assert rows(document, "Actions of one agency") == [["A-3F7K2", "C-7Q4KD", what, "Pol O'Example", "1 Dec 2026"]]


def test_no_action_is_said_rather_than_left_blank() -> None:
    assert "This copy shows no action about this child." in body_text(minutes(replace(CHILD, actions=())))


def test_a_child_who_was_not_rated_is_said_to_keep_what_was_decided_before() -> None:
    said = "No rating was decided at this item."
    assert said in body_text(minutes(replace(CHILD, decision=None)))
    assert said not in body_text(minutes(CHILD))


def test_what_was_decided_stays_together_on_a_page() -> None:
    table = next(table for table in opened(minutes(CHILD)).tables if table.cell(1, 0).text == "Risk rating")
    held = [
        row.cells[0].text
        for row in table.rows
        if all(p.paragraph_format.keep_with_next for p in row.cells[0].paragraphs)
    ]
    assert held[-5:] == ["Risk rating", "Rating before", "Exploitation status", "Lead agency", "Lead professional"]


def test_a_closure_shows_its_reasons_and_who_has_yet_to_sign() -> None:
    assert rows(minutes(replace(CHILD, closure=CLOSURE)), "Leaving the list") == [
        ["What changed, and the evidence", "No contact for nine months."],
        ["Areas of good practice", "The nurse saw her weekly."],
        ["Onward referral", "None"],
        ["Support as an adult", "Adult services, from 1 December 2026."],
        ["Signed for Children's Services", "Cara Example, 24 November 2026"],
        ["Signed for Family Services", "Fay Example, not signed yet"],
    ]
    assert "Leaving the list" not in body_text(minutes(CHILD))


def test_a_deferred_child_has_the_reason_and_no_decision() -> None:
    waiting = ChildMinutes(number="4.1", child="C-7Q4KD", name=None, age=None, deferred="Deferred to RMM-NE-2026-W49.")
    text = body_text(minutes(waiting))
    assert "Deferred to RMM-NE-2026-W49." in text
    assert "Risk rating" not in text
    assert "This copy shows no action about this child." not in text


def test_a_restricted_section_holds_nothing_of_the_child() -> None:
    hidden = replace(
        CHILD,
        number="4.7",
        child="C-STUB1",
        name="Hidden Stubname",
        discussion="Stubtalk",
        rationale="Stubwhy",
        closure=CLOSURE,
        stub=True,
    )
    document = minutes(hidden)
    assert ("Heading 2", "4.7 Restricted item") in headings(document)
    package = whole_package(document)
    for secret in ("C-STUB1", "Stubname", "Stubtalk", "Stubwhy", "Suspected", "silver van", "nine months"):
        assert secret not in package


def test_attendance_quorum_and_statement_are_recorded() -> None:
    document = minutes(CHILD)
    assert rows(document, "Attendance") == [
        ["Health", "Hel Ångström", "By report only"],
        ["Police", "Pol O'Example", "Present"],
    ]
    text = body_text(document)
    assert "Quorate: Children's Services, Police and Health took part." in text
    assert "Read by Cara Example at 10:02." in text
    assert "Read again at 10:40." in text
    assert "Not recorded as read." in body_text(minutes(CHILD, statement_read=()))


def test_draft_stands_on_every_page_until_signed() -> None:
    assert "DRAFT – not signed" in header_text(minutes(CHILD))
    signed = minutes(CHILD, status="Signed by Cara Example on 2 December 2026", sha256="ab" * 32)
    assert "DRAFT" not in whole_package(signed)
    assert "Signed by Cara Example on 2 December 2026" in header_text(signed)
    assert "ab" * 32 in body_text(signed)
    assert "SHA-256" not in body_text(minutes(CHILD))


def test_the_copy_says_whose_it_is() -> None:
    document = minutes(CHILD, reader="Copy for Police")
    assert "Copy for Police · version 2" in footer_text(document)
    assert "Copy for Police, version 2" in body_text(document)


def test_the_end_has_list_changes_next_meeting_and_signatures() -> None:
    document = minutes(CHILD, signatures=CLOSURE.signatures)
    assert rows(document, "Changes to the list") == [["C-7Q4KD", "", "From medium to high."]]
    assert "RMM-NE-2026-W49, 1 December 2026." in body_text(document)
    assert rows(document, "Signatures") == [
        ["Children's Services", "Cara Example", "24 November 2026"],
        ["Family Services", "Fay Example", "Not signed yet"],
    ]
    empty = body_text(minutes(CHILD, list_changes=(), actions_by_agency=()))
    assert "This copy shows no change to the list." in empty, (
        "true of a copy for one agency too, whatever the meeting did"
    )
    assert "This copy shows no action." in empty


def test_properties_hold_no_child() -> None:
    properties = opened(minutes(CHILD)).core_properties
    assert properties.title == "Minutes RMM-NE-2026-W48"
    assert "McExample" not in " ".join(
        str(getattr(properties, name)) for name in dir(properties) if not name.startswith("_")
    )
