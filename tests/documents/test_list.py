"""The CSE list in Word: one row a child."""

from datetime import date

from meetings_app.documents.facts import Line, ListFacts, ListRow
from meetings_app.documents.render import list_document
from tests.documents.reading import HEADING, TEMPLATES, body_text, header_text, opened, rows

ROW = ListRow(
    child="C-7Q4KD",
    name="Testy O'McExample",
    born=date(2011, 1, 5),
    age=15,
    area="North East",
    rating="High",
    listed_on=date(2026, 3, 2),
    lead_agency="Children's Services",
    lead_professional="Leah Example",
    next_review=date(2026, 12, 22),
    next_meeting="RMM-NE-2026-W52",
    notes=("12 days overdue", "Provisional"),
)
NAMELESS = ListRow(
    child="C-M2WPX",
    name=None,
    born=None,
    age=None,
    area="North East",
    rating="Low",
    listed_on=date(2026, 3, 2),
    lead_agency=None,
    lead_professional=None,
    next_review=None,
    next_meeting=None,
)


def cse_list(*entries: ListRow) -> bytes:
    facts = ListFacts(
        **(HEADING | {"title": "CSE list"}),
        as_at="on Sunday 22 November 2026",
        totals=(Line("High", "1"), Line("Low", "1")),
        entries=entries,
    )
    return list_document(facts, TEMPLATES / "list.docx")


def test_each_child_is_a_row_with_what_is_overdue_in_words() -> None:
    assert rows(cse_list(ROW, NAMELESS), "Children on the list") == [
        [
            "C-7Q4KD",
            "Testy O'McExample",
            "5 Jan 2011\n(aged 15)",
            "North East",
            "High\n12 days overdue\nProvisional",
            "2 Mar 2026",
            "Children's Services",
            "Leah Example",
            "22 Dec 2026\nRMM-NE-2026-W52",
        ],
        ["C-M2WPX", "", "", "North East", "Low\n", "2 Mar 2026", "", "", ""],
    ]


def test_it_says_when_it_stood_so_and_the_totals() -> None:
    text = body_text(cse_list(ROW))
    assert "North East, as it stood on Sunday 22 November 2026" in text
    assert "High: 1 · Low: 1" in text


def test_an_empty_list_says_so() -> None:
    document = cse_list()
    assert "No child is on the list." in body_text(document)
    assert opened(document).tables == []


def test_it_is_landscape_and_marked() -> None:
    section = opened(cse_list(ROW)).sections[0]
    assert section.page_width > section.page_height
    assert "OFFICIAL-SENSITIVE" in header_text(cse_list(ROW))
